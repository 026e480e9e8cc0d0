"""Dialogs: a text to read, a list to choose from, a question. Esc and Backspace always close."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from .bars import Bar, Key, Keys
from .lines import wrap
from .sheet import Line, Sheet, line

if TYPE_CHECKING:
    from ..app import TechtoolApp

CLOSE: list[BindingType] = [Binding("escape,backspace", "close", "Close", id="close")]


class Dialog(ModalScreen[Hashable | None]):
    """A sheet over the page; gives the key of what was chosen, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *CLOSE,
        Binding("y", "copy", "Copy all of it", id="copy"),
        Binding("q", "close", "Close", show=False, system=True),
    ]

    def __init__(
        self, title: str, lines: Sequence[Line], hints: Sequence[Key] = (), *, wide: bool = False
    ) -> None:
        super().__init__(classes="-big" if wide else "")
        self._title = title
        self._shown = lines
        self._hints = hints

    def compose(self) -> ComposeResult:
        """A title, the lines, the keys."""
        with Vertical(id="box"):
            yield Bar(id="box-title")
            yield Sheet(id="box-sheet")
            yield Keys(id="box-keys")

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one("#box-title", Bar).show(Text(self._title, style="bold", end=""))
        sheet = self.query_one(Sheet)
        sheet.show(self._shown)
        sheet.focus()
        keys = self.query_one(Keys)
        keys.show_keys([*self._hints, Key("y", "copy"), Key("escape", "close", "Esc")])

    @property
    def plain(self) -> str:
        """All of it as text."""
        return f"{self._title}\n\n{self.query_one(Sheet).plain}\n"

    @on(Sheet.Chosen)
    def _chosen(self, message: Sheet.Chosen) -> None:
        message.stop()
        self.dismiss(message.key)

    @on(Keys.Pressed)
    def _pressed(self, message: Keys.Pressed) -> None:
        message.stop()
        self.app.simulate_key(message.key)

    def action_close(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)

    async def action_copy(self) -> None:
        """The whole text, for a message to somebody."""
        await cast("TechtoolApp", self.app).copy(self.plain, "the text")


class Question(Dialog):
    """A question with its consequences; the cursor opens on Cancel."""

    def __init__(self, title: str, text: str, yes: str) -> None:
        lines = [
            *(line(f" {one}") for one in wrap(text, 56)),
            line(""),
            line("   Cancel", False, start=2, end=12),
            line(f"   {yes}", True, start=2, end=5 + len(yes)),
        ]
        super().__init__(title, lines, [Key("enter", "choose", "Enter")])


def menu(title: str, choices: Sequence[tuple[Hashable, str, str]]) -> Dialog:
    """A list to choose from: what is given back, the name, and what it does."""
    width = max((len(name) for _, name, _ in choices), default=0) + 2
    lines = [line(f"   {name:<{width}} {more}", key, start=2, end=58) for key, name, more in choices]
    return Dialog(title, lines, [Key("enter", "choose", "Enter")])
