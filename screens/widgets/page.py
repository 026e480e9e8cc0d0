"""What every page is: a sheet of its own, hints, and an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from textual.containers import Vertical

from .bars import Key, Keys

if TYPE_CHECKING:
    from ..app import TechtoolApp
    from ..desk import Desk
    from ..main_screen import MainScreen


class Page(Vertical):
    """A page of the program. It is filled by :meth:`tick`, about ten times a second while it is shown."""

    title: str = ""
    hints: Sequence[Key] = ()
    """What the most used keys of this page do."""

    @property
    def main(self) -> MainScreen:
        """The screen around it."""
        return cast("MainScreen", self.screen)

    @property
    def desk(self) -> Desk:
        """What it shows."""
        return self.main.desk

    @property
    def tech(self) -> TechtoolApp:
        """The app."""
        return cast("TechtoolApp", self.app)

    @property
    def offered(self) -> bool:
        """There is such a page for the charger that is shown."""
        return True

    @property
    def unable(self) -> str | None:
        """Why this page can do nothing for the charger that is shown; None where it can."""
        return None

    @property
    def unsaved(self) -> str | None:
        """What quitting would lose, in a sentence; None where nothing."""
        return None

    def on_resize(self) -> None:
        """Lines are made for the room there is, also when the page is shown for the first time."""
        self.tick()

    def tick(self) -> None:
        """Bring what is shown up to date; cheap where nothing changed."""

    def enter(self) -> None:
        """The page was just opened: put the focus where it belongs."""

    def back(self) -> bool:
        """Escape: close what is open in the page; whether there was anything."""
        return False

    def copied(self) -> str | None:
        """The marked thing as text for the clipboard."""
        return None

    def why_not(self, action: str) -> str | None:
        """Why an action cannot be done now; None if it can."""
        return None

    async def exported(self) -> str:
        """The page as a text file."""
        return ""

    def show_hints(self) -> None:
        """Write the hints anew, where the page has a line for them."""
        for bar in self.query(Keys).filter(".hints"):
            bar.show_keys(self.hints)
