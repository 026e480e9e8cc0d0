"""How chargers come and go: who pushes whom out, who hangs up at once, who floods. Pure; times in nanoseconds."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

REMEMBERED = 1000
"""Identities."""
FLOOD_CALLS = 100
FLOOD_S = 5.0
"""So many calls in so many seconds are a flood; told once for each."""
SHORT_LINK_S = 10.0
SHORT_LINKS = 3
SHORT_LINKS_S = 120.0
"""So many short links in so many seconds are a charger that cannot come in."""
TAKEOVERS = 3
TAKEOVERS_S = 60.0
"""So many takeovers in so many seconds are two chargers that push each other out."""

_TAKEN = "It connected again while its old link still stood; the new one counts."
_TWO = "do two chargers use this name?"
_SHORT = (
    "It opens links and closes them at once. Look at the last message before the end; "
    "a version that it does not really speak does this."
)


class Flooding(NamedTuple):
    """A flood, by the action that it is made of for the most part."""

    action: str
    rate: float
    """Calls a second."""

    @property
    def text(self) -> str:
        """What comes, and what may be the reason."""
        why = (
            "Check HeartbeatInterval: some chargers take a value that is no number as 0."
            if self.action == "Heartbeat"
            else "A queue is being emptied, or the charger is in a loop."
        )
        return f"{self.action[:60]} floods in, {self.rate:.0f} messages a second. {why}"


class Flood:
    """The calls of one link."""

    def __init__(self) -> None:
        self._recent: deque[tuple[int, str]] = deque(maxlen=FLOOD_CALLS)

    def called(self, action: str, mono: int) -> Flooding | None:
        """Take a call in; what is told if this is a flood."""
        recent = self._recent
        recent.append((mono, action))
        took = mono - recent[0][0]
        if len(recent) < FLOOD_CALLS or took >= FLOOD_S * 1e9:
            return None
        ((most, _),) = Counter(name for _, name in recent).most_common(1)
        recent.clear()
        return Flooding(most, (FLOOD_CALLS - 1) * 1e9 / max(took, 1_000_000))


class _Standing(NamedTuple):
    number: int
    address: str


@dataclass(slots=True)
class _Past:
    takeovers: deque[int] = field(default_factory=lambda: deque(maxlen=TAKEOVERS))
    short: deque[int] = field(default_factory=lambda: deque(maxlen=SHORT_LINKS))


class Comings:
    """The links of all chargers of a visit."""

    def __init__(self) -> None:
        self._standing: dict[str, _Standing] = {}
        self._pasts: OrderedDict[str, _Past] = OrderedDict()

    def linked(self, identity: str, number: int, address: str, mono: int) -> str | None:
        """A link stands; what to say if the charger's older one did still."""
        older = self._standing.get(identity)
        self._standing[identity] = _Standing(number, address)
        if older is None:
            return None
        times = self._past(identity).takeovers
        times.append(mono)
        before, now = _host(older.address), _host(address)
        if before != now:
            return f"{_TAKEN} The old one came from {before}, the new one from {now}: {_TWO}"
        if len(times) == TAKEOVERS and times[-1] - times[0] < TAKEOVERS_S * 1e9:
            return f"{_TAKEN} {TAKEOVERS} times in a minute: {_TWO}"
        return _TAKEN

    def is_newest(self, identity: str, number: int) -> bool:
        """No newer link of this charger has taken over."""
        standing = self._standing.get(identity)
        return standing is not None and standing.number == number

    def closed(self, identity: str, number: int, since: int, mono: int, by: object) -> str | None:
        """A link ended; what to say if it is one of several that were too short."""
        if self.is_newest(identity, number):
            del self._standing[identity]
        if mono - since >= SHORT_LINK_S * 1e9 or by == "laptop":
            return None
        times = self._past(identity).short
        times.append(mono)
        many = len(times) == SHORT_LINKS and times[-1] - times[0] < SHORT_LINKS_S * 1e9
        return _SHORT if many else None

    def _past(self, identity: str) -> _Past:
        past = self._pasts.pop(identity, None) or _Past()
        self._pasts[identity] = past
        if len(self._pasts) > REMEMBERED:
            self._pasts.popitem(last=False)
        return past


def _host(address: str) -> str:
    return address.rpartition(":")[0] or address
