"""Each quirk really misbehaves, and the same charger without it does not."""

from collections.abc import Callable

import pytest

from techtool.serviceport.rapi.framer import Framer, Piece, Sort
from techtool.serviceport.rapi.frames import Frame, encode
from techtool.simulator.openevse.quirks import QUIRKS
from tests.simulator.openevse.bench import Bench

SHOWN: dict[str, Callable[[Bench], bool]] = {}


def shows(quirk: str) -> Callable[[Callable[[Bench], bool]], Callable[[Bench], bool]]:
    def add(check: Callable[[Bench], bool]) -> Callable[[Bench], bool]:
        SHOWN[quirk] = check
        return check

    return add


def ask(bench: Bench, count: int = 1, seconds: float = 0.2) -> list[tuple[float, bytes]]:
    """What is said after ``$GS`` was asked so often, and how long after the last."""
    before = len(bench.pieces)
    for _ in range(count):
        begun = bench.now
        bench.send(encode(Frame("GS", (), "2A")))
        bench.wait(seconds)
    return [(at - begun, data) for at, data in bench.pieces[before:]]


def pieces(said: list[tuple[float, bytes]]) -> list[Piece]:
    framer = Framer()
    return framer.feed(b"".join(data for _, data in said)) + framer.flush()


def sorts(said: list[tuple[float, bytes]]) -> set[Sort]:
    return {piece.sort for piece in pieces(said)}


def frames(said: list[tuple[float, bytes]]) -> list[Frame]:
    return [piece.frame for piece in pieces(said) if piece.frame is not None]


ANSWER = Frame("OK", ("01", "0", "01", "0200"), "2A")


@shows("noise")
def noise(bench: Bench) -> bool:
    said = ask(bench, 3)
    assert frames(said) == [ANSWER] * 3, "between the noise it is all there"
    return Sort.JUNK in sorts(said)


@shows("bit-flips")
def bit_flips(bench: Bench) -> bool:
    said = ask(bench, 20)
    assert len(frames(said)) >= 15
    return len(frames(said)) < 20


@shows("wrong-speed")
def wrong_speed(bench: Bench) -> bool:
    said = ask(bench)
    return sorts(said) == {Sort.JUNK} and not frames(said)


@shows("chatter")
def chatter(bench: Bench) -> bool:
    said = ask(bench)
    assert frames(said) == [ANSWER]
    return pieces(said)[0].sort is Sort.CHATTER


@shows("silent")
def silent(bench: Bench) -> bool:
    bench.type("car B")
    said = ask(bench, seconds=5)
    assert any(one.kind == "sent" and "$OK" in one.text for one in bench.reports), "it did it"
    return said == []


@shows("late-answers")
def late(bench: Bench) -> bool:
    bench.type("car B")
    said = ask(bench, seconds=3)
    (news,) = (at for at, data in said if b"$AT" in data)
    assert news < 0.5, "it is never late"
    (answer,) = (at for at, data in said if b"$OK" in data)
    return 1.5 < answer < 1.6


@shows("echo")
def echo(bench: Bench) -> bool:
    said = b"".join(data for _, data in ask(bench))
    return said.startswith(encode(Frame("GS", (), "2A"))) and said.endswith(b"\r\n")


@shows("split")
def split(bench: Bench) -> bool:
    said = ask(bench)
    assert frames(said) == [ANSWER]
    return all(len(data) == 1 for _, data in said) and len({at for at, _ in said}) == len(said)


@shows("merged")
def merged(bench: Bench) -> bool:
    ((_, data),) = ask(bench)
    return [frame.name for frame in frames([(0.0, data)])] == ["OK", "AT"]


@shows("no-sequence")
def no_sequence(bench: Bench) -> bool:
    (answer,) = frames(ask(bench))
    return answer == ANSWER._replace(sequence=None)


@shows("reboots")
def reboots(bench: Bench) -> bool:
    said = ask(bench, 20)
    return len(frames(said)) == 19 and pieces(said)[-1].sort is Sort.JUNK


@shows("flood")
def flood(bench: Bench) -> bool:
    said = ask(bench, seconds=1)
    assert ANSWER in frames(said)
    return sum(len(data) for _, data in said) > 80_000


@pytest.mark.parametrize("quirk", sorted(QUIRKS))
def test_it_misbehaves_and_only_with_the_quirk(quirk: str) -> None:
    assert SHOWN[quirk](Bench(quirk))
    assert not SHOWN[quirk](Bench())


def test_a_charger_that_reboots_comes_back() -> None:
    bench = Bench("reboots")
    ask(bench, 20)
    bench.wait(5)
    assert b"$AB 00 8.2.3.EU^20" in bench.lines()
    assert frames(ask(bench)) == [ANSWER]
