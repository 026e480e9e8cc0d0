"""Two slots, an upload into the second, and what MCUboot makes of them at a start. Pure.

Sources: docs.zephyrproject.org, SMP group 1; docs.mcuboot.com, "Image swapping".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from techtool.simulator.smp import images
from techtool.simulator.smp.faults import BAD_STATE, INVALID, NO_ENTRY, Fault
from techtool.simulator.smp.images import Image

GROUP = 1
NO_IMAGE, NO_FREE_SLOT, INVALID_SLOT, INVALID_LENGTH = 3, 9, 14, 21
BAD_MAGIC, BAD_HASH, PENDING, TOO_LARGE, TEST_OF_ACTIVE = 23, 24, 28, 30, 33
"""The group's own codes."""
SIZE = 512 * 1024
"""Bytes of a slot."""


@dataclass(slots=True)
class _Upload:
    size: int
    sha: bytes
    data: bytearray = field(default_factory=bytearray)


class Flash:
    """What is kept without power; an upload that is under way is not."""

    def __init__(self, running: bytes | None = None) -> None:
        first = images.read(running if running is not None else images.made((1, 0, 0)))
        assert first is not None, "it must run something"
        self.slots: list[Image | None] = [first, None]
        self.confirmed = True
        self.pending: str | None = None
        """``test`` or ``permanent``: what the second slot is marked for."""
        self.spoils = False
        """It keeps something else than it was sent."""
        self._upload: _Upload | None = None

    def listed(self) -> list[dict[str, Any]]:
        """The images, with the states that hold."""
        found = []
        for slot, image in enumerate(self.slots):
            if image is None:
                continue
            states = {
                "active": slot == 0,
                "confirmed": slot == 0 and self.confirmed,
                "pending": slot == 1 and self.pending is not None,
                "permanent": slot == 1 and self.pending == "permanent",
            }
            entry = {"image": 0, "slot": slot, "version": image.version, "hash": image.hash, "bootable": True}
            found.append({**entry, **states})
        return found

    def mark(self, hash: bytes | None, *, confirm: bool) -> None:
        """Have an image start next time, or stay."""
        if hash is None:
            if not confirm:
                raise Fault(BAD_HASH, GROUP, INVALID)
            self.confirmed = True
            return
        slot = next((at for at, one in enumerate(self.slots) if one is not None and one.hash == hash), None)
        if slot is None:
            raise Fault(NO_IMAGE, GROUP, NO_ENTRY)
        if slot == 0:
            if not confirm:
                raise Fault(TEST_OF_ACTIVE, GROUP, BAD_STATE)
            self.confirmed = True
        else:
            self.pending = "permanent" if confirm else "test"

    def erase(self, slot: int) -> None:
        """Empty it, if it is not in use."""
        if slot != 1:
            raise Fault(INVALID_SLOT if slot else NO_FREE_SLOT, GROUP, INVALID)
        if self.pending is not None or not self.confirmed:
            raise Fault(PENDING, GROUP, BAD_STATE)
        self.slots[1] = None
        self._upload = None

    def upload(self, request: dict[str, Any]) -> dict[str, Any]:
        """A part of an image: where the next one must begin."""
        offset, data = request.get("off"), request.get("data")
        if not isinstance(offset, int) or not isinstance(data, bytes):
            raise Fault(INVALID)
        if offset == 0:
            self._begin(request, data)
        upload = self._upload
        if upload is None:
            return {"off": 0}
        if offset != len(upload.data):
            return {"off": len(upload.data)}
        if offset + len(data) > upload.size:
            raise Fault(31, GROUP, INVALID)
        upload.data += data
        if len(upload.data) < upload.size:
            return {"off": len(upload.data)}
        return {"off": upload.size, "match": self._end(upload)}

    def start(self) -> None:
        """MCUboot runs: what is marked is swapped in, what was not confirmed goes back."""
        self._upload = None
        if self.pending is None and self.confirmed:
            return
        self.slots.reverse()
        self.confirmed = self.pending != "test"
        self.pending = None

    def _begin(self, request: dict[str, Any], data: bytes) -> None:
        size, sha = request.get("len"), request.get("sha")
        if not isinstance(size, int):
            raise Fault(INVALID_LENGTH, GROUP, INVALID)
        sha = sha if isinstance(sha, bytes) else b""
        if self._upload is not None and sha and self._upload.sha == sha:
            return  # the same file again: it goes on where it was
        if not images.is_header(data):
            raise Fault(BAD_MAGIC, GROUP, INVALID)
        if size > SIZE:
            raise Fault(TOO_LARGE, GROUP, INVALID)
        if self.pending is not None or not self.confirmed:
            raise Fault(NO_FREE_SLOT, GROUP, BAD_STATE)
        self.slots[1] = None
        self._upload = _Upload(size, sha)

    def _end(self, upload: _Upload) -> bool:
        self._upload = None
        data = bytes(upload.data)
        self.slots[1] = images.read(data)
        if self.spoils and self.slots[1] is not None:
            self.slots[1] = self.slots[1]._replace(hash=bytes(32))
        return not upload.sha or hashlib.sha256(data).digest() == upload.sha
