from __future__ import annotations

import pytest

from techtool.csms.knocks import Reason
from techtool.csms.policy import PROTOCOLS, Policy

ONLY_16 = Policy(protocols=("ocpp1.6",), fallback=None)


@pytest.mark.parametrize("detail", ["offered ocpp2.0.1", "offered ocpp1.2, OCPP2.1", "offered none"])
def test_who_speaks_a_version_that_is_not_allowed_can_be_let_in(detail: str) -> None:
    welcome = ONLY_16.welcoming(Reason.UNKNOWN_SUBPROTOCOL, detail)
    assert welcome is not None
    assert welcome.protocols == PROTOCOLS and welcome.fallback == "ocpp1.6"


@pytest.mark.parametrize("detail", ["offered ocpp1.2, ocpp1.5", "offered mqtt", "offered ocpp1.6", ""])
def test_who_speaks_none_that_techtool_speaks_cannot(detail: str) -> None:
    assert ONLY_16.welcoming(Reason.UNKNOWN_SUBPROTOCOL, detail) is None


@pytest.mark.parametrize("detail", ["offered none", "offered ocpp2.1"])
def test_what_is_allowed_already_needs_nothing(detail: str) -> None:
    assert Policy().welcoming(Reason.UNKNOWN_SUBPROTOCOL, detail) is None


def test_only_what_kept_it_out_is_changed() -> None:
    policy = Policy(identity="CP1", password=b"geheim")
    assert policy.welcoming(Reason.OTHER_IDENTITY, "CP2") == policy._replace(identity=None)
    assert policy.welcoming(Reason.WRONG_PASSWORD, "") == policy._replace(password=None)
    assert policy.welcoming(Reason.TLS_ON_PLAIN, "TLS 1.2") is None
