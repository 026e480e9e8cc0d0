"""The settings of a box with registers: what a read told, and what came of a write. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from techtool.serviceport.modbus.asks import Ask, Refusal
from techtool.serviceport.modbus.dialogue import Ended, Ending
from techtool.serviceport.modbus.raw import unanswered
from techtool.serviceport.profiles import settings
from techtool.serviceport.profiles.codec import Plain, RefusedError, written
from techtool.serviceport.profiles.common import DANGEROUS, Risk
from techtool.serviceport.profiles.model import Bus, ModbusProfile, Order, Release, Setting, WriteWith
from techtool.serviceport.profiles.registers import Space, Type
from techtool.serviceport.profiles.values import read
from techtool.station import settings as station
from techtool.station.judging import judge_write
from techtool.station.outcomes import CallRefusedError, DangerousError, Outcome, Verdict
from techtool.text import safe

_BIT = (station.Choice("on", "1"), station.Choice("off", "0"))


class Change(NamedTuple):
    """One setting that is to be written."""

    setting: Setting
    ask: Ask
    back: Ask | None
    """Shows what it is afterwards; None where nothing does."""

    @property
    def words(self) -> str:
        """What is written, as it would be read."""
        return told(self.setting, self.ask.values)


def change(profile: ModbusProfile, name: str, value: str, *, force: bool) -> Change:
    """What is to be asked to set it. Raises CallRefusedError for everything that the profile does not allow."""
    try:
        one = settings.setting(profile, name)
        words = settings.words_of(one, value)
    except RefusedError as error:
        raise CallRefusedError(str(error)) from None
    if one.risk in DANGEROUS and not force:
        what = one.basis.note or f"it takes {settings.range_words(one)}, and a wrong value may be dangerous"
        danger = what.rstrip(".")
        raise DangerousError(f"{name} is of risk {one.risk}: {danger}. --force writes it.", danger)
    return Change(one, _write(one, words, profile.bus), _back(profile, one))


def moved(profile: ModbusProfile, one: Release, words: tuple[int, ...]) -> Change:
    """What is to be asked to let a car charge, to keep it from that, or to put back the words that were read."""
    choices = MappingProxyType({one.grant: "grant", one.deny: "deny"})
    as_setting = Setting(
        one.name,
        one.register,
        Risk.SERVICE,
        choices=choices,
        readback=not one.write_only,
        write_only=one.write_only,
        basis=one.basis,
    )
    return Change(as_setting, _write(as_setting, words, profile.bus), _back(profile, as_setting))


def ordered(profile: ModbusProfile, order: Order) -> Ask:
    """What has something done; nothing reads back from it."""
    as_setting = Setting("order", order.register, Risk.SERVICE, write_only=True, readback=False, basis=order.basis)
    return _write(as_setting, settings.words_of_order(order), profile.bus)


def _write(one: Setting, words: tuple[int, ...], bus: Bus) -> Ask:
    register = one.register
    together = len(words) > 1 or (bus.write is WriteWith.MULTIPLE and register.space is Space.HOLDING)
    return Ask(register.space, register.address, len(words), words, together)


def _back(profile: ModbusProfile, one: Setting) -> Ask | None:
    if one.readback and not one.write_only:
        return Ask(one.register.space, one.register.address, one.register.size)
    shown = next((value for value in profile.status if value.name == one.shown_by), None)
    if shown is None:
        return None
    return Ask(shown.register.space, shown.register.address, shown.register.size)


def told(one: Setting, words: Sequence[int]) -> str:
    """The setting's value as text, without its unit; the number on the wire where it is none of the choices."""
    found = settings.value_of(one, words)
    return _text(found.value if found.value is not None else found.raw)


def _text(value: Plain | tuple[str, ...]) -> str:
    match value:
        case Decimal():
            return written(value)
        case float():
            return f"{value:g}"
        case tuple():
            return safe(", ".join(value), 200)
    return safe(str(value).strip("\0 "), 200)


def listed(one: Setting, words: Sequence[int] | None) -> station.Setting:
    """The setting as every wire shows one; ``words`` is None where it cannot be read."""
    return station.Setting(
        one.name,
        told(one, words) if words is not None else None,
        one.read_only,
        _type(one),
        one.unit,
        True,
        one.label,
        None if one.read_only else settings.range_words(one),
        _choices(one),
        one.write_only,
    )


def _choices(one: Setting) -> tuple[station.Choice, ...]:
    if one.choices:
        return tuple(station.Choice(name, name) for name in one.choices.values())
    return _BIT if one.register.type is Type.BIT else ()


def _type(one: Setting) -> str:
    if one.choices:
        return "choice"
    return {Type.ASCII: "text", Type.BIT: "switch"}.get(one.register.type, "number")


def judge(
    profile: ModbusProfile, wanted: Change, ended: Ended, back: Ended | None, records: tuple[int, ...]
) -> Outcome:
    """What came of a write, by what is read back."""
    name, given = wanted.setting.name, wanted.words
    words = back.answer if back is not None and isinstance(back.answer, tuple) else None
    shown, is_set = _shown(profile, wanted, words)
    answered = ended.ending is not Ending.TIMED_OUT
    if ended.ending is Ending.LINK_LOST or not (answered or shown):
        return Outcome(Verdict.UNANSWERED, unanswered(ended, f"write of {name}"), None, records)
    refused = ended.answer.words if isinstance(ended.answer, Refusal) else None
    return judge_write(
        name, given, refused=refused, shown=shown, is_set=is_set, answered=answered, records=records
    )


def _shown(profile: ModbusProfile, wanted: Change, words: Sequence[int] | None) -> tuple[str | None, bool]:
    """What the box shows now, and whether it is what was written."""
    if words is None or wanted.back is None:
        return None, False
    one = wanted.setting
    if (wanted.back.space, wanted.back.address) == (one.register.space, one.register.address):
        return told(one, words), tuple(words) == wanted.ask.values
    value = next(value for value in profile.status if value.name == one.shown_by)
    shown = read(value, words)[0].value
    if shown is None:
        return None, False
    return _text(shown), _same(shown, wanted.words)


def _same(shown: Plain | tuple[str, ...], wanted: str) -> bool:
    try:
        return Decimal(str(shown)) == Decimal(wanted)
    except ArithmeticError:
        return str(shown) == wanted
