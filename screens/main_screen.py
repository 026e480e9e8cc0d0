"""The screen with the pages: header, page, side column, footer; and the keys that work on all of them."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.types import CSSPathType
from textual.widgets import ContentSwitcher, Static

from techtool.text import safe

from . import exports, visits
from .config import ConfigPage
from .desk import Desk
from .firmware import FirmwarePage
from .header import banner, header
from .help import Command, Help, commands
from .link import LinkPage
from .release import ReleasePage
from .status import StatusPage
from .themes import INKS
from .trace import TracePage
from .widgets.bars import Bar, Key, Keys, Rule
from .widgets.dialogs import Question, menu
from .widgets.lines import cut
from .widgets.look import Look
from .widgets.page import Page
from .widgets.side import Side

if TYPE_CHECKING:
    from .app import TechtoolApp
    from .job import Job

FRAME_S = 1 / 12
RESTS = 3.0
"""After drawing, for so many times as long as it took nothing is drawn."""
CATCH_UP_S = 0.008
DEMO = "demo"
DEMO_RUNS = "The demo charger is here already."
NO_DEMO = "There is no demo charger here: start `techtool demo`."
NOT_LISTENING = "Nothing listens: choose another port first (page 1)."

PAGES: tuple[tuple[str, str, str], ...] = (
    ("1", "link", "Link"),
    ("2", "status", "Status"),
    ("3", "test", "Test"),
    ("4", "config", "Config"),
    ("5", "firmware", "Firmware"),
    ("6", "trace", "Trace"),
)
"""Key, id and name of the pages that work, in the order of the job. The digits never change."""


class MainScreen(Screen[None]):
    """The pages over one desk. Every page is there from the start, so that going to one costs nothing."""

    CSS_PATH: ClassVar[CSSPathType | None] = ["main.tcss", "link.tcss", "status.tcss", "config.tcss", "trace.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"page('{id}')", name, id=f"page.{id}") for key, id, name in PAGES),
        Binding("left_square_bracket", "turn(-1)", "Previous page", id="page.previous"),
        Binding("right_square_bracket", "turn(1)", "Next page", id="page.next"),
        Binding("tab", "turn(1)", "Next page", show=False, system=True),
        Binding("shift+tab", "turn(-1)", "Previous page", show=False, system=True),
        Binding("minus", "last_page", "The page before", id="page.last"),
        Binding("escape,backspace", "back", "Back", id="back"),
        Binding("y", "copy", "Copy the marked thing", id="copy"),
        Binding("e", "export", "Export this page to a file", id="export"),
        Binding("c", "charger", "Choose the charger", id="charger"),
        Binding("o", "open", "Open an earlier visit or a file", id="open_visit"),
        Binding("space", "pause", "Pause the page, go on", id="pause"),
        Binding("d", "demo", "Start a demo charger", id="demo"),
        Binding("question_mark,f1", "help", "All actions", id="help"),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._ready = False
        self._first = self._before = "trace" if desk.replay else "link"
        self._paused = False
        self._theme = ""
        """The theme that the page was drawn in."""
        self._banner: Text | None = None
        self._drawn: Hashable = None
        self._rest_until = 0.0

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Bar(id="header")
        yield Rule(classes="frame")
        yield Static(id="banner", markup=False)
        with Horizontal(id="middle"):
            with ContentSwitcher(id="pages", initial=self._first):
                yield LinkPage(id="link")
                yield StatusPage(id="status")
                yield ReleasePage(id="test")
                yield ConfigPage(id="config")
                yield FirmwarePage(id="firmware")
                yield TracePage(self.desk.trace, id="trace")
            yield Side(id="side")
        yield Rule(classes="frame")
        yield Keys(id="footer")

    # --- what is where -------------------------------------------------------------------------------------

    @property
    def tech(self) -> TechtoolApp:
        """The app."""
        return cast("TechtoolApp", self.app)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.query_one(f"#{self.switcher.current}", Page)

    @property
    def offered(self) -> list[tuple[str, str, Page]]:
        """Key, name and page of those that there are for this charger; the one that is shown always."""
        pages = [(key, name, self.query_one(f"#{id}", Page)) for key, id, name in PAGES]
        return [one for one in pages if one[2].offered or one[2] is self.page]

    @property
    def switcher(self) -> ContentSwitcher:
        """What holds the pages."""
        return self.query_one("#pages", ContentSwitcher)

    @property
    def look(self) -> Look:
        """How things are shown now."""
        theme = self.app.theme
        return Look(INKS[theme], self.desk.now, self.desk.zone, theme)

    # --- life ----------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """The first page, and the first frame."""
        self._ready = True
        self.open(self._first)
        self.set_interval(FRAME_S, self._frame)

    def open(self, name: str) -> None:
        """Show a page."""
        self._paused = False
        self.switcher.current = name
        self.set_class(name == "trace", "-trace")
        self.page.enter()
        self.tick()

    def on_resize(self) -> None:
        """Other hints fit."""
        self.tick()

    def _frame(self) -> None:
        """Draw if something came, or a second has gone by: nothing else changes by itself."""
        version, began = self.desk.version, time.perf_counter()
        if version == self._drawn or began < self._rest_until:
            return
        self._drawn = version
        self.tick()
        self.call_after_refresh(self._rest, began)

    def _rest(self, began: float) -> None:
        """In a flood every frame draws every line: keys and chargers get the larger part of the time."""
        ended = time.perf_counter()
        self._rest_until = ended + RESTS * (ended - began)

    def tick(self) -> None:
        """Take in what passed, draw what changed."""
        if not self._ready or not self.is_running:
            return  # the widgets go while the timers still run
        if not self.desk.trace.catch_up(CATCH_UP_S):
            self.call_after_refresh(self._catch_up)
        page, look = self.page, self.look
        self._show_banner(banner(self.desk, look, self.size.width))
        page.show_hints()
        if not self._paused or look.theme != self._theme:
            self._theme = look.theme
            page.tick()
        # after the page: what was looked at there need not be told any more
        self.query_one("#header", Bar).show(*header(self.desk, look, self.size.width, paused=self._paused))
        side = self.query_one(Side)
        if side.display and self.has_class("-wide") and not self.has_class("-trace"):
            side.tick()
        self._footer(page)

    def _show_banner(self, text: Text | None) -> None:
        """As many lines as it needs; the whole screen is laid out anew only where it changed."""
        if text == self._banner:
            return
        self._banner = text
        trouble = self.query_one("#banner", Static)
        trouble.display = text is not None
        trouble.update(text or "")

    def _catch_up(self) -> None:
        """A long visit was opened: pair its records before anything is drawn again."""
        if not self.is_running:
            return
        if self.desk.trace.catch_up(CATCH_UP_S):
            self.tick()
        else:
            self.call_after_refresh(self._catch_up)

    def on_screen_resume(self) -> None:
        """A visit that was opened over this one is closed: the theme may be another one."""
        if self._ready:
            self.recolour()

    def recolour(self) -> None:
        """The theme is another one."""
        self.query_one(TracePage).view.refresh()
        self.tick()

    def _footer(self, page: Page) -> None:
        keys = [Key(key, name, here=one is page, unable=one.unable is not None) for key, name, one in self.offered]
        hints = list(page.hints) if self.has_class("-wide") else []
        self.query_one("#footer", Keys).show_keys(keys, Key("question_mark", "help", "?"), hints, gap=2)

    @on(Keys.Pressed)
    def _pressed(self, message: Keys.Pressed) -> None:
        message.stop()
        self.app.simulate_key(message.key)

    # --- what the pages ask --------------------------------------------------------------------------------

    def jump(self, record: int) -> None:
        """Show a record in the trace."""
        if record < self.desk.trace.first:
            self.tech.say("This record is no longer in memory; the journal has it.", severity="warning")
            return
        self.action_page("trace")
        self.query_one(TracePage).go(record)

    def call(self, action: str, payloads: Sequence[dict[str, Any]]) -> None:
        """Send messages to the charger that is shown, one after the other, and say what came of them."""
        station = self.desk.station
        if station is not None:
            self.run_worker(self._call(station.identity, action, payloads), group="call", exit_on_error=False)

    async def _call(self, identity: str, action: str, payloads: Sequence[dict[str, Any]]) -> None:
        from techtool.jobs.calling import CallRefusedError
        from techtool.station.outcomes import NoLinkError

        for payload in payloads:
            try:
                outcome = await self.desk.session.call(action, payload, identity=identity)
            except (NoLinkError, CallRefusedError) as error:
                self.tech.say(str(error), severity="error")
                return
            good = outcome.verdict.value in ("proved", "accepted")
            self.tech.say(outcome.text, severity="information" if good else "warning")

    # --- keys ----------------------------------------------------------------------------------------------

    def action_page(self, name: str) -> None:
        """Go to a page."""
        if not self.query_one(f"#{name}", Page).offered:
            return
        if name != self.switcher.current:
            self._before = self.switcher.current or "link"
        self.open(name)

    def action_turn(self, step: int) -> None:
        """To the next or previous page."""
        pages = [page for _, _, page in self.offered]
        self.action_page(str(pages[(pages.index(self.page) + step) % len(pages)].id))

    def action_last_page(self) -> None:
        """To the page before this one."""
        self.action_page(self._before)

    def action_back(self) -> None:
        """Close what is open in the page; or else the visit that was opened over the one that runs."""
        if not self.page.back() and self._over_another:
            self.app.pop_screen()

    @property
    def _over_another(self) -> bool:
        return any(isinstance(one, MainScreen) for one in self.app.screen_stack if one is not self)

    def action_pause(self) -> None:
        """Stop the page, or go on; what passes is recorded all the same."""
        self._paused = not self._paused
        self.tick()

    def action_open(self) -> None:
        """Look at an earlier visit, or at a file, while this one goes on."""
        self.run_worker(self._open_visit(), group="open", exclusive=True, exit_on_error=False)

    async def _open_visit(self) -> None:
        try:
            desk = await visits.choose(self)
        except visits.UnreadableError as error:
            self.tech.say(str(error), severity="error")
            return
        if desk is not None:
            screen = MainScreen(desk)
            await self.app.push_screen(screen)
            screen.call_after_refresh(desk.begin, screen)

    async def action_copy(self) -> None:
        """The marked thing into the clipboard."""
        text = self.page.copied()
        if text is None:
            self.tech.say("Nothing is marked.", severity="warning")
        else:
            await self.tech.copy(text, "It" if "\n" in text else cut(safe(text), 60))

    def action_export(self) -> None:
        """This page into a text file."""
        self.run_worker(self._export(), group="export", exit_on_error=False)

    async def _export(self) -> None:
        try:
            file = await exports.write(self.page, self.desk)
        except OSError as error:
            self.tech.say(f"{error.filename} cannot be written: {error.strerror or error}.", severity="error")
        else:
            self.tech.say(f"Written to {file}")

    def action_charger(self) -> None:
        """Choose which charger the pages show."""
        stations = self.desk.session.picture.stations
        if not stations:
            self.tech.say("No charger has called yet.", severity="warning")
            return
        choices = [
            (
                identity,
                cut(safe(identity), 24),
                f"{one.link.state.value}  {cut(safe(one.make.model or ''), 16)}",
            )
            for identity, one in stations.items()
        ]
        self.app.push_screen(menu("Which charger?", choices), self._choose)

    def _choose(self, key: Hashable | None) -> None:
        if isinstance(key, str):
            self.desk.chosen = key
            self._paused = False
            self.tick()

    def action_demo(self) -> None:
        """Have a simulated charger call."""
        if (reason := self.no_demo) is not None or self.desk.demo is None:
            self.tech.say(reason or NO_DEMO, severity="warning")
        else:
            # the simulated charger stays when this screen goes
            self.app.run_worker(self.desk.demo(), group=DEMO, exit_on_error=False)

    @property
    def no_demo(self) -> str | None:
        """Why no demo charger can be started now; None where one can."""
        if self.desk.demo is None:
            return NO_DEMO
        if any(one.group == DEMO and not one.is_finished for one in self.app.workers):
            return DEMO_RUNS
        return NOT_LISTENING if self.desk.session.listening is None else None

    def commands(self) -> list[Command]:
        """What can be done on the page now."""
        page = self.page
        actions = {active.binding.action for active in self.active_bindings.values()}
        reasons = [(action, why) for action in actions if (why := page.why_not(action)) is not None]
        if (no_demo := self.no_demo) is not None:
            reasons.append(("demo", no_demo))
        offered = {page.id for _, _, page in self.offered}
        missing = {f"page('{id}')" for _, id, _ in PAGES if id not in offered}
        return [one for one in commands(self, reasons) if one.action not in missing]

    def action_help(self) -> None:
        """Everything that can be done here."""
        self.app.push_screen(Help(self.commands()), self._helped)

    async def _helped(self, chosen: Command | None) -> None:
        if chosen is not None:
            await self.run_command(chosen)

    async def run_command(self, command: Command) -> None:
        """Do what was chosen from a list."""
        if command.reason is not None:
            self.tech.say(command.reason, severity="warning")
        else:
            await self.app.run_action(command.action, default_namespace=command.node)

    def leave(self) -> None:
        """Quit, or back to the visit that runs; ask only if a charger is connected."""
        if self._over_another:
            self.app.pop_screen()
            return
        unsaved = [lost for page in self.query(Page) if (lost := page.unsaved) is not None]
        if (job := self.desk.jobs.running) is not None:
            text = " ".join([job.at_stake, job.stops, *unsaved])
            question = Question("Quit techtool?", text, "Stop it and quit", "Stay")
            self.app.push_screen(question, lambda yes: self._stop_and_quit(job) if yes else None)
            return
        connected = self.desk.session.picture.connected
        if (not connected and not unsaved) or self.desk.replay:
            self.app.exit()
            return
        charging = [one for station in connected for one in station.open_transactions]
        text = " ".join(unsaved)
        if connected:
            names = ", ".join(safe(one.identity, 30) for one in connected)
            text = f"Connected now: {names}. Quitting hangs up. {text}".rstrip()
        if charging:
            goes = "session goes" if len(charging) == 1 else "sessions go"
            text += f" {len(charging)} charging {goes} on without anybody who listens."
        question = Question("Quit techtool?", text, "Quit")
        self.app.push_screen(question, lambda yes: self.app.exit() if yes else None)

    def _stop_and_quit(self, job: Job) -> None:
        self.app.run_worker(self._quit_after(job), group="quit", exit_on_error=False)

    async def _quit_after(self, job: Job) -> None:
        """The charger is told, or put back, before the port is closed."""
        await self.desk.jobs.stop()
        if job.alarm is not None:  # also where it ended while it was asked
            self.show_alarm(job)
        else:
            self.app.exit()

    def show_alarm(self, job: Job) -> None:
        """The charger is not as it was: who wanted to go must read what to do by hand."""
        self.action_page(job.page)
        self.tech.say(job.alarm or "", severity="error")
