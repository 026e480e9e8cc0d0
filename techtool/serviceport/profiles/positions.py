"""On which line each key of a TOML file stands: tomllib does not tell. Pure.

This is no second parser. It walks over text that tomllib has accepted, and asks tomllib what a quoted key means;
what it does not understand ends the walk, and the keys after it have the line of the table that they are in.
"""

from __future__ import annotations

import contextlib
import re
import tomllib
from bisect import bisect_right

Path = tuple[str | int, ...]
"""Keys, and numbers of items in lists, from the outside to the inside."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*+")
_SPACE = re.compile(r"[ \t]*+")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""(?:"{1,2})?'
    r"|'''(?:[^']|'(?!''))*+'''(?:'{1,2})?"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]+")


class _NotUnderstoodError(Exception):
    """The walk ends here."""


def positions(text: str) -> dict[Path, int]:
    """The line of every table, key and list item of TOML that is valid; lines count from 1."""
    walk = _Walk(text.replace("\r\n", "\n"))
    with contextlib.suppress(_NotUnderstoodError):
        walk.document()
    return walk.found


def line_of(found: dict[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that has one."""
    while path and path not in found:
        path = path[:-1]
    return found.get(path, 1)


def _unquoted(key: str) -> str:
    try:
        return str(tomllib.loads(f"key = {key}")["key"])
    except tomllib.TOMLDecodeError:
        raise _NotUnderstoodError from None


class _Walk:
    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {}
        self._text = text
        self._at = 0
        self._ends = [match.start() for match in re.finditer("\n", text)]
        self._last: dict[Path, int] = {}
        """The number of the last item of each list of tables."""

    def document(self) -> None:
        prefix: Path = ()
        while self._after_blanks():
            if self._text[self._at] == "[":
                prefix = self._header()
            else:
                self._pair(prefix)

    def _header(self) -> Path:
        begin, depth = self._at, 2 if self._text.startswith("[[", self._at) else 1
        self._at += depth
        path: Path = ()
        for part in self._key():
            if path in self._last:
                path = (*path, self._last[path])
            path = (*path, part)
            self._mark(path, begin)
        if depth == 2:
            self._last[path] = self._last.get(path, -1) + 1
        if path in self._last:
            path = (*path, self._last[path])
        self._mark(path, begin)
        self._expect("]" * depth)
        return path

    def _pair(self, prefix: Path) -> None:
        begin, path = self._at, prefix
        for part in self._key():
            path = (*path, part)
            self._mark(path, begin)
        self._expect("=")
        self._value(path)

    def _key(self) -> list[str]:
        parts: list[str] = []
        while True:
            self._skip(_SPACE)
            bare = _BARE.match(self._text, self._at)
            quoted = None if bare else _STRING.match(self._text, self._at)
            part = bare or quoted
            if part is None:
                raise _NotUnderstoodError
            self._at = part.end()
            parts.append(part[0] if bare else _unquoted(part[0]))
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return parts
            self._at += 1

    def _value(self, path: Path) -> None:
        self._skip(_SPACE)
        opened = self._text[self._at : self._at + 1]
        if opened == "[":
            self._list(path)
        elif opened == "{":
            self._inline(path)
        else:
            match = _STRING.match(self._text, self._at) or _SCALAR.match(self._text, self._at)
            if match is None:
                raise _NotUnderstoodError
            self._at = match.end()

    def _list(self, path: Path) -> None:
        self._at += 1
        number = 0
        while not self._closed("]"):
            self._mark((*path, number), self._at)
            self._value((*path, number))
            number += 1
            self._comma("]")

    def _inline(self, path: Path) -> None:
        self._at += 1
        while not self._closed("}"):
            self._pair(path)
            self._comma("}")

    def _closed(self, end: str) -> bool:
        if not self._after_blanks():
            raise _NotUnderstoodError
        if self._text[self._at] != end:
            return False
        self._at += 1
        return True

    def _comma(self, end: str) -> None:
        if not self._after_blanks():
            raise _NotUnderstoodError
        if self._text[self._at] != end:
            self._expect(",")

    def _expect(self, what: str) -> None:
        self._skip(_SPACE)
        if not self._text.startswith(what, self._at):
            raise _NotUnderstoodError
        self._at += len(what)

    def _after_blanks(self) -> bool:
        """Whether there is more after blanks, line ends and comments."""
        self._skip(_BLANK)
        return self._at < len(self._text)

    def _skip(self, what: re.Pattern[str]) -> None:
        match = what.match(self._text, self._at)
        if match is not None:
            self._at = match.end()

    def _mark(self, path: Path, at: int) -> None:
        """The first line counts: later headers and dotted keys only go through what is there."""
        self.found.setdefault(path, bisect_right(self._ends, at - 1) + 1)
