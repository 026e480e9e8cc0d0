"""What a test says to a sender by hand, and what it hears."""

from __future__ import annotations

from techtool.serviceport.xymodem.images import Image
from techtool.serviceport.xymodem.outcome import Ended
from techtool.serviceport.xymodem.script import Variant
from techtool.serviceport.xymodem.sender import Sender

CONTENT = bytes(range(256)) * 9
ACK, NAK, CAN, EOT = b"\x06", b"\x15", b"\x18", b"\x04"
LATENCY_S = 0.1


class Talk:
    """What the test says to a sender, and what it hears."""

    def __init__(self, content: bytes = CONTENT, variant: Variant = Variant.YMODEM) -> None:
        self.now = 50.0
        self.sender = Sender([Image.of("fw.bin", content)], self.now, variant)

    def say(self, data: bytes, after: float = LATENCY_S) -> bytes:
        """What is sent then, when it has had the time to."""
        self.pass_time(after)
        self.sender.heard(data, self.now)
        sent = self.sender.take()
        return sent or self.pass_time(0.5)

    def pass_time(self, seconds: float) -> bytes:
        until, sent = self.now + seconds, b""
        while self.sender.running and self.sender.deadline <= until:
            self.now = max(self.now, self.sender.deadline)
            self.sender.tick(self.now)
            sent += self.sender.take()
        self.now = until
        return sent

    def until_data(self) -> bytes:
        """The first block of data."""
        assert self.say(b"C")[:2] == b"\x01\x00"
        return self.say(ACK + b"C")

    def until_end(self) -> bytes:
        """The end of the file."""
        sent = self.until_data()
        while sent[:1] in (b"\x01", b"\x02"):
            sent = self.say(ACK)
        return sent

    @property
    def ended(self) -> Ended:
        assert self.sender.ended is not None
        return self.sender.ended


def images(*contents: bytes) -> list[Image]:
    return [Image.of(f"{number}.bin", content) for number, content in enumerate(contents)]
