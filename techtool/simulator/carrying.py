"""Files from and to the servers that a back office names: HTTP, HTTPS, FTP and FTPS. An edge; blocking.

Certificates are not looked at, and no proxy is asked: this is a charger on the bench, beside the laptop.
"""

from __future__ import annotations

import ftplib
import hashlib
import http.client
import io
import ssl
from base64 import b64encode
from collections.abc import Callable
from typing import NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, quote, unquote, urlsplit
from urllib.request import HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

TIMEOUT_S = 20.0
"""So long a server may be silent."""
_PIECE = 64 * 1024


class Moved(NamedTuple):
    """What came of it."""

    size: int = 0
    """Bytes that were moved."""
    sha256: str = ""
    """Of these, in hexadecimal."""
    why: str | None = None
    """Why it was not moved as a whole."""


def fetch(url: str, *, ascii: bool = False, any_answer: bool = False) -> Moved:
    """Get a file and forget it; with ``any_answer`` the page of an error is one, too.

    Never raises because of a server or an address.
    """
    return _guarded(lambda tally: _fetch(url, ascii, any_answer, tally))


def deliver(url: str, name: str, data: bytes) -> Moved:
    """Bring a file: PUT over HTTP, STOR over FTP, under its name where the address ends with a slash.

    Never raises because of a server or an address.
    """
    return _guarded(lambda tally: _deliver(url, name, data, tally))


class _Tally:
    """Counts what passes."""

    def __init__(self) -> None:
        self.size, self._hash = 0, hashlib.sha256()

    def add(self, piece: bytes) -> None:
        """This came, or went."""
        self.size += len(piece)
        self._hash.update(piece)

    def moved(self, why: str | None = None) -> Moved:
        """So much so far."""
        return Moved(self.size, self._hash.hexdigest(), why)


def _guarded(move: Callable[[_Tally], None]) -> Moved:
    tally = _Tally()
    try:
        move(tally)
    except HTTPError as error:
        return tally.moved(f"{error.code} {error.reason}")
    except URLError as error:
        return tally.moved(str(error.reason) or "no such server")
    except (OSError, ValueError, EOFError, ftplib.Error, http.client.HTTPException) as error:
        return tally.moved(str(error) or type(error).__name__)
    return tally.moved()


def _fetch(url: str, ascii: bool, any_answer: bool, tally: _Tally) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https"):
        try:
            answer = _opener().open(_request(parts), timeout=TIMEOUT_S)
        except HTTPError as error:
            if not any_answer:
                raise
            answer = error  # as file-like as any answer
        with answer:
            while piece := answer.read(_PIECE):
                tally.add(piece)
            if answer.length:
                raise EOFError(f"{answer.length} bytes are missing")
        return
    with _ftp(parts) as ftp:
        if not ascii:
            ftp.voidcmd("TYPE I")
        with ftp.transfercmd(f"RETR {_path(parts)}") as data:
            while piece := data.recv(_PIECE):
                tally.add(piece)
        ftp.voidresp()


def _deliver(url: str, name: str, data: bytes, tally: _Tally) -> None:
    target = url + quote(name) if url.endswith("/") else url
    parts = urlsplit(target)
    if parts.scheme in ("http", "https"):
        with _opener().open(_request(parts, data), timeout=TIMEOUT_S):
            tally.add(data)
        return
    with _ftp(parts) as ftp:
        ftp.storbinary(f"STOR {_path(parts)}", io.BytesIO(data), callback=tally.add)


def _request(parts: SplitResult, data: bytes | None = None) -> Request:
    """User and password stand in the address, but go into a header (RFC 7617)."""
    host = parts.netloc.rpartition("@")[2]
    request = Request(parts._replace(netloc=host).geturl(), data, method="GET" if data is None else "PUT")
    if data is not None:
        request.add_header("Content-Type", "application/octet-stream")
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", f"Basic {b64encode(pair.encode()).decode()}")
    return request


def _opener() -> OpenerDirector:
    return build_opener(ProxyHandler({}), HTTPSHandler(context=_unchecked()))


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _ftp(parts: SplitResult) -> ftplib.FTP:
    if parts.scheme not in ("ftp", "ftps"):
        raise ValueError(f"this charger does not speak {parts.scheme or 'that'}")
    ftp = ftplib.FTP_TLS(context=_unchecked()) if parts.scheme == "ftps" else ftplib.FTP()
    ftp.connect(parts.hostname or "", parts.port or 21, timeout=TIMEOUT_S)
    try:
        ftp.login(unquote(parts.username or ""), unquote(parts.password or ""))
        if isinstance(ftp, ftplib.FTP_TLS):
            ftp.prot_p()
    except BaseException:
        ftp.close()
        raise
    return ftp


def _path(parts: SplitResult) -> str:
    """RFC 1738 section 3.2.2: below the folder that the login leads to."""
    return unquote(parts.path.removeprefix("/"))
