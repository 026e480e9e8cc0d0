"""From a serial port in a list to the charger at its other end: look what is there, have it chosen, use it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Sequence
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from techtool.text import safe

from . import what_is_there as there
from .widgets.ask import Ask
from .widgets.bars import Key
from .widgets.dialogs import Dialog, Question, menu
from .widgets.lines import cut
from .widgets.sheet import Line

if TYPE_CHECKING:
    from techtool.serviceport.choosing import Opening
    from techtool.serviceport.ports import PortSeen
    from techtool.serviceport.probing import Probed
    from techtool.serviceport.profiles.library import Entry
    from techtool.serviceport.traits import Trait, Where

    from .job import Job
    from .main_screen import MainScreen

T = TypeVar("T")
GROUP = "probe"
"""The worker that looks at a port."""
NONE = (
    "No serial port. Plug the cable in: this page is watching, and takes the next one (Linux: are you in group "
    "dialout?)."
)
OTHER, NAMED = "Another one", "By its name"
SPEEDS = (9600, 19_200, 38_400, 57_600, 115_200)


class _After(Enum):
    """What comes after a port."""

    NOTHING = "nothing"
    LOOK = "another look"


def described(port: PortSeen) -> str:
    """What it is, in one line."""
    return safe(", ".join(part for part in (port.description, port.maker) if part) or "serial port", 60)


def choose(main: MainScreen) -> None:
    """Ask which port, or wait for one."""
    ports = main.desk.ports
    choices: list[tuple[Hashable, str, str]] = [
        (one.device, safe(one.device, 30), described(one)) for one in ports.seen
    ]
    choices.append((OTHER, OTHER, "plug it in now"))
    choices.append((NAMED, NAMED, "COM3, or socket://HOST:PORT"))
    main.app.push_screen(
        menu("Which serial port?" if ports.seen else "No serial port is there", choices),
        lambda chosen: _chosen(main, chosen),
    )


def wait(main: MainScreen) -> None:
    """The next port that is plugged in is looked at."""
    main.desk.ports.wait_for = lambda port: look_at(main, port.device)
    main.tech.say(NONE if not main.desk.ports.seen else "Plug it in now: this page is watching.")


def look_at(main: MainScreen, device: str) -> None:
    """Find out what is there; what proves itself is used at once."""
    port = next((one for one in main.desk.ports.seen if one.device == device), None)
    if main.desk.ports.probing is not None:
        main.tech.say(f"{main.desk.ports.probing} is looked at. u stops that.", severity="warning")
    elif port is None:
        main.tech.say(f"{device} is not there any more.", severity="warning")
    elif port.trouble is not None:
        main.tech.say(f"{device} {'is ' if port.users else ''}{port.trouble}", severity="warning")
    else:
        _look(main, device)


def stop(main: MainScreen) -> None:
    """Look no further."""
    main.workers.cancel_group(main, GROUP)


def change(main: MainScreen) -> None:
    """Close the port that is used; also to choose anew what is there."""
    if (used := main.desk.session.serial) is not None:
        device = used.settings.device
        choices = [
            (_After.NOTHING, "Leave the port", ""),
            (_After.LOOK, "Look again", "and open it as something else"),
        ]
        main.app.push_screen(menu(cut(safe(device), 60), choices), lambda then: _leave(main, device, then))


def _leave(main: MainScreen, device: str, then: Hashable | None) -> None:
    if then is None:
        return
    if (job := main.desk.jobs.running) is not None:
        question = Question("Leave the port?", f"{job.at_stake} {job.stops}", "Stop it and leave", "Stay")
        main.app.push_screen(question, lambda yes: _go(main, device, then, job) if yes else None)
    else:
        _go(main, device, then)


def _go(main: MainScreen, device: str, then: Hashable, job: Job | None = None) -> None:
    main.app.run_worker(_leave_now(main, device, then, job), group="leave", exit_on_error=False)


async def _leave_now(main: MainScreen, device: str, then: Hashable, job: Job | None) -> None:
    await main.desk.jobs.stop()  # the charger is told, or put back, before the port is closed
    if job is not None and job.alarm is not None:
        main.show_alarm(job)
        return
    main.desk.ports.leave()
    if then is _After.LOOK:
        _look(main, device)


def _chosen(main: MainScreen, chosen: Hashable | None) -> None:
    if chosen == OTHER:
        wait(main)
    elif chosen == NAMED:
        words = ["A device, or a port that a serial server gives out: socket://192.168.1.20:4001."]
        main.app.push_screen(Ask("Which port?", words), lambda name: _look_at_named(main, name) if name else None)
    elif chosen is not None:
        look_at(main, str(chosen))


def _look_at_named(main: MainScreen, name: str) -> None:
    from techtool.serviceport.naming import never

    if (why := never(name)) is not None:
        main.tech.say(why, severity="warning")
    else:
        _look(main, name)


def _look(main: MainScreen, device: str) -> None:
    main.run_worker(_Look(main, device).begin(), group=GROUP, exclusive=True, exit_on_error=False)


class _Look:
    """One port, from the first look to what it is opened as."""

    def __init__(self, main: MainScreen, device: str) -> None:
        self._main, self._device = main, device
        self._baud: int | None = None
        """Where the technician said at which speed."""

    async def begin(self) -> None:
        """Look, ask, use. What goes wrong at the port is told."""
        from techtool.serviceport.port import LinkLost, OpenError

        # the profiles take a tenth of a second, in which no key would be answered
        await asyncio.to_thread(import_module, "techtool.serviceport.profiles")
        try:
            await self._probe()
        except (OpenError, LinkLost) as error:
            self._main.tech.say(str(error), severity="warning")

    async def _probe(self) -> None:
        from techtool.serviceport.choosing import BAUD
        from techtool.serviceport.port import Settings

        baud = self._baud or BAUD
        found = await self._main.desk.ports.probe(Settings(self._device, baud))
        sole = found.candidates[0] if len(found.candidates) == 1 else None
        if sole is not None and there.proved(sole) and self._device != self._main.desk.ports.was:
            await self._open_found(sole)
            return
        title = f"What is at {safe(self._device, 30)}, {baud} baud"
        await self._go_on(found, await self._ask(title, there.told(found, self._main.look)))

    async def _scan(self, units: Sequence[int]) -> None:
        found = await self._main.desk.ports.scan_line(self._device, units)
        title = f"RS-485 line at {safe(self._device, 30)}, {there.unit_words(units)}"
        more = len(units) < there.MOST_UNIT
        await self._go_on(found, await self._ask(title, there.answered(found, self._main.look, more=more)))

    async def _go_on(self, found: Probed, wanted: Hashable | None) -> None:
        from techtool.serviceport.modbus.scanning import ALL_UNITS, FIRST_UNITS

        match wanted:
            case there.Found(place):
                await self._open_found(found.candidates[place])
            case there.More.ELSE:
                await self._else()
            case there.More.LINE:
                await self._scan(FIRST_UNITS)
            case there.More.ALL_UNITS:
                await self._scan(ALL_UNITS)
            case there.More.SPEED:
                choices = [(one, f"{one} baud", "") for one in SPEEDS]
                baud = await self._main.app.push_screen_wait(
                    menu(f"Look at {safe(self._device, 30)} at", choices, chosen=self._baud or SPEEDS[0])
                )
                if isinstance(baud, int):
                    self._baud = baud
                    await self._probe()

    async def _open_found(self, trait: Trait) -> None:
        from techtool.serviceport.choosing import by_trait

        opening = await self._read(lambda: by_trait(self._device, trait, self._baud))
        if opening is not None:
            self._use(opening)
        elif trait.profile is None:
            await self._else(trait.where)

    async def _else(self, where: Where | None = None) -> None:
        """Everything that a port can be opened as; on an RS-485 line, where somebody answered, the boxes alone."""
        from techtool.serviceport.choosing import SMP, Opening, by_profile, speed_of
        from techtool.serviceport.chosen import Bare
        from techtool.serviceport.profiles import all_profiles

        library = await asyncio.to_thread(all_profiles)
        title = f"Open {safe(self._device, 30)} as"
        wanted = await self._ask(title, there.everything(library, boxes_only=where is not None))
        entry: Entry | None = None
        match wanted:
            case there.More.OPENEVSE:
                self._use(Opening(speed_of(self._device, None, self._baud), None))
            case there.More.SMP:
                self._use(Opening(speed_of(self._device, Bare(SMP), self._baud), Bare(SMP)))
            case there.More.FILE:
                entry = await self._file()
            case there.Profile(id):
                entry = next(one for one in library.entries if one.profile.id == id)
        if entry is None:
            return
        unit: int | None = None
        if where is not None:
            self._use(by_profile(self._device, entry, **where._asdict()))
        elif (came := there.unit_of(entry)) is None or (unit := await self._unit(came)) is not None:
            self._use(by_profile(self._device, entry, baud=self._baud, unit=unit))

    async def _file(self) -> Entry | None:
        from techtool.serviceport.profiles import named

        words = ["The file of a profile, as `techtool profile check` reads it."]
        name = await self._main.app.push_screen_wait(Ask("Which file?", words, hint="my-box.toml"))
        if not name:
            return None
        file = name if name.endswith(".toml") else f"{name}.toml"
        return await self._read(lambda: named(file))

    async def _read(self, read: Callable[[], T | None]) -> T | None:
        """What files say, read in a thread; why they cannot be used is told."""
        from techtool.serviceport.profiles import ProfileError, UnknownProfile

        try:
            return await asyncio.to_thread(read)
        except UnknownProfile as error:
            self._main.tech.say(str(error), severity="error")
        except ProfileError as error:
            self._main.tech.say("; ".join(map(str, error.problems)), severity="error")
        return None

    async def _unit(self, came: int) -> int | None:
        """The box's number on its line; None where nothing is to be opened."""
        words = [f"Its number on the line, as it is set in the box: 1 to {there.MOST_UNIT}."]
        typed = await self._main.app.push_screen_wait(Ask("Which unit?", words, value=str(came)))
        if typed is None:
            return None
        if typed.strip().isascii() and typed.strip().isdecimal() and 1 <= int(typed) <= there.MOST_UNIT:
            return int(typed)
        self._main.tech.say(
            f"A unit is a number from 1 to {there.MOST_UNIT}. Nothing was opened.", severity="warning"
        )
        return None

    async def _ask(self, title: str, lines: Sequence[Line]) -> Hashable | None:
        return await self._main.app.push_screen_wait(Dialog(title, lines, [Key("enter", "choose", "Enter")]))

    def _use(self, opening: Opening) -> None:
        from techtool.serviceport.port import Settings

        self._main.desk.ports.use(Settings(self._device, *opening.speed), opening.chosen)
