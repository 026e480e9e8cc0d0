"""Commands that are looked after: accepted is not done, refused is not undone."""

from __future__ import annotations

import pytest

from techtool.serviceport.port import LinkLost
from techtool.serviceport.rapi import commanding
from techtool.serviceport.rapi.commanding import carry_out
from techtool.serviceport.rapi.dialogue import Ended, Ending
from techtool.serviceport.rapi.frames import Frame, checksum
from techtool.serviceport.rapi.raw import evidence, judge
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, Verdict
from techtool.station.records import Direction, Kind, Record

LIMITS = "OK 6 32 32 32"


class Wire:
    """A charger that answers as it is told; None is a port that was lost."""

    def __init__(self, *answers: str | None, boots: bool = False) -> None:
        self.boots = 0
        self.asked: list[str] = []
        self._answers = list(answers)
        self._boots = boots

    async def call(self, command: Frame, within: float | None = None) -> Ended:
        self.asked.append(command.name)
        told = self._answers.pop(0)
        if told is None:
            raise LinkLost("the adapter was unplugged")
        number = len(self.asked)
        command = command._replace(sequence=f"{number:02X}")
        if not told:
            return Ended(number, command, Ending.TIMED_OUT, None, 1.0, True)
        name, *words = told.split()
        ending = Ending.ACCEPTED if name == "OK" else Ending.REFUSED
        return Ended(number, command, ending, Frame(name, tuple(words), command.sequence), 0.05, True)

    async def booted(self, boots: int, seconds: float) -> bool:
        assert boots == 0
        return self._boots


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commanding, "BETWEEN_S", 0)


async def outcome(wire: Wire, *words: str) -> Outcome:
    ended, seen = await carry_out(wire, Frame(words[0], words[1:]), None)
    return judge(ended, (), seen)


async def test_what_was_accepted_is_read_back() -> None:
    wire = Wire(LIMITS, "OK 16", "OK 16 0021")
    came = await outcome(wire, "SC", "16", "V")
    assert (came.verdict, came.result) == (Verdict.PROVED, ["16", "0021"])
    assert came.text == "$SC was accepted, and read back: $GE tells 16 0021."
    assert wire.asked == ["GC", "SC", "GE"]


@pytest.mark.parametrize("amperes", ["33", "40", "5"])
async def test_a_current_that_the_hardware_does_not_have_is_not_sent(amperes: str) -> None:
    wire = Wire(LIMITS)
    with pytest.raises(CallRefusedError, match="is not between the 6 and 32 A of its hardware"):
        await outcome(wire, "SC", amperes, "V")
    assert wire.asked == ["GC"], "a charger would take its most, and say no"


async def test_a_charger_that_does_not_say_its_limits_gets_no_current() -> None:
    wire = Wire("")
    came = await outcome(wire, "SC", "16")
    assert (came.verdict, wire.asked) == (Verdict.UNANSWERED, ["GC"]) and came.text.startswith("No answer to $GC")


@pytest.mark.parametrize("told", ["NK", "OK", "OK x y", "OK 0 0 0 0"])
async def test_a_charger_that_tells_no_limits_gets_no_current_without_force(told: str) -> None:
    wire = Wire(told)
    with pytest.raises(DangerousError, match="which currents its hardware has"):
        await outcome(wire, "SC", "40")
    assert wire.asked == ["GC"]
    ended, seen = await carry_out(Wire(told, "OK 40", "OK 40 0021"), Frame("SC", ("40",)), None, force=True)
    assert judge(ended, (), seen).verdict is Verdict.PROVED


async def test_an_effect_may_take_a_moment() -> None:
    wire = Wire("OK", "OK 03 600 03 0540", "OK fe 600 03 0540")
    assert (await outcome(wire, "FS")).verdict is Verdict.PROVED
    assert wire.asked == ["FS", "GS", "GS"]


async def test_accepted_and_something_else_is_contradicted() -> None:
    came = await outcome(Wire(LIMITS, "OK 16", *["OK 32 0021"] * 3), "SC", "16")
    assert (came.verdict, came.text) == (Verdict.CONTRADICTED, "$SC was accepted, but $GE tells 32 0021.")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("OK 32 0021", "it may have changed all the same: $GE tells 32 0021."),
        ("OK 16 0021", "it has what was wanted all the same: $GE tells 16 0021."),
    ],
)
async def test_what_was_refused_is_read_back_once(told: str, said: str) -> None:
    wire = Wire(LIMITS, "NK 32", told)
    came = await outcome(wire, "SC", "16")
    assert came.verdict is Verdict.REFUSED and came.text == f"$SC was refused ($NK); {said}"


@pytest.mark.parametrize("told", ["", None, "NK"])
async def test_what_cannot_be_read_back_is_only_accepted(told: str | None) -> None:
    assert (await outcome(Wire(LIMITS, "OK 16", told), "SC", "16")).verdict is Verdict.ACCEPTED


async def test_a_reboot_is_proved_by_the_boot_though_nobody_answers_it() -> None:
    assert (await outcome(Wire("", boots=True), "FR")).verdict is Verdict.PROVED
    came = await outcome(Wire("", boots=False), "FR")
    assert (came.verdict, came.text) == (Verdict.UNANSWERED, "It did not boot again in 12 s.")


async def test_questions_are_their_own_effect() -> None:
    wire = Wire("OK 6 32 16 32")
    assert (await outcome(wire, "GC")).verdict is Verdict.PROVED and wire.asked == ["GC"]


async def test_the_evidence_is_the_command_its_answer_and_what_showed_it() -> None:
    def record(number: int, text: str) -> Record:
        data = text.encode() + b"^%02X\r" % checksum(text.encode())
        return Record(number, 1, 1, 1, Direction.CHARGER, Kind.RAPI, data)

    wire = Wire(LIMITS, "OK 16", "OK 16 0021")
    ended, seen = await carry_out(wire, Frame("SC", ("16",)), None)
    said = ["$SC 16 :02", "$OK 16 :02", "$AT 01 01 16 0200", "$GE :03", "$OK 16 0021 :03", "$GS :04"]
    records = [record(number, text) for number, text in enumerate(said, 1)]
    assert evidence(records, ended, seen) == (1, 2, 4, 5)
    ended, seen = await carry_out(Wire("", boots=True), Frame("FR"), None)
    records = [record(1, "$FR :01"), record(2, "$AT 00 00 0 0200"), record(3, "$AB 00 8.2.3.EU")]
    assert evidence(records, ended, seen) == (1, 3)
