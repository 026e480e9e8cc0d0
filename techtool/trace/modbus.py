"""Modbus frames in the words of the trace. Pure; imported when one is looked at, for pymodbus takes its time."""

from __future__ import annotations

from techtool.serviceport.modbus.asks import Ask, Refusal, answer_of, ask_of
from techtool.serviceport.modbus.wires import unwrap
from techtool.station.records import Direction, Record
from techtool.trace.serial import Words

SHOWN = 24
"""Values of one answer that stand in a row."""


def words(record: Record, asked: Record | None) -> Words | None:
    """What a frame says; ``asked`` is the request that it answers. None where it cannot be read."""
    packet = unwrap(record.data)
    if packet is None:
        return None
    if record.direction is Direction.LAPTOP:
        ask = ask_of(packet.pdu)
        return Words(_action(ask), f"{_place(ask)}, unit {packet.unit}") if ask is not None else None
    before = unwrap(asked.data) if asked is not None else None
    ask = ask_of(before.pdu) if before is not None else None
    answer = answer_of(ask, packet.pdu) if ask is not None else None
    if ask is None or answer is None:
        return Words("", f"an answer that nobody waited for: {packet.pdu.hex(' ')}")
    if isinstance(answer, Refusal):
        return Words(_action(ask), f"refused: {answer.words}", refused=True)
    more = f" and {len(answer) - SHOWN} more" if len(answer) > SHOWN else ""
    return Words(_action(ask), " ".join(map(str, answer[:SHOWN])) + more)


def writes(record: Record) -> bool:
    """Whether a request changes something at the device."""
    packet = unwrap(record.data)
    ask = ask_of(packet.pdu) if packet is not None else None
    return ask is not None and ask.writes


def _action(ask: Ask) -> str:
    return "write" if ask.writes else "read"


def _place(ask: Ask) -> str:
    place = ask.words.partition(" of ")[2]
    return f"{place}: {' '.join(map(str, ask.values[:SHOWN]))}" if ask.writes else place
