"""The settings of a 1.6 charger: its configuration keys."""

from __future__ import annotations

from collections.abc import Sequence

from techtool.csms import lenient
from techtool.csms.dialogue import Ending
from techtool.csms.keys import KeyReader
from techtool.jobs.described import of_key, rule_for
from techtool.jobs.dialect import Told
from techtool.jobs.fitting import Rule
from techtool.jobs.wire import Ocpp
from techtool.jobs.written import Written, payload, written
from techtool.knowledge.looking_up import keys_of


class Keys:
    """A :class:`techtool.jobs.dialect.Dialect`."""

    def __init__(self, wire: Ocpp) -> None:
        self._wire = wire

    async def read(self, names: Sequence[str]) -> Told:
        """These keys, or all of them."""
        vendor = self._wire.vendor
        reader = KeyReader(names, keys_of(vendor))
        while (question := reader.next()) is not None:
            ended = await self._wire.ask("GetConfiguration", question.payload, within=question.within)
            match ended.ending:
                case Ending.ANSWERED:
                    reader.answered(payload(ended))
                case Ending.ERROR:
                    reader.was_refused()
                case _:
                    reader.was_silent()
        wanted = {one.casefold() for one in names}
        told = (one for one in reader.keys.values() if not names or one.name.casefold() in wanted)
        return Told(
            [of_key(one, vendor) for one in told],
            [*reader.unknown, *reader.parts.refused],
            reader.parts.silent,
        )

    async def write(self, name: str, value: str, *, force: bool) -> Written:
        """Write one key."""
        action, message = self.message(name, value)
        ended = await self._wire.ask(action, message, force=force)
        return written(ended, lenient.text(lenient.obj(payload(ended)).get("status")))

    def rule(self, name: str) -> Rule | None:
        """By the standard, or the make."""
        return rule_for(name, "1.6", self._wire.vendor)

    def message(self, name: str, value: str) -> tuple[str, dict[str, object]]:
        """ChangeConfiguration."""
        return "ChangeConfiguration", {"key": name, "value": value}
