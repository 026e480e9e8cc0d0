"""Every way a transfer ends, and what is said about it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from techtool.serviceport.xymodem.outcome import Ending
from techtool.serviceport.xymodem.packets import ABORT
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.sender import REFUSALS, Sender
from tests.serviceport.xymodem.receivers import Receiver, run
from tests.serviceport.xymodem.talks import ACK, CAN, CONTENT, EOT, NAK, Talk, images


@pytest.mark.parametrize("contents", [[b""], [b"x"], [CONTENT], [CONTENT, b"", b"y" * 1024]])
@pytest.mark.parametrize("letter", [b"C", NAK])
@pytest.mark.parametrize("naks_end", [False, True])
def test_a_batch_arrives(contents: Sequence[bytes], letter: bytes, naks_end: bool) -> None:
    receiver = Receiver(letter=letter, naks_end=naks_end)
    ended = run(Sender(images(*contents), 0.0), receiver)
    assert ended.ending is Ending.SENT and receiver.done
    assert list(receiver.files.values()) == list(contents)
    assert (ended.progress.acknowledged, ended.progress.repeated) == (sum(map(len, contents)), naks_end)


@pytest.mark.parametrize("content", [b"", b"x", CONTENT, bytes(300_000)])
@pytest.mark.parametrize("letter", [b"C", NAK])
@pytest.mark.parametrize("variant", [Variant.XMODEM, Variant.XMODEM_1K])
def test_a_single_file_arrives_and_is_filled_up(content: bytes, letter: bytes, variant: Variant) -> None:
    receiver = Receiver(batch=False, letter=letter)
    assert run(Sender(images(content), 0.0, variant), receiver).ending is Ending.SENT
    written = receiver.files[""]
    assert written == content + b"\x1a" * (len(written) - len(content)) and len(written) - len(content) < 128


def test_nothing_is_done_before_the_batch_is_closed_and_that_is_acknowledged() -> None:
    talk = Talk()
    assert talk.until_end() == EOT and talk.sender.running
    assert talk.say(ACK) == b"" and talk.sender.running
    assert talk.say(b"C") == b"\x01\x00\xff" + bytes(130) and talk.sender.running
    talk.say(ACK + b"Booting...\r\n")
    assert (talk.ended.ending, talk.ended.rest) == (Ending.SENT, b"Booting...\r\n")
    assert talk.ended.text == "2,304 bytes, all acknowledged."


@pytest.mark.parametrize("said", [b"", b"C"])
def test_a_receiver_that_does_not_close_the_batch_has_the_file_and_its_end(said: bytes) -> None:
    talk = Talk()
    talk.until_end()
    talk.say(ACK)
    talk.say(said)
    talk.pass_time(20)
    assert talk.ended.ending is Ending.SILENT and talk.ended.whole
    text = "The image (2,304 bytes) and its end were acknowledged, only the goodbye after it was not answered"
    assert text in talk.ended.text


def test_a_receiver_that_does_not_acknowledge_the_end_has_not_said_that_it_has_the_file() -> None:
    talk = Talk()
    talk.until_end()
    talk.pass_time(60)
    assert talk.ended.ending is Ending.SILENT and not talk.ended.whole
    assert "Image complete (2,304 bytes), but its end was not acknowledged" in talk.ended.text


def test_an_acknowledged_file_is_not_the_end_of_a_batch_that_has_another() -> None:
    sender = Sender(images(b"a" * 10, b"b" * 10), 0.0)
    now = 0.0
    for said in (b"C", ACK + b"C", ACK, ACK):  # header, data, end of the first file
        now += 1
        sender.heard(said, now)
        sender.take()
        while sender.running and sender.deadline <= now + 0.5:
            sender.tick(sender.deadline)
            sender.take()
    sender.lost("it was unplugged", now + 1)
    assert sender.ended is not None and not sender.ended.whole
    assert "Image incomplete: 10 of 20" in sender.ended.text


@pytest.mark.parametrize("steps", range(7))
def test_two_cancels_in_a_row_end_it_at_every_step(steps: int) -> None:
    talk = Talk()
    for said in [b"C", ACK + b"C", ACK, ACK, ACK, ACK][:steps]:
        talk.say(said)
    assert talk.say(CAN) == b"" and talk.sender.running, "one is noise"
    talk.say(CAN, 0.0)
    assert talk.ended.ending is Ending.CANCELLED_BY_RECEIVER and talk.sender.take() == b""
    assert ("Nothing of the image was sent" if steps < 2 else "Image") in talk.ended.text


def test_a_cancel_behind_an_answer_counts_before_anything_is_sent() -> None:
    talk = Talk()
    talk.until_data()
    assert talk.say(ACK + CAN + CAN) == b""
    assert talk.ended.ending is Ending.CANCELLED_BY_RECEIVER


def test_cancels_apart_are_noise() -> None:
    talk = Talk()
    first = talk.until_data()
    assert talk.say(CAN + NAK) == first
    assert talk.say(CAN + ACK)[:2] == b"\x02\x02"
    assert talk.sender.progress(talk.now).junk == 2


@pytest.mark.parametrize("steps", range(7))
def test_the_technician_cancels_at_every_step(steps: int) -> None:
    talk = Talk()
    for said in [b"C", ACK + b"C", ACK, ACK, ACK, ACK][:steps]:
        talk.say(said)
    ended = talk.sender.cancel(talk.now)
    assert ended.ending is Ending.CANCELLED and talk.sender.take() == ABORT
    assert ABORT.startswith(CAN * 5 + b"\b")
    assert talk.sender.cancel(talk.now) is ended and talk.sender.take() == b""


def test_a_block_that_was_asked_for_again_ten_times_is_refused() -> None:
    talk = Talk()
    first = talk.until_data()
    for _ in range(REFUSALS - 1):
        assert talk.say(NAK) == first
    assert talk.say(NAK) == ABORT
    assert talk.ended.ending is Ending.REFUSED and talk.ended.progress.repeated == REFUSALS - 1
    assert talk.ended.text.startswith(
        "The receiver asked for block 1 10 times again. Image incomplete: 0 of 2,304"
    )


def test_a_receiver_that_falls_silent_is_given_up_within_ten_seconds() -> None:
    talk = Talk()
    talk.until_data()
    second = talk.say(ACK)
    talk.say(b"*** Booting Zephyr OS ***\r\n")
    assert talk.pass_time(9.5) == second * 2 + ABORT
    assert talk.ended.ending is Ending.SILENT
    assert 'heard instead: "*** Booting Zephyr OS ***\\r\\n". Image incomplete: 1,024 of 2,304' in talk.ended.text


def test_a_receiver_may_erase_its_flash_before_it_takes_the_first_block() -> None:
    talk = Talk()
    talk.say(b"C")
    assert talk.pass_time(25) == b""
    first = talk.say(ACK + b"C")
    assert talk.pass_time(25) == b"" and talk.sender.running
    assert first[:2] == b"\x02\x01" and talk.say(ACK)[:2] == b"\x02\x02"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"", "nothing was heard"),
        (b"\r\nuart:~$ ", 'heard instead: "\\r\\nuart:~$ "'),
        (b"\x1b]52;c;x\x07", 'heard instead: "\\x1b]52;c;x\\x07"'),
        (b"\xff\x80\xfe\x81", "no text: wrong speed?"),
    ],
)
def test_a_receiver_that_does_not_start_is_told_with_what_was_heard_instead(said: bytes, told: str) -> None:
    talk = Talk()
    talk.say(said)
    assert talk.pass_time(61) == b"", "nothing is sent to whoever this is"
    assert talk.ended.ending is Ending.NEVER_STARTED and told in talk.ended.text
    assert talk.ended.text.endswith("Nothing of the image was sent.")


def test_a_port_that_is_gone() -> None:
    talk = Talk()
    talk.until_data()
    talk.sender.lost("the adapter was unplugged", talk.now)
    assert talk.ended.ending is Ending.PORT_LOST and talk.sender.take() == b""
    assert talk.ended.text.startswith("The adapter was unplugged. Image incomplete: 0 of 2,304")


@pytest.mark.parametrize("before", [b"", b"C"])
def test_a_stream_is_refused_with_its_reason(before: bytes) -> None:
    talk = Talk()
    if before:
        talk.say(before)
        talk.say(ACK)
    assert talk.say(b"G", 1.0) == b"", "a C of which one bit was flipped"
    assert talk.say(b"G", 1.0) == ABORT
    assert talk.ended.ending is Ending.UNSUPPORTED and "YMODEM-G" in talk.ended.text
