"""Options that commands share, each written once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from techtool.cli import checking
from techtool.cli.checking import AUTO as AUTO
from techtool.cli.checking import DEFAULT_LISTEN as DEFAULT_LISTEN
from techtool.cli.linking import LEAST_BAUD

_PANEL = "The charger"

Listen = Annotated[
    str,
    typer.Option(
        "--listen",
        metavar="[HOST:]PORT",
        envvar="TECHTOOL_LISTEN",
        help="Be the back office here.",
        rich_help_panel=_PANEL,
    ),
]
Demo = Annotated[
    str | None,
    typer.Option(
        "--demo",
        metavar="[WHAT]",
        envvar="TECHTOOL_DEMO",
        help="Use a built-in simulated charger: 1.6 (if nothing is said), 2.0.1, 2.1, or openevse at a service "
        "port. It calls on 127.0.0.1, on a free port if --listen names none.",
        rich_help_panel=_PANEL,
    ),
]
Serial = Annotated[
    str | None,
    typer.Option(
        "--serial",
        metavar="DEVICE",
        envvar="TECHTOOL_SERIAL",
        help="Use the service port at this device, like /dev/ttyUSB0 or COM3, instead of the network: an "
        "OpenEVSE, or what --profile or --protocol names.",
        rich_help_panel=_PANEL,
    ),
]
Baud = Annotated[
    int,
    typer.Option(
        "--baud",
        metavar="N",
        envvar="TECHTOOL_BAUD",
        min=LEAST_BAUD,
        help="The speed of the service port.",
        rich_help_panel=_PANEL,
    ),
]
LineBaud = Annotated[
    int | None,
    typer.Option(
        "--baud",
        metavar="N",
        envvar="TECHTOOL_BAUD",
        min=LEAST_BAUD,
        help="The speed of the service port: the profile's if left out, and 115200 for an OpenEVSE.",
        rich_help_panel=_PANEL,
    ),
]
Protocol = Annotated[
    str,
    typer.Option(
        "--protocol",
        metavar="NAME",
        envvar="TECHTOOL_PROTOCOL",
        help="What is spoken at the service port: openevse, modbus, console, smp, or auto: what --profile names, "
        "and an OpenEVSE where nothing is said. console without --profile is a terminal; smp has no profiles. "
        "`techtool probe` finds out.",
        rich_help_panel=_PANEL,
    ),
]
Profile = Annotated[
    str | None,
    typer.Option(
        "--profile",
        metavar="NAME|FILE",
        envvar="TECHTOOL_PROFILE",
        help="What is at the service port: a name of `techtool profile list`, or a file of your own.",
        rich_help_panel=_PANEL,
    ),
]
Unit = Annotated[
    int | None,
    typer.Option(
        "--unit",
        metavar="N",
        envvar="TECHTOOL_UNIT",
        help="The box's number on its Modbus line, 1 to 247: the profile's if left out.",
        rich_help_panel=_PANEL,
    ),
]
Identity = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="IDENTITY",
        envvar="TECHTOOL_ID",
        help="Only this charger.",
        rich_help_panel=_PANEL,
    ),
]
Ocpp = Annotated[
    str | None,
    typer.Option(
        "--ocpp",
        metavar="VERSION",
        envvar="TECHTOOL_OCPP",
        help="Allow only this version: 1.6, 2.0.1 or 2.1.",
        rich_help_panel=_PANEL,
    ),
]
Password = Annotated[
    str | None,
    typer.Option(
        "--password",
        envvar="TECHTOOL_PASSWORD",
        help="Want this password (HTTP Basic). A hex key matches as digits and as bytes.",
        rich_help_panel=_PANEL,
    ),
]
Boot = Annotated[
    str | None,
    typer.Option(
        "--boot",
        metavar="ANSWER[:SECONDS]",
        envvar="TECHTOOL_BOOT",
        help="How BootNotifications are answered: accepted (if nothing is said), pending or rejected, and the "
        "interval, like pending:60. Settings can be made while a charger is pending.",
        rich_help_panel=_PANEL,
    ),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict",
        envvar="TECHTOOL_STRICT",
        help="Refuse what a 2.x charger sends before it is accepted (SecurityError), as the standard wants it.",
        rich_help_panel=_PANEL,
    ),
]
Wait = Annotated[
    float,
    typer.Option(
        "--wait",
        metavar="SECONDS",
        envvar="TECHTOOL_WAIT",
        min=0,
        help="How long to wait for a charger.",
        rich_help_panel=_PANEL,
    ),
]
Json = Annotated[
    bool,
    typer.Option("--json", envvar="TECHTOOL_JSON", help="The result as JSON on stdout, and nothing else there."),
]
JournalPath = Annotated[
    Path | None,
    typer.Option(
        "--journal",
        metavar="PATH",
        envvar="TECHTOOL_JOURNAL",
        help="The journal's file; in the user's data folder if left out.",
    ),
]


@contextmanager
def _explained() -> Iterator[None]:
    """Raises typer.BadParameter, which exits with 2, for an option that cannot be used."""
    try:
        yield
    except checking.OptionError as error:
        raise typer.BadParameter(str(error), param_hint=error.option) from error


linking = _explained()(checking.linking)
version = _explained()(checking.version)
demonstrated = _explained()(checking.demonstrated)
