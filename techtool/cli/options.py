"""Options that commands share, each written once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from techtool.cli.linking import BAUD, Linking, for_demo

DEFAULT_LISTEN = "0.0.0.0:9000"
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
        metavar="[VERSION]",
        envvar="TECHTOOL_DEMO",
        help="Use the built-in simulated charger: 1.6 (if nothing is said), 2.0.1 or 2.1. It calls on 127.0.0.1, "
        "on a free port if --listen names none.",
        rich_help_panel=_PANEL,
    ),
]
Serial = Annotated[
    str | None,
    typer.Option(
        "--serial",
        metavar="DEVICE",
        envvar="TECHTOOL_SERIAL",
        help="Use the service port at this device, like /dev/ttyUSB0 or COM3, instead of the network: OpenEVSE.",
        rich_help_panel=_PANEL,
    ),
]
Baud = Annotated[
    int,
    typer.Option(
        "--baud",
        metavar="N",
        envvar="TECHTOOL_BAUD",
        min=300,
        help="The speed of the service port.",
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

PROTOCOLS = {
    "1.6": "ocpp1.6",
    "1.6j": "ocpp1.6",
    "16": "ocpp1.6",
    "2.0.1": "ocpp2.0.1",
    "201": "ocpp2.0.1",
    "2.1": "ocpp2.1",
    "21": "ocpp2.1",
}


def linking(
    listen: str,
    demo: str | None,
    identity: str | None,
    ocpp: str | None,
    password: str | None,
    wait: float,
    journal: Path | None,
    *,
    serial: str | None = None,
    baud: int = BAUD,
) -> Linking:
    """Check the options together. Raises typer.BadParameter, which exits with 2."""
    host, port = where(listen)
    if identity == "":
        raise typer.BadParameter("The identity is empty.", param_hint="--id")
    if serial is not None:
        for option, value in (("--demo", demo), ("--ocpp", ocpp), ("--password", password)):
            if value is not None:
                raise typer.BadParameter("A service port has none: it is not OCPP.", param_hint=option)
        return Linking(serial=serial, baud=baud, identity=identity, wait=wait, journal=journal)
    if demo is not None:
        demo = version(demo, "--demo")
        if ocpp is not None and version(ocpp, "--ocpp") != demo:
            raise typer.BadParameter("The demo and --ocpp want different versions.", param_hint="--demo")
        if password is not None:
            raise typer.BadParameter("The demo's charger sends no password.", param_hint="--password")
        found = for_demo(demo, port if listen != DEFAULT_LISTEN else 0, identity)
        return replace(found, wait=wait, journal=journal)
    return Linking(
        host,
        port,
        None,
        identity,
        version(ocpp, "--ocpp") if ocpp is not None else None,
        password.encode() if password is not None else None,
        wait,
        journal,
    )


def where(listen: str) -> tuple[str, int]:
    """Host and port of ``[HOST:]PORT``; IPv6 addresses in brackets."""
    host, _, port = listen.rpartition(":")
    if ":" in host and not (host.startswith("[") and host.endswith("]")):
        raise typer.BadParameter(f"An IPv6 address stands in brackets: [{listen}]:9000.", param_hint="--listen")
    host = host.strip("[]") or "0.0.0.0"
    if not (port.isascii() and port.isdecimal()) or not 0 <= int(port) <= 65_535:
        raise typer.BadParameter(
            f"{listen!r} is no [HOST:]PORT, like 9000 or 192.168.1.50:9000.", param_hint="--listen"
        )
    return host, int(port)


def version(name: str, option: str) -> str:
    """The subprotocol of a version's name."""
    found = PROTOCOLS.get(name.lower().removeprefix("ocpp"))
    if found is None:
        raise typer.BadParameter(f"{name!r} is none of 1.6, 2.0.1 and 2.1.", param_hint=option)
    return found
