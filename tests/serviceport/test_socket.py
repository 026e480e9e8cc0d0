"""A service port that another machine gives out over TCP: also what Windows can simulate and test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from techtool.serviceport.port import OpenError, Port, Settings
from techtool.serviceport.rapi.framer import Framer
from techtool.station.model import LinkState
from tests.serviceport.chargers import ANSWERS, line
from tests.serviceport.visits import session_at, until


@asynccontextmanager
async def openevse() -> AsyncIterator[tuple[str, asyncio.Server]]:
    """A charger behind a TCP port; where it is."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        framer = Framer()
        try:
            while data := await reader.read(4096):
                for piece in framer.feed(data):
                    if piece.frame is not None:
                        writer.write(line(f"$OK {ANSWERS[piece.frame.name]} :{piece.frame.sequence}"))
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        yield f"socket://{host}:{port}", server


async def test_a_charger_behind_a_serial_server_is_like_any_other(tmp_path: Path) -> None:
    async with openevse() as (where, _), session_at(where, tmp_path) as session:
        await until(session, lambda: session.station is not None and session.station.evses)
        assert session.station is not None and session.station.link.state is LinkState.CONNECTED
        assert session.station.identity == where.removeprefix("socket://")


async def test_who_hangs_up_is_a_lost_link() -> None:
    async def leave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(leave, "127.0.0.1", 0) as server:
        port = await Port.open(Settings(f"socket://127.0.0.1:{server.sockets[0].getsockname()[1]}"))
        with pytest.raises(Exception, match="whoever gives the port out has hung up"):
            await port.read()
        await port.close()


async def test_where_nobody_answers_that_is_said() -> None:
    device = "socket://127.0.0.1:1"
    with pytest.raises(OpenError) as refused:
        await Port.open(Settings(device))
    assert str(refused.value).startswith(f"Nobody answers at {device}: is a serial server running there? (")
