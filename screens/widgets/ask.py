"""A line to type into, over the page. Enter takes it, Esc leaves everything as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from .bars import Bar, Key, Keys
from .lines import wrap
from .sheet import Sheet, line

WIDTH = 58


class Ask(ModalScreen[str | None]):
    """Gives what was typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, system=True),
    ]

    def __init__(
        self, title: str, words: Sequence[str], *, value: str = "", hint: str = "", secret: bool = False
    ) -> None:
        super().__init__()
        self._title = title
        self._words = words
        self._value = value
        self._hint = hint
        self._secret = secret

    def compose(self) -> ComposeResult:
        """A title, what it is about, the line, the keys."""
        with Vertical(id="box"):
            yield Bar(id="box-title")
            yield Sheet(id="box-sheet")
            yield Input(self._value, id="ask-input", placeholder=self._hint, password=self._secret, compact=True)
            yield Keys(id="box-keys")

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one("#box-title", Bar).show(Text(self._title, style="bold", end=""))
        sheet = self.query_one(Sheet)
        sheet.can_focus = False
        sheet.show([line(f" {one}") for words in self._words for one in wrap(words, WIDTH)])
        self.query_one(Keys).show_keys([Key("enter", "take it", "Enter"), Key("escape", "leave it", "Esc")])
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.dismiss(message.value)

    @on(Keys.Pressed)
    def _pressed(self, message: Keys.Pressed) -> None:
        message.stop()
        self.app.simulate_key(message.key)

    def action_close(self) -> None:
        """Nothing was typed."""
        self.dismiss(None)
