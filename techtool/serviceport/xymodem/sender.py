"""The laptop's side of one XMODEM or YMODEM transfer. Pure: bytes and a clock in, bytes out.

Answers carry no block number, so one that belongs to an earlier copy must not be taken for that of the next block:
what had been heard before a block went out does not answer it, and after a repeated block, as before every end of
file, the line must be quiet for a moment. Times are monotonic seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.noise import PIECES, Noise
from techtool.serviceport.xymodem.opening import Opening
from techtool.serviceport.xymodem.outcome import WANTS_STREAM, Ended, Ending, Progress, how_far, instead
from techtool.serviceport.xymodem.packets import ABORT, ACK, CAN, CRC, NAK, STREAM, Check
from techtool.serviceport.xymodem.patience import STALE_S, Patience, Waits
from techtool.serviceport.xymodem.script import Script, Sort, Step, Variant

REFUSALS = 10
"""Times that a block is asked for again: then the receiver does not want it. Source: Forsberg, on retries."""


class _Phase(Enum):
    OPENING = "nothing sent yet"
    OUT = "a step waits for its answer"
    SETTLING = "it was acknowledged, the line must be quiet"
    ASKED = "the receiver must ask for the next step"


class Sender:
    """Feed it what was heard and the time; write what :meth:`take` gives, until :attr:`ended`."""

    def __init__(
        self,
        images: Sequence[Image],
        now: float,
        variant: Variant = Variant.YMODEM,
        patience: Patience = Patience(),  # noqa: B008  a value
        baud: int = 115_200,
    ) -> None:
        """Raises ValueError for no image, or for several by XMODEM."""
        self.ended: Ended | None = None
        self._script = Script(images, variant)
        self._waits = Waits(patience, baud)
        self._phase = _Phase.OPENING
        self._opening = Opening()
        self._step = self._script.first()
        self._letter = CRC
        self._out, self._asked = b"", False
        self._begun = self._sent_at = self._answered_at = self._quiet_at = now
        self._sendings = self._naks = self._repeated = self._size = 0
        self._turn_s = self._slowest_s = 0.0
        self._noise = Noise()
        self._data_since: float | None = None

    @property
    def running(self) -> bool:
        """It has not ended."""
        return self.ended is None

    @property
    def deadline(self) -> float:
        """When :meth:`tick` is due, as long as it runs."""
        match self._phase:
            case _Phase.OPENING:
                return min(self._begun + self._waits.start_s, self._opening.deadline)
            case _Phase.SETTLING:
                return self._quiet_at
        return min(self._silent_at, self._again_at)

    def progress(self, now: float) -> Progress:
        """How far it is."""
        acknowledged = self._script.reached(self._step, self._phase in (_Phase.SETTLING, _Phase.ASKED))
        until = self._answered_at if acknowledged == self._script.total else now
        seconds = until - self._data_since if self._data_since is not None else 0.0
        image = self._script.images[min(self._step.file, len(self._script.images) - 1)]
        return Progress(acknowledged, self._script.total, seconds, self._repeated, self._noise.count, image.name)

    def take(self) -> bytes:
        """What is to be written now."""
        out, self._out = self._out, b""
        return out

    def heard(self, data: bytes, now: float) -> None:
        """The receiver said this, all of it before anything of the next :meth:`take` is written."""
        if self._phase is _Phase.OPENING:
            self._opening.heard(data, now)
        for piece in PIECES.finditer(data):
            if self.ended is not None:
                self.ended = self.ended._replace(rest=self.ended.rest + data[piece.start() :])
                return
            said = piece[0]
            if self._noise.cancels(said):
                self._fail(Ending.CANCELLED_BY_RECEIVER, "The receiver cancelled.", now, abort=False)
            elif (
                said[0] != CAN
                and self._phase is not _Phase.OPENING
                and (self._out or not self._answer(said[0], now))
            ):
                self._noise.skip(said)
        self.tick(now)

    def tick(self, now: float) -> None:
        """Time has passed; call it at the latest at :attr:`deadline`."""
        if self.ended is not None:
            return
        match self._phase:
            case _Phase.OPENING:
                self._open(now)
            case _Phase.SETTLING if now >= self._quiet_at:
                self._advance(now)
            case _Phase.OUT | _Phase.ASKED if now >= self._silent_at:
                silent = f"No answer for {now - self._answered_at:.0f} s, {instead(self._noise.last)}."
                self._fail(Ending.SILENT, silent, now)
            case _Phase.OUT | _Phase.ASKED if now >= self._again_at:
                (self._send if self._phase is _Phase.OUT else self._next)(now)

    def cancel(self, now: float) -> Ended:
        """The technician does not want it any more. How it ended, which may have been before."""
        return self._fail(Ending.CANCELLED, "Cancelled here.", now)

    def lost(self, why: str, now: float) -> None:
        """The port is gone."""
        self._fail(Ending.PORT_LOST, f"{why[:1].upper()}{why[1:]}.", now, abort=False)

    # --- what was heard ------------------------------------------------------------------------------------

    def _open(self, now: float) -> None:
        letter = self._opening.letter(now)
        if letter == STREAM:
            self._fail(Ending.UNSUPPORTED, WANTS_STREAM, now)
        elif letter is not None:
            self._letter = letter
            self._script.check = Check.CRC if letter == CRC else Check.SUM
            self._begin(self._script.first(), now)
        elif now >= self._begun + self._waits.start_s:
            waited = f"The receiver did not start within {now - self._begun:.0f} s"
            self._fail(Ending.NEVER_STARTED, f"{waited}, {instead(self._opening.said)}.", now, abort=False)

    def _answer(self, byte: int, now: float) -> bool:
        """Whether it was one."""
        match self._phase:
            case _Phase.OUT if byte == ACK:
                self._acknowledged(now)
            case _Phase.OUT if byte == NAK or (self._asks_again(byte) and now >= self._sent_at + STALE_S):
                self._refused(now)
            case _Phase.SETTLING if byte == ACK:
                if now > self._answered_at:  # that of another copy; more may come
                    self._quiet_at = min(now + self._waits.settle_s, self._silent_at)
                return False
            case _Phase.SETTLING | _Phase.ASKED if byte == self._letter and self._next_is_asked():
                self._asked = True
                self._quiet_at = max(self._quiet_at, now + self._turn_s)
                self._phase = _Phase.SETTLING
            case _Phase.SETTLING | _Phase.ASKED if byte == NAK:  # so the acknowledgement was not for this one
                self._refused(now)
            case _Phase.ASKED if byte == STREAM and self._noise.last.endswith(b"G"):  # one may be a damaged C
                self._fail(Ending.UNSUPPORTED, WANTS_STREAM, now)
            case _:
                return False
        return True

    def _asks_again(self, byte: int) -> bool:
        """After the end of a file, a receiver of a batch asks for the next one when its ACK got lost."""
        return byte == self._letter and (self._step.asked or (self._step.sort is Sort.END and self._script.batch))

    def _acknowledged(self, now: float) -> None:
        following = self._script.after(self._step)
        took_s = now - self._sent_at
        self._slowest_s = max(self._slowest_s, took_s)
        self._note_answer(now)
        self._phase, self._asked = _Phase.SETTLING, False
        if following is None:
            text = f"{self._script.total:,} bytes, all acknowledged."
            self.ended = Ended(Ending.SENT, text, self.progress(now), whole=True)
            return
        if self._sendings == 1:
            self._turn_s = self._waits.turn_s(self._size, took_s)
        settle_s = self._waits.settle_s if self._sendings > 1 else self._turn_s
        if following.sort is Sort.END:
            strange = bool(self._repeated or self._noise.count)
            settle_s = max(settle_s, self._waits.before_end_s(self._slowest_s, strange))
        self._quiet_at = now + settle_s

    def _refused(self, now: float) -> None:
        self._note_answer(now)
        self._naks += 1
        self._phase = _Phase.OUT
        if self._naks < REFUSALS:
            self._send(now)
        else:
            what = f"block {self._step.number}" if self._step.sort is Sort.DATA else f"the {self._step.sort.value}"
            self._fail(Ending.REFUSED, f"The receiver asked for {what} {REFUSALS} times again.", now)

    def _note_answer(self, now: float) -> None:
        self._answered_at = now
        self._noise.answered()

    @property
    def _silent_at(self) -> float:
        return self._answered_at + self._waits.silence_s(self._step, self._phase is not _Phase.OUT)

    @property
    def _again_at(self) -> float:
        if self._phase is _Phase.ASKED:
            return self._answered_at + self._waits.letter_s(self._step, self._sendings)
        return self._sent_at + self._waits.answer_s(self._step)

    # --- what is sent --------------------------------------------------------------------------------------

    def _advance(self, now: float) -> None:
        if self._asked or not self._next_is_asked():
            self._next(now)
        else:
            self._phase = _Phase.ASKED

    def _next(self, now: float) -> None:
        following = self._script.after(self._step)
        assert following is not None, "the last step has no next one"
        self._begin(following, now)

    def _begin(self, step: Step, now: float) -> None:
        self._step = step
        self._sendings = self._naks = 0
        self._phase = _Phase.OUT
        self._note_answer(now)
        if self._data_since is None and step.sort is not Sort.HEADER:
            self._data_since = now
        self._send(now)

    def _send(self, now: float) -> None:
        self._out = self._script.packet(self._step)
        self._size = len(self._out)
        self._sendings += 1
        self._repeated += self._sendings > 1
        self._sent_at = now

    def _fail(self, ending: Ending, text: str, now: float, abort: bool = True) -> Ended:
        if self.ended is None:
            self._out = ABORT if abort else b""
            progress = self.progress(now)
            far = how_far(progress, self._data_since is not None, self._whole)
            self.ended = Ended(ending, f"{text} {far}", progress, whole=self._whole)
        return self.ended

    @property
    def _whole(self) -> bool:
        """The end of the last file was acknowledged."""
        if self._step.sort is Sort.CLOSE:
            return True
        following = self._script.after(self._step)
        closing = following is not None and following.sort is Sort.CLOSE
        return closing and self._phase in (_Phase.SETTLING, _Phase.ASKED)

    def _next_is_asked(self) -> bool:
        following = self._script.after(self._step)
        return following is not None and following.asked
