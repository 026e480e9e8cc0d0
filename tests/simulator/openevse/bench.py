"""A simulated OpenEVSE under a clock of the test's own."""

from __future__ import annotations

from techtool.serviceport.rapi.frames import Frame, decode, encode
from techtool.simulator.effects import Quit, Report
from techtool.simulator.openevse.charger import Charger
from techtool.simulator.serviceport.device import Effect, Say, Unplug


class Bench:
    """Time goes on only by :meth:`until` and :meth:`wait`; everything said is kept with its time."""

    def __init__(self, *quirks: str, now: float = 1000.0, booted: bool = True) -> None:
        self.now = now
        self.charger = Charger(now, frozenset(quirks), seed=1)
        self.pieces: list[tuple[float, bytes]] = []
        self.reports: list[Report] = []
        self.unplugged: list[float] = []
        self.ended = False
        self._read = 0
        if booted:
            self.wait(3)
            self.said()

    def until(self, end: float) -> None:
        while (due := self.charger.due()) <= end:
            self.now = max(self.now, due)
            self._take(self.charger.tick(self.now))
        self.now = end

    def wait(self, seconds: float) -> None:
        self.until(self.now + seconds)

    def send(self, data: bytes) -> None:
        self._take(self.charger.received(self.now, data))

    def type(self, *lines: str) -> None:
        for line in lines:
            self._take(self.charger.command(self.now, line))

    def said(self) -> bytes:
        """What was said since this was asked last."""
        new = self.pieces[self._read :]
        self._read = len(self.pieces)
        return b"".join(data for _, data in new)

    def lines(self) -> list[bytes]:
        """What was said since, by lines."""
        return [line.strip(b"\n") for line in self.said().split(b"\r") if line.strip(b"\n")]

    def frames(self) -> list[Frame]:
        """The frames since; everything else is a mistake."""
        return [decode(line) for line in self.lines()]

    def ask(self, *words: str, seconds: float = 0.1) -> Frame:
        """The answer to a command, with whatever was said before it forgotten."""
        self.said()
        self.send(encode(Frame(words[0], words[1:], "2A")))
        self.wait(seconds)
        (answer,) = (frame for frame in self.frames() if frame.name in ("OK", "NK"))
        assert answer.sequence == "2A"
        return answer._replace(sequence=None)

    def state(self) -> tuple[str, ...]:
        """State, seconds, pilot, flags."""
        return self.ask("GS").arguments

    def _take(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Say(data):
                    self.pieces.append((self.now, data))
                case Report():
                    self.reports.append(effect)
                case Unplug(seconds):
                    self.unplugged.append(seconds)
                case Quit():
                    self.ended = True


def ok(*arguments: str) -> Frame:
    return Frame("OK", arguments)


def no(*arguments: str) -> Frame:
    return Frame("NK", arguments)
