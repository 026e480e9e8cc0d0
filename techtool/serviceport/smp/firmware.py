"""The ability to give a device a new firmware over SMP: into its second slot, from which nothing runs yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from techtool.serviceport.smp.image import ImageError, image_of
from techtool.serviceport.smp.sent import Ending, Progress
from techtool.serviceport.smp.upload import Wire, upload
from techtool.station.firmware import Image, Step, Way
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict

_VERDICTS = {
    Ending.SENT: Verdict.PROVED,
    Ending.UNCHECKED: Verdict.ACCEPTED,
    Ending.MISMATCHED: Verdict.CONTRADICTED,
    Ending.REFUSED: Verdict.REFUSED,
}
"""All other endings leave open what the device has."""


class Recorded(Wire, Protocol):
    """A wire that keeps what passes."""

    def mark(self) -> int:
        """The number of the last record."""


class SmpFirmware:
    """A :class:`techtool.station.firmware.Firmware`."""

    def __init__(self, wire: Recorded) -> None:
        self._wire = wire

    async def push(self, image: Image, way: Way, told: Callable[[Step], None]) -> Outcome:
        """Send it, and look whether the device lists it."""
        if way.start is not None or way.by is not None:
            raise CallRefusedError(
                "SMP knows by itself how an image is sent: no line is typed, no protocol chosen."
            )
        try:
            known = image_of(image.data)
        except ImageError as error:
            raise CallRefusedError(f"{image.name[:60]}: {error}.") from None

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
