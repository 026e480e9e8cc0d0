"""What a version module needs while it turns messages into changes: the time, and what went before."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from techtool.csms import timestamps
from techtool.csms.problems import Problems
from techtool.station.changes import Change, ClockRead, Found, Heartbeat
from techtool.station.findings import Code, Severity

CLOCK_LIMIT_S = 10.0
"""A charger's clock that is further off than this is a finding."""
KEPT_S = 60.0
"""What is older than this when it comes was kept; chargers take some time to send the rest, too."""
KEPT_MOST_S = 90 * 86_400.0
"""What seems older was stamped by a charger that had no clock: with 1970, or with the day when it was made."""
REMEMBERED = 1000
"""Transactions of one charger."""
EVENTS_REMEMBERED = 10_000
"""TransactionEvents of one charger: a queue of many offline sessions may come again."""
ASKED_S = 60.0
"""A message that comes later than this after it was asked for comes by itself."""
MAX_SUBJECT = 80
MAX_TEXT = 300
"""Characters: what a charger says may be as long as it likes, a finding is a sentence."""
SAID_AGAIN_S = 0.5
"""Smaller differences are the network's, not the clock's."""
_STEP_S = 5.0
"""Offsets that differ by less agree."""
_SPREAD_S = 30.0
"""Stamps that lag are believed when they agree over so long: a queue is emptied in a burst."""


@dataclass(slots=True)
class ClockWatch:
    """The charger's clock from its time stamps, which may be old: queued messages keep theirs."""

    offset: float | None = None
    said: float | None = None
    """The offset that the picture shows."""
    told: bool = False
    """The charger was told the time on this connection, so its clock should be right."""
    _lagging: list[tuple[datetime, float]] = field(default_factory=list)

    def trust(self) -> None:
        """The charger has been told the time."""
        if not self.told:
            self.told = True
            self.said = None

    def see(self, offset: float, at: datetime, queued: bool) -> float | None:
        """Take an offset in; the offset to believe if it may have changed.

        A clock runs forwards: a stamp that lies further back than the clock is known to be is a replay,
        unless others agree with it for half a minute. ``queued`` messages are kept while a charger is
        offline, so a lagging one of these proves nothing alone, not even as the first one seen.
        """
        known = self.offset if self.offset is not None else (-_STEP_S if queued else offset)
        if offset < known - _STEP_S:
            agreeing = [seen for seen, other in self._lagging if abs(other - offset) < _STEP_S]
            self._lagging = [*self._lagging[-20:], (at, offset)]
            if not agreeing or (at - agreeing[0]).total_seconds() < _SPREAD_S:
                return None
        self._lagging.clear()
        self.offset = offset
        return offset


@dataclass(slots=True)
class Past:
    """What one charger has shown over all its connections."""

    starts: dict[Hashable, str] = field(default_factory=dict)
    """The 1.6 starts that were answered, with their ids, the oldest first."""
    carried: set[str] = field(default_factory=set)
    """The transactions that began in earlier visits, and whose end nobody has seen."""
    ended: dict[str, None] = field(default_factory=dict)
    """1.6: the transactions that are over, also in earlier visits, the oldest first."""
    sequence: dict[str, int] = field(default_factory=dict)
    """2.x: the last seqNo by transaction."""
    events: dict[Hashable, None] = field(default_factory=dict)
    """2.x: the TransactionEvents that came, the oldest first."""
    problems: Problems = field(default_factory=Problems)
    """2.x: what its components say is wrong."""
    left_when_asked: datetime | None = None
    """When its link ended instead of a BootNotification that it was asked for."""
    booted: datetime | None = None
    """When it last sent one by itself."""
    known: bool = False
    """It has booted, or earlier visits know of it: that it comes back without a boot is normal."""

    def remember_start(self, key: Hashable, id: str) -> None:
        """Keep a start; the oldest goes when there are too many."""
        self.starts[key] = id
        if len(self.starts) > REMEMBERED:
            del self.starts[next(iter(self.starts))]

    def remember_end(self, id: str) -> bool:
        """Keep that a transaction is over; whether that was known."""
        if id in self.ended:
            return True
        self.ended[id] = None
        if len(self.ended) > REMEMBERED:
            del self.ended[next(iter(self.ended))]
        return False

    def remember_sequence(self, id: str, seq_no: int) -> None:
        """Keep the last seqNo of a transaction."""
        self.sequence[id] = seq_no
        if len(self.sequence) > REMEMBERED:
            del self.sequence[next(iter(self.sequence))]

    def comes_again(self, event: Hashable) -> bool:
        """Whether this TransactionEvent came before; it has from now on."""
        if event in self.events:
            return True
        self.events[event] = None
        if len(self.events) > EVENTS_REMEMBERED:
            del self.events[next(iter(self.events))]
        return False


@dataclass(slots=True)
class Memory:
    """What one connection has shown so far, as far as the meaning of later messages hangs on it."""

    past: Past = field(default_factory=Past)
    clock: ClockWatch = field(default_factory=ClockWatch)
    beat: datetime | None = None
    """The last Heartbeat that was told."""
    asked: dict[str, datetime] = field(default_factory=dict)
    """Messages that the laptop asked for and that have not come yet, or not all of them, with the time."""


@dataclass(slots=True)
class Hearing:
    """One message being heard. Version modules append to ``changes``."""

    at: datetime
    memory: Memory
    changes: list[Change] = field(default_factory=list)
    found: dict[tuple[Code, str], int] = field(default_factory=dict)
    """Where in ``changes`` each finding stands."""

    def was_asked(self, action: str) -> bool:
        """The laptop asked for this message, and not too long ago."""
        asked = self.memory.asked.get(action)
        return asked is not None and (self.at - asked).total_seconds() < ASKED_S

    def say(self, *changes: Change) -> None:
        """Add changes."""
        self.changes.extend(changes)

    def find(self, code: Code, text: str, subject: str = "", severity: Severity = Severity.WARNING) -> None:
        """Add a finding; the same one once a message, with the last word, however often it gives reason for it."""
        key = (code, subject[:MAX_SUBJECT])
        finding = Found(code, text[:MAX_TEXT], key[1], severity)
        if key in self.found:
            self.changes[self.found[key]] = finding
        else:
            self.found[key] = len(self.changes)
            self.changes.append(finding)

    def beat(self) -> None:
        """A sign of life came. In a flood one a second is told: each change makes a new picture."""
        memory = self.memory
        if memory.beat is None or not 0 <= (self.at - memory.beat).total_seconds() < 1:
            memory.beat = self.at
            self.changes.append(Heartbeat())

    def when(self, value: Any, *, live: bool = True, queued: bool = False) -> datetime | None:
        """A charger's time stamp; None where there is none.

        ``live`` if it should be about now, ``queued`` if it may have waited while the charger was offline.
        """
        if value is None:
            return None
        when, oddity = timestamps.parse(value)
        if oddity is not None:
            shown = value[:40] if isinstance(value, str) else f"of the JSON type {type(value).__name__}"
            self.find(Code.TIMESTAMP, f"The time stamp {shown} {oddity}.", subject=oddity)
        if when is not None and live:
            self._compare(when, queued)
        return when

    def kept_s(self, when: datetime | None) -> float:
        """For how long a message was kept before it came, by the charger's time stamp; 0 where it was just made.

        As long as nothing is known of the charger's clock it is taken for right, like one that was told the time.
        """
        if when is None:
            return 0.0
        lag = (self.at - when).total_seconds() + (self.memory.clock.offset or 0.0)
        return lag if KEPT_S < lag < KEPT_MOST_S else 0.0

    def since(self, when: datetime | None) -> datetime | None:
        """When a status began that is told now, by the laptop's clock; None where it just did, or nobody knows."""
        kept_s = self.kept_s(when)
        return self.at - timedelta(seconds=kept_s) if kept_s else None

    def _compare(self, when: datetime, queued: bool) -> None:
        clock = self.memory.clock
        offset = clock.see((when - self.at).total_seconds(), self.at, queued)
        if offset is None or (clock.said is not None and abs(offset - clock.said) < SAID_AGAIN_S):
            return
        clock.said = offset
        self.say(ClockRead(offset))
        if self.memory.clock.told and abs(offset) > CLOCK_LIMIT_S:
            way = "ahead of" if offset > 0 else "behind"
            self.find(Code.CLOCK, f"The charger's clock is {duration(abs(offset))} {way} the laptop's.")


def duration(seconds: float) -> str:
    """Seconds in words: ``12 s``, ``5 min``, ``1 h 0 min``, ``3 days``."""
    whole, minutes = round(seconds), round(seconds / 60)
    if whole < 120:
        return f"{whole} s"
    if minutes < 120:
        return f"{minutes} min"
    if whole < 172_800:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{whole // 86_400} days"
