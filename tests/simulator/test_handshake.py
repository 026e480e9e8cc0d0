import base64

from techtool.simulator.effects import Handshake
from techtool.simulator.handshake import handshake
from techtool.simulator.options import SimulatorOptions

KEY = "0123456789abcdef0123456789abcdef"


def shake(
    *quirks: str, identity: str = "RDAM|123", version: str = "1.6", password: str | None = None
) -> Handshake:
    options = SimulatorOptions(
        "ws://127.0.0.1:9000/ocpp/", identity, version, quirks=frozenset(quirks), password=password
    )
    return handshake(options, password)


def basic(found: Handshake) -> bytes:
    return base64.b64decode(dict(found.headers)["Authorization"].removeprefix("Basic "))


def test_by_the_book() -> None:
    found = shake()
    assert found.url == "ws://127.0.0.1:9000/ocpp/RDAM%7C123"
    assert found.subprotocols == ("ocpp1.6",)
    assert (found.headers, found.origin, found.answers_pings) == ((), None, True)
    assert shake(version="2.1").subprotocols == ("ocpp2.1",)


def test_addresses() -> None:
    assert shake("identity-url", identity="CP1").url == "ws://127.0.0.1:9000/ocpp/http://127.0.0.1:9000/CP1"
    assert shake("double-slash", identity="CP1").url == "ws://127.0.0.1:9000///ocpp//CP1"
    assert shake("percent-identity", identity="CP1").url == "ws://127.0.0.1:9000/ocpp/%43%50%31"
    assert shake("no-identity").url == "ws://127.0.0.1:9000/ocpp"


def test_headers() -> None:
    assert shake("no-subprotocol").subprotocols == ()
    browser = shake("origin-header")
    assert browser.origin == "http://127.0.0.1"
    assert ("Cache-Control", "no-cache") in browser.headers
    assert shake("no-pong").answers_pings is False


def test_passwords_are_bytes() -> None:
    assert basic(shake(password="secret")) == b"RDAM|123:secret"
    assert basic(shake(password=KEY)) == b"RDAM|123:" + bytes.fromhex(KEY)
    assert basic(shake("basic-text", password=KEY)) == b"RDAM|123:" + KEY.encode()
    assert basic(shake(password=KEY, version="2.0.1")) == b"RDAM|123:" + KEY.encode()
    assert basic(shake("basic-hex", password=KEY, version="2.0.1")) == b"RDAM|123:" + bytes.fromhex(KEY)
