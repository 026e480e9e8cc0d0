"""One setting over the page: what it is, and how it is changed: chosen from a list, typed, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from techtool.station.settings import Setting
from techtool.text import safe

from .config_changes import hidden, same, shown, writable
from .widgets.bars import Key
from .widgets.box import Box
from .widgets.dialogs import Dialog
from .widgets.lines import join, wrap
from .widgets.look import Look
from .widgets.sheet import Line, Sheet, line

WIDTH = 60
"""Columns of the box."""


def lister(setting: Setting, after: str | None, found: str | None, lines: Sequence[Line]) -> Dialog:
    """A list of all that it takes; gives the word to be written."""
    secret = hidden(setting) or shown(setting, setting.value) != safe(setting.value or "")
    choices = []
    for one in setting.choices:
        marks = [
            word
            for word, value in (("on charger", setting.value), ("new value", after), ("as found", found))
            if value is not None and not secret and same(setting, value, one.value)
        ]
        name = one.value if one.value.casefold() == one.shown.casefold() else f"{one.value} ({one.shown})"
        choices.append(line(f"   {safe(name, 40):<20} {', '.join(marks)}".rstrip(), one.value, start=2, end=WIDTH))
    now = after if after is not None else setting.value
    at = writable(setting, now) if now is not None and not secret else None
    return Dialog(safe(setting.name, 50), [*lines, line(""), *choices], [Key("enter", "choose", "Enter")], at=at)


class Diff(Dialog):
    """What is staged; gives True where it is to be sent."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("S", "send", "Send all of it", id="config.diff.send")]

    def __init__(self, count: str, lines: Sequence[Line]) -> None:
        keys = [Key("enter", "choose", "Enter"), Key("S", "send")]
        back = line("   Back to the list", False, start=2, end=len("   Back to the list") + 1)
        send = line(f"   Send {count}", True, start=2, end=len(f"   Send {count}") + 1)
        super().__init__(f"{count} staged", [*lines, line(""), back, send], keys)

    def action_send(self) -> None:
        """The same as the last line."""
        self.dismiss(True)


class Typed(Box[str]):
    """A line to type a value into; what is wrong with it is said while it is typed. Gives the value, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, system=True),
    ]

    def __init__(
        self,
        setting: Setting,
        value: str,
        lines: Sequence[Line],
        check: Callable[[str], tuple[str, str]],
        look: Look,
    ) -> None:
        """``check`` gives the state of a value, ``ok``, ``warn`` or ``fault``, and words on it."""
        keys = [Key("enter", "stage it", "Enter"), Key("escape", "leave it", "Esc")]
        asked = f" New value in {safe(setting.unit, 12)}:" if setting.unit else " New value:"
        super().__init__(safe(setting.name, 50), [*lines, line(""), line(asked)], keys)
        self._setting = setting
        self._value = value
        self._check = check
        self._look = look

    def extras(self) -> list[Widget]:
        """The line to type into, and what is to be said of it."""
        secret = hidden(self._setting)
        return [
            Input("" if secret else self._value, id="value-input", password=secret, compact=True),
            Sheet(id="value-said"),
        ]

    def on_mount(self) -> None:
        """What is typed goes into the line."""
        super().on_mount()
        for sheet in self.query(Sheet):
            sheet.can_focus = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self._say(*self._check(message.value))

    def _say(self, state: str, words: str) -> None:
        word = self._look.word(state)
        style = self._look.ink.fault if state == "fault" else self._look.style(state)
        said = [
            line(join(" ", word, " ", (part, style)) if not place else join("    ", (part, style)))
            for place, part in enumerate(wrap(words, WIDTH - 6))
        ]
        self.query_one("#value-said", Sheet).show(said)

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        state, words = self._check(message.value)
        self._say(state, words)
        if state != "fault":
            self.dismiss(writable(self._setting, message.value))


def reader(setting: Setting, lines: Sequence[Line]) -> Dialog:
    """One that can only be read."""
    return Dialog(safe(setting.name, 50), lines)


def chosen(key: Hashable | None) -> str | None:
    """What a list gave."""
    return key if isinstance(key, str) else None
