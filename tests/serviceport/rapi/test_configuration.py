"""Settings of an OpenEVSE, against the simulated firmware."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi import commanding
from techtool.serviceport.rapi.configuration import RapiSettings
from techtool.serviceport.rapi.dialogue import Ended
from techtool.serviceport.rapi.frames import Frame, encode
from techtool.serviceport.rapi.settings import ENTRIES, Entry, entry, frame, told
from techtool.station.outcomes import CallRefusedError, DangerousError, Verdict
from techtool.station.settings import UnknownSettingError
from tests.serviceport.rapi.wires import Wire


class Old(Wire):
    """Its ``$GC`` tells least and most, and nothing else."""

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        ended = await super().call(command, within)
        if command.name != "GC" or ended.answer is None:
            return ended
        return ended._replace(answer=ended.answer._replace(arguments=ended.answer.arguments[:2]))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commanding, "BETWEEN_S", 0.0)


async def test_all_settings_are_read_each_question_once() -> None:
    wire = Wire()
    listed = await RapiSettings(wire).read()
    there = {one.name: one.value for one in listed.settings}
    assert there["current_a"] == "32" and there["diode_check"] == "on" and there["service_level"] == "2"
    assert there["ammeter"] == "220 0" and there["timer"] == "off" and there["cable_lock"] == "auto"
    assert there["clock"] is None, "no clock chip is fitted"
    assert set(listed.unknown) == {"auth_lock", "voltmeter"} and listed.silent == ()
    assert len(wire.asked) == len(set(wire.asked))


async def test_silence_is_no_answer_and_not_ignorance() -> None:
    listed = await RapiSettings(Wire("GE")).read(["current_a", "timer", "auth_lock"])
    assert [one.name for one in listed.settings] == ["timer"]
    assert (listed.unknown, listed.silent) == (("auth_lock",), ("current_a",))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("current_a", "16"),
        ("current_a", " 10 A "),
        ("service_level", "1"),
        ("gfci_self_test", "on"),
        ("button", "off"),
        ("timer", "22:00-06:30"),
        ("timer", "off"),
        ("cable_lock", "manual"),
        ("heartbeat", "60 10"),
        ("mains_mv", "231000"),
        ("ammeter", "221 5"),
        ("display", "mono"),
    ],
)
async def test_what_is_set_is_proved_by_reading_it(name: str, value: str) -> None:
    wire = Wire()
    configuration = RapiSettings(wire)
    outcome = await configuration.write(name, value)
    assert outcome.verdict is Verdict.PROVED, outcome.text
    (now,) = (await configuration.read([name])).settings
    assert outcome.result == {"written": value.strip(), "read": now.value}
    assert now.value == value.strip().removesuffix(" A")


async def test_a_refusal_tells_what_holds_now() -> None:
    outcome = await RapiSettings(Wire()).write("time_limit_min", "30")
    assert outcome.text == "time_limit_min = 30 was refused: $NK. It reads as 0 now."


async def test_a_current_above_the_hardware_never_goes_out() -> None:
    wire = Wire()
    configuration = RapiSettings(wire)
    with pytest.raises(CallRefusedError, match="72 A is not between the 6 and 32 A of its hardware"):
        await configuration.write("current_a", "72", force=True)
    assert [one.name for one in wire.asked] == ["GC"]
    (setting,) = (await configuration.read(["current_a"])).settings
    assert setting.takes == "6 to 32 A"
    with pytest.raises(CallRefusedError):
        configuration.check("current_a", "33")
    configuration.check("current_a", "32")


async def test_the_most_that_can_ever_be_set_is_what_the_hardware_allows_not_what_is_offered() -> None:
    configuration = RapiSettings(Wire())
    await configuration.write("current_a", "16")
    assert [one.value for one in (await configuration.read(["most_current_a"])).settings] == ["32"]
    outcome = await configuration.write("most_current_a", "24", force=True)
    assert outcome.verdict is Verdict.PROVED and outcome.result == {"written": "24", "read": "24"}


async def test_no_answer_is_no_verdict() -> None:
    outcome = await RapiSettings(Wire("SC", "GC")).write("current_a", "16")
    assert outcome.verdict is Verdict.UNANSWERED
    outcome = await RapiSettings(Wire("SC")).write("current_a", "16")
    assert outcome.verdict is Verdict.UNANSWERED and outcome.text.endswith("was not answered, and reads as 32.")
    outcome = await RapiSettings(Wire("SC")).write("current_a", "32")  # as after a lost acknowledgement
    assert outcome.verdict is Verdict.PROVED and outcome.text.endswith("was not answered, but reads as 32.")
    wire = Wire("GC")
    assert (await RapiSettings(wire).write("current_a", "16")).verdict is Verdict.UNANSWERED
    assert (await RapiSettings(wire).write("current_a", "16", force=True)).verdict is Verdict.PROVED
    outcome = await RapiSettings(Wire("GC", "GE")).write("current_a", "16", force=True)
    assert outcome.verdict is Verdict.ACCEPTED and "nothing shows" in outcome.text


async def test_of_old_firmware_that_tells_limits_alone_the_current_is_read_and_read_back() -> None:
    configuration = RapiSettings(Old())
    assert (await configuration.write("current_a", "16")).result == {"written": "16", "read": "16"}
    (setting,) = (await configuration.read(["current_a"])).settings
    assert (setting.value, setting.takes) == ("16", "6 to 32 A")


@pytest.mark.parametrize(
    ("name", "value"),
    [("diode_check", "off"), ("most_current_a", "16"), ("energy_total_wh", "0"), ("ground_check", "off")],
)
async def test_what_is_dangerous_wants_force(name: str, value: str) -> None:
    wire = Wire()
    with pytest.raises(CallRefusedError, match="--force"):
        await RapiSettings(wire).write(name, value)
    with pytest.raises(DangerousError) as caught:
        RapiSettings(wire).check(name, value)
    assert caught.value.danger in str(caught.value) and "force" not in caught.value.danger
    assert wire.asked == []
    assert (await RapiSettings(wire).write(name, value, force=True)).verdict is Verdict.PROVED


async def test_names_that_nobody_knows() -> None:
    with pytest.raises(UnknownSettingError, match="there are: current_a"):
        await RapiSettings(Wire()).read(["nonsense"])
    with pytest.raises(CallRefusedError, match="there are: current_a"):
        await RapiSettings(Wire()).write("nonsense", "1")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("current_a", "x"),
        ("current_a", "5"),
        ("current_a", "300"),
        ("current_a", "16.5"),
        ("current_a", "-16"),
        ("current_a", ""),
        ("service_level", "A"),
        ("diode_check", "maybe"),
        ("time_limit_min", "20"),
        ("timer", "25:00-06:00"),
        ("heartbeat", "60"),
        ("clock", "yesterday"),
        ("clock", "1999-12-31 23:59:59"),
    ],
)
def test_what_it_would_misunderstand_never_goes_out(name: str, value: str) -> None:
    with pytest.raises(CallRefusedError, match=f"is not allowed for {name}"):
        frame(entry(name), value)


@given(one=st.sampled_from(ENTRIES), value=st.text() | st.integers().map(str) | st.from_regex(r"[0-9: .-]{1,20}"))
def test_any_text_is_a_whole_command_or_refused(one: Entry, value: str) -> None:
    try:
        made = frame(one, value)
    except CallRefusedError:
        return
    assert all(word.isascii() and word.isalnum() for word in made.arguments)
    assert len(encode(made._replace(sequence="FF"))) <= 32


@given(one=st.sampled_from(ENTRIES), words=st.lists(st.text(max_size=12), max_size=8))
def test_any_answer_is_a_value_or_none(one: Entry, words: list[str]) -> None:
    value = told(one, words)
    assert value is None or value.isprintable()


@given(st.sampled_from(ENTRIES), st.text(max_size=12))
def test_a_check_allows_what_a_command_can_be_made_of(one: Entry, value: str) -> None:
    wire = Wire()
    try:
        made: Frame | None = frame(one, value)
    except CallRefusedError:
        made = None
    try:
        RapiSettings(wire).check(one.name, value)
    except DangerousError:
        assert made is not None
    except CallRefusedError:
        assert made is None
    else:
        assert made is not None
    assert wire.asked == []


async def test_a_choice_is_told_with_all_that_it_takes() -> None:
    for one in (await RapiSettings(Wire()).read()).settings:
        assert bool(one.choices) is (one.type in ("choice", "switch"))
        for choice in one.choices:
            assert choice.value in (one.takes or "")
        assert not one.choices or one.value in [choice.shown for choice in one.choices]
