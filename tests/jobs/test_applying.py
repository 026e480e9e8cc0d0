from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.jobs.applying import Fate, Step, carry_out, plan, verdict_of
from techtool.jobs.comparing import differences
from techtool.jobs.configuration import OcppConfiguration
from techtool.jobs.saved import Saved, parse, saved, text_of
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, UnfitError, Verdict
from techtool.station.settings import Listed, Setting
from tests.jobs.chargers import Answer, Played
from tests.jobs.test_saved import AT, STATION

NOW = Listed(
    (
        Setting("A", "1"),
        Setting("B", "x", readonly=True),
        Setting("C", "1"),
        Setting("D", None, writeonly=True),
        Setting("E", "1"),
    )
)


def of(**settings: str) -> Saved:
    return Saved({}, None, settings, {})


def same(name: str, one: str, other: str) -> bool:
    return one == other


def check(name: str, value: str) -> None:
    if value == "bad":
        raise UnfitError(f"{name} is bad.")
    if value == "dire":
        raise DangerousError("text", "somebody depends on it")


def fates(**settings: str) -> list[tuple[str, Fate]]:
    return [(one.name, one.fate) for one in plan(of(**settings), NOW, check, same)]


def test_each_setting_has_its_fate() -> None:
    assert fates(a="1", B="y", C="2", D="s", E="bad", F="1") == [
        ("A", Fate.SAME),
        ("B", Fate.READONLY),
        ("C", Fate.SEND),
        ("D", Fate.SEND),
        ("E", Fate.UNFIT),
        ("F", Fate.MISSING),
    ]
    (one,) = plan(of(C="dire"), NOW, check, same)
    assert (one.fate, one.why) == (Fate.DANGEROUS, "Somebody depends on it.")


async def sent(
    force: bool = False, *, verdict: Verdict = Verdict.PROVED, **settings: str
) -> tuple[list[Step], list[str]]:
    went, told = list[str](), list[Step]()

    async def write(name: str, value: str, insist: bool) -> Outcome:
        went.append(f"{name}={value}{'!' if insist else ''}")
        return Outcome(verdict, "text")

    steps = await carry_out(plan(of(**settings), NOW, check, same), write, told.append, force=force)
    assert [one for one in steps if one.outcome is not None] == told
    return steps, went


async def test_only_what_differs_goes_out_and_what_is_dangerous_only_if_somebody_insists() -> None:
    steps, went = await sent(A="1", C="2", D="s", E="dire")
    assert went == ["C=2", "D=s"] and verdict_of(steps) is Verdict.CONTRADICTED, "E is not as in the file"
    steps, went = await sent(force=True, A="1", C="2", E="dire")
    assert went == ["C=2", "E=dire!"] and verdict_of(steps) is Verdict.PROVED


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_what_came_of_all_of_it(verdict: Verdict) -> None:
    steps, went = await sent(verdict=verdict, C="2", D="s")
    wanted = Verdict.CONTRADICTED if verdict is Verdict.REFUSED else verdict
    assert verdict_of(steps) is wanted
    assert len(went) == (1 if verdict is Verdict.UNANSWERED else 2), "after a silence nothing more is sent"


def test_where_all_is_as_wanted_that_is_proved() -> None:
    assert verdict_of(plan(of(A="1"), NOW, check, same)) is Verdict.PROVED


VALUES = st.dictionaries(
    st.sampled_from([f"Own{n}" for n in range(8)]), st.text("abc019,. ", max_size=6), min_size=1
)


@given(VALUES, VALUES, st.sampled_from(["keeps", "refuses", "lies"]))
def test_saved_changed_and_applied_is_as_saved_or_every_difference_is_told(
    found: dict[str, str], edits: dict[str, str], manner: str
) -> None:
    values, behaves = dict(found), True

    def answer(action: str, payload: dict[str, object]) -> Answer:
        if action == "ChangeConfiguration":
            key, value = str(payload["key"]), str(payload["value"])
            if manner == "refuses" and not behaves:
                return {"status": "Rejected"}
            values[key] = value if behaves or manner == "keeps" else f"{value}?"
            return {"status": "Accepted"}
        names = payload.get("key") or list(values)
        assert isinstance(names, list)
        rows = [{"key": one, "readonly": False, "value": values[one]} for one in names if one in values]
        return {"configurationKey": rows, "unknownKey": [one for one in names if one not in values]}

    async def all_of_it() -> None:
        nonlocal behaves
        able = OcppConfiguration(Played("ocpp1.6", answer))
        kept = parse(text_of(saved(STATION, await able.read(), AT)))
        for name in edits.keys() & found.keys():
            await able.write(name, edits[name])
        behaves = False

        async def write(name: str, value: str, insist: bool) -> Outcome:
            return await able.write(name, value, force=insist)

        steps = await carry_out(plan(kept, await able.read(), able.check, same), write, lambda step: None)
        left = differences(kept, saved(STATION, await able.read(), AT), same)
        if manner == "keeps":
            assert values == found and left == [] and verdict_of(steps) is Verdict.PROVED
        else:
            assert {one.name for one in left} == {one.name for one in steps if not one.achieved}
            assert (verdict_of(steps) is Verdict.PROVED) is (not left)

    asyncio.run(all_of_it())


def test_what_may_not_go_out_at_all_is_unfit() -> None:
    def never(name: str, value: str) -> None:
        raise CallRefusedError("Not over this wire.")

    (one,) = plan(of(C="2"), NOW, never, same)
    assert (one.fate, one.why) == (Fate.UNFIT, "Not over this wire.")


def test_what_was_not_told_is_not_missing() -> None:
    now = Listed((Setting("A", "1"),), unknown=("C",), silent=("B",))
    steps = plan(of(A="1", B="2", C="3"), now, check, same)
    assert [one.fate for one in steps] == [Fate.SAME, Fate.UNTOLD, Fate.MISSING]
    assert verdict_of(steps) is Verdict.UNANSWERED


def test_names_that_differ_only_in_capitals() -> None:
    now = Listed((Setting("Beat", "300"), Setting("beat", "301", readonly=True)))
    assert [one.fate for one in plan(of(Beat="300"), now, check, same)] == [Fate.SAME]
    (one, other) = plan(of(A="2", a="3"), NOW, check, same)
    assert (one.fate, other.fate, other.why) == (Fate.SEND, Fate.UNFIT, "It is A once more.")
