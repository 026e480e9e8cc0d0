"""An image on its way to a device, packet by packet. Pure: answers and a clock in, requests out.

The device says with every answer where it wants to go on, and it alone is believed: after a time-out, a reset or a
lost cable the image goes on there. Only its own list, with the hash of the image, shows that it has it. Source:
docs.zephyrproject.org, SMP group 1, "Image upload". Times are monotonic seconds.
"""

from __future__ import annotations

from enum import Enum

from techtool.serviceport.smp import asks, slots
from techtool.serviceport.smp.answers import Answer, Told
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.commands import ERASE_S
from techtool.serviceport.smp.dialogue import Ended as Asked
from techtool.serviceport.smp.dialogue import Ending as Answering
from techtool.serviceport.smp.image import Image
from techtool.serviceport.smp.messages import SIZE
from techtool.serviceport.smp.refusals import Refusal
from techtool.serviceport.smp.sent import Ended, Ending, Progress, how_far

BUFFER, LEAST_BUFFER, MOST_BUFFER = 256, 64, 0xFFFF
"""Bytes of a packet with its length and its CRC, where a device does not tell how many it takes."""
_AROUND = 4
LEAST_FIRST = 32
"""The first part must hold the image's whole header."""
_LENGTHS = ((0, 23), (1, 0xFF), (2, 0xFFFF))
"""Bytes that CBOR adds to tell how long a value is, and up to how many bytes of it."""
FIRST_TRIES, TRIES = 2, 4
"""Times that a packet is sent without an answer. The first may wait for a slot to be erased."""
STUCK, RESTARTS = 4, 3
"""Answers in a row that want the same part again, and times that it wants to go back."""


class _Phase(Enum):
    BUFFER = "how large its buffer is"
    FIRST = "the first part, which also asks where to go on"
    PARTS = "the others"
    LIST = "what it has now"
    OVER = "over"


class Sender:
    """Ask what :meth:`next` gives, and hand over what came of it, until :attr:`ended`."""

    def __init__(self, image: Image, now: float, number: int = 0) -> None:
        """``number`` is which image it is, where the device runs several; 0 is the application."""
        self.ended: Ended | None = None
        self._image, self._number = image, number
        self._phase = _Phase.BUFFER
        self._buffer = BUFFER
        self._offset = self._repeated = self._misses = self._stuck = self._restarts = 0
        self._begun: float | None = None
        self._now = now

    @property
    def within(self) -> float | None:
        """Seconds that the next request has; None for the usual."""
        return ERASE_S if self._phase is _Phase.FIRST else None

    def progress(self, now: float) -> Progress:
        """How far it is."""
        seconds = now - self._begun if self._begun is not None else 0.0
        return Progress(self._offset, len(self._image.data), seconds, self._repeated)

    def next(self, now: float) -> Ask | None:
        """What to ask; None once it is over."""
        match self._phase:
            case _Phase.BUFFER:
                return asks.parameters()
            case _Phase.FIRST:
                self._begun = self._begun if self._begun is not None else now
                return self._first(now)
            case _Phase.PARTS:
                room = self._room(asks.part(b"", self._offset))
                return asks.part(self._image.data[self._offset : self._offset + room], self._offset)
            case _Phase.LIST:
                return asks.images()
        return None

    def answered(self, asked: Asked, now: float) -> None:
        """What came of the request that :meth:`next` gave."""
        match self._phase:
            case _Phase.BUFFER:
                self._measure(asked.answer)
            case _Phase.LIST:
                self._look(asked.answer, now)
            case _ if asked.answer is None:
                self._missed(asked.ending, now)
            case _:
                self._take(asked.answer, now)

    def interrupted(self) -> None:
        """The port was gone, and is back: the device says where to go on."""
        if self._phase in (_Phase.PARTS, _Phase.FIRST):
            self._phase = _Phase.FIRST

    def lost(self, why: str, now: float) -> None:
        """The port is gone for good."""
        self._end(Ending.PORT_LOST, f"{why[:1].upper()}{why[1:]}.", now)

    def cancel(self, now: float) -> Ended:
        """The technician does not want it any more. How it ended, which may have been before."""
        return self._end(Ending.CANCELLED, "Cancelled here.", now)

    # --- what goes out -------------------------------------------------------------------------------------

    def _first(self, now: float) -> Ask | None:
        image = self._image

        def made(data: bytes) -> Ask:
            return asks.first_part(data, whole=len(image.data), sha=image.sha, number=self._number)

        room = self._room(made(b""))
        if room < LEAST_FIRST:
            text = f"Its buffer of {self._buffer} bytes is too small for the start of an image."
            self._end(Ending.REFUSED, text, now)
            return None
        return made(image.data[:room])

    def _room(self, empty: Ask) -> int:
        """Bytes of the image that fit beside the rest of a request and the length that CBOR writes before them."""
        left = self._buffer - _AROUND - SIZE - len(empty.body)
        return max(min(left - more, most) for more, most in _LENGTHS)

    # --- what came -----------------------------------------------------------------------------------------

    def _measure(self, answer: Answer | None) -> None:
        size = answer.values.get("buf_size") if isinstance(answer, Told) else None
        if isinstance(size, int) and size >= LEAST_BUFFER:
            self._buffer = min(size, MOST_BUFFER)
        self._phase = _Phase.FIRST

    def _missed(self, ending: Answering, now: float) -> None:
        self._misses += 1
        self._repeated += 1
        if self._misses >= (FIRST_TRIES if self._phase is _Phase.FIRST else TRIES):
            self._end(Ending.SILENT, "The device does not answer any more.", now)
        elif ending is Answering.REBOOTED:
            self._phase = _Phase.FIRST

    def _take(self, answer: Answer, now: float) -> None:
        self._misses = 0
        if isinstance(answer, Refusal):
            self._end(Ending.REFUSED, f"The device refused it: {answer.words}.", now)
            return
        offset = answer.values.get("off") if isinstance(answer, Told) else None
        total = len(self._image.data)
        if not isinstance(offset, int) or not 0 <= offset <= total:
            self._end(Ending.REFUSED, "The device answers, but does not say how much it has.", now)
            return
        before, self._offset = self._offset, offset
        self._stuck = self._stuck + 1 if offset == before else 0
        self._restarts += offset < before
        self._repeated += offset <= before
        self._phase = _Phase.PARTS if offset else _Phase.FIRST
        if self._stuck >= STUCK or self._restarts > RESTARTS:
            self._end(Ending.REFUSED, "The device answers, but keeps nothing of what it gets.", now)
        elif offset == total:
            self._phase = _Phase.LIST
            if isinstance(answer, Told) and answer.values.get("match") is False:
                text = "The device has it all, and says that it is not what was sent."
                self._end(Ending.MISMATCHED, text, now)

    def _look(self, answer: Answer | None, now: float) -> None:
        images, total = slots.images_in(answer), len(self._image.data)
        if images is None:
            text = f"{total:,} bytes were taken, but the device does not show what it has now."
            self._end(Ending.UNCHECKED, text, now)
            return
        found = [one for one in slots.with_hash(images, self._image.hash) if (one.image or 0) == self._number]
        kept = [one for one in found if not one.active]
        if kept:
            text = (
                f"Version {self._image.version} is in {slots.place_of(kept[0])}, with its own hash. It runs after"
            )
            self._end(Ending.SENT, f"{text} `techtool call test` and `techtool call reset`.", now)
        elif found:
            text = f"{total:,} bytes were taken, but the device shows this image only where it runs already."
            self._end(Ending.UNCHECKED, text, now)
        else:
            text = f"{total:,} bytes were taken, but no slot of the device has this image."
            self._end(Ending.MISMATCHED, text, now)

    def _end(self, ending: Ending, text: str, now: float) -> Ended:
        if self.ended is None:
            progress = self.progress(now)
            whole = ending in (Ending.SENT, Ending.UNCHECKED, Ending.MISMATCHED)
            more = "" if whole else f" {how_far(progress, self._begun is not None)}"
            self.ended = Ended(ending, f"{text}{more}", progress)
            self._phase = _Phase.OVER
        return self.ended
