"""The settings of a charger over OCPP: read in whatever way it tells them, written one at a time and read back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from techtool.csms import schemas
from techtool.jobs import dangers
from techtool.jobs.described import Described
from techtool.jobs.dialect import Dialect, Told
from techtool.jobs.fitting import Rule, same, wrong
from techtool.jobs.keys16 import Keys
from techtool.jobs.variables2 import Variables
from techtool.jobs.wire import Ocpp
from techtool.knowledge.facts import Shape
from techtool.masking import MASK, is_secret, mask_words
from techtool.station.judging import judge_write
from techtool.station.outcomes import (
    CallRefusedError,
    DangerousError,
    NoLinkError,
    Outcome,
    UnfitError,
    Verdict,
)
from techtool.station.settings import Listed, UnknownSettingError

BACK_S = 60.0
"""So long a charger that left while it was written to is waited for, to see what it kept."""
DIALECTS: Mapping[str, Callable[[Ocpp], Dialect]] = MappingProxyType(
    {"ocpp1.6": Keys, "ocpp2.0.1": Variables, "ocpp2.1": Variables}
)
_NEW_PASSWORD = "the charger drops the link and calls again with the new password, and with no other"


class OcppConfiguration:
    """A :class:`techtool.station.settings.Configuration`."""

    def __init__(self, wire: Ocpp) -> None:
        self._wire = wire
        self._spoken: tuple[str, Dialect] | None = None
        self._told: dict[str, Described] = {}
        """What was read last, by name in lower case."""

    async def read(self, names: Sequence[str] = ()) -> Listed:
        """These settings, or all of them."""
        told = await self._dialect.read(names)
        self._keep(told)
        return Listed(tuple(one.setting for one in told.settings), tuple(told.unknown), tuple(told.silent))

    def check(self, name: str, value: str) -> None:
        """Whether this may be written, by all that is known here."""
        action, message = self._dialect.message(name, value)
        known = self._told.get(name.casefold())
        if known is not None and known.setting.readonly:
            raise UnfitError(f"{name} can only be read: the charger says so.")
        rule = self._rule(name)
        if rule is not None and (reason := wrong(rule, value)) is not None:
            told = MASK if is_secret(name, value) else f'"{mask_words(value[:60])}"'
            raise UnfitError(f"{name} {told} {reason}.")
        if violations := schemas.violations(self._wire.protocol, action, message):
            listed = "; ".join(map(str, violations))
            raise UnfitError(f"{name}: {listed}.")
        if (danger := _danger(action, message, rule)) is not None:
            raise DangerousError(f"{name}: {danger}. --force does it.", danger)

    async def write(self, name: str, value: str, *, force: bool = False) -> Outcome:
        """Write one setting, and read it back; a charger that left meanwhile is waited for."""
        if not force:
            self.check(name, value)
        first = self._wire.mark() + 1
        answer = await self._dialect.write(name, value, force=force)
        back, shown = await self._look_when_back(name)
        if shown is None and back and not await self._wire.back(0):  # it left while it was asked
            back, shown = await self._look_when_back(name)
        is_set = shown is not None and same(self._rule(name), value, shown)
        result, records = {"written": value, "read": shown}, (first, self._wire.mark())
        what = f"{name} = {value}"
        if answer.lost and shown is None:
            there = "it does not tell what it is now" if back else "the charger is not back"
            text = f"The link was lost when {what} was sent, and {there}: whether it is set is unknown."
            return Outcome(Verdict.UNANSWERED, text, result, records)
        if answer.reboot and not is_set:
            now = f" It reads as {shown} now." if shown is not None else ""
            text = f"{what} was taken, and counts from the next boot on.{now}"
            return Outcome(Verdict.ACCEPTED, text, result, records)
        refused, answered = answer.refused, answer.answered
        return judge_write(
            name, value, refused=refused, shown=shown, is_set=is_set, answered=answered, records=records
        )

    @property
    def _dialect(self) -> Dialect:
        """That of the link which stands now: a charger may come back with another version."""
        protocol = self._wire.protocol
        if self._spoken is None or self._spoken[0] != protocol:
            self._spoken = protocol, DIALECTS[protocol](self._wire)
            self._told.clear()
        return self._spoken[1]

    async def _look_when_back(self, name: str) -> tuple[bool, str | None]:
        back = await self._wire.back(BACK_S)
        return back, await self._look(name) if back else None

    async def _look(self, name: str) -> str | None:
        """What it is now; None where nothing tells, be it that it came back with another version of OCPP."""
        try:
            told = await self._dialect.read([name])
        except (CallRefusedError, NoLinkError, UnknownSettingError):
            return None
        self._keep(told)
        wanted = name.casefold()
        return next((one.setting.value for one in told.settings if one.setting.name.casefold() == wanted), None)

    def _keep(self, told: Told) -> None:
        self._told |= {one.setting.name.casefold(): one for one in told.settings}

    def _rule(self, name: str) -> Rule | None:
        known = self._told.get(name.casefold())
        return known.rule if known is not None else self._dialect.rule(name)


def _danger(action: str, message: dict[str, object], rule: Rule | None) -> str | None:
    if (danger := dangers.danger(action, message)) is not None:
        return danger
    return _NEW_PASSWORD if rule is not None and rule.shape is Shape.PASSWORD else None
