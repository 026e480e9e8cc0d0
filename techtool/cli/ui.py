"""Opening the terminal UI over a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from techtool.cli import connect
from techtool.cli.options import Linking

if TYPE_CHECKING:
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
    from techtool.journal.store import Journal
    from techtool.screens.app import TechtoolApp
    from techtool.session import Session

    with Journal.open(linking.journal) as journal:
        session = Session(journal, connect.policy(linking), title="techtool")

        async def start() -> None:
            await session.listen(linking.host, linking.port)
            if linking.demo is not None:
                await connect.simulate_charger(linking, session)

        TechtoolApp(session, start=start).run()
