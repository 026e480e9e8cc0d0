"""A page whose rows can be filtered as you type: ``/`` types, Esc clears, ``f`` turns it off and on."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from .page import Page


class FilterInput(Input):
    """The line to type a filter into."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Clear the filter", show=False, system=True),
        Binding("down", "keep", "Back to the rows", show=False, system=True),
    ]

    def __init__(self, placeholder: str, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder=placeholder, compact=True)

    def on_mount(self) -> None:
        """It shows when it is wanted."""
        self.display = False

    def action_leave(self) -> None:
        """Away with it."""
        self.value = ""
        self.action_keep()

    def action_keep(self) -> None:
        """Back to the rows."""
        next(one for one in self.ancestors if isinstance(one, Filtered)).close_filter()


class Filtered(Page):
    """A page with rows and one :class:`FilterInput`. Its bindings call the actions here."""

    filter_off = ""
    """The filter that was turned off, and may come back."""

    @property
    def filter_text(self) -> str:
        """The filter that holds now."""
        return ""

    @property
    def rows(self) -> Widget:
        """What has the keys while no filter is typed."""
        raise NotImplementedError

    def filter_by(self, text: str) -> None:
        """Show only rows that match from now on."""

    @property
    def _input(self) -> FilterInput:
        return self.query_one(FilterInput)

    def action_filter(self) -> None:
        """Type a filter."""
        box = self._input
        box.display = True
        box.value = self.filter_text or self.filter_off
        # at once: what is typed right after the key must not get lost
        self.screen.set_focus(box)

    def close_filter(self) -> None:
        """Back to the rows; an empty line goes away."""
        self._input.display = False
        self.rows.focus()

    def set_filter(self, text: str) -> None:
        """Another one, if it is another."""
        self.filter_off = ""
        if text.strip() != self.filter_text:
            self.filter_by(text)
            self.tick()

    def clear_filter(self) -> bool:
        """No filter, and none to turn on again; whether there was one."""
        if not self.filter_text and not self.filter_off:
            return False
        self._input.value = ""
        self.set_filter("")
        return True

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        message.stop()
        self.set_filter(message.value)

    @on(Input.Submitted)
    def _entered(self, message: Input.Submitted) -> None:
        message.stop()
        self.close_filter()

    def action_filter_off(self) -> None:
        """The filter off, and on again; without one, type one."""
        if held := self.filter_text:
            self.set_filter("")
            self.filter_off = held
        elif self.filter_off:
            self.set_filter(self.filter_off)
        else:
            self.action_filter()
        self.tick()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a line to type into the slash is a slash."""
        return not (action == "filter" and isinstance(self.screen.focused, Input))
