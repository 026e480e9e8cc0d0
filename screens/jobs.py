"""What goes on at a charger for a while, whichever page is shown: it belongs to the app, and ends with no page."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from textual.dom import DOMNode
from textual.worker import Worker

from techtool.session import NoLinkError, UnableError
from techtool.station.firmware import Image, Known, Step, Way
from techtool.station.outcomes import CallRefusedError, Outcome, Verdict

if TYPE_CHECKING:
    from .desk import Desk

GROUP = "firmware"
STOP_S = 3.0
"""So long a receiver is given to be told that nothing more comes."""
CANCELLED = "cancelled"
FAILED = "techtool failed here. What the charger has of it is not known."


class Push:
    """A firmware on its way, and how it ended."""

    def __init__(self, image: Image, way: Way, known: Known, began: datetime) -> None:
        self.image, self.way = image, way
        self.known = known
        """What was known of the way before."""
        self.began = began
        self.sending: datetime | None = None
        """When the first bytes were acknowledged."""
        self.all_sent: datetime | None = None
        self.ended: datetime | None = None
        self.step = Step(0, len(image.data), None)
        self.outcome: Outcome | None = None
        """None while it runs."""
        self.word = ""
        """The verdict; ``cancelled`` where the technician did not want it any more."""
        self.stopping = False
        self.seen = False
        """The end was looked at."""
        self.over = asyncio.Event()

    @property
    def percent(self) -> int:
        """Of the bytes, those that are acknowledged."""
        return self.step.sent * 100 // max(1, self.step.total)

    @property
    def bytes_per_s(self) -> float | None:
        """So far."""
        step = self.step
        return (step.total - step.sent) / step.left_s if step.left_s else None

    def told(self, step: Step, now: datetime) -> None:
        """So far it is."""
        self.step = step
        if step.sent and self.sending is None:
            self.sending = now
        self.all_sent = (self.all_sent or now) if step.sent == step.total else None

    def end(self, outcome: Outcome, now: datetime, word: str | None = None) -> None:
        """It is over."""
        self.outcome, self.word, self.ended = outcome, word or outcome.verdict.value, now
        self.over.set()

    @property
    def lost(self) -> str:
        """What the charger has if it ends now, in sentences."""
        sent, total = self.step.sent, self.step.total
        if not sent:
            return "Nothing of the image was acknowledged."
        if sent >= total:
            return f"All {total:,} bytes were acknowledged, but not what it makes of them: look what runs now."
        return f"Image incomplete: {sent:,} of {total:,} bytes acknowledged. {self.known.broken_off}"


class Jobs:
    """The one firmware that is on its way, or that was last."""

    def __init__(self, desk: Desk) -> None:
        self.push: Push | None = None
        self.changes = 0
        """Counts what changed here."""
        self._desk = desk
        self._node: DOMNode | None = None
        self._worker: Worker[None] | None = None

    def begin(self, node: DOMNode) -> None:
        """What runs from now on belongs to ``node``."""
        self._node = node

    @property
    def running(self) -> Push | None:
        """What is on its way now."""
        return self.push if self.push is not None and self.push.outcome is None else None

    def send(self, image: Image, way: Way) -> None:
        """Start it; only one goes at a time. Raises UnableError."""
        if self.running is not None or self._node is None:
            return
        station = self._desk.station
        identity = station.identity if station is not None else None
        known = self._desk.session.firmware(identity).known
        self.push = push = Push(image, way, known, self._desk.now)
        self.changes += 1
        self._worker = self._node.run_worker(self._run(push, identity), group=GROUP, exit_on_error=False)

    def forget(self) -> None:
        """The one that has ended need not be shown any more."""
        if self.running is None:
            self.push = None
            self.changes += 1

    async def stop(self) -> None:
        """Break it off, and wait until the charger was told."""
        push, worker = self.running, self._worker
        if push is None or worker is None:
            return
        push.stopping = True
        self.changes += 1
        worker.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S):
                await push.over.wait()
        if push.outcome is None:  # it had not even begun, or does not end
            self._end(push, Outcome(Verdict.UNANSWERED, f"Stopped here. {push.lost}"), CANCELLED)

    async def _run(self, push: Push, identity: str | None) -> None:
        outcome, word = Outcome(Verdict.UNANSWERED, FAILED), None
        told = partial(self._told, push)
        try:
            outcome = await self._desk.session.push_firmware(push.image, push.way, identity=identity, told=told)
        except asyncio.CancelledError:
            outcome, word = Outcome(Verdict.UNANSWERED, f"Stopped here. {push.lost}"), CANCELLED
            raise
        except NoLinkError as error:
            outcome = Outcome(Verdict.UNANSWERED, f"{error} {push.lost}")
        except (UnableError, CallRefusedError) as error:
            outcome = Outcome(Verdict.REFUSED, str(error))
        finally:
            self._end(push, outcome, word)

    def _end(self, push: Push, outcome: Outcome, word: str | None) -> None:
        if push.outcome is None:
            push.end(outcome, self._desk.now, word)
            self.changes += 1

    def _told(self, push: Push, step: Step) -> None:
        push.told(step, self._desk.now)
        self.changes += 1
