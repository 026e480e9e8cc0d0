"""The one screen behind all dialogs: header, pages, side column, footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import ContentSwitcher

from .header import banner, header
from .link import LinkPage
from .status import StatusPage
from .trace import TracePage
from .widgets.bars import Bar, Key, Keys, Rule
from .widgets.page import Page
from .widgets.side import Side

if TYPE_CHECKING:
    from .app import TechtoolApp

PAGES: tuple[tuple[str, str, str], ...] = (
    ("1", "link", "Link"),
    ("2", "status", "Status"),
    ("6", "trace", "Trace"),
)
"""Key, id and name of the pages that work, in the order of the job. The digits never change."""


class MainScreen(Screen[None]):
    """Every page is there from the start, so that going to one costs nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.turn(1)", "Next page", show=False, system=True),
        Binding("shift+tab", "app.turn(-1)", "Previous page", show=False, system=True),
        Binding("escape,backspace", "app.back", "Back", id="back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._ready = False

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Bar(id="header")
        yield Rule(classes="frame")
        yield Bar(id="banner")
        with Horizontal(id="middle"):
            with ContentSwitcher(id="pages", initial="link"):
                yield LinkPage(id="link")
                yield StatusPage(id="status")
                yield TracePage(id="trace")
            yield Side(id="side")
        yield Rule(classes="frame")
        yield Keys(id="footer")

    @property
    def tech(self) -> TechtoolApp:
        """The app."""
        return cast("TechtoolApp", self.app)

    @property
    def page(self) -> Page:
        """The page that is shown."""
        return self.query_one(f"#{self.switcher.current}", Page)

    @property
    def switcher(self) -> ContentSwitcher:
        """What holds the pages."""
        return self.query_one("#pages", ContentSwitcher)

    def on_mount(self) -> None:
        """The first page."""
        self._ready = True
        self.open("link")

    def open(self, name: str) -> None:
        """Show a page."""
        self.switcher.current = name
        self.set_class(name == "trace", "-trace")
        self.page.enter()
        self.tick()

    def on_resize(self) -> None:
        """Other hints fit."""
        self.tick()

    def tick(self) -> None:
        """One frame."""
        if not self._ready:
            return
        app, page = self.tech, self.page
        self.query_one("#header", Bar).show(*header(app, self.size.width))
        trouble = self.query_one("#banner", Bar)
        text = banner(app)
        trouble.display = text is not None
        if text is not None:
            trouble.show(text)
        page.show_hints()
        page.tick()
        side = self.query_one(Side)
        if side.display and self.has_class("-wide") and not self.has_class("-trace"):
            side.tick()
        self._footer(page)

    def _footer(self, page: Page) -> None:
        current = self.switcher.current
        keys = [Key(key, name, here=id == current) for key, id, name in PAGES]
        hints = list(page.hints) if self.has_class("-wide") else []
        self.query_one("#footer", Keys).show_keys(keys, Key("question_mark", "help", "?"), hints, gap=2)

    @on(Keys.Pressed)
    def _pressed(self, message: Keys.Pressed) -> None:
        message.stop()
        self.app.simulate_key(message.key)
