"""``techtool status``: one snapshot of one charger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from techtool.cli import documents, options, output, snapshot
from techtool.cli.charger_options import for_a_charger
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.csms.survey import Survey
    from techtool.picture import Taken
    from techtool.session import Session
    from techtool.station.model import Station
    from techtool.station.outcomes import Verdict


@for_a_charger()
def status(
    wanted: Linking,
    settle: Annotated[
        float,
        typer.Option(
            "--settle", metavar="SECONDS", min=0, help="Take the snapshot after so long without anything new."
        ),
    ] = 2.0,
    as_json: options.Json = False,
) -> None:
    """Wait for the charger and print how it is: link, boot, clock, connectors, meters, findings.

    The snapshot is taken when the boot is answered (some chargers send none: then after 12 s), every connector
    that will be reported has been (or 25 s have passed), and no new boot, status or transaction came for --settle
    seconds. A charger that comes back without a boot is asked for its connectors, in 2.x one after the other.

    After a boot, a connector that is reported later than --settle seconds after the one before is not in it.

    Exit code 0, also if the charger reports faults: they are in the snapshot. Exit code 3 if no charger came, 4
    if it left before the snapshot, 5 (and the verdict `accepted`) if no connector reported at all, if there may be
    more connectors than were reported, if it refused to tell its boot or its statuses when it was asked, or if it
    talks by itself at a service port and answers nothing, 6 if what is at the service port knows nothing of
    connectors.

    If several chargers are connected, it is the first one; --id chooses another.
    """
    from techtool.cli import connect

    reply = Reply("status", as_json=as_json)
    connect.run(lambda: _status(wanted, settle, reply), reply)


async def _status(wanted: Linking, settle: float, reply: Reply) -> Exit:
    from techtool.cli import chargers, connect
    from techtool.station.outcomes import Verdict
    from techtool.text import safe

    async with connect.session(reply, wanted) as visit:
        identity = (await connect.charger(reply, visit, wanted)).identity
        reply.station = lambda: visit.picture.stations[identity]
        await settled(visit, identity, settle)
        station = visit.picture.stations[identity]
        verdict, code, why = judged(station, visit.survey(station.identity))
        if code is Exit.DONE and visit.serial is not None and not visit.serial.heard:
            # it talks by itself, and has answered nothing
            verdict, code, why = Verdict.ACCEPTED, Exit.UNPROVED, visit.serial.advice
        if code is Exit.UNPROVED and (unable := visit.able.cannot("status")) is not None:
            code, why = Exit.UNABLE, unable
        if reply.as_json:
            reply.give(
                verdict=verdict.value,
                value=documents.status(station),
                error={"code": "unable", "text": why} if code is Exit.UNABLE and why is not None else None,
            )
        else:
            snapshot.show(station)
        if why is not None:
            output.note(why)
        others = [one.identity for one in visit.picture.connected if one.identity != station.identity]
        if others:
            output.note(
                safe(f"This is {station.identity}. Also connected: {chargers.named(others)}; --id chooses.")
            )
    return code


def judged(station: Station, survey: Survey) -> tuple[Verdict, Exit, str | None]:
    """How sure it is that the snapshot is whole, the exit code for it, and what to say."""
    from techtool.csms.survey import Survey
    from techtool.station.model import LinkState
    from techtool.station.outcomes import Verdict

    if station.link.state is not LinkState.CONNECTED:
        text = "It hung up before the snapshot was complete: this is what was known until then."
        return Verdict.UNANSWERED, Exit.UNANSWERED, text
    if (lacking := incomplete(station, survey)) is not None:
        return Verdict.ACCEPTED, Exit.UNPROVED, lacking
    if survey is not Survey.DONE:
        text = "There may be more connectors: the charger was not asked yet, or has not answered."
        return Verdict.ACCEPTED, Exit.UNPROVED, text
    return Verdict.PROVED, Exit.DONE, None


def incomplete(station: Station, survey: Survey) -> str | None:
    """What the charger showed to be lacking in a snapshot, in a sentence; None where it showed nothing."""
    from techtool.csms.survey import Survey
    from techtool.station.findings import Code

    if (held := _held(station)) is not None:
        return f"Its boot was answered {held} (--boot): it tells its statuses when it is accepted."
    refused = (Code.TRIGGER_REFUSED.value, "StatusNotification") in station.findings
    if not any(evse.connectors for evse in station.evses.values()):
        why = "it refuses to send it when asked, so wait until one changes" if refused else "techtool asked for it"
        return f"No connector has told its status ({why}): what they do now is not known."
    if untold := [evse.id for evse in station.evses.values() if evse.id and not evse.connectors]:
        one = len(untold) == 1
        which = f"EVSE {untold[0]} has" if one else f"EVSEs {', '.join(map(str, untold))} have"
        return f"{which} told no status of {'its connector' if one else 'their connectors'}."
    if refused and survey is not Survey.DONE:
        return "It refuses to tell its statuses when asked: there may be more connectors than those that changed."
    if (Code.TRIGGER_REFUSED.value, "BootNotification") in station.findings and station.boot is None:
        return "It refuses to send a BootNotification when asked: what it is is not known."
    return None


def _held(station: Station) -> str | None:
    """Pending or Rejected: it may tell nothing yet."""
    status = station.boot.status if station.boot is not None else None
    return None if status == "Accepted" else status


async def settled(visit: Session, identity: str, settle: float) -> None:
    """Wait until a snapshot of this charger has all that it will have, or can have in time."""
    import asyncio

    from techtool.cli import connect
    from techtool.csms.survey import Survey
    from techtool.station import changes as c

    news = (c.StatusSaid, c.Booted, c.TransactionBegan, c.TransactionEnded)
    loop = asyncio.get_running_loop()
    newest = loop.time()

    def watch(taken: Taken) -> None:
        nonlocal newest
        if taken.identity == identity and any(isinstance(one, news) for one in taken.changes):
            newest = loop.time()

    def quiet() -> bool:
        station = visit.picture.stations[identity]
        # a shell that knows nothing of charging is not waited for
        known = any(evse.connectors for evse in station.evses.values()) or visit.able.cannot("status") is not None
        reported = known and visit.survey(identity) is not Survey.OPEN
        waited = connect.linked_for(station) > connect.REPORTED_S
        return (reported or waited or _held(station) is not None) and loop.time() - newest >= settle

    unwatch = visit.watch(watch)
    looking = connect.News(visit)
    try:
        await looking.until(quiet, connect.REPORTED_S + settle + 10, every=0.1)
    finally:
        looking.close()
        unwatch()
