"""The ability to have a charger start anew over the wire that it hangs on."""

from __future__ import annotations

from typing import Protocol

from techtool.station.outcomes import Outcome


class Reboot(Protocol):
    """Over one link."""

    async def reboot(self, *, force: bool = False) -> Outcome:
        """Tell it to, and look whether it did; ``force`` also ends a session that goes on.

        Proved is a reboot that the charger tells of, or that shows by a silence and an answer after it; accepted
        is one that nothing shows. Raises :class:`techtool.station.outcomes.DangerousError` while a car charges,
        as far as the wire tells, and what the link raises where it is lost before.
        """
