"""What happened, as lines for a person or a script: the changes that somebody waits for. Pure."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from techtool.csms.hearing import duration
from techtool.picture import Taken
from techtool.station import changes as c
from techtool.station.changes import Change

EventName = Literal[
    "listening",
    "knock",
    "connected",
    "boot",
    "status",
    "meter",
    "transaction",
    "authorize",
    "finding",
    "firmware",
    "log",
    "text",
    "disconnected",
]


REPEATED_S = 60.0
"""A finding that says the same as before is told again after so long."""
REMEMBERED = 1000
_NUMBERED = re.compile(r"\S*\d\S*")
"""Counts, rates, times and ids: a finding that differs in these alone says nothing new."""


def _time(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Event(NamedTuple):
    """One line of ``techtool listen``."""

    at: datetime
    event: EventName
    charger: str | None
    text: str
    data: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """As a JSON line."""
        head = {"at": _time(self.at), "event": self.event, "charger": self.charger}
        return {**head, **self.data}


class News:
    """Tells findings that say something new from those that are repeated, as in a flood."""

    def __init__(self) -> None:
        self._told: OrderedDict[Hashable, datetime] = OrderedDict()

    def is_new(self, event: Event) -> bool:
        """It is no finding, or one that was not told so within the last minute."""
        if event.event != "finding":
            return True
        key = (event.charger, event.data["code"], event.data["subject"], _NUMBERED.sub("", event.text))
        told = self._told.get(key)
        if told is not None and abs((event.at - told).total_seconds()) < REPEATED_S:
            return False
        self._told[key] = event.at
        self._told.move_to_end(key)
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return True


def events(taken: Taken) -> Iterator[Event]:
    """The events of one record."""
    at = taken.record.time
    if taken.knock is not None:
        knock = taken.knock
        data = {"address": knock.address, "reason": knock.reason.value, "text": knock.text, "cure": knock.cure}
        yield Event(
            at, "knock", taken.identity or knock.identity, f"{knock.address} {knock.text}. {knock.cure}", data
        )
    for change in taken.changes:
        described = _describe(change)
        if described is not None:
            kind, text, data = described
            yield Event(at, kind, taken.identity, text, data)


def _describe(change: Change) -> tuple[EventName, str, dict[str, Any]] | None:
    match change:
        case c.Linked(connection, protocol, address, offered, path):
            data = {"connection": connection, "protocol": protocol, "address": address, "offered": offered}
            return "connected", f"{protocol} from {address}", {**data, "path": path}
        case c.Unlinked(_, code, reason, by, silent_s):
            why = ", ".join(part for part in (f"code {code}" if code is not None else "", reason) if part)
            text = f"{by} ended the link{f' ({why})' if why else ''}"
            return "disconnected", text, {"code": code, "reason": reason, "by": by, "silent_s": silent_s}
        case c.Booted(make, reason, triggered):
            text = " ".join(part for part in (make.vendor, make.model, make.firmware) if part)
            named = {name: getattr(make, name) for name in ("vendor", "model", "serial", "firmware")}
            return "boot", text or "says nothing of itself", {**named, "reason": reason, "triggered": triggered}
        case c.StatusSaid(evse, connector, status, error, info, vendor_id, vendor_error, _):
            more = " ".join(part for part in (error, info, vendor_error) if part and part != "NoError")
            data = {"evse": evse, "connector": connector, "status": status, "error": error, "info": info}
            data |= {"vendor_id": vendor_id, "vendor_error": vendor_error}
            place = f"EVSE {evse}" + (f" connector {connector}" if connector is not None else "")
            return "status", f"{place} {status or ''} {more}".rstrip(), data
        case c.Metered(evse, readings, transaction):
            values = [
                {
                    "measurand": key.measurand,
                    "phase": key.phase,
                    "location": key.location,
                    "value": reading.value,
                    "unit": reading.unit,
                    "at": _time(reading.measured),
                }
                for key, reading in readings.items()
            ]
            first = list(readings.items())[:4]
            shown = "  ".join(" ".join(filter(None, (*key[:2], one.text, one.unit))) for key, one in first)
            more = f"  and {len(values) - 4} more" if len(values) > 4 else ""
            kept_s = max((one.kept_s for one in readings.values()), default=0.0)
            more += f"  (measured {duration(kept_s)} ago)" if kept_s else ""
            place = f"EVSE {evse}" if evse is not None else f"transaction {transaction}"
            data = {"evse": evse, "transaction": transaction, "values": values}
            return "meter", f"{place}  {shown}{more}", data
        case c.Authorized(id_token, status):
            return "authorize", f"{id_token} {status}", {"id_token": id_token, "status": status}
        case c.TransactionBegan(transaction):
            token = f", token {transaction.id_token}" if transaction.id_token else ""
            data = {"phase": "began", "id": transaction.id, "evse": transaction.evse}
            data |= {"id_token": transaction.id_token, "carried": transaction.carried}
            words = "goes on" if transaction.carried else "began"
            return "transaction", f"{transaction.id} {words} on EVSE {transaction.evse}{token}", data
        case c.TransactionUpdated(id, evse, state) if state is not None:
            data = {"phase": "updated", "id": id, "evse": evse, "state": state}
            return "transaction", f"{id} {state}", data
        case c.TransactionEnded(id, _, _, reason):
            return "transaction", f"{id} ended, {reason}", {"phase": "ended", "id": id, "reason": reason}
        case c.TransactionVanished(id, evse, None):
            data = {"phase": "vanished", "id": id, "evse": evse}
            return "transaction", f"{id} is not running any more, but no stop has come", data
        case c.FirmwareSaid(status, request_id):
            return "firmware", status, {"status": status, "request_id": request_id}
        case c.LogSaid(status, request_id):
            return "log", status, {"status": status, "request_id": request_id}
        case c.Said(text):
            return "text", text, {"text": text}
        case c.Found(code, text, subject, severity):
            data = {"code": code.value, "severity": severity.value, "text": text, "subject": subject}
            return "finding", f"{severity.value}: {text}", data
    return None
