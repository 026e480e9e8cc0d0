"""Files from and to real servers."""

import hashlib
import logging
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from techtool.simulator.carrying import Moved, deliver, fetch

IMAGE = bytes(range(256)) * 400
"""Every byte, line ends among them."""


class Web(BaseHTTPRequestHandler):
    """Serves one image to whoever has the password, and takes what is put."""

    put: dict[str, bytes]

    def do_GET(self) -> None:
        if self.headers["Authorization"] != "Basic Y3A6YS9i":  # cp:a/b
            self.send_error(401)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(IMAGE)))
        self.end_headers()
        self.wfile.write(IMAGE[:1000] if self.path == "/cut.bin" else IMAGE)

    def do_PUT(self) -> None:
        self.put[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """It is quiet in tests."""


@pytest.fixture
def web() -> Iterator[str]:
    Web.put = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[str]:
    """pyftpdlib, which like many begins in ASCII mode and translates the ends of lines there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of asyncore, in Python 3.11
        from pyftpdlib.authorizers import DummyAuthorizer
        from pyftpdlib.handlers import FTPHandler
        from pyftpdlib.servers import ThreadedFTPServer

    logging.getLogger("pyftpdlib").setLevel(logging.CRITICAL)
    (tmp_path / "x.bin").write_bytes(IMAGE)
    authorizer = DummyAuthorizer()
    authorizer.add_user("cp", "a/b", str(tmp_path), perm="elrw")
    handler = type("Handler", (FTPHandler,), {"authorizer": authorizer, "auth_failed_timeout": 0})
    server = ThreadedFTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"timeout": 0.01, "handle_exit": False})
    thread.start()
    yield f"127.0.0.1:{server.address[1]}"
    server.close_all()
    thread.join()


def whole(data: bytes) -> Moved:
    return Moved(len(data), hashlib.sha256(data).hexdigest())


def test_http_both_ways(web: str) -> None:
    assert fetch(f"http://cp:a%2Fb@{web}/x.bin") == whole(IMAGE)
    assert deliver(f"http://{web}/in/", "log 1.txt", b"abc") == whole(b"abc")
    assert deliver(f"http://{web}/one", "log.txt", b"de") == whole(b"de")
    assert Web.put == {"/in/log%201.txt": b"abc", "/one": b"de"}


def test_http_that_refuses_or_stops(web: str) -> None:
    assert "401" in (fetch(f"http://{web}/x.bin").why or "")
    page = fetch(f"http://{web}/x.bin", any_answer=True)
    assert page.why is None and 0 < page.size < len(IMAGE), "curl without -f takes that for the file"
    cut = fetch(f"http://cp:a%2Fb@{web}/cut.bin")
    assert (cut.size, cut.why) == (1000, f"{len(IMAGE) - 1000} bytes are missing")


def test_ftp_both_ways(ftp: str, tmp_path: Path) -> None:
    assert fetch(f"ftp://cp:a%2Fb@{ftp}/x.bin") == whole(IMAGE)
    assert deliver(f"ftp://cp:a%2Fb@{ftp}/", "log.txt", b"a\nb") == whole(b"a\nb")
    assert (tmp_path / "log.txt").read_bytes() == b"a\nb"


def test_ftp_in_ascii_mode_is_another_file(ftp: str) -> None:
    moved = fetch(f"ftp://cp:a%2Fb@{ftp}/x.bin", ascii=True)
    assert moved.why is None and moved.size == len(IMAGE) + IMAGE.count(b"\n")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "ftp://127.0.0.1:1/x",
        "sftp://127.0.0.1/x",
        "/tmp/x.bin",
        "",
        "http://",
        "http://[::1/x",
        "http://127.0.0.1:99999/x",
        "ftp://127.0.0.1:1/x\r\nDELE y",
        "file:///etc/passwd",
    ],
)
def test_what_is_no_server_is_said(url: str) -> None:
    assert fetch(url).why
    assert deliver(url, "log", b"x").why


def test_a_login_that_is_refused(ftp: str) -> None:
    assert "530" in (fetch(f"ftp://cp:wrong@{ftp}/x.bin").why or "")
