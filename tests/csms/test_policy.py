from __future__ import annotations

import pytest

from techtool.csms.handshake import Refusal, decide
from techtool.csms.knocks import Reason
from techtool.csms.policy import PROTOCOLS, Policy

ONLY_16 = Policy(protocols=("ocpp1.6",), fallback=None)


def refusal(policy: Policy, offered: str) -> Refusal:
    """How a charger that offers these versions is turned away."""
    verdict = decide("/CP1", {"sec-websocket-protocol": [offered]}, "192.0.2.7", policy)
    assert isinstance(verdict, Refusal)
    return verdict


@pytest.mark.parametrize("offered", ["ocpp2.0.1", "ocpp1.2, OCPP2.1", ""])
def test_who_speaks_a_version_that_is_not_allowed_can_be_let_in(offered: str) -> None:
    turned_away = refusal(ONLY_16, offered)
    welcome = ONLY_16.welcoming(turned_away.reason, turned_away.detail)
    assert welcome is not None
    assert welcome.protocols == PROTOCOLS and welcome.fallback == "ocpp1.6"


@pytest.mark.parametrize("offered", ["ocpp1.2, ocpp1.5", "mqtt"])
def test_who_speaks_none_that_techtool_speaks_cannot(offered: str) -> None:
    turned_away = refusal(ONLY_16, offered)
    assert ONLY_16.welcoming(turned_away.reason, turned_away.detail) is None


@pytest.mark.parametrize("offered", ["", "ocpp2.1"])
def test_what_is_allowed_already_needs_nothing(offered: str) -> None:
    turned_away = refusal(ONLY_16, offered)
    assert Policy().welcoming(turned_away.reason, turned_away.detail) is None


def test_only_what_kept_it_out_is_changed() -> None:
    policy = Policy(identity="CP1", password=b"geheim")
    assert policy.welcoming(Reason.OTHER_IDENTITY, "CP2") == policy._replace(identity=None)
    assert policy.welcoming(Reason.WRONG_PASSWORD, "") == policy._replace(password=None)
    assert policy.welcoming(Reason.TLS_ON_PLAIN, "TLS 1.2") is None
