"""Dialogs: a text to read, a list to choose from, a question. Esc and Backspace always close."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.binding import Binding, BindingType

from .bars import Key
from .box import Box
from .lines import wrap
from .sheet import Line, Sheet, line

if TYPE_CHECKING:
    from ..app import TechtoolApp

CLOSE: list[BindingType] = [Binding("escape,backspace", "close", "Close", id="close")]


class Dialog(Box[Hashable]):
    """A sheet over the page; gives the key of what was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CLOSE,
        Binding("y", "copy", "Copy all of it", id="copy"),
        Binding("q", "close", "Close", show=False, system=True),
    ]

    def __init__(
        self,
        title: str,
        lines: Sequence[Line],
        hints: Sequence[Key] = (),
        *,
        wide: bool = False,
        at: Hashable = None,
    ) -> None:
        """The cursor stands on the line with the key ``at``."""
        super().__init__(title, lines, [*hints, Key("y", "copy"), Key("escape", "close", "Esc")], wide=wide)
        self._at = at

    def on_mount(self) -> None:
        """The keys are for the lines."""
        super().on_mount()
        self.sheet.focus()
        if self._at is not None:
            self.sheet.go(self._at)

    @property
    def plain(self) -> str:
        """All of it as text."""
        return f"{self._title}\n\n{self.sheet.plain}\n"

    @on(Sheet.Chosen)
    def _chosen(self, message: Sheet.Chosen) -> None:
        message.stop()
        self.dismiss(message.key)

    async def action_copy(self) -> None:
        """The whole text, for a message to somebody."""
        await cast("TechtoolApp", self.app).copy(self.plain, "The text")


class Question(Dialog):
    """A question with its consequences; the cursor opens on what changes nothing."""

    def __init__(self, title: str, text: str, yes: str, no: str = "Cancel") -> None:
        lines = [
            *(line(f" {one}") for one in wrap(text, 56)),
            line(""),
            line(f"   {no}", False, start=2, end=6 + len(no)),
            line(f"   {yes}", True, start=2, end=5 + len(yes)),
        ]
        super().__init__(title, lines, [Key("enter", "choose", "Enter")])


def menu(title: str, choices: Sequence[tuple[Hashable, str, str]], *, chosen: Hashable = None) -> Dialog:
    """A list to choose from: what is given back, the name, and what it does; the cursor stands on ``chosen``."""
    width = max((len(name) for _, name, _ in choices), default=0) + 2
    lines = [line(f"   {name:<{width}} {more}", key, start=2, end=58) for key, name, more in choices]
    return Dialog(title, lines, [Key("enter", "choose", "Enter")], at=chosen)
