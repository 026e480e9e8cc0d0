"""What every box over the pages is: a screen that goes only once."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Result = TypeVar("Result")


class Modal(ModalScreen[Result]):
    """A screen over the pages."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Go. Of two keys in one burst the second finds it gone: it must not take the screen below with it."""
        if self.app.screen is self:
            return super().dismiss(result)
        nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
        return nothing
