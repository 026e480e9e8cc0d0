"""The three versions by subprotocol."""

from __future__ import annotations

from functools import cache

from techtool.csms.version import Version


@cache
def version(protocol: str) -> Version:
    """The tables of ``ocpp1.6``, ``ocpp2.0.1`` or ``ocpp2.1``, imported when first wanted."""
    match protocol:
        case "ocpp1.6":
            from techtool.csms.v16 import V16

            return V16
        case "ocpp2.0.1":
            from techtool.csms.v201 import V201

            return V201
        case "ocpp2.1":
            from techtool.csms.v21 import V21

            return V21
    raise KeyError(protocol)
