"""A file to a boot loader behind a console."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from techtool.abilities import UnableError
from techtool.serviceport.chosen import Chosen
from techtool.serviceport.console import firmware
from techtool.serviceport.profiles import named
from techtool.station.firmware import Image, Step, Way
from techtool.station.outcomes import CallRefusedError, NoLinkError, Outcome, Verdict
from techtool.station.records import Direction, Kind
from techtool.trace import Trace
from tests.serviceport.chargers import charger
from tests.serviceport.console.consoles import ZEPHYR, plugged
from tests.serviceport.console.loaders import Loader, loader, profile_at
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.visits import Visit, plugged_in

pytestmark = needs_terminals
IMAGE = Image("fw.bin", bytes(range(250)) * 20)


@asynccontextmanager
async def at_a_loader(folder: Path, profile: str = "") -> AsyncIterator[Visit[Loader]]:
    chosen = Chosen(named(profile or profile_at(folder)))
    async with plugged_in(folder, loader, chosen) as visit:
        await visit.until(visit.known)
        yield visit


async def pushed(visit: Visit[Loader], begun: asyncio.Event) -> Outcome:
    """A file that takes a while; it has begun when a part of it is there."""
    image = Image("fw.bin", bytes(500_000))
    return await visit.session.able.push_firmware(image, told=lambda step: begun.set() if step.sent else None)


async def test_a_file_is_sent_whole_and_its_loader_says_so(tmp_path: Path) -> None:
    steps: list[Step] = []
    async with at_a_loader(tmp_path) as visit:
        outcome = await visit.session.able.push_firmware(IMAGE, told=steps.append)
        assert outcome.verdict is Verdict.PROVED, outcome.text
        assert visit.there.took == {"fw.bin": IMAGE.data} and visit.there.lines == [b"loady\r"]
        assert outcome.result["sent"] == outcome.result["total"] == 5000
        assert outcome.result["said"] == "## Total Size      = 0x00001388"
        assert steps[-1].sent == steps[-1].total == 5000
        assert (await visit.session.call("help", {})).verdict is Verdict.ACCEPTED, "the console goes on"
        sent = b"".join(
            one.data
            for one in visit.session.tape.since(0)
            if one.kind is Kind.TRANSFER and one.direction is Direction.LAPTOP
        )
        assert IMAGE.data[:1024] in sent
        trace = Trace(visit.session.tape)
        trace.catch_up()
        rows = [trace.row(one.number).what for one in visit.session.tape.since(0) if one.kind is Kind.TRANSFER]
        assert "block 0: fw.bin" in rows and "block 1, 1,024 bytes" in rows and "end of file" in rows
        assert "block 0: no more files" in rows


async def test_without_its_word_it_is_accepted_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware, "DONE_S", 0.2)
    async with at_a_loader(tmp_path) as visit:
        visit.there.says = b"Bad magic number\r\n"
        outcome = await visit.session.able.push_firmware(IMAGE)
        assert outcome.verdict is Verdict.ACCEPTED and "did not say that it took them" in outcome.text


async def test_who_has_the_file_and_its_end_and_answers_no_goodbye_has_accepted(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as visit:
        visit.there.leaves = True
        async with asyncio.TaskGroup() as group:
            push = group.create_task(visit.session.able.push_firmware(IMAGE))
            await asyncio.wait_for(visit.there.left.wait(), 20)
            await visit.there.unplug()
        outcome = push.result()
        assert outcome.verdict is Verdict.ACCEPTED and "only the goodbye after it was not" in outcome.text
        assert outcome.result["sent"] == 5000 and outcome.result["said"] is None


async def test_who_cancels_has_refused(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as visit:
        visit.there.cancels_at = 3
        outcome = await visit.session.able.push_firmware(IMAGE)
        assert outcome.verdict is Verdict.REFUSED and "The receiver cancelled" in outcome.text
        assert outcome.result["sent"] < 5000


async def test_a_terminal_types_what_it_is_told_to(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path, "generic-console") as visit:
        outcome = await visit.session.able.push_firmware(IMAGE, Way("loady 0x1000", "ymodem"))
        assert outcome.verdict is Verdict.ACCEPTED and "look at its version" in outcome.text
        assert visit.there.took == {"fw.bin": IMAGE.data} and visit.there.lines == [b"loady 0x1000\r"]


async def test_what_cannot_go_out_is_refused_before(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as visit:
        for image, way in (
            (IMAGE, Way(by="zmodem")),
            (IMAGE, Way("two\rlines")),
            (Image("..", b"x"), Way()),
        ):
            with pytest.raises(CallRefusedError):
                await visit.session.able.push_firmware(image, way)
        assert visit.there.lines == []


async def test_the_way_and_the_file_are_told_before(tmp_path: Path) -> None:
    async with at_a_loader(tmp_path) as visit:
        able = visit.session.able.firmware()
        known = able.known
        assert (known.start, known.by, known.takes_start) == ("loady", ("ymodem", "xmodem-1k", "xmodem"), True)
        assert (
            "115200 baud" in known.words and known.bytes_per_s is not None and 11_000 < known.bytes_per_s < 11_520
        )
        assert able.examine(IMAGE, Way()) == (None, None)
        assert "Intel HEX" in (able.examine(Image("fw.hex", b":00000001FF\r\n"), Way()).doubt or "")
        with pytest.raises(CallRefusedError):
            able.examine(IMAGE, Way("two\rlines"))
        assert visit.there.lines == []


async def test_a_cancelled_push_tells_the_loader_to_give_up(tmp_path: Path) -> None:
    begun = asyncio.Event()
    async with at_a_loader(tmp_path) as visit:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(pushed(visit, begun))
            await begun.wait()
            task.cancel()
        assert task.cancelled()
        assert (await visit.session.call("help", {})).verdict is Verdict.ACCEPTED


async def test_a_cable_pulled_meanwhile_leaves_it_open_what_is_there(tmp_path: Path) -> None:
    begun = asyncio.Event()
    async with at_a_loader(tmp_path) as visit:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(pushed(visit, begun))
            await begun.wait()
            await visit.there.unplug()
        outcome = task.result()
        assert outcome.verdict is Verdict.UNANSWERED and "Image incomplete" in outcome.text
        with pytest.raises(NoLinkError):
            await visit.session.able.push_firmware(IMAGE)


async def test_what_takes_none_says_why(tmp_path: Path) -> None:
    async with plugged(tmp_path, ZEPHYR) as visit:
        await visit.until(visit.known)
        with pytest.raises(UnableError, match="over SMP"):
            await visit.session.able.push_firmware(IMAGE)
    (tmp_path / "evse").mkdir()
    async with plugged_in(tmp_path / "evse", charger) as evse:
        await evse.until(evse.known)
        with pytest.raises(UnableError, match="ISP header"):
            await evse.session.able.push_firmware(IMAGE)
