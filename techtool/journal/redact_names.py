"""Which field and setting names hold something that does not belong into an export."""

from __future__ import annotations

import re
from functools import lru_cache

from techtool.journal.redact_trie import pattern_of

FIELDS = {
    **dict.fromkeys(
        (
            *("idtag", "parentidtag", "idtags", "idtagid", "parentid"),
            *("idtoken", "idtokens", "additionalidtoken", "groupidtoken", "parentidtoken", "groupid"),
            *("masterpassgroupid", "defaulttokenid", "freevendidtag", "freevendidtoken"),
            *("rfid", "rfidtag", "rfidcard", "tagid", "cardid", "carduid", "cardnumber", "cardno"),
        ),
        "idTag",
    ),
    **dict.fromkeys(("emaid", "emaids", "prioritizedemaids", "contractid"), "eMAID"),
    **dict.fromkeys(("iccid", "simiccid", "simid"), "iccid"),
    **dict.fromkeys(("imsi", "simimsi"), "imsi"),
    **dict.fromkeys(("vin", "vehicleid", "vehicleidentificationnumber"), "vehicle"),
    **dict.fromkeys(("evccid", "evmacaddress", "evmac", "macaddress", "mac"), "mac"),
    **dict.fromkeys(("msisdn", "phonenumber", "email"), "contact"),
    **dict.fromkeys(("customeridentifier", "customerid"), "customer"),
    **dict.fromkeys(
        ("personalmessage", "personalmessageextra", "updatedpersonalmessage", "updatedpersonalmessageextra"),
        "message",
    ),
    **dict.fromkeys(("exirequest", "exiresponse"), "exi"),
    **dict.fromkeys(("apninfo", "gauthentication", "authorization", "proxyauthorization", "cookie"), "secret"),
}
"""Names as ``plain`` gives them, and what their values are called in an export."""

IDENTITIES = {
    **dict.fromkeys(
        (
            *("chargepointserialnumber", "chargeboxserialnumber", "serialnumber", "meterserialnumber"),
            *("chargeboxserial", "boxserial", "meterserial", "serial"),
        ),
        "serial",
    ),
    **dict.fromkeys(("identity", "chargepointid", "chargeboxid", "chargerid", "gchargerid"), "identity"),
}
"""Only replaced on demand: support needs them."""

VALUES = frozenset({"value", "attributevalue", "actualvalue", "val", "newvalue", "oldvalue", "currentvalue"})
"""Fields whose meaning is told by a setting's name elsewhere in the message."""

NAMES = ("key", "name", "setting", "parameter", "param", "messageid")
"""Fields that hold a setting's name, in lower case."""

AMBIGUOUS = VALUES | {"content", "certificate", "data", "user"}
"""Fields that are secret in some objects: in a cut message nobody can tell any more."""

HARMLESS = frozenset({"type", "format", "language", "status", "vendorid", "cacheexpirydatetime", "expirydate"})
"""Fields that stay within a secret object, such as an idToken's type."""

_SUSPECTS = (
    *(
        "idtag",
        "id_tag",
        "id-tag",
        "id tag",
        *("whitelist", "white_list", "white-list", "wifi"),
        *("taglist", "tag_list", "tag-list", "uid", "pw", "plugandcharge", "plug_and_charge", "plug-and-charge"),
        "tagid",
        "tag_id",
        "tag-id",
        "token",
        "pass",
        "pwd",
        "puk",
        "kennwort",
        "secret",
        "cred",
    ),
    *(
        "psk",
        "key",
        "pin",
        "iccid",
        "imsi",
        "msisdn",
        "sim",
        "apn",
        "user",
        "login",
        "vin",
        "mac",
        "emaid",
        "evcc",
    ),
    *("vehicle", "contract", "card", "rfid", "mail", "phone", "customer", "personal", "group", "parent", "exi"),
    *("cert", "auth", "cookie", "private", "serial", "identity", "charger", "chargepoint", "charge_point"),
    *("chargebox", "charge_box", "boxserial", "ocmf", "signed", "://", ":\\/", "\\u", "="),
)
"""In lower case; must cover every name and pattern of this module, and what redact_text.py looks for."""
_ENDINGS = (
    (
        re.compile(
            r"(idtags?|rfid|rfidtag|tagid|taglist|cardu?id|plugandchargeid|plugandchargeidentifier)$|^uid$"
            r"|(mastercards?|whitelist|localauthlist|rfidcards?|cardlist)$"
        ),
        "idTag",
    ),
    (re.compile(r"iccid$|^sim(card)?$"), "iccid"),
    (re.compile(r"imsi$"), "imsi"),
)
"""Makes put a word of their own before: ``FreeModeRFID``, ``Cst_FreeVendIdTag``, ``ModemICCID``."""
_SECRET = re.compile(
    r"pass(?!ive|ed|ing|enger|through)|kennwort|pwd|pw$|puk|secret|credential|psk|passkey|(?<!cp)pin(?!g)|privatekey"
    r"|token(?!type|info|reader)|key(?!hash|type|usage|length|word|board)"
)
_USER = re.compile(r"user(name|id)?$|login$")
_NOT_SECRET = re.compile(
    r"public|^(key|keys|unknownkey|configurationkey|issuerkeyhash|idtokeninfo)$|secwebsocketkey|tokentypes?$|certificateissuerkey"
)
_NOT_PLAIN = re.compile(r"[^0-9a-z]+")
_LIMIT = re.compile(r"max|min|count|length|items")
_BOOLEANS = frozenset({"true", "false", "yes", "no", "on", "off", "enabled", "disabled"})


def plain(name: str) -> str:
    """A name without case and separators: ``id_tag``, ``IdTag`` and ``id-tag`` are the same field."""
    return _NOT_PLAIN.sub("", name.lower())


@lru_cache(maxsize=4_096)
def label_of(name: str, identities: bool = False) -> str | None:
    """What the value of a field or setting is called in an export; None where it may stay."""
    short = plain(name)
    label = FIELDS.get(short)
    if label is None and identities:
        label = IDENTITIES.get(short)
    if label is not None or _NOT_SECRET.search(short):
        return label
    for ending, label in _ENDINGS:
        if ending.search(short):
            return label
    if _SECRET.search(short):
        return "password" if "pass" in short or "pwd" in short or short.endswith("pw") else "secret"
    return "user" if _USER.search(short) else None


def is_no_secret(name: str, value: str) -> bool:
    """A switch or a limit: ``GetConfigurationMaxKeys`` is 99, and no key."""
    if value.lower() in _BOOLEANS:
        return True
    return len(value) <= 4 and value.isascii() and value.isdigit() and bool(_LIMIT.search(plain(name)))


SIM = re.compile(r"(?<![\w.])(?:(89\d{17,18}f?)|(\d{15}))(?!\w|\.\d)", re.IGNORECASE)
"""What can only be a SIM's number (ITU-T E.118: 89, 20 digits at most), or a subscriber's (15 digits)."""
_LONG = re.compile(r"\d{15}")
_BARE_CARD = re.compile(r'"(?:Authorize|\w*St(?:art|op)Transaction)"\s*,\s*[^{\s]')
"""A message about a card whose payload is no object."""
_SUSPECT = re.compile(pattern_of(_SUSPECTS))


def suspicious(text: str) -> bool:
    """Whether whole JSON may hold a secret, so that it needs a closer look. Fast: most messages do not."""
    lower = text.lower()
    return any(one.search(lower) for one in (_SUSPECT, _LONG)) or _BARE_CARD.search(text) is not None
