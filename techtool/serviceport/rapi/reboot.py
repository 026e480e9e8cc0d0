"""Has an OpenEVSE start anew: ``$FR``, which is not answered, and ``$AB`` some seconds later.

Source: OpenEVSE/open_evse rapi_proc.h; tried with firmware 8.2.3.EU.
"""

from __future__ import annotations

from techtool.serviceport import restarting
from techtool.serviceport.rapi.readback import REBOOT
from techtool.serviceport.rapi.release import Gate, Wire
from techtool.station.outcomes import Outcome


class RapiReboot:
    """A :class:`techtool.station.reboot.Reboot`."""

    def __init__(self, wire: Wire) -> None:
        self._gate = Gate(wire)

    async def reboot(self, *, force: bool = False) -> Outcome:
        """Proved by the boot that it tells of."""
        if not force:
            seen = await self._gate.look()
            if isinstance(seen, Outcome):
                return seen  # it is not restarted where nobody knows what it does
            if seen.charging:
                raise restarting.charging(seen.words)
        return await self._gate.send(REBOOT)
