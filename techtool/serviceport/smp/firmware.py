"""The ability to give a device a new firmware over SMP: into its second slot, from which nothing runs yet."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from smp.image_management import ImageState

from techtool.serviceport.port import Settings
from techtool.serviceport.smp import image as file
from techtool.serviceport.smp import slots
from techtool.serviceport.smp.sent import Ending, Progress
from techtool.serviceport.smp.upload import Wire, upload
from techtool.station.firmware import Examined, Image, Known, Step, Way
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict

SHARE = 0.06
"""Bytes of the image for a bit on the line: base64, the frame around each part, and its answer take the rest."""
BROKEN_OFF = (
    "What runs now goes on running. The same file goes on where it was, unless the device is reset before."
)
_VERDICTS = {
    Ending.SENT: Verdict.PROVED,
    Ending.UNCHECKED: Verdict.ACCEPTED,
    Ending.MISMATCHED: Verdict.CONTRADICTED,
    Ending.REFUSED: Verdict.REFUSED,
}
"""All other endings leave open what the device has."""


class Recorded(Wire, Protocol):
    """A wire that keeps what passes."""

    settings: Settings

    @property
    def images(self) -> Sequence[ImageState]:
        """What the device said last of its slots."""

    def mark(self) -> int:
        """The number of the last record."""


class SmpFirmware:
    """A :class:`techtool.station.firmware.Firmware`."""

    def __init__(self, wire: Recorded) -> None:
        self._wire = wire

    @property
    def known(self) -> Known:
        """What is known of the way now."""
        baud = self._wire.settings.baud
        words = f"SMP, into {slots.next_place(self._wire.images)}, at {baud} baud"
        return Known(words, BROKEN_OFF, baud * SHARE)

    def examine(self, image: Image, way: Way) -> Examined:
        """Which version it is, whether the device has it already, and what else would be lost."""
        known = _image(image, way)
        there = slots.with_hash(self._wire.images, known.hash)
        doubt = slots.lost_by_upload(self._wire.images)
        if there:
            runs = " and runs" if there[0].active else ""
            doubt = f"this very image is in {slots.place_of(there[0])}{runs} already"
        return Examined(f"version {known.version}, for MCUboot", doubt)

    async def push(self, image: Image, way: Way, told: Callable[[Step], None]) -> Outcome:
        """Send it, and look whether the device lists it."""
        known = _image(image, way)

        def far(progress: Progress) -> None:
            told(Step(progress.taken, progress.total, progress.left_s))

        mark = self._wire.mark()
        ended = await upload(self._wire, known, told=far)
        progress = ended.progress
        result = {
            "sent": progress.taken,
            "total": progress.total,
            "seconds": round(progress.seconds, 1),
            "version": known.version,
            "hash": known.hash.hex(),
        }
        verdict = _VERDICTS.get(ended.ending, Verdict.UNANSWERED)
        last = self._wire.mark()
        return Outcome(verdict, ended.text, result, (mark + 1, last) if last > mark else ())


def _image(image: Image, way: Way) -> file.Image:
    """What may go out. Raises CallRefusedError."""
    if way.start is not None or way.by is not None:
        raise CallRefusedError("SMP knows by itself how an image is sent: no line is typed, no protocol chosen.")
    try:
        return file.image_of(image.data)
    except file.ImageError as error:
        raise CallRefusedError(f"{image.name[:60]}: {error}.") from None
