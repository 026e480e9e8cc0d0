"""Validation stands beside: where it cannot be had, everything else goes on."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from typing import Any

import pytest

from techtool.csms import schemas
from techtool.csms.frames import CallError
from techtool.station.findings import Code
from tests.csms.driving import Driver


@contextlib.contextmanager
def unreadable() -> Iterator[None]:
    """As if none had been read before, and no file could be opened."""

    def too_many(package: str) -> Any:
        raise OSError(errno.EMFILE, "Too many open files")

    for kept in (schemas._actions, schemas._schema, schemas._checker):
        kept.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("importlib.resources.files", too_many)
        yield


@pytest.mark.parametrize("protocol", schemas.PROTOCOLS)
def test_while_schemas_cannot_be_read_everything_is_answered_and_nothing_is_checked(protocol: str) -> None:
    driver = Driver(protocol)
    driver.boot()
    wrong = {"customData": 7}
    with unreadable():
        schemas.warm(protocol)
        assert "currentTime" in driver.say("Heartbeat", wrong)
        refused = driver.say("Nonsense", {})
        assert isinstance(refused, CallError) and refused.code == "NotImplemented"
        assert driver.codes() == {Code.UNKNOWN_ACTION}
    assert "currentTime" in driver.say("Heartbeat", wrong)
    assert Code.SCHEMA in driver.codes(), "as soon as they can be read it is checked"


def test_an_answer_that_is_checked_before_it_goes_out_goes_out_unchecked() -> None:
    driver = Driver("ocpp2.1")
    driver.boot()
    asked = {"certificateStatusRequests": [{"source": "OCSP", "urls": ["x"], "certificateHashData": {}}]}
    assert isinstance(driver.say("GetCertificateChainStatus", asked), CallError)
    with unreadable():
        assert len(driver.say("GetCertificateChainStatus", asked)["certificateStatus"]) == 1
