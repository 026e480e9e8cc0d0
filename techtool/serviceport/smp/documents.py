"""Answers as documents for people and scripts. Pure; every text in them is safe to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from techtool.serviceport.smp import cbor, slots
from techtool.serviceport.smp.answers import Told
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended
from techtool.text import safe

_MODES = {
    -1: "unknown",
    0: "single application",
    1: "swap using scratch",
    2: "overwrite only",
    3: "swap without scratch",
    4: "direct XIP, without a way back",
    5: "direct XIP, with a way back",
    6: "RAM loader",
}
"""How MCUboot installs an image. Source: PyPI smp, MCUbootMode."""
_OUTPUT = 20_000
"""Characters of what a shell command says."""


def document(name: str, answers: Sequence[Ended]) -> Any:
    """What was asked for; of info every part that was answered."""
    if name == "info":
        return _info(answers)
    told = answers[0].answer
    values = told.values if isinstance(told, Told) else {}
    match name:
        case "echo":
            return cbor.plain(values.get("r"))
        case "images":
            images = slots.images_in(told)
            return slots.plain(images) if images is not None else cbor.plain(values.get("images"))
        case "stats" if isinstance(values.get("stat_list"), list):
            return cbor.plain(values["stat_list"])
        case "stats" if isinstance(values.get("fields"), dict):
            return cbor.plain(values["fields"])
        case "get":
            return setting(answers[0].ask, values.get("val"))
    return cbor.plain(values)


def setting(ask: Ask, value: Any) -> dict[str, Any] | None:
    """A setting by its name, in the form in which it is written; None where there is none."""
    if not isinstance(value, bytes):
        return None
    name, text = (cbor.map_of(ask.body) or {}).get("name"), text_of(value)
    return {safe(name, 80): text if text is not None else {"hex": value.hex(" ")}}


def text_of(value: bytes) -> str | None:
    """A setting as text, without the NUL that C puts at its end; None where it is none."""
    try:
        text = value.removesuffix(b"\0").decode()
    except UnicodeDecodeError:
        return None
    return text if text and text.isprintable() and safe(text) == text else None


def output(told: Told) -> dict[str, Any]:
    """What a shell command said, by line, and what it returned."""
    said = told.values.get("o")
    lines = said[:_OUTPUT].splitlines() if isinstance(said, str) else []
    return {"ret": cbor.plain(told.values.get("ret")), "output": [safe(line) for line in lines]}


def _info(answers: Sequence[Ended]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in answers:
        values |= one.answer.values if isinstance(one.answer, Told) else {}
    found = {
        "output": cbor.plain(values.get("output")),
        "bootloader": cbor.plain(values.get("bootloader")),
        "mode": None,
    }
    mode = values.get("mode")
    if isinstance(mode, int):
        found["mode"] = _MODES.get(mode, str(mode))
    return found
