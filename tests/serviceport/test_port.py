"""A serial port on a pseudo terminal: bytes, and every way to lose it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from techtool.serviceport.port import LinkLost, OpenError, Port, Settings
from tests.serviceport.ptys import Cable, cable, needs_terminals

pytestmark = needs_terminals


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Cable]:
    with cable(tmp_path) as plugged:
        yield plugged


async def read(port: Port, count: int) -> bytes:
    heard = b""
    while len(heard) < count:
        heard += await port.read()
    return heard


async def test_bytes_pass_as_they_are(wire: Cable) -> None:
    everything = bytes(range(256)) * 40
    port = await Port.open(Settings(str(wire.device)))
    try:
        for start in range(0, len(everything), 1024):
            wire.say(everything[start : start + 1024])
            assert await read(port, 1024) == everything[start : start + 1024]
        port.write(everything[:1024])
        assert await wire.hear(1024) == everything[:1024]
    finally:
        await port.close()


async def test_an_unplugged_adapter_is_lost_and_stays_lost(wire: Cable) -> None:
    port = await Port.open(Settings(str(wire.device)))
    try:
        wire.say(b"last words")
        assert await read(port, 10) == b"last words"
        wire.unplug()
        for _ in range(2):
            with pytest.raises(LinkLost, match="unplugged"):
                await port.read()
        port.write(b"anybody there?")
    finally:
        await port.close()


async def test_a_port_is_for_one_program(wire: Cable) -> None:
    port = await Port.open(Settings(str(wire.device)))
    try:
        with pytest.raises(OpenError, match="ttyUSB0 is in use by another program"):
            await Port.open(Settings(str(wire.device)))
    finally:
        await port.close()
    await (await Port.open(Settings(str(wire.device)))).close()


async def test_a_port_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OpenError, match="ttyUSB7 is not there: plug the cable in"):
        await Port.open(Settings(str(tmp_path / "ttyUSB7")))


async def test_a_port_that_takes_no_bytes_is_lost(wire: Cable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.port.WRITE_S", 0.2)
    port = await Port.open(Settings(str(wire.device)))
    try:
        port.write(b"x" * 1_000_000)  # nobody reads the other end
        with pytest.raises(LinkLost, match="took no bytes"):
            await port.read()
    finally:
        await port.close()


async def test_a_flood_waits_at_the_port_and_not_in_memory(wire: Cable) -> None:
    port = await Port.open(Settings(str(wire.device)))
    try:
        said = await asyncio.to_thread(wire.flood)
        assert said < 1_000_000, "nobody reads, so the port takes no more"
        assert len(await read(port, said)) == said
    finally:
        await port.close()


async def test_a_flood_leaves_others_their_turn(wire: Cable) -> None:
    port = await Port.open(Settings(str(wire.device)))
    turns = 0

    async def other() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    try:
        await asyncio.to_thread(wire.flood)  # the most that waits is there now
        async with asyncio.TaskGroup() as group:
            running = group.create_task(other())
            for _ in range(30):
                await port.read()
            running.cancel()
        assert turns >= 30
    finally:
        await port.close()
