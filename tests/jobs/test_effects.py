"""What shows that a charger did what it was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from techtool.csms.dialogue import Ended, Ending
from techtool.csms.frames import Call, CallError, CallResult, Send, encode
from techtool.jobs.calling import judge
from techtool.jobs.effects import effect, shows
from techtool.station.outcomes import Verdict
from techtool.station.records import Direction, Kind, Record


def triggered(payload: Any, answer: Any = None, action: str = "TriggerMessage") -> Ended:
    answer = CallResult("1", {"status": "Accepted"}) if answer is None else answer
    return Ended(Call("1", action, payload), Ending.ANSWERED, answer, 0.1, True)


def came(frame: Call | Send, *, direction: Direction = Direction.CHARGER) -> Record:
    return Record(7, 1, 0, 0, direction, Kind.TEXT, encode(frame))


@pytest.mark.parametrize(
    ("asked", "sent", "shown"),
    [
        ({"requestedMessage": "Heartbeat"}, Call("9", "Heartbeat", {}), True),
        ({"requestedMessage": "Heartbeat"}, Call("9", "BootNotification", {}), False),
        ({"requestedMessage": "StatusNotification", "connectorId": 2},
         Call("9", "StatusNotification", {"connectorId": 2}), True),
        ({"requestedMessage": "StatusNotification", "connectorId": 2},
         Call("9", "StatusNotification", {"connectorId": 1}), False),
        ({"requestedMessage": "StatusNotification"}, Call("9", "StatusNotification", {"connectorId": 1}), True),
        ({"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 2}},
         Call("9", "StatusNotification", {"evseId": 1, "connectorId": 2}), True),
        ({"requestedMessage": "StatusNotification", "evse": {"id": 1, "connectorId": 2}},
         Call("9", "StatusNotification", {"evseId": 1, "connectorId": 1}), False),
        ({"requestedMessage": "MeterValues", "evse": {"id": 1, "connectorId": 2}},
         Call("9", "MeterValues", {"evseId": 1}), True),
        ({"requestedMessage": "TransactionEvent", "evse": {"id": 2}},
         Call("9", "TransactionEvent", {"evse": {"id": 2, "connectorId": 1}}), True),
        ({"requestedMessage": "SignV2GCertificate"}, Call("9", "SignCertificate", {}), True),
        ({"requestedMessage": "NotifyPeriodicEventStream"}, Send("9", "NotifyPeriodicEventStream", {}), True),
    ],
)  # fmt: skip
def test_the_message_that_was_asked_for_shows_it(asked: Any, sent: Call | Send, shown: bool) -> None:
    wanted = effect(triggered(asked))
    assert wanted is not None
    assert shows(came(sent), wanted) is shown
    assert not shows(came(sent, direction=Direction.LAPTOP), wanted)


@pytest.mark.parametrize(
    "ended",
    [
        triggered({"requestedMessage": "Heartbeat"}, CallResult("1", {"status": "Rejected"})),
        triggered({"requestedMessage": "Heartbeat"}, CallError("1", "NotSupported", "", {})),
        triggered({}),
        triggered([], CallResult("1", [])),
        triggered({"requestedMessage": "Heartbeat"}, action="Reset"),
    ],
)
def test_where_nothing_was_promised_nothing_is_awaited(ended: Ended) -> None:
    assert effect(ended) is None


def test_a_trigger_is_proved_by_what_came_and_only_accepted_without_it() -> None:
    ended = triggered({"requestedMessage": "Heartbeat"})
    proved = judge(ended, (3, 9), 7)
    assert (proved.verdict, proved.records) == (Verdict.PROVED, (3, 7, 9))
    assert proved.text == "TriggerMessage was answered Accepted, and the Heartbeat came."
    accepted = judge(ended, (3, 9))
    assert (accepted.verdict, accepted.records) == (Verdict.ACCEPTED, (3, 9))
    assert accepted.text == "TriggerMessage was answered Accepted, but no Heartbeat came."
