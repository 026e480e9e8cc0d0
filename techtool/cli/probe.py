"""``techtool probe``: what is at a serial port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import options, output
from techtool.cli.checking import SMP, named_port
from techtool.cli.exits import Exit
from techtool.cli.linking import BAUD, Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from techtool.serviceport.modbus.scanning import Scan
    from techtool.serviceport.port import Settings
    from techtool.serviceport.probing import Probed
    from techtool.session import Session


def probe(
    port: Annotated[str, typer.Argument(metavar="PORT", help="As `techtool ports` names it: /dev/ttyUSB0, COM3.")],
    baud: options.Baud = BAUD,
    rs485: Annotated[
        bool,
        typer.Option("--rs485", help="It is an RS-485 line: ask Modbus boxes at the usual speeds, units 1 to 3."),
    ] = False,
    unit: Annotated[
        int | None,
        typer.Option("--unit", metavar="N", min=1, max=247, help="Ask only this unit of an RS-485 line."),
    ] = None,
    scan: Annotated[
        bool, typer.Option("--scan", help="Ask all 247 units of an RS-485 line, which takes minutes.")
    ] = False,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Tell what is at a serial port: listen, then ask what changes nothing, and say what speaks for what.

    It takes about two seconds. A boot loader or a login prompt that shows itself is not spoken to. Every byte is
    in the journal: `techtool trace show`.

    On RS-485 lines nothing says by itself what it is: with --rs485 the boxes of all profiles are asked at their
    speeds, which takes some seconds. Nothing is ever written.

    Exit code 0 where one thing is likeliest, 5 where two are as likely, or where it only talks by itself and
    answers nothing, 3 where nothing is known of it, 1 where the port cannot be opened or was lost, 2 where that is
    no name of a port.
    """
    from techtool.cli import connect

    if (why := named_port(port)) is not None:
        raise typer.BadParameter(why, param_hint="PORT")
    reply = Reply("probe", as_json=as_json)
    wanted = Linking(serial=port, baud=baud, journal=journal)
    units = _units(unit, scan) if rs485 or scan or unit is not None else None
    connect.run(lambda: _probe(wanted, units, reply), reply)


def _units(unit: int | None, scan: bool) -> Sequence[int]:
    from techtool.serviceport.modbus.scanning import ALL_UNITS, FIRST_UNITS

    if unit is not None and scan:
        raise typer.BadParameter("--scan asks all units, --unit only one.", param_hint="--scan")
    if unit is not None:
        return (unit,)
    return ALL_UNITS if scan else FIRST_UNITS


async def _probe(wanted: Linking, units: Sequence[int] | None, reply: Reply) -> Exit:
    from techtool.journal.store import Journal
    from techtool.serviceport.port import LinkLost, OpenError, Settings
    from techtool.session import Session

    settings = Settings(wanted.serial or "", wanted.baud)
    with Journal.open(wanted.journal) as journal:
        session = Session(journal, title="probe")
        try:
            found = await (_looked(session, settings) if units is None else _scanned(session, settings, units))
        except OpenError as error:
            reply.fail(Exit.FAILED, str(error), "port")
        except LinkLost as lost:
            reply.fail(Exit.FAILED, f"{settings.device} was lost: {lost}.", "link-lost")
        finally:
            await session.close()
    return _tell(found, settings, reply)


async def _looked(session: Session, settings: Settings) -> Probed:
    output.note(f"Looking at {settings.device}, {settings.baud} baud.")
    return await session.probe(settings)


async def _scanned(session: Session, settings: Settings, units: Sequence[int]) -> Probed:
    from techtool.serviceport.choosing import scan_of
    from techtool.serviceport.modbus.scanning import ALL_UNITS
    from techtool.serviceport.scan_line import ANSWER_S

    wanted = scan_of(units)
    which = f"unit {units[0]}" if len(units) == 1 else f"units {units[0]} to {units[-1]}"
    longest = f"up to {wanted.total * ANSWER_S:.0f} s"
    output.note(
        f"Asking {which} on {settings.device} at the usual speeds, {longest}. Nothing is written to any box."
    )
    said: list[str] = []

    def told(scan: Scan) -> None:
        line = scan.step.line if scan.step is not None else None
        words = f"{line.baud} baud {line.format}" if line is not None else ""
        if words not in said:
            said.append(words)
            output.note(f"{words} ...")

    found = await session.scan(settings.device, wanted, told)
    if found.advice is None or len(units) == len(ALL_UNITS):
        return found
    return found._replace(advice=f"{found.advice} --scan asks all units, which takes minutes.")


def _tell(found: Probed, settings: Settings, reply: Reply) -> Exit:
    from techtool.serviceport.rapi.line import RapiLine
    from techtool.text import safe

    likeliest = found.likeliest if not found.deaf else None
    if reply.as_json:
        value = {
            "port": settings.device,
            "baud": settings.baud,
            "candidates": [
                {
                    "protocol": one.protocol,
                    "name": one.name,
                    "sure": one.sure,
                    "evidence": one.evidence,
                    "profile": one.profile,
                    **(one.where._asdict() if one.where is not None else {}),
                }
                for one in found.candidates
            ],
            "asked": list(found.asked),
            "heard": found.heard,
            "advice": found.advice,
        }
        verdict = "proved" if likeliest else "accepted" if found.candidates else "unanswered"
        reply.give(verdict=verdict, value=value)
    else:
        _show(found)
        if likeliest and likeliest.protocol == RapiLine.protocol:
            output.say(f"Go on with: techtool --serial {safe(settings.device)}")
        elif likeliest and likeliest.profile is not None and likeliest.where is not None:
            unit = f" --unit {likeliest.where.unit}"
            output.say(
                f"Go on with: techtool --serial {safe(settings.device)} --profile {likeliest.profile}{unit}"
            )
        elif likeliest and likeliest.protocol == SMP:
            where = safe(settings.device) + (f" --baud {settings.baud}" if settings.baud != BAUD else "")
            output.say(f"Go on with: techtool --serial {where} --protocol {SMP}")
        elif likeliest and likeliest.profile is not None:
            where = safe(settings.device) + (f" --baud {settings.baud}" if settings.baud != BAUD else "")
            output.say(f"Go on with: techtool --serial {where} --profile {likeliest.profile}")
    if not found.candidates:
        return Exit.NO_CHARGER
    return Exit.DONE if likeliest else Exit.UNPROVED


def _show(found: Probed) -> None:
    from techtool.text import safe

    for one in found.candidates:
        output.say(safe(f"{one.name:<20} {one.sure:>3} %  {one.evidence}"))
    if found.advice:
        output.say(found.advice)
