"""A setting of a charger with everything that is known of it: from the standard, its make, and itself. Pure."""

from __future__ import annotations

from decimal import Decimal

from techtool.csms.keys import Key
from techtool.csms.variables import Traits, Variable
from techtool.jobs.fitting import Rule, rule_of
from techtool.knowledge.facts import Access, Fact, Shape
from techtool.knowledge.looking_up import fact_of
from techtool.knowledge.telling import takes
from techtool.station.settings import Choice, Setting

_TYPES = {
    Shape.BOOLEAN: "switch",
    Shape.CHOICE: "choice",
    Shape.INTEGER: "number",
    Shape.DECIMAL: "number",
}
"""All others are text."""
_SHAPES = {
    "integer": Shape.INTEGER,
    "decimal": Shape.DECIMAL,
    "boolean": Shape.BOOLEAN,
    "datetime": Shape.TIME,
    "optionlist": Shape.CHOICE,
    "memberlist": Shape.LIST,
    "sequencelist": Shape.SEQUENCE,
    "string": Shape.TEXT,
}
_READ_ONLY, _WRITE_ONLY = "ReadOnly", "WriteOnly"


class Described:
    """One setting: how it is shown, and what it takes."""

    def __init__(self, setting: Setting, rule: Rule | None) -> None:
        self.setting = setting
        self.rule = rule
        """None where nothing is known of what it takes."""


def of_key(key: Key, vendor: str | None) -> Described:
    """A key of 1.6."""
    fact = fact_of(key.name, "1.6", vendor)
    rule = rule_of(fact, "1.6") if fact is not None else None
    writeonly = key.value is None and not key.readonly and fact is not None and fact.access is Access.WRITE
    return Described(_setting(key.name, key.value, key.readonly, writeonly, fact, rule, "1.6"), rule)


def of_variable(variable: Variable, version: str, vendor: str | None) -> Described:
    """A variable of 2.x. What the charger tells of it goes before what the standard has."""
    name, actual = variable.place.name, variable.attribute()
    fact = fact_of(name, version, vendor)
    rule = _told(variable.traits, rule_of(fact, version) if fact is not None else None)
    mutability = actual.mutability if actual is not None else None
    writeonly = mutability == _WRITE_ONLY or (
        mutability is None and fact is not None and fact.access is Access.WRITE
    )
    value = actual.value if actual is not None else None
    setting = _setting(name, value, mutability == _READ_ONLY, writeonly, fact, rule, version)
    return Described(setting._replace(unit=variable.traits.unit or setting.unit), rule)


def rule_for(name: str, version: str, vendor: str | None) -> Rule | None:
    """What a setting takes that the charger has not told of yet."""
    fact = fact_of(name, version, vendor)
    return rule_of(fact, version) if fact is not None else None


def _setting(
    name: str,
    value: str | None,
    readonly: bool,
    writeonly: bool,
    fact: Fact | None,
    rule: Rule | None,
    version: str,
) -> Setting:
    shape = rule.shape if rule is not None else Shape.TEXT
    members = rule.members if rule is not None else ()
    if shape is Shape.BOOLEAN:
        members = members or ("true", "false")
    choices = members if shape in (Shape.BOOLEAN, Shape.CHOICE) else ()
    return Setting(
        name,
        value,
        readonly,
        _TYPES.get(shape, "text") if choices or shape in (Shape.INTEGER, Shape.DECIMAL) else "text",
        (fact.unit or None) if fact is not None else None,
        fact is not None,
        (fact.meaning or None) if fact is not None else None,
        takes(fact, version) if fact is not None else _takes(rule),
        tuple(Choice(one, one) for one in choices),
        writeonly,
    )


def _takes(rule: Rule | None) -> str | None:
    """Of a setting that only the charger knows."""
    if rule is None:
        return None
    told = [rule.shape.value]
    if rule.members:
        told.append(", ".join(rule.members))
    if rule.least is not None or rule.most is not None:
        least = f"{rule.least:f}" if rule.least is not None else ""
        most = f"{rule.most:f}" if rule.most is not None else ""
        told.append(f"{least}..{most}")
    return " ".join(told)


def _told(traits: Traits, known: Rule | None) -> Rule | None:
    """The rule, with what the charger itself says of the variable."""
    shape = _SHAPES.get((traits.type or "").casefold())
    if shape is None:
        return known
    if known is not None and (shape is Shape.TEXT or known.shape is shape):
        shape = known.shape  # "string" says less than a password, a time or JSON
    rule = known if known is not None and known.shape is shape else Rule(shape)
    return rule._replace(
        least=_decimal(traits.least, rule.least),
        most=_decimal(traits.most, rule.most),
        members=traits.members or rule.members,
    )


def _decimal(told: float | None, known: Decimal | None) -> Decimal | None:
    return Decimal(str(told)).normalize() if told is not None else known
