"""The URL as a QR code: many chargers are set up in a phone app."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Static

from .widgets.dialogs import CLOSE
from .widgets.modal import Modal

BORDER = 2
_STYLE = Style(color="#000000", bgcolor="#FFFFFF")


def modules(text: str) -> list[list[bool]]:
    """The dark modules, with a border."""
    import segno

    code = segno.make(text, error="m", micro=False, boost_error=False)
    return [[bool(cell) for cell in row] for row in code.matrix_iter(border=BORDER)]


def drawn(text: str) -> Text:
    """Two modules in a character: black on white in every theme, as cameras want it."""
    rows = modules(text)
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    picture = Text(no_wrap=True)
    for upper, lower in zip(rows[::2], rows[1::2], strict=True):
        cells = ("█" if a and b else "▀" if a else "▄" if b else " " for a, b in zip(upper, lower, strict=True))
        picture.append("".join(cells) + "\n", _STYLE)
    return picture


class QrCode(Modal[None]):
    """Any key closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [*CLOSE]

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def compose(self) -> ComposeResult:
        """The code and the URL."""
        with Vertical(id="qr"):
            yield Static(drawn(self._url), id="qr-code", markup=False)
            yield Static(f"{self._url}   Esc close", id="qr-url", markup=False)

    def on_key(self) -> None:
        """One free hand: whatever it hits."""
        self.dismiss(None)

    def action_close(self) -> None:
        """Done."""
        self.dismiss(None)
