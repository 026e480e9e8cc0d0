"""Whatever is sent and done, nothing breaks, and nothing is answered that was not asked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from techtool.simulator.openevse.quirks import QUIRKS
from tests.simulator.openevse.bench import Bench

WORDS = st.lists(
    st.sampled_from(["0", "1", "2", "16", "300", "x", "V", "M", "G", "E", ":2A", "", "^00"]), max_size=4
)
COMMANDS = st.builds(
    lambda name, words: f"${' '.join([name, *words])}\r".encode(),
    st.from_regex(r"[A-Z][A-Z0-9]", fullmatch=True) | st.sampled_from(["FR", "FD", "FE", "FS", "SC", "FF", "SY"]),
    WORDS,
)
LINES = st.sampled_from(
    [*(f"car {car}" for car in "ABCD"), "amps 9", "gfi", "ground", "diode", "relay", "temp 72", "clear", "reboot"]
)
STEPS = st.lists(st.tuples(st.binary(max_size=80) | COMMANDS | LINES, st.floats(0, 5)), max_size=25)


@settings(deadline=None)
@given(STEPS, st.sets(st.sampled_from(sorted(QUIRKS.keys() - {"flood", "echo"})), max_size=2))
def test_any_bytes_at_any_times(steps: list[tuple[bytes | str, float]], quirks: set[str]) -> None:
    bench = Bench(*quirks)
    questions = 0
    for what, seconds in steps:
        if isinstance(what, bytes):
            questions += what.count(b"\r")
            bench.send(what)
        else:
            bench.type(what)
        bench.wait(seconds)
    bench.wait(15)
    said = bench.said().split(b"\r")
    assert sum(b"$OK" in line or b"$NK" in line for line in said) <= questions
    assert bench.charger.due() > bench.now


@settings(deadline=None)
@given(STEPS)
def test_it_can_always_be_reset_to_what_it_was(steps: list[tuple[bytes | str, float]]) -> None:
    bench = Bench()
    for what, seconds in steps:
        if isinstance(what, bytes):
            bench.send(what)
        else:
            bench.type(what)
        bench.wait(seconds)
    bench.type("car A", "clear", "reboot")
    bench.wait(15)
    assert bench.state()[0] == "01"
