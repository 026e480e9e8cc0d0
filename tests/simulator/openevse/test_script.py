import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator.openevse import script
from techtool.simulator.openevse.script import Command, parse
from techtool.simulator.script import ScriptError
from tests.simulator.openevse.bench import Bench


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("car b", Command("car", car="B")),
        ("amps 15.5", Command("amps", 15.5)),
        ("  GFI ", Command("gfi")),
        ("temp -5", Command("temp", -5.0)),
        ("unplug 3", Command("unplug", 3.0)),
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
        ("temp 1000", "Degrees are a number from -40 to 125, not '1000'."),
        ("unplug -1", "Seconds are a number"),
        ("gfi now", "Write it so: gfi."),
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


def test_what_is_no_news_to_the_laptop_is_told_to_the_person() -> None:
    bench = Bench()
    bench.type("dance", "help", "unplug 3")
    assert [one.kind for one in bench.reports[-2:]] == ["problem", "help"]
    assert all(usage in bench.reports[-1].text for usage in script.USAGE.values())
    assert bench.unplugged == [3.0] and not bench.ended
    bench.type("quit")
    assert bench.ended
