"""Whatever the back office sends, the charger lives on."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.simulator.bench import VERSIONS, Bench

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=4),
    st.sampled_from(["Accepted", "Pending", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]),
    st.just({"status": "Accepted"}),
)
FIELDS = ["currentTime", "interval", "status", "idTagInfo", "idTokenInfo", "transactionId"]


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(VERSIONS),
    st.sampled_from(["BootNotification", "Heartbeat", "Authorize", "StartTransaction", "TransactionEvent"]),
    st.dictionaries(st.sampled_from(FIELDS), values),
)
def test_any_answer(version: str, action: str, answer: dict[str, Any]) -> None:
    bench = Bench(version, "spaced-json", plug_in=False)
    bench.answers[action] = answer
    bench.budget = 200
    bench.take(bench.core.start(bench.now))
    bench.line("plug 1", "tap 04A1 1")
    bench.wait(100)
    bench.line("unplug 1")
    assert bench.heard


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(VERSIONS), st.one_of(st.binary(), st.lists(values).map(lambda v: json.dumps(v).encode())))
def test_any_bytes(version: str, data: bytes) -> None:
    bench = Bench(version)
    bench.take(bench.core.received(bench.now, data))
    assert bench.call("ClearCache") == {"status": "Accepted"}


def test_numbers_without_bounds() -> None:
    bench = Bench("1.6")
    huge = 10**400
    period = {"startPeriod": huge, "limit": huge}
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [period]}
    profile = {"chargingProfileId": 1, "chargingProfileKind": "Absolute", "chargingSchedule": schedule}
    answer = bench.call("SetChargingProfile", {"connectorId": 1, "csChargingProfiles": profile})
    assert answer[0] == "PropertyConstraintViolation"
    assert bench.call("GetCompositeSchedule", {"connectorId": 1, "duration": 10**11}) == {"status": "Rejected"}
    loose = Bench("1.6", "accepts-everything")
    loose.call("ChangeConfiguration", {"key": "HeartbeatInterval", "value": "9" * 400})
    loose.wait(10)
    assert loose.all("Heartbeat") == []


def test_an_answer_of_an_old_connection_is_not_sent_on_the_new_one() -> None:
    bench = Bench("1.6", "late-answers")
    id = bench.ask("ClearCache")
    bench.cut()
    bench.wait(60)
    assert bench.answer_to(id, "ClearCache") is None
