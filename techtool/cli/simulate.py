"""``techtool simulate``: a charger to train and test with."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import options, output
from techtool.cli.exits import Exit
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from techtool.simulator.effects import Report
    from techtool.simulator.serviceport.device import Device

app = typer.Typer(
    help="A charger for training and tests, on a real socket or a pseudo terminal.", no_args_is_help=True
)

Quirk = Annotated[
    list[str] | None,
    typer.Option("--quirk", metavar="NAME[,NAME]", help="Misbehave like this; --quirks lists the names."),
]
Link = Annotated[
    Path | None, typer.Option("--link", metavar="PATH", help="A name for the device that stays the same.")
]
OverTcp = Annotated[
    int | None,
    typer.Option(
        "--socket",
        metavar="PORT",
        min=0,
        max=65_535,
        help="Give the port out on 127.0.0.1:PORT instead (0 for a free one), which also works on Windows.",
    ),
]


def _list_quirks(wanted: bool) -> None:
    if not wanted:
        return
    from techtool.simulator.quirks import QUIRKS

    _list(QUIRKS)


def _list_openevse_quirks(wanted: bool) -> None:
    if not wanted:
        return
    from techtool.simulator.openevse.quirks import QUIRKS

    _list(QUIRKS)


def _list(quirks: Mapping[str, str]) -> None:
    width = max(map(len, quirks))
    for name, text in sorted(quirks.items()):
        output.say(f"{name:<{width}} {text}")
    raise typer.Exit


def _names(given: list[str] | None) -> frozenset[str]:
    return frozenset(name.strip() for group in given or () for name in group.split(",") if name.strip())


@app.command()
def ocpp(
    url: Annotated[
        str, typer.Argument(metavar="URL", help="The back office, without the identity.")
    ] = "ws://127.0.0.1:9000/",
    identity: Annotated[str, typer.Option("--id", help="What the charger is called.")] = "SIM-001",
    version: Annotated[str, typer.Option("--ocpp", metavar="VERSION", help="1.6, 2.0.1 or 2.1.")] = "1.6",
    connectors: Annotated[
        int, typer.Option("--connectors", min=1, max=16, help="How many; in 2.x each is an EVSE.")
    ] = 2,
    quirk: Quirk = None,
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
    names = _names(quirk)
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


def _at_a_port(kind: str, make: Callable[[], Device], link: Path | None, socket: int | None, reply: Reply) -> None:
    """Run a device on a pseudo terminal, or on a socket; ``kind`` is what it is called."""
    from techtool.cli import connect

    if link is not None and socket is not None:
        raise typer.BadParameter("A socket has no name in the file system: leave --link out.", param_hint="--link")

    async def main() -> Exit:
        from techtool.simulator.serviceport.ends import DeviceError, NoTerminalsError
        from techtool.simulator.serviceport.runner import run
        from techtool.simulator.serviceport.sockets import Socket
        from techtool.simulator.serviceport.terminals import Terminal
        from techtool.simulator.stdin import typed_lines
        from techtool.text import safe

        def name(device: str) -> None:
            output.say(output.one_line({"device": device}) if reply.as_json else safe(f"{kind} on {device}"))
            reply.as_json = False  # this line was the document

        end = Terminal(link) if socket is None else Socket(socket)
        try:
            await run(make(), end, typed_lines(), on_device=name, on_report=_tell)
        except NoTerminalsError as error:
            reply.fail(Exit.UNABLE, str(error), "no-terminals")
        except DeviceError as error:
            reply.fail(Exit.FAILED, str(error), "device")
        return Exit.DONE

    connect.run(main, reply)


def _tell(report: Report) -> None:
    from techtool.text import safe

    output.note(safe(f"{report.kind:<10} {report.text}"))


@app.command()
def openevse(
    link: Link = None,
    socket: OverTcp = None,
    quirk: Quirk = None,
    quirks: Annotated[
        bool,
        typer.Option("--quirks", callback=_list_openevse_quirks, is_eager=True, help="List all quirks and end."),
    ] = False,
    as_json: options.Json = False,
) -> None:
    """An OpenEVSE at a service port: the first line of output names the device for --serial.

    Lines on stdin move it: car C, amps 15.5, gfi, ground, diode, relay, temp 65, clear, reboot, unplug 3, help.
    """
    from techtool.simulator.openevse.charger import Charger
    from techtool.simulator.openevse.quirks import QUIRKS
    from techtool.simulator.quirks import checked

    reply = Reply("simulate openevse", as_json=as_json)
    try:
        names = checked(_names(quirk), QUIRKS)
    except ValueError as error:
        reply.fail(Exit.USAGE, str(error), "usage")
    _at_a_port("openevse", lambda: Charger(time.monotonic(), names), link, socket, reply)


@app.command()
def modbus(
    profile: Annotated[
        str, typer.Argument(metavar="PROFILE", help="A name of `techtool profile list`, or a file.")
    ],
    unit: Annotated[int | None, typer.Option("--unit", min=1, max=247, help="Its number on the line.")] = None,
    link: Link = None,
    socket: OverTcp = None,
    as_json: options.Json = False,
) -> None:
    """A box with a profile's registers: the first line of output names the device for --serial.

    Lines on stdin move it: car C, amps 12, fault, clear, silent on, echo on, set 261 160, quit, help.
    """
    from techtool.cli import checking
    from techtool.serviceport.profiles.model import ModbusProfile
    from techtool.simulator.modbus.device import ModbusDevice

    try:
        box = checking.chosen(profile, unit).entry.profile
    except checking.OptionError as error:
        raise typer.BadParameter(str(error), param_hint="PROFILE") from error
    if not isinstance(box, ModbusProfile):
        raise typer.BadParameter(f"{profile} has no registers.", param_hint="PROFILE")
    _at_a_port("modbus", lambda: ModbusDevice(box, unit), link, socket, Reply("simulate modbus", as_json=as_json))


@app.command()
def console(
    kind: Annotated[str, typer.Argument(metavar="[smartevse|zephyr]", help="Whose console it is.")] = "smartevse",
    link: Link = None,
    socket: OverTcp = None,
    as_json: options.Json = False,
) -> None:
    """A SmartEVSE's menu, or Zephyr's shell: the first line of output names the device for --serial.

    Lines on stdin move it: chatter on, chat, car C, reboot, silent on, garble on, stubborn on, quit, help.
    """
    from techtool.simulator.console.device import CONSOLES, ConsoleDevice

    reply = Reply("simulate console", as_json=as_json)
    if kind not in CONSOLES:
        reply.fail(Exit.USAGE, f"{kind!r} is none of {', '.join(CONSOLES)}.", "usage")
    _at_a_port(kind, lambda: ConsoleDevice(CONSOLES[kind]()), link, socket, reply)


@app.command()
def smp(link: Link = None, socket: OverTcp = None, as_json: options.Json = False) -> None:
    """A charger's controller with MCUmgr (SMP): the first line of output names the device for --serial.

    Lines on stdin move it: reboot, chat, silent on, garble on, old on, lack 1, unplug 3, quit, help.
    """
    from techtool.simulator.smp.device import SmpDevice

    _at_a_port("smp", SmpDevice, link, socket, Reply("simulate smp", as_json=as_json))
