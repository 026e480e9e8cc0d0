"""What is wrong with a file, each with its line; and that no file breaks the loader."""

# ruff: noqa: E501  a row a case: what is added to a file, and what is said of it

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.profiles import load, load_bytes, load_text
from techtool.serviceport.profiles.common import Ability, Risk
from techtool.serviceport.profiles.loading import MOST
from techtool.serviceport.xymodem.script import Variant
from tests.serviceport.profiles.making import CONSOLE, MODBUS, console, modbus, problems

VALUE = '[status.current_a]\nspace = "input"\naddress = 6\n'
"""Lines 8 to 10; what is added begins on line 11."""
SETTING = '[config.limit]\nspace = "holding"\naddress = 6\nrisk = "service"\n'
"""Lines 8 to 11; what is added begins on line 12."""
ASK = "[status.temp_c]\nsend = \"?\\r\"\nmatch = '(?P<value>.*)'\n"
"""Lines 10 to 12; what is added begins on line 13."""
WRITE = '[config]\nwrite = { send = "{key} {value}\\r" }\n'
"""Lines 10 and 11; what is added begins on line 12."""


def test_the_small_ones_are_whole() -> None:
    assert problems(MODBUS + VALUE) == problems(CONSOLE + ASK) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "1: the file has no schema; it is needed."),
        ('schema = 2\nid = "x"\n', "1: schema 2 was made for another techtool; this one reads schema 1."),
        ('schema = 1\nid = "A Box"\n', "2: id must be small letters, digits, dots and dashes"),
        ("schema = 1\nid = 5\n", "2: id must be a text of 1 to 600 characters in quotes, not 5."),
        ('schema = 1\ntransport = "modbus-rut"\n', '2: transport must be one of modbus-rtu, abl-ascii, console, not "modbus-rut"; did you mean "modbus-rtu"?'),
        ('id = "x"\ntransport = "console"\n', "1: source is missing; say which document of the vendor"),
        ("schema = true\n", "1: schema must be a whole number from 1 to 1000000, not true."),
    ],
)  # fmt: skip
def test_the_head(text: str, said: str) -> None:
    assert any(one.startswith(said) for one in problems(text)), problems(text)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('baud_rate = 5\n', '8: [line] has a key "baud_rate" that techtool does not know; did you mean "baud"?'),
        ('zzz = 5\n', '8: [line] has a key "zzz" that techtool does not know; known here: baud, format, test_override, source, note, verified.'),
        ('test_override = "8X1"\n', '8: test_override must be data bits, parity (N, E, O) and stop bits, like 8N1 or 8E1, not "8X1".'),
        ("verified = false\n", "8: verified = false needs a note that says what is known and what is not."),
        ("[mode]\n", '8: the file has a key "mode" that techtool does not know; did you mean "modbus"?'),
        ("[modbus]\nunit = 248\n", "9: unit must be a whole number from 1 to 247, not 248."),
        ('[modbus]\nwrite = "both"\n', '9: write must be one of auto, single, multiple, not "both".'),
        ("[modbus]\nwake = 0x" + "f" * 5000 + "\n", "9: wake must be a whole number from 0 to 5, not a number of more than 20 digits."),
        ("[status]\ntemp_c = 5\n", "9: temp_c must be a table, not 5."),
        ('[status.temp]\nspace = "input"\naddress = 1\n', '8: "temp" is no value that techtool knows; did you mean "temp_c"? If it is the charger\'s own, add a label.'),
        ('[status.temp_c]\nspace = "input"\naddress = 1\nunit = "K"\n', '11: temp_c is told in C, not in "K": use scale, or another name.'),
        ("[status.temp_c]\naddress = 1\n", "8: [status.temp_c] has no space; it is needed."),
        ('[status.temp_c]\nspace = "imput"\naddress = 1\n', '9: space must be one of coil, discrete, input, holding, not "imput"; did you mean "input"?'),
        ('[status.temp_c]\nspace = "input"\n', "8: [status.temp_c] has no address; it is needed."),
        ('[status.temp_c]\nspace = "input"\naddress = 65536\n', "10: address must be a whole number from 0 to 65535, not 65536."),
        ('[status.temp_c]\nspace = "input"\naddress = "5"\n', '10: address must be a whole number from 0 to 65535, not "5".'),
        ('[status.temp_c]\nspace = "input"\naddress = 65535\ntype = "u32"\n', "10: 2 from 65535 on run beyond 65535, the last address."),
        ('[status.temp_c]\nspace = "input"\naddress = 1\nadress = 2\n', '11: [status.temp_c] has a key "adress" that techtool does not know; did you mean "address"?'),
        ('[status]\ntemp_c = { space = "input", address = 1, tpye = "i16" }\n', '9: [status.temp_c] has a key "tpye" that techtool does not know; did you mean "type"?'),
        (VALUE + 'type = "u8"\n', '11: type must be one of u16, i16, u32, i32, float32, ascii, bit, not "u8".'),
        (VALUE + 'type = "bit"\n', "11: A input holds no bit: coil and discrete have bits, input and holding the other types."),
        (VALUE + 'type = "ascii"\n', "8: [status.current_a] is an ascii text and needs count: how many registers it takes."),
        (VALUE + "count = 0\n", "11: count must be a whole number from 1 to 125, not 0."),
        (VALUE + 'type = "u32"\ncount = 60\n', "12: 120 registers are more than one read brings, 100 (max_read)."),
        (VALUE + 'words = "big"\n', "11: words orders the two registers of u32, i32, float32; a u16 has none."),
        (VALUE + "scale = 0\n", "11: scale = 0 makes every value 0; leave it out where 1 on the wire is 1 of the unit."),
        (VALUE + "scale = nan\n", "11: scale must be a number from 0.000001 to 1000000 with nine digits at most, not NaN."),
        (VALUE + "scale = 1e-30\n", "11: scale must be a number from 0.000001"),
        (VALUE + 'scale = "0.1"\n', '11: scale must be a number from 0.000001 to 1000000 with nine digits at most, not "0.1".'),
        (VALUE + "scale = true\n", "11: scale must be a number"),
        (VALUE + 'type = "ascii"\ncount = 2\nscale = 0.1\n', "13: scale and offset are for numbers, not for ascii."),
        (VALUE + 'type = "float32"\noffset = 1\n', "12: offset is for whole numbers; a float32 tells its value as it is."),
        (VALUE + "mask = 0\n", "11: mask must be a whole number from 1 to 65535, not 0."),
        (VALUE + 'type = "i16"\nmask = 1\n', "12: mask takes bits out of a u16 or u32, not of a i16."),
        (VALUE + 'map = { 70000 = "x" }\n', '11: map has "70000"; whole numbers from 0 to 65535 fit here.'),
        (VALUE + 'mask = 0x0F00\nmap = { 16 = "x" }\n', '12: map has "16"; whole numbers from 0 to 15 fit here.'),
        (VALUE + 'map = { one = "x" }\n', '11: map has "one"; whole numbers from 0 to 65535 fit here.'),
        (VALUE + 'map = { 1 = "x", 0x1 = "y" }\n', "11: map has 1 twice."),
        (VALUE + "map = { 1 = 2 }\n", '11: map gives "1" no text of 1 to 100 characters, but 2.'),
        (VALUE + 'map = { 1 = "x" }\nscale = 0.1\n', "11: map is for whole numbers without scale and offset."),
        (VALUE + 'map = { 1 = "x" }\nflags = { 1 = "x" }\n', "12: map and flags exclude each other: is it one number, or a bit for each?"),
        (VALUE + 'flags = { 16 = "x" }\n', '11: flags has "16"; whole numbers from 0 to 15 fit here.'),
        (VALUE + "missing = [1, 70000]\n", "11: missing must be whole numbers on the wire from 0 to 65535, not 70000."),
        (VALUE + 'source = ""\n', '11: source must be a text of 1 to 600 characters in quotes, not "".'),
        ('[status.iec_state]\nspace = "input"\naddress = 5\n', "8: iec_state needs a map of numbers to the letters A to F, or type ascii."),
        ('[status.iec_state]\nspace = "input"\naddress = 5\nmap = { 1 = "Z" }\n', '11: iec_state is a letter A to F, perhaps with 1 or 2 (A1, B2), not "Z".'),
        ('[status.iec_state]\nspace = "input"\naddress = 5\ncount = 2\nmap = { 1 = "A" }\n', "11: iec_state is one value; a charger with more of them needs a profile for each."),
        (VALUE + '[status.temp_c]\nspace = "input"\naddress = 6\n', "13: [status.temp_c] has the same input 6 as [status.current_a]; both may look at it only if each has a mask, map or flags."),
        (VALUE + 'count = 3\n[status.temp_c]\nspace = "input"\naddress = 8\n', "14: [status.temp_c] (input 8) overlaps [status.current_a] (input 6 to 8); one of them is wrong."),
        ("[modbus]\nblocks = [\n  { space = 'input', address = 4, count = 3 },\n]\n", "10: No value lies in the block of input 4 to 6; take it out."),
        (VALUE + "count = 3\n[modbus]\nblocks = [{ space = 'input', address = 4, count = 3 }]\n", "10: [status.current_a] (input 6 to 8) lies partly in the block of input 4 to 6; widen the block."),
        (VALUE + "[modbus]\nblocks = [{ space = 'input', address = 4, count = 125 }]\n", "12: The block of input 4 to 128 is longer than a read, or runs beyond the last address."),
        ('[detect]\nread = { space = "input", address = 5 }\nexpect = { }\n', "10: expect needs value, or min, or max: otherwise anything would do."),
        ('[detect]\nread = { space = "input", address = 5 }\nexpect = { min = 9, max = 2 }\n', "10: max = 2 is below min = 9: nothing would do."),
        ('[detect]\nexpect = { min = 9 }\n', "8: [detect] has no read; it is needed."),
        ('[detect]\nread = { space = "input", address = 5, type = "ascii", count = 1 }\nexpect = { match = "(" }\n', "10: match is no regular expression that can be used: missing )"),
        ('[heartbeat]\nspace = "holding"\naddress = 1\nvalue = 70000\nevery_ms = 1000\n', "11: value must be a whole number from 0 to 65535, not 70000."),
        ('[heartbeat]\nspace = "holding"\naddress = 1\nvalue = 1\n', "8: [heartbeat] has no every_ms; it is needed."),
        ('[reboot]\nspace = "input"\naddress = 1\nvalue = 1\n', "9: Nothing can be written to input; coil and holding can be written."),
        ("[cannot]\nfirmwares = 'no'\n", '9: [cannot] has a key "firmwares" that techtool does not know; did you mean "firmware"?'),
    ],
)  # fmt: skip
def test_a_modbus_file(more: str, said: str) -> None:
    told = problems(MODBUS + more)
    assert len(told) == 1, told
    assert told[0].startswith(said), told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (SETTING + "readback = false\n", "8: [config.limit] could be set to anything and nobody would see it: add allowed, enum or shown_by."),
        (SETTING + "write_only = true\n", "8: [config.limit] could be set to anything and nobody would see it"),
        (SETTING.replace("service", "safety"), "8: [config.limit] is of risk safety (which it is if it says none) and needs allowed or enum."),
        (SETTING.replace('risk = "service"\n', ""), "8: [config.limit] is of risk safety (which it is if it says none) and needs allowed or enum."),
        (SETTING.replace("service", "harmless"), '11: risk must be one of safe, service, safety, irreversible, not "harmless".'),
        (SETTING.replace("holding", "input"), "9: Nothing can be written to input; coil and holding can be written."),
        (SETTING + "count = 3\n", "12: What is written is one value; give each its own entry."),
        (SETTING + 'allowed = "6-16"\n', '12: allowed: "6-16" is no range; write "0 | 6.0..16.0", numbers and ranges with | between.'),
        (SETTING + 'allowed = "16..6"\n', '12: allowed: "16..6" begins above its end; write the smaller number first.'),
        (SETTING + 'allowed = "0..70000"\n', "12: allowed has 70000, which cannot be written: 70000 does not fit into u16, which holds 0 to 65535."),
        (SETTING + 'scale = 0.1\nallowed = "6..16.05"\n', "13: allowed has 16.05, which cannot be written: 16.05 lies between two steps of 0.1."),
        (SETTING + 'enum = { 70000 = "x", 1 = "y" }\n', '12: enum has "70000"; whole numbers from 0 to 65535 fit here.'),
        (SETTING + 'enum = { 1 = "on", 2 = "On" }\n', '12: enum has the name "On" twice; which number is meant could not be told.'),
        (SETTING + 'enum = { 1 = "on" }\nallowed = "1"\n', "13: enum and allowed exclude each other: enum has every value already."),
        (SETTING + 'scale = 0.1\nenum = { 1 = "on" }\n', "13: enum is for whole numbers without scale and offset."),
        (SETTING + "enum = { }\n", "12: enum has no value that fits."),
        (SETTING + "read_only = true\nwrite_only = true\n", "13: read_only and write_only exclude each other."),
        (SETTING + 'readback = true\nwrite_only = true\nallowed = "1"\n', "12: readback = true needs a register that can be read; this one is write_only."),
        (SETTING + 'mask = 1\n', '12: [config.limit] has a key "mask" that techtool does not know'),
        (SETTING + 'shown_by = "curent_a"\n' + VALUE, '12: shown_by names "curent_a", which is no value of [status]; did you mean "current_a"?'),
        (SETTING.replace("limit", '"a b"'), '8: "a b" is no name that can be typed'),
        ('[auth.it]\nspace = "coil"\naddress = 1\ngrant = 1\ndeny = 1\nundo = "deny"\n', "12: grant and deny are both 1: a test would prove nothing."),
        ('[auth.it]\nspace = "coil"\naddress = 1\ngrant = 2\ndeny = 0\nundo = "deny"\n', "11: grant must be a whole number from 0 to 1, not 2."),
        ('[auth.it]\nspace = "coil"\naddress = 1\ngrant = 1\ndeny = 0\n', "8: [auth.it] has no undo; it is needed."),
        ('[auth.it]\nspace = "coil"\naddress = 1\ngrant = 1\ndeny = 0\nundo = "previous"\nwrite_only = true\n', '13: undo = "previous" needs a register that can be read; write "grant" or "deny".'),
    ],
)  # fmt: skip
def test_what_is_written(more: str, said: str) -> None:
    told = problems(MODBUS + more)
    assert len(told) == 1, told
    assert told[0].startswith(said), told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("promt = '>'\n", '10: [console] has a key "promt" that techtool does not know; did you mean "prompt"?'),
        ("prompt = '['\n", "10: prompt is no regular expression that can be used: unterminated character set at position 0. Write it in single quotes."),
        ("prompt = '(a+)+$'\n", "10: prompt is no regular expression that can be used: it repeats a group that may match in several ways"),
        ("prompt = '[[a]'\n", "10: prompt is no regular expression that can be used: Possible nested set"),
        ("prompt = 'a{99999999999999999999}'\n", "10: prompt is no regular expression that can be used: the repetition number is too large"),
        ("chatter = ['fine', '(']\n", "10: chatter is no regular expression that can be used: missing )"),
        ("chatter = 'fine'\n", '10: chatter must be a list of texts, like ["…", "…"], not "fine".'),
        ('encoding = "utf-16"\n', '10: encoding must be one of latin-1, ascii, utf-8, not "utf-16".'),
        ('eol = ""\n', '10: eol must be what is typed, like "help\\r", not "".'),
        ('strip_ansi = "yes"\n', '10: strip_ansi must be true or false, not "yes".'),
        (ASK.replace("value", "val"), "12: match is no regular expression that can be used: it has no group (?P<value>…), which says where the value stands."),
        (ASK.replace("?\\r", "{key}\\r"), "11: send has the place {key}; here may be: none."),
        (ASK.replace("?\\r", "}\\r"), "11: send has a brace without its other one."),
        (ASK + 'type = "hex"\n', '13: type must be one of text, int, float, not "hex".'),
        (ASK + 'type = "int"\nmap = { A = "b" }\n', "14: map gives texts a meaning; leave type out."),
        (ASK + "scale = 1\n", '13: [status.temp_c] has a key "scale" that techtool does not know'),
        (WRITE + "[config.types.MAX]\nrisk = 'service'\n", "12: MAX could be set to anything and nobody would see it: add enum, allowed or verify."),
        (WRITE + "[config.types.MAX]\nallowed = '6..80'\ntype = 'text'\n", "14: allowed is for numbers: type must be int or float."),
        (WRITE + "[config.types.MAX]\nallowed = '6..80.5'\n", "13: allowed has a number with decimals, and type is int."),
        (WRITE + "[config.types.MAX]\nallowed = '6..80'\nenum = ['1']\n", "13: enum and allowed exclude each other: enum has every value already."),
        (WRITE + "[config.types.MODE]\nenum = [\"a\\rb\"]\n", '13: enum has "a\\rb", which cannot be typed.'),
        (WRITE + "[config.types.MODE]\nenum = 5\n", '13: enum must be a list of texts, like ["…", "…"], not 5.'),
        (WRITE.replace("{value}", "x"), "11: Neither send nor then has the place {value}: what would be set?"),
        (WRITE.replace("{value}", "{value} {other}"), "11: send has the place {other}; here may be: {key} and {value}."),
        ('[config]\nwrite = { send = "{key}={value}", verify = "dump" }\n', '11: verify = "dump" needs [config] dump: what is sent, and how a row looks.'),
        ('[config]\nwrite = { send = "{key}={value}", verify = true }\n', '11: verify must be "dump", or a table with send and match, not true.'),
        ("[config.types.MAX]\nallowed = '1'\n", "10: types say what may be written, but there is no write."),
        ("[config]\ndump = { send = 'x', row = '(?P<key>.*)' }\n", "11: row is no regular expression that can be used: it has no group (?P<value>…)"),
        ("[detect]\nsend = 'x'\n", "10: [detect] has no expect; it is needed."),
        ("[firmware]\nprotocol = 'zmodem'\n", '11: protocol must be one of ymodem, xmodem-1k, xmodem, not "zmodem"'),
        ("[firmware]\nsend = 'loady {key}'\n", "11: send has the place {key}; here may be: none."),
        ("[reboot]\nexpect = '^Booting'\n[detect]\nsend = 'x'\nexpect = 'y'\n", "10: [reboot] has no send; it is needed."),
        ("[reboot]\nsend = 'r'\nexpect = '^B'\n", "11: Nothing would show that it is there again: add [detect]"),
        (
            "[reboot]\nsend = 'r'\n[detect]\nsend = 'x'\nexpect = 'y'\n",
            "11: Nothing would show a restart: add expect, or [console] boot",
        ),
        ("[firmware]\ndone = '('\n", "11: done is no regular expression that can be used: missing )"),
    ],
)  # fmt: skip
def test_a_console_file(more: str, said: str) -> None:
    told = problems(CONSOLE + more)
    assert len(told) == 1, told
    assert told[0].startswith(said), told


def test_a_boot_loader_that_takes_files() -> None:
    found = console("[firmware]\nsend = 'loady'\ndone = '^## Total'\n").firmware
    assert found is not None and (found.send, found.variant) == ("loady", Variant.YMODEM)
    assert found.done is not None and found.done.search("## Total Size")
    assert console().firmware is None


def test_a_console_says_how_it_is_started_anew() -> None:
    text = "prompt = '> $'\nboot = ['^up']\n[reboot]\nsend = 'again\\r'\nexpect = '^Booting'\n"
    found = console(text)
    assert found.reboot is not None and found.reboot.send.startswith("again")
    assert [one.pattern for one in found.habits.boot] == ["^up", "^Booting"]
    assert Ability.REBOOT in found.abilities and "reboot" in dict(found.bases)
    assert console().reboot is None


def test_abl_has_holding_registers_alone() -> None:
    told = problems(MODBUS.replace("modbus-rtu", "abl-ascii") + VALUE)
    assert told == ['9: abl-ascii reads holding registers only; space must be "holding", not "input".']


def test_all_problems_come_at_once_and_in_the_order_of_lines() -> None:
    text = (
        MODBUS.replace('id = "a-box"', 'id = "A"').replace("19200", '"fast"')
        + VALUE
        + "scale = 0\ntyp = 1\n"
        + SETTING
    )
    told = problems(text.replace("address = 6\nrisk", "address = -1\nrisk"))
    assert [one.partition(":")[0] for one in told] == ["2", "6", "11", "12", "15"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1\nb = = 2\n", "2: This is no TOML: Invalid value."),
        ("a = 1\nb = [1,\n2", "3: This is no TOML: Unclosed array."),
        ("[a]\n\n[a]\n", "3: This is no TOML: Cannot declare ('a',) twice."),
        ("a = 1\n\na = 2\n", "3: This is no TOML: Cannot overwrite a value."),
        ("a = " + "[" * 5000, "1: The file has lists or tables too deep inside each other."),
        ("a = " + "9" * 5000, "1: The file has a number of thousands of digits."),
    ],
)
def test_what_is_no_toml_has_its_line_too(text: str, said: str) -> None:
    assert problems(text) == [said]


def test_bytes_that_are_no_text_have_their_line() -> None:
    (told,) = load_bytes(b"schema = 1\n# \xff\n", "x.toml").problems
    assert str(told) == "x.toml:2: The file is no UTF-8 text here; save it as UTF-8."


def test_a_windows_editor_may_have_saved_it() -> None:
    data = b"\xef\xbb\xbf" + (MODBUS + VALUE).replace("\n", "\r\n").encode()
    assert load_bytes(data, "x.toml").profile is not None
    assert problems((MODBUS + VALUE + "scale = 0\n").replace("\n", "\r\n"))[0].startswith("11: ")


def test_a_file_that_is_no_profile_at_all(tmp_path: Path) -> None:
    (told,) = load(tmp_path / "none.toml").problems
    assert told.text == "The file cannot be read: No such file or directory." and told.line == 1
    (told,) = load(tmp_path).problems
    assert told.text.startswith("The file cannot be read:")
    (tmp_path / "big.toml").write_bytes(b"#" * (MOST + 1))
    (told,) = load(tmp_path / "big.toml").problems
    assert told.text == "The file is longer than 256 KiB: it is no profile."


def test_what_a_file_has_in_it_does_nothing_on_the_screen() -> None:
    told = problems(MODBUS + '"\\u001b[31m" = 1\n' + '[status."\\u202e"]\n')
    assert told and all(one.isprintable() for one in told)


def test_a_profile_as_short_as_it_may_be() -> None:
    made = modbus()
    assert (made.name, made.bus.unit, made.status, made.abilities) == ("a-box", 1, (), ())
    shell = console()
    assert shell.habits.encoding == "latin-1" and shell.detect is None


EXAMPLE = """
[modbus]
unit = 1
timeout_ms = 1000
gap_ms = 50                    # pause between requests
wake = 0                       # ABL: 1 (send twice)
[detect]
read = { space = "input", address = 5 }
expect = { min = 2, max = 11 }
[status]
iec_state = { space = "input", address = 5, map = { 2 = "A", 3 = "A", 4 = "B", 5 = "B", 6 = "C", 7 = "C", 9 = "E" } }
current_a = { space = "input", address = 6, count = 3, type = "u16", scale = 0.1, unit = "A" }
temp_c    = { space = "input", address = 9, type = "i16", scale = 0.1, unit = "C" }
energy_wh = { space = "input", address = 17, type = "u32", words = "big" }
[config.watchdog_ms]
space = "holding"
address = 257
type = "u16"
risk = "service"
note = "0 = off; box blinks an error when the master is silent"
[config.standby]
space = "holding"
address = 258
enum = { 0 = "enabled", 4 = "disabled" }
[config.max_current]
space = "holding"
address = 261
type = "u16"
scale = 0.1
unit = "A"
allowed = "0 | 6.0..16.0"
readback = true
[auth.release]
space = "holding"
address = 259
grant = 1
deny = 0
undo = "previous"
"""


def test_inline_and_long_tables_are_the_same() -> None:
    made = modbus(EXAMPLE)
    assert [one.name for one in made.status] == ["iec_state", "current_a", "temp_c", "energy_wh"]
    assert [one.risk for one in made.settings] == [Risk.SERVICE, Risk.SAFETY, Risk.SAFETY]


KEYS = st.sampled_from(
    [
        "schema",
        "id",
        "name",
        "transport",
        "source",
        "note",
        "line",
        "modbus",
        "detect",
        "status",
        "config",
        "auth",
        "info",
        "heartbeat",
        "reboot",
        "cannot",
        "baud",
        "format",
        "space",
        "address",
        "type",
        "count",
        "words",
        "scale",
        "offset",
        "mask",
        "map",
        "flags",
        "missing",
        "unit",
        "label",
        "risk",
        "allowed",
        "enum",
        "readback",
        "read_only",
        "write_only",
        "shown_by",
        "grant",
        "deny",
        "undo",
        "value",
        "every_ms",
        "read",
        "expect",
        "min",
        "max",
        "match",
        "send",
        "row",
        "then",
        "verify",
        "write",
        "dump",
        "types",
        "console",
        "eol",
        "encoding",
        "echo",
        "max_line",
        "prompt",
        "chatter",
        "error",
        "blocks",
        "iec_state",
        "temp_c",
        "1",
        "0x2",
    ]
)
SCALARS = st.sampled_from(
    """1|0|-5|70000|0.1|nan|1e400|true|"input"|"holding"|"coil"|"u32"|"ascii"|"safety"|"0..9"|"modbus-rtu"|"console"
    |"abl-ascii"|"8E1"|'(?P<value>.)'|"{key}{value}"|"dump"|"previous"|""|0xffffffffffffffffffffffff|1979-05-27
    |"\\u0000"|[]|{}|[1, "a"]|'(a*)*'""".replace("\n    |", "|").split("|")
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]")
        | st.dictionaries(KEYS, inner, max_size=4).map(
            lambda some: "{ " + ", ".join(f"{key} = {value}" for key, value in some.items()) + " }"
        )
    ),
    max_leaves=8,
)
PATHS = st.lists(KEYS, min_size=1, max_size=3).map(".".join)
LINES = st.tuples(PATHS, ANYTHING).map(lambda pair: f"{pair[0]} = {pair[1]}") | PATHS.map(lambda path: f"[{path}]")


@given(st.sampled_from(["", MODBUS, CONSOLE, MODBUS + EXAMPLE]), st.lists(LINES, max_size=12).map("\n".join))
def test_any_toml_is_a_profile_or_has_problems(head: str, text: str) -> None:
    loaded = load_text(head + text, "x.toml")
    assert (loaded.profile is None) == bool(loaded.problems)
    lines = (head + text).count("\n") + 1
    for one in loaded.problems:
        assert 1 <= one.line <= lines and one.text.isprintable() and one.text[-1] in ".?", one


@given(st.integers(0, len(MODBUS + EXAMPLE)), st.text(max_size=3), st.integers(0, 40))
def test_no_slip_of_the_hand_breaks_the_loader(at: int, put: str, cut: int) -> None:
    whole = MODBUS + EXAMPLE
    loaded = load_text(whole[:at] + put + whole[at + cut :], "x.toml")
    assert (loaded.profile is None) == bool(loaded.problems)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_profile_or_have_problems(data: bytes) -> None:
    loaded = load_bytes(data, "x.toml")
    assert loaded.profile is None and loaded.problems


def test_the_examples_of_the_documentation_are_profiles() -> None:
    text = Path(__file__).parents[3].joinpath("docs", "service-port-profiles.md").read_text("utf-8")
    examples = [part.partition("```")[0] for part in text.split("```toml\n")[1:]]
    whole = [one for one in examples if one.startswith("schema = 1")]
    assert len(whole) == 2
    for one in whole:
        assert problems(one) == []
    for one in examples:
        tomllib.loads(one)
