"""An image on its way to a server, without a wire and without waiting."""

from __future__ import annotations

import pytest

from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ending as Answering
from techtool.serviceport.smp.messages import packet_of
from techtool.serviceport.smp.sent import Ending
from techtool.simulator.smp.server import Server
from tests.serviceport.smp.uploads import IMAGE, LIST, PARAMETERS, TOTAL, Bench


def test_it_is_sent_in_the_largest_parts_that_fit_and_shown_by_the_list() -> None:
    bench = Bench()
    ended = bench.run()
    assert ended.ending is Ending.SENT and ended.text.startswith("Version 2.0.0 is in slot 1, with its own hash.")
    assert bench.asked[0] == PARAMETERS and bench.asked[-1] == LIST
    first, *others, _ = bench.parts
    assert first["sha"] == IMAGE.sha and first["len"] == TOTAL and "image" not in first
    assert all(set(one) == {"off", "data"} for one in others)
    packets = [len(packet_of(one.message(1))) for one in bench.asked[1:-2]]
    assert set(packets) == {380}, "384 bytes with length and CRC"
    assert (ended.progress.taken, ended.progress.total, ended.progress.repeated) == (TOTAL, TOTAL, 0)
    assert ended.progress.seconds == pytest.approx(0.01 * (len(bench.asked) - 1))
    slot = bench.server.flash.slots[1]
    assert slot is not None and slot.hash == IMAGE.hash


@pytest.mark.parametrize(
    "buffer", [*range(160, 200), 255, 256, 280, 281, 282, 283, 300, 512, 2475, 65535, 100_000]
)
def test_no_part_is_too_long_for_any_buffer(buffer: int) -> None:
    bench = Bench(Server(buffer))
    assert bench.run().ending is Ending.SENT
    largest = max(len(packet_of(one.message(1))) for one in bench.asked)
    assert largest + 4 <= buffer and (buffer > 4000 or largest + 4 >= buffer - 1)


def test_a_device_that_tells_no_buffer_gets_small_packets() -> None:
    bench = Bench()
    bench.spoil = lambda number, ask: {"rc": 8} if ask == PARAMETERS else None
    assert bench.run().ending is Ending.SENT
    assert max(len(packet_of(one.message(1))) for one in bench.asked) <= 252
    bench = Bench()
    bench.spoil = lambda number, ask: {"buf_size": 100, "buf_count": 1} if ask == PARAMETERS else None
    ended = bench.run()
    assert ended.ending is Ending.REFUSED and "100 bytes is too small" in ended.text
    assert ended.text.endswith("Nothing of the image was sent.") or "has nothing of it" in ended.text


def test_the_first_packet_may_wait_for_a_slot_to_be_erased() -> None:
    bench = Bench()
    bench.step()
    assert bench.sender.within == 40.0
    bench.step()
    assert bench.sender.within is None


def test_it_goes_on_after_time_outs_where_the_device_wants_to() -> None:
    bench = Bench()
    bench.spoil = lambda number, ask: Answering.TIMED_OUT if number in (2, 5, 6, 7) else None
    ended = bench.run()
    assert ended.ending is Ending.SENT and ended.progress.repeated == 4


def test_an_answer_that_was_lost_writes_nothing_twice() -> None:
    bench = Bench()
    lost: list[int] = []

    def spoil(number: int, ask: Ask) -> Answering | None:
        if number % 3 or (ask.group, ask.command) != (1, 1):
            return None
        bench.server.answer(packet_of(ask.message(1)))  # it took it
        lost.append(number)
        return Answering.TIMED_OUT

    bench.spoil = spoil
    assert bench.run().ending is Ending.SENT and len(lost) > 2


def test_it_goes_on_after_a_lost_cable_and_in_another_visit() -> None:
    bench = Bench()
    for _ in range(5):
        bench.step()
    taken = bench.sender.progress(bench.now).taken
    bench.sender.interrupted()
    bench.step()
    assert bench.parts[-1]["off"] == 0 and bench.sender.progress(bench.now).taken == taken
    bench.step()
    assert bench.parts[-1]["off"] == taken
    again = Bench(bench.server)
    assert again.run().ending is Ending.SENT
    assert [one["off"] for one in again.parts][:2] == [0, bench.parts[-1]["off"] + len(bench.parts[-1]["data"])]


def test_it_begins_again_when_the_device_has_forgotten_it() -> None:
    bench = Bench()
    for _ in range(5):
        bench.step()
    bench.server.start()
    assert bench.run().ending is Ending.SENT
    assert [one["off"] for one in bench.parts].count(0) == 2


def test_a_start_in_between_is_told_by_the_device_itself() -> None:
    bench = Bench()

    def spoil(number: int, ask: Ask) -> Answering | None:
        if number == 5:
            bench.server.start()
            return Answering.REBOOTED
        return None

    bench.spoil = spoil
    assert bench.run().ending is Ending.SENT


def test_progress_has_a_speed_and_what_is_left() -> None:
    bench = Bench()
    assert bench.sender.progress(0.0).left_s is None and bench.sender.progress(0.0).bytes_per_s is None
    for _ in range(5):
        bench.step()
    told = bench.sender.progress(bench.now)
    assert told.bytes_per_s is not None and told.left_s is not None
    assert told.left_s == pytest.approx((TOTAL - told.taken) / told.bytes_per_s)
