"""The lines of the Firmware page: what would be sent, by which way, what speaks against it, how it goes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from rich.cells import cell_len

from techtool.image_file import ReadFile
from techtool.station.firmware import Examined, Known, Way, sent_by
from techtool.station.model import Station
from techtool.text import safe

from .push import Push
from .widgets.lines import cut, join, minutes, size, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line, sentence

HEAD = 13
"""Columns before what a line says."""
BAR = 24
LEAST_BAR = 10
UNPLUG = "Do not unplug, and do not cut the power. Closing techtool stops it."


class Do(Enum):
    """What the cursor is on."""

    FILE = "the file"
    BY = "how it is sent"
    START = "what is typed before"
    SEND = "send it"


class Check(NamedTuple):
    """Something to be looked at before."""

    state: str
    """As :class:`Look` words it."""
    name: str
    text: str


class Plan(NamedTuple):
    """What would be sent."""

    where: str
    """Who gets it."""
    runs: str | None
    """The firmware that it says it has."""
    known: Known
    way: Way
    file: ReadFile | None = None
    examined: Examined | None = None
    """None while it is looked at, or where it may not go out."""
    refused: str | None = None
    """Why it may not go out."""
    reading: str | None = None
    """The file that is read now."""


def expected_s(plan: Plan) -> float | None:
    """At best, at this speed."""
    rate = plan.known.bytes_per_s
    return len(plan.file.data) / rate if plan.file is not None and rate else None


def energy(station: Station | None) -> str | None:
    """Who is charged now, in words; None where nobody is."""
    if station is None:
        return None
    for evse in station.evses.values():
        if evse.transaction is not None:
            return f"transaction {safe(evse.transaction.id, 20)} runs on EVSE {evse.id}"
        if any(one.status == "Charging" for one in evse.connectors.values()):
            return f"a car is charging at EVSE {evse.id}"
    return None


def checks(plan: Plan, station: Station | None, blind: str | None, port: str | None) -> list[Check]:
    """What speaks for it and against it.

    ``blind`` is why this link knows nothing of charging, ``port`` why it is not open.
    """
    found = []
    if plan.refused is not None:
        found.append(Check("fault", "file", safe(plan.refused)))
    elif plan.file is not None and plan.examined is not None:
        told = f", {safe(plan.examined.words)}" if plan.examined.words else ""
        count = len(plan.file.data)
        found.append(Check("ok", "file", f"{count:,} {'byte' if count == 1 else 'bytes'}, read whole{told}"))
        if plan.examined.doubt:
            found.append(Check("warn", "doubt", safe(plan.examined.doubt)))
    charging = energy(station)
    if charging is not None:
        found.append(Check("fault", "idle", charging))
    elif blind is not None or station is None:
        found.append(Check("warn", "idle", "not known here: look whether a car charges"))
    else:
        found.append(Check("ok", "idle", "no transaction is running"))
    if port is not None:
        found.append(Check("fault", "link", safe(port)))
    elif station is None:
        found.append(Check("warn", "link", "nobody has answered yet: is it ready for a file?"))
    if (seconds := expected_s(plan)) is not None:
        found.append(Check("ok", "time", f"{minutes(max(1, seconds))} at best, at this speed"))
    return found


def plan_lines(plan: Plan, found: Sequence[Check], look: Look, width: int) -> list[Line]:
    """What would be sent."""
    lines = [*_top(plan.runs, look, width), *_file(plan, look, width, choose=True)]
    lines += _way(plan.known, plan.way, width, choose=True)
    lines.append(line(""))
    if plan.file is None and plan.refused is None:
        return lines
    for one in found:
        first, *more = wrap(one.text, width - HEAD - 2)
        lines.append(line(join(" ", look.word(one.state), f" {one.name:<8} {first}")))
        lines += [line(" " * HEAD + part) for part in more]
    lines.append(line(""))
    if plan.file is not None and plan.examined is not None:
        text = cut(f"   Send {safe(plan.file.name)} to {safe(plan.where, 24)} ...", width - 1)
        lines.append(line(text, Do.SEND, start=2, end=cell_len(text) + 1))
    return lines


def push_lines(push: Push, plan: Plan, port: str | None, look: Look, width: int) -> list[Line]:
    """How far it is, or how it ended."""
    lines = [*_top(plan.runs, look, width), *_file(plan, look, width, choose=False)]
    known = push.known if push.outcome is None else plan.known  # where it went, something else is now
    lines += [*_way(known, push.way, width, choose=False), line("")]
    lines += [_stage("ok", "Started", look.clock(push.began), "", look), *_sending(push, look, width)]
    lines.append(_stage("ok" if push.all_sent else "none", "All sent", look.clock(push.all_sent), "", look))
    if push.outcome is None:
        lines += [_stage("none", "Ended", "--", "", look), line("")]
        if port is not None:
            lines += [line(join(" ", look.word("warn"), f" {one}")) for one in wrap(safe(port), width - 5)]
        return [*lines, *sentence("It is told to give up." if push.stopping else UNPLUG, width)]
    lines.append(_stage(push.state, "Ended", look.clock(push.ended), push.word, look))
    lines += [line(" " * HEAD + one) for one in wrap(safe(push.outcome.text), width - HEAD - 1)]
    again = cut(f"   Send {safe(push.image.name)} again ...", width - 1)
    other = "   Choose another file ..."
    return [
        *lines,
        line(""),
        line(again, Do.SEND, start=2, end=cell_len(again) + 1),
        line(other, Do.FILE, start=2, end=len(other) + 1),
    ]


def asked(plan: Plan, charging: str | None) -> str:
    """What is said before it is sent."""
    assert plan.file is not None
    seconds = expected_s(plan)
    time = f" It takes {minutes(max(1, seconds))} at best." if seconds is not None else ""
    careful = f" Careful: {charging}." if charging is not None else ""
    what = f"{safe(plan.file.name, 60)}, {size(len(plan.file.data))}, to {safe(plan.where, 30)}.{careful}{time}"
    rest = f"Do not unplug, and do not cut the power.\nIf it is broken off: {safe(plan.known.broken_off)}"
    return f"{what} {rest}"


def _top(runs: str | None, look: Look, width: int) -> list[Line]:
    now = f"now {safe(runs, 40)}" if runs else "which version runs now is not known"
    return [line(join((" 5 Firmware", look.ink.head), f"   {cut(now, width - HEAD - 1)}")), line("")]


def _file(plan: Plan, look: Look, width: int, *, choose: bool) -> list[Line]:
    key, file = Do.FILE if choose else None, plan.file
    if plan.reading is not None:
        return _told("File", f"{safe(plan.reading, 60)} is read ...", width, None)
    if file is None:
        return _told("File", "none yet: Enter shows what there is", width, key)
    when = f"{size(len(file.data))}   {file.modified.astimezone(look.zone):%Y-%m-%d %H:%M}"
    name = cut(safe(file.name), max(12, width - HEAD - len(when) - 5))
    digest = file.sha256 if width >= HEAD + 80 else f"{file.sha256[:24]}..{file.sha256[-8:]}"
    return [
        *_told("File", f"{name}   {when}", width, key),
        line(join(" " * HEAD, f"sha256 {digest}", ("   y copies it", look.ink.muted))),
    ]


def _way(known: Known, way: Way, width: int, *, choose: bool) -> list[Line]:
    lines = _told("Sent by", safe(sent_by(known, way)), width, Do.BY if choose and known.by else None)
    start = way.start if way.start is not None else known.start
    if start is not None:
        lines += _told("Start", f'typed before: "{safe(start, 40)}"', width, Do.START if choose else None)
    elif known.takes_start and choose:
        words = "nothing is typed: start it yourself, or Enter to say what does"
        lines += _told("Start", words, width, Do.START)
    return lines


def _told(name: str, words: str, width: int, key: Do | None) -> list[Line]:
    first, *more = wrap(words, width - HEAD - 1)
    return [
        line(f"   {name:<10}{first}", key, start=2, end=width - 1),
        *(line(" " * HEAD + part) for part in more),
    ]


def _sending(push: Push, look: Look, width: int) -> list[Line]:
    step, running = push.so_far, push.outcome is None
    state = "wait" if running else "fault"
    if not step.sent:
        waits = "nothing is acknowledged yet" if running else "nothing was acknowledged"
        return [_stage(state, "Sending", look.clock(push.sending), waits, look)]
    left = f"   {minutes(step.left_s)} left" if step.left_s is not None and running else ""
    room = max(LEAST_BAR, min(2 * BAR, width - HEAD - 38))
    full = step.sent * room // max(1, step.total)
    bar = f"[{'#' * full}{'.' * (room - full)}]"
    rate = f"   {size(push.bytes_per_s)}/s" if push.bytes_per_s and running else ""
    return [
        _stage(
            "ok" if push.all_sent else state,
            "Sending",
            look.clock(push.sending),
            f"{bar} {push.percent:>3} %{left}",
            look,
        ),
        line(" " * (HEAD + 11) + f"{step.sent:,} of {step.total:,} bytes acknowledged{rate}"),
    ]


def _stage(state: str, name: str, at: str, words: str, look: Look) -> Line:
    return line(join(" ", look.word(state), f" {name:<9}{at:<10} {words}"))
