"""``python -m tests.pictures [FOLDER]``: the pictures of all pages, as docs/ shows them."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from textual.pilot import Pilot

from techtool.serviceport.ports import PortSeen
from tests.screens.keys import with_keys
from tests.screens.making import Clock, Visit, running, settled
from tests.screens.openevse import at_openevse, with_a_car
from tests.screens.still import at_a_port, on_its_way

SIZES = ((80, 24), (160, 50))
_FONTS = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)
"""The pictures must not fetch fonts from anywhere: a monospaced one is on every machine."""

PLUGGED = [PortSeen("/dev/ttyUSB0", "FT232R USB UART", "FTDI", usb="0403:6001")]


def empty(visit: Visit) -> None:
    visit.clock.advance(134)
    visit.knock()
    visit.knock("unknown-subprotocol", "offered ocpp1.5", connection=10)


def charging(visit: Visit) -> None:
    visit.charging()


def faulted(visit: Visit) -> None:
    visit.charging()
    visit.fault()
    visit.clock.advance(8)


def traced(visit: Visit) -> None:
    visit.charging()
    visit.odd()


STAGED = ("4", "settle", "enter", *"16", "enter", "down", "down", "down", "enter", "down", "enter")
"""In the list of settings: another current, and a check off."""
KEYS = ("4", "settle", "slash", *"interval", "enter", *("down",) * 4, "enter", *"30", "enter")
"""Found by a part of the name, and one staged."""
TRIED = ("3", "end", "enter", "down", "enter")
"""A release test, to its end."""
SENT = ("4", "settle", *("down",) * 10, "enter", *"30", "enter", "end", "enter", "up", "enter", "S")
"""More than this charger can, and something that it can."""

PAGES: dict[str, tuple[Callable[[Visit], object], tuple[str, ...]]] = {
    "link": (empty, ("1",)),
    "status": (charging, ("2",)),
    "fault": (faulted, ("2",)),
    "test": (with_a_car, TRIED),
    "config-keys": (with_keys, KEYS),
    "config": (at_openevse, STAGED),
    "config-sent": (at_openevse, SENT),
    "firmware": (at_a_port, ("5", "send")),
    "trace": (traced, ("6",)),
}
"""What is prepared, and which keys are pressed then; ``settle`` waits until what they began is done, ``send``
sends a firmware half-way."""


async def press(pilot: Pilot[None], *keys: str) -> None:
    """These keys, and all that they begin; what is being sent does not end."""
    for key in keys:
        match key:
            case "settle":
                await settled(pilot)
            case "send":
                await on_its_way(pilot)
            case _:
                await pilot.press(key)
    if "send" not in keys:
        await settled(pilot)


async def picture(name: str, size: tuple[int, int], theme: str = "sun") -> str:
    """One page as SVG."""
    prepare, keys = PAGES[name]
    clock = Clock()
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch("techtool.session.time", clock),
        mock.patch("techtool.screens.remembered.folder", lambda: None),
        mock.patch("techtool.screens.remembered.remember_folder"),
    ):
        visit = Visit(Path(folder), clock)
        try:
            prepare(visit)
            async with running(visit.app(look_for_ports=lambda: PLUGGED), size) as pilot:
                pilot.app.theme = theme
                await press(pilot, *keys)
                svg = pilot.app.export_screenshot(title=f"techtool, {name}")
        finally:
            visit.journal.close()
    # not every program that shows SVG keeps spaces that it is not told to keep
    return _FONTS.sub("", svg).replace("Fira Code", "monospace").replace("<text ", '<text xml:space="preserve" ')


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("docs/pictures")
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        for size in SIZES:
            svg = asyncio.run(picture(name, size))
            folder.joinpath(f"{name}-{size[0]}x{size[1]}.svg").write_text(svg, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
