"""A file to a boot loader behind a console: its receiver is started by a line, and takes YMODEM or XMODEM.

Nothing but the receiver's own words proves that it took the file for what it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from techtool.serviceport.console.texts import text_of
from techtool.serviceport.port import LinkLost, Port, Settings
from techtool.serviceport.profiles.codec import RefusedError
from techtool.serviceport.profiles.console import ConsoleProfile
from techtool.serviceport.profiles.lines import filled
from techtool.serviceport.xymodem.images import Image, ImageError
from techtool.serviceport.xymodem.outcome import Ended, Ending, Progress
from techtool.serviceport.xymodem.packets import LARGE, OVERHEAD
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.transfer import send
from techtool.station import firmware
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict
from techtool.station.records import Direction, Kind
from techtool.text import safe

DONE_S = 10.0
"""So long it has, after the last byte, to say that it took it."""
BITS = 10
"""Of a byte on the line."""
BROKEN_OFF = (
    "What it has by then is no whole image, and what ran before may be gone: it needs all of it again before it "
    "can start."
)
LOOKED_AT = 4096
TEXT = "this is text, like Intel HEX: most boot loaders want the binary"
_VERDICTS = {
    Ending.CANCELLED_BY_RECEIVER: Verdict.REFUSED,
    Ending.REFUSED: Verdict.REFUSED,
    Ending.UNSUPPORTED: Verdict.REFUSED,
}
"""All other endings leave open what the receiver has."""


class Wire(Protocol):
    """The port, and its records."""

    settings: Settings

    def lease(self) -> AbstractAsyncContextManager[Port]:
        """The port for oneself alone. Raises LinkLost without one."""

    def passed(self, direction: Direction, kind: Kind, data: bytes) -> None:
        """Keep what passed meanwhile."""

    def mark(self) -> int:
        """The number of the last record."""


class ConsoleFirmware:
    """A :class:`techtool.station.firmware.Firmware`."""

    def __init__(self, wire: Wire, profile: ConsoleProfile) -> None:
        self._wire = wire
        self._profile = profile

    @property
    def known(self) -> firmware.Known:
        """What is known of the way now."""
        loader, baud = self._profile.firmware, self._wire.settings.baud
        usual = self._variant(firmware.Way())
        typed = loader.send.strip() if loader is not None and loader.send else None
        return firmware.Known(
            words=f"every block acknowledged, at {baud} baud",
            broken_off=BROKEN_OFF,
            bytes_per_s=baud / BITS * LARGE / (LARGE + OVERHEAD),
            takes_start=True,
            start=typed or None,
            by=(usual.value, *(one.value for one in Variant if one is not usual)),
        )

    def examine(self, image: firmware.Image, way: firmware.Way) -> firmware.Examined:
        """Whether it can be sent at all: only its loader knows what it is."""
        self._file(image)
        self._start(way)
        self._variant(way)
        return firmware.Examined(doubt=TEXT if _is_text(image.data[:LOOKED_AT]) else None)

    async def push(
        self, image: firmware.Image, way: firmware.Way, told: Callable[[firmware.Step], None]
    ) -> Outcome:
        """Start the receiver, send the file, and listen to what is said of it."""
        typed, variant, file = self._start(way), self._variant(way), self._file(image)

        def far(progress: Progress) -> None:
            told(firmware.Step(progress.acknowledged, progress.total, progress.left_s))

        def passed(direction: Direction, data: bytes) -> None:
            self._wire.passed(direction, Kind.TRANSFER, data)

        async with self._wire.lease() as port:
            mark = self._wire.mark()
            if typed:
                self._wire.passed(Direction.LAPTOP, Kind.LINE, typed)
                port.write(typed)
            baud = self._wire.settings.baud
            ended = await send(port, [file], variant=variant, baud=baud, told=far, passed=passed)
            said = await self._said(port, ended) if ended.ending is Ending.SENT else None
            last = self._wire.mark()
            return self._judge(ended, said, (mark + 1, last) if last > mark else ())

    def _file(self, image: firmware.Image) -> Image:
        try:
            return Image.of(image.name, image.data)
        except ImageError as error:
            raise CallRefusedError(str(error)) from None

    def _start(self, way: firmware.Way) -> bytes:
        known, habits = self._profile.firmware, self._profile.habits
        if way.start is None:
            return known.send.encode(habits.encoding, "replace") if known is not None and known.send else b""
        try:
            return filled("{value}" + habits.eol, habits, value=way.start)
        except RefusedError as error:
            raise CallRefusedError(str(error)) from None

    def _variant(self, way: firmware.Way) -> Variant:
        if way.by is None:
            return self._profile.firmware.variant if self._profile.firmware is not None else Variant.YMODEM
        try:
            return Variant(way.by.lower())
        except ValueError:
            raise CallRefusedError(f"{way.by[:40]!r} is none of {', '.join(Variant)}.") from None

    async def _said(self, port: Port, ended: Ended) -> str | None:
        """The line by which the receiver says that it took the file; None where it says none."""
        known, heard = self._profile.firmware, ended.rest
        if known is None or known.done is None:
            return None
        try:
            async with asyncio.timeout(DONE_S):
                while True:
                    for line in heard.splitlines():
                        text = text_of(line, self._profile.habits)
                        if known.done.search(text):
                            return safe(text.strip(), 120)
                    data = await port.read()
                    self._wire.passed(Direction.CHARGER, Kind.CHATTER, data)
                    heard += data
        except (TimeoutError, LinkLost):
            return None

    def _judge(self, ended: Ended, said: str | None, records: tuple[int, ...]) -> Outcome:
        progress = ended.progress
        seconds = round(progress.seconds, 1)
        result = {"sent": progress.acknowledged, "total": progress.total, "seconds": seconds, "said": said}
        if ended.ending is not Ending.SENT:
            return Outcome(_verdict(ended), ended.text, result, records)
        whole = f"{progress.total:,} bytes were sent and acknowledged in {seconds:g} s"
        if said is not None:
            return Outcome(Verdict.PROVED, f'{whole}, and it said: "{said}".', result, records)
        known = self._profile.firmware
        wanted = ", but it did not say that it took them" if known is not None and known.done is not None else ""
        text = f"{whole}{wanted}. Whether they run is not known: look at its version."
        return Outcome(Verdict.ACCEPTED, text, result, records)


def _verdict(ended: Ended) -> Verdict:
    """Of a transfer that did not end well: who has the file and its end lacks no more than our goodbye."""
    if ended.whole and ended.ending is not Ending.CANCELLED_BY_RECEIVER:
        return Verdict.ACCEPTED
    return _VERDICTS.get(ended.ending, Verdict.UNANSWERED)


def _is_text(data: bytes) -> bool:
    return all(0x20 <= byte < 0x7F or byte in b"\t\r\n" for byte in data)
