import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.simulator import script
from techtool.simulator.script import ScriptError, parse


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("plug 1", script.Plug(1)),
        ("unplug 2", script.Unplug(2)),
        ("tap 04A1B2C3", script.Tap("04A1B2C3", None)),
        ("tap 04A1B2C3 1", script.Tap("04A1B2C3", 1)),
        ("fault 1 GroundFailure", script.Fault(1, "GroundFailure")),
        ("fault 0 HighTemperature", script.Fault(0, "HighTemperature")),
        ("clear 1", script.Clear(1)),
        ("offline 30", script.Offline(30)),
        ("offline", script.Offline(None)),
        ("online", script.Online()),
        ("reboot", script.Reboot()),
        ("stop 1", script.Stop(1)),
        ("suspend 1", script.Suspend(1)),
        ("resume 1", script.Resume(1)),
        ("limit 1 10.5", script.Limit(1, 10.5)),
        ("meter", script.Meter()),
        ('send DataTransfer {"vendorId": "x"}', script.SendCall("DataTransfer", {"vendorId": "x"})),
        ("send Heartbeat", script.SendCall("Heartbeat", {})),
        ('raw [2, "1",  "X"', script.Raw('[2, "1",  "X"')),
        ("wait 0.5", script.Wait(0.5)),
        ("  QUIT  ", script.Quit()),
        ("help", script.Help()),
        ("", None),
        ("   # a remark", None),
    ],
)
def test_lines(line: str, command: script.Command | None) -> None:
    assert parse(line) == command


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("dance 1", "No such command: dance. There are: plug"),
        ("plug", "Write it so: plug CONNECTOR."),
        ("plug one", "A connector is a number from 1, not 'one'."),
        ("plug 0", "A connector is a number from 1, not '0'."),
        ("plug ١", "A connector is a number from 1"),
        ("limit 1 much", "Amperes are a number from 0"),
        ("wait -1", "Seconds are a number from 0"),
        ("wait nan", "Seconds are a number from 0"),
        ("send", "Write it so: send ACTION [JSON]."),
        ("send X {", "The payload of X is not JSON"),
        ("send X []", "The payload of X must be a JSON object."),
        ("raw", "Write it so: raw TEXT."),
        ("tap " + "0" * 37, "A card has at most 36 characters"),
        ("meter now", "Write it so: meter."),
    ],
)
def test_mistakes_are_told_in_a_sentence(line: str, sentence: str) -> None:
    with pytest.raises(ScriptError) as caught:
        parse(line)
    assert str(caught.value).startswith(sentence)
    assert str(caught.value).endswith(".")


@given(st.text())
def test_any_text_is_a_command_nothing_or_a_script_error(line: str) -> None:
    try:
        parse(line)
    except ScriptError as error:
        assert str(error)


@given(st.sampled_from(sorted(script.USAGE)), st.text(max_size=30))
def test_any_arguments(name: str, rest: str) -> None:
    try:
        command = parse(f"{name} {rest}")
    except ScriptError:
        return
    assert command is not None


@given(st.dictionaries(st.text(), st.one_of(st.none(), st.booleans(), st.integers(), st.text())))
def test_payloads_come_through(payload: dict[str, object]) -> None:
    assert parse(f"send Any {json.dumps(payload)}") == script.SendCall("Any", payload)
