"""How an upload ends: only what a device shows that it has is success."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ending as Answering
from techtool.serviceport.smp.sending import TRIES
from techtool.serviceport.smp.sent import Ending
from techtool.simulator.smp.server import Server
from tests.serviceport.smp.uploads import IMAGE, LIST, TOTAL, Bench


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
