"""Settings of a console: read from its dump, written as the profile allows, proved by what it shows. Pure.

SmartEVSE saves its settings also where it refuses a value, so an answer proves nothing in either direction.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.raw import unanswered
from techtool.serviceport.profiles.codec import RefusedError
from techtool.serviceport.profiles.common import DANGEROUS
from techtool.serviceport.profiles.console import ConsoleProfile, Setting
from techtool.serviceport.profiles.lines import Row, filled, lines_of, range_words, row_in, shows, value_in
from techtool.serviceport.profiles.patterns import Pattern
from techtool.station.judging import judge_write
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, Verdict
from techtool.text import safe

HOW = """get '["KEY"]', or set '["KEY", "VALUE"]'"""


class Get(NamedTuple):
    """Read one setting, or all of them."""

    command: Command
    key: str | None


class Set(NamedTuple):
    """Write one setting."""

    setting: Setting
    value: str
    command: Command
    back: Command | None
    """Shows what it is now; None where nothing does."""


def wish(action: str, payload: Any, profile: ConsoleProfile, *, force: bool) -> Get | Set | None:
    """What ``get`` and ``set`` with a list mean; None where it is a line to be typed.

    Raises :class:`CallRefusedError` for what the profile does not allow; ``force`` lets through what is dangerous,
    never what a device may misunderstand.
    """
    if payload == {}:
        return None
    name = action.lower()
    parts = payload if isinstance(payload, list) else []
    if name not in ("get", "set") or not all(isinstance(one, str | int | float) for one in parts):
        raise CallRefusedError(f"A line is typed as it stands, without a payload; settings are {HOW}.")
    words = [str(one) for one in parts if not isinstance(one, bool)]
    if name == "get" and len(words) == len(parts) <= 1:
        return _get(profile, words)
    if name == "set" and len(words) == len(parts) == 2:
        return _set(profile, *words, force=force)
    raise CallRefusedError(f"{name} takes a list: {HOW}.")


def rows(profile: ConsoleProfile, answer: Sequence[str]) -> list[Row]:
    """The settings in the lines of a dump."""
    return [row for row in (row_in(profile, line) for line in answer) if row is not None]


def judge_get(get: Get, ended: Ended, profile: ConsoleProfile, records: tuple[int, ...]) -> Outcome:
    """What the settings are."""
    if ended.ending is not Ending.ANSWERED:
        return _not_read(ended, records)
    found = {safe(row.key, 60): safe(row.value, 200) for row in rows(profile, ended.answer)}
    if get.key is None:
        return Outcome(Verdict.PROVED, f"It showed {len(found)} settings.", found, records)
    if get.key not in found:
        text = f"It does not show {safe(get.key, 60)}: perhaps it makes no sense as the rest is set."
        return Outcome(Verdict.REFUSED, text, None, records)
    return Outcome(Verdict.PROVED, f"{get.key} is {found[get.key]}.", {get.key: found[get.key]}, records)


def judge_set(
    wanted: Set, ended: Ended, back: Ended | None, profile: ConsoleProfile, records: tuple[int, ...]
) -> Outcome:
    """What came of a write, by what the device shows afterwards."""
    key, given = wanted.setting.key, wanted.value
    shown = _shown(wanted, back, profile)
    result = {"written": given, "read": safe(shown, 200) if shown is not None else None}
    said = safe(ended.answer[-1], 200) if ended.answer else "without a word"
    if ended.ending is Ending.NOT_ASKED:
        text = f"{key} was not written: the device did not ask for a value ({said})."
        return Outcome(Verdict.REFUSED, text, result, records)
    is_set = shown is not None and shows(wanted.setting, given, shown)
    if ended.ending in (Ending.ANSWERED, Ending.REFUSED):
        refused = said if ended.ending is Ending.REFUSED else None
        return judge_write(key, given, refused=refused, shown=result["read"], is_set=is_set, records=records)
    if is_set:
        return Outcome(Verdict.PROVED, f"{key} reads as {shown}, though its writing had no end.", result, records)
    if shown is None:
        return Outcome(Verdict.UNANSWERED, unanswered(ended, f"{key} = {given}"), None, records)
    text = f"{unanswered(ended, f'{key} = {given}')} It reads as {result['read']} now."
    return Outcome(Verdict.CONTRADICTED, text, result, records)


def _shown(wanted: Set, back: Ended | None, profile: ConsoleProfile) -> str | None:
    if back is None or back.ending is not Ending.ANSWERED or profile.write is None:
        return None
    if (verify := profile.write.verify) is None:
        return next((row.value for row in rows(profile, back.answer) if row.key == wanted.setting.key), None)
    told = [value_in(verify, line, profile.habits) for line in back.answer]
    return next((str(one) for one in told if one is not None), None)


def _get(profile: ConsoleProfile, words: list[str]) -> Get:
    if profile.dump is None:
        raise CallRefusedError(f"{profile.name}: nothing is known that shows its settings.")
    data = profile.dump.send.encode(profile.habits.encoding, "replace")
    pattern = Pattern(re.escape(words[0])) if words else profile.dump.row
    return Get(Command((data,), True, (pattern,)), words[0] if words else None)


def _set(profile: ConsoleProfile, key: str, value: str, *, force: bool) -> Set:
    try:
        lines = lines_of(profile, key, value)
        back = _back(profile, key)
    except RefusedError as error:
        raise CallRefusedError(str(error)) from None
    setting = next(one for one in profile.settings if one.key == key)
    if setting.risk in DANGEROUS and not force:
        what = setting.basis.note or f"it takes {range_words(setting)}, and a wrong value may be dangerous"
        danger = what.rstrip(".")
        raise DangerousError(f"{key} is of risk {setting.risk}: {danger}. --force writes it.", danger)
    return Set(setting, value.strip(), Command(lines), back)


def _back(profile: ConsoleProfile, key: str) -> Command | None:
    write, habits = profile.write, profile.habits
    if write is not None and write.verify_by_dump and profile.dump is not None:
        return Command((profile.dump.send.encode(habits.encoding, "replace"),), True)
    if write is not None and write.verify is not None:
        return Command((filled(write.verify.send, habits, key=key),), True, (write.verify.pattern,))
    return None


def _not_read(ended: Ended, records: tuple[int, ...]) -> Outcome:
    if ended.ending is Ending.REFUSED:
        said = safe(ended.answer[-1], 200) if ended.answer else "without a word"
        return Outcome(Verdict.REFUSED, f"It refused to show its settings: {said}.", None, records)
    return Outcome(Verdict.UNANSWERED, unanswered(ended, "its settings"), None, records)
