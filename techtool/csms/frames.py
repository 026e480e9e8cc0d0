"""OCPP-J frames: bytes in, values out, and back. Whatever comes gets a value; nothing raises.

Sources: OCPP-J 1.6 section 4, OCPP 2.0.1 and 2.1 part 4 section 4 (message types 2 to 6).
"""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any, NamedTuple

import orjson

from techtool import nesting
from techtool.csms import repair

MAX_BYTES = 16 * 1024 * 1024
"""Larger messages end the link: no charger has a reason for one."""
MAX_MENDED = 65_536
"""Larger messages are not mended: trying takes as long as they are."""

TYPE_NAMES = {2: "CALL", 3: "CALLRESULT", 4: "CALLERROR", 5: "CALLRESULTERROR", 6: "SEND"}
_TYPES_AS_TEXT = {str(number): number for number in TYPE_NAMES}

MessageId = str | int | float
"""Text by the standard; some chargers send numbers, and get them back as they sent them."""


class Call(NamedTuple):
    """A request that wants an answer."""

    id: MessageId
    action: str
    payload: Any


class CallResult(NamedTuple):
    """The answer to a CALL."""

    id: MessageId
    payload: Any


class CallError(NamedTuple):
    """A CALL could not be answered."""

    id: MessageId
    code: str
    description: str
    details: Any


class CallResultError(NamedTuple):
    """2.1: the CALLRESULT with this id was unusable. Gets no answer."""

    id: MessageId
    code: str
    description: str
    details: Any


class Send(NamedTuple):
    """2.1: a message that wants no answer."""

    id: MessageId
    action: str
    payload: Any


class Unreadable(NamedTuple):
    """Bytes that are no frame. ``id`` and ``type`` as far as they could be told."""

    reason: str
    id: MessageId | None = None
    type: int | None = None
    json: bool = False
    """It is JSON, but not OCPP."""


Frame = Call | CallResult | CallError | CallResultError | Send | Unreadable


class Parsed(NamedTuple):
    """A frame, and what had to be overlooked to read it."""

    frame: Frame
    repairs: tuple[str, ...] = ()
    """What was mended in the bytes."""
    oddities: tuple[str, ...] = ()
    """What is not as OCPP-J wants it, in words."""
    more: tuple[Parsed, ...] = ()
    """The other frames, where several came in one message."""


_MOST = 2.0**63
"""The fast parser reads whole numbers beyond as rounded ones."""
_SHALLOW = 2 * nesting.MOST
"""Bytes in which nothing can be too deep."""


def parse(data: bytes) -> Parsed:
    """Read one message. Never raises."""
    if len(data) > MAX_BYTES:
        return Parsed(Unreadable(f"{len(data):,} bytes are too many for one message"))
    try:
        value = orjson.loads(data)
    except ValueError:
        # The fast parser knows less: no NaN, no half of a surrogate pair. It is not the judge.
        try:
            value = _load(data.decode())
        except RecursionError:
            return _deep(data)
        except ValueError as error:
            return _mended(data, error)
    if len(data) > _SHALLOW and nesting.may_be_too_deep(data) and nesting.too_deep(value):
        return _deep(data)
    if isinstance(value, list) and _is_rounded(value):
        with contextlib.suppress(ValueError, RecursionError):
            value = _load(data.decode())  # a number of more than 64 bits goes back, and is told, as it came
    return _frame(value)


def _is_rounded(value: list[Any]) -> bool:
    """The id or a field may be a whole number that is too long for the fast parser."""
    if len(value) > 1 and type(value[1]) is float:
        return True
    payload = value[-1] if value else None
    fields = payload.values() if isinstance(payload, dict) else ()
    return any(type(one) is float and abs(one) >= _MOST for one in fields)


def _deep(data: bytes) -> Parsed:
    return Parsed(Unreadable("nested too deeply to be read", *_guess(data)))


def _no_constant(name: str) -> None:
    # NaN and Infinity are no JSON; null keeps the rest of the message.
    return None


_load = json.JSONDecoder(parse_constant=_no_constant).decode
_dump = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def _mended(data: bytes, broken: ValueError) -> Parsed:
    """The second try, for bytes that are no JSON: mend what is known to go wrong, and say so."""
    if len(data) > MAX_MENDED:
        return _not_json(data, broken, repair.is_cut(broken))
    (text, *others), repairs = repair.mend(data)
    try:
        value = _load(text)
    except RecursionError:
        return _not_json(data, broken, False)
    except ValueError as error:
        return _not_json(data, broken, repair.is_cut(error))
    if nesting.may_be_too_deep(data) and nesting.too_deep(value):
        return _deep(data)
    parsed = _frame(value)._replace(repairs=repairs)
    if not others:
        return parsed
    together = f"{1 + len(others)} messages came in one"
    more = tuple(parse(one.encode()) for one in others)
    return parsed._replace(oddities=(*parsed.oddities, together), more=more)


def _not_json(data: bytes, broken: ValueError, is_cut: bool) -> Parsed:
    reason = "unterminated, cut off" if is_cut else str(broken)
    return Parsed(Unreadable(f"not JSON: {reason}", *_guess(data)))


def _guess(data: bytes) -> tuple[MessageId | None, int | None]:
    """Message id and type of a message that stays unreadable, so that it can be answered."""
    found = repair.HEAD.match(data)
    if found is None:
        return None, None
    return found[2].decode(errors="replace") if found[2] is not None else None, int(found[1])


def _frame(value: Any) -> Parsed:
    if not isinstance(value, list):
        return Parsed(Unreadable(f"a JSON {_kind(value)}, not an array", json=True))
    kind = _type(value)
    if kind is None:
        shown = _shown(value[0]) if value else "nothing"
        told = value[1] if len(value) > 1 and _is_id(value[1]) else None
        return Parsed(Unreadable(f"the message type is {shown}, not 2 to 6", told, json=True))
    oddities: list[str] = []
    if type(value[0]) is not int:
        oddities.append(f"the message type is {_shown(value[0])}, not {kind}")
    if len(value) < 2 or not _is_id(value[1]):
        return Parsed(Unreadable(f"a {TYPE_NAMES[kind]} without a message id", None, kind, True))
    id: MessageId = value[1]
    if not isinstance(id, str):
        oddities.append("the message id is a number, not text")
    elif len(id) > 36:
        oddities.append(f"the message id has {len(id)} characters, 36 are allowed")
    if kind in (2, 6):
        return _request(kind, id, value, oddities)
    if kind == 3:
        if len(value) < 3:
            oddities.append("no payload")
        elif len(value) > 3:
            oddities.append(f"{len(value)} elements, a CALLRESULT has 3")
        payload = value[2] if len(value) > 2 else {}
        return Parsed(CallResult(id, _payload(payload, oddities)), (), tuple(oddities))
    if len(value) != 5:
        oddities.append(f"{len(value)} elements, a {TYPE_NAMES[kind]} has 5")
    code, description, details = (*value[2:5], *(None, None, None))[:3]
    error = CallError if kind == 4 else CallResultError
    return Parsed(
        error(
            id,
            code if isinstance(code, str) else "" if code is None else _shown(code),
            description if isinstance(description, str) else "" if description is None else _shown(description),
            {} if details is None else details,
        ),
        (),
        tuple(oddities),
    )


def _request(kind: int, id: MessageId, value: list[Any], oddities: list[str]) -> Parsed:
    name = TYPE_NAMES[kind]
    if len(value) < 3 or not isinstance(value[2], str):
        return Parsed(Unreadable(f"a {name} without an action", id, kind, True))
    if len(value) < 4:
        oddities.append("no payload")
    elif len(value) > 4:
        oddities.append(f"{len(value)} elements, a {name} has 4")
    payload = _payload(value[3] if len(value) > 3 else {}, oddities)
    request = Call if kind == 2 else Send
    return Parsed(request(id, value[2], payload), (), tuple(oddities))


def _payload(payload: Any, oddities: list[str]) -> Any:
    if payload is None:
        oddities.append("the payload is null, not an object")
        return {}
    if not isinstance(payload, dict):
        oddities.append(f"the payload is a JSON {_kind(payload)}, not an object")
    return payload


def _is_id(value: Any) -> bool:
    return type(value) in (str, int) or (type(value) is float and math.isfinite(value))


def _type(value: list[Any]) -> int | None:
    """The message type, also where it came as text or with a fraction; None where it is none."""
    kind = value[0] if value else None
    if type(kind) is str:
        kind = _TYPES_AS_TEXT.get(kind)
    elif type(kind) is float and kind.is_integer():
        kind = int(kind)
    return kind if type(kind) is int and kind in TYPE_NAMES else None


def _shown(value: Any) -> str:
    """Anything as short text."""
    try:
        return json.dumps(value)[:200]
    except RecursionError:
        return f"a deep {_kind(value)}"


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    return {dict: "object", list: "array", str: "string", bool: "boolean"}.get(type(value), "number")


def encode(frame: Call | CallResult | CallError | CallResultError | Send) -> bytes:
    """A frame as compact JSON. Numbers that JSON has not, NaN and the infinities, become null."""
    match frame:
        case Call(id, action, payload):
            value = [2, id, action, payload]
        case CallResult(id, payload):
            value = [3, id, payload]
        case CallError(id, code, description, details):
            value = [4, id, code, description[:255], details]
        case CallResultError(id, code, description, details):
            value = [5, id, code, description[:255], details]
        case Send(id, action, payload):
            value = [6, id, action, payload]
    try:
        # a copy: orjson's own keep kilobytes of room behind every answer
        return bytes(memoryview(orjson.dumps(value)))
    except TypeError:
        # Long integers and halves of surrogate pairs: a charger's id goes back as it came.
        return _dump(value).encode("ascii")
