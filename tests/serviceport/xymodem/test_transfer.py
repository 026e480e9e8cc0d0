"""The edge: a port, a sender, and somebody who waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from techtool.serviceport.port import Port, Settings
from techtool.serviceport.xymodem import transfer
from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.outcome import Ending, Progress
from techtool.serviceport.xymodem.packets import ABORT
from techtool.serviceport.xymodem.patience import Patience
from techtool.serviceport.xymodem.transfer import send
from techtool.station.records import Direction
from tests.serviceport.ptys import Cable, cable, needs_terminals

pytestmark = needs_terminals

FILE = [Image.of("fw.bin", bytes(5000))]
QUICK = Patience(start_s=0.3, prepare_s=0.6, silent_s=0.3, repeat_s=0.1)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Cable]:
    with cable(tmp_path) as plugged:
        yield plugged


@pytest.fixture
async def port(wire: Cable) -> AsyncIterator[Port]:
    opened = await Port.open(Settings(str(wire.device)))
    yield opened
    await opened.close()


async def answer(wire: Cable, *said: bytes) -> None:
    """Say the first, and each of the others when a block came."""
    wire.say(said[0])
    for one in said[1:]:
        first = await wire.hear(1)
        size = {1: 133, 2: 1029}.get(first[0], 1)
        if len(first) < size:
            await wire.hear(size - len(first))
        wire.say(one)


async def test_every_byte_is_told_and_progress_too(wire: Cable, port: Port) -> None:
    told: list[Progress] = []
    passed: list[tuple[Direction, bytes]] = []
    answers = (b"C", b"\x06C", *[b"\x06"] * 5, b"\x06C", b"\x06app\r\n")
    async with asyncio.TaskGroup() as group:
        group.create_task(answer(wire, *answers))
        ended = await send(port, FILE, told=told.append, passed=lambda *one: passed.append(one))
    assert ended.ending is Ending.SENT, ended.text
    assert ended.rest == b"app\r\n"
    assert b"".join(data for who, data in passed if who is Direction.CHARGER) == b"".join(answers)
    sent = b"".join(data for who, data in passed if who is Direction.LAPTOP)
    assert sent[:3] == b"\x01\x00\xff" and len(sent) == 133 + 5 * 1029 + 1 + 133
    assert told[-1].acknowledged == 5000 and told[-1] == ended.progress


async def test_what_comes_as_the_time_is_up_is_not_lost(
    wire: Cable, port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit of the wait passes in the turn of the loop in which the bytes are handed over."""
    read = port.read
    loop = asyncio.get_running_loop()

    async def late() -> bytes:
        said = await read()
        handed = loop.create_future()

        def hand_over() -> None:
            handed.set_result(None)
            time.sleep(2 * QUICK.repeat_s)

        loop.call_soon(hand_over)
        await handed
        return said

    monkeypatch.setattr(transfer, "STALL_S", QUICK.repeat_s)
    monkeypatch.setattr(port, "read", late)
    patience = Patience(start_s=5.0, prepare_s=5.0, silent_s=5.0, repeat_s=5.0)
    async with asyncio.TaskGroup() as group:
        group.create_task(answer(wire, b"C", b"\x06C", *[b"\x06"] * 5, b"\x06C", b"\x06"))
        ended = await send(port, FILE, patience=patience)
    assert ended.ending is Ending.SENT, ended.text


async def test_cancelling_tells_the_receiver(wire: Cable, port: Port) -> None:
    begun = asyncio.Event()

    async def transfer() -> None:
        await send(port, FILE, passed=lambda who, _: begun.set() if who is Direction.LAPTOP else None)

    async with asyncio.TaskGroup() as group:
        task = group.create_task(transfer())
        wire.say(b"C")
        await begun.wait()
        await wire.hear(133)
        task.cancel()
        assert await wire.hear(2 * len(ABORT)) == 2 * ABORT
    assert task.cancelled()


async def test_ctrl_c_while_progress_is_told_is_not_taken_for_a_time_out(
    wire: Cable, port: Port, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal cancels the task that runs; by the time it waits again, the moment to wait for may be over."""
    asked: list[Progress] = []

    def told(progress: Progress) -> None:
        if progress.acknowledged and not asked:
            asked.append(progress)
            task.cancel()
            time.sleep(0.05)  # printing to a slow terminal

    monkeypatch.setattr(transfer, "TOLD_S", 0.0)
    async with asyncio.TaskGroup() as group:
        group.create_task(answer(wire, b"C", b"\x06C", *[b"\x06"] * 2))
        task = group.create_task(send(port, FILE, told=told))
    assert task.cancelled() and asked


async def test_a_fault_in_what_is_told_tells_the_receiver_too(wire: Cable, port: Port) -> None:
    def broken(_: Progress) -> None:
        raise LookupError

    wire.say(b"C")
    with pytest.raises(LookupError):
        await send(port, FILE, told=broken)
    assert (await wire.hear(len(ABORT))).endswith(ABORT)


async def test_an_adapter_that_is_unplugged_ends_it(wire: Cable, port: Port) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(send(port, FILE))
        wire.say(b"C")
        await wire.hear(133)
        wire.unplug()
    ended = task.result()
    assert ended.ending is Ending.PORT_LOST and "unplugged" in ended.text


async def test_nobody_there(port: Port) -> None:
    ended = await send(port, FILE, patience=QUICK)
    assert (ended.ending, "nothing was heard" in ended.text) == (Ending.NEVER_STARTED, True)


async def test_a_receiver_that_falls_silent(wire: Cable, port: Port) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(send(port, FILE, patience=QUICK))
        await answer(wire, b"C", b"\x06C", b"\x06", b"\x06")
    assert task.result().ending is Ending.SILENT
    heard = b""
    while not heard.endswith(ABORT):
        heard += await wire.hear()
    assert "2,048 of 5,000 bytes acknowledged" in task.result().text


async def test_the_loop_goes_on_while_a_receiver_floods_it(wire: Cable, port: Port) -> None:
    turns = 0
    async with asyncio.TaskGroup() as group:
        task = group.create_task(send(port, FILE, patience=QUICK))
        flood = group.create_task(asyncio.to_thread(wire.flood))
        while not task.done():
            turns += 1
            await asyncio.sleep(0)
        await flood
    assert task.result().ending is Ending.NEVER_STARTED and turns > 100
