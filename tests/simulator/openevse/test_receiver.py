import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.rapi.frames import Frame, encode
from techtool.simulator.openevse.receiver import Command, Receiver, number, parse


def lines(data: bytes) -> list[bytes]:
    receiver = Receiver()
    return [line for byte in data if (line := receiver.take(byte)) is not None]


@pytest.mark.parametrize(
    ("data", "heard"),
    [
        (b"$GS\r", [b"$GS"]),
        (b"garbage$$GV^35\r", [b"$GV^35"]),
        (b"GS\r\n\r", []),
        (b"$G$GS\rrest\r$GV\r", [b"$GS", b"$GV"]),
        (b"$" + b"x" * 30 + b"\r", [b"$" + b"x" * 30]),
        (b"$" + b"x" * 31 + b"\r$GS\r", [b"$GS"]),
        (b"$" + b"x" * 99 + b"\r", []),
    ],
)
def test_lines(data: bytes, heard: list[bytes]) -> None:
    assert lines(data) == heard


@pytest.mark.parametrize(
    ("line", "command"),
    [
        (b"$GV", Command("GV")),
        (b"$GV^35", Command("GV")),
        (b"$GV*C1", Command("GV")),
        (b"$GV*c1", Command("GV")),
        (b"$GV^00", None),
        (b"$GV^", None),
        (b"$GV*C2", None),
        (b"$GS :2a", Command("GS", (), 0x2A)),
        (b"$GS :00", Command("GS")),
        (b"$GS :zz", Command("GS")),
        (b"$SC 16 V", Command("SC", ("16", "V"))),
        (b"$GSxyz", Command("GS")),
        (b"$", Command("")),
        (b"$ST 1 2 3 4 5 6 7 8 9", Command("ST", tuple("123456789"))),
        (b"$ST 1 2 3 4 5 6 7 8 9 0", None),
        (b"$GS\0nonsense^00", Command("GS")),
    ],
)
def test_commands(line: bytes, command: Command | None) -> None:
    assert parse(line) == command


def test_without_ids_they_are_arguments() -> None:
    assert parse(b"$GS :2A", ids=False) == Command("GS", (":2A",))


@pytest.mark.parametrize(("word", "value"), [("16", 16), ("x", 72), ("300", 300), ("", 0), ("4294967297", 1)])
def test_numbers_are_what_the_firmware_makes_of_them(word: str, value: int) -> None:
    assert number(word) == value


@given(st.integers(1, 255), st.lists(st.sampled_from(["1", "V", "22"]), max_size=3))
def test_what_techtool_sends_is_understood(sequence: int, words: list[str]) -> None:
    (line,) = lines(encode(Frame("SC", tuple(words), f"{sequence:02X}")))
    assert parse(line) == Command("SC", tuple(words), sequence)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    for line in lines(data):
        assert len(line) <= 31
        parse(line)
