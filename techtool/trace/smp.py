"""SMP frames in the words of the trace. Pure; imported when one is looked at, for smp takes its time."""

from __future__ import annotations

from typing import Any

from smp.image_management import ImageState

from techtool.masking import MASK, is_secret
from techtool.serviceport.smp import cbor, documents, slots
from techtool.serviceport.smp.answers import Answer, Unreadable, answer_of
from techtool.serviceport.smp.asks import ask_of
from techtool.serviceport.smp.framing import unwrap
from techtool.serviceport.smp.messages import Message, message_of
from techtool.serviceport.smp.refusals import Refusal
from techtool.station.records import Direction, Record
from techtool.text import safe
from techtool.trace.serial import Words

SHOWN = 300
"""Characters of a row."""
_BYTES = 8
"""Of a value that are shown."""
_VALUE = "val"
"""The field that has the value of a setting."""


def words(record: Record, asked: Record | None) -> Words | None:
    """What a frame says; ``asked`` is the request that it answers. None where it cannot be read."""
    message = _message(record)
    if message is None:
        return None
    if record.direction is Direction.LAPTOP:
        ask = ask_of(message)
        return Words(ask.words, _told(payload(record))) if ask is not None else None
    before = _message(asked) if asked is not None else None
    ask = ask_of(before) if before is not None else None
    answer = answer_of(message)
    if ask is None:
        return Words("", f"an answer that nobody waited for: {_answered(answer, record)}")
    return Words(ask.words, _answered(answer, record), refused=isinstance(answer, Refusal))


def payload(record: Record) -> dict[str, Any]:
    """The map of a message as JSON has it, without what must not be shown; empty where there is none."""
    message = _message(record)
    values = cbor.map_of(message.body) if message is not None else None
    if values is None:
        return {}
    if _VALUE in values and is_secret(values.get("name"), _text(values[_VALUE])):
        values = {**values, _VALUE: MASK}
    shown: dict[str, Any] = cbor.plain(_short(values))
    return shown


def _message(record: Record) -> Message | None:
    packet = unwrap(record.data)
    return message_of(packet) if packet is not None else None


def _answered(answer: Answer, record: Record) -> str:
    if isinstance(answer, Refusal):
        return f"refused: {answer.words}"
    if isinstance(answer, Unreadable):
        return "nothing that can be read"
    images = slots.images_in(answer)
    if images is not None:
        return "; ".join(map(_image, images)) or "no images"
    return _told(payload(record))


def _image(image: ImageState) -> str:
    names = ("active", "confirmed", "pending", "permanent")
    states = [name for name in names if getattr(image, name)]
    return f"{slots.place_of(image)}: {slots.version_of(image)} {', '.join(states)}".rstrip()


def _told(values: dict[str, Any]) -> str:
    parts = (f"{name} {_words(value)}" for name, value in values.items())
    return safe(", ".join(parts), SHOWN)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_words, value))
    if isinstance(value, dict):
        return "(" + ", ".join(f"{name} {_words(one)}" for name, one in value.items()) + ")"
    return str(value)


def _short(value: Any) -> Any:
    """Bytes of firmware and hashes by their first ones."""
    match value:
        case bytes() if len(value) > _BYTES:
            return f"{value[:_BYTES].hex()}… ({len(value)} bytes)"
        case bytes():
            return value.hex(" ")
        case dict():
            return {name: _short(one) for name, one in value.items()}
        case list():
            return [_short(one) for one in value]
    return value


def _text(value: Any) -> str | None:
    return documents.text_of(value) if isinstance(value, bytes) else None
