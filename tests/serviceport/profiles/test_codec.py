"""Words and values, both ways."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.profiles.codec import RefusedError, decode, encode, raws
from techtool.serviceport.profiles.registers import LIMITS, Register, Space, Type, WordOrder

WORD = st.integers(0, 0xFFFF)
SCALES = st.decimals("0.000001", 1_000_000, places=6).filter(lambda one: len(one.as_tuple().digits) <= 9)
SIGNED = st.tuples(SCALES, st.booleans()).map(lambda pair: -pair[0] if pair[1] else pair[0])
OFFSETS = st.decimals(-999_999, 999_999, places=3)


def at(type: Type, **more: Any) -> Register:
    space = Space.COIL if type is Type.BIT else Space.HOLDING
    return Register(space, 0, type, **more)


@st.composite
def registers(draw: st.DrawFn) -> Register:
    type = draw(st.sampled_from([one for one in Type if one is not Type.ASCII]))
    scale = draw(st.just(Decimal(1)) | SIGNED) if type is not Type.BIT else Decimal(1)
    offset = draw(st.just(Decimal(0)) | OFFSETS) if type not in (Type.BIT, Type.FLOAT32) else Decimal(0)
    words = draw(st.sampled_from(WordOrder))
    return at(type, count=draw(st.integers(1, 3)), words=words, scale=scale, offset=offset)


@given(st.data(), registers())
def test_what_is_read_is_written_as_it_was(data: st.DataObject, register: Register) -> None:
    top = 1 if register.type is Type.BIT else 0xFFFF
    words = tuple(data.draw(st.lists(st.integers(0, top), min_size=register.size, max_size=register.size)))
    values = decode(register, words)
    assert len(values) == register.count
    known = [value for value in values if value is not None]
    if len(known) == len(values) and all(math.isfinite(float(value)) for value in known):
        assert encode(register, known) == words


@given(st.integers(1, 8), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_text_is_written_and_read(count: int, text: str) -> None:
    register = at(Type.ASCII, count=count)
    if len(text) > 2 * count:
        with pytest.raises(RefusedError, match="too many"):
            encode(register, [text])
        return
    words = encode(register, [text])
    assert len(words) == count
    assert decode(register, words) == (text.rstrip(" "),)


@given(st.lists(WORD, min_size=4, max_size=4))
def test_any_bytes_are_some_text(words: list[int]) -> None:
    (text,) = decode(at(Type.ASCII, count=4), words)
    assert isinstance(text, str) and "\0" not in text


@pytest.mark.parametrize(
    ("register", "words", "value"),
    [
        (at(Type.U16), (0xFFFF,), 65535),
        (at(Type.I16), (0xFFFF,), -1),
        (at(Type.U32), (1, 2), 65538),
        (at(Type.U32, words=WordOrder.LITTLE), (2, 1), 65538),
        (at(Type.I32), (0xFFFF, 0xFFFE), -2),
        (at(Type.FLOAT32), (0x4180, 0x0000), 16.0),
        (at(Type.FLOAT32, words=WordOrder.LITTLE), (0x0000, 0x4180), 16.0),
        (at(Type.FLOAT32, scale=Decimal(1000)), (0x3FC0, 0), 1500.0),
        (at(Type.U16, scale=Decimal("0.1")), (163,), Decimal("16.3")),
        (at(Type.U16, scale=Decimal("0.1"), offset=Decimal(-40)), (400,), Decimal("0.0")),
        (at(Type.ASCII, count=3), (0x4558, 0x2D41, 0x0000), "EX-A"),
        (at(Type.BIT), (1,), 1),
    ],
)
def test_known_words(register: Register, words: tuple[int, ...], value: object) -> None:
    assert decode(register, words) == (value,)
    assert encode(register, list(decode(register, words))) == words  # type: ignore[arg-type]


@pytest.mark.parametrize("words", [(0x7FC0, 0), (0x7F80, 0), (0xFF80, 0)])
def test_a_float_that_is_no_number_is_unknown(words: tuple[int, int]) -> None:
    assert decode(at(Type.FLOAT32), words) == (None,)


@pytest.mark.parametrize(
    ("register", "value", "why"),
    [
        (at(Type.U16), 65536, "holds 0 to 65535"),
        (at(Type.U16), -1, "holds 0 to 65535"),
        (at(Type.I16), 32768, "holds -32768 to 32767"),
        (at(Type.U16), 1.5, "between two steps of 1"),
        (at(Type.U16, scale=Decimal("0.1")), Decimal("16.05"), "16.05 lies between two steps of 0.1"),
        (at(Type.U16, scale=Decimal("0.1")), 7000, "holds 0.0 to 6553.5"),
        (at(Type.U16), "7", "not a text"),
        (at(Type.U16), math.nan, "no number"),
        (at(Type.U32), Decimal("1e400"), "does not fit"),
        pytest.param(at(Type.U32), 10**6000, "does not fit", id="huge"),
        (at(Type.FLOAT32), 1e39, "too much"),
        (at(Type.FLOAT32), Decimal("inf"), "no number"),
        (at(Type.FLOAT32), 10**400, "too much"),
        (at(Type.ASCII, count=2), "a\rb", "Plain characters"),
        (at(Type.ASCII, count=2), "ä", "Plain characters"),
        (at(Type.ASCII, count=2), 5, "Plain characters"),
        (at(Type.BIT), 2, "holds 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(register: Register, value: Any, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        encode(register, [value])


def test_as_many_values_as_there_are() -> None:
    with pytest.raises(RefusedError, match="3 values"):
        encode(at(Type.U16, count=3), [1])
    for words in ([1], [1, 2, 3], [1, -1], [1, 0x10000]):
        with pytest.raises(ValueError, match="2 words"):
            raws(at(Type.U32), words)


@given(st.sampled_from(sorted(LIMITS)), st.integers() | st.floats() | st.decimals())
def test_whatever_is_given_it_fits_or_is_refused(type: Type, value: Any) -> None:
    try:
        words = encode(at(type), [value])
    except RefusedError as error:
        assert str(error).endswith(".")
    else:
        assert all(0 <= word <= 0xFFFF for word in words)
        assert decode(at(type), words) == (value,)
