"""The lines that move a simulated device, each kind of device with its own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator.console.device import FORMS as CONSOLE
from techtool.simulator.modbus.device import FORMS as MODBUS
from techtool.simulator.openevse.charger import FORMS as OPENEVSE
from techtool.simulator.script import ScriptError
from techtool.simulator.serviceport.script import Command, Form, parse

ALL = [OPENEVSE, MODBUS, CONSOLE]


@pytest.mark.parametrize(
    ("forms", "line", "command"),
    [
        (OPENEVSE, "car b", Command("car", ("B",))),
        (OPENEVSE, "amps 15.5", Command("amps", (15.5,))),
        (OPENEVSE, "  GFI ", Command("gfi")),
        (OPENEVSE, "temp -5", Command("temp", (-5.0,))),
        (OPENEVSE, "unplug 3", Command("unplug", (3.0,))),
        (OPENEVSE, "", None),
        (OPENEVSE, "# a remark", None),
        (MODBUS, "echo ON", Command("echo", (True,))),
        (MODBUS, "silent off", Command("silent", (False,))),
        (MODBUS, "set 0x105 160", Command("set", (261, 160))),
        (CONSOLE, "chatter on", Command("chatter", (True,))),
        (CONSOLE, "quit", Command("quit")),
    ],
)
def test_lines(forms: Mapping[str, Form], line: str, command: Command | None) -> None:
    assert parse(line, forms) == command


@pytest.mark.parametrize(
    ("forms", "line", "sentence"),
    [
        (OPENEVSE, "dance", "No such command: dance. There are: car"),
        (OPENEVSE, "car", "Write it so: car A|B|C|D."),
        (OPENEVSE, "car E", "A car is one of A, B, C, D, not 'E'."),
        (OPENEVSE, "amps many", "Amperes are a number from 0 to 100, not 'many'."),
        (OPENEVSE, "amps nan", "Amperes are a number"),
        (OPENEVSE, "temp 1000", "Degrees are a number from -40 to 125, not '1000'."),
        (OPENEVSE, "unplug -1", "Seconds are a number from 0 to 1000000,"),
        (OPENEVSE, "gfi now", "Write it so: gfi."),
        (MODBUS, "echo maybe", "It is on or off, not 'maybe'."),
        (MODBUS, "set 261", "Write it so: set ADDRESS VALUE."),
        (MODBUS, "set 70000 1", "An address is a whole number from 0 to 65535"),
        (MODBUS, "set 261 -1", "A value is a whole number from 0 to 65535"),
        (CONSOLE, "quit now", "Write it so: quit."),
    ],
)
def test_mistakes_are_told_in_a_sentence(forms: Mapping[str, Form], line: str, sentence: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse(line, forms)
    assert str(caught.value).startswith(sentence)


@given(
    forms=st.sampled_from(ALL),
    line=st.text()
    | st.sampled_from(sorted(set().union(*ALL))).flatmap(lambda name: st.text().map(f"{name} ".__add__)),
)
def test_any_text_is_a_command_nothing_or_a_mistake(forms: Mapping[str, Form], line: str) -> None:
    try:
        parse(line, forms)
    except ScriptError as error:
        assert str(error)


@pytest.mark.parametrize("forms", ALL)
def test_every_command_can_be_written_as_its_form_says(forms: Mapping[str, Form]) -> None:
    words = {
        "A|B|C|D": "A",
        "on|off": "on",
        "AMPERES": "6",
        "CELSIUS": "20",
        "SECONDS": "1",
        "ADDRESS": "1",
        "VALUE": "1",
    }
    for name, form in forms.items():
        written = " ".join(words.get(word, word) for word in form.usage.split())
        command = parse(written, forms)
        assert command is not None and command.name == name
