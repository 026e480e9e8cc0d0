"""The lines of the Link page: where a charger must call, and who has knocked in vain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from techtool.csms.knocks import Knock
from techtool.csms.policy import Policy
from techtool.station.model import Station
from techtool.station.silence import silent_s
from techtool.text import safe

from . import boot_answers
from .cable import described
from .desk import Desk
from .widgets.lines import cut, join, since, span, wrap, wrap_inked
from .widgets.look import Look
from .widgets.sheet import Line, line, sentence
from .widgets.station_lines import host

if TYPE_CHECKING:
    from techtool.interfaces import Interface
    from techtool.serviceport.link import ServiceLine

SILENT_S = 120.0
LAST_PORT = 65_535
GROUPS_SHOWN = 6
OWN_NAME = "Most chargers add their own name at the end. If yours wants a full URL, add it:"
OWN_NAME_SHORT = "Most chargers add their own name. If yours wants a full URL, add it:"
"""Where one line has room for this alone."""
WORDS_LEAST = 12
"""Columns for the words on an address."""


class Address(NamedTuple):
    """The cursor is on an interface."""

    address: str


class KnockAt(NamedTuple):
    """The cursor is on a kind of knock."""

    address: str
    reason: str
    identity: str | None


class Fold(NamedTuple):
    """The cursor is on what is folded."""


class Retry(NamedTuple):
    """The cursor is on a way out of a port that cannot be used."""

    port: int


class PortAt(NamedTuple):
    """The cursor is on a serial port."""

    device: str


def page_lines(desk: Desk, look: Look, width: int, *, chosen: str | None, unfolded: bool) -> list[Line]:
    """The page. ``chosen`` is the address under the cursor; ``unfolded`` shows the unlikely ones, too."""
    if desk.session.serial is not None:
        return _service_port(desk.session.serial, look, width)
    lines = _looking(desk, look, width)
    if desk.session.listening is None and desk.network.problem is None:
        return [*lines, *_not_listening(desk, width)]
    if desk.network.problem is not None:
        lines += _problem(desk, look, width)
    else:
        lines += _first_words(desk, look, width)
        lines += _urls(desk, look, width, chosen, unfolded)
    lines += _ports(desk, width)
    lines += _silence(desk, look, width)
    return lines + _knocks(desk, look, width)


def kind(knock: Knock) -> KnockAt:
    """What is the same for all knocks that are shown as one."""
    return KnockAt(host(knock.address), knock.reason.value, knock.identity)


def grouped(knocks: Sequence[Knock]) -> list[list[Knock]]:
    """Knocks from the same place for the same reason together; the newest group first.

    Many chargers may stand behind one address: those that are known by name are told apart.
    """
    groups: dict[KnockAt, list[Knock]] = {}
    for knock in knocks:
        key = kind(knock)
        group = groups[key] = groups.pop(key, [])
        group.append(knock)
    return list(reversed(groups.values()))


def _service_port(port: ServiceLine, look: Look, width: int) -> list[Line]:
    if port.problem is not None:
        state, said = "fault", f"{safe(port.problem)} This page is watching."
    elif port.heard:
        state, said = "ok", f"{safe(port.name, 60)} answers. Press 2 for its status, 6 for what passes."
    else:
        state, said = "wait", port.advice
    first, *more = wrap(said, width - 6)
    return [
        line(
            join((" Service port", look.ink.head), f"   {port.settings.baud} baud {safe(port.settings.format, 8)}")
        ),
        *(line(f"   {one}") for one in wrap(safe(port.settings.device), width - 4)),
        line(f"   {cut(f'opened as {safe(port.name)}', width - 4)}"),
        line(""),
        line(join(" ", look.word(state), f"  {first}")),
        *(line(f"     {one}") for one in more),
        line(""),
        *sentence("Press u to leave the port, or to open it as something else.", width),
    ]


def _looking(desk: Desk, look: Look, width: int) -> list[Line]:
    """What goes on at a port that is not used yet; above everything, where it is seen."""
    ports = desk.ports
    if ports.probing is None:
        return []
    device, step = safe(ports.probing, 40), ports.scan.step if ports.scan is not None else None
    if ports.scan is None or step is None:
        said = f"Looking what is at {device} ..."
    else:
        far = f"{ports.scan.asked} of up to {ports.scan.total} questions"
        said = f"Asking unit {step.unit} on {device} at {step.line.baud} baud {step.line.format}: {far}. u stops."
    first, *more = wrap(said, width - 6)
    return [
        line(join(" ", look.word("wait"), f"  {first}")),
        *(line(f"     {part}") for part in more),
        line(""),
    ]


def _ports(desk: Desk, width: int) -> list[Line]:
    """Adapters that were plugged in; the built-in ports of a PC stand in the list of u."""
    adapters = [one for one in desk.ports.seen if one.usb is not None]
    lines = []
    for one in adapters:
        device, head = safe(one.device, 30), " Serial cable:"
        text = cut(f"{head} {device}  {described(one)}", width - 1)
        lines.append(line(text, PortAt(one.device), start=len(head), end=len(head) + len(device) + 2))
    return lines


def _not_listening(desk: Desk, width: int) -> list[Line]:
    if desk.replay:
        return [
            *sentence("This is a visit from the journal: nobody can call it.", width),
            line(""),
            *sentence("Press 2 for the charger as it was at the end, 6 for what passed.", width),
        ]
    return [line(" Opening the port ...")]


def _first_words(desk: Desk, look: Look, width: int) -> list[Line]:
    linked = desk.session.picture.connected
    if not linked:
        first = "Waiting for a charger. It must call this laptop; this laptop never calls it."
        return sentence(first, width, look.ink.head)
    told = [_linked(one, look) for one in linked]
    return [line(join(" ", part)) for one in told for part in wrap_inked(one, width - 2)]


def _linked(station: Station, look: Look) -> Text:
    link, silent = station.link, silent_s(station.link, look.now)
    return join(
        look.word("ok" if silent is None else "warn"),
        (f" {safe(station.identity, 30)}", look.ink.head),
        f"  from {host(link.address)}, {safe(link.protocol or '', 20)}",
        f", for {since(link.since, look.now)}" if silent is None else (f", silent {span(silent)}", look.ink.warn),
    )


def _urls(desk: Desk, look: Look, width: int, chosen: str | None, unfolded: bool) -> list[Line]:
    port = desk.network.port
    found = desk.network.interfaces
    lines = [
        line(""),
        *sentence("In the charger's settings put one of these as OCPP / backend / CSMS URL:", width),
        line(""),
    ]
    shown = [one for one in found if not one.folded]
    folded = [one for one in found if one.folded]
    if not shown:
        shown, folded = folded, []
    if not found:
        lines += sentence("This laptop has no network address now. Plug the cable in.", width, look.ink.warn)
    wide = max((len(one.url(port)) for one in shown), default=0) + 2
    lines += [part for one in shown for part in _url(one, port, look, wide, width)]
    if folded and unfolded:
        lines += [part for one in folded for part in _url(one, port, look, wide, width)]
    elif folded:
        lines.append(line(f"   {len(folded)} more", Fold(), start=2, end=10))
    address = chosen or (shown[0].address if shown else None)
    if address is not None:
        lines += [
            line(""),
            *_own_name(width),
            line(join("   ", (f"ws://{address}:{port}/CP001", look.ink.info))),
        ]
    password = desk.session.policy.password
    told = (
        "Not encrypted, no password. To want a password press s."
        if password is None
        else "Not encrypted, with a password (HTTP Basic). To change it press s."
    )
    lines += sentence(told, width)
    answers = boot_answers.told(desk.session.policy)
    return lines if answers is None else lines + sentence(answers, width, look.ink.warn)


def _own_name(width: int) -> list[Line]:
    """What a full URL ends with; without a margin at the right it just has the 80 columns."""
    if len(OWN_NAME) < width:
        return [line(f" {OWN_NAME}")]
    return sentence(OWN_NAME_SHORT if len(OWN_NAME_SHORT) < width else OWN_NAME, width)


def _url(one: Interface, port: int, look: Look, wide: int, width: int) -> list[Line]:
    url = one.url(port)
    head = join("   ", (f"{url:<{wide}}", look.ink.info), f" {safe(one.name, 14):<7} ")
    first, *more = wrap(one.words, max(WORDS_LEAST, width - head.cell_len - 1))
    return [
        line(join(head, first), Address(one.address), start=2, end=3 + len(url) + 1),
        *(line(" " * head.cell_len + part) for part in more),
    ]


def _silence(desk: Desk, look: Look, width: int) -> list[Line]:
    """After two minutes without a single byte, what to look at."""
    if desk.session.listening is None or desk.trace.last or (desk.network.listening_s or 0) < SILENT_S:
        return []
    from techtool.interfaces import ITSELF

    text = (
        f"Nothing has reached port {desk.network.port}. Check cable, same subnet, and this laptop's firewall: "
        f"try `techtool doctor`. {ITSELF}"
    )
    return [line(""), *(line(Text(f" {one}", look.ink.warn, end="")) for one in wrap(text, width - 2))]


def _problem(desk: Desk, look: Look, width: int) -> list[Line]:
    assert desk.network.problem is not None
    lines = [line(Text(f" !! {one} ", look.ink.alarm, end="")) for one in wrap(desk.network.problem, width - 5)]
    if desk.network.holder is not None:
        lines.append(
            line(f"    It is held by {safe(desk.network.holder.name, 40)} (pid {desk.network.holder.pid}).")
        )
    lines += [
        line(""),
        line(f"    Try port {desk.network.port} again", Retry(desk.network.port), start=3, end=30),
    ]
    if (other := desk.network.port + 1) <= LAST_PORT:
        way = f"Listen on {other} instead, and change the URL in the charger"
        first, *more = wrap(way, width - 5)
        lines.append(line(f"    {first}", Retry(other), start=3, end=64))
        lines += [line(f"    {part}") for part in more]
    return lines


def _knocks(desk: Desk, look: Look, width: int) -> list[Line]:
    groups = grouped(desk.session.picture.knocks)
    if not groups:
        return []
    newest = groups[0][-1]
    head = " Knocks at the door"
    last = f"last one {since(newest.at, look.now)} ago"
    lines = [
        line(""),
        line(join((head, look.ink.head), " " * max(2, width - len(head) - len(last) - 2), last)),
    ]
    for group in groups[:GROUPS_SHOWN]:
        knock = group[-1]
        times = f"  x{len(group)}" if len(group) > 1 else ""
        said = f"   {look.clock(knock.at)}  {host(knock.address):<15}  "
        first, *more = wrap(safe(knock.text, 160), max(20, width - len(said) - len(times) - 1))
        lines.append(line(said + first + times, kind(knock), start=2, end=width - 1))
        lines += [line(" " * len(said) + part) for part in more]
        lines += [
            line(join("             ", (f"-> {one}" if not place else f"   {one}", look.ink.warn)))
            for place, one in enumerate(wrap(_cure(knock, desk.session.policy), width - 18))
        ]
    if len(groups) > GROUPS_SHOWN:
        lines.append(line(f"   and {len(groups) - GROUPS_SHOWN} other kinds before"))
    return lines


def _cure(knock: Knock, policy: Policy) -> str:
    if policy.welcoming(knock.reason, knock.detail) is None:
        return knock.cure
    return f"{knock.cure} Or press a here."
