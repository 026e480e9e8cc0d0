"""Boot, heartbeat, reconnect, restart: all versions."""

import pytest

from techtool.simulator.effects import Abort, Close, Ping
from tests.simulator.bench import VERSIONS, Bench

every_version = pytest.mark.parametrize("version", VERSIONS)


@every_version
def test_boot_comes_first_then_the_status_of_everything(version: str) -> None:
    bench = Bench(version, connectors=3)
    assert bench.actions()[0] == "BootNotification"
    assert set(bench.actions()[1:]) == {"StatusNotification"}
    assert [bench.statuses(n) for n in (1, 2, 3)] == [["Available"]] * 3
    assert bench.statuses(0) == (["Available"] if version == "1.6" else [])


@every_version
def test_heartbeat_keeps_the_interval_of_the_boot_answer(version: str) -> None:
    bench = Bench(version, plug_in=False)
    bench.answers["BootNotification"] = {
        "currentTime": "2025-11-24T16:00:00Z",
        "interval": 60,
        "status": "Accepted",
    }
    bench.take(bench.core.start(bench.now))
    bench.wait(600)
    assert bench.actions().count("Heartbeat") == 10


def test_heartbeat_of_the_options_wins() -> None:
    bench = Bench(heartbeat=5.0)
    bench.wait(61)
    assert bench.actions().count("Heartbeat") == 12


@every_version
@pytest.mark.parametrize("status", ["Pending", "Rejected"])
def test_until_it_is_accepted_it_only_boots_again(version: str, status: str) -> None:
    bench = Bench(version, plug_in=False)
    bench.answers["BootNotification"] = {"currentTime": "2025-11-24T16:00:00Z", "interval": 20, "status": status}
    bench.take(bench.core.start(bench.now))
    bench.line("plug 1", "tap 04A1 1")
    bench.wait(65)
    assert bench.actions() == ["BootNotification"] * 4
    del bench.answers["BootNotification"]
    bench.wait(20)
    assert bench.actions()[4] == "BootNotification"
    assert bench.statuses(1)[-1] in ("Charging", "Occupied")


def test_pending_answers_and_rejected_does_not() -> None:
    for status, answered in (("Pending", True), ("Rejected", False)):
        bench = Bench("1.6", plug_in=False)
        bench.answers["BootNotification"] = {"currentTime": "x", "interval": 20, "status": status}
        bench.take(bench.core.start(bench.now))
        assert (bench.call("GetConfiguration") is not None) is answered
        assert bench.call("RemoteStartTransaction", {"idTag": "04A1"}) == (
            {"status": "Rejected"} if answered else None
        )


def test_rejected_is_a_security_error_in_2x() -> None:
    bench = Bench("2.0.1", plug_in=False)
    bench.answers["BootNotification"] = {"currentTime": "x", "interval": 20, "status": "Rejected"}
    bench.take(bench.core.start(bench.now))
    assert bench.call("ClearCache")[0] == "SecurityError"


def test_a_trigger_gets_through_while_pending() -> None:
    bench = Bench("2.1", plug_in=False)
    bench.answers["BootNotification"] = {"currentTime": "x", "interval": 200, "status": "Pending"}
    bench.take(bench.core.start(bench.now))
    assert bench.call("TriggerMessage", {"requestedMessage": "Heartbeat"}) == {"status": "Accepted"}
    assert bench.actions() == ["BootNotification", "Heartbeat"]


@every_version
def test_a_lost_link_comes_back_without_a_boot(version: str) -> None:
    bench = Bench(version)
    bench.forget()
    bench.cut()
    bench.line("plug 1")
    bench.wait(1)
    assert len(bench.handshakes) == 1
    assert bench.actions() == ["StatusNotification"], "only what changed"


def test_an_unreachable_back_office_is_tried_with_growing_pauses() -> None:
    bench = Bench(plug_in=False)
    bench.reachable = False
    bench.take(bench.core.start(bench.now))
    tries = [0.0]
    for second in range(1, 121):
        bench.wait(1)
        if len(bench.handshakes) > len(tries):
            tries.append(second)
    assert tries == [0, 1, 3, 7, 15, 31, 61, 91]
    bench.reachable = True
    bench.wait(30)
    assert bench.actions()[0] == "BootNotification"


@every_version
def test_one_call_at_a_time(version: str) -> None:
    bench = Bench(version, plug_in=False)
    bench.silent = {"StatusNotification"}
    bench.take(bench.core.start(bench.now))
    assert bench.actions() == ["BootNotification", "StatusNotification"]
    bench.wait(29)
    assert len(bench.heard) == 2
    bench.wait(1)
    assert len(bench.heard) == 3, "the next goes out when the first was given up"
    assert len({one.id for one in bench.heard}) == 3


def test_a_boot_without_an_answer_is_sent_again() -> None:
    bench = Bench(plug_in=False)
    bench.silent = {"BootNotification"}
    bench.take(bench.core.start(bench.now))
    bench.wait(40)
    assert bench.actions() == ["BootNotification"] * 2


@every_version
def test_unknown_and_undone_actions_get_the_right_error(version: str) -> None:
    bench = Bench(version)
    assert bench.call("Frobnicate")[0] == "NotImplemented"
    assert bench.call("InstallCertificate")[0] == "NotSupported"
    bench.receive([2, "odd", "ClearCache", []])
    assert bench.answered["odd"][2] == ("FormationViolation" if version == "1.6" else "FormatViolation")
    bench.receive([2, "bad", 5, {}])
    assert bench.answered["bad"][0] == 4


def test_an_answer_to_nothing_is_a_problem_and_no_more() -> None:
    bench = Bench()
    bench.receive([3, "who", {}])
    bench.receive([4, "who", "GenericError", "", {}])
    bench.receive([5, "who", "GenericError", "", {}])
    bench.take(bench.core.received(bench.now, b"nonsense"))
    assert len(bench.reports("problem")) == 3


def test_a_script_restart_boots_again_with_its_reason() -> None:
    bench = Bench("2.0.1")
    bench.forget()
    bench.line("reboot")
    assert [type(one) for one in bench.effects if isinstance(one, Close | Abort)] == [Close]
    bench.wait(3)
    assert bench.all("BootNotification")[0]["reason"] == "LocalReset"


@pytest.mark.parametrize(("kind", "reason"), [("Hard", "HardReset"), ("Soft", "SoftReset")])
def test_reset_of_1_6_ends_the_transaction_and_boots(kind: str, reason: str) -> None:
    bench = Bench("1.6")
    bench.line("plug 1", "tap 04A1 1")
    bench.forget()
    assert bench.call("Reset", {"type": kind}) == {"status": "Accepted"}
    bench.wait(10)
    assert bench.all("StopTransaction")[0]["reason"] == reason
    assert len(bench.all("BootNotification")) == 1
    assert bench.actions().count("StopTransaction") == 1


@pytest.mark.parametrize("version", ["2.0.1", "2.1"])
def test_reset_of_2x(version: str) -> None:
    bench = Bench(version)
    bench.line("plug 1", "tap 04A1 1")
    assert bench.call("Reset", {"type": "OnIdle"}) == {"status": "Scheduled"}
    bench.wait(20)
    bench.forget()
    bench.line("tap 04A1 1")
    bench.wait(10)
    assert bench.all("BootNotification")[0]["reason"] == "ScheduledReset"
    bench.line("tap 04A1 1")
    bench.forget()
    assert bench.call("Reset", {"type": "Immediate"}) == {"status": "Accepted"}
    bench.wait(10)
    assert bench.events()[0]["transactionInfo"]["stoppedReason"] == "ImmediateReset"
    assert bench.all("BootNotification")[0]["reason"] == "RemoteReset"


def test_resume_of_2_1_keeps_the_transaction() -> None:
    bench = Bench("2.1")
    bench.line("plug 1", "tap 04A1 1")
    uid = bench.events()[0]["transactionInfo"]["transactionId"]
    bench.forget()
    assert bench.call("Reset", {"type": "ImmediateAndResume"}) == {"status": "Accepted"}
    bench.wait(5)
    resumed = [one for one in bench.events() if one["triggerReason"] == "TxResumed"]
    assert [one["transactionInfo"]["transactionId"] for one in resumed] == [uid]
    assert Bench("2.0.1").call("Reset", {"type": "ImmediateAndResume"})[0] == "PropertyConstraintViolation"


def test_pings_are_sent_when_they_are_configured() -> None:
    bench = Bench()
    bench.call("ChangeConfiguration", {"key": "WebSocketPingInterval", "value": "10"})
    bench.wait(35)
    assert sum(isinstance(one, Ping) for one in bench.effects) == 3


def test_the_clock_is_set_by_the_back_office() -> None:
    bench = Bench(plug_in=False)
    bench.answers["BootNotification"] = {
        "currentTime": "2030-01-01T00:00:00Z",
        "interval": 60,
        "status": "Accepted",
    }
    bench.take(bench.core.start(bench.now))
    assert bench.all("StatusNotification")[0]["timestamp"] == "2030-01-01T00:00:00.000Z"


def test_offline_and_online_by_script() -> None:
    bench = Bench()
    bench.forget()
    bench.line("offline 30")
    bench.wait(29)
    assert bench.handshakes == []
    bench.wait(1)
    assert len(bench.handshakes) == 1
    bench.line("offline")
    bench.wait(300)
    assert len(bench.handshakes) == 1
    bench.line("online")
    assert len(bench.handshakes) == 2
