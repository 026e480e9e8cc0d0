"""``python -m tests.pictures [FOLDER]``: the pictures of all pages, as docs/ shows them."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from techtool.serviceport.ports import PortSeen
from tests.screens.making import Clock, Visit, running, settled
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


def at_firmware(visit: Visit) -> None:
    at_a_port(visit)


PAGES: dict[str, tuple[Callable[[Visit], None], str]] = {
    "link": (empty, "1"),
    "status": (charging, "2"),
    "fault": (faulted, "2"),
    "firmware": (at_firmware, "5"),
    "trace": (traced, "6"),
}


async def picture(name: str, size: tuple[int, int], theme: str = "sun") -> str:
    """One page as SVG."""
    prepare, key = PAGES[name]
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
                await pilot.press(key)
                if name == "firmware":
                    await on_its_way(pilot)
                else:
                    await settled(pilot)
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
