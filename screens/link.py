"""Link: where a charger must call, and who has knocked in vain."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool.csms.knocks import Knock
from techtool.csms.policy import MOST_INTERVAL_S, Policy, interval
from techtool.text import safe
from techtool.trace import explain

from . import cable
from .boot_answers import More, boot_menu
from .link_lines import Address, Fold, KnockAt, PortAt, Retry, grouped, kind, page_lines
from .qr import QrCode
from .widgets.ask import Ask
from .widgets.bars import Key, Keys
from .widgets.dialogs import Dialog
from .widgets.lines import wrap
from .widgets.page import Page
from .widgets.sheet import Sheet, line
from .widgets.side_lines import side_lines

LOOK_BACK = 100
"""Records before a knock that are searched for what it said."""


class LinkPage(Page):
    """The first page: a charger must be told where this laptop is."""

    title = "Link"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "password", "Want a password from the charger", id="link.password"),
        Binding("b", "boot", "Choose the answer to a BootNotification", id="link.boot"),
        Binding("u", "cable", "Use a serial cable, or leave it", id="link.cable"),
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
        trace = Key("o", "open a trace")
        if self.desk.session.serial is not None:
            return [Key("u", "leave or change the port"), trace]
        if self.desk.ports.probing is not None:
            return [Key("u", "stop looking"), trace]
        idle = not self.desk.session.picture.connected
        demo = [Key("d", "demo charger")] if idle and self.main.no_demo is None else []
        keys = (Key("y", "copy URL"), Key("Q", "show as QR"), Key("u", "serial cable"), trace)
        return [*keys, *demo, Key("s", "password"), Key("b", "boot answer")]

    def enter(self) -> None:
        """To the addresses."""
        self._sheet.focus()

    def tick(self) -> None:
        """Write the page anew."""
        if not self._sheet.room:
            return
        chosen, room = self._chosen, self._sheet.room
        self._sheet.show(page_lines(self.desk, self.main.look, room, chosen=chosen, unfolded=self._unfolded))
        if self.desk.network.interfaces and not self._placed:
            self._placed = True
            self._sheet.go(Address(self.desk.network.interfaces[0].address))

    # --- what it does ------------------------------------------------------------------------------------

    @property
    def _chosen(self) -> str | None:
        key = self._sheet.key
        return key.address if isinstance(key, Address) else None

    @property
    def url(self) -> str | None:
        """The marked URL, or the likeliest one."""
        if self.desk.session.able.cannot("url") is not None:
            return None
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
            case PortAt(device):
                cable.look_at(self.main, device)

    def why_not(self, action: str) -> str | None:
        """Only some who knock can be let in from here."""
        if (
            action in ("password", "boot", "allow", "qr")
            and (reason := self.desk.session.able.cannot("url")) is not None
        ):
            return reason
        if action == "cable" and self.desk.replay:
            return "This is a visit from the journal."
        if action in ("password", "boot", "allow") and self.desk.replay:
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
        groups = grouped(self.desk.session.picture.knocks)
        return next((one[-1] for one in groups if kind(one[-1]) == key), None)

    def action_cable(self) -> None:
        """Over the service port instead of the network, and back."""
        if (reason := self.why_not("cable")) is not None:
            self.tech.say(reason, severity="warning")
        elif self.desk.session.serial is not None:
            cable.change(self.main)
        elif self.desk.ports.probing is not None:
            cable.stop(self.main)
        else:
            cable.choose(self.main)

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

    def action_boot(self) -> None:
        """Accepted, Pending or Rejected, and how soon it is heard again."""
        if (reason := self.why_not("boot")) is not None:
            self.tech.say(reason, severity="warning")
            return
        self.app.push_screen(boot_menu(self.desk.session.policy), self._answer_boots)

    def _answer_boots(self, chosen: Hashable | None) -> None:
        session = self.desk.session
        policy = session.policy
        match chosen:
            case More.INTERVAL:
                words = [f"Seconds between Heartbeats, or until it may try again: 1 to {MOST_INTERVAL_S}."]
                value = str(policy.heartbeat_interval)
                self.app.push_screen(Ask("Interval", words, value=value), self._take_interval)
                return
            case More.STRICT:
                policy = policy._replace(strict=not policy.strict)
            case Policy():
                policy = chosen
            case _:
                return
        session.set_policy(policy)
        if session.picture.connected and chosen is not More.STRICT:
            self.tech.say("This holds from its next BootNotification on: page 2, t asks it for one.")
        self.tick()

    def _take_interval(self, typed: str | None) -> None:
        self._sheet.focus()
        if typed is None:
            return
        seconds = interval(typed)
        if seconds is None:
            self.tech.say(
                f"An interval is whole seconds, from 1 to {MOST_INTERVAL_S}. Nothing was changed.",
                severity="warning",
            )
            return
        self._answer_boots(self.desk.session.policy._replace(heartbeat_interval=seconds))

    def action_qr(self) -> None:
        """For a phone app that sets up the charger."""
        if (reason := self.why_not("qr")) is not None:
            self.tech.say(reason, severity="warning")
        elif (url := self.url) is not None:
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
