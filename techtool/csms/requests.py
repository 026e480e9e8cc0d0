"""The head of an HTTP request as chargers write it, read tolerantly. Pure.

Folded lines, spaces before the colon, raw UTF-8 or spaces in the path: none of it keeps a charger out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

MAX_HEAD = 32_768
"""Bytes; a longer request is no charger's."""

_END = re.compile(rb"\r?\n\r?\n")
_METHOD = re.compile(rb"[A-Za-z]{0,16}( |$)")
_NAME = re.compile(r"[A-Za-z]{1,16}")
_VERSION = re.compile(r"HTTP/(\d\.\d)")
_FOLD = re.compile(r"\r?\n[ \t]+")


class Request(NamedTuple):
    """What was asked."""

    method: str
    path: str
    """Percent-encoded where it was not."""
    version: str
    headers: Mapping[str, Sequence[str]]
    """By lower-case name."""
    oddities: tuple[str, ...]
    """What strict servers would refuse, in words."""

    def header(self, name: str) -> str:
        """The first value of a header; empty where there is none."""
        return next(iter(self.headers.get(name, ())), "")

    @property
    def wants_websocket(self) -> bool:
        """It asks for the upgrade."""
        return "websocket" in self.header("upgrade").lower()

    @property
    def is_soap(self) -> bool:
        """It is a message of OCPP 1.2, 1.5 or 1.6S, which are XML over HTTP."""
        types = self.header("content-type").lower()
        return self.method == "POST" and ("soapaction" in self.headers or "soap" in types or "xml" in types)


def may_be_http(head: bytes) -> bool:
    """Whether the first bytes can become an HTTP request."""
    return _METHOD.match(head[:17].split(b"\r")[0].split(b"\n")[0]) is not None


def end_of_head(head: bytes | bytearray, looked: int) -> int | None:
    """Where the head ends; None while it does not. ``looked`` bytes were looked at before."""
    found = _END.search(head, max(0, looked - 3))
    return found.end() if found else None


def read(head: bytes) -> Request | None:
    """A whole head; None where the first line is no request."""
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    oddities = []
    if _FOLD.search(text):
        oddities.append("folded header lines")
        text = _FOLD.sub(" ", text)
    first, *lines = re.split(r"\r?\n", text.strip("\r\n"))
    method, space, rest = first.partition(" ")
    if not space or _NAME.fullmatch(method) is None:
        return None
    wanted, version = _path(rest)
    path = quote(wanted, safe="/:?#[]@!$&'()*+,;=%-._~|\"<>\\^`{}")
    if path != wanted:
        oddities.append("a path that is not percent-encoded")
    if version != "1.1":
        oddities.append(f"HTTP/{version or 'nothing'} instead of HTTP/1.1")
    headers: dict[str, list[str]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            oddities.append("a header line without a colon")
            continue
        if name != name.strip():
            oddities.append("a space before a colon")
        headers.setdefault(name.strip().lower(), []).append(value.strip())
    return Request(method, path, version, headers, tuple(dict.fromkeys(oddities)))


def _path(rest: str) -> tuple[str, str]:
    """What stands behind the method: the path, which may have spaces, and the version; either may be missing."""
    path, _, last = rest.strip(" ").rpartition(" ")
    found = _VERSION.fullmatch(last)
    return (rest.strip(" "), "") if found is None else (path.rstrip(" "), found[1])
