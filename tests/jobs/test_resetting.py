from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from techtool.csms.dialogue import Ending
from techtool.jobs.resetting import OcppReboot
from techtool.station.model import Boot, Connector, Evse, Station, Transaction
from techtool.station.outcomes import DangerousError, Verdict
from tests.jobs.chargers import Answer, Played

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
IDLE = Station("CP1")._replace(boot=Boot(AT, "Accepted", None, False, 1))


def charger(answer: Answer, *, boots: bool = True, protocol: str = "ocpp1.6") -> Played:
    """One that boots when it is told to, or does not."""

    def told(action: str, payload: dict[str, Any]) -> Answer:
        assert action == "Reset" and there.station is not None
        if boots:
            there.station = there.station._replace(boot=Boot(AT, "Accepted", None, False, 2))
        return answer

    there = Played(protocol, told)
    there.station = IDLE
    return there


@pytest.mark.parametrize(
    ("protocol", "kind"), [("ocpp1.6", "Soft"), ("ocpp2.0.1", "Immediate"), ("ocpp2.1", "Immediate")]
)
async def test_a_boot_proves_it(protocol: str, kind: str) -> None:
    there = charger({"status": "Accepted"}, protocol=protocol)
    outcome = await OcppReboot(there).reboot()
    assert (outcome.verdict, outcome.text) == (Verdict.PROVED, "It has booted: Reset was answered Accepted.")
    assert there.asked[0][1] == {"type": kind} and outcome.records == (1, 2)


@pytest.mark.parametrize("ending", [None, Ending.LINK_LOST, Ending.UNREADABLE])
async def test_some_never_answer_and_boot_all_the_same(ending: Answer) -> None:
    outcome = await OcppReboot(charger(ending)).reboot()
    assert (outcome.verdict, outcome.text) == (Verdict.PROVED, "It has booted: Reset was not answered.")


@pytest.mark.parametrize(
    ("answer", "verdict", "told"),
    [
        ({"status": "Accepted"}, Verdict.ACCEPTED, "answered Accepted, and no boot has come in 180 s."),
        ({"status": "Scheduled"}, Verdict.ACCEPTED, "it starts anew when nobody charges any more."),
        ({"status": "Rejected"}, Verdict.REFUSED, "Reset was refused: Rejected."),
        ({}, Verdict.REFUSED, "Reset was refused: without a status."),
        (Ending.ERROR, Verdict.REFUSED, "Reset was refused: the error InternalError."),
        (None, Verdict.UNANSWERED, "Reset was not answered, and no boot has come in 180 s."),
    ],
)
async def test_accepted_is_not_done(answer: Answer, verdict: Verdict, told: str) -> None:
    outcome = await OcppReboot(charger(answer, boots=False)).reboot()
    assert outcome.verdict is verdict and outcome.text.endswith(told)


@pytest.mark.parametrize(
    ("evse", "told"),
    [
        (Evse(1, transaction=Transaction("1007", 1)), "Transaction 1007 runs: a reset ends it"),
        (Evse(2, {1: Connector(1, "SuspendedEV")}), "Connector 2 is in a session: a reset ends it"),
    ],
)
async def test_nobody_is_thrown_out_without_being_asked(evse: Evse, told: str) -> None:
    there = charger({"status": "Accepted"})
    there.station = IDLE.put(evse)
    with pytest.raises(DangerousError) as refused:
        await OcppReboot(there).reboot()
    assert refused.value.danger == told and there.asked == []
    assert (await OcppReboot(there).reboot(force=True)).verdict is Verdict.PROVED
