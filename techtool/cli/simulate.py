"""``techtool simulate``: a charger to train and test with."""

from __future__ import annotations

from typing import Annotated

import typer

from techtool.cli import options, output
from techtool.cli.exits import Exit
from techtool.cli.reply import Reply

app = typer.Typer(help="A charger for training and tests, on a real socket.", no_args_is_help=True)


def _list_quirks(wanted: bool) -> None:
    if not wanted:
        return
    from techtool.simulator.quirks import QUIRKS

    for name, text in sorted(QUIRKS.items()):
        output.say(f"{name:<22} {text}")
    raise typer.Exit


@app.command()
def ocpp(
    url: Annotated[str, typer.Argument(help="The back office, without the identity.")] = "ws://127.0.0.1:9000/",
    identity: Annotated[str, typer.Option("--id", help="What the charger is called.")] = "SIM-001",
    version: Annotated[str, typer.Option("--ocpp", metavar="VERSION", help="1.6, 2.0.1 or 2.1.")] = "1.6",
    connectors: Annotated[
        int, typer.Option("--connectors", min=1, max=16, help="How many; in 2.x each is an EVSE.")
    ] = 2,
    quirk: Annotated[
        list[str] | None,
        typer.Option("--quirk", metavar="NAME[,NAME]", help="Misbehave like this; --quirks lists the names."),
    ] = None,
    quirks: Annotated[
        bool,
        typer.Option("--quirks", callback=_list_quirks, is_eager=True, help="List all quirks and end."),
    ] = False,
    password: Annotated[str | None, typer.Option("--password", help="HTTP Basic password to send.")] = None,
    autoplay: Annotated[
        bool,
        typer.Option("--autoplay", help="Live by itself: cars come, charge and leave; connector 2 has faults."),
    ] = False,
) -> None:
    """A charge point. Lines on stdin move it: plug 1, tap 04A1B2C3, fault 1 GroundFailure, offline 30, help."""
    names = frozenset(name.strip() for group in quirk or () for name in group.split(",") if name.strip())
    protocol = options.version(version, "--ocpp").removeprefix("ocpp")

    reply = Reply("simulate", as_json=False)

    async def main() -> Exit:
        from techtool.simulator.options import SimulatorOptions
        from techtool.simulator.runner import SimulatorEvent, run
        from techtool.simulator.stdin import typed_lines
        from techtool.text import safe

        try:
            wanted = SimulatorOptions(
                url=url,
                identity=identity,
                version=protocol,
                connectors=connectors,
                quirks=names,
                password=password,
                autoplay=autoplay,
            )
        except ValueError as error:
            reply.fail(Exit.USAGE, str(error), "usage")

        def show(event: SimulatorEvent) -> None:
            output.note(safe(f"{event.kind:<10} {event.text}"))

        await run(wanted, typed_lines(), show)
        return Exit.DONE

    from techtool.cli import connect

    connect.run(main, reply)
