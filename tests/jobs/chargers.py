"""A charger that a test plays, behind the wire that the operations see."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from techtool.csms import schemas
from techtool.csms.dialogue import Ended, Ending
from techtool.csms.frames import Call, CallError, CallResult
from techtool.station.model import Station
from techtool.station.records import Direction, Kind, Record

Answer = dict[str, Any] | Ending | None


class Played:
    """A :class:`techtool.jobs.wire.Ocpp`. Nobody waits for its time-outs."""

    def __init__(
        self, protocol: str, answer: Callable[[str, dict[str, Any]], Answer], vendor: str | None = None
    ) -> None:
        self.protocol = protocol
        self.vendor = vendor
        self.asked: list[tuple[str, dict[str, Any], float | None]] = []
        self.returns = True
        """It comes back after its link was lost."""
        self.station: Station | None = None
        self._answer = answer
        self._watchers: list[Callable[[Record], None]] = []
        self._records = 0

    async def ask(self, action: str, payload: Any, *, force: bool = False, within: float | None = None) -> Ended:
        if not force:
            assert not schemas.violations(self.protocol, action, payload), (action, payload)
        self.asked.append((action, payload, within))
        self._records += 2
        call = Call(f"{len(self.asked)}", action, payload)
        match self._answer(action, payload):
            case Ending() as ending:
                answer = CallError(call.id, "InternalError", "", {}) if ending is Ending.ERROR else None
                return Ended(call, ending, answer, 0.1, True)
            case None:
                return Ended(call, Ending.TIMED_OUT, None, within or 30.0, True)
            case told:
                return Ended(call, Ending.ANSWERED, CallResult(call.id, told), 0.1, True)

    async def back(self, seconds: float) -> bool:
        return self.returns

    async def until(self, true: Callable[[Station], bool], seconds: float) -> bool:
        return self.station is not None and true(self.station)

    def mark(self) -> int:
        return self._records

    def watch(self, told: Callable[[Record], None]) -> Callable[[], None]:
        self._watchers.append(told)
        return lambda: self._watchers.remove(told)

    def says(self, action: str, payload: Any) -> None:
        """The charger sends a message by itself."""
        self._records += 1
        data = json.dumps([2, f"c{self._records}", action, payload]).encode()
        record = Record(self._records, 1, 0, 0, Direction.CHARGER, Kind.TEXT, data)
        for told in tuple(self._watchers):
            told(record)

    @property
    def idle(self) -> bool:
        """Nobody watches it any more."""
        return not self._watchers

    def actions(self) -> list[str]:
        """What it was asked, in order."""
        return [action for action, _, _ in self.asked]
