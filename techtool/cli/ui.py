"""Opening the terminal UI over a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from techtool.cli import connect
from techtool.cli.options import Linking

if TYPE_CHECKING:
    from techtool.session import Session
    from techtool.station.records import Record


def open_replay(records: Sequence[Record], title: str) -> None:
    """Show records of an earlier visit; nothing listens, nothing is written."""
    from techtool.screens.app import TechtoolApp
    from techtool.session import Session

    session = Session(None, title=title)

    async def start() -> None:
        await session.replay(records)

    TechtoolApp(session, start=start).run()


def open_ui(linking: Linking) -> None:
    """Run the UI until it is left. The engine starts after the first frame."""
    import asyncio

    from techtool.journal.store import Journal
    from techtool.session import Session

    with Journal.open(linking.journal) as journal:
        session = Session(journal, connect.policy(linking), title="techtool")
        asyncio.run(_run(session, linking))


async def _run(session: Session, linking: Linking) -> None:
    from dataclasses import replace

    from techtool.screens.app import TechtoolApp

    async def demo() -> None:
        wanted = linking if linking.demo else replace(linking, demo="ocpp1.6", identity=None)
        await connect.simulate_charger(wanted, session)

    async def start() -> None:
        await session.listen(linking.host, linking.port)
        if linking.demo is not None:
            app.run_worker(demo(), group="demo", exit_on_error=False)

    app = TechtoolApp(
        session,
        start=start,
        host=linking.host,
        port=linking.port,
        demo=demo if linking.demo is None else None,
    )
    try:
        await app.run_async()
    finally:
        await session.close()
