"""How a port is opened, and what becomes of errors: with a serial.Serial that the test holds."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import pytest
import serial

from techtool.serviceport.port import LinkLost, OpenError, Port, Settings
from tests.serviceport.ptys import cable, needs_terminals

GONE = "the adapter was unplugged"
ERRORS: list[Exception] = [
    serial.SerialException(errno.EIO, "read failed: [Errno 5] Input/output error"),
    serial.SerialException("read failed: [Errno 5] Input/output error"),
    OSError(errno.EIO, "Input/output error"),
]
REFUSALS: list[tuple[Exception, str]] = [
    (serial.SerialException(errno.EINVAL, "could not open port COM9: bad"), "cannot be opened: Invalid argument."),
    (OSError(errno.EINVAL, "Invalid argument"), "cannot be opened: Invalid argument."),
]
if sys.platform != "win32":
    import termios

    ERRORS.append(termios.error(errno.EIO, "Input/output error"))
    REFUSALS.append((termios.error(errno.EINVAL, "Invalid argument"), "cannot be opened: Invalid argument."))


class Line(NamedTuple):
    """What the system is asked for."""

    dtr: bool
    rts: bool
    baud: int
    bits: int
    parity: str
    stops: float
    alone: bool


async def opened_with(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Line:
    """As it stands at the moment of the opening."""
    seen: list[Line] = []

    def open_(port: serial.Serial) -> None:
        bits, parity, stops = port.bytesize, port.parity, port.stopbits
        seen.append(Line(port.dtr, port.rts, port.baudrate, bits, parity, stops, bool(port.exclusive)))
        raise OSError(errno.ENOENT, "seen")

    monkeypatch.setattr(serial.Serial, "open", open_)
    with pytest.raises(OpenError):
        await Port.open(settings)
    (line,) = seen
    return line


async def test_a_port_opens_with_its_lines_low_and_for_this_program_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    line = await opened_with(monkeypatch, Settings("COM9"))
    assert (line.dtr, line.rts) == (False, False), "an ESP32 would reset"
    assert line.alone


@pytest.mark.parametrize(
    ("baud", "format_", "wanted"),
    [
        (115_200, "8N1", (115_200, 8, "N", 1)),
        (19_200, "8E1", (19_200, 8, "E", 1)),
        (57_600, "8N2", (57_600, 8, "N", 2)),
        (9_600, "7O1", (9_600, 7, "O", 1)),
    ],
)
async def test_a_port_opens_at_the_speed_and_in_the_format_that_was_wanted(
    monkeypatch: pytest.MonkeyPatch, baud: int, format_: str, wanted: tuple[int, int, str, int]
) -> None:
    line = await opened_with(monkeypatch, Settings("COM9", baud, format_))
    assert (line.baud, line.bits, line.parity, line.stops) == wanted


@pytest.mark.parametrize(("error", "reason"), REFUSALS, ids=lambda one: type(one).__name__)
async def test_whatever_keeps_a_port_from_opening_is_said(
    monkeypatch: pytest.MonkeyPatch, error: Exception, reason: str
) -> None:
    def refuse(port: serial.Serial) -> None:
        raise error

    monkeypatch.setattr(serial.Serial, "open", refuse)
    with pytest.raises(OpenError, match=f"^COM9 {reason}$"):
        await Port.open(Settings("COM9"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows says it in other words")
async def test_who_may_not_open_a_port_hears_of_the_group(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(port: serial.Serial) -> None:
        raise serial.SerialException(number, f"could not open port: [Errno {number}]")

    monkeypatch.setattr(serial.Serial, "open", refuse)
    with pytest.raises(OpenError, match=r"COM9 may not be opened by you. .* dialout"):
        await Port.open(Settings("COM9"))


@contextlib.contextmanager
def not_root() -> Iterator[None]:
    """Root may open anything."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


@needs_terminals
async def test_a_port_of_another_group_may_not_be_opened(tmp_path: Path) -> None:
    with cable(tmp_path) as wire:
        device = wire.device.resolve()  # the folder is not for everybody either
        await (await Port.open(Settings(str(device)))).close()  # all that is imported for it is, now
        device.chmod(0)
        with not_root(), pytest.raises(OpenError, match=rf"{device} may not be opened by you. .* dialout"):
            await Port.open(Settings(str(device)))


class Broken:
    """A port in the place of serial.Serial: quiet until one of its parts fails."""

    port = "COM9"

    def __init__(self, error: Exception, part: str) -> None:
        self.error, self.part = error, part
        self.cancelled = threading.Event()

    def _do(self, part: str) -> None:
        if part == self.part:
            raise self.error

    def read(self, size: int) -> bytes:
        self._do("read")
        if self.part == "in_waiting":
            return b"x"
        self.cancelled.wait(0.01)
        return b""

    @property
    def in_waiting(self) -> int:
        self._do("in_waiting")
        return 0

    def write(self, data: bytes) -> None:
        self._do("write")

    def close(self) -> None:
        """It is closed, as well as that goes."""
        raise self.error


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("part", ["read", "in_waiting", "write"])
async def test_whatever_fails_while_a_port_is_used_it_is_lost(error: Exception, part: str) -> None:
    port = Port(cast("serial.Serial", Broken(error, part)), asyncio.get_running_loop())
    try:
        port.write(b"anybody there?")
        async with asyncio.timeout(20):
            with pytest.raises(LinkLost, match=f"^{GONE}$"):
                await port.read()
    finally:
        await port.close()
