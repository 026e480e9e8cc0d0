"""From options to a session with a charger on it, and back out again whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from techtool.cli import closing, output
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking, plug_in, simulate_charger
from techtool.cli.reply import Reply
from techtool.cli.signals import when_asked_to_stop

if TYPE_CHECKING:
    from techtool.csms.knocks import Knock
    from techtool.csms.listener import ListenError
    from techtool.session import Session
    from techtool.station.model import Station

AWAKE_S = 12.0
"""A charger that sends no BootNotification for so long will send none, also not when asked."""
REPORTED_S = 25.0
"""After so long the connectors that have said nothing will say nothing."""


def run(main: Callable[[], Coroutine[Any, Any, Exit]], reply: Reply) -> None:
    """Run a command's coroutine and exit with its code; Ctrl-C, SIGTERM and SIGHUP end it in good order."""
    try:
        code = asyncio.run(_stoppable(main))
    except KeyboardInterrupt:
        reply.interrupt()
    raise typer.Exit(code)


async def _stoppable(main: Callable[[], Coroutine[Any, Any, Exit]]) -> Exit:
    task = asyncio.current_task()
    if task is not None:
        when_asked_to_stop(task.cancel)
    try:
        return await main()
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


@contextlib.asynccontextmanager
async def session(reply: Reply, linking: Linking) -> AsyncIterator[Session]:
    """A session that listens, with the simulated charger calling if it was asked for."""
    from techtool.csms.listener import ListenError
    from techtool.journal.store import Journal
    from techtool.session import Session

    journal = Journal.open(linking.journal)
    try:
        visit = Session(journal, linking.policy, title=f"techtool {reply.command}")
        try:
            if linking.serial is None:
                await visit.listen(linking.host, linking.port)
        except ListenError as error:
            said = await _explained(error, linking)
            text = f"{said} `techtool doctor` tells who holds a port; --listen takes another one."
            reply.fail(Exit.FAILED, text, "listen")
        try:
            async with asyncio.TaskGroup() as group:
                beside = _beside(linking, visit)
                running = group.create_task(beside) if beside is not None else None
                try:
                    yield visit
                finally:
                    if running is not None:
                        running.cancel()
        except BaseExceptionGroup as group_error:
            raise _only(group_error) from None
        finally:
            await visit.close()
    finally:
        closing.close(journal)


def _beside(linking: Linking, visit: Session) -> Coroutine[Any, Any, None] | None:
    """What runs as long as the session: the service port, or the demo's charger."""
    if linking.serial is not None:
        return plug_in(linking, visit)
    return simulate_charger(linking, visit) if linking.demo else None


async def _explained(error: ListenError, linking: Linking) -> str:
    """Why the port cannot be had, by name where another techtool has it."""
    from techtool import interfaces
    from techtool.csms.listener import in_use

    if in_use(error.__cause__):
        holder = await asyncio.to_thread(interfaces.holder, linking.port, linking.host)
        if holder is not None and "techtool" in holder.name.lower():
            return f"Port {linking.port} is in use by another techtool (pid {holder.pid})."
    return str(error)


def _only(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The one thing that went wrong, as the command that raised it meant it."""
    inner = group.exceptions[0]
    return _only(inner) if isinstance(inner, BaseExceptionGroup) else inner


class News:
    """Waits for something to be true of a session, looking again whenever something came."""

    def __init__(self, visit: Session) -> None:
        self._visit = visit
        self._came = asyncio.Event()
        self._unwatch = visit.watch(lambda taken: self._came.set())

    async def until(self, true: Callable[[], bool], seconds: float, every: float | None = None) -> bool:
        """Whether it became true in time. ``every`` looks again so often even when nothing came."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not true():
            left = end - loop.time()
            if left <= 0:
                return False
            self._came.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, every) if every else left):
                    await self._came.wait()
        return True

    def close(self) -> None:
        """Watch no more."""
        self._unwatch()


def linked_for(station: Station) -> float:
    """Seconds since the charger connected."""
    since = station.link.since
    return (datetime.now(UTC) - since).total_seconds() if since is not None else 0.0


def is_in(station: Station | None, *, at_a_port: bool = False) -> bool:
    """It is connected, and known by its boot, or as well as it will be: a connection alone may be a try."""
    from techtool.station.model import LinkState

    if station is None or station.link.state is not LinkState.CONNECTED:
        return False
    booted = station.boot is not None and station.boot.status is not None
    # a service port tells what it is without a boot
    make = station.make
    known = make.firmware or make.model if at_a_port else make.firmware
    described = known is not None and (station.boot is None or at_a_port)
    return booted or described or linked_for(station) > AWAKE_S


async def charger(reply: Reply, visit: Session, linking: Linking) -> Station:
    """Wait for a charger that is connected and known, or end with exit code 3."""
    place = visit.listening
    if linking.serial is not None:
        output.note(f"Waiting for a charger at {linking.serial}, up to {linking.wait:g} s.")
    elif place is not None and not linking.demo:
        wanted = linking.identity or "a charger"
        output.note(f"Waiting for {wanted} on port {place.port}, up to {linking.wait:g} s.")
    news = News(visit)
    told: str | None = None

    def ready() -> bool:
        nonlocal told
        if visit.port_problem != told:
            told = visit.port_problem
            output.note(told or f"{linking.serial} is open.")
        return is_in(visit.station, at_a_port=linking.serial is not None)

    try:
        came = await news.until(ready, linking.wait, every=1.0)
    finally:
        news.close()
    station = visit.station
    if not came or station is None:
        if linking.serial is not None:
            why = visit.port_problem or (visit.serial.advice if visit.serial is not None else "")
            text = f"No charger answered at {linking.serial} within {linking.wait:g} s. {why}"
        else:
            text = f"No charger came within {linking.wait:g} s.{_tried(visit.picture.knocks)}"
        reply.fail(Exit.NO_CHARGER, text, "no-charger")
    return station


def _tried(knocks: Sequence[Knock]) -> str:
    """The last knock that may be the wanted charger's: another one's cure would not let that one in."""
    from techtool.csms.knocks import Reason

    if not knocks:
        return ""
    telling = next((one for one in reversed(knocks) if one.reason is not Reason.OTHER_IDENTITY), knocks[-1])
    who = "The last one who tried" if telling is knocks[-1] else "One who tried"
    return f" {who} {telling.text}. {telling.cure}"
