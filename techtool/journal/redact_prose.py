"""Secrets in sentences that people write: "the PIN is 1234", "Wifi key: geheim", "idTag 04A1B2C3"."""

from __future__ import annotations

import re
from collections.abc import Callable

from techtool.journal.pseudonyms import SHORTEST, USER, WORDS
from techtool.journal.redact_names import is_no_secret, label_of

_LINK = "is|was|are|ist|war|lautet|now|jetzt|still|noch|set|changed|to|auf|von|from"
_SENTENCE = re.compile(
    rf"(?<![\w-])(?P<name>(?!(?:{_LINK})\b)[^\W\d_][\w-]{{1,40}})"
    rf"(?P<link>(?: (?:{_LINK})\b){{1,4}} ?[:=]? ?| ?[:=] ?| )"
    r"[\"'`„“‚‘«»(]{0,2}(?P<value>[^\s,;&{}\[\]\"'`“”‘’«»\\]{1,500})",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"[^\W\d_]\w{0,30} \Z")
_END = re.compile(r"[.:)…]{1,9}\Z")
"""Not an exclamation mark: passwords end like that, too."""
_TOLD = frozenset({"password", "secret", "idTag", "iccid", "imsi"})
"""What stands right behind such a name is its value if it has a digit: "PIN 1234"."""
_FILLERS = WORDS | {
    *("a", "an", "and", "as", "at", "for", "from", "in", "it", "no", "not", "now", "of", "on", "or", "so"),
    *("than", "that", "the", "then", "this", "to", "too", "very", "with", "yet", "also", "again", "already", "by"),
    *("bad", "changed", "correct", "default", "denied", "different", "empty", "fine", "good", "known", "missing"),
    *("needed", "new", "ok", "old", "refused", "required", "reset", "right", "same", "set", "short", "valid"),
    *("wrong", "still", "basic", "bearer", "digest", "negotiate"),
    *("aber", "alt", "am", "auch", "auf", "das", "dem", "den", "der", "die", "ein", "eine", "falsch", "fehlt"),
    *("gesetzt", "gleich", "im", "jetzt", "kein", "keine", "leer", "neu", "nicht", "noch", "richtig", "schon"),
    *("und", "unbekannt", "von", "zu", "zum"),
}
"""What follows "the password is" where the password is not told."""


def said(text: str, secret: Callable[[str, str], str], name: Callable[[str, str], str]) -> str:
    """Text with what its sentences tell replaced by ``secret(value, label)``.

    A plain word is only replaced here, by ``name(value, label)``: it may be one that stands everywhere.
    """
    at, parts = 0, []
    while (found := _SENTENCE.search(text, at)) is not None:
        label = _label(found)
        if label is None:
            end = found.end("name")
            parts.append(text[at:end])
        else:
            value, end = trimmed(found["value"]), found.end()
            new = name(value, label) if _is_plain_word(value) else secret(value, label)
            parts += [text[at : found.start("value")], new, found["value"][len(value) :]]
        at = end
    return "".join([*parts, text[at:]])


def trimmed(value: str) -> str:
    """A word without the end of the sentence that it stands at."""
    return _END.sub("", value) or value


def _label(found: re.Match[str]) -> str | None:
    """What the value is called; None where it is not told, or nothing secret."""
    value, link = trimmed(found["value"]), found["link"]
    if value.lower() in _FILLERS:
        return None
    name = found["name"]
    label = label_of(name)
    if label is not None and link.strip() in (":", "="):
        return None  # a pair, which was looked at before
    if label is None:
        before = _WORD_BEFORE.search(found.string, max(0, found.start() - 32), found.start())
        name = before[0] + name if before else name
        label = label_of(name)
    if label is None or is_no_secret(name, value) or name.lower() == USER:
        return None
    if link == " " and (label not in _TOLD or len(value) < SHORTEST or not any(map(str.isdigit, value))):
        return None
    return label


def _is_plain_word(value: str) -> bool:
    return value.isalpha() and value[1:].islower()
