"""What the answers of 1.6 share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from techtool.simulator.model import Connector
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, take

if TYPE_CHECKING:
    from techtool.simulator.v16 import Charger16


def reply(status: str, then: Callable[[], None] | None = None) -> Answer:
    """An answer that is a status, and what follows from it."""
    return Answer({"status": status}, then)


def named_connectors(charger: Charger16, payload: Payload, key: str = "connectorId") -> list[Connector]:
    """The one that is named, or all for 0.

    Raises:
        RefusalError: there is no such connector.
    """
    number = take(payload, key, int) or 0
    if number == 0:
        return list(charger.connectors.values())
    if number not in charger.connectors:
        raise RefusalError("PropertyConstraintViolation", f"there is no connector {number}")
    return [charger.connectors[number]]
