"""What the answers of 2.x share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from techtool.simulator.model import Connector
from techtool.simulator.outbox import Payload
from techtool.simulator.payload import Answer, RefusalError, need, take

if TYPE_CHECKING:
    from techtool.simulator.v2 import Charger201


def reply(status: str, then: Callable[[], None] | None = None, reason: str | None = None) -> Answer:
    """An answer that is a status, and what follows from it."""
    payload: Payload = {"status": status}
    if reason is not None:
        payload["statusInfo"] = {"reasonCode": reason}
    return Answer(payload, then)


def named_evse(charger: Charger201, payload: Payload) -> Connector | None:
    """The connector of the EVSE that ``evse`` names, None if it names none.

    Raises:
        RefusalError: there is no such EVSE or connector.
    """
    evse = take(payload, "evse", dict)
    if evse is None:
        return None
    number, plug = need(evse, "id", int), take(evse, "connectorId", int)
    if number not in charger.connectors or plug not in (None, 1):
        raise RefusalError("PropertyConstraintViolation", f"there is no EVSE {number} with connector {plug or 1}")
    return charger.connectors[number]


def id_token(payload: Payload, key: str) -> tuple[str, str] | None:
    """Text and type of an IdToken."""
    token = take(payload, key, dict)
    return None if token is None else (need(token, "idToken", str), need(token, "type", str))
