"""Config: the settings of the charger, by whatever link they are reached; changed here, sent when it is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool.text import safe

from . import config_lines
from .config_board import Board
from .config_changes import Changes, shown, writable
from .config_desk import SettingsDesk
from .config_detail import Diff, Typed, chosen, lister, reader
from .config_lines import At, counted
from .config_sending import NOT_SENT, Item, Sending
from .widgets.bars import Key, Keys
from .widgets.confirm import Confirm
from .widgets.filtering import Filtered
from .widgets.sheet import Sheet

BOX = 58
"""Columns of the lines in a box."""
TALL = 40
"""Rows of a screen that has room for the marked setting below the list."""
READING, SENDING = "reading of settings", "sending of settings"
"""The workers."""
NONE_STAGED = "Nothing is staged. Enter on a setting changes it."


class ConfigPage(Filtered):
    """The list, what is staged, and the view of what is sent."""

    title = "Config"
    BINDINGS: ClassVar[list[BindingType]] = [
        # first of all: what is typed right after it must find the line that it opens
        Binding("slash", "filter", "Filter", key_display="/", id="config.filter", priority=True),
        Binding("f", "filter_off", "Filter off and on", id="config.filter_off"),
        Binding("r", "read", "Read all settings again", id="config.read"),
        Binding("d", "diff", "Show what is staged", id="config.diff"),
        Binding("S", "send", "Send what is staged", id="config.send"),
        Binding("z", "undo", "Undo the marked change, or the last one", id="config.undo"),
        Binding("Z", "undo_all", "Undo all changes that are staged", id="config.undo_all"),
        Binding("u", "as_found", "Stage the value that was found first", id="config.as_found"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._filter = ""
        self._sent: dict[str | None, Sending] = {}
        """What is on its way, or was sent last, by the identity of the charger."""

    def compose(self) -> ComposeResult:
        """What is shown, and the keys."""
        yield Board(id="config-board")
        yield Keys(classes="hints")

    @property
    def board(self) -> Board:
        """What is shown."""
        return self.query_one(Board)

    # --- what there is -------------------------------------------------------------------------------------

    @cached_property
    def settings(self) -> SettingsDesk:
        """Where the settings come from and go to."""
        return SettingsDesk(self.desk)

    @property
    def changes(self) -> Changes:
        """Of the charger that is shown."""
        return self.settings.changes

    @property
    def offered(self) -> bool:
        """Some link here may have settings."""
        return self.desk.offers("config")

    @property
    def unable(self) -> str | None:
        """Why this charger's link has none."""
        return self.settings.unable

    @property
    def unsaved(self) -> str | None:
        """What is staged is lost by quitting."""
        count = self.settings.staged
        if not count:
            return None
        many = ("is", "it") if count == 1 else ("are", "they")
        return f"{counted(count)} {many[0]} staged and not sent: {many[1]} would be lost."

    @property
    def rows(self) -> Sheet:
        """The list, or what is sent."""
        return self.board.rows

    @property
    def hints(self) -> Sequence[Key]:  # type: ignore[override]
        """The keys that work now."""
        out = Key("y", "copy"), Key("e", "export")
        if self.board.shows_sending:
            keys = Key("escape", "back to the list", "Esc"), Key("enter", "trace", "Enter"), Key("u", "as found")
            return (*keys, *out)
        if not self.changes.settings:
            return (Key("r", "read"),)
        keys = Key("enter", "change", "Enter"), Key("slash", "filter", "/"), Key("r", "read again")
        return (*keys, Key("u", "as found"), *out)

    @property
    def _sending(self) -> Sending | None:
        """What is on its way to the charger that is shown, or was sent to it last."""
        return self._sent.get(self.settings.identity)

    @property
    def _busy(self) -> bool:
        return self._sending is not None and not self._sending.done

    @property
    def _marked(self) -> str | None:
        """The marked setting."""
        name = self.board.marked
        return name if name in self.changes.settings else None

    # --- drawing -------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """To the rows."""
        self.rows.focus()

    def tick(self) -> None:
        """Bring it up to date; over a new link they are read."""
        if not self.display or not self.is_attached:
            return
        if self.settings.is_new and not self.settings.reading and not self._busy:
            self._start_reading()
        board, look, sending = self.board, self.main.look, self._sending
        if board.shows_sending and sending is None:
            self._turn(sending=False)  # another charger is shown
        if board.shows_sending and sending is not None:
            board.show_sending(sending, look)
            job = self.desk.jobs.writing
            if job is not None and job.sending is sending and sending.done and self.main.page is self:
                job.seen = True
        else:
            board.show_list(self.settings, self._filter, self.filter_off, look)
            self._show_detail()
        board.show_staged(len(self.changes.staged))

    def _show_detail(self) -> None:
        roomy = self.main.has_class("-wide") and self.main.size.height >= TALL
        self.board.show_detail(self.settings, self._marked if roomy else None, self.main.look)

    @on(Sheet.Moved, "#config-sheet")
    def _moved(self, message: Sheet.Moved) -> None:
        message.stop()
        self._show_detail()

    def _turn(self, *, sending: bool) -> None:
        """To what is sent, or back to the list."""
        self.board.turn(sending=sending)
        if self.display:
            self.rows.focus()
            self.main.call_after_refresh(self._redraw)

    def back(self) -> bool:
        """Escape leads back to the list, and then clears the filter."""
        if self.board.shows_sending:
            self._turn(sending=False)
            return True
        return self.clear_filter()

    # --- the filter ----------------------------------------------------------------------------------------

    @property
    def filter_text(self) -> str:
        """What is filtered by."""
        return self._filter

    def filter_by(self, text: str) -> None:
        """Show what matches."""
        self._filter = text.strip()

    def action_filter(self) -> None:
        """Type a filter, over the list."""
        if self.board.shows_sending:
            self._turn(sending=False)
        super().action_filter()

    # --- reading -------------------------------------------------------------------------------------------

    def why_not(self, action: str) -> str | None:
        """Why something cannot be done now."""
        changes, settings = self.changes, self.settings
        match action:
            case "read" | "send" if (reason := settings.no_link(self.main.look)) is not None:
                return reason
            case "read" | "send" if settings.reading:
                return "The settings are being read: a moment."
            case "read" if self._busy:
                return "Changes are being sent: a moment."
            case "send" if (job := self.desk.jobs.running) is not None:
                return job.busy
            case "send" | "diff" | "undo" | "undo_all" if not changes.staged:
                return NONE_STAGED
            case "as_found" if self._marked is None:
                return "No setting is marked."
            case "as_found" if changes.settings[str(self._marked)].readonly:
                return config_lines.READ_ONLY
            case "as_found" if changes.found(str(self._marked)) is None:
                return "The charger never told what it was."
        return None

    def _can(self, action: str) -> bool:
        """Whether it can be done now; else it is said why not."""
        if (reason := self.why_not(action)) is not None:
            self.tech.say(reason, severity="warning")
        return reason is None

    def action_read(self) -> None:
        """Read all of them again."""
        if self._can("read"):
            self._start_reading()
            self._redraw()

    def _start_reading(self) -> None:
        self.settings.reading = True
        self.run_worker(self._read(), group=READING, exit_on_error=False)

    async def _read(self) -> None:
        if (said := await self.settings.read()) is not None:
            self.tech.say(said, severity="warning")
        self.tick()

    # --- staging -------------------------------------------------------------------------------------------

    @on(Sheet.Chosen, "#config-sheet")
    def _open(self, message: Sheet.Chosen) -> None:
        message.stop()
        if (name := self._marked) is None:
            return
        changes, look = self.changes, self.main.look
        one, after = changes.settings[name], changes.after(name)
        told = config_lines.detail(changes, name, look, BOX, self.settings.danger(name))
        if one.readonly or not one.known:
            self.app.push_screen(reader(one, told))
        elif one.choices:
            found = changes.found(name)
            self.app.push_screen(lister(one, after, found, told), lambda key: self._stage(name, chosen(key)))
        else:
            now = writable(one, after if after is not None else one.value or "")
            box = Typed(one, now, told, partial(self.settings.checked, name), look)
            self.app.push_screen(box, lambda value: self._stage(name, value))

    def _redraw(self) -> None:
        """Also where the page is paused: what the technician did must show."""
        self.tick()
        self.main.tick()

    def _stage(self, name: str, value: str | None) -> None:
        if value is not None and name in self.changes.settings:
            self.changes.stage(name, value)
        self._redraw()

    def action_as_found(self) -> None:
        """Back to what it was when it was first read in this visit."""
        name = self._marked
        if not self._can("as_found") or name is None:
            return
        changes = self.changes
        staged = changes.back(name)
        found = shown(changes.settings[name], changes.found(name))
        self.tech.say(f"{safe(name, 60)}: {found} {'is staged, S sends it' if staged else 'is what it has'}.")
        self._redraw()

    def action_undo(self) -> None:
        """Not this change after all."""
        if self._can("undo") and (undone := self.changes.undo(self._marked)) is not None:
            self.tech.say(f"{safe(undone, 60)} stays as it is.")
            self._redraw()

    def action_undo_all(self) -> None:
        """None of the changes."""
        if self._can("undo_all"):
            self.tech.say(f"{counted(self.changes.undo_all())} undone.")
            self._redraw()

    def action_diff(self) -> None:
        """What is staged, and what is dangerous of it."""
        if not self._can("diff"):
            return
        changes, danger = self.changes, self.settings.danger
        dangers = {one.name: said for one in changes.staged if (said := danger(one.name)) is not None}
        told = config_lines.diff(changes, dangers, self.main.look, BOX)
        self.app.push_screen(
            Diff(counted(len(changes.staged)), told), lambda key: self.action_send() if key else None
        )

    # --- sending -------------------------------------------------------------------------------------------

    def action_send(self) -> None:
        """Send what is staged; while something is on its way, or when nothing is staged, show what was sent."""
        if self._busy or (self._sending is not None and not self.changes.staged):
            self._turn(sending=True)
        elif self._can("send"):
            self._send()

    def _send(self) -> None:
        items = [Item(one, danger=self.settings.danger(one.name)) for one in self.changes.staged]
        before, sending = self._sending, Sending(items, self.settings.identity)
        self._sent[sending.identity] = sending
        self.run_worker(self._carry_out(sending, self.changes, before), group=SENDING, exit_on_error=False)

    async def _carry_out(self, sending: Sending, changes: Changes, before: Sending | None) -> None:
        if not await self._confirm(sending):
            del self._sent[sending.identity]
            if before is not None:
                self._sent[sending.identity] = before
            self.tech.say("Nothing was sent.")
            return
        self._turn(sending=True)
        job = self.desk.jobs.write(sending, changes, self.tick)
        assert job is not None, "nothing else is begun while the box is open"
        await job.over.wait()
        if self.settings.link and not sending.stopped and not self.settings.reading:
            self._start_reading()  # one setting may change others

    async def _confirm(self, sending: Sending) -> bool:
        """Have the word typed for each that is dangerous; whether anything is left to be sent."""
        station = self.desk.station
        for item in sending.items:
            if item.danger is None:
                continue
            change = item.change
            words = [f"{change.shown_before}  ->  {change.shown_after}", f"Careful: {item.danger}."]
            if station is not None and station.open_transactions:
                words.append("A car is charging now.")
            box = Confirm(f"Send {safe(change.name, 40)}?", words, "write", "send it")
            item.confirmed = await self.app.push_screen_wait(box) is True
            if not item.confirmed:
                sending.leave(item, f"It was not confirmed. {config_lines.STAYS}")
        return any(one.state != NOT_SENT for one in sending.items)

    @on(Sheet.Chosen, "#config-sending")
    def _follow(self, message: Sheet.Chosen) -> None:
        message.stop()
        items = self._sending.items if self._sending is not None else []
        item = next((one for one in items if At(one.change.name) == message.key), None)
        if item is not None and item.records:
            self.main.jump(item.records[0])

    # --- out of here ---------------------------------------------------------------------------------------

    def copied(self) -> str | None:
        """The marked setting, or all that was sent."""
        if self.board.shows_sending:
            return self.rows.plain
        return config_lines.told(self.changes, self._marked) if self._marked is not None else None

    async def exported(self) -> str:
        """The settings that are shown, or all that was sent; secrets are masked."""
        if self.board.shows_sending or not self.changes.settings:
            return self.rows.plain
        return config_lines.plain(self.changes, self.board.listed)
