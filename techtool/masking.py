"""Secrets in what passed over a wire: keys and passwords show as ``********``, whoever looks. Pure.

The journal keeps the bytes as they came; this is for every way out of it to a screen, a file or a clipboard.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from techtool import nesting
from techtool.journal.redact_names import is_no_secret, label_of
from techtool.journal.redact_scan import decoded
from techtool.station.outcomes import Outcome
from techtool.station.records import Kind, Record

MASK = "********"
_NAME = re.compile(rb'"([A-Za-z][A-Za-z0-9_.-]{2,60})"')
_USERINFO = re.compile(rb"(?i)(\b[a-z][a-z0-9+.-]*://[^\s/:@\"]{0,200}:)([^\s/@\"]{1,200})(@)")
_HEADER = re.compile(
    rb"(?im)^(authorization|proxy-authorization|cookie|x-[\w-]{0,40}(?:key|token|auth|secret)[\w-]{0,40})"
    rb":[ \t]*(basic |bearer |digest )?([^\r\n]+)"
)

_QUERY = re.compile(rb"([?&;]([\w.%-]{1,60})=)([^&#;\s]+)")
_PAIR = re.compile(rb"([A-Za-z][\w.-]{2,59})(\s?[=:]\s?)([^\s;,&]+)")
_ROW = re.compile(rb"(?m)^([^\w\r\n]*)([A-Za-z][\w.-]{2,59})(\s+-?\s*)(\S[^\r\n]*)")
_SETTING = re.compile(
    rb"(?i)(\b(?:key|name|setting|parameter|variable)\s?[=:]\s?)([A-Za-z][\w. -]{1,59})"
    rb"([;,&|\s]\s?val(?:ue)?\s?[=:]\s?)([^\s;,&|]+)"
)
"""``key=AuthorizationKey;value=...``"""
_SCHEME = re.compile(rb"(?i)\b(basic |bearer )([A-Za-z0-9+/=._~-]{8,})")
_TOKEN = re.compile(rb'("(?:[^"\\]|\\.)*+"?)(\s*:)?|(?<![\w.+-])(-?\d[\d.eE+-]*)(?!\w)', re.DOTALL)
"""A text in JSON, and whether it is a name; or a number. The last text may be cut off."""
_LINES = frozenset({Kind.LINE, Kind.PROMPT, Kind.CHATTER, Kind.ECHO})
"""What consoles say, and what is typed into them."""
_VALUES = ("value", "Value", "attributeValue", "actualValue", "val")
_NAMED = ("key", "Key", "name", "setting", "parameter")
"""What the name of a setting stands in, beside its value."""
_ATTRIBUTES = frozenset({"variableAttribute"})
"""What tells the values of the setting that stands beside it."""


def is_secret(name: object, value: object = None) -> bool:
    """Whether a setting or field of this name holds something that must not be shown.

    An empty text is shown: a mask would look as if a key were set. None is a value that is not known.
    """
    if value == "" or not isinstance(name, str) or label_of(name[:200]) not in ("password", "secret"):
        return False
    return value is None or not is_no_secret(name, str(value))


def masked(record: Record) -> Record:
    """The record with every secret in its bytes masked."""
    if record.kind in (Kind.REQUEST, Kind.RESPONSE):
        return record._replace(data=mask_head(record.data))
    if record.kind in _LINES:
        return record._replace(data=mask_line(record.data))
    if record.kind is Kind.NOISE:  # it may be the half of a handshake, or of a message
        return record._replace(data=mask_line(mask_broken(mask_head(record.data))))
    if record.kind not in (Kind.TEXT, Kind.BINARY):
        return record
    try:
        value = json.loads(record.data)
    except (ValueError, RecursionError):
        return record._replace(data=mask_broken(record.data))
    if nesting.too_deep(value):
        return record._replace(data=mask_broken(record.data))
    return record._replace(data=mask_message(record.data, value))


def mask_head(data: bytes) -> bytes:
    """The head of an HTTP request or answer without its credentials."""
    head = _HEADER.sub(lambda found: found[1] + b": " + (found[2] or b"") + MASK.encode(), mask_urls(data))
    line, end, rest = head.partition(b"\n")
    return _QUERY.sub(_masked_query, line) + end + rest


def _masked_query(found: re.Match[bytes]) -> bytes:
    secret = is_secret(unquote(found[2].decode("ascii", "replace"))) or found[2].lower() == b"auth"
    return found[1] + MASK.encode() if secret else found[0]


def mask_line(data: bytes) -> bytes:
    """A console's line without the value behind a secret name: ``PASSWORD=x``, or a menu's row that begins so."""
    pairs = _PAIR.sub(lambda found: _hidden(found[0], found[1], found[1] + found[2]), mask_urls(data))
    return _ROW.sub(lambda found: _hidden(found[0], found[2], found[1] + found[2] + found[3]), pairs)


def _hidden(whole: bytes, name: bytes, kept: bytes) -> bytes:
    return kept + MASK.encode() if is_secret(name.decode()) else whole


def mask_urls(data: bytes) -> bytes:
    """Text without the passwords of the URLs in it."""
    return _USERINFO.sub(rb"\1" + MASK.encode() + rb"\3", data) if b"://" in data else data


def mask_words(text: str) -> str:
    """A sentence, or what stands for one, without the passwords that it tells by name, in a URL or a header."""
    data = mask_urls(text.encode("utf-8", "surrogatepass"))
    data = _SCHEME.sub(rb"\1" + MASK.encode(), data)
    data = _SETTING.sub(lambda found: _hidden(found[0], found[2], found[1] + found[2] + found[3]), data)
    data = _PAIR.sub(lambda found: _hidden(found[0], found[1], found[1] + found[2]), data)
    return data.decode("utf-8", "surrogatepass")


def mask_payload(value: Any, setting: object = None) -> Any:
    """A payload with the values of secret settings masked, in 1.6's and in 2.x's form of them.

    ``setting`` is the name of the one whose attributes these are.
    """
    if isinstance(value, list):
        return [[one[0], _all_masked(one[1])] if _is_pair(one) else mask_payload(one, setting) for one in value]
    if isinstance(value, dict):
        setting = _setting(value, setting)
        hidden = _secret_fields(value, setting)
        return {
            name: _all_masked(one)
            if name in hidden and one is not None
            else mask_payload(one, setting if name in _ATTRIBUTES else None)
            for name, one in value.items()
        }
    return _masked_text(value) if isinstance(value, str) else value


def _masked_text(text: str) -> str:
    """A text that may be JSON itself, as DataTransfer's often is."""
    inner = _inner(text)
    if inner is None:
        return mask_words(text)
    hidden = mask_payload(inner)
    return text if hidden == inner else json.dumps(hidden)


def _all_masked(value: Any) -> Any:
    """A secret, and where it is a list or an object everything in it."""
    if isinstance(value, list):
        return [_all_masked(one) for one in value]
    if isinstance(value, dict):
        return {name: _all_masked(one) for name, one in value.items()}
    return MASK if isinstance(value, str | int | float) and value != "" else value


def _leaves(value: Any) -> Iterator[str | int | float]:
    """A secret; of a list or an object every text in it."""
    if isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            if isinstance(one, list | dict | str):
                yield from _leaves(one)
    elif isinstance(value, str | int | float) and value != "":
        yield value


def mask_written(name: object, value: object, outcome: Outcome) -> Outcome:
    """What came of writing a setting, without the value of a secret one: its texts may have it as it reads now."""
    result = outcome.result if isinstance(outcome.result, dict) else {}
    values = {str(one) for one in (value, *result.values()) if one}
    if not any(is_secret(name, one) for one in values):
        return outcome
    text = outcome.text
    for one in sorted(values, key=len, reverse=True):
        text = text.replace(one, MASK)
    return outcome._replace(text=text, result={key: each and MASK for key, each in result.items()} or None)


def mask_setting(name: str, value: str | None) -> str | None:
    """The value of a setting without what is secret in it: all of a password's, of a URL its password."""
    if not value:
        return value
    return MASK if is_secret(name, value) else _masked_text(value)


def mask_outcome(outcome: Outcome) -> Outcome:
    """What was asked for, without the values of secret settings in its words and in its result."""
    result, text = outcome.result, outcome.text
    if isinstance(result, dict):
        for name, value in result.items():
            if isinstance(value, str | int | float) and value != "" and is_secret(name, value):
                text = text.replace(str(value), MASK)
    elif isinstance(result, list) and all(isinstance(one, str) for one in result):
        result = [
            mask_line(one.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass") for one in result
        ]
    return outcome._replace(text=text, result=mask_payload(result))


def mask_message(data: bytes, payload: Any) -> bytes:
    """The bytes of a message whose payload is known, with every secret in them masked."""
    if mask_payload(payload) == payload:
        return data
    secrets = set(_secrets(payload))
    return _TOKEN.sub(lambda found: _masked_token(found, secrets), data)


def _masked_token(found: re.Match[bytes], secrets: set[str | int | float]) -> bytes:
    """A text or number in JSON, masked where it is a secret or tells one. Names stay."""
    if found[2] is not None:
        return found[0]
    if found[1] is None:
        return MASK.encode() if _number(found[3]) in secrets else found[0]
    closed = len(found[1]) > 1 and found[1].endswith(b'"')
    text = decoded(found[1][1 : -1 if closed else None].decode("utf-8", "surrogateescape"))
    shown = MASK if text in secrets else _masked_text(text)
    return found[0] if shown == text else json.dumps(shown)[: None if closed else -1].encode()


def _number(token: bytes) -> object:
    try:
        return json.loads(token)
    except ValueError:
        return None


def _inner(value: str) -> Any:
    """What a text holds that is JSON itself, as DataTransfer's often is; None if it is none."""
    if value.lstrip()[:1] not in ("{", "["):
        return None
    try:
        inner = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return None if nesting.too_deep(inner) else inner


def mask_broken(data: bytes) -> bytes:
    """The bytes of a message that nobody can parse: where it names a secret, every value goes."""
    data = mask_urls(data)
    names = {name for name in _NAME.findall(data) if is_secret(name.decode())}
    if not names:
        return data
    fields = b"|".join(map(re.escape, sorted(names | {b"value", b"attributeValue"})))
    return re.sub(rb'("(?:%s)"\s*:\s*+)("(?:[^"\\]|\\.)*+"?|[^"\s,}\]]+)' % fields, _masked_field, data)


def _masked_field(found: re.Match[bytes]) -> bytes:
    """A field and its value; the text may have been cut off before its end."""
    if found[2] in (b'"', b'""'):
        return found[0]
    quote = found[2].startswith(b'"')
    mask = (b'"' if quote else b"") + MASK.encode()
    return found[1] + mask + (b'"' if quote and len(found[2]) > 1 and found[2].endswith(b'"') else b"")


def _setting(value: dict[str, Any], outer: object) -> object:
    """The setting that an object tells of: its own, or that of the object around it."""
    variable = value.get("variable")
    if isinstance(variable, dict):
        return variable.get("name") or outer
    return next((value[one] for one in _NAMED if value.get(one)), outer)


def _secret_fields(value: dict[str, Any], setting: object) -> set[str]:
    """The fields of this object that hold a secret."""
    hidden = {name for name, one in value.items() if is_secret(name, one)}
    return hidden | {name for name in _VALUES if is_secret(setting, value.get(name, ""))}


def _is_pair(value: Any) -> bool:
    """``["AuthorizationKey", "..."]``: in a list of such pairs the first tells what the second is."""
    return isinstance(value, list) and len(value) == 2 and is_secret(value[0], value[1])


def _secrets(value: Any, setting: object = None) -> Iterator[str | int | float]:
    """Every secret that is a value of its own."""
    if isinstance(value, list):
        for one in value:
            yield from _leaves(one[1]) if _is_pair(one) else _secrets(one, setting)
    elif isinstance(value, dict):
        setting = _setting(value, setting)
        hidden = _secret_fields(value, setting)
        for name, one in value.items():
            if name in hidden:
                yield from _leaves(one)
            else:
                yield from _secrets(one, setting if name in _ATTRIBUTES else None)
