"""What BootNotifications are answered: the choices, and the words for the one that holds."""

from __future__ import annotations

from collections.abc import Hashable
from enum import Enum

from techtool.csms.policy import HEARTBEAT_INTERVAL, Policy

from .widgets.dialogs import Dialog, menu

SHORT_S = 60
_ANSWERS: tuple[tuple[str, int, str], ...] = (
    ("Accepted", HEARTBEAT_INTERVAL, f"a Heartbeat every {HEARTBEAT_INTERVAL} s"),
    ("Accepted", SHORT_S, f"every {SHORT_S} s: cures some that turn deaf"),
    ("Pending", SHORT_S, f"make settings first; it asks every {SHORT_S} s"),
    ("Rejected", SHORT_S, f"it must be silent for {SHORT_S} s"),
)


class More(Enum):
    """Choices that are no answer."""

    INTERVAL = "interval"
    STRICT = "strict"


def boot_menu(policy: Policy) -> Dialog:
    """Gives back a policy, or one of :class:`More`."""
    holds = (policy.boot_status, policy.heartbeat_interval)
    answers = _ANSWERS
    if holds not in [(status, interval) for status, interval, _ in answers]:
        answers = (*answers, (*holds, f"{policy.heartbeat_interval} s, as it is now"))
    choices: list[tuple[Hashable, str, str]] = [
        (policy._replace(boot_status=status, heartbeat_interval=interval), status, more)
        for status, interval, more in answers
    ]
    strict = "on: 2.x too early is refused. Enter: off" if policy.strict else "off. Enter: refuse 2.x too early"
    more = [(More.INTERVAL, "Interval", "another one"), (More.STRICT, "Strict", strict)]
    return menu("BootNotifications are answered", [*choices, *more], chosen=policy)


def told(policy: Policy) -> str | None:
    """The sentence for a page; None where everything is as usual."""
    answered = (policy.boot_status, policy.heartbeat_interval)
    parts = []
    if answered != (Policy().boot_status, HEARTBEAT_INTERVAL):
        parts.append(
            f"BootNotifications are answered {policy.boot_status}, interval {policy.heartbeat_interval} s."
        )
    if policy.strict:
        parts.append("What a 2.x charger sends before it is accepted is refused.")
    return f"{' '.join(parts)} To change it press b." if parts else None
