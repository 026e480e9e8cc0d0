"""Whether a charger may come in, as whom, and which version it will speak. Pure.

Sources: OCPP-J 1.6 section 3, OCPP 2.0.1 part 4 section 3, and what chargers do instead (docs/field-guide.md).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from techtool.csms.knocks import Reason
from techtool.csms.policy import Policy
from techtool.station.changes import Found
from techtool.station.findings import Code, Severity

_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}://")
_PLAIN_PATH = re.compile(r"(/[^/?]+)+")
"""OCPP-J 1.6 section 3.1.1: the endpoint, which may be a path of its own, "/" and the identity."""
_HIDDEN = "?********"
"""A query, which may hold a token: that there is one, other back offices may answer with 404."""
_USERINFO = re.compile(r"(?<=//)[^/@]*@")


class Credentials(NamedTuple):
    """HTTP Basic credentials. The password is bytes: some chargers send the bytes of a hex key."""

    user: bytes
    password: bytes


class Admission(NamedTuple):
    """The charger may come in."""

    identity: str
    protocol: str
    subprotocol: str | None
    """For the answer's header; None where the charger offered none."""
    offered: tuple[str, ...]
    path: str
    user: str | None
    findings: tuple[Found, ...]


class Refusal(NamedTuple):
    """The charger may not come in."""

    reason: Reason
    detail: str
    status: int | None
    """HTTP status; None finishes the handshake and closes then, as OCPP-J wants it for versions."""
    identity: str | None = None
    """Who it says it is; None where it says nothing."""


_SCHEME = re.compile(r"[A-Za-z]{1,20}\b")


def decide(path: str, headers: Mapping[str, Sequence[str]], peer: str, policy: Policy) -> Admission | Refusal:
    """Judge an upgrade request. ``headers`` maps lower-case names to their values; ``peer`` is the IP address."""
    verdict = _decide(path, headers, peer, policy)
    if isinstance(verdict, Refusal):
        credentials = basic_credentials(headers.get("authorization", ()))
        told = identity_of(path)[0] or (_text(credentials.user) if credentials is not None else "")
        return verdict._replace(identity=told or None)
    return verdict


def _decide(path: str, headers: Mapping[str, Sequence[str]], peer: str, policy: Policy) -> Admission | Refusal:
    findings: list[Found] = []
    credentials = basic_credentials(headers.get("authorization", ()))
    identity, raw = identity_of(path)
    if not identity:
        identity = _text(credentials.user) if credentials and credentials.user else peer
        findings.append(
            Found(
                Code.NO_IDENTITY,
                f"The URL names no charger; called {identity} here. Add /NAME to the URL in the charger.",
            )
        )
    elif not _PLAIN_PATH.fullmatch(path) or _URL.match(unquote(raw)):
        findings.append(
            Found(
                Code.ODD_PATH,
                f"The charger asked for {shown_path(path)}; its identity is the last part, {identity}.",
                severity=Severity.INFO,
            )
        )
    if policy.identity is not None and identity != policy.identity:
        return Refusal(Reason.OTHER_IDENTITY, identity, 404)
    refusal = _judge_password(credentials, policy, findings, identity, raw)
    if refusal is not None:
        if refusal.reason is Reason.NO_PASSWORD and (other := _other_scheme(headers.get("authorization", ()))):
            return refusal._replace(detail=f"{identity}, but an Authorization of the kind {other}")
        return refusal
    offered = _offered(headers.get("sec-websocket-protocol", ()))
    chosen = next((one for one in offered if one.lower() in policy.protocols), None)
    if chosen is None and (offered or policy.fallback is None):
        return Refusal(Reason.UNKNOWN_SUBPROTOCOL, f"offered {', '.join(offered) or 'none'}", None)
    if chosen is None:
        findings.append(
            Found(
                Code.NO_SUBPROTOCOL,
                f"Offered no subprotocol, taken as {policy.fallback} (out of spec).",
            )
        )
    protocol = chosen.lower() if chosen is not None else policy.fallback
    assert protocol is not None
    user = _text(credentials.user) or None if credentials else None
    return Admission(identity, protocol, chosen, offered, shown_path(path), user, tuple(findings))


def shown_path(path: str) -> str:
    """The path without what may be secret in it: what is in the query, and credentials of a URL in it."""
    plain, asks, _ = path.partition("?")
    return _USERINFO.sub("", plain) + (_HIDDEN if asks else "")


def identity_of(path: str) -> tuple[str, str]:
    """The identity in a path, decoded once, and as it stood there: the last part that is not empty.

    Chargers append their name to full URLs, double the slashes, or put a URL where a name should be, also encoded.
    """
    raw = _last_part(path)
    name = unquote(raw)
    return (_last_part(name) or name) if _URL.match(name) else name, raw


def _last_part(path: str) -> str:
    return next((part for part in reversed(path.split("?")[0].split("/")) if part), "")


def basic_credentials(values: Sequence[str]) -> Credentials | None:
    """The credentials of an Authorization header, split at the first colon; None if there are none."""
    for value in values:
        scheme, _, encoded = value.strip().partition(" ")
        if scheme.lower() != "basic":
            continue
        try:
            padded = encoded.strip() + "=" * (
                -len(encoded.strip()) % 4
            )  # some leave out what fills the last group
            user, colon, password = base64.b64decode(padded, validate=False).partition(b":")
        except (binascii.Error, ValueError):
            continue
        # without a colon it is all password, and must not be shown as a name
        return Credentials(user, password) if colon else Credentials(b"", user)
    return None


def password_matches(wanted: bytes, sent: bytes) -> str | None:
    """How the passwords agree: ``as typed``, ``hex decoded``, or None if they do not.

    1.6's AuthorizationKey is typed as hex digits; some chargers send the digits, some the bytes.
    """
    digits = _unhexed(wanted)
    if sent == wanted or (digits is not None and sent.lower() == wanted.lower()):
        return "as typed"
    if sent == digits or _unhexed(sent) == wanted:
        return "hex decoded"
    return None


def _unhexed(value: bytes) -> bytes | None:
    try:
        return bytes.fromhex(value.decode("ascii")) or None
    except ValueError:
        return None


def _judge_password(
    credentials: Credentials | None, policy: Policy, findings: list[Found], identity: str, raw: str
) -> Refusal | None:
    if policy.password is None:
        if credentials is not None:
            findings.append(
                Found(
                    Code.UNCHECKED_PASSWORD,
                    "The charger sent a password; it was not checked (--password checks it).",
                    severity=Severity.INFO,
                )
            )
        return None
    if credentials is None:
        return Refusal(Reason.NO_PASSWORD, identity, 401)
    how = password_matches(policy.password, credentials.password)
    if how is None:
        sent = f"user {_text(credentials.user)}, {len(credentials.password)} bytes of password"
        return Refusal(Reason.WRONG_PASSWORD, sent, 401)
    user = _text(credentials.user)
    if user == raw != identity:
        findings.append(
            Found(
                Code.ODD_PATH,
                f"The user name matches the identity as it stands in the URL, {raw}, and not decoded.",
                subject="user",
                severity=Severity.INFO,
            )
        )
    elif user != identity:
        findings.append(
            Found(
                Code.IDENTITY_MISMATCH,
                f"The user name {user} is not the identity {identity}: other back offices will refuse this.",
            )
        )
    findings.append(
        Found(
            Code.PASSWORD_MATCHED,
            "The password matches as it was typed."
            if how == "as typed"
            else "The password matches as the bytes of its hex digits.",
            severity=Severity.INFO,
        )
    )
    return None


def _other_scheme(values: Sequence[str]) -> str | None:
    """How an Authorization header is called that has no user and password: Bearer, Digest."""
    return next((found[0] for one in values if (found := _SCHEME.match(one.strip())) is not None), None)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def _offered(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())
