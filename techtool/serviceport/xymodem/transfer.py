"""Files over an open port, from the receiver's first letter to its last acknowledgement. An edge."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from techtool.serviceport.port import LinkLost, Port
from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.outcome import Ended, Ending, Progress
from techtool.serviceport.xymodem.packets import ABORT
from techtool.serviceport.xymodem.patience import Patience
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.sender import Sender
from techtool.station.records import Direction
from techtool.timeouts import timeout_at

TOLD_S = 0.1
"""How often progress is told at most; a fast line would tell it thousands of times a second."""
STALL_S = 1.0
"""How often it is told while nothing comes: the clock goes on."""
AGAIN_S = 0.3
"""After which a receiver is told a second time to give up.

rb throws away what it has read together with a block, and would wait for most of a minute then.
"""


async def send(
    port: Port,
    images: Sequence[Image],
    *,
    variant: Variant = Variant.YMODEM,
    baud: int = 115_200,
    patience: Patience = Patience(),  # noqa: B008  a value
    told: Callable[[Progress], None] | None = None,
    passed: Callable[[Direction, bytes], None] | None = None,
) -> Ended:
    """Send the files; nobody else may use the port meanwhile. It is left open.

    ``told`` hears how far it is, ``passed`` every byte for the journal; both are called in the loop. A receiver is
    told to give up when this is cancelled. Raises ValueError for no file, or for several by XMODEM; whatever goes
    wrong on the line is in what it gives.
    """
    loop = asyncio.get_running_loop()
    sender = Sender(images, loop.time(), variant, patience, baud)
    told_at = float("-inf")

    def say(out: bytes) -> None:
        if out:
            if passed is not None:
                passed(Direction.LAPTOP, out)
            port.write(out)

    try:
        while sender.running:
            data = await _heard(port, min(sender.deadline, loop.time() + STALL_S))
            if data:
                if passed is not None:
                    passed(Direction.CHARGER, data)
                sender.heard(data, loop.time())
            else:
                sender.tick(loop.time())
            say(sender.take())
            if told is not None and (sender.ended is not None or loop.time() >= told_at + TOLD_S):
                told_at = loop.time()
                told(sender.progress(told_at))
    except LinkLost as lost:
        sender.lost(str(lost), loop.time())
    finally:
        ended = sender.cancel(loop.time())  # changes nothing once it has ended
        say(sender.take())
        if ended.ending is Ending.CANCELLED:
            await asyncio.sleep(AGAIN_S)
            say(ABORT)
    return ended


async def _heard(port: Port, until: float) -> bytes:
    """All that was said before our next block, which it does not answer; nothing where nothing came in time."""
    try:
        async with timeout_at(until):
            data = await port.read()
    except TimeoutError:
        return b""
    return data + port.at_hand()
