"""A line to type into, over the page. Enter takes it, Esc leaves everything as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from .bars import Key
from .box import Box
from .lines import wrap
from .sheet import line

WIDTH = 58


class Ask(Box[str]):
    """Gives what was typed, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, system=True),
    ]

    def __init__(
        self, title: str, words: Sequence[str], *, value: str = "", hint: str = "", secret: bool = False
    ) -> None:
        lines = [line(f" {one}") for said in words for one in wrap(said, WIDTH)]
        super().__init__(title, lines, [Key("enter", "take it", "Enter"), Key("escape", "leave it", "Esc")])
        self._value = value
        self._hint = hint
        self._secret = secret

    def extras(self) -> list[Widget]:
        """The line to type into."""
        return [Input(self._value, id="ask-input", placeholder=self._hint, password=self._secret, compact=True)]

    def on_mount(self) -> None:
        """What is typed goes into the line."""
        super().on_mount()
        self.sheet.can_focus = False
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.dismiss(message.value)
