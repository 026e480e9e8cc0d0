"""``techtool probe``: what is at a serial port."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import options, output
from techtool.cli.exits import Exit
from techtool.cli.linking import BAUD, Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.serviceport.port import Settings
    from techtool.serviceport.probing import Probed


def probe(
    port: Annotated[str, typer.Argument(metavar="PORT", help="As `techtool ports` names it: /dev/ttyUSB0, COM3.")],
    baud: options.Baud = BAUD,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Tell what is at a serial port: listen, then ask what changes nothing, and say what speaks for what.

    It takes about two seconds. A boot loader or a login prompt that shows itself is not spoken to. Every byte is
    in the journal: `techtool trace show`.

    Exit code 0 where one thing is likeliest, 5 where two are as likely, 3 where nothing is known of it, 1 where
    the port cannot be opened or was lost.
    """
    from techtool.cli import connect

    reply = Reply("probe", as_json=as_json)
    wanted = Linking(serial=port, baud=baud, journal=journal)
    connect.run(lambda: _probe(wanted, reply), reply)


async def _probe(wanted: Linking, reply: Reply) -> Exit:
    from techtool.journal.store import Journal
    from techtool.serviceport.port import LinkLost, OpenError, Settings
    from techtool.session import Session

    settings = Settings(wanted.serial or "", wanted.baud)
    with Journal.open(wanted.journal) as journal:
        session = Session(journal, title="probe")
        output.note(f"Looking at {settings.device}, {settings.baud} baud.")
        try:
            found = await session.probe(settings)
        except OpenError as error:
            reply.fail(Exit.FAILED, str(error), "port")
        except LinkLost as lost:
            reply.fail(Exit.FAILED, f"{settings.device} was lost: {lost}.", "link-lost")
        finally:
            await session.close()
    return _tell(found, settings, reply)


def _tell(found: Probed, settings: Settings, reply: Reply) -> Exit:
    from techtool.serviceport.rapi.line import RapiLine
    from techtool.text import safe

    likeliest = found.likeliest
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
