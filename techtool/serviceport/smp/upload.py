"""An image sent over a line that stands, from the first packet to the device's own list. An edge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from techtool.serviceport.port import LinkLost
from techtool.serviceport.smp.asks import Ask
from techtool.serviceport.smp.dialogue import Ended as Asked
from techtool.serviceport.smp.dialogue import Ending as Answering
from techtool.serviceport.smp.image import Image
from techtool.serviceport.smp.sending import Sender
from techtool.serviceport.smp.sent import Ended, Progress

LOST_S = 30.0
"""A port that went away has so long to come back."""
TOLD_S = 0.1
"""How often progress is told at most."""


class Wire(Protocol):
    """Where requests go."""

    async def call(self, command: Ask, within: float | None = None) -> Asked:
        """Have the device do something. Raises LinkLost."""

    async def opened(self) -> None:
        """Wait until the port is open."""


async def upload(
    wire: Wire,
    image: Image,
    *,
    number: int = 0,
    told: Callable[[Progress], None] | None = None,
    ended: Callable[[Ended], None] | None = None,
) -> Ended:
    """Send it, over lost cables and resets, and look whether the device has it.

    ``told`` hears how far it is, ``ended`` how it ended, also where this is cancelled; both in the loop.
    """
    loop = asyncio.get_running_loop()
    sender = Sender(image, loop.time(), number)
    told_at = float("-inf")
    try:
        while (ask := sender.next(loop.time())) is not None:
            try:
                asked = await wire.call(ask, sender.within)
            except LinkLost as lost:
                await _wait(wire, sender, str(lost))
            else:
                if asked.ending is Answering.LINK_LOST:
                    await _wait(wire, sender, "the port was lost")
                else:
                    sender.answered(asked, loop.time())
            if told is not None and (sender.ended is not None or loop.time() >= told_at + TOLD_S):
                told_at = loop.time()
                told(sender.progress(told_at))
    finally:
        over = sender.cancel(loop.time())  # changes nothing once it has ended
        if ended is not None:
            ended(over)
    return over


async def _wait(wire: Wire, sender: Sender, why: str) -> None:
    try:
        async with asyncio.timeout(LOST_S):
            await wire.opened()
    except TimeoutError:
        sender.lost(why, asyncio.get_running_loop().time())
    else:
        sender.interrupted()
