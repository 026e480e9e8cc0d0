"""What techtool says on a link, and when."""

from __future__ import annotations

import json
from typing import Any

import pytest

from techtool.csms.attendant import CONNECTORS_ASKED, EVSES_ASKED, HangUp, Ping
from techtool.csms.dialogue import Ending
from techtool.csms.frames import CallError, CallResult, parse
from techtool.csms.policy import Policy
from techtool.csms.survey import Survey
from techtool.station.findings import Code
from techtool.station.records import Direction, Kind
from tests.chargers import AVAILABLE
from tests.csms.driving import Driver


def asked(driver: Driver) -> list[Any]:
    return [(call.action, call.payload.get("requestedMessage")) for call in driver.calls()]


def test_nothing_goes_out_before_the_boot_is_answered() -> None:
    driver = Driver()
    driver.call("GetConfiguration", {})
    driver.wait(5)
    assert driver.calls() == []
    driver.boot()
    assert [call.action for call in driver.calls()] == ["GetConfiguration"]


def test_the_boot_answer_has_the_time_and_an_interval_above_0() -> None:
    answer = Driver().boot()
    assert answer == {"status": "Accepted", "currentTime": "2026-11-22T10:00:00.000Z", "interval": 300}


def test_who_comes_back_without_a_boot_is_asked_for_it_and_for_its_status() -> None:
    driver = Driver()
    driver.say("Heartbeat", {})
    driver.wait(9.9)
    assert asked(driver) == []
    driver.wait(0.2)
    assert asked(driver) == [("TriggerMessage", "BootNotification")]
    driver.answer({"status": "Accepted"})
    assert asked(driver)[1:] == [("TriggerMessage", "StatusNotification")]
    driver.boot()
    assert driver.station.boot is not None
    assert driver.station.boot.triggered and driver.station.boot.count == 0


def test_a_boot_in_time_is_not_asked_for_but_missing_statuses_are() -> None:
    driver = Driver()
    driver.boot()
    driver.wait(11)
    assert asked(driver) == [("TriggerMessage", "StatusNotification")]


def test_a_charger_that_reports_by_itself_is_asked_nothing() -> None:
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"})
    driver.wait(60)
    assert asked(driver) == []


def test_a_charger_that_does_not_answer_is_not_pestered() -> None:
    driver = Driver()
    driver.wait(120)
    assert asked(driver) == [("TriggerMessage", "BootNotification")]
    assert driver.ended()[0].ending is Ending.TIMED_OUT
    assert Code.NO_ANSWER in driver.codes()


def walked(driver: Driver, *statuses: str) -> list[tuple[int, int]]:
    """The outlets that a 2.x charger is asked for while it answers so."""
    driver.wait(11)
    for status in statuses:
        assert driver.attendant.survey is Survey.OPEN
        driver.answer({"status": status})
    places = [call.payload["evse"] for call in driver.calls() if "evse" in call.payload]
    return [(place["id"], place["connectorId"]) for place in places]


def test_in_2x_outlets_are_asked_one_by_one_until_there_is_none() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    yes, no = "Accepted", "Rejected"
    assert walked(driver, no, yes, yes, no, yes, no, no) == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1)]
    assert driver.attendant.survey is Survey.DONE
    assert Code.TRIGGER_REFUSED not in driver.codes(), "it has no such outlets"


def test_in_2x_no_more_outlets_are_asked_for_than_any_charger_has() -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    asked_for = walked(driver, "Rejected", *["Accepted"] * EVSES_ASKED * CONNECTORS_ASKED)
    assert len(asked_for) == EVSES_ASKED * CONNECTORS_ASKED and asked_for[-1] == (EVSES_ASKED, CONNECTORS_ASKED)
    assert driver.attendant.survey is Survey.DONE


@pytest.mark.parametrize("answer", ['[3,"{}",{{"status":"Rejected"}}]', '[4,"{}","NotSupported","",{{}}]'])
def test_in_2x_a_charger_that_tells_of_no_outlet_is_told(answer: str) -> None:
    driver = Driver("ocpp2.0.1")
    driver.boot()
    driver.wait(11)
    for _ in range(2):
        driver.raw(answer.format(driver.calls()[-1].id).encode())
    assert driver.attendant.survey is Survey.UNSURE
    assert "Asked for StatusNotification, it answered " in driver.finding(Code.TRIGGER_REFUSED).text


def survey(driver: Driver) -> Survey:
    return driver.attendant.survey


def test_a_survey_is_open_until_the_charger_has_told_or_was_asked() -> None:
    booted = Driver()
    assert survey(booted) is Survey.OPEN
    booted.boot()
    assert survey(booted) is Survey.OPEN
    booted.say("StatusNotification", AVAILABLE)
    assert survey(booted) is Survey.DONE

    back = Driver()
    back.say("StatusNotification", AVAILABLE)
    assert survey(back) is Survey.OPEN, "it may have told only what has changed"
    back.wait(10.1)
    back.answer({"status": "Rejected"})
    assert survey(back) is Survey.OPEN
    back.answer({"status": "Accepted"})
    assert survey(back) is Survey.DONE

    asked_to_boot = Driver()
    asked_to_boot.say("StatusNotification", AVAILABLE)
    asked_to_boot.wait(10.1)
    asked_to_boot.boot()
    asked_to_boot.answer({"status": "Accepted"})
    asked_to_boot.answer({"status": "Rejected"})
    assert survey(asked_to_boot) is Survey.UNSURE, "that boot was no start"

    silent = Driver()
    silent.wait(120)
    assert survey(silent) is Survey.UNSURE


def test_the_effect_may_come_before_the_answer() -> None:
    driver = Driver()
    driver.boot()
    driver.call("TriggerMessage", {"requestedMessage": "Heartbeat"})
    assert "currentTime" in driver.say("Heartbeat", {})
    driver.answer({"status": "Accepted"})
    assert driver.ended()[0].ending is Ending.ANSWERED


def test_a_late_answer_is_a_finding_and_spoils_nothing() -> None:
    driver = Driver()
    driver.boot()
    late = driver.call("GetConfiguration", {}, timeout=5)
    driver.wait(6)
    driver.call("GetLocalListVersion", {})
    driver.answer({"configurationKey": []}, id=late)
    driver.answer({"listVersion": 3})
    assert [one.ending for one in driver.ended()] == [Ending.TIMED_OUT, Ending.ANSWERED]
    finding = driver.station.findings[("late-answer", "GetConfiguration")]
    assert finding.text == "GetConfiguration was answered late by 1.0 s."


def test_a_deaf_charger_is_told_from_a_dead_one() -> None:
    driver = Driver()
    driver.boot()
    driver.call("GetConfiguration", {}, timeout=30)
    driver.wait(2)
    driver.say("Heartbeat", {})
    driver.wait(29)
    assert {Code.DEAF, Code.NO_ANSWER} <= driver.codes()


def test_a_pong_is_no_message() -> None:
    driver = Driver()
    driver.boot()
    driver.call("GetConfiguration", {}, timeout=30)
    driver.wait(2)
    driver.record(Direction.CHARGER, Kind.PONG, b"techtool")
    driver.wait(29)
    assert Code.NO_ANSWER in driver.codes() and Code.DEAF not in driver.codes()


def test_who_asks_in_a_hurry_learns_nothing_of_the_charger() -> None:
    driver = Driver()
    driver.boot()
    driver.call("GetConfiguration", {}, timeout=0.3)
    driver.wait(0.2)
    driver.say("Heartbeat", {})
    driver.wait(0.4)
    assert driver.ended()[0].ending is Ending.TIMED_OUT
    assert not {Code.DEAF, Code.NO_ANSWER} & driver.codes()


def test_of_two_messages_in_one_both_are_answered_and_understood() -> None:
    driver = Driver()
    driver.boot()
    call = driver.call("GetConfiguration", {})
    said = [{"connectorId": number, "errorCode": "NoError", "status": "Available"} for number in (1, 2)]
    frames = [
        [2, "one", "StatusNotification", said[0]],
        [3, call, {"configurationKey": []}],
        [2, "two", "StatusNotification", said[1]],
    ]
    answers = driver.raw("".join(map(json.dumps, frames)).encode())
    assert answers == [CallResult("one", {}), CallResult("two", {})]
    assert [one.ending for one in driver.ended()] == [Ending.ANSWERED]
    assert sorted(driver.station.evses) == [1, 2]
    assert driver.finding(Code.ODD_FRAME).text == "StatusNotification: 3 messages came in one."


def test_an_answer_before_another_message_lets_the_next_call_out_and_its_time_run() -> None:
    driver = Driver()
    driver.boot()
    first = driver.call("GetConfiguration", {}, timeout=30)
    driver.call("GetLocalListVersion", {}, timeout=5)
    both = f'[3,"{first}",{{}}][2,"2","Heartbeat",{{}}]'
    assert driver.attendant.heard(parse(both.encode()), driver.now), "the deadline is another one"
    driver.wait(6)
    assert [one.ending for one in driver.ended()] == [Ending.ANSWERED, Ending.TIMED_OUT]


@pytest.mark.parametrize("end", [b'",{"configurationKey":[{"key":}', b'",{"status":"Acc', b""])
def test_a_broken_answer_ends_its_call(end: bytes) -> None:
    driver = Driver()
    driver.boot()
    id = driver.call("GetConfiguration", {})
    driver.raw(b'[3,"' + id.encode() + end)
    assert driver.ended()[0].ending is Ending.UNREADABLE


@pytest.mark.parametrize(
    ("protocol", "code"), [("ocpp1.6", "FormationViolation"), ("ocpp2.0.1", "FormatViolation")]
)
def test_a_call_that_is_cut_is_answered_and_changes_nothing(protocol: str, code: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    before = driver.station.evses
    (answer,) = driver.raw(b'[2,"771","StatusNotification",{"connectorId":12')
    assert answer == CallError("771", code, "not JSON: unterminated, cut off", {})
    assert driver.station.evses == before
    assert driver.finding(Code.NOT_JSON).text == "A message that cannot be read: not JSON: unterminated, cut off."


def test_calls_end_with_the_link() -> None:
    driver = Driver()
    driver.boot()
    driver.call("Reset", {"type": "Hard"})
    driver.disconnect()
    assert [one.ending for one in driver.ended()] == [Ending.LINK_LOST]


def test_pings_go_on_only_to_a_charger_that_answers_them() -> None:
    silent = Driver()
    silent.boot()
    silent.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"})
    silent.wait(3600)
    assert [type(one) for one in silent.effects if isinstance(one, Ping | HangUp)] == [Ping]

    answering = Driver()
    answering.boot()
    answering.wait(3.5)
    for _ in range(3):
        answering.attendant.ponged(answering.now)
        answering.record(Direction.CHARGER, Kind.PONG, b"techtool")
        answering.wait(30)
    assert sum(isinstance(one, Ping) for one in answering.effects) == 4
    assert answering.station.link.ping_ms is not None


def test_a_link_that_sends_is_never_closed_and_a_dead_one_is() -> None:
    driver = Driver(policy=Policy(heartbeat_interval=60))
    driver.boot()
    driver.wait(3.5)
    driver.attendant.ponged(driver.now)
    for _ in range(20):
        driver.wait(60)
        driver.say("Heartbeat", {})
    assert not any(isinstance(one, HangUp) for one in driver.effects)
    driver.wait(181)
    assert any(isinstance(one, HangUp) for one in driver.effects)


def test_pending_and_rejected_are_said_as_the_policy_wants() -> None:
    driver = Driver(policy=Policy(boot_status="Pending", heartbeat_interval=20))
    assert driver.boot()["status"] == "Pending"
    driver.say("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Available"})
    assert Code.BEFORE_BOOT in driver.codes()


def status(driver: Driver) -> Any:
    """What a 2.x charger gets for its connector's status."""
    place = {"evseId": 1, "connectorId": 1}
    return driver.say("StatusNotification", {"timestamp": driver.stamp, "connectorStatus": "Available", **place})


def answered_with(driver: Driver, boot_status: str) -> None:
    driver.attendant.policy = driver.attendant.policy._replace(boot_status=boot_status)
    assert driver.boot()["status"] == boot_status


def test_who_is_not_accepted_is_left_in_peace_until_it_is() -> None:
    driver = Driver(policy=Policy(boot_status="Pending"))
    driver.boot()
    driver.wait(60)
    assert asked(driver) == [] and survey(driver) is Survey.UNSURE
    driver.call("GetConfiguration", {})
    assert [action for action, _ in asked(driver)] == ["GetConfiguration"], "settings may be made meanwhile"
    driver.answer({"configurationKey": []})
    answered_with(driver, "Accepted")
    driver.wait(11)
    assert asked(driver)[1:] == [("TriggerMessage", "StatusNotification")]


def test_a_report_that_was_asked_for_while_pending_is_in_order() -> None:
    driver = Driver("ocpp2.0.1", policy=Policy(boot_status="Pending", strict=True))
    driver.boot()
    driver.call("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"})
    driver.answer({"status": "Accepted"})
    report = {"requestId": 1, "generatedAt": driver.stamp, "seqNo": 0, "tbc": True}
    assert driver.say("NotifyReport", report) == {}
    assert driver.say("NotifyReport", {**report, "seqNo": 1, "tbc": False}) == {}
    assert Code.BEFORE_BOOT not in driver.codes()


@pytest.mark.parametrize("protocol", ["ocpp2.0.1", "ocpp2.1"])
def test_strict_refuses_what_comes_before_acceptance_and_shows_it_all_the_same(protocol: str) -> None:
    driver = Driver(protocol, policy=Policy(boot_status="Pending", strict=True))
    refused = status(driver)
    assert (refused.code, refused.description) == ("SecurityError", "a BootNotification has to come first")
    driver.boot()
    assert status(driver).description == "the boot was answered Pending"
    driver.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    assert status(driver) == {}, "it was asked for"
    answered_with(driver, "Rejected")
    driver.call("TriggerMessage", {"requestedMessage": "StatusNotification"})
    assert status(driver).code == "SecurityError", "not a word is due"
    assert driver.finding(Code.REFUSED_EARLY).count == 3
    answered_with(driver, "Accepted")
    assert status(driver) == {}
    assert driver.station.evses[1].connectors[1].status == "Available"


def test_strict_takes_what_it_has_asked_for_before_the_boot_too() -> None:
    driver = Driver("ocpp2.0.1", policy=Policy(strict=True))
    driver.wait(11)
    driver.answer({"status": "Rejected"})
    driver.answer({"status": "Accepted"})
    assert status(driver) == {}


def test_a_status_that_was_refused_has_not_been_told() -> None:
    driver = Driver("ocpp2.0.1", policy=Policy(strict=True))
    status(driver)
    driver.boot()
    driver.wait(11)
    assert ("TriggerMessage", "StatusNotification") in asked(driver) and survey(driver) is not Survey.DONE


def test_strict_lets_a_session_of_an_earlier_visit_end() -> None:
    driver = Driver("ocpp2.0.1", policy=Policy(strict=True))
    running = {"id": "T1", "evse": 1, "connector": 1, "id_tag": "04A1", "began": driver.stamp}
    driver.record(Direction.NOTE, Kind.CARRIED, {"transactions": [running]})
    event = {
        "timestamp": driver.stamp,
        "triggerReason": "StopAuthorized",
        "transactionInfo": {"transactionId": "T1"},
    }
    assert driver.say("TransactionEvent", {**event, "eventType": "Updated", "seqNo": 9}) == {}
    assert driver.say("TransactionEvent", {**event, "eventType": "Ended", "seqNo": 10}) == {}
    assert driver.station.evses[1].transaction is None and Code.REFUSED_EARLY not in driver.codes()


def test_a_start_of_an_earlier_visit_that_comes_again_is_a_replay() -> None:
    driver = Driver()
    began = {"id": "1001", "evse": 1, "connector": 1, "id_tag": "04A1", "began": driver.stamp}
    driver.record(Direction.NOTE, Kind.CARRIED, {"transactions": [began]})
    driver.boot()
    start = {"connectorId": 1, "idTag": "04A1", "meterStart": 1000, "timestamp": driver.stamp}
    assert driver.say("StartTransaction", start)["transactionId"] == 1001
    assert "The start of transaction 1001 came again" in driver.finding(Code.REPLAYED).text
    (runs,) = driver.station.open_transactions
    assert runs.carried


def test_what_ended_in_an_earlier_visit_and_comes_again_is_a_replay() -> None:
    driver = Driver()
    driver.record(Direction.NOTE, Kind.CARRIED, {"ended": ["1001"]})
    driver.boot()
    start = {"connectorId": 1, "idTag": "04A1", "meterStart": 1000, "timestamp": driver.stamp}
    assert driver.say("StartTransaction", start)["transactionId"] == 1001
    assert "The start of transaction 1001 came again" in driver.finding(Code.REPLAYED).text
    stop = {"transactionId": 1001, "meterStop": 3000, "timestamp": driver.stamp}
    assert driver.say("StopTransaction", stop) == {}
    assert [one.text for one in driver.station.findings.values() if "stop" in one.subject] == [
        "The stop of transaction 1001 came again; nothing changed by it."
    ]
    assert driver.station.open_transactions == () == driver.station.past
    assert Code.UNKNOWN_TRANSACTION not in driver.codes()


def test_strict_knows_who_was_accepted_on_an_earlier_link() -> None:
    driver = Driver("ocpp2.0.1", policy=Policy(strict=True))
    driver.boot()
    driver.disconnect()
    driver.connect()
    assert status(driver) == {}


def test_strict_has_no_rule_for_16() -> None:
    driver = Driver(policy=Policy(boot_status="Pending", strict=True))
    driver.boot()
    assert "currentTime" in driver.say("Heartbeat", {})


def patience(driver: Driver) -> float:
    """For how many seconds a question is held open."""
    driver.boot()
    driver.say("StatusNotification", AVAILABLE)  # so that techtool has no question of its own
    id = driver.call("GetConfiguration", {}, timeout=None)
    driver.wait(200)
    (ended,) = (one for one in driver.ended() if one.call.id == id)
    return round(ended.seconds)


@pytest.mark.parametrize(("late", "later"), [(0, 30), (10, 60), (4000, 120)])
def test_who_answers_late_is_given_more_time_on_later_links_too(late: int, later: int) -> None:
    driver = Driver()
    assert patience(driver) == 30
    driver = Driver()
    driver.boot()
    driver.say("StatusNotification", AVAILABLE)
    id = driver.call("GetConfiguration", {}, timeout=None)
    driver.wait(30 + late if late else 29)
    driver.answer({"configurationKey": []}, id=id)
    driver.disconnect()
    driver.connect()
    assert patience(driver) == later


def test_a_start_that_comes_again_gets_the_same_id() -> None:
    driver = Driver()
    driver.boot()
    start = {"connectorId": 1, "idTag": "04A1", "meterStart": 100, "timestamp": driver.stamp}
    first = driver.say("StartTransaction", start)
    assert first["transactionId"] > 0
    assert driver.say("StartTransaction", start) == first
    other = driver.say("StartTransaction", {**start, "meterStart": 200})
    assert other["transactionId"] != first["transactionId"]
    assert Code.REPLAYED in driver.codes()


def test_every_stop_is_answered_also_of_a_transaction_that_never_was() -> None:
    driver = Driver()
    driver.boot()
    stop = {"transactionId": -1, "meterStop": 5, "timestamp": driver.stamp}
    assert driver.say("StopTransaction", stop) == {}
    assert driver.say("StopTransaction", {**stop, "idTag": "04A1"}) == {"idTagInfo": {"status": "Accepted"}}
    assert Code.UNKNOWN_TRANSACTION in driver.codes()


def test_a_flood_is_one_finding() -> None:
    driver = Driver()
    driver.boot()
    for number in range(5000):
        driver.seconds += 0.004
        driver.raw(json.dumps([2, f"h{number}", "Heartbeat", {}]).encode())
    flood = [one for one in driver.station.findings.values() if one.code is Code.FLOOD]
    assert len(flood) == 1 and "250 messages a second" in flood[0].text
    assert len(driver.sent) == 5001
