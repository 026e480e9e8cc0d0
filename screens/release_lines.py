"""The lines of the Test page: what a release test does and proves, how it goes, what came of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import zip_longest
from typing import NamedTuple

from rich.cells import cell_len
from rich.text import Text

from techtool.station.model import LinkState, Station
from techtool.station.release import ORDER, PROVES, Step, Way, ahead, steps_of
from techtool.text import safe

from .job import STATES
from .trial import Trial
from .widgets.lines import cut, cut_inked, fit, join, minutes, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line, sentence
from .widgets.station_lines import name_of, status_text

HEAD = 13
"""Columns before what a line says."""
WHAT = (
    "Charging is blocked, released, and put back as it was found; each time it is looked at what the charger "
    "shows. With a car plugged in it must also charge, or be offered it.",
    "No card is tested: at a service port nothing tells what a card reader would say.",
)
GOES_ON = "x stops it. However it ends, what was found is put back. Do not unplug the cable."
STOPS = "It is stopped: what was found is put back now, which takes up to 15 s. Do not unplug the cable."
FREE = "This port must be free for that command: leave it (1, then u), or quit (q)."


class Do(Enum):
    """What the cursor is on."""

    WAYS = "how it is done"
    TRY = "try it"


class StepAt(NamedTuple):
    """The cursor is on a step."""

    name: str


class Plan(NamedTuple):
    """What would be tried."""

    where: str
    """At whom."""
    ways: tuple[Way, ...]
    """All that there are."""
    chosen: str | None = None
    """The name of the one that is wanted; None is all."""
    charging: str | None = None
    """Who is charged now."""
    port: str | None = None
    """Why the port is not open."""
    danger: str | None = None
    """Why it was not begun last time."""

    @property
    def wanted(self) -> tuple[Way, ...]:
        """The ways that would be tried."""
        return tuple(way for way in self.ways if self.chosen in (None, way.name))


def head(look: Look, width: int) -> list[Line]:
    """What the page is about."""
    return [line(join((" 3 Test", look.ink.head), f"      {cut(PROVES, width - HEAD - 1)}"))]


def plan_lines(plan: Plan, station: Station | None, look: Look, width: int) -> list[Line]:
    """What would be done."""
    lines = [*head(look, width), line("")]
    for said in WHAT:
        lines += sentence(said, width)
    lines += [line(""), *_now(station, look, width), *_ways(plan, width)]
    checks = []
    if plan.port is not None:
        checks.append(("fault", safe(plan.port)))
    if plan.charging is not None:
        checks.append(("warn", f"{plan.charging}: its session would be interrupted, or end"))
    if checks:
        lines.append(line(""))
    for state, text in checks:
        first, *more = wrap(text, width - 6)
        lines.append(line(join(" ", look.word(state), f" {first}")))
        lines += [line(f"    {part}") for part in more]
    return [*lines, line(""), _try(plan, "Try it", width)]


def trial_lines(trial: Trial, plan: Plan, station: Station | None, look: Look, width: int) -> list[Line]:
    """How far it is, or what came of it."""
    lines = head(look, width)
    if (alarm := trial.alarm) is not None:
        style = look.ink.warn if trial.unsure else look.ink.alarm
        first, *more = wrap(safe(alarm), width - 6)
        word = "!" if trial.unsure else "!!"
        lines += [
            line(Text(f" {one} ", style, end="")) for one in (f"{word} {first}", *(f"   {one}" for one in more))
        ]
        lines += [*sentence(FREE, width), line("")]
    lines += [*_now(station, look, width), line(""), *_steps(trial, look, width), line("")]
    if trial.outcome is None:
        if plan.port is not None:
            lines += [line(join(" ", look.word("warn"), f" {one}")) for one in wrap(safe(plan.port), width - 6)]
        return [*lines, *sentence(STOPS if trial.stopping else GOES_ON, width)]
    text = trial.outcome.text.replace(alarm, "").strip() if alarm is not None else trial.outcome.text
    said = wrap(f"{trial.word}, {look.clock(trial.ended)}. {safe(text)}".rstrip(), width - HEAD - 1)
    lines.append(line(join(" ", look.word(trial.state), f" {'Ended':<9}{said[0]}")))
    lines += [line(" " * HEAD + one) for one in said[1:]]
    lines += [line(""), *(_ways(plan, width) if len(plan.ways) > 1 else []), _try(plan, "Try it again", width)]
    return lines


def asked(plan: Plan) -> str:
    """What is said before it begins."""
    ways = len(plan.wanted)
    often = f" That is done in {ways} ways, one after the other." if ways > 1 else ""
    careful = f" Careful: {plan.charging}. Its session is interrupted, or ends." if plan.charging else ""
    what = (
        f"Charging at {safe(plan.where, 30)} is blocked for some seconds, released, and put back as it was found."
    )
    return f"{what}{often}{careful}"


def _now(station: Station | None, look: Look, width: int) -> list[Line]:
    """The state that the charger tells."""
    lines: list[Line] = []
    if station is not None:
        standing = station.link.state is LinkState.CONNECTED
        for _, evse in sorted(station.evses.items()):
            for _, connector in sorted(evse.connectors.items()):
                word, said, age = status_text(evse, connector, look, standing=standing)
                name = "" if lines else "Now"
                told = join(f"    {name:<9}", word, f" {said}", f"   {age}   {name_of(evse)}")
                lines.append(line(cut_inked(told, width - 1)))
    return lines or [line(f"    {'Now':<9}no state was told yet")]


def _ways(plan: Plan, width: int) -> list[Line]:
    several = len(plan.ways) > 1
    lines: list[Line] = []
    if several:
        names = safe(plan.chosen, 40) if plan.chosen is not None else f"all {len(plan.ways)}, one after the other"
        lines = [line(f"    {'By':<9}{names}", Do.WAYS, start=2, end=width - 1)]
    else:
        lines = [line(f"    {'By':<9}{safe(way.name, 40)}") for way in plan.ways]
    for way in plan.wanted:
        if several:
            lines.append(line(f"{' ' * HEAD}{safe(way.name, 40)}"))
        for name, told in (("Blocked", way.blocked), ("Released", way.released), ("Note", way.note)):
            parts = wrap(safe(told), width - HEAD - 1) if told else []
            lines += [line(f"    {'' if place else name:<9}{part}") for place, part in enumerate(parts)]
    return lines


def _try(plan: Plan, words: str, width: int) -> Line:
    text = cut(f"    {words} at {safe(plan.where, 24)} ...", width - 1)
    return line(text, Do.TRY, start=3, end=cell_len(text) + 1)


def _steps(trial: Trial, look: Look, width: int) -> list[Line]:
    room = width - HEAD - 1
    columns = room * 9 // 20, room - room * 9 // 20 - 2
    lines = [line(Text(f"    {'step':<9}{'expected':<{columns[0]}}  seen", look.ink.muted, end=""))]
    for way in trial.ways:
        if len(trial.ways) > 1:
            lines.append(line(Text(f"    {safe(way.name, 40)}", look.ink.head, end="")))
        done, left = steps_of(trial.report, way, trial.ways), ahead(trial.report, way, trial.ways)
        for name in ORDER:
            if name in done:
                lines += _step(name, done[name], columns, look, width)
            elif name in left and trial.outcome is None:
                seen = ""
                if trial.under_way == (way, name):
                    seen = f"now, {minutes((look.now - trial.stepped).total_seconds())}"
                lines += _row("wait", name, way.expected(name), seen, columns, look)
    return lines


def _step(name: str, step: Step, columns: tuple[int, int], look: Look, width: int) -> list[Line]:
    """One that was tried: it leads to its records."""
    state = "none" if step.verdict is None else STATES.get(step.verdict, "fault")
    first, *more = _row(state, name, step.expected, step.seen, columns, look)
    return [line(first.text, StepAt(step.name), start=4, end=width - 1), *more]


def _row(state: str, name: str, expected: str, seen: str, columns: tuple[int, int], look: Look) -> Sequence[Line]:
    pairs = zip_longest(wrap(safe(expected), columns[0]), wrap(safe(seen), columns[1]), fillvalue="")
    lines = []
    for place, (one, other) in enumerate(pairs):
        start = join(" ", look.word(state), f" {name:<9}") if not place else Text(" " * HEAD, end="")
        lines.append(line(join(start, f"{fit(one, columns[0])}  {other}")))
    return lines
