"""The first screen: drawn before anything is imported that takes time, and gone as soon as the pages are there."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.events import Key
from textual.screen import Screen
from textual.widget import Widget

from techtool import __version__

TITLE = f" techtool {__version__.removesuffix('.0')}"
"""How every screen begins."""
WAITING = " Waiting for a charger. It must call this laptop; this laptop never calls it."


class _Words(Widget):
    """The lines as the pages will have them: header, rule, words."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__()
        self._lines = lines

    def render(self) -> Text:
        head = Text.assemble((TITLE, Style(bold=True)), no_wrap=True)
        return head.append("\n".join(["", "-" * self.size.width, *self._lines]))


class Opening(Screen[None]):
    """Says what is going on, and keeps the keys that are pressed meanwhile."""

    DEFAULT_CSS = """
    Opening > _Words {
        height: 1fr;
    }
    """

    def __init__(self, *lines: str) -> None:
        super().__init__()
        self.early_keys: list[str] = []
        """What was typed before there was a page to take it."""
        self._lines = lines

    def compose(self) -> ComposeResult:
        """The header and the first words, where the Link page will have them."""
        yield _Words(self._lines)

    def on_key(self, event: Key) -> None:
        """The pages will want it."""
        self.early_keys.append(event.key)
