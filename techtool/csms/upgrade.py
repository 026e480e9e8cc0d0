"""From a request that is let in to an open sans-I/O WebSocket. Pure.

The library gets a request that it cannot refuse; what the charger's own lacked is a finding, not an end.
"""

from __future__ import annotations

from websockets.exceptions import InvalidHeaderFormat
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.headers import parse_extension
from websockets.http11 import Request as WebSocketRequest
from websockets.server import ServerProtocol
from websockets.utils import accept_key

from techtool.csms import frames
from techtool.csms.handshake import Admission
from techtool.csms.requests import Request

MAX_EXTENSIONS = 4096
"""Bytes. The library reads lines up to 8 kB; nobody needs so much."""
_ANY_KEY = "AAAAAAAAAAAAAAAAAAAAAA=="


def upgraded(request: Request, admission: Admission | None) -> ServerProtocol:
    """A WebSocket whose 101 answer is ready to be sent; without an admission it is opened to be closed."""
    websocket = ServerProtocol(max_size=frames.MAX_BYTES + 1024)
    extensions = request.header("sec-websocket-extensions")
    lines = [
        "GET / HTTP/1.1",
        "Connection: Upgrade",
        "Upgrade: websocket",
        f"Sec-WebSocket-Key: {_ANY_KEY}",
        "Sec-WebSocket-Version: 13",
    ]
    if len(extensions) > MAX_EXTENSIONS:
        extensions = ""
    if extensions and _reads(extensions) and admission is not None and admission.protocol != "ocpp1.6":
        # compression is mandatory for a 2.x back office, and unheard of in 1.6
        websocket.available_extensions = [ServerPerMessageDeflateFactory()]
        lines.append(f"Sec-WebSocket-Extensions: {extensions}")
    websocket.receive_data("\r\n".join([*lines, "", ""]).encode("latin-1", "replace"))
    (event,) = websocket.events_received()
    assert isinstance(event, WebSocketRequest)
    response = websocket.accept(event)
    del response.headers["Sec-WebSocket-Accept"]
    response.headers["Sec-WebSocket-Accept"] = accept_key(request.header("sec-websocket-key"))
    if admission is not None and admission.subprotocol:
        response.headers["Sec-WebSocket-Protocol"] = admission.subprotocol
    websocket.send_response(response)
    return websocket


def oddities(request: Request) -> list[str]:
    """What the handshake lacks by RFC 6455."""
    found = list(request.oddities)
    if "upgrade" not in request.header("connection").lower():
        found.append("no Connection: Upgrade")
    if request.header("sec-websocket-version") != "13":
        found.append("no Sec-WebSocket-Version: 13")
    if len(request.header("sec-websocket-key")) != 24:
        found.append("a Sec-WebSocket-Key that is not 16 bytes")
    if not _reads(request.header("sec-websocket-extensions")):
        found.append("extensions that cannot be read")
    return found


def _reads(extensions: str) -> bool:
    if not extensions:
        return True
    try:
        parse_extension(extensions)
    except InvalidHeaderFormat:
        return False
    return extensions.isascii()
