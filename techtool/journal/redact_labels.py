"""Which values in a message are secret, told from their names and from what stands beside them."""

from __future__ import annotations

from techtool.journal.redact_names import AMBIGUOUS, HARMLESS, NAMES, VALUES, is_no_secret, label_of, plain
from techtool.journal.redact_scan import Node, Scan, Value

CUT = "cut"
"""The label of values whose name may be missing: they are replaced, but nothing is learnt from them."""

_UP = 6
"""Levels between a value and the name of its setting."""
_CARRY_CARDS = frozenset({"Authorize", "StartTransaction", "StopTransaction", "RemoteStartTransaction"})
_METERED = frozenset({"sampledvalue", "metervalue", "transactiondata"})


def mark(found: Scan, identities: bool) -> None:
    """An object or array under a secret name is secret as a whole, but for what tells its kind."""
    _name_bare_card(found)
    _name_pairs(found)
    for node in found.nodes:
        parent = node.parent
        if parent is not None and node.name is None:
            node.orphan = found.headless and (parent.opener == "" or parent.orphan)
        if parent is not None and parent.label is not None:
            node.label = None if node.name is not None and plain(node.name) in HARMLESS else parent.label
        elif node.cut:
            node.label = CUT
        elif node.name is not None:
            node.label = label_of(node.name, identities)


def _name_bare_card(found: Scan) -> None:
    """``[2,"1","Authorize","04A1B2C3"]``: what stands where the payload belongs is the card."""
    head = found.values[:3]
    if len(head) == 3 and head[2].text in _CARRY_CARDS and all(one.node is head[0].node for one in head):
        for one in found.values[3:]:
            if one.node.opener == "[":
                one.name = one.name or "idTag"


def _name_pairs(found: Scan) -> None:
    """``[["AuthorizationKey","..."]]``: in a list within a list the first text names the second."""
    first: Value | None = None
    for one in found.values:
        within = one.node.opener == "[" and one.node.parent is not None and one.node.parent.opener == "["
        if within and first is not None and first.node is one.node and first.quoted:
            one.name = first.text
        first = one if within and (first is None or first.node is not one.node) else None


def label_in(value: Value, *, whole: bool, private: bool, identities: bool) -> str | None:
    """What a value is called in an export; None where it may stay.

    ``whole``: the message is JSON from its first to its last character. ``private``: its ``data`` is a
    customer's. The objects must be marked.
    """
    name = plain(value.name) if value.name is not None else ""
    if value.node.label is not None:
        return None if name in HARMLESS else value.node.label
    if value.doubtful:
        return CUT
    label = label_of(value.name, identities) if value.name is not None else None
    if label is not None:
        return None if is_no_secret(value.name or "", value.text) else label
    if name == "data" and private:
        return "customer"
    if name in VALUES or (name == "data" and "messageid" in value.node.members):
        return _setting(value, whole, identities)
    siblings = value.node.members.keys() | value.node.children.keys()
    if name == "key" and (value.node.name or "").lower() == "vpn":
        return "secret"
    if name == "certificate" and "idtoken" in siblings:
        return "certificate"
    return None if whole else _guessed(value, name, siblings)


def _guessed(value: Value, name: str, siblings: set[str]) -> str | None:
    """In a broken message some names could be those of a secret object whose beginning is missing."""
    lost = value.node.opener == "" or value.node.orphan
    if not name and (lost or (value.node.opener == "{" and value.closed)):
        return CUT
    if name == "key" and lost and not siblings & {"value", "readonly"}:
        return CUT
    if name == "certificate" and "certificatetype" not in siblings:
        return "certificate"
    return CUT if lost and name in AMBIGUOUS else None


def _setting(value: Value, whole: bool, identities: bool) -> str | None:
    """The value of a setting whose name stands beside it, or in an object around it."""
    node: Node | None = value.node
    for _ in range(_UP):
        if node is None:
            break
        variable = node.children.get("variable")
        setting = node.members.get("key") or (variable.members.get("name") if variable else None)
        setting = setting or next((node.members[one] for one in NAMES if node.members.get(one)), None)
        if setting:
            label = label_of(setting, identities)
            return None if label is None or is_no_secret(setting, value.text) else label
        if (node.name or "").lower() in _METERED:
            return None
        node = node.parent
    return None if whole else CUT
