"""Every profile that comes with techtool, and what real devices said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from techtool.serviceport.profiles import ConsoleProfile, ModbusProfile, Profile, reads, shipped
from techtool.serviceport.profiles.common import Ability, Risk
from techtool.serviceport.profiles.lines import is_chatter, is_error, lines_of, row_in, shows, value_in
from techtool.serviceport.profiles.registers import Type
from techtool.serviceport.profiles.settings import setting, words_of, words_of_release
from techtool.serviceport.profiles.values import Told, fits, read, state

PROFILES = {one.profile.id: one.profile for one in shipped()}
IDS = sorted(PROFILES)


def modbus(id: str) -> ModbusProfile:
    profile = PROFILES[id]
    assert isinstance(profile, ModbusProfile)
    return profile


def told(profile: ModbusProfile, name: str, words: Sequence[int]) -> tuple[Told, ...]:
    return read(next(one for one in profile.status if one.name == name), words)


def test_all_that_was_promised_is_there() -> None:
    assert IDS == [
        "abb-terra-ac",
        "abl-emh1",
        "generic-console",
        "heidelberg-energy-control",
        "mennekes-compact",
        "phoenix-ev-ser",
        "smartevse-v2-cli",
        "zephyr-shell",
    ]


@pytest.mark.parametrize("id", IDS)
def test_every_ability_is_there_or_has_a_reason(id: str) -> None:
    profile = PROFILES[id]
    assert set(Ability) == set(profile.abilities) | set(profile.cannot)
    assert not set(profile.abilities) & set(profile.cannot)


@pytest.mark.parametrize("id", IDS)
def test_what_is_not_sure_says_what_is_known(id: str) -> None:
    for place, basis in PROFILES[id].bases:
        assert basis.verified or basis.note, place


@pytest.mark.parametrize("id", IDS)
def test_a_file_states_the_risk_of_every_setting(id: str) -> None:
    settings: Sequence[object] = PROFILES[id].settings
    text = next(one for one in shipped() if one.profile.id == id).file
    from importlib import resources

    file = resources.files("techtool.serviceport.profiles").joinpath("data", text).read_text("utf-8")
    assert file.count("\nrisk = ") == len(settings)


@pytest.mark.parametrize("id", IDS)
def test_what_limits_the_current_is_never_written_by_the_way(id: str) -> None:
    for one in PROFILES[id].settings:
        name = getattr(one, "name", None) or getattr(one, "key", "")
        if name in ("max_current", "failsafe_current", "limit_pct", "MAX", "MAINS", "CIRCUIT", "LOADBL"):
            assert one.risk is Risk.SAFETY, name


@pytest.mark.parametrize("profile", [one for one in PROFILES.values() if isinstance(one, ModbusProfile)])
def test_few_requests_bring_every_value(profile: ModbusProfile) -> None:
    asked = reads(profile)
    assert len(asked) <= 10
    assert sorted(part.name for one in asked for part in one.wanted) == sorted(one.name for one in profile.status)
    for one in asked:
        assert one.count <= profile.bus.max_read
        answer = list(range(one.count))
        for part in one.wanted:
            begin = part.register.address - one.address
            assert one.words(part, answer) == tuple(range(begin, begin + part.register.size))


def test_heidelberg_tells_its_status() -> None:
    """The examples of the vendor's table."""
    profile = modbus("heidelberg-energy-control")
    assert (profile.line.baud, profile.line.format, profile.line.test_override) == (19200, "8E1", "8N1")
    assert [(one.address, one.count) for one in reads(profile)] == [(5, 14)]
    assert [one.value for one in told(profile, "current_a", [160, 0, 5])] == [Decimal("16.0"), 0, Decimal("0.5")]
    assert [one.value for one in told(profile, "temp_c", [325])] == [Decimal("32.5")]
    assert [one.value for one in told(profile, "temp_c", [0x10000 - 145])] == [Decimal("-14.5")]
    assert [one.value for one in told(profile, "energy_vah", [1, 1000])] == [66536]
    for number, letter in {
        2: "A",
        3: "A",
        4: "B",
        5: "B",
        6: "C",
        7: "C",
        8: None,
        9: "E",
        10: "F",
        11: None,
    }.items():
        (said,) = told(profile, "iec_state", [number])
        assert state(said) == letter
    assert profile.detect is not None
    assert [fits(profile.detect, [number]) for number in (1, 2, 11, 12)] == [False, True, True, False]


def test_heidelberg_is_told_amperes() -> None:
    profile = modbus("heidelberg-energy-control")
    assert words_of(setting(profile, "max_current"), "10") == (100,)
    assert words_of(setting(profile, "max_current"), "0 A") == (0,)
    assert words_of(setting(profile, "standby"), "Disabled") == (4,)
    assert words_of_release(profile.releases[0], grant=True) == (1,)


def test_abl_said_this() -> None:
    """Recorded: evcc-io/evcc issues 526 (>01030A2EA1106403E803E803E8EE), 1497 and 15559."""
    profile = modbus("abl-emh1")
    (asked,) = reads(profile)
    assert (asked.space, asked.address, asked.count, profile.bus.wake) == ("holding", 0x2E, 5, 1)
    answer = [0x2EA1, 0x1064, 0x03E8, 0x03E8, 0x03E8]
    values = {part.name: read(part, asked.words(part, answer)) for part in profile.status}
    assert state(values["iec_state"][0]) == "A"
    assert values["duty_pct"][0].value == Decimal("10.0")
    assert [one.value for one in values["current_a"]] == [None, None, None]
    assert state(told(profile, "iec_state", [0x2EF4])[0]) == "F"
    assert state(told(profile, "iec_state", [0x2EE0])[0]) is None
    assert told(profile, "duty_pct", [0x114D])[0].value == Decimal("33.3")
    assert profile.detect is not None
    assert fits(profile.detect, [0x04A1]) and not fits(profile.detect, [0x00A1])
    assert words_of(setting(profile, "limit_pct"), "26.6 %") == (0x010A,)


def test_mennekes_sends_the_low_word_first() -> None:
    profile = modbus("mennekes-compact")
    assert words_of(setting(profile, "max_current"), "16") == (0x0000, 0x4180)
    assert told(profile, "current_a", [0, 0x4180, 0, 0, 0, 0])[0].value == 16.0
    assert told(profile, "energy_wh", [0, 0x3FC0])[0].value == 1500.0
    assert profile.heartbeat is not None and profile.heartbeat.value == 0x55AA


def test_phoenix_tells_its_state_in_letters() -> None:
    profile = modbus("phoenix-ev-ser")
    for words, letter in (([0x4132], "A"), ([0x4331], "C"), ([0x4500], "E"), ([0x4630], "F"), ([0x5858], None)):
        assert state(told(profile, "iec_state", words)[0]) == letter
    assert profile.detect is not None
    assert fits(profile.detect, [0x4232]) and not fits(profile.detect, [0x0001])
    assert told(profile, "cable_a", [0xFFFF])[0].value is None
    assert words_of(setting(profile, "factory_reset"), "reset") == (17281,)
    assert setting(profile, "factory_reset").risk is Risk.IRREVERSIBLE


def test_abb_tells_its_state_in_the_third_byte() -> None:
    profile = modbus("abb-terra-ac")
    assert state(told(profile, "iec_state", [0, 0x8400])[0]) == "C"
    assert told(profile, "socket", [0, 0x0111])[0].value == (
        "plugged in at the station",
        "locked at the station",
        "plugged in at the car",
    )
    assert words_of(setting(profile, "max_current"), "15.65") == (0, 15650)
    assert profile.abilities == (Ability.STATUS, Ability.CONFIG)


MENU = """\
----------------------------- SMART EVSE -----------------------------
 v2.20 for instructions, see www.smartevse.org
 Internal Temperature: -4 C  SN: 001234
----------------------------------------------------------------------
CONFIG  - Set to Fixed Cable or Type 2 Socket                - Socket
MAX     - Set MAX Charge Current for this EVSE               - 13 A
MAINM   - Mains electric meter scope (What does it measure?) - All
""".splitlines()
"""As printf in version 2.20 of its source makes it."""


def smartevse() -> ConsoleProfile:
    profile: Profile = PROFILES["smartevse-v2-cli"]
    assert isinstance(profile, ConsoleProfile)
    return profile


def test_smartevse_shows_its_menu() -> None:
    profile = smartevse()
    assert profile.detect is not None and profile.detect.pattern.search(MENU[0])
    version, serial = profile.info
    assert [value_in(version, line, profile.habits) for line in MENU[:3]] == [None, "2.20", None]
    assert value_in(serial, MENU[2], profile.habits) == "001234"
    assert value_in(profile.status[0], MENU[2], profile.habits) == -4
    rows = [row for row in (row_in(profile, line + "\r\n") for line in MENU) if row is not None]
    assert rows == [("CONFIG", "Socket"), ("MAX", "13 A"), ("MAINM", "All")]
    assert is_chatter(profile.habits, "STATE A->B") and not is_chatter(profile.habits, MENU[5])
    assert is_error(profile.habits, "Error! please check limits")


def test_smartevse_asks_in_two_steps() -> None:
    profile = smartevse()
    assert lines_of(profile, "MAX", "16") == (b"MAX\r", b"16\r")
    assert lines_of(profile, "MODE", "solar") == (b"MODE\r", b"SOLAR\r")
    (most,) = [one for one in profile.settings if one.key == "MAX"]
    assert shows(most, "16", "16 A") and not shows(most, "16", "13 A")
    (lock,) = [one for one in profile.settings if one.key == "LOCK"]
    assert shows(lock, "DISABLE", "Disabled") and not shows(lock, "DISABLE", "Motor")
    assert profile.habits.input_prompt is not None
    for prompt in (
        "Enter new Configuration (FIXED/SOCKET): ",
        "Enter new Surplus start Current (1-16): -",
        "Access Control on SW (Disabled/Access B): ",
        "Grid set to (4Wire/3Wire): ",
    ):
        assert profile.habits.input_prompt.search(prompt)


def test_a_zephyr_shell_is_known_by_its_prompt() -> None:
    """As the shell of Zephyr 4.4 sent it."""
    from techtool.serviceport.profiles.patterns import plain

    profile = PROFILES["zephyr-shell"]
    assert isinstance(profile, ConsoleProfile) and profile.detect is not None
    prompt = plain("\x1b[1;32muart:~$ \x1b[m")
    assert profile.habits.prompt is not None and profile.habits.prompt.search(prompt)
    assert profile.detect.pattern.search(prompt)
    assert value_in(profile.info[0], "Zephyr version 4.4.0\r\n", profile.habits) == "4.4.0"
    assert is_error(profile.habits, "\x1b[1;31mnosuch: command not found\r\n")
    assert is_chatter(profile.habits, "[00:00:00.000,000] \x1b[0m<inf> littlefs: mounting")


def test_nothing_that_is_read_writes() -> None:
    for profile in PROFILES.values():
        if isinstance(profile, ModbusProfile):
            assert all(one.register.type is not Type.BIT or one.mask is None for one in profile.status)
            if profile.detect is not None:
                assert profile.detect.register.size <= profile.bus.max_read
