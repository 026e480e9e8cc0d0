"""``?``: every action that works here, searchable, and Enter runs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding, BindingType
from textual.containers import Vertical
from textual.dom import DOMNode
from textual.events import Key as KeyEvent
from textual.screen import Screen
from textual.widgets import Input

from .widgets.bars import Bar, Key, Keys
from .widgets.lines import join, wrap
from .widgets.modal import Modal
from .widgets.sheet import Line, Sheet, line

_SHOWN = {
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "minus": "-",
    "slash": "/",
    "semicolon": ";",
    "colon": ":",
    "question_mark": "?",
    "escape": "Esc",
    "enter": "Enter",
    "backspace": "Backspace",
    "f1": "F1",
    "f2": "F2",
    "home": "Home",
    "end": "End",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
}


INDENT = 18
"""Columns before the name of a command."""
MARGIN = 10
"""Columns of the screen that the box leaves free, with its frame."""


class Command(NamedTuple):
    """Something that can be done now, by key or by name."""

    action: str
    name: str
    keys: tuple[str, ...]
    node: DOMNode
    reason: str | None = None
    """Why it cannot be done now; None if it can."""

    @property
    def shown_keys(self) -> str:
        """The keys as they are written."""
        return " ".join(_SHOWN.get(key, key) for key in sorted(self.keys, key=len))


def commands(screen: Screen[Any], reasons: Iterable[tuple[str, str]] = ()) -> list[Command]:
    """Every action of a screen's bindings, in the order of the keys, those of the page first."""
    why = dict(reasons)
    found: dict[tuple[str, int], Command] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if binding.id is None or not binding.description:  # ours have ids, Textual's own have none
            continue
        place = (binding.action, id(active.node))
        known = found.get(place)
        keys = (*known.keys, key) if known is not None else (key,)
        found[place] = Command(binding.action, binding.description, keys, active.node, _reason(active, why))
    return list(found.values())


def _reason(active: ActiveBinding, why: dict[str, str]) -> str | None:
    return why.get(active.binding.action)


class Help(Modal[Command | None]):
    """The list of commands; gives the chosen one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close", show=False, system=True),
        Binding("down", "into", "Into the list", show=False, system=True),
        Binding("up", "into(-1)", "Into the list", show=False, system=True),
    ]

    def __init__(self, found: Sequence[Command]) -> None:
        super().__init__(classes="-big")
        self._commands = found

    def compose(self) -> ComposeResult:
        """A line to type into, and the list."""
        with Vertical(id="box"):
            yield Bar(id="box-title")
            yield Input(id="help-input", placeholder="type to search", compact=True, select_on_focus=False)
            yield Sheet(id="box-sheet", marks_always=True)
            yield Keys(id="box-keys")

    def on_mount(self) -> None:
        """All of them at first."""
        self.query_one("#box-title", Bar).show(join(("What can be done here", "bold")))  # type: ignore[arg-type]
        self.query_one(Keys).show_keys([Key("enter", "run it", "Enter"), Key("escape", "close", "Esc")])
        self._fill("")
        self.query_one(Input).focus()

    def _fill(self, text: str) -> None:
        words = text.lower().split()
        self.query_one(Sheet).show(
            [
                shown
                for place, one in enumerate(self._commands)
                if all(word in f"{one.name} {one.shown_keys}".lower() for word in words)
                for shown in _shown(place, one, self.app.size.width - INDENT - MARGIN)
            ]
            or [line(" Nothing here is called that.")]
        )

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        self._fill(message.value)

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        key = self.query_one(Sheet).key
        if isinstance(key, int):
            self.dismiss(self._commands[key])

    @on(Sheet.Chosen)
    def _chosen(self, message: Sheet.Chosen) -> None:
        message.stop()
        if isinstance(message.key, int):
            self.dismiss(self._commands[message.key])

    def on_key(self, event: KeyEvent) -> None:
        """What is typed on the list is searched, too."""
        box = self.query_one(Input)
        if event.is_printable and event.character is not None and not box.has_focus:
            event.stop()
            box.focus()
            box.insert_text_at_cursor(event.character)

    def action_into(self, step: int = 1) -> None:
        """From the line into the list; the line still says what is searched."""
        sheet = self.query_one(Sheet)
        sheet.focus()
        sheet.action_move(step)

    def action_close(self) -> None:
        """Nothing was chosen."""
        self.dismiss(None)


def _shown(place: int, one: Command, width: int) -> list[Line]:
    """The command, and below it why it cannot be done now."""
    why = wrap(f"not now: {one.reason}", max(20, width)) if one.reason else []
    return [
        line(join(f"   {one.shown_keys:<14} {one.name}"), place, start=2, end=200),
        *(line(" " * INDENT + part) for part in why),
    ]
