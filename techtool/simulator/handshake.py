"""How a simulated charger introduces itself: address, subprotocol, headers."""

from __future__ import annotations

import base64
import re
from urllib.parse import quote, urlsplit

from techtool.simulator.effects import Handshake
from techtool.simulator.options import SimulatorOptions

_KEY = re.compile(r"(?:[0-9A-Fa-f]{2}){16,20}")


def handshake(options: SimulatorOptions, password: str | None, probe: bool = False) -> Handshake:
    """The handshake of these options; ``password`` may have been changed over OCPP since."""
    quirks = options.quirks
    version = "1.6" if probe else options.version
    headers: list[tuple[str, str]] = []
    if password is not None:
        pair = options.identity.encode() + b":" + _password(password, options)
        headers.append(("Authorization", "Basic " + base64.b64encode(pair).decode()))
    if "origin-header" in quirks:
        headers.append(("Cache-Control", "no-cache"))
    return Handshake(
        url=_address(options),
        subprotocols=() if "no-subprotocol" in quirks else (f"ocpp{version}",),
        headers=tuple(headers),
        origin="http://127.0.0.1" if "origin-header" in quirks else None,
        answers_pings="no-pong" not in quirks,
        compress="compression" in quirks,
    )


def _password(password: str, options: SimulatorOptions) -> bytes:
    # OCPP-J 1.6 errata 3.10: the key is written as hex digits, the bytes behind them are the password.
    by_standard = options.version == "1.6" and _KEY.fullmatch(password) is not None
    if "basic-text" not in options.quirks and ("basic-hex" in options.quirks or by_standard):
        try:
            return bytes.fromhex(password)
        except ValueError:
            pass  # a later password that is no hex goes as it is
    return password.encode()


def _address(options: SimulatorOptions) -> str:
    parts = urlsplit(options.url)
    scheme = "wss" if "tls-on-plain" in options.quirks else parts.scheme
    base = f"{scheme}://{parts.netloc}"
    path = parts.path.strip("/")
    if "no-identity" in options.quirks:
        return f"{base}/{path}"
    identity = quote(options.identity, safe="")
    if "percent-identity" in options.quirks:
        identity = "".join(f"%{byte:02X}" for byte in options.identity.encode())
    if "identity-url" in options.quirks:
        identity = f"http://{parts.netloc}/{identity}"
    if "extra-path" in options.quirks:
        path = f"{path}/ocpp".lstrip("/")
    whole = f"/{path}/{identity}" if path else f"/{identity}"
    if "double-slash" in options.quirks:
        whole = "/" + whole.replace("/", "//")
    return base + whole
