"""``techtool reset``: the charger starts anew."""

from __future__ import annotations

from typing import Annotated

import typer

from techtool.cli import options
from techtool.cli.charger_options import for_a_charger
from techtool.cli.doing import at_the_charger, tell
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply


@for_a_charger()
def reset(
    *,
    force: Annotated[bool, typer.Option("--force", help="Also while a car charges: its session ends.")] = False,
    wanted: Linking,
    as_json: options.Json = False,
) -> None:
    """Have the charger start anew, and look whether it did.

    `techtool reset`, over OCPP (Soft in 1.6, Immediate in 2.x): done (exit 0) when it has booted.

    `techtool reset --serial /dev/ttyUSB0`

    `techtool reset --serial /dev/ttyUSB0 --profile phoenix-ev-ser`, or with --protocol smp

    There it is done when the charger says that it starts, or fell silent, and answers again. While a car
    charges nothing is done without --force, as far as this wire tells: a shell and SMP know nothing of cars.

    Exit code 1 if it refused, 2 if a car charges (without --force), 4 if it did not answer or did not come back, 5
    if it said yes and nothing shows that it started, 6 if this wire cannot do it.
    """
    from techtool.cli import connect

    reply = Reply("reset", as_json=as_json)
    connect.run(lambda: _reset(wanted, force, reply), reply)


async def _reset(wanted: Linking, force: bool, reply: Reply) -> Exit:
    async with at_the_charger(wanted, reply, only="the reset") as (visit, identity):
        outcome = await visit.able.reboot(identity=identity, force=force)
        return tell(reply, identity, outcome._replace(result={"records": list(outcome.records)}))
