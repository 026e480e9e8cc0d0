"""The reboot on the Status page: asked for, watched beside the pages, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from techtool.station.model import Station
from techtool.text import safe

from .firmware_lines import energy
from .insisting import ask
from .restart import Restart
from .widgets.lines import join, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line

if TYPE_CHECKING:
    from .main_screen import MainScreen

HEAD = 14
"""Columns before what is said of it."""


def reboot(main: MainScreen, station: Station) -> None:
    """Ask, and have the charger start anew."""
    charging, last = energy(station), main.desk.jobs.restart
    careful = f" Careful: {charging}. Its session ends." if charging is not None else ""
    text = f"{safe(station.identity, 30)} is told to start anew, and it is looked whether it did.{careful}"
    why = "A car is charging" if charging is not None else last.danger if last is not None else None

    def begin() -> None:
        restart = main.desk.jobs.reboot(force=why is not None)
        main.app.run_worker(_tell(main, restart), group="reboot told", exit_on_error=False)
        main.tick()

    ask(main.app, "Reboot the charger?", text, "Reboot it", why, begin)


async def _tell(main: MainScreen, restart: Restart) -> None:
    """What came of it, whichever page is shown by then."""
    if main.desk.jobs.restart is restart:
        await restart.over.wait()
    if restart.outcome is not None:
        good = restart.state in ("ok", "warn")
        main.tech.say(restart.outcome.text, severity="information" if good else "warning")


def reboot_lines(restart: Restart | None, station: Station, look: Look, width: int) -> list[Line]:
    """The one that is watched, or what came of it."""
    if restart is None or restart.identity != station.identity:
        return []
    said = "it is watched whether it goes away and comes back"
    if restart.outcome is not None:
        said = f"{restart.word}   {safe(restart.outcome.text)}"
    first, *more = wrap(f"{look.clock(restart.began)}   {said}", width - HEAD - 1)
    told = line(join(" Reboot    ", look.word(restart.state), f" {first}"))
    return [told, *(line(" " * HEAD + part) for part in more)]
