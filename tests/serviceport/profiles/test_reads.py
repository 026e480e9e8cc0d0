"""Values that lie side by side are read together."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.profiles import reads
from techtool.serviceport.profiles.model import ModbusProfile
from tests.serviceport.profiles.making import modbus


def with_values(places: Sequence[tuple[str, int, int]], bus: str = "") -> ModbusProfile:
    more = "".join(
        f'[status.v{number}]\nlabel = "x"\nspace = "{space}"\naddress = {address}\ncount = {count}\n'
        for number, (space, address, count) in enumerate(places)
    )
    return modbus(f"{more}[modbus]\n{bus}")


def asked(profile: ModbusProfile) -> list[tuple[str, int, int]]:
    return [(one.space.value, one.address, one.count) for one in reads(profile)]


def test_neighbours_are_joined_and_spaces_are_not() -> None:
    places = [("input", 10, 3), ("input", 5, 1), ("holding", 6, 1), ("input", 6, 3), ("coil", 13, 2)]
    assert asked(with_values(places)) == [("coil", 13, 2), ("holding", 6, 1), ("input", 5, 4), ("input", 10, 3)]


def test_a_gap_is_read_over_only_where_the_profile_says_so() -> None:
    places = [("input", 5, 1), ("input", 8, 1)]
    assert asked(with_values(places, "join_gap = 1")) == [("input", 5, 1), ("input", 8, 1)]
    assert asked(with_values(places, "join_gap = 2")) == [("input", 5, 4)]


def test_no_read_is_longer_than_it_may_be() -> None:
    places = [("input", at, 1) for at in range(10)]
    assert [count for _, _, count in asked(with_values(places, "max_read = 4"))] == [4, 4, 2]


def test_a_block_is_read_whole_and_alone() -> None:
    block = 'blocks = [{ space = "input", address = 5, count = 4 }]'
    places = [("input", 4, 1), ("input", 6, 1), ("input", 8, 1), ("input", 9, 1)]
    assert asked(with_values(places, block)) == [("input", 4, 1), ("input", 5, 4), ("input", 9, 1)]


def test_settings_are_read_but_not_those_that_cannot_be() -> None:
    one = '[config.a]\nspace = "holding"\naddress = 1\nrisk = "service"\n'
    two = '[config.b]\nspace = "holding"\naddress = 2\nrisk = "service"\nwrite_only = true\nallowed = "1"\n'
    profile = modbus(one + two)
    assert [(read.address, read.count) for read in reads(profile, profile.settings)] == [(1, 1)]
    assert reads(profile) == ()


def test_an_answer_of_another_length_is_no_answer() -> None:
    profile = with_values([("input", 5, 2), ("input", 7, 1)])
    (read,) = reads(profile)
    assert [read.words(part, [1, 2, 3]) for part in read.wanted] == [(1, 2), (3,)]
    for answer in ([], [1, 2], [1, 2, 3, 4]):
        with pytest.raises(ValueError, match="3 words"):
            read.words(read.wanted[0], answer)


@given(
    st.lists(
        st.tuples(st.sampled_from(["input", "holding"]), st.integers(0, 300), st.integers(1, 4)), max_size=12
    ),
    st.integers(4, 30),
    st.integers(0, 10),
)
def test_every_value_is_in_one_read_that_holds_it(
    places: list[tuple[str, int, int]], longest: int, gap: int
) -> None:
    apart: list[tuple[str, int, int]] = []
    for space, address, count in places:
        if all(space != s or address + count <= a or a + c <= address for s, a, c in apart):
            apart.append((space, address, count))
    profile = with_values(apart, f"max_read = {longest}\njoin_gap = {gap}")
    made = reads(profile)
    assert sorted(part.name for one in made for part in one.wanted) == sorted(one.name for one in profile.status)
    for one in made:
        assert one.count <= longest
        for part in one.wanted:
            assert one.address <= part.register.address and part.register.end <= one.address + one.count
