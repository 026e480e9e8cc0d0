"""What can be done to a simulated controller, and what comes over its line."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smp import packet
from smp.os_management import EchoWriteRequest, ResetWriteRequest

from techtool.simulator.effects import Quit, Report
from techtool.simulator.serviceport.device import Effect, Say, Unplug
from techtool.simulator.smp.device import BANNER, LOG, RESET_S, SmpDevice
from techtool.simulator.smp.lines import MOST, Receiver, packed

ECHO = b"".join(packet.encode(bytes(EchoWriteRequest(d="hi" * 90, sequence=7)), line_length=64))
RESET = b"".join(packet.encode(bytes(ResetWriteRequest())))


def said(effects: Iterable[Effect]) -> bytes:
    return b"".join(one.data for one in effects if isinstance(one, Say))


@pytest.fixture
def device() -> SmpDevice:
    return SmpDevice()


def test_a_message_on_many_lines_is_answered_on_lines_that_are_short_enough(device: SmpDevice) -> None:
    assert ECHO.count(b"\n") > 3
    answer = said(device.received(0.0, ECHO))
    assert max(map(len, answer.splitlines(keepends=True))) <= 127
    (message,) = Receiver().feed(answer)
    assert message[6] == 7 and b"hi" * 90 in message
    report = device.received(0.0, ECHO)[0]
    assert report == Report("received", "write of command 0 in group 0, number 7")


def test_it_starts_anew_a_moment_after_it_said_so_and_is_silent_meanwhile(device: SmpDevice) -> None:
    assert said(device.received(10.0, RESET)) and device.due() == 10.0 + RESET_S
    assert said(device.received(10.1, ECHO)), "it still runs"
    assert said(device.tick(device.due())) == b"" and device.received(10.4, ECHO) == []
    assert said(device.tick(device.due())) == BANNER and device.due() == float("inf")
    assert said(device.received(12.0, ECHO))
    quiet = SmpDevice(banner=False)
    quiet.command(0.0, "reboot")
    assert quiet.tick(quiet.due()) == [] and said(quiet.received(9.0, ECHO))


def test_it_can_be_silent_talkative_or_on_a_bad_line(device: SmpDevice) -> None:
    answer = said(device.received(0.0, ECHO))
    assert said(device.command(0.0, "chat")) == LOG
    device.command(0.0, "garble on")
    garbled = said(device.received(0.0, ECHO))
    assert len(garbled) == len(answer) and all(byte & 0x80 for byte in garbled)
    device.command(0.0, "garble off")
    device.command(0.0, "silent on")
    assert said(device.received(0.0, ECHO)) == b"" and device.command(0.0, "chat") == []
    device.command(0.0, "silent off")
    assert said(device.received(0.0, ECHO)) == answer


def test_its_firmware_can_be_old_or_lack_something(device: SmpDevice) -> None:
    new = said(device.received(0.0, ECHO))
    device.command(0.0, "old on")
    assert said(device.received(0.0, ECHO)) != new
    device.command(0.0, "old off")
    device.command(0.0, "lack 0")
    (message,) = Receiver().feed(said(device.received(0.0, ECHO)))
    assert message.endswith(b"\xa1brc\x08")
    assert device.command(0.0, "unplug 3") == [Unplug(3.0)] and device.command(0.0, "quit") == [Quit()]
    (report,) = device.command(0.0, "lack images")
    assert isinstance(report, Report) and "A group is a whole number" in report.text


def test_however_a_message_is_cut() -> None:
    for at in range(1, len(ECHO)):
        receiver = Receiver()
        assert len([*receiver.feed(ECHO[:at]), *receiver.feed(ECHO[at:])]) == 1


@given(
    st.lists(st.binary(max_size=60) | st.sampled_from([ECHO[:30], b"\x06\x09\n", b"\x04\x14AAAA\n"]), max_size=8)
)
def test_any_bytes_are_survived(chunks: list[bytes]) -> None:
    device = SmpDevice()
    for chunk in (*chunks, b"\n"):
        device.received(0.0, chunk)
    assert said(device.received(0.0, ECHO))


def test_what_has_no_end_is_not_kept() -> None:
    receiver = Receiver()
    assert receiver.feed(b"x" * 1_000_000) == [] and len(receiver._held) == MOST
    assert receiver.feed(b"\n" + packed(b"12345678")) == [b"12345678"]
