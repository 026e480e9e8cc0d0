"""A framed box over the page: a title, lines, and the keys that work in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from .bars import Bar, Key, Keys
from .modal import Modal
from .sheet import Line, Sheet

Result = TypeVar("Result")


class Box(Modal[Result | None]):
    """Gives None when it is closed."""

    def __init__(self, title: str, lines: Sequence[Line], keys: Sequence[Key], *, wide: bool = False) -> None:
        super().__init__(classes="-big" if wide else "")
        self._title = title
        self._shown = lines
        self._keys = keys

    def extras(self) -> list[Widget]:
        """What stands between the lines and the keys."""
        return []

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        with Vertical(id="box"):
            yield Bar(id="box-title")
            yield Sheet(id="box-sheet")
            yield from self.extras()
            yield Keys(id="box-keys")

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one("#box-title", Bar).show(Text(self._title, style="bold", end=""))
        self.sheet.show(self._shown)
        self.keys.show_keys(self._keys)

    @property
    def keys(self) -> Keys:
        """The line with the keys."""
        return self.query_one("#box-keys", Keys)

    @property
    def sheet(self) -> Sheet:
        """The lines."""
        return self.query_one("#box-sheet", Sheet)

    @on(Keys.Pressed)
    def _pressed(self, message: Keys.Pressed) -> None:
        message.stop()
        self.app.simulate_key(message.key)

    def action_close(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)
