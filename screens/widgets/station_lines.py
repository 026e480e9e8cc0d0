"""A charger in lines, as the Status page and the column beside the other pages show it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.text import Text

from techtool.knowledge.errors import Explanation
from techtool.knowledge.faults import explained
from techtool.station.model import Boot, Connector, Evse, LinkState, Station, Transaction
from techtool.station.silence import pings, silent_s
from techtool.text import safe

from .lines import ago, cut, fit, join, since, wrap
from .look import Look
from .meter_lines import meter_lines, short_lines

CLOCK_GOOD_S = 10.0
REBOOT_S = 300.0
"""A charger that reboots, or installs firmware, is not missed before."""
_STATES = {
    "Available": "wait",
    "Preparing": "wait",
    "Occupied": "wait",
    "Charging": "ok",
    "SuspendedEV": "warn",
    "SuspendedEVSE": "warn",
    "Finishing": "wait",
    "Reserved": "wait",
    "Unavailable": "none",
    "Faulted": "fault",
}


def charging_state(evse: Evse, connector: Connector) -> str | None:
    """2.x tells Occupied with the connector, and with the transaction what is going on there."""
    transaction = evse.transaction
    here = transaction is not None and transaction.connector in (None, connector.id)
    return transaction.state if transaction is not None and here and connector.status == "Occupied" else None


def state_of(evse: Evse, connector: Connector) -> str:
    """The state of a connector, as :class:`Look` words it."""
    if connector.faulted:
        return "fault"
    status = connector.status or ""
    return _STATES.get(charging_state(evse, connector) or status, _STATES.get(status, "none"))


def status_text(evse: Evse, connector: Connector, look: Look, *, standing: bool) -> tuple[Text, str, str]:
    """Word, status and since when. Without a link it is what was told last: nothing of it counts on."""
    said = (connector.status or "unknown", charging_state(evse, connector))
    status = ", ".join(safe(one, 20) for one in said if one)
    if not standing:
        return look.word("none"), f"was {status}", f"since {look.clock(connector.since)}"
    return look.word(state_of(evse, connector)), status, f"since {since(connector.since, look.now)}"


def host(address: str | None) -> str:
    """An address without its port."""
    if address is None:
        return "--"
    return safe(address.rsplit(":", 1)[0].strip("[]"), 40)


def name_of(evse: Evse) -> str:
    """What an EVSE is called: a connector where it has just the one."""
    if evse.id == 0:
        return "Station"
    return f"Connector {evse.id}" if set(evse.connectors) <= {1} else f"EVSE {evse.id}"


def _only(evse: Evse, connector: Connector) -> bool:
    """Naming the EVSE names this connector."""
    return len(evse.connectors) <= 1 and connector.id <= 1


def stands(station: Station, look: Look) -> bool:
    """What was told counts still: there is a link, and the charger is heard."""
    return station.link.state is LinkState.CONNECTED and silent_s(station.link, look.now) is None


def link_text(station: Station, look: Look) -> Text:
    """How the link is."""
    link, ink = station.link, look.ink
    if link.state is not LinkState.CONNECTED:
        wait = link.loss is None or awaited(station, look.now)
        return join(look.word("wait" if wait else "fault"), "   ", lost(station, look))
    parts = [f"   {host(link.address)}"]
    silent = silent_s(link, look.now)
    if silent is not None:
        return join(look.word("warn"), *parts, "   ", (f"heard {ago(silent)} ago", ink.warn))
    if link.ping_ms is not None and pings(link, look.now):
        parts.append(f"ping {link.ping_ms:.0f} ms")
    beat = look.age(link.heartbeat)
    every = f" (every {link.heartbeat_interval} s)" if link.heartbeat_interval else ""
    late = beat is not None and link.heartbeat_interval and beat > 2 * link.heartbeat_interval
    heard = f"heartbeat {ago(beat)} ago" if beat is not None else f"heard {ago(look.age(link.heard) or 0)} ago"
    return join(
        look.word("ok"), "   ".join(parts) + "   ", (heard, ink.warn if late else ink.text), every if beat else ""
    )


def awaited(station: Station, now: datetime) -> bool:
    """It is rebooting, and not too late to be back."""
    loss = station.link.loss
    return loss is not None and loss.rebooting and (now - loss.at).total_seconds() < REBOOT_S


def lost(station: Station, look: Look) -> str:
    """How the link ended."""
    loss = station.link.loss
    if loss is None:
        return f"{safe(station.identity, 40)} is not connected."
    told = ", ".join(
        part for part in (f"code {loss.code}" if loss.code is not None else "", safe(loss.reason, 60)) if part
    )
    if awaited(station, look.now):
        return f"Rebooting, gone for {since(loss.at, look.now)}. Waiting for it to call again."
    if loss.by == "port":
        gone = f"The port was lost {since(loss.at, look.now)} ago: {safe(loss.reason, 80)}."
        return f"{gone} Waiting for it to come back."
    who = "This laptop" if loss.by == "laptop" else safe(station.identity, 40)
    more = f" ({told})" if told else ""
    return f"{who} hung up {since(loss.at, look.now)} ago{more}. Waiting for it to call again."


def boot_text(station: Station, look: Look) -> Text:
    """The boot and the clock."""
    ink, boot, clock = look.ink, station.boot, station.clock
    if boot is None:
        told = join(("none on this link" if station.link.at_a_port else "none yet", ink.text))
    elif not station.link.answers_boots:
        told = join(f"at {look.clock(boot.at)}", f"   {boot.count} boots" if boot.count > 1 else "")
    else:
        status = boot.status or "not answered yet"
        told = join(
            (status, ink.ok if status == "Accepted" else ink.warn),
            f" {look.clock(boot.at)}   {'techtool asked for it' if boot.triggered else _reason(boot)}",
            f"   {boot.count} boots" if boot.count > 1 else "",
        )
    if clock is not None:
        good = abs(clock.offset_s) <= CLOCK_GOOD_S
        seconds = round(clock.offset_s)
        offset = f"{seconds:+d} s" if abs(seconds) < 600 else f"{seconds / 60:+.0f} min"
        told = join(told, f"     clock  {offset}   ", look.word("ok" if good else "warn"))
    return told


def _reason(boot: Boot) -> str:
    return f"reason: {safe(boot.reason, 20) if boot.reason else 'none sent'}"


def make_text(station: Station) -> str:
    """Firmware and numbers."""
    make = station.make
    parts = [safe(make.firmware, 30) if make.firmware else "--"]
    parts += [
        f"{label} {safe(value, 30) if value else '--'}"
        for label, value in (("serial", make.serial), ("meter", make.meter_serial), ("iccid", make.iccid))
        if value or not station.link.at_a_port
    ]
    if station.boot is None and not station.link.at_a_port and any(make):
        parts.append("(as of an earlier visit)")
    return "   ".join(parts)


def fault_text(evse: Evse, connector: Connector, look: Look) -> str:
    """A fault in one sentence."""
    return "  ".join(part for part in _fault_parts(evse, connector, look) if part)


def fault_lines(evse: Evse, connector: Connector, look: Look, width: int) -> list[str]:
    """A fault for reverse video: its age at the end of the first line, the vendor's words where there is room."""
    what, vendor, age = _fault_parts(evse, connector, look)
    room = width - len(age) - 2
    if cell_len(what) + 2 + cell_len(vendor) <= room:
        what, vendor = f"{what}  {vendor}", ""
    below = [fit(f"   {one}", width) for one in wrap(vendor, width - 3)] if vendor else []
    return [f"{fit(what, room)}  {age}", *below]


def connector_name(evse: Evse, connector: Connector) -> str:
    """What a connector is called: its EVSE, where that has no other."""
    return name_of(evse) + (f" connector {connector.id}" if evse.id and not _only(evse, connector) else "")


def names_of(places: Sequence[tuple[Evse, Connector]]) -> str:
    """Several connectors by name: ``Connectors 1, 2 and 3``, ``Station, EVSE 1 connector 2``."""
    if len(places) > 1 and all(evse.id and name_of(evse) == f"Connector {evse.id}" for evse, _ in places):
        *others, last = (str(evse.id) for evse, _ in places)
        return f"Connectors {', '.join(others)} and {last}"
    return ", ".join(connector_name(evse, connector) for evse, connector in places)


def _fault_parts(evse: Evse, connector: Connector, look: Look) -> tuple[str, str, str]:
    """What is wrong, what the vendor calls it, and since when."""
    vendor = " ".join(part for part in (connector.vendor_id or "", connector.vendor_error or "") if part)
    said = ": ".join(safe(part, 60) for part in (vendor, connector.info or "") if part)
    parts = [
        f"!! {connector_name(evse, connector)}",
        safe(connector.status or "", 20),
        safe(connector.error or "", 40) if connector.error != "NoError" else "",
    ]
    what = "  ".join(part for part in parts if part)
    return what, f"vendor {said}" if said else "", f"since {since(connector.since, look.now)}"


def advice(found: Explanation, width: int, about: str = "") -> list[str]:
    """An explanation in lines; ``about`` names what it is about, where that does not stand above it."""
    likely = f" Likely: {found.causes}." if found.causes else ""
    lines = wrap(f"{about}{': ' if about else ''}{found.meaning}.{likely}", width)
    return [*lines, *wrap(f"Check first: {found.check}", width)] if found.check else lines


def alike(
    station: Station, places: Sequence[tuple[Evse, Connector]]
) -> list[tuple[Explanation | None, list[tuple[Evse, Connector]]]]:
    """Faulty connectors by what is known of their errors: what holds for several is explained once."""
    groups: list[tuple[Explanation | None, list[tuple[Evse, Connector]]]] = []
    for evse, connector in places:
        found = explained(station, connector)
        group = next((members for known, members in groups if known is not None and known == found), None)
        if group is None:
            groups.append((found, [(evse, connector)]))
        else:
            group.append((evse, connector))
    return groups


def connector_lines(evse: Evse, look: Look, powers: Sequence[float], width: int, *, standing: bool) -> list[Text]:
    """One EVSE with its connectors, transaction and meter; ``standing`` says whether the link stands."""
    lines: list[Text] = []
    single, transaction = len(evse.connectors) <= 1, evse.transaction
    for _, connector in sorted(evse.connectors.items()):
        word, status, told = status_text(evse, connector, look, standing=standing)
        name = "" if single else f"{connector.id} "
        room = width - 7 - len(name) - len(told)
        if len(status) > room:
            told = told.removeprefix("since ")
            room = width - 7 - len(name) - len(told)
        status = f"{cut(status, max(room, 8)):<15}"
        lines.append(join(word, f"  {name}", (status, look.ink.head), f" {told}"))
        lines += _error(connector, width, healthy=single and transaction is None)
    if transaction is not None:
        shown = {charging_state(evse, connector) for connector in evse.connectors.values()}
        lines += _transaction(transaction, width - 2, state=transaction.state not in shown)
    return lines + meter_lines(evse, look, powers, width - 2, standing=standing)


def _error(connector: Connector, width: int, *, healthy: bool) -> list[Text]:
    """What is wrong with a connector; with ``healthy`` also that nothing is."""
    error, vendor = connector.error or "", connector.vendor_error
    wrong = error not in ("", "NoError") or vendor is not None
    if not wrong and not (healthy and error):
        return []
    lines = [Text(f"    error   {safe(error or '--', width - 14)}", end="")]
    if vendor is not None or healthy:
        lines.append(Text(f"    vendor  {safe(vendor or '--', width - 14)}", end=""))
    return lines


def _transaction(transaction: Transaction, room: int, *, state: bool) -> list[Text]:
    """The session; with ``state`` also how its charging stands. Only what has no room at all is cut."""
    tag = f"    tag  {safe(transaction.id_token or '--')}"
    tx = f"tx {safe(transaction.id)}"
    lines = [f"{tag}   {tx}"] if cell_len(tag) + 3 + cell_len(tx) <= room else [tag, f"    {tx}"]
    notes = [
        (transaction.state or "") if state else "",
        f"answered {transaction.authorization}" if transaction.authorization not in (None, "Accepted") else "",
        "began in an earlier visit" if transaction.carried else "",
        "sent after the fact" if transaction.offline else "",
    ]
    said = ", ".join(safe(one, 30) for one in notes if one)
    lines += [f"         {said}"] if said else []
    return [Text(cut(one, room), end="") for one in lines]


def live_lines(station: Station, look: Look, powers: dict[int, list[float]], width: int) -> list[Text]:
    """The charger in short, for the column beside the other pages."""
    lines = []
    standing = stands(station, look)
    if station.link.state is not LinkState.CONNECTED:
        lines += [Text(f" {one}", look.ink.warn, end="") for one in wrap(lost(station, look), width - 2)]
    for _, evse in sorted(station.evses.items()):
        for _, connector in sorted(evse.connectors.items()):
            word, said, age = status_text(evse, connector, look, standing=standing)
            name = name_of(evse) if len(evse.connectors) == 1 else f"{name_of(evse)}/{connector.id}"
            if connector.faulted:
                said = f"{said} {safe(connector.error or '', 24)}"
            age = age.removeprefix("since ") if standing else age
            lines.append(join(f" {name:<12} ", word, (f" {said}", look.ink.head), f"  {age}"))
        lines += short_lines(evse, look, powers.get(evse.id, []), width, standing=standing)
    return lines or [Text(" no connector has told its status yet", end="")]
