from __future__ import annotations

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms import clienthello


def hello(name: str | None, highest: ssl.TLSVersion) -> bytes:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.maximum_version = highest
    sending = ssl.MemoryBIO()
    tls = context.wrap_bio(ssl.MemoryBIO(), sending, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return sending.read()


def test_versions_and_name_of_a_real_client() -> None:
    read = clienthello.parse(hello("csms.example.com", ssl.TLSVersion.TLSv1_3))
    assert read is not None
    assert read.versions == ("TLS 1.3", "TLS 1.2") and read.server_name == "csms.example.com"
    assert read.text == "offers TLS 1.3, TLS 1.2, for csms.example.com"


def test_a_client_without_a_name_and_without_13() -> None:
    read = clienthello.parse(hello(None, ssl.TLSVersion.TLSv1_2))
    assert read is not None
    assert read.versions == ("TLS 1.2",) and read.server_name is None


def test_size_tells_how_much_to_wait_for() -> None:
    data = hello("a", ssl.TLSVersion.TLSv1_3)
    assert clienthello.size(data) == len(data)
    assert clienthello.size(data[:3]) is None


def test_a_request_is_no_tls() -> None:
    assert not clienthello.looks_like_tls(b"GET / HTTP/1.1")
    assert not clienthello.looks_like_tls(b"")


WHOLE = hello("csms.example.com", ssl.TLSVersion.TLSv1_3)


@given(st.binary(), st.integers(0, 600))
def test_any_bytes_and_any_cut_are_survived(noise: bytes, cut: int) -> None:
    clienthello.parse(b"\x16\x03\x01" + noise)
    clienthello.parse(WHOLE[:cut])
