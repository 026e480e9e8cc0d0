"""From a serial port in a list to the charger at its other end: look what is there, then use it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from techtool.text import safe

from .widgets.dialogs import Dialog, menu
from .widgets.lines import wrap
from .widgets.sheet import Line, line

if TYPE_CHECKING:
    from techtool.serviceport.ports import PortSeen
    from techtool.serviceport.probing import Probed

    from .main_screen import MainScreen

WIDTH = 58
NONE = (
    "No serial port. Plug the cable in: this page is watching, and takes the next one (Linux: are you in group "
    "dialout?)."
)
OTHER = "Another one"


def described(port: PortSeen) -> str:
    """What it is, in one line."""
    return safe(", ".join(part for part in (port.description, port.maker) if part) or "serial port", 60)


def choose(main: MainScreen) -> None:
    """Ask which port, or wait for one."""
    ports = main.desk.ports
    if not ports.seen:
        wait(main)
        return
    choices: list[tuple[Hashable, str, str]] = [
        (one.device, safe(one.device, 30), described(one)) for one in ports.seen
    ]
    choices.append((OTHER, OTHER, "plug it in now"))
    main.app.push_screen(menu("Which serial port?", choices), lambda chosen: _chosen(main, chosen))


def wait(main: MainScreen) -> None:
    """The next port that is plugged in is looked at."""
    main.desk.ports.wait_for = lambda port: look_at(main, port.device)
    main.tech.say(NONE if not main.desk.ports.seen else "Plug it in now: this page is watching.")


def look_at(main: MainScreen, device: str) -> None:
    """Find out what is there; an OpenEVSE is used at once."""
    port = next((one for one in main.desk.ports.seen if one.device == device), None)
    if port is None:
        main.tech.say(f"{device} is not there any more.", severity="warning")
    elif port.trouble is not None:
        main.tech.say(f"{device} {'is ' if port.user else ''}{port.trouble}", severity="warning")
    else:
        main.run_worker(_look_at(main, device), group="probe", exclusive=True, exit_on_error=False)


def leave(main: MainScreen) -> None:
    """Close the port that is used."""
    main.desk.ports.leave()


def _chosen(main: MainScreen, chosen: Hashable | None) -> None:
    if chosen == OTHER:
        wait(main)
    elif chosen is not None:
        look_at(main, str(chosen))


async def _look_at(main: MainScreen, device: str) -> None:
    from techtool.serviceport.port import LinkLost, OpenError, Settings
    from techtool.serviceport.rapi.line import RapiLine

    settings = Settings(device)
    try:
        found = await main.desk.ports.probe(settings)
    except (OpenError, LinkLost) as error:
        main.tech.say(str(error), severity="warning")
        return
    if found.likeliest is not None and found.likeliest.protocol == RapiLine.protocol:
        main.desk.ports.use(settings)
        return
    dialog = Dialog(f"What is at {safe(device, 30)}", _told(found))
    main.app.push_screen(dialog, lambda all_the_same: main.desk.ports.use(settings) if all_the_same else None)


def _told(found: Probed) -> list[Line]:
    lines = [line(f" {one.name}, {one.sure} %: {safe(one.evidence)}") for one in found.candidates]
    if found.advice is not None:
        lines += [line(f" {part}") for part in wrap(found.advice, WIDTH)]
    if any(one.quiet for one in found.candidates):
        return lines
    return [*lines, line(""), line("   Open it as an OpenEVSE all the same", True, start=2, end=40)]
