from typing import Any

import pytest

from techtool.simulator import QUIRKS, SimulatorOptions
from techtool.simulator.quirks import checked

URL = "ws://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"url": "http://x"}, "no ws:// or wss:// address"),
        ({"version": "1.5"}, "no such OCPP version"),
        ({"connectors": 0}, "1 to 64"),
        ({"identity": ""}, "empty"),
        ({"speed": 0}, "above 0"),
        ({"heartbeat": 0}, "above 0"),
        ({"meter_interval": -1}, "negative"),
        ({"quirks": frozenset({"sings"})}, "no such quirk: sings. There are: accepts-everything"),
        ({"quirks": frozenset({"basic-hex"}), "password": "xyz"}, "hex"),
    ],
)
def test_wrong_options(wrong: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        SimulatorOptions(**({"url": URL} | wrong))


def test_quirks_have_one_line_each() -> None:
    assert len(QUIRKS) > 50
    assert all(text and "\n" not in text for text in QUIRKS.values())
    assert checked(["deaf", "deaf"]) == {"deaf"}
