"""``techtool doctor``: why does nothing connect."""

from __future__ import annotations

import platform
import shutil
import sys
from typing import TYPE_CHECKING, Any

from techtool.cli import options, output
from techtool.cli.exits import Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from techtool.cli.printer import Printer
    from techtool.csms.knocks import Knock
    from techtool.interfaces import Holder, Interface
    from techtool.picture import Taken


def doctor(
    listen: options.Listen = options.DEFAULT_LISTEN,
    identity: options.Identity = None,
    ocpp: options.Ocpp = None,
    password: options.Password = None,
    wait: options.Wait = 300.0,
    journal: options.JournalPath = None,
    as_json: options.Json = False,
) -> None:
    """Tell why no charger connects: addresses, port, firewall, and everyone who knocks.

    Listens until a charger is in, at most --wait seconds; --wait 0 only looks. Exit code 0 if a charger came
    (with --wait 0: if the port is free), 1 if the port is taken, 3 if nobody came in.
    """
    wanted = options.linking(
        listen=listen, identity=identity, ocpp=ocpp, password=password, wait=wait, journal=journal
    )
    from techtool.cli import connect

    reply = Reply("doctor", as_json=as_json)
    connect.run(lambda: _doctor(wanted, reply), reply)


async def _doctor(wanted: Linking, reply: Reply) -> Exit:
    import asyncio

    from techtool import firewall, interfaces

    host, port = wanted.host, wanted.port
    heard = await asyncio.to_thread(interfaces.resolve, host)
    ways = interfaces.classify(await asyncio.to_thread(interfaces.look), heard)
    problem, holder = await _problem(host, port)
    tools = [tool for tool in firewall.TOOLS if shutil.which(tool)]
    walls = firewall.hints(platform.system(), tools, port)
    result: dict[str, Any] = {
        "listen": {"host": host, "port": port},
        "interfaces": [
            {"name": one.name, "address": one.address, "url": one.url(port), "words": one.words} for one in ways
        ],
        "port": {"free": problem is None, "pid": holder.pid if holder else None},
        "firewall": walls,
        "knocks": [],
    }
    if holder is not None:
        result["port"]["program"] = holder.name
    reply.so_far = result
    if not reply.as_json:
        _show(ways, port, problem, walls)
    if problem is not None:
        if reply.as_json:
            reply.give(verdict="refused", value=result, error={"code": "port-taken", "text": problem})
        else:
            output.note(problem)
        return Exit.FAILED
    if wanted.wait == 0:
        if reply.as_json:
            reply.give(verdict="proved", value=result)
        return Exit.DONE
    return await _listen(wanted, result, reply)


async def _problem(host: str, port: int) -> tuple[str | None, Holder | None]:
    """Why nobody can be heard there, and the program that is in the way as far as the system tells."""
    import asyncio

    from techtool import interfaces
    from techtool.csms import listener

    try:
        await listener.check(host, port)
    except listener.ListenError as error:
        taken = listener.in_use(error.__cause__)
        holder = await asyncio.to_thread(interfaces.holder, port, host) if taken else None
        if holder is None:
            return str(error), None
        who = f"{holder.name} (pid {holder.pid})"
        return f"Port {port} is held by {who}. End it, or take another --listen port.", holder
    return None, None


async def _listen(wanted: Linking, result: dict[str, Any], reply: Reply) -> Exit:
    from techtool.cli.printer import Printer

    printer = Printer(sys.stderr)
    try:
        return await _wait(wanted, result, reply, printer)
    finally:
        await printer.close()


async def _wait(wanted: Linking, result: dict[str, Any], reply: Reply, printer: Printer) -> Exit:
    from techtool.cli import connect

    def heard(taken: Taken) -> None:
        if taken.knock is not None:
            result["knocks"].append(_knock(taken.knock))
            if not reply.as_json:
                at = taken.knock.at.astimezone().strftime("%H:%M:%S")
                printer.put(_line(at, taken.knock))

    async with connect.session(reply, wanted) as visit:
        visit.watch(heard)
        assert visit.listening is not None
        output.note(f"Listening on port {visit.listening.port}, for {wanted.wait:g} s; Ctrl-C ends it.")
        news = connect.News(visit)
        came = await news.until(lambda: connect.is_in(visit.station), wanted.wait, every=1.0)
        news.close()
        station = visit.station if came else None
        if reply.as_json:
            verdict = "proved" if came else "unanswered"
            reply.station = lambda: station
            nobody = {"code": "no-charger", "text": f"Nobody came in within {wanted.wait:g} s."}
            error = None if came else nobody
            reply.give(verdict=verdict, value=result, error=error)
        elif station is not None:
            from techtool.text import safe

            who = f"{station.identity} from {station.link.address}"
            output.say(safe(f"{who} is in, and speaks {station.link.protocol}."))
            for finding in station.findings.values():
                output.say(safe(f"  {finding.severity.value}: {finding.text}"))
        else:
            output.say(f"Nobody came in within {wanted.wait:g} s, {len(result['knocks'])} knocked.")
            if not result["knocks"]:
                output.say("Nothing has reached the port: check cable, same subnet, and the firewall.")
    return Exit.DONE if came else Exit.NO_CHARGER


def _show(ways: list[Interface], port: int, problem: str | None, walls: list[str]) -> None:
    from techtool import interfaces
    from techtool.text import safe

    output.say("A charger must call this laptop. Put one of these into it as OCPP / backend / CSMS URL:")
    for one in ways:
        output.say(safe(f"  {one.url(port):<32} {one.name:<10} {one.words}"))
    if ways:
        output.say(interfaces.ITSELF)
    if not ways and problem is None:
        output.say("  none: this laptop has no network address. Plug in a cable, or open a hotspot.")
    if problem is None:
        output.say(f"Port {port} is free.")
    for hint in walls:
        output.say(f"Firewall: {hint}")


def _line(at: str, knock: Knock) -> str:
    from techtool.text import safe

    return safe(f"{at}  {knock.address}  {knock.text}. {knock.cure}")


def _knock(knock: Knock) -> dict[str, Any]:
    return {
        "at": knock.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "address": knock.address,
        "reason": knock.reason.value,
        "text": knock.text,
        "cure": knock.cure,
        "record": knock.record,
    }
