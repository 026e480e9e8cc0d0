"""Opening the terminal UI over a session. Whatever takes time to import is imported after its first frame."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from techtool.cli import closing
from techtool.cli.exits import Exit
from techtool.cli.linking import DEMO_PROTOCOL, Linking, plug_in, simulate_charger
from techtool.cli.signals import when_asked_to_stop
from techtool.text import safe

if TYPE_CHECKING:
    from techtool.screens.app import TechtoolApp
    from techtool.screens.desk import Desk
    from techtool.session import Session


def open_replay(source: str, journal: Path | None, identity: str | None = None) -> list[str]:
    """Show an earlier visit or a file; nothing listens, nothing is written. Gives what could not be read.

    It is read after the first frame. Raises :class:`techtool.cli.loading.LoadError`.
    """
    _need_terminal()
    notes: list[str] = []

    async def open_desk() -> Desk:
        desk, troubles = await asyncio.to_thread(replay_desk, source, journal, identity)
        notes.extend(troubles)
        return desk

    app = _app(open_desk, f" Reading {safe(source, 60)} ...")
    app.run()
    _after(app)
    return notes


def replay_desk(source: str, journal: Path | None, identity: str | None) -> tuple[Desk, list[str]]:
    """What the screens show of an earlier visit, of one charger if wanted, and what could not be read.

    Raises LoadError.
    """
    from techtool.cli import chargers, loading
    from techtool.screens.desk import Desk
    from techtool.session import Session

    records, notes = loading.load(source, journal)
    if identity is not None:
        from techtool.picture import fold

        stations = fold(records).stations
        if identity not in stations:
            raise loading.LoadError(chargers.unknown(stations, identity), Exit.USAGE, "unknown-charger")
    session = Session(None, title=source)
    desk = Desk(session, lambda: session.replay(records), journal=journal)
    desk.chosen = identity
    return desk, notes


def open_ui(linking: Linking) -> None:
    """Run the UI until it is left. The engine starts after the first frame."""
    _need_terminal()
    with ExitStack() as after:
        app = asyncio.run(_with_session(linking, after))
    _after(app)


async def _with_session(linking: Linking, after: ExitStack) -> TechtoolApp:
    from techtool.screens.opening import WAITING

    opened: list[Session] = []

    async def open_desk() -> Desk:
        desk = await asyncio.to_thread(_desk, linking, lambda: app, after)
        opened.append(desk.session)
        return desk

    if linking.serial is not None:
        said: tuple[str, ...] = (f" Opening {safe(linking.serial, 60)} ...",)
    else:
        next_step = "Starting the demo charger" if linking.demo else f"Opening port {linking.port}"
        said = (WAITING, "", f" {next_step} ...")
    app = _app(open_desk, *said)
    when_asked_to_stop(app.stop)
    try:
        await app.run_async()
    finally:
        for session in opened:
            await session.close()
    return app


def _desk(linking: Linking, app: Callable[[], TechtoolApp], after: ExitStack) -> Desk:
    from dataclasses import replace

    from techtool.journal.store import Journal
    from techtool.screens.desk import Desk
    from techtool.session import Session

    journal = Journal.open(linking.journal)
    after.callback(closing.close, journal)  # the screen is gone by then
    session = Session(journal, linking.policy, title="techtool")

    async def demo() -> None:
        wanted = linking if linking.demo else replace(linking, demo=DEMO_PROTOCOL, identity=None)
        await simulate_charger(wanted, session)

    async def start() -> None:
        if linking.serial is not None:
            app().run_worker(plug_in(linking, session), group="service port", exit_on_error=False)
            return
        await session.listen(linking.host, linking.port)
        if linking.demo is not None:
            app().run_worker(demo(), group="demo", exit_on_error=False)

    return Desk(
        session,
        start,
        host=linking.host,
        port=linking.port,
        demo=demo if linking.serial is None else None,
        journal=linking.journal,
    )


def _need_terminal() -> None:
    """Without one the UI would write its escapes into a file, and wait for keys that never come."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream is not None and stream.isatty() for stream in streams):
        if sys.stderr is not None:
            print(
                "The UI needs a terminal. In a script use `techtool listen` or `techtool status`.", file=sys.stderr
            )
        raise SystemExit(Exit.USAGE)


def _app(open_desk: Callable[[], Awaitable[Desk]], *said: str) -> TechtoolApp:
    from techtool.screens import remembered
    from techtool.screens.app import TechtoolApp

    return TechtoolApp(open_desk, said=said, theme=remembered.theme())


def _after(app: TechtoolApp) -> None:
    """Remember the theme, and end as the app did."""
    from techtool.screens import remembered

    remembered.remember(app.theme)
    if app.failure is not None:
        raise app.failure
    for words in app.last_words:
        with suppress(OSError):  # the terminal may be gone
            print(words, file=sys.stderr)
    if app.return_code:  # Textual has shown why
        raise SystemExit(app.return_code)
