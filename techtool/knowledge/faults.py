"""What is known of the error that a connector tells."""

from __future__ import annotations

from techtool.knowledge.errors import FAULTS, Explanation, explain_error
from techtool.station.model import Connector, Station


def explained(station: Station, connector: Connector) -> Explanation | None:
    """What its error means, what causes it and what to check; None where it tells none, or none that is known."""
    protocol = station.link.protocol or ""
    # Any other status explains what the connector does, not what is wrong with it.
    status = connector.status if connector.status == "Faulted" else None
    for code in (connector.error, connector.vendor_error, status):
        if code and code != "NoError" and (found := explain_error(protocol, code, FAULTS)) is not None:
            return found
    return None
