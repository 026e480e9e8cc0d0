"""Registers read and written as the technician wrote it: checked before, judged after. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from techtool.serviceport.modbus.asks import Ask, Refusal, ask_of, pdu_of
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.wires import unwrap
from techtool.serviceport.profiles.model import Bus, WriteWith
from techtool.serviceport.profiles.registers import Space
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict
from techtool.station.records import Direction, Kind, Record

HOW = """read '["input", 5, 3]' or write '["holding", 261, 160]'"""


def prepare(action: str, payload: Any, bus: Bus, *, force: bool = False) -> Ask:
    """What ``read`` with ``["input", 5, 3]`` or ``write`` with ``["holding", 261, 160]`` asks.

    A write takes one value or a list of them. Raises :class:`CallRefusedError`; ``force`` lets writes through,
    never what Modbus cannot say.
    """
    name = action.lower()
    if name not in ("read", "write"):
        raise CallRefusedError(f"{action[:40]} is neither read nor write. Over Modbus it is {HOW}.")
    parts = payload if isinstance(payload, list) else []
    if not 2 <= len(parts) <= 3 or not isinstance(parts[0], str) or not _whole(parts[1]):
        raise CallRefusedError(f"{name} takes a list: the space, the address, then how many or what: {HOW}.")
    try:
        space = Space(parts[0].lower())
    except ValueError:
        spaces = ", ".join(Space)
        raise CallRefusedError(f"{parts[0][:40]!r} is no space: {spaces} are.") from None
    ask = _read(space, parts) if name == "read" else _write(space, parts, bus)
    try:
        pdu_of(ask)
    except ValueError as error:
        raise CallRefusedError(f"{error}.") from None
    if ask.writes and not force:
        text = "nobody checks what this does: a register may switch off what protects people, or for good"
        raise CallRefusedError(f"{ask.words}: {text}. --force sends it anyway.")
    return ask


def read_back(ask: Ask) -> Ask:
    """The read that shows whether a write had its effect."""
    return Ask(ask.space, ask.address, ask.count)


def judge(ended: Ended, back: Ended | None = None, records: tuple[int, ...] = ()) -> Outcome:
    """What came of it. A read is its whole effect; a write is proved by what is read back."""
    name = ended.ask.words
    match ended.ending:
        case Ending.ANSWERED if not ended.ask.writes:
            return Outcome(Verdict.PROVED, f"The {name} was answered.", _result(ended), records)
        case Ending.ANSWERED:
            return _judge_write(ended, back, records)
        case Ending.REFUSED:
            assert isinstance(ended.answer, Refusal)
            text = f"The {name} was refused: {ended.answer.words}."
            return Outcome(Verdict.REFUSED, text, {"exception": ended.answer.code}, records)
    return Outcome(Verdict.UNANSWERED, unanswered(ended, name), None, records)


def unanswered(ended: Ended, name: str) -> str:
    """Why there is no answer, and what is known of the effect."""
    if ended.ending is Ending.LINK_LOST:
        known = "whether it acted on it is unknown" if ended.sent else "it never went out"
        return f"The port was lost before the {name} was answered; {known}."
    unsure = "; whether it acted on it is unknown" if ended.ask.writes else ""
    return f"No answer to the {name} in {ended.seconds:.0f} s{unsure}."


def evidence(records: Iterable[Record], *asks: Ask) -> tuple[int, ...]:
    """The records of these requests and of their answers."""
    numbers: list[int] = []
    ours = False
    for record in records:
        if record.kind is not Kind.MODBUS:
            continue
        if record.direction is Direction.LAPTOP:
            packet = unwrap(record.data)
            ours = packet is not None and ask_of(packet.pdu) in asks
        if ours:
            numbers.append(record.number)
    return tuple(numbers)


def _judge_write(ended: Ended, back: Ended | None, records: tuple[int, ...]) -> Outcome:
    name, wanted = ended.ask.words, ended.ask.values
    told = back.answer if back is not None else None
    if told is None or isinstance(told, Refusal):
        text = f"The {name} was accepted, but it cannot be read back."
        return Outcome(Verdict.ACCEPTED, text, {"written": list(wanted), "read": None}, records)
    result = {"written": list(wanted), "read": list(told)}
    if told == wanted:
        return Outcome(
            Verdict.PROVED, f"The {name} was accepted, and reads back as it was written.", result, records
        )
    text = f"The {name} was accepted, but it reads back as {', '.join(map(str, told))}."
    return Outcome(Verdict.CONTRADICTED, text, result, records)


def _result(ended: Ended) -> dict[str, Any]:
    assert isinstance(ended.answer, tuple)
    return {"space": ended.ask.space.value, "address": ended.ask.address, "values": list(ended.answer)}


def _read(space: Space, parts: list[Any]) -> Ask:
    count = parts[2] if len(parts) == 3 else 1
    if not _whole(count):
        raise CallRefusedError(f"How many are read is a whole number: {HOW}.")
    return Ask(space, parts[1], count)


def _write(space: Space, parts: list[Any], bus: Bus) -> Ask:
    given = parts[2] if len(parts) == 3 else []
    values = given if isinstance(given, list) else [given]
    top = 1 if space.of_bits else 0xFFFF
    if not values or not all(_whole(one) and 0 <= one <= top for one in values):
        raise CallRefusedError(f"What is written to a {space} is a number from 0 to {top}, or a list of them.")
    if not space.writable:
        raise CallRefusedError(f"Modbus writes to no {space}: only to coil and holding.")
    many = len(values) > 1
    if many and bus.write is WriteWith.SINGLE and space is Space.HOLDING:
        raise CallRefusedError("This box takes one at a time (its profile says write = single).")
    together = many or (bus.write is WriteWith.MULTIPLE and space is Space.HOLDING)
    return Ask(space, parts[1], len(values), tuple(values), together)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
