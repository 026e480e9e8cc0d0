"""``techtool ports``: the serial ports of this laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from techtool.cli import options, output
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.serviceport.ports import PortSeen

NONE = "No serial port. Plug the cable in (Linux: are you in group dialout?)."


def ports(as_json: options.Json = False) -> None:
    """List the serial ports, the one that came last first: what it is, and who has it open.

    Give one of them to --serial. The long name by its id stays the same wherever the adapter is plugged in.
    """
    from techtool.serviceport.ports import look

    found = look()
    if as_json:
        Reply("ports", as_json=True).give(verdict="proved", value={"ports": [_document(one) for one in found]})
        return
    for one in found:
        _show(one)
    if not found:
        output.say(NONE)


def _show(one: PortSeen) -> None:
    from techtool.text import safe

    usb = f"USB {one.usb}" if one.usb else None
    number = f"serial number {one.serial_number}" if one.serial_number else None
    words = [part for part in (one.description, one.maker, number, usb) if part]
    output.say(safe("  ".join([f"{one.device:<16}", *words])))
    for more in (one.by_id, one.trouble):
        if more:
            output.say(safe(f"                {more}"))


def _document(one: PortSeen) -> dict[str, Any]:
    from datetime import UTC, datetime

    from techtool.cli.documents import time

    return {
        "device": one.device,
        "description": one.description,
        "maker": one.maker,
        "serial_number": one.serial_number,
        "usb": one.usb,
        "by_id": one.by_id,
        "since": time(datetime.fromtimestamp(one.since, UTC)) if one.since is not None else None,
        "may_open": one.may_open,
        "user": one.users[0]._asdict() if one.users else None,
    }
