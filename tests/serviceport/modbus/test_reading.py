"""Records of a Modbus link, turned into the picture of the charger."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from techtool.journal.redact import Redactor, redacted
from techtool.picture import fold
from techtool.serviceport.modbus.asks import Ask
from techtool.serviceport.modbus.rtu import RTU
from techtool.serviceport.profiles.registers import Space
from techtool.serviceport.states import state_of
from techtool.simulator.modbus.box import Box
from techtool.station.measure import CURRENT, POWER, VOLTAGE, at_phase
from techtool.station.model import Connector, ReadingKey, Station
from techtool.station.records import Direction, Kind
from tests.serviceport.modbus.boxes import HEIDELBERG, SHIPPED, exchange, profile_of, records, request
from tests.serviceport.recorded import Said, all_understood, anything

STATUS = Ask(Space.INPUT, 5, 14)
ENERGY = ReadingKey("Energy.Apparent.Import", None, "Outlet")


def station(*said: Said, name: str = HEIDELBERG) -> Station:
    return fold(records(said, name)).stations["box"]


def connector(told: Station) -> Connector:
    return told.evses[1].connectors[1]


def heidelberg(*words: int) -> list[Said]:
    """The status, and these words in it."""
    data = b"".join(word.to_bytes(2, "big") for word in words)
    answer = RTU.wrap(1, bytes((4, len(data))) + data)
    return [
        (Direction.LAPTOP, Kind.MODBUS, request(Ask(Space.INPUT, 5, len(words)))),
        (Direction.CHARGER, Kind.MODBUS, answer),
    ]


def test_the_table_of_the_vendor_is_the_picture() -> None:
    told = station(*heidelberg(7, 123, 0, 0, 250, 230, 231, 229, 1, 2800, 0, 1000, 1, 0x86A0))
    assert told.make.model == "Heidelberg (Amperfied) Wallbox Energy Control"
    assert (told.make.firmware, told.make.serial) == (None, None)
    assert (told.link.protocol, told.link.address) == ("modbus", "ttyUSB0")
    assert (connector(told).status, connector(told).error) == ("Charging", "NoError")
    assert "external lock input: unlocked" in (connector(told).info or "")
    readings = told.evses[1].readings
    assert [one.value for phase in ("L1", "L2", "L3") if (one := at_phase(readings, CURRENT, phase))] == [
        12.3,
        0,
        0,
    ]
    voltage = at_phase(readings, VOLTAGE, "L3")
    assert voltage is not None and (voltage.value, voltage.unit) == (229, "V")
    assert (readings[ENERGY].value, readings[ENERGY].unit) == (100_000, "VAh")
    assert at_phase(readings, POWER, None) is None, "VA are no W"


def test_what_was_not_read_is_unknown_and_not_0() -> None:
    told = station()
    assert told.evses == {}
    told = station(*heidelberg(7))
    assert told.evses[1].readings == {}


def test_a_state_that_says_nothing_of_the_car_is_unknown() -> None:
    told = station(*heidelberg(7), *heidelberg(11))
    assert connector(told).status == "Charging", "OCPP's picture keeps what is not told anew"
    told = station(*heidelberg(11))
    assert connector(told).status is None and "ERR" in (connector(told).info or "")


def test_a_fault_is_one_and_is_over_when_it_is() -> None:
    told = station(*heidelberg(9))
    assert told.faults and connector(told).error == "OtherError" and "state E" in (connector(told).info or "")
    assert not station(*heidelberg(9), *heidelberg(3)).faults


def test_an_error_number_is_a_fault_and_a_finding() -> None:
    box = Box(profile_of("mennekes-compact"))
    ask = Ask(Space.HOLDING, 0x0E00)
    box.memory.put(Space.HOLDING, 0x0E00, [17])
    broken = exchange(box, ask, "mennekes-compact")
    told = station(*broken, *broken, name="mennekes-compact")
    assert (connector(told).error, connector(told).vendor_error) == ("OtherError", "17")
    assert told.findings["charger-fault", "17"].count == 1
    box.memory.put(Space.HOLDING, 0x0E00, [0])
    told = station(*broken, *exchange(box, ask, "mennekes-compact"), name="mennekes-compact")
    assert not told.faults


def test_a_refusal_is_told_in_words_and_changes_nothing() -> None:
    box = Box(profile_of(HEIDELBERG))
    told = station(*exchange(box, Ask(Space.INPUT, 900)))
    (finding,) = told.findings.values()
    assert finding.text == "The read of input 900 was refused: it has no such address (2)."
    assert told.evses == {}


def test_another_box_than_was_said_is_told() -> None:
    told = station(*heidelberg(77))
    assert "is it another box?" in told.findings["wrong-profile", HEIDELBERG].text
    assert not station(*heidelberg(7)).findings


def test_an_echo_is_told_once() -> None:
    echo: Said = (Direction.CHARGER, Kind.ECHO, request(STATUS))
    told = station(echo, echo, *heidelberg(7), echo)
    (finding,) = told.findings.values()
    assert (finding.code.value, finding.severity.value, finding.count) == ("echo", "info", 1)
    assert connector(told).status == "Charging"


def test_a_time_out_is_told_and_what_comes_after_it_is_no_answer() -> None:
    ask, answer = heidelberg(7)
    note = json.dumps({"id": "modbus", "action": "read of input 5", "seconds": 1.0}).encode()
    told = station(ask, (Direction.NOTE, Kind.TIMEOUT, note), answer)
    assert {one.code.value for one in told.findings.values()} == {"no-answer", "late-answer"}
    assert told.evses == {}


def test_who_is_asked_twice_may_answer_twice() -> None:
    ask, answer = heidelberg(7)
    told = station(ask, ask, answer, answer)
    assert connector(told).status == "Charging" and told.findings == {}


def test_what_it_stopped_to_tell_does_not_stay() -> None:
    name, ask = "abl-emh1", Ask(Space.HOLDING, 0x2E, 5)
    box = Box(profile_of(name))
    box.car = "C"
    box.measure()
    charging = exchange(box, ask, name)
    box.memory.put(Space.HOLDING, 0x30, [1000, 1000, 1000])
    told = station(*charging, *exchange(box, ask, name), name=name)
    first = at_phase(told.evses[1].readings, CURRENT, "L1")
    assert first is not None and first.value is None
    told = station(*exchange(box, ask, name), name=name)
    assert at_phase(told.evses[1].readings, CURRENT, "L1") is None


def test_a_register_of_a_block_means_something_in_its_block_alone() -> None:
    name = "abl-emh1"
    alone = exchange(Box(profile_of(name)), Ask(Space.HOLDING, 0x2F, 1), name)
    assert station(*alone, name=name).evses == {}


def test_a_profile_that_is_broken_in_the_file_is_told() -> None:
    told = fold(records(heidelberg(7), text="schema = 2")).stations["box"]
    (finding,) = told.findings.values()
    assert "cannot be read" in finding.text and told.evses == {}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_redacted_recording_shows_the_same(name: str) -> None:
    box = Box(profile_of(name))
    box.car = "C"
    box.measure()
    asks = [Ask(one.register.space, one.register.address, one.register.size) for one in profile_of(name).status]
    made = records([pair for ask in asks for pair in exchange(box, ask, name)], name)
    again = list(redacted(lambda: made, Redactor(b"key")))
    assert fold(again).stations["box"].evses == fold(made).stations["box"].evses


@given(anything([Kind.MODBUS, Kind.ECHO, Kind.NOISE, Kind.TIMEOUT, Kind.LINKED], heidelberg(7)))
def test_any_records_give_a_picture(said: list[Said]) -> None:
    assert all_understood(fold(records(said)))


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("A", "Available"), ("A2", "Available"), ("B", "SuspendedEV"), ("B1", "SuspendedEVSE"), ("C2", "Charging"),
        ("C1", "SuspendedEVSE"), ("D2", "Charging"), ("E0", "Faulted"), ("F", "Faulted"), ("F\0", "Faulted"),
        ("", None), (None, None), ("C9", None), ("ready", None), ("\xff\xff", None),
    ],
)  # fmt: skip
def test_states(told: str | None, status: str | None) -> None:
    assert state_of(told).status == status
