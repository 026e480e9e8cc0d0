"""Records of a console, turned into the picture of the charger."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from techtool.events import events
from techtool.journal.redact import Redactor, redacted
from techtool.picture import Picture, fold
from techtool.simulator.console.menu import Menu
from techtool.station.model import Connector, ReadingKey, Station
from techtool.station.records import Direction, Kind
from tests.serviceport.console.consoles import SMART, ZEPHYR, records
from tests.serviceport.recorded import Said, all_understood, anything

TEMPERATURE = ReadingKey("Temperature", None, "Body")
TIMEOUT = json.dumps({"id": "console", "action": "STATE?", "seconds": 2.0}).encode()


def typed(line: bytes, *answer: bytes, prompt: bytes = b">") -> list[Said]:
    """A line and its answer, with its prompt if it has one."""
    said: list[Said] = [(Direction.LAPTOP, Kind.LINE, line), (Direction.CHARGER, Kind.ECHO, line)]
    said += [(Direction.CHARGER, Kind.LINE, one) for one in answer]
    return [*said, (Direction.CHARGER, Kind.PROMPT, prompt)] if prompt else said


def menu(celsius: int = 21) -> list[Said]:
    box = Menu()
    box.celsius = celsius
    shown = box.received(b"\r").removesuffix(b">").splitlines(keepends=True)
    return typed(b"\r", *shown)


def state(letter: str) -> list[Said]:
    return typed(b"STATE?\r", f"EVSE0:{letter}(16.0A),EVSE1:A(0.0A)\n".encode(), prompt=b"")


def station(*said: Said, name: str = SMART) -> Station:
    return fold(records(said, name)).stations["box"]


def connector(told: Station) -> Connector:
    return told.evses[1].connectors[1]


def test_the_menu_tells_who_it_is_and_how_warm() -> None:
    told = station(*menu(-4))
    assert (told.make.model, told.make.firmware, told.make.serial) == ("SmartEVSE v2, console", "2.20", "001234")
    assert (told.link.protocol, told.findings) == ("console", {})
    assert told.evses[1].readings[TEMPERATURE].value == -4


def test_a_state_is_the_status_of_ocpp_as_over_modbus() -> None:
    assert connector(station(*state("C"))).status == "Charging"
    assert connector(station(*state("C"), *menu(), *state("A"))).status == "Available"
    assert connector(station(*state("G"), *menu())).status == "Charging"


def test_what_was_not_told_is_unknown_and_not_0() -> None:
    assert station().evses == {}
    told = station(*state("Z"), *menu())
    assert connector(told).status is None
    told = station(*menu(21), *typed(b"\r", b"---- SMART EVSE ----\n", b" v2.20 for instructions\n"))
    assert told.evses[1].readings[TEMPERATURE].value is None


def test_another_device_than_was_said_is_told() -> None:
    told = station(*typed(b"\r", b"hello\n"))
    assert "is it another one?" in told.findings["wrong-profile", SMART].text
    again = (Direction.LAPTOP, Kind.LINE, b"\r")
    assert not station(again, *menu()).findings, "what was not answered says nothing"


def test_a_time_out_is_told_and_what_comes_after_it_is_no_answer() -> None:
    asked, echo, answer = state("C")
    told = station(asked, echo, (Direction.NOTE, Kind.TIMEOUT, TIMEOUT), answer)
    assert {one.code.value for one in told.findings.values()} == {"no-answer", "late-answer"}
    assert told.evses == {}


def test_what_is_said_unasked_is_an_event_and_a_boot_is_one() -> None:
    picture = Picture()
    said = [(Direction.CHARGER, Kind.CHATTER, one) for one in (b"STATE A->B\n", b"Smart EVSE powerup.\n", b"\n")]
    told = [event for record in records(said) for event in events(picture.take(record))]
    assert [(one.event, one.text) for one in told if one.event in ("text", "boot")] == [
        ("text", "STATE A->B"),
        ("text", "Smart EVSE powerup."),
        ("boot", "SmartEVSE v2, console"),
    ]


def test_hostile_text_is_made_safe() -> None:
    picture = Picture()
    said = [(Direction.CHARGER, Kind.CHATTER, "\x1b]52;c;ZXZpbA==\x07\u202e[red]\x9b2J\r\n".encode())]
    (told,) = [e for r in records(said, ZEPHYR) for e in events(picture.take(r)) if e.event == "text"]
    assert told.text.isprintable() and "\u202e" not in told.text and "[red]" in told.text
    evil = typed(b"kernel version\r", b"Zephyr version \x1b[2J\x07\r\n", prompt=b"uart:~$ ")
    firmware = station(*evil, name=ZEPHYR).make.firmware
    assert firmware is None or firmware.isprintable()


def test_a_profile_that_is_broken_in_the_file_is_told() -> None:
    told = fold(records(menu(), text="schema = 2")).stations["box"]
    (finding,) = told.findings.values()
    assert "cannot be read" in finding.text and told.evses == {}


def test_a_redacted_recording_shows_the_same() -> None:
    made = records([*menu(), *state("C"), *menu()])
    again = list(redacted(lambda: made, Redactor(b"key")))
    assert fold(again).stations["box"].evses == fold(made).stations["box"].evses


@given(
    anything(
        [Kind.LINE, Kind.PROMPT, Kind.ECHO, Kind.CHATTER, Kind.NOISE, Kind.TIMEOUT, Kind.LINKED],
        [*menu(), *state("C")],
    ),
    st.sampled_from([SMART, ZEPHYR]),
)
def test_any_records_give_a_picture(said: list[Said], name: str) -> None:
    assert all_understood(fold(records(said, name)))
