"""Firmware: choose a file, see what speaks against it, send it, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool import image_file
from techtool.abilities import UnableError
from techtool.image_file import ReadFile
from techtool.station.firmware import Examined, Firmware, Image, Known, Way
from techtool.station.outcomes import CallRefusedError

from . import remembered
from .files import Files
from .firmware_lines import Do, Plan, asked, checks, energy, plan_lines, push_lines
from .insisting import ask
from .push import Push
from .widgets.ask import Ask
from .widgets.bars import Key, Keys
from .widgets.dialogs import Question, menu
from .widgets.page import Page
from .widgets.sheet import Sheet, line, sentence

NOTHING = "Nothing is being sent."


class FirmwarePage(Page):
    """From the ability alone: what wire it is, is none of its business."""

    title = "Firmware"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "stop", "Stop sending (asks)", id="firmware.stop"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._said = Way()
        """What the technician said of the way, for all of this visit."""
        self._known = Known("", "")
        """What was known last of it."""
        self._ability: Firmware | None = None
        """By which the file was looked at."""
        self._file: ReadFile | None = None
        self._examined: Examined | None = None
        self._refused: str | None = None
        """Why it may not go out, or could not be read."""
        self._reading: str | None = None

    def compose(self) -> ComposeResult:
        """Lines and hints."""
        yield Sheet(id="firmware-sheet")
        yield Keys(classes="hints")

    @property
    def _sheet(self) -> Sheet:
        return self.query_one("#firmware-sheet", Sheet)

    @property
    def offered(self) -> bool:
        """Over OCPP it is not built yet; there is nothing to send to an earlier visit."""
        return self.desk.session.serial is not None or self.desk.jobs.push is not None

    @property
    def unable(self) -> str | None:
        """Why this link takes none."""
        return None if self.desk.jobs.push is not None else self.desk.cannot("firmware")

    @property
    def hints(self) -> Sequence[Key]:  # type: ignore[override]
        """The keys that work now."""
        if self.unable is not None:
            return []
        if self._under_way is not None:
            return [Key("x", "stop sending (asks)"), Key("y", "copy sha256")]
        return [Key("enter", "choose", "Enter"), *([Key("y", "copy sha256")] if self._file is not None else [])]

    def enter(self) -> None:
        """To the lines."""
        self._sheet.focus()

    def tick(self) -> None:
        """Write the page anew."""
        width, look = self._sheet.room, self.main.look
        if not width:
            return
        push = self.desk.jobs.push
        if push is not None and push.outcome is not None and self.main.page is self:
            push.seen = True
        if (reason := self.unable) is not None:
            self._sheet.show(
                [line(Text(" 5 Firmware", look.ink.head, end="")), line(""), *sentence(reason, width)]
            )
            return
        plan, port = self._plan(), self.desk.session.port_problem
        if push is not None:
            self._sheet.show(push_lines(push, plan, port, look, width))
        else:
            found = checks(plan, self.desk.station, self.desk.cannot("status"), port)
            self._sheet.show(plan_lines(plan, found, look, width))

    # --- what it knows -----------------------------------------------------------------------------------

    @property
    def _under_way(self) -> Push | None:
        push = self.desk.jobs.push
        return push if push is not None and push.outcome is None else None

    @property
    def _identity(self) -> str | None:
        return self.desk.station.identity if self.desk.station is not None else None

    def _plan(self) -> Plan:
        with contextlib.suppress(UnableError):  # the port was left meanwhile: what was known of it is still shown
            ability = self.desk.session.able.firmware(self._identity)
            self._known = ability.known
            if ability is not self._ability:  # another port, where other files may go out
                self._ability = ability
                self._take(self._said)
        return Plan(
            where=self._identity or "the charger",
            runs=self.desk.station.make.firmware if self.desk.station is not None else None,
            known=self._known,
            way=self._way,
            file=self._file,
            examined=self._examined,
            refused=self._refused,
            reading=self._reading,
        )

    @property
    def _way(self) -> Way:
        """What was said, as far as it means something here."""
        said, known = self._said, self._known
        return Way(said.start if known.takes_start else None, said.by if said.by in known.by else None)

    def copied(self) -> str | None:
        """The hash of the file."""
        return self._file.sha256 if self._file is not None else None

    async def exported(self) -> str:
        """The page as text."""
        return self._sheet.plain

    def why_not(self, action: str) -> str | None:
        """Only what runs can be stopped."""
        return NOTHING if action == "stop" and self._under_way is None else None

    # --- what it does ------------------------------------------------------------------------------------

    @on(Sheet.Chosen, "#firmware-sheet")
    def _open(self, message: Sheet.Chosen) -> None:
        message.stop()
        match message.key:
            case Do.FILE:
                base = self.desk.folder if self.desk.folder is not None else Path.cwd()
                files = Files("Which firmware?", self.main.look, base, remembered.folder)
                self.app.push_screen(files, self._take_file)
            case Do.BY:
                choices = [(one, one.upper(), "") for one in self._known.by]
                by = self._way.by or self._known.by[0]
                self.app.push_screen(menu("How is it sent?", choices, chosen=by), self._take_by)
            case Do.START:
                words = ["The line that starts the receiver, like loady or rx. Empty: as the profile has it."]
                value = self._way.start or self._known.start or ""
                self.app.push_screen(Ask("What is typed before?", words, value=value), self._take_start)
            case Do.SEND:
                self._ask_to_send()

    def _take_file(self, path: Path | None) -> None:
        if path is not None:
            self.run_worker(self._read(path), group="file", exclusive=True, exit_on_error=False)

    async def _read(self, path: Path) -> None:
        self.desk.jobs.forget(self.desk.jobs.push)
        self._file = self._examined = self._refused = None
        self._reading = path.name
        self.tick()
        try:
            self._file = await asyncio.to_thread(image_file.read, path)
        except image_file.UnreadableError as error:
            self._refused = str(error)
        else:
            await asyncio.to_thread(remembered.remember_folder, self._file.path.parent)
            await self._examine()
        finally:
            self._reading = None
            self.tick()
        self._go_on()

    def _go_on(self) -> None:
        """The cursor to what comes next."""
        self._sheet.go(Do.SEND if self._examined is not None else Do.FILE)

    async def _examine(self) -> None:
        """What the file is, and whether it may go out this way."""
        if self._file is None:
            return
        self._examined = self._refused = None
        image = Image(self._file.name, self._file.data)
        try:
            ability = self.desk.session.able.firmware(self._identity)
            self._examined = await asyncio.to_thread(ability.examine, image, self._way)
        except (UnableError, CallRefusedError) as error:
            self._refused = str(error)

    async def _examine_again(self) -> None:
        await self._examine()
        self.tick()

    def _take_by(self, by: Hashable | None) -> None:
        if isinstance(by, str):
            self._take(self._said._replace(by=None if by == self._known.by[0] else by))

    def _take_start(self, typed: str | None) -> None:
        if typed is not None:
            start = None if typed in ("", self._known.start) else typed
            self._take(self._said._replace(start=start))

    def _take(self, way: Way) -> None:
        self._said = way
        self.run_worker(self._examine_again(), group="file", exclusive=True, exit_on_error=False)

    def _ask_to_send(self) -> None:
        plan, charging = self._plan(), energy(self.desk.station)
        if plan.file is None or plan.examined is None:
            self.tech.say(self._refused or "Choose a file first.", severity="warning")
            return
        if (job := self.desk.jobs.running) is not None:
            self.tech.say(job.busy, severity="warning")
            return
        why = "A car is charging" if charging is not None else None
        ask(self.app, "Send this firmware?", asked(plan, charging), "Send it", why, self._send)

    def _send(self) -> None:
        if self._file is None:
            return
        try:
            self.desk.jobs.send(Image(self._file.name, self._file.data), self._way)
        except UnableError as error:
            self.tech.say(str(error), severity="warning")
        self.tick()

    def action_stop(self) -> None:
        """Break it off."""
        if (push := self._under_way) is None:
            self.tech.say(NOTHING, severity="warning")
            return
        text = f"{push.at_stake} {push.stops}"
        question = Question("Stop sending?", text, "Stop sending", "Go on sending")
        self.app.push_screen(question, self._stop)

    def _stop(self, yes: Hashable | None) -> None:
        if yes:
            self.app.run_worker(self.desk.jobs.stop(), group="stop", exit_on_error=False)
