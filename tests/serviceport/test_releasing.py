"""A release test over any wire, with a charger of few words: what is judged how, and that it is put back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from techtool.serviceport import releasing
from techtool.serviceport.finishing import to_its_end
from techtool.serviceport.port import LinkLost
from techtool.serviceport.releasing import Patience, Sight
from techtool.station.outcomes import DangerousError, Outcome, Verdict
from techtool.station.release import PROVES, Report, Step, ahead

AT_ONCE = Patience(shown=0.0, charging=0.0, back=5.0, between=0.0)
PROVED, REFUSED, UNANSWERED = Verdict.PROVED, Verdict.REFUSED, Verdict.UNANSWERED


class Fake:
    """A charger with one switch; a test puts ``on`` what happens at a look or a move."""

    name, blocked, released, note = "switch", "off", "on", "It is a fake."

    def __init__(self, *, on: bool = True, car: bool | None = None, **shows: Any) -> None:
        self.open, self.car, self.shows = on, car, shows
        self.done: list[str] = []
        self.answers = Outcome(Verdict.ACCEPTED, "It was taken.")
        self.stays = False
        self.happens: Callable[[str], None] = lambda name: None

    async def look(self) -> Sight | Outcome:
        await self._do("look")
        offered = self.open if self.car else None
        told = {"released": self.open, "offered": offered, "charging": bool(self.car) and self.open, **self.shows}
        return Sight("on" if self.open else "off", (int(self.open),), car=self.car, **told)

    async def move(self, *, released: bool) -> Outcome:
        await self._do("on" if released else "off")
        self.open = self.open if self.stays else released
        return self.answers

    async def put_back(self, found: Sight) -> Outcome:
        await self._do("back")
        self.open = bool(found.raw[0])
        return self.answers

    def is_as(self, found: Sight, now: Sight) -> bool | None:
        return found.raw == now.raw

    def home(self, found: Sight) -> str:
        return f"as found: {found.words}"

    def by_hand(self, found: Sight) -> str:
        return f"turn it {found.words}."

    async def _do(self, name: str) -> None:
        self.happens(name)
        self.done.append(name)
        await asyncio.sleep(0)


async def run(fake: Fake, *, force: bool = False, patience: Patience = AT_ONCE, **more: Any) -> Report:
    told: Callable[[Report], None] = more.get("told", lambda report: None)
    return await releasing.run([fake], force=force, told=told, patience=patience)


def verdicts(report: Report) -> dict[str, Verdict | None]:
    return {step.name: step.verdict for step in report.steps}


@pytest.mark.parametrize("on", [True, False])
async def test_what_shows_its_effect_is_proved_and_put_back(on: bool) -> None:
    fake = Fake(on=on, car=False)
    report = await run(fake)
    assert verdicts(report) == {
        "found": PROVED, "block": PROVED, "release": PROVED, "charge": None, "put back": PROVED,
    }  # fmt: skip
    assert (report.verdict, report.restored, fake.open) == (PROVED, True, on)
    assert "no car is plugged in" in report.text and "It is a fake." in report.text
    assert fake.done.count("back") == (not on), "what is as it was is not written again"
    assert report.document["proves"] == PROVES
    charge = report.document["steps"][3]
    assert charge["verdict"] == "not applicable" and "passed" not in str(charge)


@pytest.mark.parametrize(
    ("shows", "verdict", "words"),
    [
        ({"charging": True}, PROVED, "it charges"),
        ({"charging": False, "offered": True}, PROVED, "it is offered, and the car takes nothing"),
        ({"charging": False, "offered": None}, Verdict.ACCEPTED, "this wire does not tell"),
        ({"charging": True, "settled": False}, Verdict.CONTRADICTED, "gets no mains"),
        ({"charging": False, "offered": False}, Verdict.CONTRADICTED, "a car is there, and may not charge"),
    ],
)
async def test_a_car_is_to_charge_or_to_be_offered_it(shows: dict[str, Any], verdict: Verdict, words: str) -> None:
    fake = Fake(on=False, car=True)

    def happens(name: str) -> None:
        fake.shows = shows if name == "look" and fake.open and fake.done[-2:] == ["on", "look"] else {}

    fake.happens = happens
    report = await run(fake)
    charge = next(step for step in report.steps if step.name == "charge")
    assert charge.verdict is verdict and words in charge.seen
    assert report.verdict is verdict and report.restored and not fake.open


async def test_where_nobody_tells_of_a_car_that_is_said() -> None:
    report = await run(Fake(car=None))
    assert "this wire does not tell whether a car is there" in report.text and report.verdict is PROVED


async def test_a_charger_that_says_yes_and_stays_released_is_contradicted() -> None:
    fake = Fake()
    fake.stays = True
    report = await run(fake)
    assert verdicts(report) == {"found": PROVED, "block": Verdict.CONTRADICTED, "put back": PROVED}
    assert report.text.startswith("block: on; It was taken.") and report.restored


async def test_one_that_refuses_is_refused_also_where_it_shows_it() -> None:
    fake = Fake()
    fake.answers = Outcome(REFUSED, "Not now.")
    report = await run(fake, patience=Patience())  # and it is not waited for
    assert verdicts(report) == {"found": PROVED, "block": REFUSED, "put back": PROVED}


async def test_what_was_not_answered_and_shows_is_proved() -> None:
    fake = Fake()
    fake.answers = Outcome(UNANSWERED, "No answer.")
    assert (await run(fake)).verdict is PROVED


async def test_what_nothing_shows_is_only_accepted() -> None:
    report = await run(Fake(released=None, offered=None))
    assert verdicts(report)["block"] is Verdict.ACCEPTED and report.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("shows", [{"charging": True}, {"lasting": "sleeps for a reason"}])
async def test_what_costs_something_wants_force(shows: dict[str, Any]) -> None:
    fake = Fake(**shows)
    with pytest.raises(DangerousError, match="--force") as caught:
        await run(fake)
    assert fake.done == ["look"] and "--force" not in caught.value.danger
    if "lasting" in shows:
        assert (await run(fake, force=True)).verdict is PROVED


async def test_in_a_fault_nothing_is_tried() -> None:
    fake = Fake(fault="no ground")
    report = await run(fake)
    assert (report.verdict, report.restored, fake.done) == (Verdict.CONTRADICTED, True, ["look"])


async def test_a_fault_that_comes_with_the_release_is_no_release() -> None:
    fake = Fake()

    def happens(name: str) -> None:
        if name == "on":
            fake.shows = {"fault": "no ground"}

    fake.happens = happens
    assert verdicts(await run(fake))["release"] is Verdict.CONTRADICTED


async def test_one_that_does_not_know_its_state_is_waited_for() -> None:
    fake = Fake(settled=False)

    def happens(name: str) -> None:
        if len(fake.done) == 2:
            fake.shows = {}

    fake.happens = happens
    assert (await run(fake, patience=AT_ONCE._replace(shown=5.0))).verdict is PROVED
    assert (await run(Fake(settled=False))).verdict is UNANSWERED


async def test_a_port_that_comes_back_is_put_back() -> None:
    fake, gone = Fake(), [3]

    def happens(name: str) -> None:
        if "off" in fake.done and gone[0]:
            gone[0] -= 1
            raise LinkLost("unplugged")

    fake.happens = happens
    report = await run(fake)
    assert verdicts(report) == {"found": PROVED, "block": UNANSWERED, "put back": PROVED}
    assert report.restored and fake.open and report.verdict is UNANSWERED


async def test_a_port_that_stays_away_is_told_with_what_to_do() -> None:
    fake = Fake()

    def happens(name: str) -> None:
        if "off" in fake.done:
            raise LinkLost("unplugged")

    fake.happens = happens
    report = await run(fake, patience=AT_ONCE._replace(back=0.01))
    assert not report.restored and report.verdict is UNANSWERED
    assert "NOT PUT BACK. By hand: turn it on." in report.text and report.document["restored"] is False


async def test_what_is_lost_before_anything_was_changed_is_raised() -> None:
    fake = Fake()

    def happens(name: str) -> None:
        raise LinkLost("unplugged")

    fake.happens = happens
    with pytest.raises(LinkLost):
        await run(fake)


@pytest.mark.parametrize("often", [1, 3])
async def test_who_gives_up_in_the_middle_leaves_it_as_it_was(often: int) -> None:
    fake, reports = Fake(), list[Report]()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(run(fake, told=reports.append))
        left = [often]

        def happens(name: str) -> None:
            if "off" in fake.done and left[0]:
                left[0] -= 1
                task.cancel()

        fake.happens = happens
    assert task.cancelled() and fake.open and fake.done[-1] == "look" and left == [0]
    assert [one.interrupted for one in reports] == [False, True, True]
    assert reports[-1].text.startswith("It was interrupted, and is as it was found.")
    assert reports[-1].restored and reports[-1].steps[-1].name == "put back"


async def test_who_cannot_be_told_leaves_it_as_it_was() -> None:
    fake = Fake()

    def told(report: Report) -> None:
        if not fake.open:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        await run(fake, told=told)
    assert fake.open


async def test_several_ways_are_named_and_what_is_not_put_back_ends_it() -> None:
    first, second = Fake(car=True, on=False), Fake(car=True)
    second.name = "other"
    report = await releasing.run([first, second], force=False, told=lambda report: None, patience=AT_ONCE)
    assert [step.name for step in report.steps][:2] == ["switch: found", "switch: block"]
    assert report.steps[5].name == "other: found" and report.verdict is PROVED and len(report.steps) == 10

    def happens(name: str) -> None:
        if first.done.count("off") > 1:
            raise LinkLost("unplugged")

    first.happens = happens
    report = await releasing.run(
        [first, second], force=True, told=lambda report: None, patience=AT_ONCE._replace(back=0.01)
    )
    assert not report.restored and not any(step.name.startswith("other") for step in report.steps)


@pytest.mark.parametrize("goes", ["well", "refused", "faulty", "lost", "interrupted"])
async def test_what_is_still_to_come_is_known(goes: str) -> None:
    first, second = Fake(car=False), Fake(car=False, fault="no ground" if goes == "faulty" else None)
    second.name = "other"
    ways = [releasing.way_of(one) for one in (first, second)]
    expected: list[str] = []
    told: list[Report] = []

    def hear(report: Report) -> None:
        if len(report.steps) > len(told):
            assert report.steps[-1].name == expected[0], report
        told[:] = [report] * len(report.steps)
        expected[:] = [f"{way.name}: {name}" for way in ways for name in ahead(report, way, ways)]
        if goes == "interrupted" and len(told) == 7:
            task.cancel()

    def happens(name: str) -> None:
        if goes == "lost" and second.done.count("off"):
            raise LinkLost("unplugged")

    first.answers = Outcome(REFUSED, "Not now.") if goes == "refused" else first.answers
    second.happens = happens
    expected[:] = [f"{way.name}: {name}" for way in ways for name in ahead(Report(), way, ways)]
    assert len(expected) == 10
    patience = AT_ONCE._replace(back=0.01 if goes == "lost" else 5.0)
    async with asyncio.TaskGroup() as group:
        run = releasing.run([first, second], force=False, told=hear, patience=patience)
        task = group.create_task(run)
    assert not expected and len(told) == {"well": 10, "refused": 8, "faulty": 6, "lost": 8, "interrupted": 8}[goes]


async def test_work_comes_to_its_end_and_tells_what_went_wrong() -> None:
    async def fail() -> None:
        await asyncio.sleep(0)
        raise ValueError("wrong")

    with pytest.raises(ValueError, match="wrong"):
        await to_its_end(fail())


def test_a_look_alone_is_no_success() -> None:
    looked = Report((Step("found", "a state", "awake", Verdict.PROVED),))
    assert looked.text == "Nothing was tried."
