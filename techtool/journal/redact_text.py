"""Secrets in plain text: HTTP heads, URLs, private keys, ``name=value`` pairs."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote

from techtool.journal.pseudonyms import USER, WORDS, Pseudonyms
from techtool.journal.redact_names import SIM, is_no_secret, label_of, plain, suspicious
from techtool.journal.redact_prose import said, trimmed

_HEADER = re.compile(
    r"^([ \t]{0,9}[\w-]{0,40}(?:authorization|cookie|api-?key|token|secret|password)[\w-]{0,40}"
    r"[ \t]{0,9}:[ \t]{0,9})([^\r\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_SCHEME = re.compile(r"(?i)\b(Basic|Bearer|Digest|Negotiate)([ \t]+)([^\s\"',;]+)")
_CHALLENGE = re.compile(r"[ \t]{0,9}(?:www|proxy)-authenticate[ \t]{0,9}:", re.IGNORECASE)
"""The server's question for a password. It holds none."""
_PARAMETER = re.compile(r"(?:realm|charset|nonce|opaque|algorithm|qop|domain|stale|scope|error)=", re.IGNORECASE)
_USERINFO = re.compile(
    r"(?i)(\b[a-z][a-z0-9+.-]{0,20}:(?:\\?/){2})"
    r"([^\s:/@\"'<>\\]{0,200})(?:(:)(?!\d{1,5}/)([^\s\"'<>\\]{0,500})|(?:(:)([^\s/@\"'<>\\]{0,500}))?)@"
)
_USERINFO_END = re.compile(r"^(?![a-zA-Z][\w+.-]*:\\?/)[^\s\"'<>@]{1,700}@(?=[\w\[])")
"""Where the text begins within a URL."""
_QUERY = re.compile(r"([?&;]([\w.%-]{1,60})=)([^&#\s\"'<>;\\]*)")
_PRIVATE_KEY = re.compile(
    r"(-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)(?:.*?(-----END [A-Z ]{0,20}PRIVATE KEY-----)|.*)", re.DOTALL
)
_PRIVATE_KEY_END = re.compile(r"^[A-Za-z0-9+/=\s\\]*(-----END [A-Z ]{0,20}PRIVATE KEY-----)")
_PAIR = re.compile(
    r"([A-Za-z_][\w.\0-]{1,60})([\"'\\\s\0]{0,6}[:=][\\\s\0]{0,4})"
    r"(?:(\")((?:[^\"\\]|\\[^\"])*)|(\')([^']*)|([^\s,;&{}\[\]\"'\\]+))"
)
_SETTING = re.compile(
    r"(?i)(\b(?:key|name|setting|param|parameter|variable)[ \t]{0,4}[=:][ \t]{0,4}"
    r"[\"']?([A-Za-z][\w. -]{1,60}?)[\"']?"
    r"[ \t]{0,4}[;,&|\s][ \t]{0,4}(?:new|old)?val(?:ue)?[ \t]{0,4}[=:][ \t]{0,4}[\"']?)([^\s,;&|\"']{1,500})"
)
"""``key=AuthorizationKey;value=...``: a setting and its value as a line of text."""
_SIGNATURES = frozenset(
    {"sig", "signature", "xamzsignature", "xamzcredential", "xamzsecuritytoken", "xgoogsignature"}
)
"""Parts of a URL that let everybody in who has it."""
_ELEMENT = re.compile(r"(<([A-Za-z_][\w.:-]{0,60})(?:\s[^<>]{0,200})?>)([^<>]{1,500})(?=</)")
"""XML, as some chargers send it in DataTransfer."""
_CARD = re.compile(
    r"(?i)(\b(?:rfid|card|karte|uid)(?: (?:card|tag|read|seen|number|no|uid|id|is)){0,3} ?[:=#]? ?)"
    r"((?=[A-F]*\d)[0-9A-F]{8,20})\b"
)
"""A card's number behind the word for one."""
_TYPED = re.compile(
    r"(?i)(\bwifi (?:connect|cred add) (?:-\w{1,20} ){0,8}\S{1,80} (?:-\w{1,20} ){0,8}"
    r"|\bsettings write (?:\w{1,20} )?\S{0,80}(?:psk|pass|key|pin|secret|token)\S{0,80} )(\S+)"
)
"""What is typed into Zephyr's shell to have it remember a password."""
_OCMF_ID = re.compile(r"(\\*\"ID\\*\"\s*:\s*\\*\")([^\"\\]*)")
"""Signed meter values name the card in a field of their own."""
_TOLD_USER = re.compile(
    r"(\buser (?:name )?)(\S.{0,200}?)(?=, \d+ bytes of password| is not the identity )", re.IGNORECASE
)
"""How the handshake's findings and knocks name a user."""
_HINT = re.compile(r"</|@|://|:\\/|-----|[Bb]asic|[Bb]earer|[Dd]igest|[:=]|authorization", re.IGNORECASE)


class PlainText:
    """Replaces, and learns while it does."""

    def __init__(self, names: Pseudonyms) -> None:
        self._names = names

    def redact(self, text: str, *, cut: bool = False, prose: bool | None = None) -> str:
        """Text without its secrets; ``cut``: its beginning may be missing; ``prose``: it may be a sentence."""
        prose = not cut if prose is None else prose
        if _HINT.search(text):
            text = self._marked(text, cut)
        return self._prose(text) if prose and suspicious(text) else text

    def _marked(self, text: str, cut: bool) -> str:
        text = _PRIVATE_KEY.sub(self._private_key, text)
        text = _PRIVATE_KEY_END.sub(lambda found: self._named(found[0], "secret") + found[1], text)
        text = _HEADER.sub(self._header, text)
        text = _SCHEME.sub(self._scheme, text)
        text = (
            _OCMF_ID.sub(lambda found: found[1] + self._secret(found[2], "idTag"), text)
            if "OCMF" in text
            else text
        )
        text = _USERINFO.sub(self._userinfo, text)
        text = _USERINFO_END.sub(lambda found: self._named(found[0], "cut") + "@", text) if cut else text
        text = _QUERY.sub(self._query, text)
        text = _SETTING.sub(self._setting, text)
        text = _ELEMENT.sub(self._element, text) if "</" in text else text
        return _PAIR.sub(self._pair, text)

    def _prose(self, text: str) -> str:
        text = _TOLD_USER.sub(lambda found: found[1] + self._secret(found[2], USER), text)
        text = _CARD.sub(self._card, text)
        text = _TYPED.sub(lambda found: found[1] + self._secret(found[2], "password"), text)
        text = SIM.sub(lambda found: self._secret(found[0], "iccid" if found[1] else "imsi"), text)
        return said(text, self._secret, self._hidden)

    def _secret(self, value: str, label: str) -> str:
        if not value or self._names.made(value):
            return value
        if label == USER and self._names.stays(value):
            return self._names.replaced(value)
        self._names.learn(value, label)
        return self._named(value, label)

    def _hidden(self, value: str, label: str) -> str:
        return value if self._names.made(value) else self._named(value, label)

    def _named(self, value: str, label: str) -> str:
        return self._names.name(value, label)

    def _private_key(self, found: re.Match[str]) -> str:
        return f"{found[1]}{self._named(found[0], 'secret')}{found[2] or ''}"

    def _header(self, found: re.Match[str]) -> str:
        value = found[2]
        scheme, space, rest = value.partition(" ")
        if space and _SCHEME.match(value):
            return f"{found[1]}{scheme} {self._credentials(scheme, rest)}"
        return found[1] + self._secret(value, "secret")

    def _scheme(self, found: re.Match[str]) -> str:
        scheme, space, value = found.groups()
        if _PARAMETER.match(value):
            line = found.string.rfind("\n", 0, found.start()) + 1
            if _CHALLENGE.match(found.string, line):
                return found[0]
        return f"{scheme}{space}{self._credentials(scheme, value)}"

    def _credentials(self, scheme: str, value: str) -> str:
        if self._names.made(value):
            return value
        if scheme.lower() == "basic":
            try:
                pair = base64.b64decode(value.strip(), validate=True)
            except (binascii.Error, ValueError):
                return self._named(value, "password")
            user, colon, password = pair.partition(b":")
            if colon:
                shown = self._secret(user.decode("utf-8", "backslashreplace"), USER)
                secret = self._secret(password.decode("utf-8", "backslashreplace"), "password")
                coded = base64.b64encode(f"{shown}:{secret}".encode("utf-8", "replace")).decode()
                self._names.note(coded)
                return coded
        return self._secret(value, "secret")

    def _userinfo(self, found: re.Match[str]) -> str:
        colon = found[3] or found[5] or ""
        password = found[4] or found[6] or ""
        self._names.learn(unquote(password), "password")
        return f"{found[1]}{self._secret(found[2], USER)}{colon}{self._secret(password, 'password')}@"

    def _query(self, found: re.Match[str]) -> str:
        name = unquote(found[2])
        label = "secret" if plain(name) in _SIGNATURES else label_of(name)
        return found[1] + self._secret(found[3], label) if label else found[0]

    def _setting(self, found: re.Match[str]) -> str:
        label = label_of(found[2])
        if label is None or is_no_secret(found[2], found[3]):
            return found[0]
        return found[1] + self._secret(found[3], label)

    def _card(self, found: re.Match[str]) -> str:
        known = self._names.replaced(found[2])  # in another spelling, perhaps; so nothing is learnt from this one
        return found[1] + (known if known != found[2] else self._hidden(found[2], "idTag"))

    def _element(self, found: re.Match[str]) -> str:
        label = label_of(found[2].rpartition(":")[2])
        if label is None or is_no_secret(found[2], found[3]):
            return found[0]
        return found[1] + self._secret(found[3], label)

    def _pair(self, found: re.Match[str]) -> str:
        label = label_of(found[1])
        value = found[4] or found[6] or found[7] or ""
        if label is None or not value or is_no_secret(found[1], value) or value.lower() in _STAYING:
            return found[0]
        opening = found[3] or found[5] or ""
        # A sentence may end here, unless the value is known to end like one.
        word = value if opening or self._names.knows(value) else trimmed(value)
        end = value[len(word) :]
        if word.replace(".", "").isdigit() and not opening and not self._names.made(word):
            self._names.learn(word, label)
            return found[1] + found[2] + self._names.number(word) + end
        return found[1] + found[2] + opening + self._secret(word, label) + end


_STAYING = WORDS | {"basic", "bearer", "digest", "negotiate"}
