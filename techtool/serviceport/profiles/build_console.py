"""A console profile out of the tables of a file. Pure."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Any

from techtool.serviceport.profiles import build_common as common
from techtool.serviceport.profiles.common import Risk
from techtool.serviceport.profiles.console import (
    Ask,
    ConsoleProfile,
    Detect,
    Dump,
    Echo,
    Firmware,
    Habits,
    Kind,
    Reboot,
    Setting,
    Write,
)
from techtool.serviceport.profiles.lines import PLACES, places
from techtool.serviceport.profiles.names import INFO, STATE, STATES, STATUS
from techtool.serviceport.profiles.patterns import Pattern
from techtool.serviceport.profiles.problems import shown
from techtool.serviceport.profiles.tables import Table
from techtool.serviceport.xymodem.script import Variant

ENCODINGS = ("latin-1", "ascii", "utf-8")


def build(file: Table, head: common.Head) -> ConsoleProfile | None:
    """The profile; what is wrong is told, and the profile is not to be used then."""
    line = common.line(file)
    habits = _habits(file)
    found = file.table("detect")
    detect = _detect(found) if found is not None else None
    info, status = _asks(file, "info", INFO), _asks(file, "status", STATUS)
    config = file.table("config")
    dump, write, settings = _config(config) if config is not None else (None, None, ())
    loader = file.table("firmware")
    firmware = _firmware(loader) if loader is not None else None
    restart = file.table("reboot")
    reboot = None
    if restart is not None:
        reboot, shown_by = _reboot(restart, habits, has_detect=detect is not None)
        habits = habits._replace(boot=(*habits.boot, shown_by)) if habits and shown_by else habits
    reasons = common.cannot(file)
    file.close()
    if line is None or habits is None:
        return None
    return ConsoleProfile(
        head.id, head.name, head.transport, head.source, head.note, line, reasons,
        habits, detect, info, status, dump, write, settings, firmware, reboot,
    )  # fmt: skip


def _habits(file: Table) -> Habits | None:
    table = file.table("console", needed=True)
    if table is None:
        return None
    fallback = Habits()
    encoding = table.text("encoding")
    if encoding is not None and encoding not in ENCODINGS:
        table.say("encoding", f"encoding must be one of {', '.join(ENCODINGS)}, not {shown(encoding)}.")
    strip = table.flag("strip_ansi")
    made = Habits(
        _sent(table, "eol") or fallback.eol,
        encoding if encoding in ENCODINGS else fallback.encoding,
        strip if strip is not None else fallback.strip_ansi,
        table.choice("echo", Echo) or fallback.echo,
        table.whole("max_line", 1, 1000) or fallback.max_line,
        common.pattern(table, "prompt"),
        common.pattern(table, "input_prompt"),
        _sent(table, "cancel"),
        _patterns(table, "chatter"),
        _patterns(table, "error"),
        _patterns(table, "boot"),
    )
    table.close()
    return made


def _patterns(table: Table, key: str) -> tuple[Pattern, ...]:
    made = [common.compiled(table, key, text) for _, text in table.texts(key)]
    return tuple(one for one in made if one is not None)


def _sent(table: Table, key: str, allowed: frozenset[str] = frozenset(), *, needed: bool = False) -> str | None:
    """What is typed; a line end alone is fine, a place that nothing fills is not."""
    text: Any = table.raw(key, needed=needed)
    if text is None:
        return None
    if not isinstance(text, str) or not text or len(text) > 200:
        table.say(key, f'{key} must be what is typed, like "help\\r", not {shown(text)}.')
        return None
    for place in sorted(places(text) - allowed):
        what = " and ".join(f"{{{one}}}" for one in sorted(allowed)) or "none"
        table.say(key, f"{key} has the place {{{place[:40]}}}; here may be: {what}.")
    if "{" in re.sub(r"\{[^{}]*\}", "", text) or "}" in re.sub(r"\{[^{}]*\}", "", text):
        table.say(key, f"{key} has a brace without its other one.")
    return text


def _detect(table: Table) -> Detect | None:
    send = _sent(table, "send", needed=True)
    pattern = common.pattern(table, "expect", needed=True)
    table.close()
    return Detect(send, pattern) if send is not None and pattern is not None else None


def _asks(file: Table, section: str, known: dict[str, str | None]) -> tuple[Ask, ...]:
    table = file.table(section)
    made = [_ask(inner, name, known) for name, inner in table.children()] if table is not None else []
    return tuple(one for one in made if one is not None)


def _ask(table: Table, name: str, known: dict[str, str | None]) -> Ask | None:
    unit, label = common.unit_of(table, name, known)
    texts = common.named(table, "map")
    if name == STATE:
        for text in texts.values():
            if text not in STATES:
                table.say("map", f"{STATE} is a letter A to F, perhaps with 1 or 2 (A1, B2), not {shown(text)}.")
    kind = table.choice("type", Kind) or Kind.TEXT
    if texts and kind is not Kind.TEXT:
        table.say("map", "map gives texts a meaning; leave type out.")
    send = _sent(table, "send", needed=True)
    pattern = common.pattern(table, "match", ("value",), needed=True)
    basis = common.basis(table)
    table.close()
    if send is None or pattern is None:
        return None
    return Ask(name, send, pattern, kind, unit, label, MappingProxyType(texts), basis)


def _firmware(table: Table) -> Firmware:
    made = Firmware(
        _sent(table, "send"),
        table.choice("protocol", Variant) or Variant.YMODEM,
        common.pattern(table, "done"),
        common.basis(table),
    )
    table.close()
    return made


def _reboot(table: Table, habits: Habits | None, *, has_detect: bool) -> tuple[Reboot | None, Pattern | None]:
    """With what it says when it starts, where that stands here."""
    send = _sent(table, "send", needed=True)
    shown_by = common.pattern(table, "expect")
    basis = common.basis(table)
    if habits is not None and not habits.boot and "expect" not in table:
        table.say("send", "Nothing would show a restart: add expect, or [console] boot, with what it says then.")
    if habits is not None and habits.prompt is None and not has_detect:
        table.say("send", "Nothing would show that it is there again: add [detect], or [console] prompt.")
    table.close()
    return (Reboot(send, basis) if send is not None else None), shown_by


def _config(table: Table) -> tuple[Dump | None, Write | None, tuple[Setting, ...]]:
    inner = table.table("dump")
    dump = _dump(inner) if inner is not None else None
    types = table.table("types")
    entries = types.children() if types is not None else []
    made = [_setting(one, key) for key, one in entries]
    writing = table.table("write")
    write = _write(writing, has_dump="dump" in table) if writing is not None else None
    table.close()
    if write is not None and write.verify is None and not write.verify_by_dump:
        for key, one in entries:
            if "enum" not in one and "allowed" not in one:
                text = f"{key} could be set to anything and nobody would see it: add enum, allowed or verify."
                one.say(None, text)
    if types is not None and writing is None:
        table.say("types", "types say what may be written, but there is no write.")
    return dump, write, tuple(made)


def _dump(table: Table) -> Dump | None:
    send = _sent(table, "send", needed=True)
    row = common.pattern(table, "row", ("key", "value"), needed=True)
    table.close()
    return Dump(send, row) if send is not None and row is not None else None


def _write(table: Table, *, has_dump: bool) -> Write | None:
    send, then = _sent(table, "send", PLACES, needed=True), _sent(table, "then", PLACES)
    verify: Any = table.raw("verify")
    by_dump = verify == "dump"
    ask: Ask | None = None
    if by_dump and not has_dump:
        table.say("verify", 'verify = "dump" needs [config] dump: what is sent, and how a row looks.')
    elif isinstance(verify, dict):
        inner = table.table("verify")
        if inner is not None:
            asked = _sent(inner, "send", frozenset({"key"}), needed=True)
            pattern = common.pattern(inner, "match", ("value",), needed=True)
            inner.close()
            ask = Ask("verify", asked, pattern) if asked is not None and pattern is not None else None
    elif verify is not None and not by_dump:
        table.say("verify", f'verify must be "dump", or a table with send and match, not {shown(verify)}.')
    table.close()
    if send is None:
        return None
    for key in ("key", "value"):
        if key not in places(send) | places(then or ""):
            table.say("send", f"Neither send nor then has the place {{{key}}}: what would be set?")
    return Write(send, then, ask, by_dump)


def _setting(table: Table, key: str) -> Setting:
    common.check_name(table, key)
    kind = table.choice("type", Kind)
    enum: Any = table.raw("enum")
    if isinstance(enum, dict):
        choices = common.named(table, "enum")
    else:
        choices = {text: text for _, text in table.texts("enum")}
    limits = common.allowed(table)
    unit, label = table.text("unit"), table.text("label")
    risk = table.choice("risk", Risk) or (Risk.SERVICE if "risk" in table else Risk.SAFETY)
    basis = common.basis(table)
    table.close()
    if enum is not None and limits is not None:
        table.say("allowed", "enum and allowed exclude each other: enum has every value already.")
    if kind is None:
        kind = Kind.TEXT if limits is None else Kind.INT
    if kind is Kind.TEXT and limits is not None:
        table.say("type", "allowed is for numbers: type must be int or float.")
    if (
        limits is not None
        and kind is Kind.INT
        and any(end != end.to_integral_value() for end in common.bounds(limits))
    ):
        table.say("allowed", "allowed has a number with decimals, and type is int.")
    if risk in (Risk.SAFETY, Risk.IRREVERSIBLE) and enum is None and "allowed" not in table:
        table.say(None, f"{table.name} is of risk {risk} (which it is if it says none) and needs allowed or enum.")
    for sent in choices:
        if not sent.isprintable() or places(sent):
            table.say("enum", f"enum has {shown(sent)}, which cannot be typed.")
    return Setting(key, risk, kind, MappingProxyType(choices), limits, unit, label, basis)
