"""The terminal UI over one session. It watches the session, and owns nothing but what is on the screen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerState

from techtool import __version__
from techtool.session import Session
from techtool.station.model import LinkState, Station
from techtool.text import safe
from techtool.trace import Trace

from .header import fault_keys
from .help import Command, Help, commands
from .main_screen import PAGES, MainScreen
from .network import Network, Start
from .palette import Commands
from .themes import INKS, ORDER, THEMES
from .widgets.clipboard import copy
from .widgets.dialogs import Question, menu
from .widgets.lines import cut
from .widgets.look import Look

if TYPE_CHECKING:
    from techtool.interfaces import Seen

FRAME_S = 1 / 12
CATCH_UP_S = 0.008


class TechtoolApp(App[None]):
    """``start`` opens the link, after the first frame; whoever gave it closes the session.

    Without ``start`` and without a listening session this is a visit from the journal. ``demo`` starts a
    simulated charger. ``clock``, ``zone`` and ``look_for_interfaces`` are for pictures and tests.
    """

    TITLE = "techtool"
    CSS_PATH: ClassVar[CSSPathType | None] = ["app.tcss", "link.tcss", "status.tcss", "trace.tcss"]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {Commands}
    # Textual annotates these in a way that ClassVar would contradict.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT = 6
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(key, f"page('{id}')", name, id=f"page.{id}") for key, id, name in PAGES),
        Binding("left_square_bracket", "turn(-1)", "Previous page", id="page.previous"),
        Binding("right_square_bracket", "turn(1)", "Next page", id="page.next"),
        Binding("minus", "last_page", "The page before", id="page.last"),
        Binding("y", "copy", "Copy the marked thing", id="copy"),
        Binding("e", "export", "Export this page to a file", id="export"),
        Binding("c", "charger", "Choose the charger", id="charger"),
        Binding("d", "demo", "Start a demo charger", id="demo"),
        Binding("f2", "theme", "Next theme", id="theme"),
        Binding("question_mark,f1", "help", "All actions", id="help"),
        Binding("colon,ctrl+p", "command_palette", "Command palette", id="palette"),
        Binding("q,ctrl+q", "leave", "Quit", id="quit"),
    ]

    def __init__(
        self,
        session: Session,
        start: Start | None = None,
        *,
        host: str = "0.0.0.0",
        port: int = 9000,
        demo: Start | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        zone: tzinfo | None = None,
        look_for_interfaces: Callable[[], list[Seen]] | None = None,
        folder: Path | None = None,
        theme: str | None = None,
    ) -> None:
        # Without colours the terminal's own are left alone: reverse and words carry every state.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.session = session
        self.trace = Trace(session.tape)
        self.demo = demo
        self.network = Network(self, start, host, port, look_for_interfaces)
        self._clock, self._zone = clock, zone
        self._folder = folder
        self._identity: str | None = None
        self._seen_faults: set[Hashable] = set()
        self._before = "link"
        self._drawn: tuple[int, int] | None = None
        for known in list(self.available_themes):
            self.unregister_theme(known)
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme if theme in ORDER else "night"

    def get_default_screen(self) -> Screen[Any]:
        """The screen with the pages."""
        return MainScreen()

    # --- life ----------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw first; everything that takes time comes after the first frame."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.set_interval(FRAME_S, self._frame)
        self.network.begin()

    @on(Worker.StateChanged)
    def _failed(self, message: Worker.StateChanged) -> None:
        """Nothing that runs beside the screen fails in silence."""
        if message.state is WorkerState.ERROR:
            error = message.worker.error
            self.say(f"{message.worker.group} failed: {error!r}", severity="error")

    def _frame(self) -> None:
        """Draw if something came, or a second has gone by: nothing else changes by itself."""
        state = (self.session.tape.last, int(self._clock().timestamp()))
        if state != self._drawn:
            self._drawn = state
            self.tick()

    def tick(self) -> None:
        """Take in what passed, draw what changed."""
        if not self.is_running:
            return  # the widgets go while the timers still run
        self.network.tick()
        if not self.trace.catch_up(CATCH_UP_S):
            self.call_later(self._catch_up)
        screen = self.screen_stack[0] if self.screen_stack else None
        if isinstance(screen, MainScreen):
            screen.tick()

    def _catch_up(self) -> None:
        """A long visit was opened: pair its records before anything is drawn again."""
        if not self.is_running:
            return
        if self.trace.catch_up(CATCH_UP_S):
            self.tick()
        else:
            self.call_later(self._catch_up)

    # --- what the pages ask --------------------------------------------------------------------------------

    @property
    def main(self) -> MainScreen:
        """The screen with the pages."""
        return cast(MainScreen, self.screen_stack[0])

    @property
    def now(self) -> datetime:
        """The time; in a replay, when the last thing happened, so that ages are what they were."""
        if self.replay and self.trace.last:
            return self.trace.records[self.trace.last].time
        return self._clock()

    @property
    def look(self) -> Look:
        """How things are shown now."""
        return Look(INKS[self.theme], self.now, self._zone, blocks=self.theme != "ansi")

    @property
    def replay(self) -> bool:
        """This is a visit from the journal."""
        nobody_listens = self.network.start is None and self.session.listening is None
        return self.session.journal is None or nobody_listens

    @property
    def station(self) -> Station | None:
        """The charger that is shown."""
        if self._identity is not None:
            chosen = self.session.picture.stations.get(self._identity)
            if chosen is not None:
                return chosen
        return self.session.station

    def say(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """Tell the technician something for a few seconds."""
        self.notify(safe(text, 500), severity=severity, markup=False)

    def unseen_faults(self) -> list[Hashable]:
        """The faults that nobody has opened yet."""
        stations = self.session.picture.stations.values()
        return [key for one in stations for key in fault_keys(one) if key not in self._seen_faults]

    def see_faults(self) -> None:
        """The technician has opened one: the header need not shout any more."""
        if self.station is not None:
            self._seen_faults |= set(fault_keys(self.station))

    def jump(self, record: int) -> None:
        """Show a record in the trace."""
        if record < self.trace.first:
            self.say("This record is no longer in memory; the journal has it.", severity="warning")
            return
        from .trace import TracePage

        self.action_page("trace")
        self.main.query_one(TracePage).go(record)

    async def copy(self, text: str, what: str) -> None:
        """Into the clipboard, and say where it is now."""
        where = await copy(text, self.copy_to_clipboard if not self.is_headless else None)
        self.say(f"{what[:1].upper()}{what[1:]} is {where}.")

    def call(self, action: str, payloads: Sequence[dict[str, Any]]) -> None:
        """Send messages to the charger that is shown, one after the other, and say what came of them."""
        station = self.station
        if station is not None:
            self.run_worker(self._call(station.identity, action, payloads), group="call", exit_on_error=False)

    async def _call(self, identity: str, action: str, payloads: Sequence[dict[str, Any]]) -> None:
        from techtool.jobs.calling import CallRefusedError
        from techtool.session import NoLinkError

        for payload in payloads:
            try:
                outcome = await self.session.call(action, payload, identity=identity)
            except (NoLinkError, CallRefusedError) as error:
                self.say(str(error), severity="error")
                return
            good = outcome.verdict.value in ("proved", "accepted")
            self.say(outcome.text, severity="information" if good else "warning")

    # --- keys ----------------------------------------------------------------------------------------------

    def action_page(self, name: str) -> None:
        """Go to a page."""
        if name != self.main.switcher.current:
            self._before = self.main.switcher.current or "link"
        self.main.open(name)

    def action_turn(self, step: int) -> None:
        """To the next or previous page."""
        names = [id for _, id, _ in PAGES]
        here = names.index(self.main.switcher.current or "link")
        self.action_page(names[(here + step) % len(names)])

    def action_last_page(self) -> None:
        """To the page before this one."""
        self.action_page(self._before)

    async def action_back(self) -> None:
        """Close what is open in the page."""
        self.main.page.back()

    async def action_copy(self) -> None:
        """The marked thing into the clipboard."""
        text = self.main.page.copied()
        if text is None:
            self.say("Nothing is marked.", severity="warning")
        else:
            await self.copy(text, "it" if "\n" in text else cut(safe(text), 60))

    def action_export(self) -> None:
        """This page into a text file."""
        self.run_worker(self._export(), group="export", exit_on_error=False)

    async def _export(self) -> None:
        page = self.main.page
        text = await page.exported()
        stamp = self._clock().astimezone(self._zone)
        name = f"techtool-{page.id}-{stamp:%Y%m%d-%H%M%S}.txt"
        station = self.station
        who = f"{safe(station.identity)}  " if station is not None else ""
        content = f"techtool {__version__}  {page.title}  {who}{stamp:%Y-%m-%d %H:%M:%S %z}\n\n{text}\n"
        for folder in (self._folder or Path.cwd(), Path.home()):
            try:
                await asyncio.to_thread((folder / name).write_text, content, encoding="utf-8")
            except OSError as error:
                problem = f"{folder / name} cannot be written: {error.strerror or error}."
                continue
            self.say(f"Written to {folder / name}")
            return
        self.say(problem, severity="error")

    def action_charger(self) -> None:
        """Choose which charger the pages show."""
        stations = self.session.picture.stations
        if not stations:
            self.say("No charger has called yet.", severity="warning")
            return
        choices = [
            (
                identity,
                cut(safe(identity), 24),
                f"{one.link.state.value}  {cut(safe(one.make.model or ''), 16)}",
            )
            for identity, one in stations.items()
        ]
        self.push_screen(menu("Which charger?", choices), self._choose)

    def _choose(self, key: Hashable | None) -> None:
        if isinstance(key, str):
            self._identity = key
            self.tick()

    def action_demo(self) -> None:
        """Have a simulated charger call."""
        if self.demo is None:
            self.say("There is no demo charger here: start `techtool demo`.", severity="warning")
        else:
            self.run_worker(self._run_demo(self.demo), group="demo", exit_on_error=False)

    async def _run_demo(self, demo: Start) -> None:
        await demo()

    def action_theme(self) -> None:
        """The next theme."""
        self.theme = ORDER[(ORDER.index(self.theme) + 1) % len(ORDER)]

    def watch_theme(self) -> None:
        """Everything in the new colours."""
        if self.is_running and self.screen_stack:
            self.call_after_refresh(self._recolour)

    def _recolour(self) -> None:
        from .trace import TracePage

        self.main.query_one(TracePage).view.refresh()
        self.tick()

    def commands(self) -> list[Command]:
        """What can be done on the page now."""
        page = self.main.page
        actions = {active.binding.action for active in self.main.active_bindings.values()}
        reasons = [(action, why) for action in actions if (why := page.why_not(action)) is not None]
        if self.demo is None:
            reasons.append(("demo", "start `techtool demo`"))
        return commands(self.main, reasons)

    def action_help(self) -> None:
        """Everything that can be done here."""
        if isinstance(self.screen, Help):
            return
        self.push_screen(Help(self.commands()), self._helped)

    async def _helped(self, chosen: Command | None) -> None:
        if chosen is not None:
            await self.run_command(chosen)

    async def run_command(self, command: Command) -> None:
        """Do what was chosen from a list."""
        if command.reason is not None:
            self.say(command.reason, severity="warning")
        else:
            await self.run_action(command.action, default_namespace=command.node)

    def action_leave(self) -> None:
        """Quit; ask only if a charger is connected."""
        connected = [
            one for one in self.session.picture.stations.values() if one.link.state is LinkState.CONNECTED
        ]
        if not connected or self.replay:
            self.exit()
            return
        charging = [one for station in connected for one in station.open_transactions]
        text = f"{', '.join(safe(one.identity, 30) for one in connected)} is connected; the link will be closed."
        if charging:
            text += f" {len(charging)} charging session goes on in the charger, but nobody listens to it."
        self.push_screen(Question("Quit techtool?", text, "Quit"), lambda yes: self.exit() if yes else None)
