"""The dialogue with the real firmware again: the same questions at the same times, the same lines back.

What is not the same, and why:

- ``$GU`` after two seconds of charging: the energy begins to count with the first reading of the ammeter, and
  when that comes is a matter of single turns of the real loop, which vary. It must be near.
- When a line came: the firmware redraws its display for 0.3 s when it is disabled and when a fault ends, and
  was read in steps of 0.05 s. No line may come more than 0.4 s from its time.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.simulator.openevse.bench import Bench

RECORDED = Path(__file__).parents[2] / "frames" / "openevse-rapi.txt"
_LINE = re.compile(r"\s*([\d.]+) (->|<-|##)\s+(?:raw )?(.*)")
BOOTED_S = 10.0
"""The recording begins with a charger that is awake."""
SCRIPT = {"gfi 1": "gfi", "gfi 0": "clear"}
ENERGY = b"$OK 2970 0^1C"


def recorded() -> list[tuple[float, str, str]]:
    found = [_LINE.fullmatch(line) for line in RECORDED.read_text().splitlines()]
    assert all(found)
    return [(BOOTED_S + float(one[1]), one[2], one[3]) for one in found if one is not None]


def test_it_says_what_the_real_one_said_in_the_same_order() -> None:
    bench = Bench(now=0.0)
    heard: list[tuple[float, bytes]] = []
    for at, way, what in recorded():
        bench.until(at)
        if way == "->":
            bench.send(ast.literal_eval(what))
        elif way == "##":
            bench.type(SCRIPT.get(what, what))
        else:
            heard.append((at, ast.literal_eval(what)))
    bench.until(bench.now + 0.5)
    said = [(at, line) for at, data in bench.pieces if at > BOOTED_S for line in data.split(b"\r") if line]
    assert len(said) == len(heard) > 50
    for (at, line), (wanted_at, wanted) in zip(said, heard, strict=True):
        assert at == pytest.approx(wanted_at, abs=0.4), wanted
        if wanted == ENERGY:
            told, total = (int(word) for word in line.rpartition(b"^")[0].split()[1:])
            assert told == pytest.approx(2970, rel=0.15) and total == 0
        else:
            assert line == wanted


def test_it_greets_like_the_real_one() -> None:
    bench = Bench(booted=False)
    bench.wait(3)
    assert bench.said() == (
        b"\nrelayCloseMs: 100\r\n\nrelayHoldPwm: 255\r\n"
        b"$AT 00 00 0 0200^03\r$AB 00 8.2.3.EU^20\r$AT 01 01 32 0200^32\r"
    )


def test_a_reboot_takes_its_time() -> None:
    bench = Bench()
    bench.send(b"$FR :2A^59\r")
    bench.wait(1.4)
    bench.send(b"$GS^30\r")
    assert bench.said() == b""
    bench.wait(1.8)
    assert bench.lines() == [b"$OK :2A^49"], "so it was recorded; then it is gone"
    bench.wait(3)
    assert b"$AB 00 8.2.3.EU^20" in bench.lines()
    assert bench.pieces[-1][0] - bench.pieces[0][0] > 4
