"""What the Config page shows: the list with the marked setting, or what is sent, and what is staged."""

from __future__ import annotations

from collections.abc import Hashable

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical

from techtool.text import safe

from . import config_lines, config_sending
from .config_desk import SettingsDesk
from .config_lines import At, Rows, counted
from .config_sending import Sending
from .widgets.bars import Bar, Key, Keys, Rule
from .widgets.filtering import FilterInput
from .widgets.lines import join
from .widgets.look import Look
from .widgets.sheet import Sheet, sentence

STAGED = (Key("d", "show diff"), Key("S", "send"), Key("z", "undo one"), Key("Z", "undo all"))


class Board(Vertical):
    """From top to bottom; of the list and of what is sent one is shown."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.shows_sending = False
        self._made = Rows()
        self._list_drawn: Hashable = None
        self._sent_drawn: Hashable = None

    def compose(self) -> ComposeResult:
        """Both of them."""
        yield Bar(id="config-state")
        with Vertical(id="config-list"):
            yield FilterInput("words of name, value or meaning, ! in front for not", id="config-filter")
            yield Bar(id="config-heads")
            yield Sheet(id="config-sheet")
            with Vertical(id="config-below"):
                yield Rule()
                yield Bar(id="config-name")
                yield Sheet(id="config-detail")
        yield Sheet(id="config-sending")
        yield Keys(id="config-staged")

    def on_mount(self) -> None:
        """The detail below the list is looked at, never stepped into."""
        self.query_one("#config-detail", Sheet).can_focus = False
        self.turn(sending=False)

    @property
    def rows(self) -> Sheet:
        """The list, or what is sent."""
        return self.query_one("#config-sending" if self.shows_sending else "#config-sheet", Sheet)

    @property
    def marked(self) -> str | None:
        """The name under the cursor."""
        key = self.rows.key
        return key.name if isinstance(key, At) else None

    @property
    def listed(self) -> list[str]:
        """The names in the list, as the filter leaves them."""
        keys = (target.key for one in self.query_one("#config-sheet", Sheet).lines for target in one.targets)
        return [key.name for key in keys if isinstance(key, At)]

    def turn(self, *, sending: bool) -> None:
        """To what is sent, or back to the list."""
        self.shows_sending = sending
        self.query_one("#config-list").display = not sending
        self.query_one("#config-sending").display = sending

    def show_state(self, left: Text | str, right: Text, look: Look) -> None:
        """The line above."""
        bar = self.query_one("#config-state", Bar)
        bar.show(join((" 4 Config", look.ink.head), left), right)

    def show_list(self, settings: SettingsDesk, filter: str, off: str, look: Look) -> None:
        """The settings that match, or why there are none."""
        sheet, changes = self.query_one("#config-sheet", Sheet), settings.changes
        if not (width := sheet.room):
            return
        empty = settings.empty(look)
        state = changes, changes.version, filter, look.theme, width, empty
        if state != self._list_drawn:
            self._list_drawn = state
            columns = config_lines.widths(changes, width)
            heads = config_lines.heads(columns, staged=bool(changes.staged)) if empty is None else ""
            self.query_one("#config-heads", Bar).show(join((heads, look.ink.head)))
            if empty is not None:
                sheet.show(sentence(empty, width))
            else:
                found = self._made.lines(changes, filter, look, columns)
                sheet.show([*found, *config_lines.below(changes, filter, bool(found), width)])
        told = Text(end="")
        if total := len(changes.settings):
            kept = f"   {len(self.listed):,} of {total:,}   /{safe(filter, 40)}"
            told.append(kept if filter else f"   {counted(total, 'setting')}")
        if off:
            told.append(f"   filter off (f: /{safe(off, 30)})", look.ink.muted)
        age = config_lines.age(changes, look, reading=settings.reading, connected=bool(settings.link))
        self.show_state(told, age, look)

    def show_detail(self, settings: SettingsDesk, name: str | None, look: Look) -> None:
        """The marked setting in full; None shows nothing."""
        self.query_one("#config-below").display = name is not None
        sheet = self.query_one("#config-detail", Sheet)
        if name is not None and sheet.room:
            self.query_one("#config-name", Bar).show(join((f" {safe(name, 120)}", look.ink.head)))
            sheet.show(config_lines.detail(settings.changes, name, look, sheet.room, settings.danger(name)))

    def show_sending(self, sending: Sending, look: Look) -> None:
        """What is on its way, and what came of it."""
        sheet, count = self.query_one("#config-sending", Sheet), len(sending.items)
        told = join((f"  >  send {counted(count)}", look.ink.head))
        left = "" if sending.done else f".. {sending.answered} of {count} "
        self.show_state(told, join((left, look.ink.info)), look)
        state = sending, sending.version, sheet.room, look.theme
        if sheet.room and state != self._sent_drawn:
            self._sent_drawn = state
            sheet.show(config_sending.lines(sending, look, sheet.room))

    def show_staged(self, count: int) -> None:
        """How much waits, and what can be done with it."""
        bar = self.query_one("#config-staged", Keys)
        bar.display = bool(count) and not self.shows_sending
        bar.show_keys(STAGED, head=f"{counted(count)} staged.")
