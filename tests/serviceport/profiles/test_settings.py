"""What may be written goes out as it should; what may not never becomes words."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.profiles import ConsoleProfile, ModbusProfile, shipped
from techtool.serviceport.profiles.codec import RefusedError
from techtool.serviceport.profiles.lines import filled, lines_of, value_in
from techtool.serviceport.profiles.registers import Type
from techtool.serviceport.profiles.settings import range_words, setting, value_of, words_of, words_of_order
from tests.serviceport.profiles.making import console, modbus, one_setting

CURRENT = one_setting('scale = 0.1\nunit = "A"\nallowed = "0 | 6.0..16.0"')
MODE = one_setting('enum = { 0 = "off", 4 = "on", 0x10 = "half on" }')
NUMBER = one_setting('type = "i32"\nunit = "ms"')
TEXT = one_setting('type = "ascii"\ncount = 4')
FLOAT = one_setting('type = "float32"\nallowed = "6..32"')
COILS = '[config.it]\nspace = "coil"\naddress = 7\nrisk = "safe"\n'
(SWITCH,) = modbus(COILS).settings


@pytest.mark.parametrize(
    ("one", "given", "words"),
    [
        (CURRENT, "16", (160,)),
        (CURRENT, " 6.0 A ", (60,)),
        (CURRENT, "0", (0,)),
        (CURRENT, "+7.5", (75,)),
        (MODE, "ON", (4,)),
        (MODE, "half on", (16,)),
        (MODE, "0x10", (16,)),
        (MODE, "16", (16,)),
        (NUMBER, "-2", (0xFFFF, 0xFFFE)),
        (NUMBER, "0x10 ms", (0, 16)),
        (TEXT, "ab c", (0x6162, 0x2063, 0, 0)),
        (FLOAT, "16", (0x4180, 0)),
        (SWITCH, "on", (1,)),
        (SWITCH, "0", (0,)),
    ],
)
def test_what_is_given_becomes_words(one: object, given: str, words: tuple[int, ...]) -> None:
    assert words_of(one, given) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "given", "why"),
    [
        (CURRENT, "5.9", "5.9 is not allowed for it: 0 or 6.0 to 16.0 A."),
        (CURRENT, "16.01", "16.01 is not allowed for it: 0 or 6.0 to 16.0 A."),
        (CURRENT, "10.05", "it: 10.05 lies between two steps of 0.1."),
        (CURRENT, "-10", "-10 is not allowed"),
        (CURRENT, "", "'' is no number; it takes 0 or 6.0 to 16.0 A."),
        (CURRENT, "10 kA", "'10 kA' is no number"),
        (CURRENT, "1e1", "'1e1' is no number"),
        (CURRENT, "nan", "'nan' is no number"),
        (CURRENT, "١٠", "is no number"),
        (CURRENT, "9" * 5000, "is no number"),
        (MODE, "1", "'1' is not allowed for it: off or on or half on."),
        (MODE, "4.0", "'4.0' is not allowed"),
        (NUMBER, "2147483648", "it: 2147483648 does not fit into i32, which holds -2147483648 to 2147483647."),
        (TEXT, "longer than 8", "13 characters are too many: there is room for 8."),
        (TEXT, "a\r\n", "Plain characters only"),
        (FLOAT, "5.999", "5.999 is not allowed for it: 6 to 32."),
        (SWITCH, "2", "it: 2 does not fit into bit, which holds 0 to 1."),
        (SWITCH, "maybe", "'maybe' is no number; it takes 0 to 1."),
    ],
)
def test_what_is_refused_says_why(one: object, given: str, why: str) -> None:
    with pytest.raises(RefusedError, match=re.escape(why)):
        words_of(one, given)  # type: ignore[arg-type]


def test_what_can_be_read_only_is_not_written() -> None:
    with pytest.raises(RefusedError, match="it can be read only"):
        words_of(one_setting("read_only = true"), "1")


SETTINGS = [
    (one.profile, setting)
    for one in shipped()
    if isinstance(one.profile, ModbusProfile)
    for setting in one.profile.settings
]
NUMBERS = st.decimals(-70_000, 70_000, places=2).map(str) | st.integers(-(2**33), 2**33).map(str)


@given(st.sampled_from(SETTINGS), NUMBERS | st.text(max_size=12))
def test_of_the_shipped_profiles_only_what_is_allowed_becomes_words(
    pair: tuple[ModbusProfile, object], text: str
) -> None:
    one = next(one for one in pair[0].settings if one is pair[1])
    try:
        words = words_of(one, text)
    except RefusedError as error:
        assert str(error)
        return
    assert len(words) == one.register.size
    was = value_of(one, words)
    if one.choices:
        assert was.raw in one.choices
    elif one.allowed is not None and one.register.type is not Type.FLOAT32:
        assert Decimal(str(was.value)) in one.allowed


def test_what_was_read_has_its_name() -> None:
    assert value_of(MODE, [4]) == (4, "on")
    assert value_of(MODE, [5]) == (5, None)
    assert value_of(CURRENT, [163]) == (163, Decimal("16.3"))
    assert [range_words(one) for one in (NUMBER, TEXT, FLOAT, SWITCH)] == [
        "-2147483648 to 2147483647 ms",
        "text of up to 8 characters",
        "6 to 32",
        "0 to 1",
    ]


def test_a_setting_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(RefusedError, match="limt is no setting of a-box; there are: it"):
        setting(modbus(COILS), "limt")
    assert setting(modbus(COILS), "it") == SWITCH


def test_a_heartbeat_is_words_too() -> None:
    more = '[heartbeat]\nspace = "holding"\naddress = 0x0D00\nvalue = 0x55AA\nevery_ms = 5000\n'
    beat = modbus(more).heartbeat
    assert beat is not None and words_of_order(beat) == (0x55AA,) and beat.every_ms == 5000


MENU = """
[config]
dump = { send = "\\r", row = '^(?P<key>[A-Z]+) = (?P<value>.*)$' }
write = { send = "set {key} {value}\\r", verify = "dump" }
[config.types.MAX]
allowed = "6..80"
unit = "A"
risk = "safety"
[config.types.NAME]
risk = "safe"
[config.types.RATE]
type = "float"
allowed = "0..1.5"
risk = "safe"
"""


@pytest.mark.parametrize(
    ("key", "given", "why"),
    [
        ("MAX", "81", "81 is not allowed for MAX: 6 to 80 A."),
        ("MAX", "16.5", "'16.5' is no number for MAX"),
        ("MAX", "16\rRESET", "is no number for MAX"),
        ("NAME", "a\rRESET", "has characters that cannot be typed"),
        ("NAME", "\x1b[2J", "has characters that cannot be typed"),
        ("NAME", "", "takes no empty value"),
        ("NAME", "x" * 40, "takes 40 characters in a line"),
        ("NAME", "€", "latin-1 only"),
        ("RATE", "1.51", "1.51 is not allowed for RATE: 0 to 1.5."),
        ("LOCK", "1", "What 'LOCK' takes is not known, so it is not written; known are: MAX, NAME, RATE."),
    ],
)
def test_a_console_is_typed_at_with_care(key: str, given: str, why: str) -> None:
    with pytest.raises(RefusedError, match=re.escape(why)):
        lines_of(console(MENU), key, given)


def test_what_is_typed() -> None:
    profile = console(MENU)
    assert lines_of(profile, "MAX", "16 A") == (b"set MAX 16\r",)
    assert lines_of(profile, "NAME", "{key}") == (b"set NAME {key}\r",), "a place in a value is just text"
    with pytest.raises(RefusedError, match="nothing that can be written"):
        lines_of(console(), "MAX", "16")


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_second_command_gets_in(key: str, value: str) -> None:
    profile = console(MENU)
    try:
        sent = filled("set {key} {value}\r", profile.habits, key=key, value=value)
        (typed,) = lines_of(profile, "NAME", value)
    except RefusedError:
        return
    for line in (sent, typed):
        assert line.count(b"\r") == 1 and line.endswith(b"\r") and b"\n" not in line


@given(st.sampled_from([one.profile for one in shipped()]), st.text(max_size=700))
def test_no_line_of_a_charger_breaks_a_profile(profile: object, line: str) -> None:
    if isinstance(profile, ConsoleProfile):
        for ask in (*profile.info, *profile.status):
            value_in(ask, line, profile.habits)
