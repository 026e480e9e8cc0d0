"""Trace: everything that passes, live; filter, pause, pairs, one message in full."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from techtool.masking import mask_broken, mask_head, mask_message
from techtool.station.outcomes import CallRefusedError, NoLinkError, Verdict
from techtool.station.records import Kind
from techtool.text import decoded
from techtool.trace import Row, Trace, explain, parse
from techtool.trace.rows import payload_of

from .widgets.ask import Ask
from .widgets.bars import Bar, Key, Keys
from .widgets.dialogs import Dialog
from .widgets.filtering import Filtered, FilterInput
from .widgets.lines import fit, join
from .widgets.sheet import Line, Sheet, line
from .widgets.side_lines import side_lines
from .widgets.trace_view import TraceView, heads

FILTER_S = 0.008
"""For so long the filter looks at rows between two keys."""
_EXPORT_SLICE = 100


class TracePage(Filtered):
    """The rows, a line on what is shown, and the filter."""

    title = "Trace"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause", "Pause, go on", id="trace.pause"),
        # first of all: what is typed right after it must find the line that it opens
        Binding("slash", "filter", "Filter", key_display="/", id="trace.filter", priority=True),
        Binding("f", "filter_off", "Filter off and on", id="trace.filter_off"),
        Binding("t", "transaction", "Follow this transaction", id="trace.transaction"),
        Binding("m", "mark", "Mark this row", id="trace.mark"),
        Binding("semicolon", "note", "Write a note on this row", key_display=";", id="trace.note"),
        Binding("n", "next_mark", "To the next mark", id="trace.next_mark"),
        Binding("s", "send", "Send a line, as typed into a console", id="trace.send"),
    ]
    hints = (
        Key("enter", "message", "Enter"),
        Key("slash", "filter", "/"),
        Key("space", "pause", "space"),
        Key("m", "mark"),
        Key("semicolon", "note", ";"),
        Key("t", "its transaction"),
    )

    def __init__(self, trace: Trace, *, id: str) -> None:
        super().__init__(id=id)
        self._trace = trace
        self._busy = False
        self._done = True

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield Bar(id="trace-state")
        yield FilterInput("words, action: dir:> conn:1 tx:1007, ! in front for not", id="trace-filter")
        yield Bar(id="trace-heads")
        yield Sheet(id="trace-empty")
        yield TraceView(self._trace, id="trace-view")
        yield Keys(classes="hints")

    @property
    def view(self) -> TraceView:
        """The rows."""
        return self.query_one(TraceView)

    @property
    def rows(self) -> TraceView:
        """The rows."""
        return self.view

    def enter(self) -> None:
        """To the rows."""
        self.view.focus()

    def tick(self) -> None:
        """What came since the last frame."""
        view = self.view
        if not self.display:
            return
        done = self._done = view.selection.advance(FILTER_S)
        view.flush()
        width = view.scrollable_content_region.width or self.size.width
        self.query_one("#trace-heads", Bar).show(Text(heads(width), "bold", end=""))
        self._show_state(done)
        self._show_empty()
        if not done and not self._busy:
            self._busy = True
            self.call_later(self._go_on)

    def _go_on(self) -> None:
        """More of the filter at once; keys get their turn in between."""
        self._busy = False
        if self.display:
            self.tick()

    def _show_state(self, done: bool) -> None:
        view, ink = self.view, self.main.look.ink
        total, filter = len(view.trace), view.selection.filter
        shown = f"{view.count:,} of {total:,}" if filter is not None else f"{total:,}"
        left = join((" 6 Trace", ink.head), f"   {shown}", f"   /{filter.text}" if filter is not None else "")
        if not done:
            left.append(f"   filtering {view.selection.looked * 100 // max(1, total)} %", ink.warn)
        elif self.filter_off:
            left.append(f"   filter off (f: /{self.filter_off})", ink.muted)
        if view.frozen is not None:
            right = Text(f"PAUSED, {view.waiting:,} new: space to go on ", ink.warn, end="")
        elif view.following:
            right = Text("follow ", ink.ok, end="")
        elif view.count:
            below = f"{view.below:,} below: " if view.below else ""
            right = Text(f"{below}end follows ", ink.warn, end="")
        else:
            right = Text(end="")
        self.query_one("#trace-state", Bar).show(left, right)

    def _show_empty(self) -> None:
        view = self.view
        empty = self.query_one("#trace-empty", Sheet)
        text = ""
        if not len(view.trace):
            demo = "d for the demo charger, " if self.main.no_demo is None else ""
            text = f"Nothing has passed yet. Press {demo}o to open a saved trace."
        elif not view.count and view.selection.filter is not None and view.selection.advance(0.0):
            text = f"0 of {len(view.trace):,} match '{view.selection.filter.text}'. Esc clears the filter."
        empty.show([line(f" {text}")] if text else [])
        empty.display = bool(text)

    # --- filter ------------------------------------------------------------------------------------------

    @property
    def filter_text(self) -> str:
        """The filter that holds now."""
        filter = self.view.selection.filter
        return filter.text if filter is not None else ""

    def filter_by(self, text: str) -> None:
        """Show what matches."""
        self.view.choose(parse(text))

    def back(self) -> bool:
        """Escape clears the filter."""
        number = self.view.number
        if not self.clear_filter():
            return False
        if number is not None and not self.view.following:
            self.view.go(number)
        return True

    # --- rows --------------------------------------------------------------------------------------------

    def go(self, number: int) -> None:
        """Show a record; a filter that hides it goes."""
        selection = self.view.selection
        if selection.filter is not None and not selection.filter.matches(self.view.trace, number):
            self.set_filter("")
        self.view.go(number)

    def why_not(self, action: str) -> str | None:
        """Some keys need a row, and that row a transaction."""
        row = self._row
        if action in ("mark", "transaction", "note") and row is None:
            return "There is no row."
        if action == "note" and self.desk.replay:
            return "This is a visit from the journal: notes are written while a visit runs."
        if action == "transaction" and row is not None and row.transaction is None:
            return "This row belongs to no transaction."
        if action == "send":
            return self.desk.session.cannot_send
        if action == "next_mark" and not self.view.trace.marks:
            return "Nothing is marked: m marks a row."
        return None

    @property
    def _row(self) -> Row | None:
        number = self.view.number
        return self.view.trace.row(number) if number is not None else None

    def action_pause(self) -> None:
        """Stop the rows, or go on."""
        self.view.pause(self.view.frozen is None)
        self.tick()

    def action_mark(self) -> None:
        """Mark the row, or take the mark away."""
        if (reason := self.why_not("mark")) is not None:
            self.tech.say(reason, severity="warning")
            return
        marks, number = self.view.trace.marks, self.view.number
        assert number is not None
        marks ^= {number}
        self.view.redraw()

    def action_note(self) -> None:
        """Words on this row; they are kept in the journal, and go into every export."""
        number = self.view.number
        if (reason := self.why_not("note")) is not None or number is None:
            self.tech.say(reason or "There is no row.", severity="warning")
            return
        row = self.view.trace.row(number)
        about = f"On {row.label} of {self.main.look.clock(row.at)}. It is kept in the journal and in exports."
        self.app.push_screen(Ask("Note", [about]), lambda text: self._noted(text, number))

    def _noted(self, text: str | None, number: int) -> None:
        self.view.focus()
        if text and text.strip():
            self.desk.session.remark(text.strip(), number)
            self.tick()

    def action_send(self) -> None:
        """A line for the console at the service port; its answer comes as rows."""
        if (reason := self.why_not("send")) is not None:
            self.tech.say(reason, severity="warning")
            return
        about = "It goes out as it stands, with Enter behind it. What comes back shows here."
        self.app.push_screen(Ask("Send a line", [about]), self._line_typed)

    def _line_typed(self, text: str | None) -> None:
        self.view.focus()
        if text is not None:
            self.view.action_follow()
            self.run_worker(self._send(text), group="send", exit_on_error=False)

    async def _send(self, text: str) -> None:
        try:
            outcome = await self.desk.session.call(text, {})
        except (CallRefusedError, NoLinkError) as error:
            self.tech.say(str(error), severity="warning")
            return
        good = outcome.verdict in (Verdict.PROVED, Verdict.ACCEPTED)
        self.tech.say(outcome.text, severity="information" if good else "warning")

    def action_next_mark(self) -> None:
        """To the next marked row; after the last one to the first."""
        if (reason := self.why_not("next_mark")) is not None:
            self.tech.say(reason, severity="warning")
            return
        marks = sorted(self.view.trace.marks)
        here = self.view.number or 0
        self.go(next((one for one in marks if one > here), marks[0]))

    def action_transaction(self) -> None:
        """Only what belongs to this row's transaction."""
        row = self._row
        if (reason := self.why_not("transaction")) is not None or row is None:
            self.tech.say(reason or "There is no row.", severity="warning")
            return
        self.set_filter(f'tx:"{row.transaction}"' if " " in (row.transaction or "") else f"tx:{row.transaction}")
        self.view.go(row.number)

    @on(TraceView.Moved)
    def _moved(self, message: TraceView.Moved) -> None:
        message.stop()
        self._show_state(self._done)

    @on(TraceView.Chosen)
    def _open(self, message: TraceView.Chosen) -> None:
        message.stop()
        width = min(130, self.app.size.width - 8)
        lines: list[Line] = []
        for side in explain(self.view.trace, message.number):
            lines += [*side_lines(side, self.main.look, width), line("")]
        self.app.push_screen(Dialog(f"Record {message.number:,}", lines, wide=True), self._read)

    def _read(self, key: Hashable | None) -> None:
        self.view.focus()

    def copied(self) -> str | None:
        """The marked message as it passed, secrets masked."""
        number = self.view.number
        return None if number is None else self._bytes(number)

    def _bytes(self, number: int) -> str:
        record = self.view.trace.records[number]
        if record.kind in (Kind.REQUEST, Kind.RESPONSE):
            return mask_head(record.data).decode("utf-8", "backslashreplace")
        payload = payload_of(record)
        data = mask_message(record.data, payload) if payload is not None else mask_broken(record.data)
        return decoded(data, len(record.data) + 1)

    async def exported(self) -> str:
        """The rows that are shown, each with its bytes, secrets masked."""
        view, look = self.view, self.main.look
        lines: list[str] = []
        for place in range(view.count):
            number = view.selection[place]
            row = view.trace.row(number)
            mark = "*" if number in view.trace.marks else " "
            took = f"{row.ms:.0f} ms" if row.ms is not None else ""
            head = f"{mark}{look.clock(row.at, ms=True)} {row.direction.value} {fit(row.label, 34)}"
            said = f"{fit(row.connector, 5)} {row.what}  {took} {row.flag}"
            lines += [f"{head} {said}".rstrip(), f"    {self._bytes(number)}"]
            if not place % _EXPORT_SLICE:
                await asyncio.sleep(0)
        return "\n".join(lines)
