"""Settings of boxes with registers: every profile that is shipped, against its simulated twin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.modbus.configuration import Registers
from techtool.serviceport.modbus.registers import change
from techtool.serviceport.profiles.common import DANGEROUS
from techtool.serviceport.profiles.registers import Space
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, Verdict
from techtool.station.settings import UnknownSettingError
from tests.serviceport.modbus.boxes import SHIPPED, profile_of
from tests.serviceport.modbus.direct import Wire

WITH_SETTINGS = [name for name in SHIPPED if profile_of(name).settings]


def configuration(wire: Wire) -> Registers:
    return Registers(wire, wire.profile)


async def write(wire: Wire, name: str, value: str, *, force: bool = True) -> Outcome:
    return await configuration(wire).write(name, value, force=force)


@pytest.mark.parametrize("name", WITH_SETTINGS)
async def test_every_setting_is_listed_with_what_it_takes(name: str) -> None:
    wire = Wire(name)
    listed = await configuration(wire).read()
    assert [one.name for one in listed.settings] == [one.name for one in wire.profile.settings]
    assert (listed.unknown, listed.silent) == ((), ())
    for one, known in zip(listed.settings, wire.profile.settings, strict=True):
        assert (one.value is None) is known.write_only and one.readonly is known.read_only
        assert one.readonly or one.takes


async def test_a_limit_is_written_and_proved() -> None:
    wire = Wire()
    outcome = await write(wire, "max_current", "12.5 A")
    assert (outcome.verdict, outcome.result) == (Verdict.PROVED, {"written": "12.5", "read": "12.5"})
    assert outcome.text == "max_current = 12.5 was taken, and reads as 12.5."
    (now,) = (await configuration(wire).read(["max_current"])).settings
    assert (now.value, now.unit, now.type) == ("12.5", "A", "number")


async def test_what_only_shows_elsewhere_is_proved_there() -> None:
    outcome = await write(Wire("abb-terra-ac"), "max_current", "10")
    assert outcome.verdict is Verdict.PROVED and outcome.result["read"] == "10.000"


async def test_what_nothing_shows_is_accepted() -> None:
    outcome = await write(Wire("abb-terra-ac"), "session", "stop")
    assert outcome.verdict is Verdict.ACCEPTED and outcome.result == {"written": "stop", "read": None}


async def test_a_box_that_keeps_its_own_mind_is_contradicted(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    monkeypatch.setattr(wire.box.memory, "write", lambda space, address, words: True)
    outcome = await write(wire, "max_current", "12")
    assert outcome.verdict is Verdict.CONTRADICTED and "but reads as" in outcome.text


async def test_a_refusal_tells_what_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    monkeypatch.setattr(wire.box.memory, "write", lambda space, address, words: False)
    outcome = await write(wire, "max_current", "12")
    assert outcome.verdict is Verdict.REFUSED and "It reads as" in outcome.text


async def test_silence() -> None:
    wire = Wire()
    wire.lost.add((Space.HOLDING, 261))
    assert (await write(wire, "max_current", "12")).verdict is Verdict.UNANSWERED
    assert (await configuration(wire).read(["max_current"])).silent == ("max_current",)


async def test_a_register_that_is_not_there_spoils_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    whole = [one.name for one in (await configuration(wire).read()).settings]
    assert len(wire.asked) < len(whole), "they are read together"
    kept = wire.box.memory.get

    def get(space: Space, address: int, count: int) -> list[int] | None:
        return None if space is Space.HOLDING and address <= 258 < address + count else kept(space, address, count)

    monkeypatch.setattr(wire.box.memory, "get", get)
    listed = await configuration(wire).read()
    assert listed.unknown == ("standby",) and len(listed.settings) == len(whole) - 1


async def test_what_is_dangerous_wants_force() -> None:
    wire = Wire("abb-terra-ac")
    with pytest.raises(CallRefusedError, match=r"max_current is of risk safety.*--force writes it"):
        await write(wire, "max_current", "10", force=False)
    with pytest.raises(DangerousError, match=r"max_current is of risk safety"):
        configuration(wire).check("max_current", "10")
    assert wire.asked == []


@pytest.mark.parametrize("name", WITH_SETTINGS)
async def test_each_choice_may_be_written_as_it_is_told(name: str) -> None:
    wire = Wire(name)
    for one in (await configuration(wire).read()).settings:
        assert bool(one.choices) is (one.type in ("choice", "switch"))
        for choice in one.choices:
            wanted = change(wire.profile, one.name, choice.value, force=True)
            assert wanted.words == choice.shown


async def test_names_that_nobody_knows() -> None:
    with pytest.raises(UnknownSettingError, match="is no setting of Heidelberg"):
        await configuration(Wire()).read(["colour"])
    with pytest.raises(CallRefusedError, match="is no setting of Heidelberg"):
        await write(Wire(), "colour", "red")


@given(
    name=st.sampled_from(WITH_SETTINGS),
    data=st.data(),
    value=st.text(max_size=20) | st.integers().map(str) | st.floats().map(str),
    force=st.booleans(),
)
def test_silly_values_are_refused_before_the_wire(name: str, data: st.DataObject, value: str, force: bool) -> None:
    profile = profile_of(name)
    one = data.draw(st.sampled_from(profile.settings))
    try:
        made = change(profile, one.name, value, force=force)
    except CallRefusedError as error:
        assert str(error).endswith(".")
        return
    assert force or one.risk not in DANGEROUS
    assert not one.read_only and made.ask.writes and len(made.ask.values) == one.register.size
    if one.choices:
        assert made.words in one.choices.values()
