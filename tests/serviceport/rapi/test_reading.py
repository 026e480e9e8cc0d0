"""What RAPI says, as changes of the station; against the dialogue of the real firmware."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.frames import Frame, decode
from techtool.serviceport.rapi.reading import Reader
from techtool.station.changes import Change, Stamp
from techtool.station.findings import Code, Severity
from techtool.station.fold import apply
from techtool.station.measure import at_phase
from techtool.station.model import Evse, Station
from tests.serviceport.rapi.test_frames import dialogue

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)


def after(*frames: Frame) -> Station:
    """The station when the laptop has asked and the charger has said this, in turns as their names tell."""
    reader, station = Reader(), Station("EVSE")
    for frame in frames:
        is_asked = frame.name[0] in "GSF" and frame.name != "ST"
        for change in reader.sent(frame) if is_asked else reader.heard(frame, AT):
            station = apply(station, change, Stamp(AT, 1))
    return station


def answered(asked: str, *words: str) -> Station:
    return after(Frame(asked, (), "2A"), Frame("OK", words, "2A"))


def codes(station: Station) -> dict[Code, str]:
    return {finding.code: finding.text for finding in station.findings.values()}


def test_the_dialogue_of_the_real_firmware_ends_in_this_station() -> None:
    station = after(*dialogue())
    make, connector = station.make, station.evses[1].connectors[1]
    assert (make.vendor, make.model, make.firmware) == ("OpenEVSE", "RAPI 5.2.1", "8.2.3.EU")
    assert (connector.status, connector.error, connector.info) == ("Available", "NoError", None)
    readings = station.evses[1].readings
    shown = {what: at_phase(readings, what, None) for what in ("Current.Import", "Voltage", "Current.Offered")}
    assert {what: one.value for what, one in shown.items() if one} == {
        "Current.Import": 15.4, "Voltage": 230.0, "Current.Offered": 32.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status", "error", "info"),
    [
        (("01", "0", "01", "0200"), "Available", "NoError", None),
        (("02", "0", "02", "0700"), "SuspendedEV", "NoError", "a car is there and takes nothing"),
        (("03", "12", "03", "0540"), "Charging", "NoError", None),
        (("06", "3", "03", "0582"), "Faulted", "GroundFailure", "GFCI tripped"),
        (("fe", "2", "03", "0540"), "SuspendedEVSE", "NoError", "sleeping"),
        (("fe", "2", "01", "0200"), "Unavailable", "NoError", "sleeping"),
        (("ff", "3", "01", "0280"), "Unavailable", "NoError", "disabled"),
        (("1F", "0", "01", "0"), "Unavailable", "NoError", "state 1F, which techtool does not know"),
        (("3", "12"), "Charging", "NoError", None),
        (("10", "0"), "Faulted", "HighTemperature", "too hot"),
        (("11", "0"), "Faulted", "OverCurrentFailure", "too much current"),
        (("14", "0"), "Faulted", "PowerSwitchFailure", "the relay did not close"),
        (("254", "0"), "Unavailable", "NoError", "sleeping"),
        (("255", "0"), "Unavailable", "NoError", "disabled"),
        (("12", "0"), "Unavailable", "NoError", "state 12, which techtool does not know"),
    ],
)
def test_states(words: tuple[str, ...], status: str, error: str, info: str | None) -> None:
    connector = answered("GS", *words).evses[1].connectors[1]
    assert (connector.status, connector.error, connector.info) == (status, error, info)


def test_it_has_been_charging_for_as_long_as_it_counts() -> None:
    reader, station = Reader(), Station("EVSE")
    for second in range(3):
        at = AT + timedelta(seconds=second)
        asked = Frame("GS", (), f"{second + 1:02X}")
        told = Frame("OK", ("03", str(600 + second), "03", "0540"), asked.sequence)
        for change in (*reader.sent(asked), *reader.heard(told, at)):
            station = apply(station, change, Stamp(at, 1))
    assert station.evses[1].connectors[1].since == AT - timedelta(minutes=10)
    assert answered("GS", "01", "600", "01", "0200").evses[1].connectors[1].since == AT, "of the session before"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("GF", ("0", "-1", "0")),
        ("GC", ("6", "32", "-16", "32")),
        ("GU", ("0", "-5")),
        ("GS", ("03", "-1", "03", "0540")),
    ],
)
def test_what_is_counted_from_0_on_is_not_below_it(asked: str, words: tuple[str, ...]) -> None:
    station = answered(asked, *words)
    assert set(codes(station)) == {Code.ODD_FRAME} and not station.evses.get(1, Evse(1)).readings


def test_an_answer_to_a_wifi_module_is_not_taken_for_the_firmware() -> None:
    first, again = Frame("GV", (), "01"), Frame("GV", (), "02")
    assert after(first, Frame("OK", ("15400", "230000")), again, Frame("GS", (), "03")).make.firmware is None
    assert after(first, Frame("OK", ("7.1.3", "4.0")), Frame("GS")).make.firmware == "7.1.3", "old, without ids"


def test_an_echo_of_ours_is_told_once_and_is_no_answer() -> None:
    reader, station = Reader(), Station("EVSE")
    for number in range(1, 4):
        asked = Frame("GS", (), f"{number:02X}")
        told = Frame("OK", ("01", "0", "01", "0200"), asked.sequence)
        for change in (*reader.sent(asked), *reader.heard(asked, AT), *reader.heard(told, AT)):
            station = apply(station, change, Stamp(AT, 1))
    (finding,) = station.findings.values()
    assert (finding.code, finding.severity) == (Code.ECHO, Severity.INFO)
    assert "gives back what is sent" in finding.text
    assert station.evses[1].connectors[1].status == "Available"


def test_old_news_of_the_state_are_in_decimal() -> None:
    assert after(Frame("ST", ("254",))).evses[1].connectors[1].info == "sleeping"


def test_old_firmware_tells_the_current_with_its_settings_and_not_with_its_limits() -> None:
    limits = answered("GC", "6", "80")
    assert not limits.findings and not limits.evses
    assert set(codes(answered("GC", "6"))) == {Code.ODD_FRAME}
    offered = at_phase(answered("GE", "16", "0021").evses[1].readings, "Current.Offered", None)
    assert offered is not None and offered.value == 16


def test_an_answer_belongs_to_what_was_asked_under_its_id() -> None:
    asked = [Frame("GG", (), "01"), Frame("GC", (), "02")]
    station = after(*asked, Frame("OK", ("6", "32", "16", "32"), "02"))
    assert at_phase(station.evses[1].readings, "Current.Offered", None) is not None
    assert at_phase(station.evses[1].readings, "Current.Import", None) is None


def test_a_state_that_stays_is_told_once() -> None:
    reader = Reader()

    def told(*words: str) -> int:
        reader.sent(Frame("GS", (), "01"))
        return len(reader.heard(Frame("OK", words, "01"), AT))

    assert [told("01", "0", "01", "0200"), told("01", "0", "01", "0200"), told("02", "0", "02", "0700")] == [
        1,
        0,
        1,
    ]
    assert told("01", "0", "01", "0200") == 1


def test_energy_is_what_was_before_and_what_this_session_took() -> None:
    energy = at_phase(answered("GU", "36000", "1200").evses[1].readings, "Energy.Active.Import.Register", None)
    assert energy is not None and (energy.value, energy.unit) == (1210.0, "Wh")


@pytest.mark.parametrize(("words", "hottest"), [(("-2560", "253", "310"), 31.0), (("-2560",) * 3, None)])
def test_the_hottest_sensor_counts_and_none_is_none(words: tuple[str, ...], hottest: float | None) -> None:
    evse = answered("GP", *words).evses.get(1)
    values = [one.value for one in evse.readings.values()] if evse else []
    assert values == ([hottest] if hottest is not None else [])


def test_checks_that_are_switched_off_are_told() -> None:
    station = answered("GE", "32", "060B")
    assert {finding.subject for finding in station.findings.values()} == {
        "diode check", "ground check", "GFCI self-test", "temperature check",
    }  # fmt: skip
    assert "The ground check is switched off" in str([one.text for one in station.findings.values()])
    assert not answered("GE", "32", "0021").findings


def test_what_its_counters_say_is_told() -> None:
    texts = {finding.text for finding in answered("GF", "1", "0", "1F").findings.values()}
    assert texts == {
        "By its own count the ground-fault interrupter has tripped 1 time in its life.",
        "By its own count the relay was stuck 31 times in its life.",
    }
    assert not answered("GF", "0", "0", "0").findings


@pytest.mark.parametrize(
    ("words", "offset"),
    [
        (("26", "11", "22", "10", "0", "4"), 4),
        (("26", "11", "22", "15", "29", "58"), -2),  # India, five hours and a half ahead
        (("26", "11", "22", "0", "10", "0"), -300),
        (("20", "1", "1", "0", "0", "0"), (datetime(2020, 1, 1, tzinfo=UTC) - AT).total_seconds()),
    ],
)
def test_its_clock_is_compared_whatever_zone_it_is_in(words: tuple[str, ...], offset: float) -> None:
    clock = answered("GT", *words).clock
    assert clock is not None and clock.offset_s == offset


def test_a_clock_that_is_not_there_is_told() -> None:
    station = answered("GT", "165", "165", "165", "165", "165", "85")
    assert station.clock is None and "It has no clock" in codes(station)[Code.CLOCK]


def test_a_failed_self_test_is_a_fault() -> None:
    station = after(Frame("AB", ("08", "8.2.3.EU")))
    (finding,) = station.findings.values()
    assert (finding.severity, finding.subject) == (Severity.FAULT, "stuck relay")
    assert station.boot is not None and station.boot.count == 1
    assert not after(Frame("AB", ("00", "8.2.3.EU"))).findings


@given(
    st.sampled_from(["GV", "GS", "GC", "GG", "GU", "GP", "GE", "GF", "GT"]),
    st.lists(st.text("0123456789abcfx-.\x00ÿ", max_size=12), max_size=6).map(tuple),
)
def test_an_answer_of_any_words_changes_something_or_is_told(asked: str, words: tuple[str, ...]) -> None:
    reader = Reader()
    reader.sent(Frame(asked, (), "01"))
    changes: list[Change] = reader.heard(Frame("OK", words, "01"), AT)
    changes += Reader().heard(Frame("AT", words), AT) + Reader().heard(Frame("AB", words), AT)
    station = Station("EVSE")
    for change in changes:
        station = apply(station, change, Stamp(AT, 1))


def test_what_nobody_asked_and_what_was_refused_change_nothing() -> None:
    assert Reader().heard(Frame("OK", ("01", "0", "01", "0200"), "07"), AT) == []
    assert codes(after(Frame("G4", (), "01"), Frame("NK", (), "01"))) == {}


def test_recorded_frames_are_all_read() -> None:
    assert all(isinstance(one, Frame) for one in dialogue())
    assert decode(b"$NK^21") in dialogue()


def test_an_answer_without_a_sequence_id_is_to_what_was_asked_last() -> None:
    station = after(
        Frame("GV", (), "01"), Frame("OK", ("4.0.1", "3.0.0")), Frame("GE", (), "02"), Frame("GS"),
        Frame("OK", ("03", "600", "03", "0140")), Frame("OK", ("1",)),
    )  # fmt: skip
    assert station.make.firmware == "4.0.1"
    assert station.evses[1].connectors[1].status == "Charging"


def test_an_answer_to_somebody_else_that_comes_first_is_not_to_us_either() -> None:
    station = after(
        Frame("GE", (), "01"), Frame("OK", ("20", "30", "16", "32")), Frame("OK", ("32", "0021"), "01"),
        Frame("GS", (), "02"), Frame("OK", ("20", "0", "01", "0000")),
        Frame("OK", ("01", "0", "01", "0200"), "02"),
    )  # fmt: skip
    assert station.evses[1].connectors[1].status == "Available"
    assert not codes(station)


def test_an_answer_to_somebody_else_on_the_line_is_not_to_us() -> None:
    station = after(
        Frame("GV", (), "01"), Frame("OK", ("8.2.3", "5.2.1"), "01"),
        Frame("GS", (), "02"), Frame("OK", ("fe", "0", "01", "0000")),
        Frame("OK", ("01", "0", "01", "0200"), "02"),
    )  # fmt: skip
    assert station.evses[1].connectors[1].status == "Available"
    assert not codes(station)
