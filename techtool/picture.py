"""The picture of a visit: ``fold(records)``, whatever the wire. Pure.

Live, in a replay and in a test the same records give the same stations.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from techtool.csms.frames import Parsed
from techtool.csms.knocks import Knock, Reason
from techtool.csms.reading import Read, Reader
from techtool.masking import mask_words
from techtool.serviceport.reading import WIRES, wire_of
from techtool.serviceport.reading import Reader as SerialReader
from techtool.station.changes import Change, Found, Stamp
from techtool.station.consequences import FOLLOWED, consequences
from techtool.station.findings import Code
from techtool.station.fold import apply
from techtool.station.model import LinkState, Station
from techtool.station.records import Kind, Record

KNOCKS_KEPT = 500
STATIONS_KEPT = 500


class Taken(NamedTuple):
    """What a record did."""

    record: Record
    identity: str | None
    changes: list[Change]
    knock: Knock | None


class Picture:
    """All chargers of a visit as they are known after the last record taken."""

    def __init__(self) -> None:
        self.stations: dict[str, Station] = {}
        """By identity, in the order in which they first called."""
        self.knocks: list[Knock] = []
        """Oldest first, the last 500."""
        self._reader = Reader()
        self._serial = SerialReader()
        self._serial_links: set[int] = set()

    @property
    def connected(self) -> list[Station]:
        """The chargers whose link stands now."""
        return [one for one in self.stations.values() if one.link.state is LinkState.CONNECTED]

    def take(self, record: Record, parsed: Parsed | None = None) -> Taken:
        """Fold one more record in. Records must come in the order of their numbers."""
        at = record.time
        try:
            return self._fold(record, self._read(record, parsed, at), at)
        except Exception as error:  # noqa: BLE001  not hidden: it is told together with the record that shows it
            return self._fold(record, self._not_understood(record, error), at)

    def _read(self, record: Record, parsed: Parsed | None, at: datetime) -> Read:
        """What it means, on the wire that it came by."""
        if record.kind is Kind.OPENED and wire_of(record) in WIRES:
            self._serial_links.add(record.connection)
        if record.connection not in self._serial_links:
            return self._reader.read(record, parsed, at)
        if record.kind is Kind.CLOSED:
            self._serial_links.discard(record.connection)
        return Read(*self._serial.read(record, at))

    def _fold(self, record: Record, read: Read, at: datetime) -> Taken:
        if read.identity is not None and read.changes:
            stamp = Stamp(at, record.number)
            station = self.stations.get(read.identity) or Station(read.identity)
            more: list[Change] = []
            read.changes[:] = map(_unspoken, read.changes)
            for change in read.changes:
                before, station = station, apply(station, change, stamp)
                if type(change) in FOLLOWED:
                    for one in consequences(before, change, station, at):
                        station = apply(station, one, stamp)
                        more.append(one)
            read.changes.extend(more)
            self.stations[read.identity] = station
            if len(self.stations) > STATIONS_KEPT:
                self._forget()
        if read.knock is not None:
            self.knocks.append(read.knock)
            del self.knocks[:-KNOCKS_KEPT]
        return Taken(record, read.identity, read.changes, read.knock)

    def _not_understood(self, record: Record, error: Exception) -> Read:
        """Understanding stands beside serving: what it stumbles over is told, and ends nothing."""
        text = f"techtool did not understand this ({type(error).__name__}: {str(error)[:80]})."
        identity = self._reader.identity(record.connection) or self._serial.identity(record.connection)
        if identity is not None:
            return Read(identity, [Found(Code.NOT_UNDERSTOOD, f"{text} Please send the redacted trace.")])
        knock = Knock(record.time, record.connection, "?", Reason.NOT_UNDERSTOOD, text, record.number)
        return Read(None, [], knock)

    def _forget(self) -> None:
        """Somebody calls under ever new names: the oldest that is not connected goes."""
        for identity, station in self.stations.items():
            if station.link.state is not LinkState.CONNECTED:
                del self.stations[identity]
                return


def _unspoken(change: Change) -> Change:
    """A finding quotes what a charger says: without the passwords in it, as it is shown everywhere."""
    if not isinstance(change, Found):
        return change
    return change._replace(text=mask_words(change.text), subject=mask_words(change.subject))


def fold(records: Iterable[Record]) -> Picture:
    """The picture after all of these records."""
    picture = Picture()
    for record in records:
        picture.take(record)
    return picture
