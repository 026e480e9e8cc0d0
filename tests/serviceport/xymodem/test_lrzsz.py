"""Real receivers: rb and rx of lrzsz."""

from __future__ import annotations

import asyncio
import random
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.outcome import Ended, Ending, Progress
from techtool.serviceport.xymodem.patience import Patience
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.transfer import send
from tests.serviceport.xymodem.peers import Change, Peer, needs_lrzsz, peer

pytestmark = [needs_lrzsz, pytest.mark.timeout(120)]

MIB = 1 << 20
SIZES = [0, 1, 127, 128, 129, 1023, 1024, 1025, MIB]
"""Around the sizes of blocks."""
HASTY = Patience(silent_s=4.0, repeat_s=0.3)


def content(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # the same in every run


async def test_several_files_in_one_batch(tmp_path: Path) -> None:
    contents = {f"{size}.bin": content(size) for size in (0, 128, 1025)}
    async with peer(tmp_path, "rb") as receiver:
        ended = await send(receiver.port, [Image.of(f"/x/{name}", data) for name, data in contents.items()])
        assert ended.ending is Ending.SENT, ended.text
        assert await receiver.process.wait() == 0
        assert receiver.files() == contents


async def test_a_receiver_on_a_terminal_of_its_own(tmp_path: Path) -> None:
    async with peer(tmp_path, "rb", terminal=True) as receiver:
        ended = await send(receiver.port, [Image.of("fw.bin", content(100_000))], patience=HASTY)
        assert await receiver.process.wait() == 0
        assert receiver.files() == {"fw.bin": content(100_000)}
        # it may throw its last answer away when it ends: then we cannot know, and say so
        assert ended.whole


async def test_files_of_every_size(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group:  # rb waits for seconds before it believes in an end
        for size in SIZES:
            folder = tmp_path / str(size)
            folder.mkdir()
            group.create_task(one_by_ymodem(folder, size))


async def one_by_ymodem(folder: Path, size: int) -> None:
    async with peer(folder, "rb") as receiver:
        ended = await send(receiver.port, [Image.of("fw.bin", content(size), 1_700_000_000)])
        assert ended.ending is Ending.SENT, ended.text
        assert await receiver.process.wait() == 0
        assert receiver.files() == {"fw.bin": content(size)}
        assert (receiver.folder / "fw.bin").stat().st_mtime == 1_700_000_000


async def test_a_long_name(tmp_path: Path) -> None:
    async with peer(tmp_path, "rb") as receiver:
        ended = await send(receiver.port, [Image.of("n" * 200, content(129))])
        assert ended.ending is Ending.SENT and await receiver.process.wait() == 0
        assert receiver.files() == {"n" * 200: content(129)}


@pytest.mark.parametrize("variant", [Variant.XMODEM, Variant.XMODEM_1K])
async def test_xmodem_with_checksums(tmp_path: Path, variant: Variant) -> None:
    async with asyncio.TaskGroup() as group:
        for size in (0, 1, 128, 129, 1023, 1024, 1025, 100_000):
            folder = tmp_path / str(size)
            folder.mkdir()
            group.create_task(one_by_xmodem(folder, size, variant, "rx"))


@pytest.mark.parametrize(("variant", "size"), [(Variant.XMODEM, 65_537), (Variant.XMODEM_1K, MIB + 1)])
async def test_xmodem_with_crcs(tmp_path: Path, variant: Variant, size: int) -> None:
    await one_by_xmodem(tmp_path, size, variant, "rx", "-c")


async def one_by_xmodem(folder: Path, size: int, variant: Variant, *command: str) -> None:
    async with peer(folder, *command, "fw.bin") as receiver:
        ended = await send(receiver.port, [Image.of("fw.bin", content(size))], variant=variant)
        assert ended.ending is Ending.SENT, ended.text
        assert await receiver.process.wait() == 0
        written = receiver.files()["fw.bin"]
        assert written == content(size) + b"\x1a" * (len(written) - size) and len(written) - size < 128


async def killed(receiver: Peer, how: signal.Signals) -> Ended:
    """The receiver, after the first 100,000 bytes."""

    def told(progress: Progress) -> None:
        if progress.acknowledged > 100_000:
            with suppress(ProcessLookupError):
                receiver.process.send_signal(how)

    return await send(receiver.port, [Image.of("fw.bin", content(50 * MIB))], told=told, patience=HASTY)


@pytest.mark.parametrize(
    ("how", "ending"),
    [
        ("SIGINT", Ending.CANCELLED_BY_RECEIVER),
        ("SIGTERM", Ending.CANCELLED_BY_RECEIVER),
        ("SIGKILL", Ending.SILENT),
    ],
)
async def test_a_receiver_that_is_stopped(tmp_path: Path, how: str, ending: Ending) -> None:
    async with peer(tmp_path, "rb") as receiver:
        ended = await killed(receiver, signal.Signals[how])
        assert ended.ending is ending and "Image incomplete" in ended.text
        assert 100_000 < ended.progress.acknowledged < 50 * MIB


async def test_the_receiver_stops_when_we_do(tmp_path: Path) -> None:
    begun = asyncio.Event()
    async with peer(tmp_path, "rb") as receiver:

        def told(progress: Progress) -> None:
            if progress.acknowledged > 100_000:
                begun.set()

        async with asyncio.TaskGroup() as group:
            image = Image.of("fw.bin", content(50 * MIB))
            task = group.create_task(send(receiver.port, [image], told=told))
            await begun.wait()
            task.cancel()
        async with asyncio.timeout(10):
            assert await receiver.process.wait() != 0


def dropping(every: int) -> Change:
    """Loses each so many of the acknowledgements, but for the last: after that rb is gone."""
    count = 0

    def drop(data: bytes) -> bytes:
        nonlocal count
        count += data == b"\x06"
        return b"" if data == b"\x06" and count % every == 0 and count < 22 else data

    return drop


def damaging(every: int) -> Change:
    """Turns a bit of each so many of the pieces."""
    count = 0

    def damage(data: bytes) -> bytes:
        nonlocal count
        count += 1
        return data[:50] + bytes([data[50] ^ 8]) + data[51:] if count % every == 0 and len(data) > 100 else data

    return damage


def noisy(data: bytes) -> bytes:
    return b"\xf7\xff\x00" + data if data == b"\x06" else data


@pytest.mark.parametrize("command", [("rb",), ("rx", "-c", "fw.bin")])
async def test_every_seventh_acknowledgement_is_lost(tmp_path: Path, command: tuple[str, ...]) -> None:
    variant = Variant.YMODEM if command[0] == "rb" else Variant.XMODEM_1K
    data = content(20 * 1024)
    async with peer(tmp_path, *command, theirs=dropping(7)) as receiver:
        image = Image.of("fw.bin", data)
        ended = await send(receiver.port, [image], variant=variant, patience=HASTY)
        assert ended.ending is Ending.SENT, ended.text
        assert ended.progress.repeated >= 2 and await receiver.process.wait() == 0
        assert receiver.files() == {"fw.bin": data}


async def test_noise_between_the_answers(tmp_path: Path) -> None:
    async with peer(tmp_path, "rb", theirs=noisy) as receiver:
        ended = await send(receiver.port, [Image.of("fw.bin", content(50_000))])
        assert ended.ending is Ending.SENT and ended.progress.junk >= 3 * 49
        assert receiver.files() == {"fw.bin": content(50_000)}


async def test_damaged_blocks_are_sent_again(tmp_path: Path) -> None:
    async with peer(tmp_path, "rb", ours=damaging(9)) as receiver:
        ended = await send(receiver.port, [Image.of("fw.bin", content(20_000))])
        assert ended.ending is Ending.SENT and ended.progress.repeated >= 2
        assert receiver.files() == {"fw.bin": content(20_000)}
