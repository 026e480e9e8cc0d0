"""An image on its way to a server, without a wire and without waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.smp import asks, cbor
from techtool.serviceport.smp.answers import Answer, answer_of
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended as Asked
from techtool.serviceport.smp.dialogue import Ending as Answering
from techtool.serviceport.smp.image import image_of
from techtool.serviceport.smp.messages import Message, message_of, packet_of
from techtool.serviceport.smp.refusals import Refusal
from techtool.serviceport.smp.sending import TRIES, Sender
from techtool.serviceport.smp.sent import Ended, Ending
from techtool.simulator.smp.images import made
from techtool.simulator.smp.server import Server

IMAGE = image_of(made((2, 0, 0), 3000))
TOTAL = len(IMAGE.data)
PARAMETERS, LIST = asks.parameters(), asks.images()


class Bench:
    """A sender and a server; ``spoil`` may do something else with a request, by its number, than answer it."""

    def __init__(self, server: Server | None = None) -> None:
        self.server, self.sender, self.now = server or Server(), Sender(IMAGE, 0.0), 0.0
        self.asked: list[Ask] = []
        self.spoil: Callable[[int, Ask], Answering | dict[str, Any] | None] = lambda number, ask: None

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [cbor.map_of(one.body) or {} for one in self.asked if (one.group, one.command) == (1, 1)]

    def step(self) -> bool:
        ask = self.sender.next(self.now)
        if ask is None:
            return False
        self.asked.append(ask)
        self.now += 0.01
        spoilt = self.spoil(len(self.asked), ask)
        if isinstance(spoilt, Answering):
            ended = Asked(1, ask, spoilt, None, 2.5, True)
        else:
            answer = self._answer(ask) if spoilt is None else answer_of(_told(ask, spoilt))
            ending = Answering.REFUSED if isinstance(answer, Refusal) else Answering.ANSWERED
            ended = Asked(1, ask, ending if answer is not None else Answering.TIMED_OUT, answer, 0.01, True)
        self.sender.answered(ended, self.now)
        return True

    def run(self) -> Ended:
        for _ in range(500):
            if not self.step():
                assert self.sender.ended is not None
                return self.sender.ended
        raise AssertionError("it does not end")

    def _answer(self, ask: Ask) -> Answer | None:
        message = message_of(self.server.answer(packet_of(ask.message(1))))
        return answer_of(message) if message is not None else None


def _told(ask: Ask, values: dict[str, Any]) -> Message:
    return Message(3 if ask.writes else 1, ask.group, ask.command, 1, cbor2.dumps(values))


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


def test_silence_ends_it_and_is_no_success() -> None:
    bench = Bench()
    bench.spoil = lambda number, ask: Answering.TIMED_OUT if number > 4 else None
    ended = bench.run()
    assert ended.ending is Ending.SILENT and "Image incomplete" in ended.text
    assert len(bench.asked) == 4 + TRIES, "10 seconds of silence"
    never = Bench()
    never.spoil = lambda number, ask: Answering.TIMED_OUT
    assert never.run().ending is Ending.SILENT and len(never.asked) == 3


@pytest.mark.parametrize(
    ("at", "said", "ending", "words"),
    [
        (2, {"rc": 8}, Ending.REFUSED, "The device refused it: it does not have this command (8). The device has"),
        (
            4,
            {"err": {"group": 1, "rc": 12}},
            Ending.REFUSED,
            'it says "flash write failed" (12). Image incomplete',
        ),
        (4, {}, Ending.REFUSED, "does not say how much it has"),
        (4, {"off": TOTAL + 1}, Ending.REFUSED, "does not say how much it has"),
        (4, {"off": -1}, Ending.REFUSED, "does not say how much it has"),
        (4, {"off": "1"}, Ending.REFUSED, "does not say how much it has"),
        (4, {"off": TOTAL}, Ending.MISMATCHED, "no slot of the device has this image"),
        (4, {"off": TOTAL, "match": False}, Ending.MISMATCHED, "it is not what was sent"),
        (4, {"off": TOTAL, "match": True}, Ending.MISMATCHED, "no slot of the device has this image"),
    ],
)
def test_what_a_device_says_in_between(at: int, said: dict[str, Any], ending: Ending, words: str) -> None:
    bench = Bench()
    bench.spoil = lambda number, ask: said if number == at else None
    ended = bench.run()
    assert (ended.ending, words in ended.text) == (ending, True), ended


def test_a_device_that_keeps_nothing_is_not_asked_for_ever() -> None:
    for answer in ({"off": 0}, {"off": 5}):
        bench = Bench()
        bench.spoil = lambda number, ask, answer=answer: answer if ask.command == 1 else None  # type: ignore[misc]
        ended = bench.run()
        assert ended.ending is Ending.REFUSED and "keeps nothing of what it gets" in ended.text
    bench = Bench()
    bench.spoil = lambda number, ask: {"off": number % 3 * 10} if ask.command == 1 else None
    assert bench.run().ending is Ending.REFUSED


@pytest.mark.parametrize(
    ("said", "ending"),
    [
        ({"rc": 8}, Ending.UNCHECKED),
        ({}, Ending.UNCHECKED),
        ({"images": []}, Ending.MISMATCHED),
        ({"images": [{"slot": 1, "version": "2.0.0", "hash": bytes(32)}]}, Ending.MISMATCHED),
        ({"images": [{"slot": 1, "version": "2.0.0"}]}, Ending.MISMATCHED),
        ({"images": [{"slot": 0, "version": "2.0.0", "hash": IMAGE.hash, "active": True}]}, Ending.UNCHECKED),
        ({"images": [{"slot": 1, "version": "2.0.0", "hash": IMAGE.hash, "image": 1}]}, Ending.MISMATCHED),
        ({"images": [{"slot": 1, "version": "2.0.0", "hash": IMAGE.hash}]}, Ending.SENT),
    ],
)
def test_only_the_devices_own_list_with_its_hash_is_success(said: dict[str, Any], ending: Ending) -> None:
    bench = Bench()
    bench.spoil = lambda number, ask: said if ask == LIST else None
    assert bench.run().ending is ending
    silent = Bench()
    silent.spoil = lambda number, ask: Answering.TIMED_OUT if ask == LIST else None
    assert silent.run().ending is Ending.UNCHECKED


def test_a_server_that_keeps_something_else_is_found_out() -> None:
    server = Server()
    server.flash.spoils = True
    assert Bench(server).run().ending is Ending.MISMATCHED


def test_who_cancels_or_loses_the_port_has_no_success() -> None:
    bench = Bench()
    for _ in range(4):
        bench.step()
    ended = bench.sender.cancel(bench.now)
    assert ended.ending is Ending.CANCELLED and "of 3,072 bytes" in ended.text and bench.sender.next(9.0) is None
    assert bench.sender.cancel(10.0) is ended
    lost = Bench()
    lost.sender.lost("the adapter was unplugged", 1.0)
    assert lost.sender.ended is not None
    assert lost.sender.ended.text == "The adapter was unplugged. Nothing of the image was sent."
    done = Bench()
    assert done.run() is done.sender.cancel(99.0)


def test_progress_has_a_speed_and_what_is_left() -> None:
    bench = Bench()
    assert bench.sender.progress(0.0).left_s is None and bench.sender.progress(0.0).bytes_per_s is None
    for _ in range(5):
        bench.step()
    told = bench.sender.progress(bench.now)
    assert told.bytes_per_s is not None and told.left_s is not None
    assert told.left_s == pytest.approx((TOTAL - told.taken) / told.bytes_per_s)


OFFSET = st.sampled_from([0, 1, 100, TOTAL - 1, TOTAL, TOTAL + 1, -1])


@given(
    st.lists(
        st.none()
        | st.sampled_from([Answering.TIMED_OUT, Answering.REBOOTED])
        | st.fixed_dictionaries({"off": OFFSET}, optional={"match": st.booleans(), "rc": st.integers(0, 12)})
        | st.just({"rc": 10}),
        max_size=30,
    ),
    st.booleans(),
)
def test_whatever_happens_it_ends_and_success_is_only_what_the_device_has(
    happens: list[Answering | dict[str, Any] | None], starts: bool
) -> None:
    bench = Bench()

    def spoil(number: int, ask: Ask) -> Answering | dict[str, Any] | None:
        if starts and number == 6:
            bench.server.start()
        return happens[number] if number < len(happens) and ask != LIST else None

    bench.spoil = spoil
    ended = bench.run()
    slot = bench.server.flash.slots[1]
    if ended.ending is Ending.SENT:
        assert slot is not None and slot.hash == IMAGE.hash
