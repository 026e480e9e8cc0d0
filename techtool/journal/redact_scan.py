"""Finds the names and values in JSON that may be cut at either end, or broken in between.

For whole JSON the result is what a parser would find, with the places in the text, so that values can be
replaced without touching anything else.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[{}\[\]:,]|[^\s\0\ufeff{}\[\]:,"]+', re.DOTALL)
_HEAD = re.compile(r"[\s\0\ufeff]*\[\s*[2-6]\s*,\s*\"")
"""How messages begin."""
_LITERAL = re.compile(r"-?\d[\d.eE+-]*|true|false|null")
_PAIRS = {"]": "[", "}": "{"}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}


@dataclass(slots=True, eq=False)
class Node:
    """An object or array; also the place outside of all of them."""

    opener: str
    name: str | None = None
    """Of the field that it is the value of; an array's elements have the name of the array."""
    parent: Node | None = None
    cut: bool = False
    """Its name is only the end of one."""
    orphan: bool = False
    """Set by the reader of the tree: what it is the value of is missing."""
    label: str | None = None
    """Set by the reader of the tree: everything in here is secret."""
    members: dict[str, str] = field(default_factory=dict)
    """Its text values, by name in lower case."""
    children: dict[str, Node] = field(default_factory=dict)
    key: str | None = None
    """While scanning: the name whose value comes next."""
    doubtful: bool = False
    """While scanning: the name was cut."""


@dataclass(slots=True, eq=False)
class Value:
    """A text, number, word, or something broken, and where it stands."""

    start: int
    end: int
    text: str
    """Decoded."""
    node: Node
    name: str | None
    quoted: bool
    closed: bool
    doubtful: bool
    """Its name may have been cut off."""


@dataclass(slots=True)
class Scan:
    """Everything that was found."""

    values: list[Value] = field(default_factory=list)
    keys: list[Value] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    """In order, parents first."""
    headless: bool = False
    """The beginning is missing."""
    junk: int = 0
    """Words that JSON does not have: many of them say that inside and outside of quotes were confused."""


def scan(text: str, whole: bool) -> tuple[str, Scan]:
    """The text that was scanned, and what is in it.

    Where the beginning is missing the first character may be within a text. Then the text is scanned with
    a quote in front of it, or a quote and a backslash; take them away again.
    """
    found = _scan(text, whole)
    if whole or _HEAD.match(text):
        return text, found
    found.headless = True
    best = text, found
    # The cut may also lie between a backslash and what it stands before.
    for missing in ('"', '"\\') if text.startswith("\\") else ('"',):
        inside = _scan(missing + text, whole, added=True)
        inside.headless = True
        if inside.junk < best[1].junk:
            best = missing + text, inside
    return best


def _scan(text: str, whole: bool, *, added: bool = False) -> Scan:
    found = Scan()
    node = Node("")
    found.nodes.append(node)
    tokens = list(_TOKEN.finditer(text))
    for index, token in enumerate(tokens):
        shown = token[0]
        if shown in ("{", "["):
            name = node.key if node.key is not None else node.name if node.opener == "[" else None
            child = Node(shown, name, node, cut=node.doubtful)
            if name is not None:
                node.children.setdefault(name.lower(), child)
            found.nodes.append(child)
            node = child
        elif shown in ("}", "]"):
            if node.opener == _PAIRS[shown] and node.parent is not None:
                node = node.parent
            else:
                # It closes what began before the text, so what follows lies somewhere else.
                node = Node("")
                found.nodes.append(node)
        elif shown == ",":
            node.key = None
            node.doubtful = False
        elif shown == ":":
            if node.key is None:
                node.key, node.doubtful = "", True
        else:
            _word(found, node, tokens, index, whole, added)
    return found


def _word(found: Scan, node: Node, tokens: list[re.Match[str]], index: int, whole: bool, added: bool) -> None:
    token = tokens[index]
    shown = token[0]
    quoted = shown.startswith('"')
    closed = quoted and len(shown) > 1 and shown.endswith('"') and _ends_open(shown)
    text = decoded(shown[1 : -1 if closed else None]) if quoted else shown
    if not quoted and not _LITERAL.fullmatch(shown):
        found.junk += 1
    is_key = index + 1 < len(tokens) and tokens[index + 1][0] == ":"
    first = index == 0 and not whole and (added or not quoted)
    if is_key:
        node.key = text
        node.doubtful = first
        found.keys.append(Value(token.start(), token.end(), text, node, None, quoted, closed, first))
        return
    name = node.key if node.key is not None else node.name if node.opener == "[" else None
    doubtful = node.doubtful or (name is None and node.opener == "" and not whole)
    found.values.append(Value(token.start(), token.end(), text, node, name, quoted, closed, doubtful))
    if name is not None and not doubtful and (closed or not quoted):
        # A name that is there twice counts with both of its values.
        known = node.members.get(name.lower())
        node.members[name.lower()] = text if known is None else f"{known} {text}"


def _ends_open(shown: str) -> bool:
    """The last quote ends the text, it is no part of it."""
    backslashes = len(shown[1:-1]) - len(shown[1:-1].rstrip("\\"))
    return backslashes % 2 == 0


def decoded(raw: str) -> str:
    """What is between the quotes, with its escapes read; broken ones stay as they are."""
    if "\\" not in raw:
        return raw
    try:
        value = json.loads(f'"{raw}"', strict=False)
    except ValueError:
        return _ESCAPE.sub(_unescaped, raw)
    return value if isinstance(value, str) else raw


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if len(escape) == 5:
        return chr(int(escape[1:], 16))
    return _PLAIN_ESCAPES.get(escape, escape)
