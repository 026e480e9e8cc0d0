import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator.modbus import script
from techtool.simulator.modbus.script import Command, parse
from techtool.simulator.script import ScriptError


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("car b", Command("car", car="B")),
        ("amps 15.5", Command("amps", amps=15.5)),
        ("  FAULT ", Command("fault")),
        ("echo ON", Command("echo", on=True)),
        ("silent off", Command("silent")),
        ("set 0x105 160", Command("set", address=261, value=160)),
        ("", None),
        ("# a remark", None),
    ],
)
def test_lines(line: str, command: Command | None) -> None:
    assert parse(line) == command


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("dance", "No such command: dance. There are: car"),
        ("car", "Write it so: car A|B|C|D."),
        ("car E", "A car is one of A, B, C, D, not 'E'."),
        ("amps many", "Amperes are a number from 0 to 100, not 'many'."),
        ("amps nan", "Amperes are a number"),
        ("echo maybe", "Write it so: echo on|off."),
        ("set 261", "Write it so: set ADDRESS VALUE."),
        ("set 70000 1", "An address is a whole number from 0 to 65535"),
        ("set 261 -1", "A value is a whole number from 0 to 65535"),
    ],
)
def test_mistakes_are_told_in_a_sentence(line: str, sentence: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse(line)
    assert str(caught.value).startswith(sentence)


@given(st.text() | st.sampled_from(sorted(script.USAGE)).flatmap(lambda name: st.text().map(f"{name} ".__add__)))
def test_any_text_is_a_command_nothing_or_a_mistake(line: str) -> None:
    try:
        parse(line)
    except ScriptError as error:
        assert str(error)
