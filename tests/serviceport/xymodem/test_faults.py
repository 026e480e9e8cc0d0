"""A bad line and a receiver gone mad: the file arrives whole, or the sender says that it did not."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.outcome import Ended, Ending
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.sender import Sender
from tests.serviceport.xymodem.receivers import Fault, Receiver, run

CONTENTS = [bytes(range(256)) * 17, b"", b"\x18\x18\x06\x15C" * 60]
STEPS = [b"", b"C", b"C\x06C", b"C\x06C\x06", b"C\x06C\x06\x06\x06\x06\x06\x06", b"C\x06C" + b"\x06" * 9 + b"C"]
"""What a receiver may have said before, one after the other: the sender is at the name, the data, the ends."""


def fine(data: bytes) -> list[bytes]:
    return [data]


def lost(data: bytes) -> list[bytes]:
    return []


def twice(data: bytes) -> list[bytes]:
    """Answers come together: that one comes again much later is no fault of a line."""
    return [data + data] if len(data) < 10 else [data, data]


def flipped(place: int) -> Fault:
    def flip(data: bytes) -> list[bytes]:
        bit = place % (8 * len(data))
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        return [bytes(changed)]

    return flip


def with_noise(noise: bytes) -> Fault:
    return lambda data: [noise + data]


def cut(place: int) -> Fault:
    return lambda data: [data[: place % len(data)]] if place % len(data) else []


NOISE = st.binary(min_size=1, max_size=5).filter(lambda data: not set(data) & set(b"\x04\x06\x15\x18"))
LINE = st.one_of(
    st.just(lost), st.integers(0, 9000).map(flipped), st.integers(0, 1100).map(cut), NOISE.map(with_noise)
)
FAULTS = st.lists(st.one_of(st.just(fine), st.just(fine), LINE), max_size=80)


def sender(contents: list[bytes], variant: Variant = Variant.YMODEM) -> Sender:
    return Sender([Image.of(f"{number}.bin", one) for number, one in enumerate(contents)], 0.0, variant)


def judge(ended: Ended, receiver: Receiver, contents: list[bytes], padded: bool = False) -> None:
    if ended.ending is not Ending.SENT:
        return
    assert receiver.done
    written = list(receiver.files.values())
    if padded:
        written = [one[: len(content)] for one, content in zip(written, contents, strict=True)]
    assert written == contents
    assert ended.progress.acknowledged == ended.progress.total == sum(map(len, contents))


@settings(deadline=None)
@given(st.lists(st.one_of(FAULTS, st.just([twice])).map(list), max_size=12), st.sampled_from([b"C", b"\x15"]))
def test_a_batch_over_a_bad_line_arrives_or_fails(faults: list[list[Fault]], letter: bytes) -> None:
    receiver = Receiver(letter=letter)
    ended = run(sender(CONTENTS), receiver, [fault for part in faults for fault in part])
    judge(ended, receiver, CONTENTS)


@settings(deadline=None)
@given(FAULTS, st.sampled_from([Variant.XMODEM, Variant.XMODEM_1K]), st.sampled_from([b"C", b"\x15"]))
def test_a_single_file_over_a_bad_line_arrives_or_fails(
    faults: list[Fault], variant: Variant, letter: bytes
) -> None:
    receiver = Receiver(batch=False, letter=letter)
    ended = run(sender(CONTENTS[:1], variant), receiver, faults)
    judge(ended, receiver, CONTENTS[:1], padded=True)


@settings(deadline=None)
@given(st.lists(st.just(fine), max_size=60), LINE)
def test_one_fault_anywhere_changes_nothing(before: list[Fault], fault: Fault) -> None:
    receiver = Receiver()
    ended = run(sender(CONTENTS), receiver, [*before, fault])
    assert ended.ending is Ending.SENT, ended.text
    judge(ended, receiver, CONTENTS)


@pytest.mark.parametrize("every", [2, 3, 7])
@pytest.mark.parametrize("variant", [Variant.YMODEM, Variant.XMODEM])
def test_lost_answers_and_blocks_are_made_up_for(every: int, variant: Variant) -> None:
    faults = cycle([*[fine] * (every - 1), lost])
    contents = [bytes(range(250)) * 100]
    receiver = Receiver(batch=variant is Variant.YMODEM)
    ended = run(sender(contents, variant), receiver, islice(faults, 5000))
    if every == 7:
        assert ended.ending is Ending.SENT and ended.progress.repeated > 3
    judge(ended, receiver, contents, padded=True)


@given(st.sampled_from(STEPS), st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 12)), max_size=30))
def test_no_noise_without_an_acknowledgement_is_a_success(said: bytes, noise: list[tuple[bytes, float]]) -> None:
    one, now = sender([bytes(5 * 1024)]), 0.0
    for byte in said:
        now += 1.0
        one.tick(now)
        one.heard(bytes([byte]), now)
        one.take()
    assert one.running
    for data, pause in noise:
        now += pause
        one.heard(data.replace(b"\x06", b"\x07"), now)
        one.take()
        for _ in range(5):
            one.tick(now)
        assert one.ended is not None or one.deadline > now, "what is due gets done"
    now += 1000.0
    for _ in range(20):
        one.tick(now)
        now += 1000.0
    assert one.ended is not None and one.ended.ending is not Ending.SENT


@given(st.sampled_from(STEPS[:5]), st.lists(st.tuples(st.binary(max_size=40), st.floats(0, 12)), max_size=30))
def test_no_noise_at_all_makes_up_for_what_was_not_sent(said: bytes, noise: list[tuple[bytes, float]]) -> None:
    one, now = sender([bytes(100 * 1024)]), 0.0
    for data, pause in [(bytes([byte]), 1.0) for byte in said] + noise:
        now += pause
        one.tick(now)
        one.heard(data, now)
        assert len(one.take()) <= 1029
    assert one.cancel(now).ending is not Ending.SENT
