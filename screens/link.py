"""Link: where a charger must call, and who has knocked in vain."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool.csms.knocks import Knock
from techtool.csms.policy import Policy
from techtool.station.model import LinkState
from techtool.text import safe
from techtool.trace import explain

from .qr import QrCode
from .widgets.ask import Ask
from .widgets.bars import Key, Keys
from .widgets.dialogs import Dialog
from .widgets.lines import cut, join, since, wrap, wrap_inked
from .widgets.look import Look
from .widgets.page import Page
from .widgets.sheet import Line, Sheet, line, sentence
from .widgets.side_lines import side_lines
from .widgets.station_lines import host

if TYPE_CHECKING:
    from techtool.interfaces import Interface

SILENT_S = 120.0
LAST_PORT = 65_535
GROUPS_SHOWN = 6
WORDS_LEAST = 12
"""Columns for the words on an address."""
LOOK_BACK = 100
"""Records before a knock that are searched for what it said."""


class Address(NamedTuple):
    """The cursor is on an interface."""

    address: str


class KnockAt(NamedTuple):
    """The cursor is on a kind of knock."""

    address: str
    reason: str


class Fold(NamedTuple):
    """The cursor is on what is folded."""


class Retry(NamedTuple):
    """The cursor is on a way out of a port that cannot be used."""

    port: int


class LinkPage(Page):
    """The first page: a charger must be told where this laptop is."""

    title = "Link"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "password", "Want a password from the charger", id="link.password"),
        Binding("a", "allow", "Let in who knocks", id="link.allow"),
        Binding("Q", "qr", "Show the URL as QR code", id="link.qr"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._unfolded = False
        self._placed = False

    def compose(self) -> ComposeResult:
        """Lines and hints."""
        yield Sheet(id="link-sheet")
        yield Keys(classes="hints")

    @property
    def _sheet(self) -> Sheet:
        return self.query_one("#link-sheet", Sheet)

    @property
    def hints(self) -> Sequence[Key]:  # type: ignore[override]
        """The keys that work now."""
        keys = [Key("y", "copy URL"), Key("Q", "show as QR"), Key("s", "password"), Key("o", "open a trace")]
        return [*keys, Key("d", "demo charger")] if self.desk.demo is not None else keys

    def enter(self) -> None:
        """To the addresses."""
        self._sheet.focus()

    def tick(self) -> None:
        """Write the page anew."""
        if not self._sheet.room:
            return
        self._sheet.show(self._lines(self._sheet.room))
        if self.desk.network.interfaces and not self._placed:
            self._placed = True
            self._sheet.go(Address(self.desk.network.interfaces[0].address))

    # --- what it says ------------------------------------------------------------------------------------

    def _lines(self, width: int) -> list[Line]:
        desk = self.desk
        look = self.main.look
        lines: list[Line] = []
        if desk.session.listening is None and desk.network.problem is None:
            return self._not_listening(width)
        if desk.network.problem is not None:
            lines += self._problem(look, width)
        else:
            lines += self._first_words(look, width)
            lines += self._urls(look, width)
        lines += self._silence(look, width)
        return lines + self._knocks(look, width)

    def _not_listening(self, width: int) -> list[Line]:
        if self.desk.replay:
            return [
                *sentence("This is a visit from the journal: nobody can call it.", width),
                line(""),
                *sentence("Press 2 for the charger as it was at the end, 6 for what passed.", width),
            ]
        return [line(" Opening the port ...")]

    def _first_words(self, look: Look, width: int) -> list[Line]:
        linked = [
            one for one in self.desk.session.picture.stations.values() if one.link.state is LinkState.CONNECTED
        ]
        if not linked:
            first = "Waiting for a charger. It must call this laptop; this laptop never calls it."
            return sentence(first, width, look.ink.head)
        told = [
            join(
                look.word("ok"),
                (f" {safe(one.identity, 30)}", look.ink.head),
                f"  from {host(one.link.address)}, {safe(one.link.protocol or '', 20)}",
                f", for {since(one.link.since, look.now)}",
            )
            for one in linked
        ]
        return [line(join(" ", part)) for one in told for part in wrap_inked(one, width - 2)]

    def _urls(self, look: Look, width: int) -> list[Line]:
        desk = self.desk
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
        lines += [part for one in shown for part in self._url(one, look, wide, width)]
        if folded and self._unfolded:
            lines += [part for one in folded for part in self._url(one, look, wide, width)]
        elif folded:
            lines.append(line(f"   {len(folded)} more", Fold(), start=2, end=10))
        address = self._chosen or (shown[0].address if shown else None)
        if address is not None:
            lines += [
                line(""),
                *sentence("Most chargers add their own name. If yours wants a full URL, add it:", width),
                line(join("   ", (f"ws://{address}:{port}/CP001", look.ink.info))),
            ]
        password = desk.session.policy.password
        told = (
            "Not encrypted, no password. To want a password press s."
            if password is None
            else "Not encrypted, with a password (HTTP Basic). To change it press s."
        )
        return lines + sentence(told, width)

    def _url(self, one: Interface, look: Look, wide: int, width: int) -> list[Line]:
        url = one.url(self.desk.network.port)
        head = join("   ", (f"{url:<{wide}}", look.ink.info), f" {safe(one.name, 14):<7} ")
        first, *more = wrap(one.words, max(WORDS_LEAST, width - head.cell_len - 1))
        return [
            line(join(head, first), Address(one.address), start=2, end=3 + len(url) + 1),
            *(line(" " * head.cell_len + part) for part in more),
        ]

    def _silence(self, look: Look, width: int) -> list[Line]:
        """After two minutes without a single byte, what to look at."""
        desk = self.desk
        if desk.session.listening is None or desk.trace.last or (desk.network.listening_s or 0) < SILENT_S:
            return []
        text = (
            f"Nothing has reached port {desk.network.port}. Check cable, same subnet, and this laptop's firewall: "
            "try `techtool doctor`"
        )
        return [line(""), *(line(Text(f" {one}", look.ink.warn, end="")) for one in wrap(text, width - 2))]

    def _problem(self, look: Look, width: int) -> list[Line]:
        desk = self.desk
        assert desk.network.problem is not None
        lines = [
            line(Text(f" !! {one} ", look.ink.alarm, end="")) for one in wrap(desk.network.problem, width - 5)
        ]
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

    def _knocks(self, look: Look, width: int) -> list[Line]:
        groups = _grouped(self.desk.session.picture.knocks)
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
            said = cut(
                f"   {look.clock(knock.at)}  {host(knock.address):<15}  {safe(knock.text, 80)}",
                width - len(times) - 1,
            )
            lines.append(
                line(said + times, KnockAt(host(knock.address), knock.reason.value), start=2, end=width - 1)
            )
            lines += [
                line(join("             ", (f"-> {one}" if not place else f"   {one}", look.ink.warn)))
                for place, one in enumerate(wrap(self._cure(knock), width - 18))
            ]
        if len(groups) > GROUPS_SHOWN:
            lines.append(line(f"   and {len(groups) - GROUPS_SHOWN} other kinds before"))
        return lines

    def _cure(self, knock: Knock) -> str:
        if self.desk.session.policy.welcoming(knock.reason, knock.detail) is None:
            return knock.cure
        return f"{knock.cure} Or press a here."

    # --- what it does ------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> str | None:
        key = self._sheet.key
        return key.address if isinstance(key, Address) else None

    @property
    def url(self) -> str | None:
        """The marked URL, or the likeliest one."""
        address = self._chosen or next((one.address for one in self.desk.network.interfaces), None)
        if address is None:
            return None
        from techtool.interfaces import url

        return url(address, self.desk.network.port)

    def copied(self) -> str | None:
        """The URL."""
        return self.url

    async def exported(self) -> str:
        """The page as text."""
        return self._sheet.plain

    @on(Sheet.Chosen, "#link-sheet")
    def _open(self, message: Sheet.Chosen) -> None:
        message.stop()
        match message.key:
            case Address():
                self.action_qr()
            case Fold():
                self._unfolded = True
                self.tick()
            case Retry(port):
                self.desk.network.listen_again(port)
            case KnockAt() as key:
                self._open_knock(key)

    def why_not(self, action: str) -> str | None:
        """Only some who knock can be let in from here."""
        if action in ("password", "allow") and self.desk.replay:
            return "This is a visit from the journal: nobody can call it."
        if action == "allow" and self._welcoming is None:
            return "Go to a knock that can be let in: its cure says so."
        return None

    @property
    def _welcoming(self) -> Policy | None:
        """What would let in the knock under the cursor."""
        knock = self._knock(self._sheet.key)
        return None if knock is None else self.desk.session.policy.welcoming(knock.reason, knock.detail)

    def _knock(self, key: Hashable | None) -> Knock | None:
        """The newest of a kind of knock."""
        groups = _grouped(self.desk.session.picture.knocks)
        return next((one[-1] for one in groups if (host(one[-1].address), one[-1].reason.value) == key), None)

    def action_allow(self) -> None:
        """From now on who knocked like this comes in; it will call again by itself."""
        policy = self._welcoming
        if (reason := self.why_not("allow")) is not None or policy is None:
            self.tech.say(reason or "", severity="warning")
            return
        self.desk.session.set_policy(policy)
        self.tech.say("It is let in when it calls again; most chargers do within a minute.")
        self.tick()

    def action_password(self) -> None:
        """Security profile 1: the charger must send this password."""
        if (reason := self.why_not("password")) is not None:
            self.tech.say(reason, severity="warning")
            return
        words = [
            "Chargers must send this password (HTTP Basic, security profile 1). Nothing: none is wanted.",
            "A key in hex digits matches as digits and as bytes.",
        ]
        self.app.push_screen(Ask("Password", words, secret=True), self._want)

    def _want(self, password: str | None) -> None:
        self._sheet.focus()
        if password is None:
            return
        session = self.desk.session
        session.set_policy(session.policy._replace(password=password.encode() or None))
        self.tech.say(
            "This password is wanted from the next connection on." if password else "No password is wanted."
        )
        self.tick()

    def action_qr(self) -> None:
        """For a phone app that sets up the charger."""
        if (url := self.url) is not None:
            self.app.push_screen(QrCode(url))

    def _open_knock(self, key: KnockAt) -> None:
        desk = self.desk
        knock, look = self._knock(key), self.main.look
        if knock is None:
            return
        width = min(100, self.app.size.width - 8)
        lines = [
            line(f" {look.clock(knock.at)}  {safe(knock.address, 60)}"),
            *(line(f" {one}") for one in wrap(safe(knock.text), width)),
            line(""),
            *(line(Text(f" {one}", look.ink.warn, end="")) for one in wrap(knock.cure, width)),
        ]
        for number in range(max(knock.record - LOOK_BACK, desk.trace.first), knock.record):
            if desk.trace.records[number].connection == knock.connection:
                lines.append(line(""))
                for side in explain(desk.trace, number):
                    lines += side_lines(side, look, width)
        self.app.push_screen(Dialog("Knock at the door", lines, wide=True))


def _grouped(knocks: Sequence[Knock]) -> list[list[Knock]]:
    """Knocks from the same place for the same reason together; the newest group first."""
    groups: dict[tuple[str, str], list[Knock]] = {}
    for knock in knocks:
        key = (host(knock.address), knock.reason.value)
        group = groups[key] = groups.pop(key, [])
        group.append(knock)
    return list(reversed(groups.values()))
