"""What goes on at a charger for a while, whichever page is shown: it belongs to the app, and ends with no page."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

from techtool.abilities import UnableError
from techtool.station.firmware import Image, Way
from techtool.station.outcomes import CallRefusedError, DangerousError, NoLinkError, Outcome, Verdict
from techtool.text import safe

from .job import Job
from .push import Push
from .restart import Restart
from .trial import Trial
from .writing import Writing

if TYPE_CHECKING:
    from .config_changes import Changes
    from .config_sending import Sending
    from .desk import Desk

J = TypeVar("J", bound=Job)


class Jobs:
    """The one job that goes on, and the last of each kind."""

    def __init__(self, desk: Desk, node: DOMNode | None) -> None:
        """What runs here belongs to ``node``; without one nothing does."""
        self._desk = desk
        self._node = node
        self._worker: Worker[None] | None = None
        self._last: dict[type[Job], Job] = {}
        """The newest last."""
        self._count = 0

    # --- looking -------------------------------------------------------------------------------------------

    @property
    def changes(self) -> Hashable:
        """Differs when anything changed here."""
        return self._count, *(one.changes for one in self._last.values())

    @property
    def running(self) -> Job | None:
        """What goes on now: one thing at a time."""
        return next((one for one in self._last.values() if one.outcome is None), None)

    @property
    def push(self) -> Push | None:
        """The firmware that is on its way, or that was last."""
        return self._of(Push)

    @property
    def trial(self) -> Trial | None:
        """The release test that runs, or that was last."""
        return self._of(Trial)

    @property
    def restart(self) -> Restart | None:
        """The restart that is watched, or that was last."""
        return self._of(Restart)

    @property
    def writing(self) -> Writing | None:
        """The settings that are sent, or that were sent last."""
        return self._of(Writing)

    @property
    def in_header(self) -> list[tuple[str, str]]:
        """State and words of all that must be seen on every page."""
        return [said for one in self._last.values() if (said := one.in_header) is not None]

    def _of(self, kind: type[J]) -> J | None:
        last = self._last.get(kind)
        return last if isinstance(last, kind) else None

    # --- doing ---------------------------------------------------------------------------------------------

    def send(self, image: Image, way: Way) -> None:
        """Send a firmware. Raises UnableError."""
        known = self._desk.session.able.firmware(self._identity).known
        self._start(Push(image, way, known, self._identity, self._now))

    def test(self, names: Sequence[str], *, force: bool) -> None:
        """Test whether a car may charge, by these ways; all if there are none. Raises UnableError."""
        release = self._desk.session.able.release(self._identity)
        ways = tuple(way for way in release.ways if not names or way.name in names)
        self._start(Trial(release, ways, self._identity, self._now, force=force))

    def reboot(self, *, force: bool) -> Restart:
        """Have the charger start anew."""
        restart = Restart(self._identity, self._now, force=force)
        self._start(restart)
        return restart

    def write(self, sending: Sending, changes: Changes, told: Callable[[], None]) -> Writing | None:
        """Send settings; None while something else goes on. ``told`` is called whenever something changed."""
        writing = Writing(sending, changes, self._now, told)
        self._start(writing)
        return writing if self._last.get(Writing) is writing else None

    def forget(self, job: Job | None) -> None:
        """It has ended, and need not be shown any more."""
        if job is not None and job.outcome is not None:
            self._last.pop(type(job), None)
            self._count += 1

    async def stop(self) -> None:
        """Break off what goes on, and wait until the charger was told, or put back."""
        job, worker = self.running, self._worker
        if job is None or worker is None:
            return
        if not job.stopping:
            job.stopping = True
            job.changes += 1
            worker.cancel()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(job.stop_s):
                await job.over.wait()
        _end(job, job.broken_off(), job.stopped_word)  # it had not even begun, or does not end

    def _now(self) -> datetime:
        return self._desk.now

    @property
    def _identity(self) -> str | None:
        return self._desk.station.identity if self._desk.station is not None else None

    def _start(self, job: Job) -> None:
        if self.running is not None or self._node is None:
            return
        self._last.pop(type(job), None)
        self._last[type(job)] = job
        self._count += 1
        self._worker = self._node.run_worker(self._run(job), group=job.name, exit_on_error=False)

    async def _run(self, job: Job) -> None:
        outcome: Outcome | None = None
        word: str | None = None
        try:
            outcome = await job.carry_out(self._desk.session)
        except asyncio.CancelledError:
            outcome, word = job.broken_off(), job.stopped_word
            raise
        except NoLinkError as error:
            outcome = Outcome(Verdict.UNANSWERED, f"{error} {job.left}")
        except DangerousError as error:
            job.danger = safe(error.danger)
            outcome = Outcome(Verdict.REFUSED, f"{job.danger}.")
        except (UnableError, CallRefusedError) as error:
            outcome = Outcome(Verdict.REFUSED, str(error))
        finally:
            _end(job, outcome or job.failed(), word)


def _end(job: Job, outcome: Outcome, word: str | None) -> None:
    if job.outcome is None:
        job.end(outcome, word)
