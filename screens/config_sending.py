"""Sending what is staged: one after the other, each with what came of it. Without a screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.text import Text

from techtool.abilities import UnableError
from techtool.masking import is_secret, mask_written
from techtool.station.outcomes import CallRefusedError, DangerousError, NoLinkError, Outcome, Verdict
from techtool.station.settings import UnknownSettingError
from techtool.text import safe

from .config_changes import Change, Changes
from .config_lines import STAYS, At, counted
from .widgets.lines import cut, fit, join, wrap
from .widgets.look import Look
from .widgets.sheet import Line, line, sentence

WAITS, SENDING, NOT_SENT = "waits", "sending", "not sent"
READ_AGAIN = "r reads what it is now."
ANSWER = 15
"""Columns of the answer: of ``!! contradicted`` every letter."""
_STATES = {
    Verdict.PROVED: "ok",
    Verdict.ACCEPTED: "warn",
    Verdict.REFUSED: "fault",
    Verdict.CONTRADICTED: "fault",
    Verdict.UNANSWERED: "fault",
    NOT_SENT: "none",
    SENDING: "wait",
    WAITS: "none",
}
"""How each is shown, in the order in which they are counted."""

Write = Callable[[Change, bool], Awaitable[Outcome]]
"""Writes one; the second says that the technician confirmed it."""


@dataclass
class Item:
    """One change on its way."""

    change: Change
    danger: str | None = None
    """What it would do; None where it does no harm."""
    confirmed: bool = False
    """The technician typed that it shall be done all the same."""
    state: str = WAITS
    said: str = ""
    """What came of it, in words; secrets are masked."""
    records: tuple[int, ...] = ()
    """Those that show it."""


class Sending:
    """Changes on their way to a charger."""

    def __init__(self, items: Sequence[Item], identity: str | None) -> None:
        self.items = items
        self.identity = identity
        """The charger's."""
        self.done = False
        self.stopped = ""
        """Why the rest was not sent."""
        self.version = 0
        """Counts what changed here."""

    async def run(self, changes: Changes, write: Write, told: Callable[[], None]) -> None:
        """Send each, until one has no answer; ``told`` is called whenever something changed."""
        for item in self.items:
            if item.state == NOT_SENT:
                continue
            if self.stopped or changes.after(item.change.name) != item.change.after:
                self.leave(item, self.stopped or "It was undone before its turn.")
                continue
            self._say(item, SENDING, "")
            told()
            self.stopped = await self._send(item, changes, write)
            told()
        self.done = True
        self.version += 1
        told()

    async def _send(self, item: Item, changes: Changes, write: Write) -> str:
        """Why nothing more can be sent; empty where it can."""
        change = item.change
        try:
            outcome = await write(change, item.confirmed)
        except CallRefusedError as error:
            self.leave(item, why(change.name, change.after, error))
            return ""
        except (NoLinkError, UnableError, UnknownSettingError) as error:
            self.leave(item, str(error))
            return f"Nothing was sent after that. {STAYS}"
        shown = mask_written(change.name, change.after, outcome)
        item.records = shown.records
        if outcome.verdict is Verdict.UNANSWERED:
            self._say(item, shown.verdict, f"{shown.text} {STAYS} {READ_AGAIN}")
            return f"Nothing was sent after that. {STAYS}"
        self._say(item, shown.verdict, shown.text)
        changes.written(change, outcome)
        return ""

    def break_off(self) -> None:
        """Nobody waits any more for what is on its way."""
        for item in self.items:
            if item.state == SENDING:
                self._say(item, Verdict.UNANSWERED, f"Stopped here: whether it took it is not known. {READ_AGAIN}")
            elif item.state == WAITS:
                self.leave(item, f"Stopped before its turn. {STAYS}")
        self.done = True
        self.version += 1

    def leave(self, item: Item, why: str) -> None:
        """This one is not sent."""
        self._say(item, NOT_SENT, why)

    def _say(self, item: Item, state: str, said: str) -> None:
        item.state, item.said = state, said
        self.version += 1

    @property
    def answered(self) -> int:
        """How many are over."""
        return sum(one.state not in (WAITS, SENDING) for one in self.items)

    @property
    def summed(self) -> str:
        """How many came to what."""
        states = [one.state for one in self.items]
        return ", ".join(f"{states.count(state)} {state}" for state in _STATES if state in states)


def why(name: str, value: str, error: CallRefusedError) -> str:
    """Why a value may not go out; what was typed for a password is not repeated."""
    if isinstance(error, DangerousError):
        return f"{error.danger}."
    if is_secret(name, value):
        return "This value is not allowed here, by what techtool knows of the charger."
    return str(error)


def lines(sending: Sending, look: Look, width: int) -> list[Line]:
    """Each change with what came of it, and what that means in all."""
    items = sending.items
    room = width - 3 - ANSWER - 2 - 1
    name = _columns([safe(one.change.name, 80) for one in items], "setting", room * 2 // 5)
    before = _columns([one.change.shown_before for one in items], "from", (room - name - 4) // 2)
    after = _columns([one.change.shown_after for one in items], "to", room - name - before - 4)
    heads = f"   {fit('setting', name)}  {fit('from', before)}  {fit('to', after)}  answer"
    found = [line(Text(cut(heads, width), look.ink.head, end=""))]
    for item in items:
        change = item.change
        values = f"{fit(change.shown_before, before)}  {fit(change.shown_after, after)}"
        state = _STATES[item.state]
        answer = join(look.word(state), f" {item.state}")
        answer.stylize(look.ink.fault if state == "fault" else look.style(state), 3)
        text = join(f"   {fit(safe(change.name, 80), name)}  {values}  ", answer)
        found.append(line(text, At(change.name), start=2, end=width - 1))
        found += [line(f"      {part}") for part in wrap(safe(item.said, 600), width - 8)] if item.said else []
    return [*found, line(""), *_end(sending, look, width)]


def _columns(texts: Sequence[str], head: str, most: int) -> int:
    return max(1, min(most, max(map(cell_len, [*texts, head]))))


def _end(sending: Sending, look: Look, width: int) -> list[Line]:
    items = sending.items
    if not sending.done:
        told = f"{sending.answered} of {counted(len(items))} answered."
        return sentence(f"{told} Esc goes back to the list; this goes on.", width)
    good = all(one.state == Verdict.PROVED for one in items)
    found = sentence(f"Done: {sending.summed}.", width, look.ink.ok if good else look.ink.warn)
    back = "u on one stages the value that was found first. Enter shows it in the trace."
    return [*found, *sentence(back, width)]
