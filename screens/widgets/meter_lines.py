"""What the meter of an EVSE tells, in lines: values that are old are never shown as if they were new. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.text import Text

from techtool.station.measure import (
    CURRENT,
    ENERGY,
    POWER,
    SOC,
    VOLTAGE,
    at_phase,
    base,
    figure,
    lag_s,
    lags,
    total,
)
from techtool.station.model import Evse, Reading
from techtool.text import safe

from .lines import ago, join, sparkline
from .look import Look

SPARK = 12
OFTEN_S = 0.75
"""Samples that come faster are not said to come every second."""
STALE_S = 5.0
"""Values are never called stale before this age."""


def meter_lines(evse: Evse, look: Look, powers: Sequence[float], room: int, *, standing: bool) -> list[Text]:
    """Current and voltage, power, energy, and how old they are."""
    readings, stale = evse.readings, _stale(evse, look, standing=standing)
    lines = []
    for phase in ("L1", "L2", "L3"):
        amps, volts = (at_phase(readings, what, phase) for what in (CURRENT, VOLTAGE))
        if amps is not None or volts is not None:
            text = f"    {phase}   {_value(amps, 'A', 1)}   {_value(volts, 'V', 0)}"
            lines.append(_told(text, _old(evse, look, CURRENT, VOLTAGE, phase=phase, stale=stale), look, room))
    if not lines and (amps := at_phase(readings, CURRENT, None)) is not None:
        volts = at_phase(readings, VOLTAGE, None)
        text = f"    I    {_value(amps, 'A', 1)}   {_value(volts, 'V', 0)}"
        lines.append(_told(text, _old(evse, look, CURRENT, VOLTAGE, stale=stale), look, room))
    lines += _power(evse, look, powers, room, stale=stale)
    transaction = evse.transaction
    if transaction is not None and transaction.energy_wh is not None:
        text = f"    E    {figure(transaction.energy_wh / 1000, 3)} kWh  since start"
        lines.append(_told(text, _old(evse, look, ENERGY, stale=stale), look, room))
    elif transaction is not None and transaction.register_wh is not None:
        lines.append(Text("    E    unknown since start", end=""))
    return [*lines, *_age(evse, look, room, stale=stale)]


def short_lines(evse: Evse, look: Look, powers: Sequence[float], room: int, *, standing: bool) -> list[Text]:
    """What flows, for the column beside the other pages; nothing where nothing does."""
    watts, amps = total(evse.readings, POWER), _amps(evse)
    energy = evse.transaction.energy_wh if evse.transaction is not None else None
    flows = evse.transaction is not None or bool(watts) or any(amps)
    parts = [
        f"{figure(watts / 1000, 2)} kW" if watts is not None and not lags(evse, POWER) else "",
        f"{' / '.join(figure(one, 1) for one in amps)} A" if amps and not lags(evse, CURRENT) else "",
        f"{figure(energy / 1000, 3)} kWh" if energy is not None and not lags(evse, ENERGY) else "",
    ]
    if not flows or not any(parts):
        return []
    stale = _stale(evse, look, standing=standing)
    lines = [_told(f"   {'   '.join(filter(None, parts))}", _old(evse, look, stale=stale), look, room)]
    if len(powers) > 1 and not stale:
        lines.append(Text(f"   {sparkline(powers, room - 8, look.levels)}", look.ink.info, end=""))
    return lines + [one[1:] for one in _age(evse, look, room, stale=stale)]


def _power(evse: Evse, look: Look, powers: Sequence[float], room: int, *, stale: bool) -> list[Text]:
    """The power, and beside it how full the battery is, where that is as old and there is room."""
    watts, soc = total(evse.readings, POWER), at_phase(evse.readings, SOC, None)
    parts = []
    if watts is not None:
        parts.append((f"    P    {figure(watts / 1000, 2)} kW", _old(evse, look, POWER, stale=stale)))
    if soc is not None:
        parts.append((f"    SoC {_value(soc, '%', 0)}", _old(evse, look, SOC, stale=stale)))
    if len(parts) == 2 and parts[0][1] == parts[1][1]:
        both = f"{parts[0][0]}   {parts[1][0].lstrip()}"
        parts = [(both, parts[0][1])] if cell_len(both) <= room else parts
    lines = [_told(text, old, look, room) for text, old in parts]
    if watts is not None and not parts[0][1]:
        count = min(SPARK, room - lines[0].cell_len - 3)
        if len(powers) > 1 and count > 1:
            lines[0] = join(lines[0], (f"   {sparkline(powers, count, look.levels)}", look.ink.info))
    return lines


def _told(text: str, old: str, look: Look, room: int) -> Text:
    """Values in a line. Old ones say how old they are, or where that has no room, at least that they are."""
    text = text.rstrip()
    if not old:
        return join(text)
    marked = f"{text}   {old}"
    if cell_len(marked) > room:
        bare = text.lstrip()
        marked = f"{'! ':>{len(text) - len(bare)}}{bare}"
    return join((marked, look.ink.warn))


def _stale(evse: Evse, look: Look, *, standing: bool) -> bool:
    """Nothing newer came, though it was due; without a link nothing will."""
    age, interval = look.age(evse.metered), evse.sample_interval_s
    if age is None or age <= STALE_S:
        return False
    return not standing or (interval is not None and age > 2 * interval and evse.transaction is not None)


def _old(evse: Evse, look: Look, *measurands: str, phase: str | None = None, stale: bool) -> str:
    """What to say of values that are stale, or that the last messages did not tell any more."""
    if not stale and not lags(evse, *measurands, phase=phase):
        return ""
    return f"! {ago((look.age(evse.metered) or 0) + lag_s(evse, *measurands, phase=phase))} old"


def _age(evse: Evse, look: Look, room: int, *, stale: bool) -> list[Text]:
    """How old the values are; how often they come, as far as there is room for it."""
    age, interval = look.age(evse.metered), evse.sample_interval_s
    if age is None or not evse.readings:
        return []
    line = join("    age  ", (f"{ago(age)}  ! stale", look.ink.warn) if stale else ago(age))
    if not interval:
        return [line]
    often = f"every {interval:.0f} s" if interval >= OFTEN_S else "many a second"
    sample = "sample " if interval >= OFTEN_S else ""
    forms = (f"  ({sample}{often})", f" ({often})")
    return [join(line, next((one for one in forms if line.cell_len + cell_len(one) <= room), ""))]


def _value(reading: Reading | None, unit: str, digits: int) -> str:
    if reading is None:
        return ""
    number = base(reading)
    return f"{figure(number, digits)} {unit}" if number is not None else safe(reading.text, 10)


def _amps(evse: Evse) -> list[float]:
    """The current of each phase, or the one current that is told."""
    told = [at_phase(evse.readings, CURRENT, phase) for phase in ("L1", "L2", "L3")]
    phases = [one for one in told if one is not None]
    whole = at_phase(evse.readings, CURRENT, None)
    known = phases or ([whole] if whole is not None else [])
    return [number for one in known if (number := base(one)) is not None]
