"""The records of a visit to a service port, as values."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hypothesis import strategies as st

from techtool.picture import Picture
from techtool.serviceport.profiles import named
from techtool.station.records import Direction, Kind, Record

Said = tuple[Direction, Kind, bytes]


def visit_records(
    protocol: str, said: Iterable[Said], profile: str, text: str | None, **more: str
) -> list[Record]:
    """A visit to somebody who answers: what was said, a tenth of a second apart."""
    opened = {"wire": protocol, "peer": "ttyUSB0", "local": "", "profile": profile, **more}
    opened["text"] = named(profile).text if text is None else text
    linked = {"identity": "box", "protocol": protocol, "path": "ttyUSB0"}
    whole: list[Said] = [
        (Direction.NOTE, Kind.OPENED, json.dumps(opened).encode()),
        (Direction.NOTE, Kind.LINKED, json.dumps(linked).encode()),
        *said,
    ]
    return [
        Record(number, 1, 1_777_891_200_000_000_000 + number * 100_000_000, number * 100_000_000, *one)
        for number, one in enumerate(whole, 1)
    ]


def anything(kinds: list[Kind], said: list[Said]) -> st.SearchStrategy[list[Said]]:
    """Records of these kinds in any order and direction, with bytes that were said among any others."""
    direction = st.sampled_from([Direction.CHARGER, Direction.LAPTOP])
    data = st.binary(max_size=30) | st.sampled_from([one[2] for one in said])
    return st.lists(st.tuples(direction, st.sampled_from(kinds), data), max_size=12)


def all_understood(told: Picture) -> bool:
    return not any(
        one.code.value == "not-understood" for each in told.stations.values() for one in each.findings.values()
    )
