"""The settings of a 2.x charger: the variables of its device model."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from itertools import count

from techtool.csms import frames, lenient
from techtool.csms.dialogue import Ending
from techtool.csms.frames import Call
from techtool.csms.report import Report
from techtool.csms.variables import ACTUAL, Attribute, Place, Variable, VariableReader, place_in, place_of
from techtool.jobs.described import of_variable, rule_for
from techtool.jobs.dialect import Told
from techtool.jobs.fitting import Rule
from techtool.jobs.wire import Ocpp
from techtool.jobs.written import Written, payload, written
from techtool.knowledge.facts import GENERIC, Access, variables
from techtool.knowledge.looking_up import facts_about, like
from techtool.station.records import Direction, Kind, Record
from techtool.station.settings import UnknownSettingError

_BASES = ("FullInventory", "ConfigurationInventory")
_FEW = 10
"""Variables in one question where the charger does not say how many it takes."""
_LIMIT = Place("DeviceDataCtrlr", "ItemsPerMessage", "GetVariables")
_MOST = 50
_requests = count(random.randrange(1, 1_000_000_000))
"""A page that was kept for a question of an earlier run is not taken for one of this."""


class Variables:
    """A :class:`techtool.jobs.dialect.Dialect`."""

    def __init__(self, wire: Ocpp) -> None:
        self._wire = wire
        self._known: dict[tuple[object, ...], Variable] = {}
        """What the last report told: GetVariables says neither the type nor whether it can be set."""

    async def read(self, names: Sequence[str]) -> Told:
        """These variables, or all of them."""
        if names:
            return await self._ask_for([_place(one) for one in names])
        for base in _BASES:
            report = await self._report(base)
            if report is not None and report.variables:
                return self._reported(report)
        return await self._ask_for(_standard(self._version))

    async def write(self, name: str, value: str, *, force: bool) -> Written:
        """Write the Actual value of one variable."""
        action, message = self.message(name, value)
        ended = await self._wire.ask(action, message, force=force)
        told = lenient.items(lenient.obj(payload(ended)).get("setVariableResult"))
        wanted = _place(name).folded
        results = [one for one in told if (of := place_in(one)) is None or of.folded == wanted]
        return written(ended, lenient.text(results[0].get("attributeStatus")) if results else None)

    def rule(self, name: str) -> Rule | None:
        """By the standard."""
        return rule_for(name, self._version, self._wire.vendor)

    def message(self, name: str, value: str) -> tuple[str, dict[str, object]]:
        """SetVariables."""
        return "SetVariables", {"setVariableData": [{"attributeValue": value, **_place(name).payload}]}

    @property
    def _version(self) -> str:
        return self._wire.protocol.removeprefix("ocpp")

    # --- reports -------------------------------------------------------------------------------------------

    async def _report(self, base: str) -> Report | None:
        """What a report told; None where the charger gives none. Its pages may come before the answer."""
        report, came = Report(next(_requests)), asyncio.Event()

        def told(record: Record) -> None:
            for page in _pages(record):
                if report.page(page):
                    came.set()

        unwatch = self._wire.watch(told)
        try:
            message = {"requestId": report.request_id, "reportBase": base}
            ended = await self._wire.ask("GetBaseReport", message)
            status = lenient.text(lenient.obj(payload(ended)).get("status"))
            if ended.ending is not Ending.ANSWERED or status not in ("Accepted", None):
                return report if report.pages else None
            while not (report.complete or report.endless):
                came.clear()
                try:
                    async with asyncio.timeout(report.quiet_s):
                        await came.wait()
                except TimeoutError:
                    report.fell_quiet()
                    break
            return report
        finally:
            unwatch()

    def _reported(self, report: Report) -> Told:
        self._known = {one.place.folded: one for one in report.variables}
        told = [of_variable(one, self._version, self._wire.vendor) for one in report.variables]
        silent = [] if report.complete else [_lost(report)]
        return Told(told, [], silent)

    # --- single variables ------------------------------------------------------------------------------------

    async def _ask_for(self, places: Sequence[Place]) -> Told:
        size = await self._limit() if len(places) > 1 else 1
        reader = VariableReader([(one, ACTUAL) for one in places], size)
        await self._run(reader)
        vendor = self._wire.vendor
        told = [
            of_variable(self._with(place, value), self._version, vendor)
            for (place, _), value in reader.values.items()
        ]
        refused = [place.name for place, _ in (*reader.unknown, *reader.parts.refused)]
        return Told(told, refused, [place.name for place, _ in reader.parts.silent])

    async def _limit(self) -> int:
        """How many variables one question may have."""
        reader = VariableReader([(_LIMIT, ACTUAL)], 1)
        await self._run(reader)
        told = next((lenient.integer(one.value) for one in reader.values.values()), None)
        return min(told, _MOST) if told is not None and told > 0 else _FEW

    async def _run(self, reader: VariableReader) -> None:
        while (question := reader.next()) is not None:
            ended = await self._wire.ask("GetVariables", question, within=reader.parts.within)
            match ended.ending:
                case Ending.ANSWERED:
                    reader.answered(payload(ended))
                case Ending.ERROR:
                    reader.parts.was_refused()
                case _:
                    reader.parts.was_silent()

    def _with(self, place: Place, value: Attribute) -> Variable:
        """A value with what a report told of its variable."""
        known = self._known.get(place.folded)
        if known is None:
            return Variable(place, (value,))
        before = known.attribute()
        mutability = before.mutability if before is not None else None
        return known.joined(Variable(place, (value._replace(mutability=mutability),)))


def _place(name: str) -> Place:
    """Raises UnknownSettingError for what is no name of a variable."""
    place = place_of(name)
    if place is not None:
        return place
    meant = [one.name for one in facts_about(name) if "/" in one.name and one.component != GENERIC]
    meant = meant or [one for one in like(name) if "/" in one]
    hint = f" Perhaps {', '.join(meant[:3])}?" if meant else ""
    raise UnknownSettingError(f"{name[:80]} is no Component/Variable, as a 2.x charger names its settings.{hint}")


def _standard(version: str) -> list[Place]:
    """What to ask for where a charger gives no report: the standard's controllers."""
    known = (
        one for one in variables() if version in one.versions and one.access not in (Access.UNTOLD, Access.WRITE)
    )
    places = (place_of(one.name) for one in known if "<" not in one.name)
    return [one for one in places if one is not None and one.component.endswith("Ctrlr")]


def _pages(record: Record) -> list[object]:
    """The NotifyReports in a record."""
    if record.direction is not Direction.CHARGER or record.kind not in (Kind.TEXT, Kind.BINARY):
        return []
    if b"NotifyReport" not in record.data[:200] and b"\\u" not in record.data[:200]:
        return []
    parsed = frames.parse(record.data)
    found = (one.frame for one in (parsed, *parsed.more))
    return [one.payload for one in found if isinstance(one, Call) and one.action == "NotifyReport"]


def _lost(report: Report) -> str:
    if report.missing:
        numbers = ", ".join(map(str, report.missing[:10]))
        return f"pages {numbers} of the report"
    return "the rest of the report" if report.pages else "the report"
