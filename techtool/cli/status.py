"""``techtool status``: one snapshot of one charger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from techtool.cli import documents, options, output
from techtool.cli.exits import Exit
from techtool.cli.linking import BAUD, Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.picture import Taken
    from techtool.station.model import Evse, Station


def status(
    listen: options.Listen = options.DEFAULT_LISTEN,
    demo: options.Demo = None,
    serial: options.Serial = None,
    baud: options.Baud = BAUD,
    identity: options.Identity = None,
    ocpp: options.Ocpp = None,
    password: options.Password = None,
    wait: options.Wait = 300.0,
    settle: Annotated[
        float,
        typer.Option(
            "--settle", metavar="SECONDS", min=0, help="Take the snapshot after so long without anything new."
        ),
    ] = 2.0,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Wait for the charger and print how it is: link, boot, clock, connectors, meters, findings.

    The snapshot is taken when the boot is answered (some chargers send none: then after 12 s), a connector has
    reported (or 25 s have passed), and no new boot, status or transaction came for --settle seconds.

    Exit code 0, also if the charger reports faults: they are in the snapshot. Exit code 3 if no charger came, 4
    if it left before the snapshot, 5 if no connector reported at all.

    If several chargers are connected, it is the first one; --id chooses another.
    """
    wanted = options.linking(listen, demo, identity, ocpp, password, wait, journal, serial=serial, baud=baud)
    from techtool.cli import connect

    reply = Reply("status", as_json=as_json)
    connect.run(lambda: _status(wanted, settle, reply), reply)


async def _status(wanted: Linking, settle: float, reply: Reply) -> Exit:
    from techtool.cli import chargers, connect
    from techtool.station.model import LinkState
    from techtool.text import safe

    async with connect.session(reply, wanted) as visit:
        first = await connect.charger(reply, visit, wanted)
        await _settled(visit, first.identity, settle)
        station = visit.picture.stations[first.identity]
        lacking = incomplete(station)
        gone = station.link.state is not LinkState.CONNECTED
        if reply.as_json:
            reply.give(
                charger=documents.charger(station),
                verdict="unanswered" if gone else "accepted" if lacking else "proved",
                value=documents.status(station),
                findings=documents.findings(station),
            )
        else:
            show(station)
        if gone:
            output.note("It hung up before the snapshot was complete: this is what was known until then.")
        elif lacking is not None:
            output.note(lacking)
        others = chargers.others(chargers.connected(visit.picture.stations.values()), station.identity)
        if others:
            output.note(
                safe(f"This is {station.identity}. Also connected: {chargers.named(others)}; --id chooses.")
            )
    if gone:
        return Exit.UNANSWERED
    return Exit.DONE if lacking is None else Exit.UNPROVED


def incomplete(station: Station) -> str | None:
    """What a snapshot lacks, in a sentence; None where every connector that will report has."""
    from techtool.station.findings import Code

    if any(evse.connectors for evse in station.evses.values()):
        return None
    refused = any(
        code == Code.TRIGGER_REFUSED.value and subject == "StatusNotification"
        for code, subject in station.findings
    )
    why = "it refuses to send it when asked, so wait until one changes" if refused else "techtool asked for it"
    return f"No connector has told its status ({why}): what they do now is not known."


async def _settled(visit: Any, identity: str, settle: float) -> None:
    import asyncio

    from techtool.cli import connect
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
        reported = any(evse.connectors for evse in station.evses.values())
        waited = connect.linked_for(station) > connect.REPORTED_S
        return (reported or waited) and loop.time() - newest >= settle

    unwatch = visit.watch(watch)
    looking = connect.News(visit)
    try:
        await looking.until(quiet, connect.REPORTED_S + settle + 10, every=0.1)
    finally:
        looking.close()
        unwatch()


def show(station: Station) -> None:
    """The snapshot in words."""
    from techtool.station import measure
    from techtool.text import safe

    def row(name: str, *parts: str | None) -> None:
        output.say(f"{name:<10}{safe('  '.join(part for part in parts if part))}")

    make, link, boot = station.make, station.link, station.boot
    row("charger", station.identity, make.vendor, make.model)
    row("firmware", make.firmware or "--", f"serial {make.serial}" if make.serial else None)
    row("link", link.state.value, link.protocol, link.address)
    if boot is not None:
        row("boot", boot.status or "not answered", f"reason: {boot.reason or 'none sent'}")
    else:
        row("boot", "none on this link")
    row("clock", f"{station.clock.offset_s:+.1f} s" if station.clock else "--")
    for name, progress in (("update", station.firmware), ("log", station.logs)):
        if progress is not None:
            row(name, progress.status, f"told {documents.time(progress.at)}")
    for number, evse in sorted(station.evses.items()):
        name = f"EVSE {number}" if number else "station"
        for _, connector in sorted(evse.connectors.items()):
            error = connector.error if connector.error not in (None, "NoError") else None
            row(name, f"connector {connector.id}", connector.status, error, connector.vendor_error, connector.info)
        if (power := measure.total(evse.readings, measure.POWER)) is not None:
            row("", f"{power / 1000:.2f} kW", _old(evse, measure.POWER))
        if (energy := measure.register_wh(evse.readings)) is not None:
            row("", f"{energy / 1000:.3f} kWh on the meter", _old(evse, measure.ENERGY))
        if (transaction := evse.transaction) is not None:
            charged = f"{transaction.energy_wh / 1000:.3f} kWh" if transaction.energy_wh is not None else None
            if charged is None and transaction.register_wh is not None:
                charged = "energy unknown"
            row("", f"transaction {transaction.id}", f"token {transaction.id_token or '--'}", charged)
    for finding in sorted(station.findings.values(), key=lambda one: one.first):
        row(
            "finding",
            f"{finding.severity.value}: {finding.text}",
            f"({finding.count}x)" if finding.count > 1 else None,
        )


def _old(evse: Evse, measurand: str) -> str | None:
    from techtool.station import measure

    if not measure.lags(evse, measurand):
        return None
    return f"({measure.lag_s(evse, measurand):.0f} s older than its other values)"
