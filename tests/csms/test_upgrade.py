from __future__ import annotations

import pytest
from websockets.utils import accept_key

from techtool.csms import requests, upgrade
from techtool.csms.handshake import Admission
from techtool.csms.requests import Request

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HEAD = (
    "GET /CP1 HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\n"
)


def request(more: str = "", head: str = HEAD) -> Request:
    found = requests.read((head + more + "\r\n").encode())
    assert found is not None
    return found


def admission(protocol: str) -> Admission:
    return Admission("CP1", protocol, protocol, (protocol,), "/CP1", None, ())


def answer(wanted: Request, protocol: str = "ocpp1.6") -> str:
    return b"".join(upgrade.upgraded(wanted, admission(protocol)).data_to_send()).decode()


def test_the_answer_fits_the_key_and_names_the_version() -> None:
    said = answer(request())
    assert said.startswith("HTTP/1.1 101 ")
    assert f"Sec-WebSocket-Accept: {accept_key(KEY)}\r\n" in said
    assert "Sec-WebSocket-Protocol: ocpp1.6\r\n" in said
    assert upgrade.oddities(request()) == []


@pytest.mark.parametrize(
    ("more", "protocol", "compressed"),
    [
        ("Sec-WebSocket-Extensions: permessage-deflate\r\n", "ocpp2.0.1", True),
        ("Sec-WebSocket-Extensions: permessage-deflate\r\n", "ocpp1.6", False),
        ("Sec-WebSocket-Extensions: permessage-deflate;\r\n", "ocpp2.0.1", False),
        ("Sec-WebSocket-Extensions:\r\n", "ocpp2.1", False),
        (f"Sec-WebSocket-Extensions: permessage-deflate, {'x' * 4096}\r\n", "ocpp2.1", False),
        ("", "ocpp2.1", False),
    ],
)
def test_compression_is_for_2x_where_it_can_be_read(more: str, protocol: str, compressed: bool) -> None:
    said = answer(request(more), protocol)
    assert said.startswith("HTTP/1.1 101 ")
    assert ("permessage-deflate" in said) is compressed


@pytest.mark.parametrize(
    ("head", "oddity"),
    [
        (HEAD.replace("Sec-WebSocket-Version: 13\r\n", ""), "no Sec-WebSocket-Version: 13"),
        (HEAD.replace("Connection: Upgrade\r\n", ""), "no Connection: Upgrade"),
        (HEAD.replace(KEY, "short"), "a Sec-WebSocket-Key that is not 16 bytes"),
        (HEAD.replace("/CP1", "/CP 1"), "a path that is not percent-encoded"),
        (HEAD.replace("/CP1", "/Säule"), "a path that is not percent-encoded"),
        (HEAD.replace("HTTP/1.1", "HTTP/1.0"), "HTTP/1.0 instead of HTTP/1.1"),
        (HEAD.replace("Upgrade: w", "Upgrade : w"), "a space before a colon"),
        (HEAD + "X: a\r\n b\r\n", "folded header lines"),
    ],
)
def test_what_strict_servers_refuse_is_let_in_and_said(head: str, oddity: str) -> None:
    assert oddity in upgrade.oddities(request(head=head))
    assert answer(request(head=head)).startswith("HTTP/1.1 101 ")


def test_a_request_for_nothing_has_no_path() -> None:
    wanted = request(head=HEAD.replace("GET /CP1 ", "GET  "))
    assert (wanted.path, wanted.version) == ("", "1.1")
    assert request(head=HEAD.replace("/CP1 ", "/HTTP/1.1 ")).path == "/HTTP/1.1"


def test_a_path_of_many_blanks_is_read_at_once() -> None:
    assert request(head=HEAD.replace("/CP1", f"/{' ' * 30_000}x")).path.endswith("%20x")


@pytest.mark.parametrize(
    ("path", "encoded"), [("/CP 1", "/CP%201"), ("/Säule", "/S%C3%A4ule"), ("/a%20b", "/a%20b")]
)
def test_paths_are_encoded_once(path: str, encoded: str) -> None:
    assert request(head=HEAD.replace("/CP1", path)).path == encoded
