"""An image over a cable, as the ability of the line has it; and cables that go."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from smp.image_management import ImageState

from techtool.serviceport.smp.image import image_of
from techtool.serviceport.smp.sent import Ended, Ending
from techtool.serviceport.smp.slots import lost_by_upload
from techtool.serviceport.smp.upload import upload
from techtool.simulator.smp.images import made
from techtool.station.firmware import Image, Step, Way
from techtool.station.outcomes import CallRefusedError, Verdict
from tests.serviceport.ptys import needs_terminals
from tests.serviceport.smp.devices import Wired, line_of, plugged, plugged_again
from tests.serviceport.visits import Visit

pytestmark = needs_terminals

FILE = made((3, 1, 4), 40_000)


def kept(visit: Visit[Wired]) -> bool:
    slot = visit.there.server.flash.slots[1]
    return slot is not None and slot.hash == image_of(FILE).hash


async def test_an_image_is_pushed_and_proved_by_the_devices_list(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        told: list[Step] = []
        outcome = await visit.session.able.push_firmware(Image("app.bin", FILE), told=told.append)
        assert outcome.verdict is Verdict.PROVED and kept(visit), outcome.text
        assert outcome.result["sent"] == outcome.result["total"] == len(FILE)
        assert (outcome.result["version"], outcome.result["hash"]) == ("3.1.4", image_of(FILE).hash.hex())
        assert told[-1].sent == len(FILE) and [one.sent for one in told] == sorted(one.sent for one in told)
        first, last = outcome.records
        assert visit.session.tape[first].data.startswith(b"\x06\x09") and last > first


async def test_the_way_and_the_file_are_told_before(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        able, image = visit.session.able.firmware(), Image("app.bin", FILE)
        assert "into slot 1, which is empty, at 115200 baud" in able.known.words and not able.known.by
        assert able.examine(image, Way()) == ("version 3.1.4, for MCUboot", None)
        await visit.session.able.push_firmware(image)
        assert "where version 3.1.4 is now" in able.known.words
        assert able.examine(image, Way()).doubt == "this very image is in slot 1 already"
        with pytest.raises(CallRefusedError, match="no image for MCUboot"):
            able.examine(Image("app.hex", b"x"), Way())


@pytest.mark.parametrize(
    ("confirmed", "pending", "told"),
    [
        (True, False, None),
        (True, True, "version 2.0.0 in slot 1 was to start at the next reset, and is overwritten"),
        (
            False,
            False,
            "version 2.0.0 in slot 1 is the way back from version 3.0.0, which runs on trial, and is overwritten",
        ),
    ],
)
def test_what_somebody_counts_on_is_not_overwritten_without_a_word(
    *, confirmed: bool, pending: bool, told: str | None
) -> None:
    runs = ImageState(slot=0, version="3.0.0", active=True, confirmed=confirmed)
    spare = ImageState(slot=1, version="2.0.0", pending=pending)
    assert lost_by_upload([runs, spare]) == told
    assert lost_by_upload([runs]) is None and lost_by_upload([]) is None


async def test_what_is_no_image_never_goes_out(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        with pytest.raises(CallRefusedError, match=r"app\.hex: it is no image for MCUboot"):
            await visit.session.able.push_firmware(Image("app.hex", b":020000040000FA\n"))
        with pytest.raises(CallRefusedError, match="no line is typed, no protocol chosen"):
            await visit.session.able.push_firmware(Image("app.bin", FILE), Way(start="loady"))
        assert (True, 1, 1) not in visit.there.server.asked


async def test_a_refusal_is_told_in_words(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        visit.there.server.flash.confirmed = False
        outcome = await visit.session.able.push_firmware(Image("app.bin", FILE))
        assert outcome.verdict is Verdict.REFUSED and 'it says "no free slot" (9)' in outcome.text
        visit.there.server.lacks.add(1)
        outcome = await visit.session.able.push_firmware(Image("app.bin", FILE))
        assert outcome.verdict is Verdict.REFUSED and "does not have this command" in outcome.text


async def until_a_part_is_there(visit: Visit[Wired]) -> None:
    await visit.until(lambda: visit.there.server.asked.count((True, 1, 1)) > 20)


async def test_a_lost_cable_is_waited_for_and_the_image_goes_on_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("techtool.serviceport.port_line.AGAIN_S", 0.05)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(upload(line_of(visit), image_of(FILE)))
            await until_a_part_is_there(visit)
            await visit.there.unplug()
            async with plugged_again(visit, tmp_path):
                ended = await sending
        assert ended.ending is Ending.SENT and kept(visit), ended.text
        sent = visit.there.server.asked.count((True, 1, 1))
        assert sent < 1.2 * len(FILE) / 340, "not from the beginning"


async def test_a_cable_that_stays_away_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.upload.LOST_S", 0.1)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(upload(line_of(visit), image_of(FILE)))
            await until_a_part_is_there(visit)
            await visit.there.unplug()
        assert sending.result().ending is Ending.PORT_LOST and "Image incomplete" in sending.result().text
        again = await upload(line_of(visit), image_of(FILE))
        assert again.ending is Ending.PORT_LOST and "Nothing of the image was sent" in again.text


async def test_a_start_in_the_middle_sends_it_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.serviceport.smp.driver.BOOT_S", 0.1)
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(upload(line_of(visit), image_of(FILE)))
            await until_a_part_is_there(visit)
            visit.there.do("reboot")
        assert sending.result().ending is Ending.SENT and kept(visit)


async def test_who_cancels_is_told_that_it_is_not_there(tmp_path: Path) -> None:
    async with plugged(tmp_path) as visit:
        await visit.until(visit.known)
        ends: list[Ended] = []
        async with asyncio.TaskGroup() as group:
            sending = group.create_task(upload(line_of(visit), image_of(FILE), ended=ends.append))
            await until_a_part_is_there(visit)
            sending.cancel()
        assert sending.cancelled() and not kept(visit)
        assert [one.ending for one in ends] == [Ending.CANCELLED] and "Image incomplete" in ends[0].text
        assert (await upload(line_of(visit), image_of(FILE))).ending is Ending.SENT, "where it was"
