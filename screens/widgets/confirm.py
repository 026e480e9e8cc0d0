"""A question that nobody answers by accident: only a typed word is a yes."""

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


class Confirm(Box[bool]):
    """Gives True only for the word; Enter without it, and Esc, leave everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Cancel", show=False, system=True),
    ]

    def __init__(self, title: str, words: Sequence[str], word: str, does: str) -> None:
        """``does`` says in a word or two what the typed word does."""
        asked = f"Type {word} and Enter to {does}. Enter alone, or Esc, is Cancel."
        lines = [line(f" {one}") for said in (*words, "", asked) for one in wrap(said, WIDTH)]
        super().__init__(title, lines, [Key("enter", "cancel", "Enter"), Key("escape", "cancel", "Esc")])
        self._word = word
        self._does = does

    def extras(self) -> list[Widget]:
        """The line to type into."""
        return [Input(id="confirm-input", compact=True)]

    def on_mount(self) -> None:
        """What is typed goes into the line."""
        super().on_mount()
        self.sheet.can_focus = False
        self.query_one(Input).focus()

    def _is_typed(self, text: str) -> bool:
        return text.strip().lower() == self._word

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        """The keys below say what Enter would do now."""
        message.stop()
        does = self._does if self._is_typed(message.value) else "cancel"
        self.keys.show_keys([Key("enter", does, "Enter"), Key("escape", "cancel", "Esc")])

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.dismiss(self._is_typed(message.value))
