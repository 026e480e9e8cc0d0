"""Status: the charger at a glance, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool.csms import schemas
from techtool.station.findings import Code, Finding, Severity
from techtool.station.model import LinkState, Station
from techtool.text import safe

from . import status_details as details
from .rebooting import reboot, reboot_lines
from .widgets.bars import Key, Keys
from .widgets.dialogs import Dialog, Question, menu
from .widgets.lines import beside, cut, cut_inked, fit, join, wrap_inked
from .widgets.look import Look
from .widgets.meter_lines import SPARK
from .widgets.page import Page
from .widgets.sheet import Line, Sheet, Target, line, sentence
from .widgets.station_lines import (
    advice,
    alike,
    boot_text,
    connector_lines,
    fault_lines,
    link_text,
    make_text,
    name_of,
    names_of,
    stands,
)

EVENTS_SHOWN = 12
FINDINGS_SHOWN = 5
NO_CHARGER = "No charger is connected. Press 1 for the URL to type into it."
NO_ANSWER = "No charger has answered at the service port. Press 1 for what is wrong with it."
_TRIGGERS: Sequence[tuple[str, str]] = (
    ("StatusNotification", "every connector tells its status"),
    ("MeterValues", "the meter is read now"),
    ("BootNotification", "asks: some chargers really reboot"),
    ("Heartbeat", "a sign of life"),
)
_SEVERITIES = {Severity.FAULT: "fault", Severity.WARNING: "warn", Severity.INFO: "none"}


class At(NamedTuple):
    """The cursor is on this part of the charger."""

    what: str
    place: int = 0


class FindingAt(NamedTuple):
    """The cursor is on a finding."""

    code: str
    subject: str


class EventAt(NamedTuple):
    """The cursor is on an event."""

    record: int


class FaultAt(NamedTuple):
    """The cursor is on a fault."""

    evse: int
    connector: int


class AllFindings(NamedTuple):
    """The cursor is on the rest of the findings."""


class StatusPage(Page):
    """Link, boot, connectors, findings, events."""

    title = "Status"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "trigger", "Trigger now: have the charger send something", id="status.trigger"),
        Binding("b", "reboot", "Reboot the charger (asks)", id="status.reboot"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._all_findings = False

    def compose(self) -> ComposeResult:
        """Lines and hints."""
        yield Sheet(id="status-sheet")
        yield Keys(classes="hints")

    @property
    def hints(self) -> Sequence[Key]:  # type: ignore[override]
        """The keys that work now."""
        trigger = [] if self.desk.cannot("trigger") else [Key("t", "trigger now")]
        reboot = [] if self.desk.cannot("reboot") or not self._hears else [Key("b", "reboot (asks)")]
        return [*trigger, *reboot, Key("enter", "details", "Enter")]

    @property
    def _hears(self) -> bool:
        """A charger is connected; one at a service port has answered."""
        station, port = self.desk.station, self.desk.session.serial
        standing = station is not None and station.link.state is LinkState.CONNECTED
        return standing and (port is None or port.heard)

    @property
    def _sheet(self) -> Sheet:
        return self.query_one("#status-sheet", Sheet)

    def enter(self) -> None:
        """To the lines."""
        self._sheet.focus()

    def tick(self) -> None:
        """Write the page anew."""
        station, width = self.desk.station, self._sheet.room
        if not width:
            return
        restart = self.desk.jobs.restart
        if restart is not None and restart.outcome is not None and self.main.page is self:
            restart.seen = True
        if station is None:
            self._sheet.show(sentence(NO_ANSWER if self.desk.cannot("url") else NO_CHARGER, width))
        else:
            self._sheet.show(self._lines(station, self.main.look, width))

    # --- what it says ------------------------------------------------------------------------------------

    def _lines(self, station: Station, look: Look, width: int) -> list[Line]:
        lines = [
            line(join(" Link      ", part), At("link"), end=9) if not place else line(join("           ", part))
            for place, part in enumerate(wrap_inked(link_text(station, look), width - 11))
        ]
        if not station.link.offered and station.link.protocol is not None:
            taken = station.link.protocol.removeprefix("ocpp")
            told = f"offered no subprotocol, taken as {taken} (out of spec)"
            lines.append(line(join("           ", (told, look.ink.warn))))
        if station.boot is not None or station.clock is not None or not station.link.at_a_port:
            lines.append(line(cut_inked(join(" Boot      ", boot_text(station, look)), width), At("boot"), end=9))
        lines.append(line(cut(f" Firmware  {make_text(station)}", width), At("make"), end=9))
        for name, progress in (("Update", station.firmware), ("Log", station.logs)):
            if progress is not None:
                told = f" {name:<9} {safe(progress.status, 30)}   {look.clock(progress.at)}"
                lines.append(line(told))
        lines += reboot_lines(self.desk.jobs.restart, station, look, width)
        lines.append(line(""))
        lines += self._faults(station, look, width)
        lines += self._connectors(station, look, width)
        lines += self._findings(station, look, width)
        return lines + self._events(station, look, width)

    def _faults(self, station: Station, look: Look, width: int) -> list[Line]:
        lines: list[Line] = []
        for found, members in alike(station, station.faults):
            for evse, connector in members:
                first, *more = (
                    Text(f" {one} ", look.ink.alarm, end="")
                    for one in fault_lines(evse, connector, look, width - 4)
                )
                lines.append(line(first, FaultAt(evse.id, connector.id), start=1, end=width - 1))
                lines += map(line, more)
            if found is not None:
                about = names_of(members) if len(members) > 1 else ""
                lines += [line(f"    {one}") for one in advice(found, width - 6, about)]
        return [*lines, line("")] if lines else []

    def _connectors(self, station: Station, look: Look, width: int) -> list[Line]:
        evses = [evse for _, evse in sorted(station.evses.items()) if evse.id]
        main = station.evses.get(0)
        standing = stands(station, look)
        lines: list[Line] = []
        if not evses and main is None:
            asking = self.desk.cannot("trigger") or "Press t to ask for it."
            why = self.desk.cannot("status") or f"No connector has told its status yet. {asking}"
            return [line(f" {why}"), line("")]
        if main is not None and (main.connectors or main.readings):
            parts = connector_lines(main, look, self._powers(station, 0), width, standing=standing)
            kept = parts[:1] + [
                part for part in parts[1:] if "NoError" not in part.plain and "vendor  --" not in part.plain
            ]
            head = join(" Station   ", kept[0]) if main.connectors else Text(" Station", end="")
            lines.append(line(head, At("evse", 0), end=9))
            lines += [line(join("       ", part)) for part in (kept[1:] if main.connectors else kept)]
            lines.append(line(""))
        columns = max(1, min(len(evses), (width + 1) // 39))
        each = width // columns if columns > 1 else width
        for first in range(0, len(evses), columns):
            row = evses[first : first + columns]
            blocks = [
                [
                    Text(f" {name_of(evse)}", look.ink.head, end=""),
                    *(
                        join(" ", part)
                        for part in connector_lines(
                            evse, look, self._powers(station, evse.id), each, standing=standing
                        )
                    ),
                ]
                for evse in row
            ]
            for y in range(max(map(len, blocks))):
                pieces = [block[y] if y < len(block) else None for block in blocks]
                targets = tuple(
                    Target(each * x + 1, each * x + 1 + len(name_of(evse)), At("evse", evse.id))
                    for x, evse in enumerate(row)
                )
                lines.append(Line(beside(pieces, each), targets if not y else ()))
            lines.append(line(""))
        return lines

    def _powers(self, station: Station, evse: int) -> list[float]:
        return self.desk.trace.powers(station.link.connection, str(evse), SPARK)

    def _findings(self, station: Station, look: Look, width: int) -> list[Line]:
        findings = sorted_findings(station.findings)
        if not findings:
            return []
        shown = findings if self._all_findings else findings[:FINDINGS_SHOWN]
        lines = [line(Text(f" Findings   {len(findings)}", look.ink.head, end=""))]
        for one in shown:
            times = f"  x{one.count:,}" if one.count > 1 else ""
            word = look.word(_SEVERITIES[one.severity])
            said = cut(safe(one.text), width - 8 - len(times))
            lines.append(
                line(
                    join("   ", word, f"  {said}", (times, look.ink.muted)),
                    FindingAt(one.code.value, one.subject),
                    start=2,
                    end=width - 1,
                )
            )
        if len(shown) < len(findings):
            lines.append(line(f"       {len(findings) - len(shown)} more", AllFindings(), start=6, end=17))
        return [*lines, line("")]

    def _events(self, station: Station, look: Look, width: int) -> list[Line]:
        trace = self.desk.trace
        numbers = details.events(trace, station.identity, EVENTS_SHOWN)
        if not numbers:
            return []
        lines = [line(Text(" Last events", look.ink.head, end=""))]
        for number in numbers:
            row = trace.row(number)
            answer = details.answer_words(trace, row)
            # The answer first: at the end of the line it might be cut off.
            said = "  ".join(part for part in (answer, row.what) if part)
            label = fit(row.label, 20)
            text = cut(f"   {look.clock(row.at)}  {label}  {row.connector:<3} {said}", width - 1)
            style = look.ink.fault if row.flag == "!!" else look.ink.text
            lines.append(line(Text(text, style, end=""), EventAt(number), start=2, end=width - 1))
        return lines

    # --- what it does ------------------------------------------------------------------------------------

    def copied(self) -> str | None:
        """The marked thing in words."""
        station, key = self.desk.station, self._sheet.key
        if station is None or key is None:
            return None
        title, lines = details.about(station, key, self.main)
        return f"{title}\n" + "\n".join(one.text.plain.rstrip() for one in lines) if lines else None

    async def exported(self) -> str:
        """The page as text."""
        return self._sheet.plain

    def why_not(self, action: str) -> str | None:
        """Whoever is to do something must be there."""
        if action not in ("trigger", "reboot"):
            return None
        station = self.desk.station
        if self.desk.replay:
            return "This is a visit from the journal: there is no charger to ask."
        if station is None or station.link.state is not LinkState.CONNECTED:
            return "No charger is connected."
        job = self.desk.jobs.running if action == "reboot" else None
        return self.desk.cannot(action) or (job.busy if job is not None else None)

    @on(Sheet.Chosen, "#status-sheet")
    def _open(self, message: Sheet.Chosen) -> None:
        message.stop()
        key, station = message.key, self.desk.station
        if station is None:
            return
        match key:
            case EventAt(record):
                self.main.jump(record)
                return
            case AllFindings():
                self._all_findings = True
                self.tick()
                return
            case FaultAt() | FindingAt(Code.CHARGER_FAULT.value):
                self.desk.see_faults()
        title, lines = details.about(station, key, self.main)
        if lines:
            self.app.push_screen(Dialog(title, lines, wide=True), self._follow)

    def _follow(self, key: Hashable | None) -> None:
        if isinstance(key, details.RecordAt):
            self.main.jump(key.record)

    def action_trigger(self) -> None:
        """Have the charger send something now."""
        if (reason := self.why_not("trigger")) is not None:
            self.tech.say(reason, severity="warning")
            return
        choices = [(name, name, more) for name, more in _TRIGGERS]
        self.app.push_screen(menu("Trigger now", choices), self._trigger)

    def action_reboot(self) -> None:
        """Have the charger start anew."""
        station = self.desk.station
        if (reason := self.why_not("reboot")) is not None or station is None:
            self.tech.say(reason or NO_CHARGER, severity="warning")
        else:
            reboot(self.main, station)

    def _trigger(self, message: Hashable | None) -> None:
        if message == "BootNotification":
            text = (
                "Some chargers answer this by really rebooting. If a car is charging, that ends its session. "
                "Ask for a BootNotification all the same?"
            )
            question = Question("Trigger BootNotification", text, "Ask for it")
            self.app.push_screen(question, lambda yes: self._send(str(message)) if yes else None)
        elif message is not None:
            self._send(str(message))

    def _send(self, message: str) -> None:
        station = self.desk.station
        if station is not None:
            self.main.call("TriggerMessage", triggers(station, message))


def triggers(station: Station, message: str) -> list[dict[str, Any]]:
    """The payloads that trigger a message; in 2.x a status must be asked for connector by connector."""
    whole: dict[str, Any] = {"requestedMessage": message}
    known = schemas.schema(station.link.protocol or "", "TriggerMessage") or {}
    if message != "StatusNotification" or "evse" not in known.get("properties", {}):
        return [whole]
    places = [
        {"id": evse.id, "connectorId": connector}
        for _, evse in sorted(station.evses.items())
        if evse.id
        for connector in sorted(evse.connectors)
    ]
    return [{**whole, "evse": place} for place in places] or [whole]


def sorted_findings(findings: Mapping[Any, Finding]) -> list[Finding]:
    """The worst first, among equals the newest."""
    order = list(_SEVERITIES)
    return sorted(
        sorted(findings.values(), key=lambda one: one.last, reverse=True),
        key=lambda one: order.index(one.severity),
    )
