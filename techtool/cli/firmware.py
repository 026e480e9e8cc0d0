"""``techtool firmware``: a new firmware for the charger."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import options, output
from techtool.cli.charger_options import for_a_charger
from techtool.cli.doing import at_the_charger, tell
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply
from techtool.text import safe

if TYPE_CHECKING:
    from techtool.station.firmware import Image, Step, Way

app = typer.Typer(help="A new firmware for the charger, at a service port.", no_args_is_help=True)
TOLD_S = 2.0
"""How often it is said how far it is."""


@app.command()
@for_a_charger()
def push(
    file: Annotated[Path, typer.Argument(metavar="IMAGE", help="The file, as the vendor gives it.")],
    *,
    start: Annotated[
        str | None,
        typer.Option("--type", metavar="LINE", help="Type this line before, to start the receiver: like loady."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="ymodem, xmodem-1k or xmodem; the profile's if left out."),
    ] = None,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Send a file to a boot loader behind a console, or over SMP into the second slot, all of it acknowledged.

    `techtool firmware push image.bin --type loady --serial /dev/ttyUSB0 --protocol console`

    `techtool firmware push app_update.bin --serial /dev/ttyUSB0 --protocol smp`: done (exit 0) when the device's
    own list shows the image. It runs after `techtool call test` and `techtool call reset`.

    The receiver has a minute to start. Ctrl-C tells it to give up. Exit code 0 where the boot loader said that it
    took the file (a profile knows the words), 5 where every byte was acknowledged and nothing more is known (also
    where only the goodbye after the file was not answered), 1 where it was cancelled or refused by the receiver, 4
    where the receiver fell silent, 6 where this wire takes none.
    """
    from techtool import image_file
    from techtool.cli import connect
    from techtool.station.firmware import Image, Way

    reply = Reply("firmware push", as_json=as_json)
    try:
        read = image_file.read(file)
    except image_file.UnreadableError as error:
        reply.fail(Exit.USAGE, str(error), "no-file")
    connect.run(lambda: _push(wanted, Image(read.name, read.data), Way(start, by), reply), reply)


async def _push(wanted: Linking, image: Image, way: Way, reply: Reply) -> Exit:
    import asyncio

    from techtool.station.firmware import sent_by

    said = float("-inf")

    def told(step: Step) -> None:
        nonlocal said
        reply.so_far = {"sent": step.sent, "total": step.total}
        if time.monotonic() >= said + TOLD_S:
            said = time.monotonic()
            left = f", {step.left_s:.0f} s left" if step.left_s is not None else ""
            output.note(f"{step.sent:,} of {step.total:,} bytes ({step.sent * 100 // step.total} %){left}")

    async with at_the_charger(wanted, reply, only="the firmware") as (visit, identity):
        firmware = visit.able.firmware(identity)
        examined = firmware.examine(image, way)
        about = f", {examined.words}" if examined.words else ""
        output.note(safe(f"{image.name}: {len(image.data):,} bytes{about}. By {sent_by(firmware.known, way)}."))
        if examined.doubt:
            output.note(f"Careful: {safe(examined.doubt)}.")
        output.note(f"{identity}: do not unplug, and do not cut the power. Ctrl-C stops it.")
        try:
            outcome = await visit.able.push_firmware(image, way, identity=identity, told=told)
        except asyncio.CancelledError:
            far = reply.so_far or {"sent": 0, "total": len(image.data)}
            output.note(f"Image incomplete: {far['sent']:,} of {far['total']:,} bytes acknowledged.")
            raise
        return tell(reply, identity, outcome)
