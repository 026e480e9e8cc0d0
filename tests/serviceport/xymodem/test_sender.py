"""What a sender makes of each answer, said by hand."""

from __future__ import annotations

import pytest

from techtool.serviceport.xymodem.outcome import Ending
from techtool.serviceport.xymodem.packets import ABORT
from techtool.serviceport.xymodem.patience import STALE_S, Patience
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.sender import REFUSALS
from tests.serviceport.xymodem.talks import ACK, EOT, NAK, Talk


def test_a_lost_acknowledgement_repeats_the_block_with_its_number() -> None:
    talk = Talk()
    talk.until_data()
    second = talk.say(ACK)
    assert talk.pass_time(Patience().repeat_s + 0.1) == second
    assert talk.say(ACK)[:2] == b"\x01\x03"
    assert talk.sender.progress(talk.now).repeated == 1


def test_a_second_acknowledgement_of_a_repeated_block_is_not_that_of_the_next_one() -> None:
    talk = Talk()
    talk.until_data()
    talk.say(ACK)
    talk.pass_time(4)
    talk.sender.heard(ACK, talk.now)
    assert talk.sender.take() == b"", "both copies may be answered"
    third = talk.say(ACK, 0.05)
    assert third[:2] == b"\x01\x03"
    assert talk.say(NAK) == third


def test_what_was_said_before_a_block_does_not_answer_it() -> None:
    talk = Talk()
    assert talk.say(b"CCCCCCC")[:2] == b"\x01\x00"
    assert talk.say(ACK + b"CCC")[:2] == b"\x02\x01"
    assert talk.say(ACK + ACK + ACK)[:2] == b"\x02\x02"
    assert talk.sender.progress(talk.now).acknowledged == 1024


@pytest.mark.parametrize("variant", [Variant.YMODEM, Variant.XMODEM_1K])
def test_a_receiver_that_asks_again_gets_the_first_block_again(variant: Variant) -> None:
    talk = Talk(variant=variant)
    first = talk.say(b"C")
    assert talk.say(b"C", 0.1) == b"", "that was said before the block came"
    assert talk.say(b"C", STALE_S) == first
    for _ in range(REFUSALS - 2):
        assert talk.say(b"C", 1.0) == first
    assert talk.say(b"C", 1.0) == ABORT and talk.ended.ending is Ending.REFUSED


def test_a_letter_that_was_taken_for_a_lost_name_is_not_waited_for_twice() -> None:
    talk = Talk()
    name = talk.say(b"C")
    assert talk.say(b"C", 3.0) == name  # its ACK was lost: this asked for the data
    talk.say(ACK)
    assert talk.pass_time(3)[:2] == b"\x02\x01"


def test_data_is_sent_when_it_is_asked_for() -> None:
    talk = Talk()
    talk.say(b"C")
    assert talk.say(ACK) == b"" and talk.pass_time(10) == b""
    assert talk.say(b"C")[:2] == b"\x02\x01"


def test_an_answer_before_the_end_of_the_file_may_be_for_the_last_block() -> None:
    talk = Talk(bytes(100))
    block = talk.until_data()
    talk.sender.heard(ACK, talk.now)
    assert talk.sender.take() == b""
    assert talk.say(NAK, 0.05) == block
    assert talk.say(ACK) == EOT


def test_the_first_end_of_a_file_may_be_doubted() -> None:
    talk = Talk()
    assert talk.until_end() == EOT
    assert talk.say(NAK) == EOT and talk.sender.progress(talk.now).repeated == 1
    assert talk.say(ACK + b"C")[:3] == b"\x01\x00\xff"


def test_junk_between_the_answers_is_counted_and_skipped() -> None:
    talk = Talk()
    talk.until_data()
    assert talk.say(b"\xff\x00flash ok\r\n" + ACK)[:2] == b"\x02\x02"
    assert talk.sender.progress(talk.now).junk == 12


def test_progress_comes_from_the_clock() -> None:
    talk = Talk()
    start = talk.sender.progress(talk.now)
    assert (start.acknowledged, start.total, start.file) == (0, 2304, "fw.bin")
    assert start.bytes_per_s is None and start.left_s is None
    talk.until_data()
    talk.sender.heard(ACK, talk.now + 2.0)
    half = talk.sender.progress(talk.now + 2.0)
    assert (half.acknowledged, half.seconds, half.bytes_per_s, half.left_s) == (1024, 2.0, 512.0, 2.5)
