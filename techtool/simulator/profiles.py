"""Charging profiles: which current is allowed at a connector at a time.

Per purpose the highest stack level that is valid counts, of the purposes the lowest limit
(1.6 section 3.13, 2.x K01). Limits in W are spread over three phases of 230 V.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from techtool.simulator.clock import instant
from techtool.simulator.electric import NOMINAL_V, PHASES
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import RefusalError, choice, need, number, objects, take

STATION = frozenset({"ChargePointMaxProfile", "ChargingStationMaxProfile", "ChargingStationExternalConstraints"})
TX_DEFAULT, TX = "TxDefaultProfile", "TxProfile"
PURPOSES = STATION | {TX_DEFAULT, TX}
_RECURRENCE = {"Daily": 86400.0, "Weekly": 604800.0}


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile, the same for all versions. Times are seconds since 1970 UTC."""

    id: int
    connector: int
    """0 for the whole charger."""
    stack: int
    purpose: str
    kind: str
    recurrence: float | None
    """Seconds after which it begins again."""
    valid_from: float | None
    valid_to: float | None
    start: float | None
    duration: float | None
    periods: tuple[tuple[float, float], ...]
    """Seconds from the start, and A per phase."""
    transaction: str | None
    source: dict[str, Any]
    """As it was received."""

    def at(self, at: float, since: float | None) -> float | None:
        """A per phase at a time, None where it says nothing. ``since``: when the transaction began."""
        if (self.valid_from is not None and at < self.valid_from) or (
            self.valid_to is not None and at >= self.valid_to
        ):
            return None
        start = since if self.kind == "Relative" else self.start
        if start is None:
            start = since if since is not None else self.valid_from or 0.0
        passed = at - start
        if self.recurrence is not None:
            passed %= self.recurrence
        if passed < 0 or (self.duration is not None and passed >= self.duration):
            return None
        limit = None
        for begin, amps in self.periods:
            if begin <= passed:
                limit = amps
        return limit


def read(payload: Payload, connector: int, id_key: str) -> Profile:
    """A profile as 1.6 (``id_key`` chargingProfileId) or 2.x (id) writes it.

    Raises:
        RefusalError: it is not one.
    """
    schedules = payload.get("chargingSchedule")
    if isinstance(schedules, list):
        schedules = schedules[0] if schedules else None
    if not isinstance(schedules, dict):
        raise RefusalError("OccurrenceConstraintViolation", "chargingSchedule is missing")
    unit = choice(schedules, "chargingRateUnit", ("A", "W"))
    per_amp = 1.0 if unit == "A" else NOMINAL_V * PHASES
    periods = []
    for period in objects(schedules, "chargingSchedulePeriod"):
        limit = number(period, "limit")
        periods.append((float(need(period, "startPeriod", int)), (0.0 if limit is None else limit) / per_amp))
    if not periods:
        raise RefusalError("OccurrenceConstraintViolation", "chargingSchedulePeriod is empty")
    kind = choice(payload, "chargingProfileKind", ("Absolute", "Recurring", "Relative", "Dynamic"))
    recurrence = _RECURRENCE.get(take(payload, "recurrencyKind", str) or "", 86400.0)
    transaction = payload.get("transactionId")
    return Profile(
        id=need(payload, id_key, int),
        connector=connector,
        stack=need(payload, "stackLevel", int),
        purpose=need(payload, "chargingProfilePurpose", str),
        kind=kind,
        recurrence=recurrence if kind == "Recurring" else None,
        valid_from=instant(payload.get("validFrom")),
        valid_to=instant(payload.get("validTo")),
        start=instant(schedules.get("startSchedule")),
        duration=number(schedules, "duration"),
        periods=tuple(sorted(periods)),
        transaction=None if transaction is None else str(transaction),
        source=payload,
    )


class Profiles:
    """Those that are installed."""

    def __init__(self) -> None:
        self._installed: list[Profile] = []

    def __len__(self) -> int:
        return len(self._installed)

    def install(self, profile: Profile) -> None:
        """Add one; it replaces the one with its id, or with its place, level and purpose."""
        place = (profile.connector, profile.stack, profile.purpose)
        self._installed = [
            one
            for one in self._installed
            if one.id != profile.id and (one.connector, one.stack, one.purpose) != place
        ]
        self._installed.append(profile)

    def find(
        self,
        id: int | None = None,
        connector: int | None = None,
        purpose: str | None = None,
        stack: int | None = None,
    ) -> list[Profile]:
        """Those that fit what is given."""
        return [
            one
            for one in self._installed
            if (id is None or one.id == id)
            and (connector is None or one.connector == connector)
            and (purpose is None or one.purpose == purpose)
            and (stack is None or one.stack == stack)
        ]

    def remove(self, profiles: list[Profile]) -> None:
        """Take these out."""
        self._installed = [one for one in self._installed if one not in profiles]

    def end_transaction(self, connector: int) -> None:
        """TxProfiles end with the transaction."""
        self.remove(self.find(connector=connector, purpose=TX))

    def limit(self, connector: int, at: float, since: float | None) -> tuple[float | None, float | None]:
        """A per phase for this connector, and for the whole charger; None where nothing limits."""
        own = self._best(TX, connector, at, since) if since is not None else None
        if own is None:
            own = self._best(TX_DEFAULT, connector, at, since)
        station = [found for purpose in STATION if (found := self._best(purpose, 0, at, since)) is not None]
        return own, min(station, default=None)

    def _best(self, purpose: str, connector: int, at: float, since: float | None) -> float | None:
        found: tuple[tuple[int, int], float] | None = None
        for one in self._installed:
            if one.purpose != purpose or one.connector not in (0, connector):
                continue
            amps = one.at(at, since)
            # On one level a profile of the connector goes before one of the whole charger.
            rank = (one.stack, one.connector)
            if amps is not None and (found is None or rank > found[0]):
                found = (rank, amps)
        return None if found is None else found[1]

    def changes(self, start: float, duration: float, since: float | None) -> list[float]:
        """Times from ``start`` on at which a limit can change, ``start`` itself first."""
        times = {start}
        for one in self._installed:
            begin = since if one.kind == "Relative" else one.start
            base = begin if begin is not None else (since if since is not None else one.valid_from or 0.0)
            bounds = [base + offset for offset, _ in one.periods]
            if one.duration is not None:
                bounds.append(base + one.duration)
            if one.recurrence is not None:
                rounds = (start - base) // one.recurrence
                count = int(duration // one.recurrence) + 2
                bounds = [b + (rounds + k) * one.recurrence for b in bounds for k in range(count)]
            bounds += [bound for bound in (one.valid_from, one.valid_to) if bound is not None]
            times.update(bound for bound in bounds if start < bound < start + duration)
        return sorted(times)
