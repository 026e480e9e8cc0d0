"""All commands in one place. Only Typer is imported here: what a command needs it imports when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from techtool import __version__
from techtool.cli import (
    auth,
    call,
    config,
    doctor,
    firmware,
    listen,
    logs,
    options,
    ports,
    probe,
    reset,
    simulate,
    status,
    trace,
)
from techtool.cli import profile as profiles
from techtool.cli.charger_options import for_a_charger
from techtool.cli.linking import Linking

app = typer.Typer(
    name="techtool",
    help="The laptop becomes the charger's back office: live status, every byte, tests and settings.\n\n"
    "Without a command the terminal UI opens. `techtool demo` shows it with a simulated charger.",
    no_args_is_help=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"techtool {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
@for_a_charger(waits=False)
def ui(
    wanted: Linking,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version and end.")
    ] = False,
) -> None:
    """Open the terminal UI and wait for a charger."""
    from techtool.cli import ui as front

    front.open_ui(wanted)


@app.command()
def demo(
    what: Annotated[str, typer.Argument(metavar="WHAT", help="1.6, 2.0.1, 2.1 or openevse.")] = "1.6",
    journal: options.JournalPath = None,
) -> None:
    """Open the terminal UI with a simulated charger: nothing needs to be attached."""
    from techtool.cli import ui as front

    front.open_ui(options.linking(demo=options.demonstrated(what, "WHAT"), journal=journal))


app.command()(listen.listen)
app.command()(status.status)
app.command()(call.call)
app.command()(doctor.doctor)
app.command()(ports.ports)
app.command()(probe.probe)
app.command()(reset.reset)
app.add_typer(auth.app, name="auth")
app.add_typer(config.app, name="config")
app.add_typer(firmware.app, name="firmware")
app.add_typer(logs.app, name="logs")
app.add_typer(profiles.app, name="profile")
app.add_typer(trace.app, name="trace")
app.add_typer(simulate.app, name="simulate")
