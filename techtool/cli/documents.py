"""A station as the JSON that DESIGN and the field guide describe. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from techtool.station.findings import Finding
    from techtool.station.model import Connector, Evse, Progress, Reading, ReadingKey, Station, Transaction


def charger(station: Station | None) -> dict[str, Any] | None:
    """Who it is."""
    if station is None:
        return None
    return {
        "identity": station.identity,
        "vendor": station.make.vendor,
        "model": station.make.model,
        "serial": station.make.serial,
        "firmware": station.make.firmware,
        "protocol": station.link.protocol,
        "address": station.link.address,
    }


def status(station: Station) -> dict[str, Any]:
    """How it is."""
    link, boot = station.link, station.boot
    return {
        "link": {
            "state": link.state.value,
            "since": time(link.since),
            "heard": time(link.heard),
            "heartbeat": time(link.heartbeat),
            "heartbeat_interval_s": link.heartbeat_interval,
            "offered": list(link.offered),
            "path": link.path,
            "connections": link.connections,
            "takeovers": link.takeovers,
            "ping_ms": link.ping_ms,
            "boot": None
            if boot is None
            else {
                "status": boot.status,
                "at": time(boot.at),
                "reason": boot.reason,
                "triggered": boot.triggered,
            },
        },
        "clock_offset_s": station.clock.offset_s if station.clock else None,
        "firmware": _progress(station.firmware),
        "logs": _progress(station.logs),
        "evses": [_evse(station, evse) for _, evse in sorted(station.evses.items())],
    }


def _progress(progress: Progress | None) -> dict[str, Any] | None:
    return {"status": progress.status, "at": time(progress.at)} if progress is not None else None


def findings(station: Station) -> list[dict[str, Any]]:
    """What is not as it should be, in the order in which it was found."""
    return [_finding(one) for one in sorted(station.findings.values(), key=lambda one: one.first)]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code.value,
        "severity": finding.severity.value,
        "text": finding.text,
        "count": finding.count,
        "first": time(finding.first),
        "last": time(finding.last),
        "records": list(finding.records),
    }


def _evse(station: Station, evse: Evse) -> dict[str, Any]:
    return {
        "id": evse.id,
        "connectors": [_connector(station, one) for _, one in sorted(evse.connectors.items())],
        "meter": [_reading(key, one) for key, one in evse.readings.items()],
        "transaction": _transaction(evse.transaction) if evse.transaction is not None else None,
    }


def _connector(station: Station, connector: Connector) -> dict[str, Any]:
    from techtool.knowledge.faults import explained

    found = explained(station, connector)
    return {
        "id": connector.id,
        "status": connector.status,
        "error": connector.error,
        "vendor_error": connector.vendor_error,
        "info": connector.info,
        "explanation": {"meaning": found.meaning, "causes": found.causes, "check": found.check}
        if found is not None
        else None,
        "since": time(connector.since),
    }


def _reading(key: ReadingKey, reading: Reading) -> dict[str, Any]:
    return {
        "measurand": key.measurand,
        "phase": key.phase,
        "location": key.location,
        "value": reading.value,
        "unit": reading.unit,
        "at": time(reading.measured),
    }


def _transaction(transaction: Transaction) -> dict[str, Any]:
    return {
        "id": transaction.id,
        "id_token": transaction.id_token,
        "since": time(transaction.began or transaction.seen),
        "energy_wh": transaction.energy_wh,
        "state": transaction.state,
    }


def time(when: datetime | None) -> str | None:
    """A moment as every document writes it."""
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z") if when is not None else None
