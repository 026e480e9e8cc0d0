"""The settings of chargers that behave, and of those that do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from techtool.csms.dialogue import Ending
from techtool.csms.variables import Place, place_of
from techtool.jobs.configuration import OcppConfiguration
from techtool.station.outcomes import CallRefusedError, DangerousError, UnfitError, Verdict
from techtool.station.settings import Listed, UnknownSettingError
from tests.jobs.chargers import Answer, Played

BEAT = "HeartbeatInterval"
BEAT2 = "OCPPCommCtrlr/HeartbeatInterval"


class Keys:
    """A 1.6 charger with some keys."""

    def __init__(self, **values: str | None) -> None:
        self.values: dict[str, str | None] = {BEAT: "300", "AuthorizeRemoteTxRequests": "false", **values}
        self.readonly = {"NumberOfConnectors"}
        self.status = "Accepted"
        self.keeps: Callable[[str, str], str | None] = lambda key, value: value
        """What is kept of what is written."""
        self.wire = Played("ocpp1.6", self.answer, "ACME")
        self.able = OcppConfiguration(self.wire)

    def answer(self, action: str, payload: dict[str, Any]) -> Answer:
        if action == "ChangeConfiguration":
            if self.status in ("Accepted", "RebootRequired"):
                self.values[payload["key"]] = self.keeps(payload["key"], payload["value"])
            return {"status": self.status}
        wanted = payload.get("key") or list(self.values)
        rows = [
            {
                "key": one,
                "readonly": one in self.readonly,
                **({"value": value} if (value := self.values[one]) is not None else {}),
            }
            for one in wanted
            if one in self.values
        ]
        return {"configurationKey": rows, "unknownKey": [one for one in wanted if one not in self.values]}


async def test_keys_are_told_with_what_is_known_of_them() -> None:
    there = Keys(NumberOfConnectors="2", AuthorizationKey=None, Vendor1="x", FreeModeActive="TRUE")
    listed = await there.able.read()
    found = {one.name: one for one in listed.settings}
    assert (found[BEAT].type, found[BEAT].unit, found[BEAT].known, found[BEAT].readonly) == (
        "number",
        "s",
        True,
        False,
    )
    assert "Heartbeat" in (found[BEAT].label or "")
    assert found["NumberOfConnectors"].readonly
    assert [one.value for one in found["AuthorizeRemoteTxRequests"].choices] == ["true", "false"]
    assert [one.value for one in found["FreeModeActive"].choices] == ["TRUE", "FALSE"]
    assert found["AuthorizationKey"].writeonly and found["AuthorizationKey"].value is None
    assert not found["Vendor1"].known and found["Vendor1"].type == "text"
    assert listed.unknown == listed.silent == () and there.wire.actions() == ["GetConfiguration"]


async def test_names_are_asked_for_alone_and_unknown_ones_are_told() -> None:
    there = Keys()
    listed = await there.able.read([BEAT, "Nosuch"])
    assert ([one.name for one in listed.settings], listed.unknown) == ([BEAT], ("Nosuch",))
    assert there.wire.asked[0][1] == {"key": [BEAT, "Nosuch"]}


async def test_a_charger_that_tells_all_keys_though_one_was_wanted() -> None:
    there = Keys()
    there.wire._answer = lambda action, payload: there.answer(action, {})
    assert [one.name for one in (await there.able.read([BEAT])).settings] == [BEAT]


async def test_written_read_back_and_proved() -> None:
    there = Keys()
    outcome = await there.able.write(BEAT, "120")
    assert (outcome.verdict, outcome.result) == (Verdict.PROVED, {"written": "120", "read": "120"})
    assert there.wire.actions() == ["ChangeConfiguration", "GetConfiguration"]
    assert outcome.records == (1, 4)


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        (BEAT, "120", "120.000000"),
        ("AuthorizeRemoteTxRequests", "true", "True"),
        ("MeterValuesSampledData", "Voltage,SoC", "SoC, Voltage"),
    ],
)
async def test_another_spelling_of_the_same_value_proves_it(name: str, value: str, kept: str) -> None:
    there = Keys()
    there.keeps = lambda key, value: kept
    assert (await there.able.write(name, value)).verdict is Verdict.PROVED


async def test_accepted_and_then_another_value_is_contradicted() -> None:
    there = Keys()
    there.keeps = lambda key, value: "300"
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is Verdict.CONTRADICTED and "reads as 300" in outcome.text


@pytest.mark.parametrize("status", ["Rejected", "NotSupported", "Whatever"])
async def test_refused_with_its_word_for_it(status: str) -> None:
    there = Keys()
    there.status = status
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is Verdict.REFUSED and status in outcome.text and "300" in outcome.text


async def test_what_counts_from_the_next_boot_on_is_accepted_until_it_shows() -> None:
    there = Keys()
    there.status, there.keeps = "RebootRequired", lambda key, value: "300"
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is Verdict.ACCEPTED and "from the next boot on. It reads as 300 now." in outcome.text
    there.keeps = lambda key, value: value
    assert (await there.able.write(BEAT, "60")).verdict is Verdict.PROVED


async def test_what_cannot_be_read_back_is_accepted_only() -> None:
    there = Keys(AuthorizationKey=None)
    there.keeps = lambda key, value: None
    outcome = await there.able.write("AuthorizationKey", "00112233445566778899aabbccddeeff", force=True)
    assert outcome.verdict is Verdict.ACCEPTED and outcome.result["read"] is None


@pytest.mark.parametrize(("kept", "verdict"), [(True, Verdict.PROVED), (False, Verdict.UNANSWERED)])
async def test_a_link_that_was_lost_is_settled_by_reading(kept: bool, verdict: Verdict) -> None:
    there = Keys()

    def answer(action: str, payload: dict[str, Any]) -> Answer:
        if action == "ChangeConfiguration":
            if kept:
                there.values[BEAT] = payload["value"]
            return Ending.LINK_LOST
        return there.answer(action, payload)

    there.wire._answer = answer
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is verdict and "was not answered" in outcome.text
    there.wire.returns = False
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is Verdict.UNANSWERED and "not back: whether it is set is unknown" in outcome.text


async def test_a_charger_that_answers_with_an_error_or_not_at_all() -> None:
    there = Keys()
    there.wire._answer = lambda action, payload: (
        Ending.ERROR if action == "ChangeConfiguration" else there.answer(action, payload)
    )
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is Verdict.REFUSED and "the error InternalError" in outcome.text
    there.wire._answer = lambda action, payload: None
    outcome = await there.able.write(BEAT, "120")
    assert outcome.verdict is Verdict.UNANSWERED
    assert await there.able.read([BEAT]) == Listed((), (), (BEAT,))


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        (BEAT, "abc", '"abc" is no whole number'),
        ("AuthorizeRemoteTxRequests", "True", "is neither true nor false"),
        ("Vendor1", "x" * 501, "maxLength"),
        ("NumberOfConnectors", "3", "can only be read: the charger says so"),
    ],
)
async def test_what_does_not_fit_never_leaves_the_laptop(name: str, value: str, told: str) -> None:
    there = Keys(NumberOfConnectors="2")
    await there.able.read()
    before = len(there.wire.asked)
    with pytest.raises(UnfitError) as refused:
        await there.able.write(name, value)
    assert len(there.wire.asked) == before
    assert told in str(refused.value) or "500" in str(refused.value)
    there.able.check(BEAT, "60")
    outcome = await there.able.write(name, value[:500], force=True)
    assert len(there.wire.asked) == before + 2, f"but with force it does: {outcome.text}"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("SecurityProfile", "2", "can only be raised"),
        ("AuthorizationKey", "00112233445566778899aabbccddeeff", "calls again with the new password"),
        ("WebSocketUrl", "ws://elsewhere/", "where the charger calls"),
        (BEAT, "0", "flood"),
    ],
)
def test_what_cannot_be_undone_is_insisted_on(name: str, value: str, told: str) -> None:
    there = Keys()
    if name == "WebSocketUrl":
        name = "CentralSystemUrl"
    with pytest.raises(DangerousError) as refused:
        there.able.check(name, value)
    assert told in refused.value.danger


# --- 2.x -----------------------------------------------------------------------------------------------------


class Variables:
    """A 2.x charger with some variables."""

    def __init__(self, protocol: str = "ocpp2.0.1") -> None:
        self.values = {BEAT2: "300", "Connector/AvailabilityState@1.1": "Available", "Own/Thing[a]": "x"}
        self.pages: list[dict[str, Any]] | None = None
        self.base: Answer = {"status": "Accepted"}
        self.status = "Accepted"
        self.early = True
        self.most = 1000
        self.wire = Played(protocol, self.answer, "ACME")
        self.able = OcppConfiguration(self.wire)

    def row(self, name: str) -> dict[str, Any]:
        place = place_of(name)
        assert place is not None
        told = {"type": "Actual", "value": self.values[name], "mutability": "ReadWrite"}
        if name == BEAT2:
            traits = {"dataType": "integer", "unit": "s", "minLimit": 10, "supportsMonitoring": False}
            return {**place.payload, "variableAttribute": [told], "variableCharacteristics": traits}
        return {**place.payload, "variableAttribute": [told | {"mutability": "ReadOnly"}]}

    def answer(self, action: str, payload: dict[str, Any]) -> Answer:
        match action:
            case "GetBaseReport":
                pages = self.pages
                if pages is None:
                    rows = [self.row(one) for one in self.values]
                    pages = [
                        {"seqNo": 0, "tbc": True, "reportData": rows[:1]},
                        {"seqNo": 1, "reportData": rows[1:]},
                    ]
                for page in pages:
                    head = {"requestId": payload["requestId"], "generatedAt": "2026-11-23T10:00:00Z"}
                    self.wire.says("NotifyReport", {**head, **page})
                return self.base
            case "GetVariables":
                items = payload["getVariableData"]
                if len(items) > self.most:
                    return Ending.ERROR
                return {"getVariableResult": [self.told(one) for one in items]}
            case "SetVariables":
                (item,) = payload["setVariableData"]
                name = place_name(item)
                if self.status == "Accepted":
                    self.values[name] = item["attributeValue"]
                return {"setVariableResult": [{**bare(item), "attributeStatus": self.status}]}
        raise AssertionError(action)

    def told(self, item: dict[str, Any]) -> dict[str, Any]:
        name = place_name(item)
        if name in self.values:
            return {**bare(item), "attributeStatus": "Accepted", "attributeValue": self.values[name]}
        return {**bare(item), "attributeStatus": "UnknownVariable"}


def bare(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in ("component", "variable")}


def place_name(item: dict[str, Any]) -> str:
    from techtool.csms.variables import place_in

    place = place_in(item)
    assert place is not None
    return place.name


async def test_a_report_is_read_page_by_page_though_it_comes_before_the_answer() -> None:
    there = Variables()
    listed = await there.able.read()
    assert [one.name for one in listed.settings] == list(there.values) and listed.silent == ()
    beat, state, own = listed.settings
    assert (beat.type, beat.unit, beat.value, beat.readonly) == ("number", "s", "300", False)
    assert state.readonly and state.type == "choice" and not own.known
    assert there.wire.actions() == ["GetBaseReport"] and there.wire.idle


async def test_what_the_charger_says_of_a_variable_goes_before_the_standard() -> None:
    there = Variables()
    there.able.check(BEAT2, "5")
    await there.able.read()
    with pytest.raises(CallRefusedError, match="is less than 10"):
        there.able.check(BEAT2, "5")
    with pytest.raises(CallRefusedError, match="can only be read"):
        there.able.check("Connector/AvailabilityState@1.1", "Occupied")


@pytest.mark.parametrize("base", [{"status": "NotSupported"}, Ending.ERROR, None, Ending.UNREADABLE])
async def test_without_a_report_the_standards_variables_are_asked_for(base: Answer) -> None:
    there = Variables()
    there.base, there.pages = base, []
    there.most = 4
    listed = await there.able.read()
    assert [one.name for one in listed.settings] == [BEAT2]
    assert len(listed.unknown) > 50 and listed.silent == ()
    sizes = [len(one["getVariableData"]) for action, one, _ in there.wire.asked if action == "GetVariables"]
    assert sizes[0] == 1 and max(sizes) <= 10


async def test_no_question_is_longer_than_the_charger_takes() -> None:
    there = Variables()
    there.base, there.pages, there.most = {"status": "NotSupported"}, [], 3
    there.values["DeviceDataCtrlr/ItemsPerMessage[GetVariables]"] = "3"
    await there.able.read()
    sizes = [len(one["getVariableData"]) for action, one, _ in there.wire.asked if action == "GetVariables"]
    assert max(sizes) == 3


async def test_a_report_that_breaks_off_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("techtool.csms.report.QUIET_S", 0.01)
    there = Variables()
    there.pages = [{"seqNo": 0, "tbc": True, "reportData": [there.row(BEAT2)]}, {"seqNo": 2, "reportData": []}]
    listed = await there.able.read()
    assert [one.name for one in listed.settings] == [BEAT2] and listed.silent == ("pages 1 of the report",)
    there.pages = there.pages[:1]
    assert (await there.able.read()).silent == ("the rest of the report",)


async def test_variables_are_written_and_read_back() -> None:
    there = Variables("ocpp2.1")
    await there.able.read()
    outcome = await there.able.write(BEAT2, "120")
    assert (outcome.verdict, outcome.result) == (Verdict.PROVED, {"written": "120", "read": "120"})
    there.status = "Rejected"
    outcome = await there.able.write(BEAT2, "60")
    assert outcome.verdict is Verdict.REFUSED and "reads as 120" in outcome.text
    (one,) = (await there.able.read([BEAT2])).settings
    assert (one.value, one.type, one.unit) == ("120", "number", "s"), "its traits are still known"


@pytest.mark.parametrize(("name", "meant"), [(BEAT, f"Perhaps {BEAT2}?"), ("x", ""), ("", "")])
async def test_what_is_no_name_of_a_variable_is_said(name: str, meant: str) -> None:
    there = Variables()
    for attempt in (there.able.read([name]), there.able.write(name, "1")):
        with pytest.raises(UnknownSettingError, match="no Component/Variable") as refused:
            await attempt
        assert meant in str(refused.value)
    assert there.wire.asked == []


async def test_a_charger_that_comes_back_with_another_version_is_asked_in_it() -> None:
    there = Keys()
    assert (await there.able.read([BEAT])).settings
    newer = Variables()
    there.wire.protocol, there.wire._answer = "ocpp2.0.1", newer.answer
    assert [one.name for one in (await there.able.read([BEAT2])).settings] == [BEAT2]


def test_a_password_that_does_not_fit_is_not_repeated() -> None:
    with pytest.raises(UnfitError) as refused:
        Keys().able.check("AuthorizationKey", "mistyped-secret")
    assert "mistyped" not in str(refused.value) and "AuthorizationKey" in str(refused.value)


async def test_a_variable_with_marks_in_its_name_is_set() -> None:
    there = Variables()
    odd = Place("EV@home", "Enabled").name
    row = {**Place("EV@home", "Enabled").payload, "variableAttribute": [{"value": "false"}]}
    there.pages, there.values[odd] = [{"seqNo": 0, "tbc": False, "reportData": [row]}], "false"
    (one,) = (await there.able.read()).settings
    there.able.check(one.name, "true")
    await there.able.write(one.name, "true")
    (sent,) = [message for action, message, _ in there.wire.asked if action == "SetVariables"]
    assert sent["setVariableData"][0]["component"] == {"name": "EV@home"}


async def test_an_answer_about_another_variable_is_none() -> None:
    there = Variables()
    about = {"attributeStatus": "Accepted", "component": {"name": "other"}, "variable": {"name": "z"}}
    there.wire._answer = lambda action, payload: {"setVariableResult": [about]}
    outcome = await there.able.write(BEAT2, "120")
    assert outcome.verdict is Verdict.REFUSED and "without a status" in outcome.text


async def test_a_charger_that_comes_back_with_another_version_leaves_it_open() -> None:
    there = Keys()

    def answer(action: str, payload: dict[str, Any]) -> Answer:
        there.wire.protocol = "ocpp2.0.1"
        return Ending.LINK_LOST

    there.wire._answer = answer
    outcome = await there.able.write(BEAT, "60")
    assert outcome.verdict is Verdict.UNANSWERED and "whether it is set is unknown" in outcome.text
