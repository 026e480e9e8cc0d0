"""What is asked of an SMP device. Pure; smpclient's requests make the maps.

Source: docs.zephyrproject.org, the pages of the SMP groups 0, 1, 2, 3 and 9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smp.message import Request
from smpclient.requests import image_management as image
from smpclient.requests import os_management as system
from smpclient.requests import settings_management as setting
from smpclient.requests import shell_management as shell_group
from smpclient.requests import statistics_management as statistics

from techtool.serviceport.smp import cbor, commands
from techtool.serviceport.smp.messages import SIZE, Message, packet_of

READ, WRITE = 0, 2
TRIES = 2
"""Of what changes nothing. Anything else is never sent again by itself: it may have had its effect."""
SETTING_MOST = 4096
"""Bytes of a setting that are asked for; a device that has less room says so."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, without the number that it gets when it goes out."""

    group: int
    command: int
    writes: bool
    body: bytes
    tries: int
    """How often it is sent when nothing comes."""
    timeout: float
    """Seconds."""

    @property
    def known(self) -> commands.Known:
        """What is known of its kind."""
        return commands.known(self.writes, self.group, self.command)

    @property
    def words(self) -> str:
        """For people: ``image list``."""
        return self.known.words

    @property
    def changes(self) -> bool:
        """Whether it may change something at the device."""
        return self.known.changes

    def message(self, sequence: int) -> Message:
        """As it goes out."""
        return Message(WRITE if self.writes else READ, self.group, self.command, sequence, self.body)


def raw(*, writes: bool, group: int, command: int, values: Mapping[str, Any]) -> Ask:
    """Any request. Raises ValueError for what SMP cannot say."""
    ask = _ask(writes, group, command, cbor.body_of(dict(values)))
    packet_of(ask.message(0))
    return ask


def echo(text: str) -> Ask:
    """Whether it is there: it gives this text back."""
    return _made(system.EchoWrite(d=text))


def reset() -> Ask:
    """Start anew."""
    return _made(system.ResetWrite())


def parameters() -> Ask:
    """How large its buffers are."""
    return _made(system.MCUMgrParametersRead())


def application(format: str) -> Ask:
    """What runs; the letters of the format say which part of it, ``a`` is all."""
    return _made(system.OSApplicationInfoRead(format=format))


def bootloader(query: str | None = None) -> Ask:
    """What starts it; ``mode`` asks MCUboot how it installs an image."""
    return _made(system.BootloaderInformationRead(query=query) if query else system.BootloaderInformationRead())


def images() -> Ask:
    """What is in its slots."""
    return _made(image.ImageStatesRead())


def mark(hash: bytes | None, *, confirm: bool) -> Ask:
    """Have an image start next time, on trial or for good; without a hash it is the one that runs."""
    if hash is None:
        return _made(image.ImageStatesWrite(confirm=confirm))
    return _made(image.ImageStatesWrite(hash=hash, confirm=confirm))


def erase(slot: int | None) -> Ask:
    """Empty a slot; the device's choice, which is the second, if none is named."""
    return _made(image.ImageErase() if slot is None else image.ImageErase(slot=slot))


def first_part(data: bytes, *, whole: int, sha: bytes, number: int) -> Ask:
    """The start of an image: it says how long all of it is, and which one."""
    if not number:  # old firmware knows only one image, and takes no number
        return _made(image.ImageUploadWrite(off=0, data=data, len=whole, sha=sha))
    return _made(image.ImageUploadWrite(off=0, data=data, len=whole, sha=sha, image=number))


def part(data: bytes, offset: int) -> Ask:
    """More of an image."""
    return _made(image.ImageUploadWrite(off=offset, data=data))


def groups() -> Ask:
    """Which statistics there are."""
    return _made(statistics.ListOfGroups())


def counters(group: str) -> Ask:
    """The statistics of this name."""
    return _made(statistics.GroupData(name=group))


def get(name: str) -> Ask:
    """A setting."""
    return _made(setting.ReadSetting(name=name, max_size=SETTING_MOST))


def put(name: str, value: bytes) -> Ask:
    """Write a setting, which holds until the next start unless it is saved."""
    return _made(setting.WriteSetting(name=name, val=value))


def delete(name: str) -> Ask:
    """Remove a setting."""
    return _made(setting.DeleteSetting(name=name))


def commit() -> Ask:
    """Have settings take effect that were written."""
    return _made(setting.CommitSettings())


def save() -> Ask:
    """Keep all settings for the next start."""
    return _made(setting.SaveSettings())


def shell(words: list[str]) -> Ask:
    """A command of its shell."""
    return _made(shell_group.Execute(argv=words))


def ask_of(message: Message) -> Ask | None:
    """The request in a recorded message; None for an answer."""
    if message.answers:
        return None
    return _ask(message.writes, message.group, message.command, message.body)


def _made(request: Request) -> Ask:
    head = request.header
    return _ask(bool(head.op & WRITE), int(head.group_id), int(head.command_id), bytes(request)[SIZE:])


def _ask(writes: bool, group: int, command: int, body: bytes) -> Ask:
    known = commands.known(writes, group, command)
    timeout = commands.TIMEOUT_S if known.timeout is None else known.timeout
    return Ask(group, command, writes, body, 1 if known.changes else TRIES, timeout)
