"""Which records show what came of requests. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from techtool.serviceport.smp.dialogue import Ended
from techtool.serviceport.smp.driver import BANNER
from techtool.serviceport.smp.framing import unwrap
from techtool.serviceport.smp.messages import message_of
from techtool.station.records import Direction, Kind, Record

_SEEN = (Kind.TIMEOUT, Kind.OPENED, Kind.CLOSED)


def evidence(records: Iterable[Record], ended: Sequence[Ended]) -> tuple[int, ...]:
    """The records of these requests, of their answers, and of their time-outs."""
    ours = {one.id for one in ended if one.id}
    return tuple(one.number for one in records if _id(one) in ours)


def restart_evidence(records: Iterable[Record], ended: Ended) -> tuple[int, ...]:
    """The records of a reset, of what was seen of it, and of the last answer, also over a lost port."""
    shown: list[int] = []
    last: Record | None = None
    for record in records:
        seen = record.kind in _SEEN or (record.kind is Kind.CHATTER and BANNER.search(record.data) is not None)
        if seen or (ended.id and _id(record) == ended.id):
            shown.append(record.number)
        elif record.kind is Kind.SMP and record.direction is Direction.CHARGER:
            last = record
    return tuple(shown) if last is None else tuple(sorted((*shown, last.number)))


def _id(record: Record) -> str | None:
    if record.kind is Kind.TIMEOUT:
        return str(record.note.get("id"))
    packet = unwrap(record.data) if record.kind is Kind.SMP else None
    message = message_of(packet) if packet is not None else None
    return message.id if message is not None else None
