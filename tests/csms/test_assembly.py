"""Messages in one frame or in many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode

from techtool.csms.assembly import MAX_FRAGMENTS, Assembly, Message, TooManyFragmentsError
from techtool.station.records import Kind

KINDS = {Opcode.TEXT: Kind.TEXT, Opcode.BINARY: Kind.BINARY}


@given(st.lists(st.tuples(st.sampled_from(list(KINDS)), st.lists(st.binary(max_size=9), min_size=1, max_size=5))))
def test_every_message_comes_out_whole_with_its_last_fragment(sent: list[tuple[Opcode, list[bytes]]]) -> None:
    assembly = Assembly()
    for opcode, parts in sent:
        *first, last = [
            Frame(opcode if not place else Opcode.CONT, part, fin=place == len(parts) - 1)
            for place, part in enumerate(parts)
        ]
        assert [assembly.add(one) for one in first] == [None] * len(first)
        assert assembly.add(last) == Message(KINDS[opcode], b"".join(parts))


def test_a_message_that_never_ends_is_given_up() -> None:
    assembly = Assembly()
    assembly.add(Frame(Opcode.TEXT, b"", fin=False))
    with pytest.raises(TooManyFragmentsError, match="10,000 fragments"):
        for _ in range(MAX_FRAGMENTS + 1):
            assembly.add(Frame(Opcode.CONT, b"", fin=False))
