"""Back offices to measure, each a process: ``python -m tests.bench.servers NAME JOURNAL`` prints its port."""

from __future__ import annotations

import asyncio
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, serve


async def echo(journal: Path) -> None:
    """websockets alone: every message goes back as it came."""

    async def handle(connection: ServerConnection) -> None:
        async for message in connection:
            await connection.send(message)

    await _serve(handle)


async def techtool(journal: Path) -> None:
    """The engine of techtool with journal, validation and station."""
    from techtool.journal.store import Journal
    from techtool.session import Session

    with Journal.open(journal) as opened:
        session = Session(opened)
        listening = await session.listen("127.0.0.1", 0)
        print(listening.port, flush=True)
        await asyncio.Event().wait()


async def ocpp_package(journal: Path) -> None:
    """The central system of the ``ocpp`` package, as its documentation shows it."""
    from ocpp.routing import on
    from ocpp.v16 import ChargePoint, call_result

    class CentralSystem(ChargePoint):  # type: ignore[misc]
        @on("BootNotification")  # type: ignore[untyped-decorator]
        def boot(self, **request: Any) -> Any:
            now = datetime.now(UTC).isoformat()
            return call_result.BootNotification(current_time=now, interval=300, status="Accepted")

        @on("Heartbeat")  # type: ignore[untyped-decorator]
        def heartbeat(self) -> Any:
            return call_result.Heartbeat(current_time=datetime.now(UTC).isoformat())

        @on("MeterValues")  # type: ignore[untyped-decorator]
        def meter_values(self, **request: Any) -> Any:
            return call_result.MeterValues()

    async def handle(connection: ServerConnection) -> None:
        await CentralSystem("BENCH", connection).start()

    await _serve(handle)


async def _serve(handle: Any) -> None:
    async with serve(handle, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:  # type: ignore[list-item]
        (socket,) = server.sockets
        print(socket.getsockname()[1], flush=True)
        await asyncio.Event().wait()


SERVERS = {"echo": echo, "techtool": techtool, "ocpp package": ocpp_package}

if __name__ == "__main__":
    # who measures hangs up without a word; that is no news
    logging.disable(logging.CRITICAL)
    asyncio.run(SERVERS[sys.argv[1]](Path(sys.argv[2])))
