from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.jobs.saved import Saved, SavedError, digest, parse, saved, text_of
from techtool.station.model import Make, Station
from techtool.station.settings import Listed, Setting

AT = datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC)
STATION = Station("CP001")._replace(make=Make(vendor="ACME", model="WallBox 22", firmware="5.5.10"))
LISTED = Listed(
    (
        Setting("HeartbeatInterval", "300"),
        Setting("NumberOfConnectors", "2", readonly=True),
        Setting("AuthorizationKey", "00112233445566778899aabbccddeeff"),
        Setting("WifiPassword", ""),
        Setting("CpoName", None),
        Setting("Odd", 'a "b"\\ \x1b\n\u2028 ä'),
    )
)


def kept(*, secrets: bool = False) -> Saved:
    return saved(STATION, LISTED, AT, secrets=secrets)


def test_a_file_tells_whose_settings_it_has_and_leaves_passwords_out() -> None:
    text = text_of(kept())
    assert text.startswith("# The settings of a charger, as techtool read them.")
    assert "# Passwords are left out.\n" in text and "00112233" not in text
    read = parse(text)
    assert read == kept() and read.at == AT.replace(microsecond=0)
    assert read.charger == {"identity": "CP001", "vendor": "ACME", "model": "WallBox 22", "firmware": "5.5.10"}
    assert read.left_out == ("AuthorizationKey",)
    assert list(read.settings) == ["HeartbeatInterval", "WifiPassword", "Odd"], "a key without a value is none"
    assert read.readonly == {"NumberOfConnectors": "2"}
    assert f'sha256 = "{digest(kept())}"' in text


def test_with_passwords_it_says_so() -> None:
    text = text_of(kept(secrets=True))
    assert "# Passwords are in it: keep it to yourself.\n" in text and "00112233" in text
    assert parse(text).left_out == ()


def test_what_a_person_writes_is_read_too() -> None:
    read = parse("""
        [settings]
        HeartbeatInterval = 60
        AuthorizeRemoteTxRequests = true
        MeterValuesSampledData = ["Voltage", "SoC"]
        "OCPPCommCtrlr/HeartbeatInterval" = "60"
    """)
    assert read.settings == {
        "HeartbeatInterval": "60",
        "AuthorizeRemoteTxRequests": "true",
        "MeterValuesSampledData": "Voltage,SoC",
        "OCPPCommCtrlr/HeartbeatInterval": "60",
    }
    assert (read.charger, read.at, read.readonly) == ({}, None, {})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x = \n[settings]", "It is no TOML: Invalid value (at line 1, column 5)"),
        ("", "It has no table [settings]."),
        ("format = 9\n[settings]", "Its format is 9; this techtool knows 1."),
        ("settings = 3", "[settings] is no table."),
        ("charger = 3\n[settings]", "[charger] is no table."),
        ("[settings]\nA = {b = 1}", "[settings] A: a value is text, a number, true or false, or a list of texts."),
        ("[settings]\nA = [1]", "[settings] A: a value is text, a number"),
        ("[settings]\nA = " + "[" * 3000, "It is no TOML that can be read"),
        ("[settings]\nA = " + "9" * 5000, "It is no TOML that can be read"),
        ("[settings]\nA = 0x" + "f" * 5000, "[settings] A: a value is text, a number"),
        ("[settings]\nA = 2026-11-23", "[settings] A: a value is text, a number"),
    ],
)
def test_what_is_no_file_of_settings_is_said_with_the_place(text: str, told: str) -> None:
    with pytest.raises(SavedError) as error:
        parse(text)
    assert str(error.value).startswith(told)


NAMES = st.text(min_size=1, max_size=20)


@given(
    st.dictionaries(NAMES, st.text(max_size=30), max_size=6),
    st.dictionaries(NAMES, st.text(max_size=30), max_size=3),
    st.text(max_size=20),
)
def test_whatever_a_charger_tells_comes_back_from_the_file(
    settings: dict[str, str], readonly: dict[str, str], vendor: str
) -> None:
    made = Saved({"vendor": vendor} if vendor else {}, AT.replace(microsecond=0), settings, readonly)
    assert parse(text_of(made)) == made
    assert digest(parse(text_of(made))) == digest(made)


@given(st.text(max_size=60))
def test_any_text_is_read_or_said_what_is_wrong(text: str) -> None:
    try:
        parse(text)
    except SavedError as error:
        assert str(error)


def test_passwords_within_values_are_left_out_too() -> None:
    listed = Listed(
        (Setting("BackendUrl", "ws://user:geheim@h/x"), Setting("Net", '{"apn": {"apnPassword": "g"}}'))
    )
    made = saved(STATION, listed, AT)
    assert made.settings == {} and made.left_out == ("BackendUrl", "Net")
    assert len(saved(STATION, listed, AT, secrets=True).settings) == 2
