"""What shows that a message to the charger had its effect: accepted is not done. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

from techtool.csms import frames, lenient, solicited
from techtool.csms.dialogue import Ended
from techtool.csms.frames import Call, CallResult, Frame, Send
from techtool.station.records import Direction, Kind, Record

EFFECT_S = 10.0
"""For so long after its answer the effect is waited for; some chargers show it before they answer."""
REBOOT_S = 60.0
"""A BootNotification comes so late from those that really reboot when they are asked for one."""


class Effect(NamedTuple):
    """A message that a charger was asked for, and has promised."""

    action: str
    evse: int | None
    connector: int | None

    @property
    def outlives_link(self) -> bool:
        """Some chargers reboot on this question, and it comes on their next link."""
        return self.action == "BootNotification"

    def shown_by(self, frame: Frame) -> bool:
        """This is the message, for the place that it was asked for."""
        if not isinstance(frame, Call | Send) or frame.action != self.action:
            return False
        evse, connector = _place(lenient.obj(frame.payload))
        return self.evse in (None, evse) and (connector is None or self.connector in (None, connector))


def effect(ended: Ended) -> Effect | None:
    """What is to come now that this call is over; None where nothing is, or where it is not known."""
    answer = ended.answer
    if ended.call.action not in solicited.TRIGGERS or not isinstance(answer, CallResult):
        return None
    wanted = solicited.asked_for(ended.call)
    if wanted is None or lenient.obj(answer.payload).get("status") != "Accepted":
        return None
    return Effect(wanted, *_place(lenient.obj(ended.call.payload)))


def shows(record: Record, wanted: Effect) -> bool:
    """The charger has sent this message, in this record."""
    if record.direction is not Direction.CHARGER or record.kind not in (Kind.TEXT, Kind.BINARY):
        return False
    if wanted.action.encode() not in record.data:
        return False  # in a flood most messages need no second look
    parsed = frames.parse(record.data)
    return any(wanted.shown_by(one.frame) for one in (parsed, *parsed.more))


def _place(payload: dict[str, Any]) -> tuple[int | None, int | None]:
    """The EVSE and the connector that a message names; 1.6 has connectors alone."""
    evse = lenient.obj(payload.get("evse"))
    if not evse and "evseId" not in payload:
        return lenient.integer(payload.get("connectorId")), None
    place = payload if "evseId" in payload else evse
    return lenient.integer(place.get("evseId", place.get("id"))), lenient.integer(place.get("connectorId"))
