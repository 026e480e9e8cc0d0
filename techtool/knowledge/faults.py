"""What is known of the error that a connector tells."""

from __future__ import annotations

from techtool.knowledge.errors import FAULTS, Explanation, explain_error, unknown_error
from techtool.station.model import Connector, Station
from techtool.text import safe


def explained(station: Station, connector: Connector) -> Explanation | None:
    """What is known of a connector's error; of one with a name that nobody knows here, that, and what to do."""
    protocol = station.link.protocol or ""
    named = connector.error if connector.error != "NoError" else None
    for code in (named, connector.vendor_error):
        if code and (found := explain_error(protocol, code, FAULTS)) is not None:
            return found
    if named and protocol.startswith("ocpp"):  # at a service port it is told in words
        return unknown_error(safe(named, 40))
    # Any other status explains what the connector does, not what is wrong with it.
    return explain_error(protocol, "Faulted", FAULTS) if connector.status == "Faulted" else None
