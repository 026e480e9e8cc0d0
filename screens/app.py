"""The terminal UI. Light: its first frame is drawn before a session, a page or a socket is even imported."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.notifications import SeverityLevel
from textual.screen import ModalScreen, Screen
from textual.types import CSSPathType
from textual.worker import Worker, WorkerState

from techtool.tape import lay_aside
from techtool.text import safe

from .opening import WAITING, Opening
from .themes import ORDER, THEMES

if TYPE_CHECKING:
    from .desk import Desk
    from .main_screen import MainScreen

INTERRUPTED = 130
"""As after Ctrl-C."""
OPENING = "opening"


def _commands() -> type[Provider]:
    from .palette import Commands

    return Commands


class TechtoolApp(App[None]):
    """Draws, then has a desk opened, then shows the pages over it.

    ``open_desk`` is called once, after the first frame; what it raises ends the app and stands in
    :attr:`failure`. ``said`` stands on the screen until then.
    """

    TITLE = "techtool"
    CSS_PATH: ClassVar[CSSPathType | None] = "app.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    # Textual annotates these in a way that ClassVar would contradict.
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-short"), (24, "-tall")]  # noqa: RUF012
    ENABLE_COMMAND_PALETTE = True
    NOTIFICATION_TIMEOUT = 6
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "theme", "Next theme", id="theme"),
        Binding("colon,ctrl+p", "command_palette", "Command palette", id="palette"),
        Binding("q", "leave", "Quit", id="quit"),
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        open_desk: Callable[[], Awaitable[Desk]],
        *,
        said: tuple[str, ...] = (WAITING,),
        theme: str | None = None,
    ) -> None:
        # Without colours the terminal's own are left alone: reverse and words carry every state.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.failure: BaseException | None = None
        """Why there is no desk."""
        self.last_words: list[str] = []
        """What must be read when the screen is gone."""
        self._open_desk = open_desk
        self._said = said
        for known in list(self.available_themes):
            self.unregister_theme(known)
        for one in THEMES:
            self.register_theme(one)
        self.theme = theme if theme in ORDER else "night"

    def get_default_screen(self) -> Screen[Any]:
        """What costs nothing to draw."""
        return Opening(*self._said)

    # --- life ----------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Draw first; everything that takes time comes after the first frame."""
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.run_worker(self._open(), group=OPENING, exit_on_error=False)

    async def _open(self) -> None:
        """A desk, its link, then the pages: in this order, so that a charger can call as soon as possible."""
        desk = await self._open_desk()
        if not desk.replay:
            desk.begin(self)
            await desk.network.tried.wait()
        await asyncio.to_thread(import_module, f"{__package__}.main_screen")
        from .main_screen import MainScreen

        # over the first screen, not in its place: to switch the only one, Textual 8.2 would need none for a moment
        opening = self.screen_stack[0]
        pages = MainScreen(desk)
        await self.push_screen(pages)
        if desk.replay:
            pages.call_after_refresh(desk.begin, self)
        lay_aside()
        if isinstance(opening, Opening):
            for key in opening.early_keys:
                self.simulate_key(key)

    @on(Worker.StateChanged)
    def _failed(self, message: Worker.StateChanged) -> None:
        """Nothing that runs beside the screen fails in silence."""
        if message.state is not WorkerState.ERROR:
            return
        error = message.worker.error
        if message.worker.group == OPENING:
            self.failure = error
            self.exit(return_code=1)
        else:
            self.say(f"{message.worker.group} failed: {error!r}", severity="error")

    # --- for all screens -----------------------------------------------------------------------------------

    @property
    def pages(self) -> MainScreen | None:
        """The screen with the pages that is on top or behind the dialog on top; None while there is none."""
        from .main_screen import MainScreen

        return next((one for one in reversed(self.screen_stack) if isinstance(one, MainScreen)), None)

    def say(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """Tell the technician something for a few seconds."""
        self.notify(safe(text, 500), severity=severity, markup=False)

    async def copy(self, text: str, what: str) -> None:
        """Into the clipboard, and say where it is now; ``what`` begins that sentence."""
        from .widgets.clipboard import copy

        where = await copy(text, self.copy_to_clipboard if not self.is_headless else None)
        self.say(f"{what} is {where}.")

    def action_theme(self) -> None:
        """The next theme."""
        self.theme = ORDER[(ORDER.index(self.theme) + 1) % len(ORDER)]

    def watch_theme(self) -> None:
        """Everything in the new colours."""
        if self.is_running and self.screen_stack:
            self.call_after_refresh(self._recolour)

    def _recolour(self) -> None:
        if (pages := self.pages) is not None:
            pages.recolour()

    def stop(self) -> None:
        """A signal wants the program to end: nobody is asked, but what goes on is broken off in good order."""
        self.run_worker(self._stop(), group="stop", exit_on_error=False)

    async def _stop(self) -> None:
        from .main_screen import MainScreen

        for one in [one for one in self.screen_stack if isinstance(one, MainScreen)]:
            job = one.desk.jobs.running
            if job is not None:
                await one.desk.jobs.stop()
                self.last_words.append(
                    safe(job.alarm or (job.outcome.text if job.outcome is not None else ""), 500)
                )
        self.exit(return_code=INTERRUPTED)

    def action_help_quit(self) -> None:
        """Ctrl-C says how to quit; where something would be lost, it asks."""
        from .main_screen import MainScreen

        stack = [one for one in self.screen_stack if isinstance(one, MainScreen)]
        busy = any(one.desk.jobs.running is not None for one in stack)
        if busy and not isinstance(self.screen, ModalScreen) and self.pages is not None:
            self.pages.leave()
        else:
            super().action_help_quit()

    async def action_leave(self) -> None:
        """Quit, or close the box on top; the pages ask where something would be lost."""
        pages = self.pages
        if isinstance(self.screen, ModalScreen):
            self.screen.dismiss()
        elif pages is None:
            self.exit()
        else:
            pages.leave()
