"""How long a sender waits for a receiver, and what it makes of the silence. Pure; all in seconds."""

from __future__ import annotations

from typing import NamedTuple

from techtool.serviceport.xymodem.packets import LARGE, OVERHEAD
from techtool.serviceport.xymodem.script import Sort, Step

STALE_S = 0.8
"""A ``C`` so soon after a block was asked for before the block came: receivers wait for a second or longer."""
SETTLE_S = 0.2
"""How long the line must be quiet, beside the time that a block takes on it."""
TURN_S = 0.001
"""Left to a receiver between its answer and the next block where the wire does not take longer.

lrzsz's rb flushes its input after it has written an answer. On a UART that answer is still on its way then; on a
pseudo terminal, USB or a network the next block may be there already, and is thrown away.
"""
END_S = 2.5
"""The end of a file is not said again sooner: rb believes it when nothing has followed for a second."""
NEVER = float("inf")


class Patience(NamedTuple):
    """Limits; the time that a block takes on the wire comes on top."""

    start_s: float = 60.0
    """Until the receiver opens: somebody may have to type a command or press a button."""
    prepare_s: float = 30.0
    """Until it has taken the name and the first block: it may erase its flash before."""
    silent_s: float = 9.0
    """Without an answer in mid transfer."""
    repeat_s: float = 3.0
    """After which a block is sent again, as its answer may have got lost."""


class Waits:
    """The limits at one speed of the line."""

    def __init__(self, patience: Patience, baud: int) -> None:
        self._patience = patience
        self._byte_s = 10 / baud
        self._wire_s = self._byte_s * (LARGE + OVERHEAD)
        self.start_s = patience.start_s
        self.settle_s = SETTLE_S + self._wire_s
        """Another copy of a block may be on the wire when the first one is answered."""

    def turn_s(self, size: int, took_s: float) -> float:
        """Between an answer and the next block, where a block of this size was answered after so long.

        Sooner than its bytes take at this speed: it is no UART that they pass.
        """
        return TURN_S if took_s < size * self._byte_s else 0.0

    def before_end_s(self, slowest_s: float, strange: bool) -> float:
        """Between the last block's answer and the end of the file, which must not come too early.

        If one answer was noise, those that followed were each for the block before, and the last one is still to
        come: as late as the slowest, or later where anything strange was seen.
        """
        return self.settle_s if strange else min(2 * slowest_s, self.settle_s)

    def silence_s(self, step: Step, acknowledged: bool) -> float:
        """After the last answer, until the receiver counts as gone."""
        limit = self._patience.prepare_s if _prepares(step, acknowledged) else self._patience.silent_s
        return self._wire_s + limit

    def answer_s(self, step: Step) -> float:
        """After a step was sent, until it is sent again. Never where the receiver may have to prepare itself:
        it asks again when it is ready.
        """
        if _prepares(step, False):
            return NEVER
        repeat_s = self._patience.repeat_s
        return self._wire_s + (max(repeat_s, END_S) if step.sort is Sort.END else repeat_s)

    def letter_s(self, step: Step, sendings: int) -> float:
        """After a step was acknowledged, until the next one is sent unasked.

        A name that had to be sent again may have been asked for twice by what it takes for asking for the file.
        """
        return self._patience.repeat_s if sendings > 1 and step.sort is Sort.HEADER else NEVER


def _prepares(step: Step, acknowledged: bool) -> bool:
    return step.sort is Sort.HEADER or (step.sort is Sort.DATA and step.asked and not acknowledged)
