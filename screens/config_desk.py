"""What the Config page looks at: the settings of the charger that is shown, and whether they can be had now."""

from __future__ import annotations

from techtool.abilities import UnableError
from techtool.station.model import LinkState
from techtool.station.outcomes import CallRefusedError, DangerousError, NoLinkError
from techtool.station.settings import UnknownSettingError
from techtool.text import safe

from .config_changes import Changes
from .config_lines import counted
from .config_sending import why
from .desk import Desk
from .status import NO_ANSWER, NO_CHARGER
from .widgets.look import Look
from .widgets.station_lines import lost


class SettingsDesk:
    """Reads, checks and writes through the session; keeps what was read and staged for each charger."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._books: dict[str, Changes] = {}
        """By the identity of the charger."""
        self._tried = 0
        """The link over which they were asked for last, whatever came of it."""
        self.reading = False
        self.trouble = ""
        """Why they could not be read."""

    # --- what there is -------------------------------------------------------------------------------------

    @property
    def identity(self) -> str | None:
        """Of the charger that is shown."""
        return self._desk.station.identity if self._desk.station is not None else None

    @property
    def changes(self) -> Changes:
        """Of that charger."""
        return self._books.setdefault(self.identity or "", Changes())

    @property
    def staged(self) -> int:
        """What is not sent, of all chargers."""
        return sum(len(one.staged) for one in self._books.values())

    @property
    def unable(self) -> str | None:
        """Why this charger's link has no settings."""
        return self._desk.cannot("config")

    @property
    def link(self) -> int:
        """Which link of the charger stands; 0 where none does."""
        station = self._desk.station
        if station is None or station.link.state is not LinkState.CONNECTED:
            return 0
        return station.link.connection

    @property
    def is_new(self) -> bool:
        """There is a link over which they have not been asked for."""
        return self.link not in (0, self.changes.connection, self._tried) and self.unable is None

    def no_link(self, look: Look) -> str | None:
        """Why nothing can be asked of the charger now."""
        station = self._desk.station
        if (reason := self.unable) is not None:
            return reason
        if station is None:
            return NO_ANSWER if self._desk.cannot("url") else NO_CHARGER
        return None if self.link else lost(station, look)

    def empty(self, look: Look) -> str | None:
        """What is said where there are no settings to show."""
        changes = self.changes
        if changes.settings:
            return None
        if self.reading:
            return "Reading the settings of the charger."
        if self.trouble and self.unable is None:
            return f"{self.trouble} r tries again, 6 shows what passed."
        if (reason := self.no_link(look)) is not None:
            return reason
        if changes.silent:
            asked = counted(len(changes.silent), "setting")
            return f"The charger was asked for {asked} and did not answer. r asks again, 6 shows what passed."
        return "The charger has none of the settings that techtool knows. 6 shows what passed."

    # --- reading and writing -------------------------------------------------------------------------------

    async def read(self) -> str | None:
        """Read all of them; what the technician must know of it."""
        identity, link, changes = self.identity, self.link, self.changes
        self.reading, self.trouble, self._tried = True, "", link
        try:
            listed = await self._desk.session.able.read_settings(identity=identity)
        except (CallRefusedError, NoLinkError, UnableError, UnknownSettingError) as error:
            self.trouble = safe(str(error))
            return self.trouble
        finally:
            self.reading = False
        again = changes.connection not in (0, link)
        gone = changes.take(listed, self._desk.wall, link)
        if gone:
            return f"The charger does not show {', '.join(safe(one, 60) for one in gone)} any more: not staged."
        if again and (count := len(changes.staged)):
            many = "is" if count == 1 else "are"
            return f"The link is a new one, and {counted(count)} {many} staged: is it the same charger?"
        return None

    def checked(self, name: str, value: str) -> tuple[str, str]:
        """The state of a value as it is typed, ``ok``, ``warn`` or ``fault``, and words on it."""
        one = self.changes.settings[name]
        try:
            self._check(name, value)
        except DangerousError as error:
            return "warn", f"Careful: {safe(error.danger)}. You are asked again before it is sent."
        except CallRefusedError as error:
            return "fault", safe(why(name, value, error))
        except (NoLinkError, UnableError, UnknownSettingError) as error:
            return "fault", safe(str(error))
        if one.value is not None and not self.changes.would_change(name, value):
            return "ok", "It is that already."
        return "ok", "Enter stages it; S sends it then."

    def danger(self, name: str) -> str | None:
        """What writing what is staged would do, where it is dangerous."""
        after = self.changes.after(name)
        if after is None:
            return None
        try:
            self._check(name, after)
        except DangerousError as error:
            return safe(error.danger)
        except (CallRefusedError, NoLinkError, UnableError, UnknownSettingError):
            return None  # said where it is sent
        return None

    def _check(self, name: str, value: str) -> None:
        self._desk.session.able.check_setting(name, value, identity=self.identity)
