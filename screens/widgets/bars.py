"""The lines around a page: who and what above, where to go below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from .lines import same, segments


class Bar(Widget):
    """One line: text at the left, and text at the right that is never cut."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left = Text(end="")
        self._right = Text(end="")

    def show(self, left: Text, right: Text | None = None) -> None:
        """Show this."""
        right = right if right is not None else Text(end="")
        if not (same(left, self._left) and same(right, self._right)):
            self._left, self._right = left, right
            self.refresh()

    @property
    def plain(self) -> str:
        """What is shown, as text."""
        return f"{self._left.plain}  {self._right.plain}".rstrip()

    def render_line(self, y: int) -> Strip:
        """The line."""
        width, base = self.size.width, self.rich_style
        if y:
            return Strip.blank(width, base)
        console = self.app.console
        right = segments(self._right, base, console)
        taken = min(width, sum(cell_len(part.text) for part in right))
        left = Strip(segments(self._left, base, console)).crop_extend(0, width - taken, base)
        return Strip([*left, *Strip(right).crop(0, taken)], width)


class Rule(Widget):
    """A line of dashes."""

    def render_line(self, y: int) -> Strip:
        """The line."""
        return Strip([Segment("-" * self.size.width, self.rich_style)], self.size.width)


class Key(NamedTuple):
    """A key and what it does, as a bar shows it."""

    key: str
    """As Textual names it."""
    label: str
    shown: str = ""
    """As it is written, where that differs."""
    here: bool = False
    """It stands for what is shown now."""
    unable: bool = False
    """It leads only to the reason why it cannot be done."""


class Keys(Bar):
    """Keys and what they do; each can be clicked."""

    class Pressed(Message):
        """A key of the bar was clicked."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._spans: list[tuple[int, int, str]] = []
        self._last = ""
        self._again: Callable[[], None] = lambda: None
        """Shows the same keys, for another width."""

    def show_keys(
        self,
        keys: Sequence[Key],
        last: Key | None = None,
        more: Sequence[Key] = (),
        *,
        gap: int = 3,
        head: str = "",
    ) -> None:
        """Show these, ``more`` at some distance; ``last`` stands at the right and is never cut.

        ``head`` are words before them.
        """
        self._again = lambda: self.show_keys(keys, last, more, gap=gap, head=head)
        right = Text(end="")
        self._last = ""
        if last is not None:
            right.append(f"  {last.shown or last.key}", "bold")
            right.append(f" {last.label} ")
            self._last = last.key
        room = self.size.width - right.cell_len
        left = Text(f" {head}{' ' * gap}" if head else " ", end="")
        self._spans = []
        for place, one in enumerate((*keys, *more)):
            if place == len(keys):
                left.append("    ")
            start = left.cell_len
            opened, closed = ("(", ")") if one.unable else ("", "")
            if room and start + cell_len(f"{opened}{one.shown or one.key} {one.label}{closed}") > room:
                break  # half a word helps nobody; `?` lists them all
            left.append(opened)
            left.append(one.shown or one.key, "bold")
            left.append(" ")
            left.append(one.label, "bold underline" if one.here else "")
            left.append(closed)
            self._spans.append((start, left.cell_len, one.key))
            left.append(" " * gap)
        self.show(left, right)

    def on_resize(self) -> None:
        """Other keys fit."""
        self._again()

    def on_click(self, event: events.Click) -> None:
        """Do what the key does."""
        if self._last and event.x >= self.size.width - self._right.cell_len:
            self.post_message(self.Pressed(self._last))
        for start, end, key in self._spans:
            if start <= event.x < end:
                self.post_message(self.Pressed(key))
