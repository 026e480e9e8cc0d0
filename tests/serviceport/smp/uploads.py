"""An image on its way to a server, without a wire and without waiting: who sends, and who answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cbor2

from techtool.serviceport.smp import asks, cbor
from techtool.serviceport.smp.answers import Answer, answer_of
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended as Asked
from techtool.serviceport.smp.dialogue import Ending as Answering
from techtool.serviceport.smp.image import image_of
from techtool.serviceport.smp.messages import Message, message_of, packet_of
from techtool.serviceport.smp.refusals import Refusal
from techtool.serviceport.smp.sending import Sender
from techtool.serviceport.smp.sent import Ended
from techtool.simulator.smp.images import made
from techtool.simulator.smp.server import Server

IMAGE = image_of(made((2, 0, 0), 3000))
TOTAL = len(IMAGE.data)
PARAMETERS, LIST = asks.parameters(), asks.images()


class Bench:
    """A sender and a server; ``spoil`` may do something else with a request, by its number, than answer it."""

    def __init__(self, server: Server | None = None) -> None:
        self.server, self.sender, self.now = server or Server(), Sender(IMAGE, 0.0), 0.0
        self.asked: list[Ask] = []
        self.spoil: Callable[[int, Ask], Answering | dict[str, Any] | None] = lambda number, ask: None

    @property
    def parts(self) -> list[dict[str, Any]]:
        return [cbor.map_of(one.body) or {} for one in self.asked if (one.group, one.command) == (1, 1)]

    def step(self) -> bool:
        ask = self.sender.next(self.now)
        if ask is None:
            return False
        self.asked.append(ask)
        self.now += 0.01
        spoilt = self.spoil(len(self.asked), ask)
        if isinstance(spoilt, Answering):
            ended = Asked(1, ask, spoilt, None, 2.5, True)
        else:
            answer = self._answer(ask) if spoilt is None else answer_of(_told(ask, spoilt))
            ending = Answering.REFUSED if isinstance(answer, Refusal) else Answering.ANSWERED
            ended = Asked(1, ask, ending if answer is not None else Answering.TIMED_OUT, answer, 0.01, True)
        self.sender.answered(ended, self.now)
        return True

    def run(self) -> Ended:
        for _ in range(500):
            if not self.step():
                assert self.sender.ended is not None
                return self.sender.ended
        raise AssertionError("it does not end")

    def _answer(self, ask: Ask) -> Answer | None:
        message = message_of(self.server.answer(packet_of(ask.message(1))))
        return answer_of(message) if message is not None else None


def _told(ask: Ask, values: dict[str, Any]) -> Message:
    return Message(3 if ask.writes else 1, ask.group, ask.command, 1, cbor2.dumps(values))
