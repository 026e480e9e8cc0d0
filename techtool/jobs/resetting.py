"""Having a charger start anew over OCPP, and looking whether it did.

Some never answer a Reset, some answer and stay, some boot again on the same link (FIELD.md, "Seen on the wire" 5).
Sources: OCPP 1.6 5.14, 2.0.1 B11 and B12.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from techtool.csms import lenient
from techtool.csms.dialogue import Ending
from techtool.jobs.wire import Ocpp
from techtool.jobs.written import payload, written
from techtool.station.model import Station
from techtool.station.outcomes import DangerousError, Outcome, Verdict

BOOT_S = 180.0
"""So long a charger may take until it tells that it has booted."""
KINDS: Mapping[str, str] = MappingProxyType({"ocpp1.6": "Soft", "ocpp2.0.1": "Immediate", "ocpp2.1": "Immediate"})
"""The kind of reset that every charger of a version has to know."""
_IN_SESSION = frozenset({"Charging", "SuspendedEV", "SuspendedEVSE"})


class OcppReboot:
    """A :class:`techtool.station.reboot.Reboot`."""

    def __init__(self, wire: Ocpp) -> None:
        self._wire = wire

    async def reboot(self, *, force: bool = False) -> Outcome:
        """Send Reset, and wait for the boot."""
        station = self._wire.station
        if not force and station is not None and (goes_on := session_in(station)) is not None:
            danger = f"{goes_on}: a reset ends it"
            raise DangerousError(f"{danger}. --force does it.", danger)
        before, first = boots(station), self._wire.mark() + 1
        ended = await self._wire.ask("Reset", {"type": KINDS[self._wire.protocol]})
        status = lenient.text(lenient.obj(payload(ended)).get("status"))
        if status == "Scheduled":
            text = "Reset was answered Scheduled: it starts anew when nobody charges any more."
            return Outcome(Verdict.ACCEPTED, text, None, (first, self._wire.mark()))
        if (refused := written(ended, status).refused) is not None:
            return Outcome(Verdict.REFUSED, f"Reset was refused: {refused}.", None, (first, self._wire.mark()))
        booted = await self._wire.until(lambda station: boots(station) > before, BOOT_S)
        records = (first, self._wire.mark())
        answered = ended.ending is Ending.ANSWERED
        said = "answered Accepted" if answered else "not answered"
        if booted:
            return Outcome(Verdict.PROVED, f"It has booted: Reset was {said}.", None, records)
        text = f"Reset was {said}, and no boot has come in {BOOT_S:.0f} s."
        return Outcome(Verdict.ACCEPTED if answered else Verdict.UNANSWERED, text, None, records)


def boots(station: Station | None) -> int:
    """How often it has booted by itself in this visit."""
    return station.boot.count if station is not None and station.boot is not None else 0


def session_in(station: Station) -> str | None:
    """What goes on at a charger that a reset would end, as the beginning of a sentence."""
    if station.open_transactions:
        return f"Transaction {station.open_transactions[0].id} runs"
    for evse in station.evses.values():
        if any(one.status in _IN_SESSION for one in evse.connectors.values()):
            return f"Connector {evse.id} is in a session"
    return None
