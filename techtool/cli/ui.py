"""Opening the terminal UI over a session. Whatever takes time to import is imported after its first frame."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from techtool.cli.linking import DEMO_PROTOCOL, Linking, simulate_charger

if TYPE_CHECKING:
    from techtool.screens.app import TechtoolApp
    from techtool.screens.desk import Desk
    from techtool.session import Session
    from techtool.station.records import Record


def open_replay(records: Sequence[Record], title: str, identity: str | None = None) -> None:
    """Show records of an earlier visit, of one charger if wanted; nothing listens, nothing is written."""

    async def open_desk() -> Desk:
        return await asyncio.to_thread(replay_desk, records, title, identity)

    app = _app(open_desk, f" Opening {title} ...")
    app.run()
    _raise_failure(app)


def replay_desk(records: Sequence[Record], title: str, identity: str | None = None) -> Desk:
    """What the screens show of an earlier visit: of this charger, or of whichever comes first."""
    from techtool.csms.policy import Policy
    from techtool.screens.desk import Desk
    from techtool.session import Session

    session = Session(None, Policy(identity=identity), title=title)
    return Desk(session, lambda: session.replay(records))


def open_ui(linking: Linking) -> None:
    """Run the UI until it is left. The engine starts after the first frame."""
    with ExitStack() as after:
        asyncio.run(_with_session(linking, after))


async def _with_session(linking: Linking, after: ExitStack) -> None:
    from techtool.screens.opening import WAITING

    opened: list[Session] = []

    async def open_desk() -> Desk:
        desk = await asyncio.to_thread(_desk, linking, lambda: app, after)
        opened.append(desk.session)
        return desk

    app = _app(open_desk, WAITING, "", f" Opening port {linking.port} ...")
    try:
        await app.run_async()
    finally:
        for session in opened:
            await session.close()
    _raise_failure(app)


def _desk(linking: Linking, app: Callable[[], TechtoolApp], after: ExitStack) -> Desk:
    from dataclasses import replace

    from techtool.journal.store import Journal
    from techtool.screens.desk import Desk
    from techtool.session import Session

    journal = after.enter_context(Journal.open(linking.journal))
    session = Session(journal, linking.policy, title="techtool")

    async def demo() -> None:
        wanted = linking if linking.demo else replace(linking, demo=DEMO_PROTOCOL, identity=None)
        await simulate_charger(wanted, session)

    async def start() -> None:
        await session.listen(linking.host, linking.port)
        if linking.demo is not None:
            app().run_worker(demo(), group="demo", exit_on_error=False)

    start_demo: Callable[[], Awaitable[None]] | None = demo if linking.demo is None else None
    return Desk(
        session, start, host=linking.host, port=linking.port, demo=start_demo, journal=linking.journal
    )


def _app(open_desk: Callable[[], Awaitable[Desk]], *said: str) -> TechtoolApp:
    from techtool.screens import remembered
    from techtool.screens.app import TechtoolApp

    return TechtoolApp(open_desk, said=said, theme=remembered.theme(), remember=remembered.remember)


def _raise_failure(app: TechtoolApp) -> None:
    if app.failure is not None:
        raise app.failure
