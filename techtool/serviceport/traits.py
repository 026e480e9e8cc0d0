"""What bytes from a service port tell of the device behind it. Pure.

Sources: SERIAL.md 4.3; OpenEVSE/open_evse rapi_proc.h; Zephyr's smp-console.md; the boot messages of ESP32, Zephyr
and U-Boot; SmartEVSE's CLI.md.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from techtool.serviceport.rapi.framer import Framer
from techtool.serviceport.rapi.frames import Frame, frame_of, is_told
from techtool.text import decoded

SHOWN = 60
"""Characters of what was heard that stand in an evidence."""
_ESCAPES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")
_TEXT = frozenset(range(0x20, 0x7F)) | {0x08, 0x09, 0x0A, 0x0D, 0x1B}
_RAPI = re.compile(rb"\$[^$\r\n]{2,250}\^[0-9A-Fa-f]{2}[\r\n]")
_SMP = re.compile(rb"\x06\x09([A-Za-z0-9+/=]{12,})[\r\n]")


class Where(NamedTuple):
    """On which line a box with registers answers."""

    unit: int
    baud: int
    format: str


class Trait(NamedTuple):
    """A reason to think that it is this."""

    protocol: str
    """``openevse``, ``smp``, ``console`` or ``modbus``."""
    name: str
    sure: int
    """1 to 100; 100 where a checksum proves it."""
    evidence: str
    quiet: bool = False
    """It must not be spoken to: a key stops U-Boot, a login takes every line for a name, a question for a yes."""
    profile: str | None = None
    """The profile that drives it, where one that comes with techtool does."""
    where: Where | None = None
    """Of a box on an RS-485 line."""


class _Words(NamedTuple):
    """Words that only one kind of device says."""

    pattern: re.Pattern[bytes]
    name: str
    sure: int
    quiet: bool = False
    profile: str | None = "generic-console"


_SAID = (
    _Words(re.compile(rb"U-Boot \S+|Hit any key to stop autoboot"), "U-Boot", 90, True),
    _Words(re.compile(rb"[^\r\n]{0,30}login: ?$"), "Linux login", 90, True),
    _Words(re.compile(rb"(?i)[^\r\n]{0,30}\bpass(?:word|wort|phrase|code)?: ?$"), "password prompt", 90, True),
    _Words(re.compile(rb"(?i)[^\r\n]{0,40}[\[(](?:y(?:es)?/no?|j/n)[\])][^\w\r\n]{0,3}$"), "question", 90, True),
    _Words(re.compile(rb"SMART ?EVSE[^\r\n]*", re.I), "SmartEVSE v2 menu", 90, profile="smartevse-v2-cli"),
    _Words(re.compile(rb"uart:~\$"), "Zephyr shell", 90, profile="zephyr-shell"),
    _Words(re.compile(rb"\*\*\* Booting Zephyr[^\r\n]*"), "Zephyr", 80, profile="zephyr-shell"),
    _Words(re.compile(rb"rst:0x\w+|boot:0x\w+"), "ESP32", 80),
    # after a line or a word: a lone $ is left over from something else
    _Words(re.compile(rb"(?:[\r\n]|^(?=.*\w))[^\r\n]{0,30}[>#$] ?$"), "some console", 50),
)
"""All of them are consoles."""


def traits(heard: bytes) -> list[Trait]:
    """Every reason in these bytes, the surest first."""
    plain = _ESCAPES.sub(b"", heard)
    found = [*_rapi(heard), *_smp(heard)]
    for words in _SAID:
        if (match := words.pattern.search(plain)) is not None:
            said = decoded(match[0].strip(), SHOWN)
            found.append(Trait("console", words.name, words.sure, f'it says "{said}"', words.quiet, words.profile))
    return _best(found)


def proofs(heard: bytes) -> dict[str, bytes]:
    """What in these bytes has the right checksum, one of each kind: quick, also in a flood."""
    found: dict[str, bytes] = {}
    for frame, line in frames(heard):
        found.setdefault(f"${frame.name}", line)
    if (packet := _smp_packet(heard)) is not None:
        found["smp"] = packet
    return found


def frames(heard: bytes) -> Iterator[tuple[Frame, bytes]]:
    """What an OpenEVSE said in these bytes, each frame with its line."""
    for match in _RAPI.finditer(heard):
        frame = frame_of(match[0])
        if frame is not None and is_told(frame):
            yield frame, match[0]


def garbled(heard: bytes) -> bool:
    """More than a quarter of it is no text: most often the speed is wrong."""
    odd = sum(byte not in _TEXT for byte in heard)
    return len(heard) >= 8 and odd * 4 > len(heard)


def _best(found: Iterable[Trait]) -> list[Trait]:
    """Of consoles only the one that is known best: a prompt is no other device."""
    best: dict[str, Trait] = {}
    for one in sorted(found, key=lambda one: -one.sure):
        best.setdefault(one.protocol, one)
    return list(best.values())


def _rapi(heard: bytes) -> list[Trait]:
    framer = Framer()
    pieces = (*framer.feed(heard), *framer.flush())
    frames = [piece.frame for piece in pieces if piece.frame is not None and is_told(piece.frame)]
    if not frames:
        return []
    first = frames[0]
    said = decoded(" ".join((f"${first.name}", *first.arguments)).encode("latin-1"), SHOWN)
    many = f" and {len(frames) - 1} more" if len(frames) > 1 else ""
    return [Trait("openevse", "OpenEVSE", 100, f'it says "{said}"{many}, with the right checksum')]


def _smp(heard: bytes) -> list[Trait]:
    if _smp_packet(heard) is None:
        return []
    return [Trait("smp", "SMP (MCUmgr)", 100, "an SMP frame, with the right CRC")]


def _smp_packet(heard: bytes) -> bytes | None:
    """The first answer, as it came."""
    for match in _SMP.finditer(heard):
        try:
            packet = base64.b64decode(match[1], validate=True)
        except binascii.Error:
            continue
        whole = int.from_bytes(packet[:2], "big") == len(packet) - 2 and binascii.crc_hqx(packet[2:], 0) == 0
        if whole and packet[2] & 1:  # an even operation is a request: our own, come back
            return match[0]
    return None
