"""Chargers that answer all keys at once, and all the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.csms.keys import FEW, LIMIT, Key, KeyReader, Question
from techtool.csms.parts import AGAIN_S, GIVE_UP, PATIENCE_S

NAMES = [LIMIT, "HeartbeatInterval", "AuthorizationKey", "Own1", *(f"Key{n}" for n in range(30))]
VALUES = {
    name: ("30" if name == "HeartbeatInterval" else f"v-{name}") for name in NAMES if name != "AuthorizationKey"
}
Charger = Callable[[tuple[str, ...]], Any]
REFUSED, SILENT = object(), object()


def told(names: Any, unknown: Any = ()) -> dict[str, Any]:
    rows = [
        {"key": one, "readonly": one == LIMIT, **({"value": VALUES[one]} if one in VALUES else {})}
        for one in names
    ]
    return {"configurationKey": rows, "unknownKey": list(unknown)}


def read(
    charger: Charger, names: list[str] | None = None, known: list[str] = NAMES
) -> tuple[KeyReader, list[Question]]:
    reader, asked = KeyReader(names or [], known), list[Question]()
    while (question := reader.next()) is not None:
        asked.append(question)
        assert len(asked) < 500, "it ends"
        match charger(question.names):
            case answer if answer is REFUSED:
                reader.was_refused()
            case answer if answer is SILENT:
                reader.was_silent()
            case answer:
                reader.answered(answer)
    return reader, asked


def at_most(count: int) -> Charger:
    """A charger that takes so many names at once, and all at once not at all."""

    def charger(names: tuple[str, ...]) -> Any:
        if not names or len(names) > count:
            return REFUSED
        return told([one for one in names if one in NAMES], [one for one in names if one not in NAMES])

    return charger


def test_all_at_once_is_one_question() -> None:
    reader, asked = read(lambda names: told(NAMES))
    assert [one.names for one in asked] == [()] and asked[0].payload == {} and asked[0].within == PATIENCE_S
    assert list(reader.keys) == NAMES and reader.all_at_once
    assert reader.keys["AuthorizationKey"] == Key("AuthorizationKey", None, False)
    assert reader.keys[LIMIT] == Key(LIMIT, f"v-{LIMIT}", True)
    assert reader.unknown == reader.parts.silent == reader.parts.refused == []


@pytest.mark.parametrize("count", [1, 4, 50])
def test_otherwise_as_many_as_it_says_that_it_takes(count: int) -> None:
    charger, known = at_most(count), [*NAMES, "Strange"]

    def telling(names: tuple[str, ...]) -> Any:
        answer = charger(names)
        if names == (LIMIT,):
            answer["configurationKey"][0]["value"] = str(count)
        return answer

    reader, asked = read(telling, known=known)
    assert max(len(one.names) for one in asked) <= count
    assert sorted(reader.keys) == sorted(NAMES) and reader.unknown == ["Strange"]
    assert not reader.all_at_once and reader.parts.silent == []
    assert len(asked) == 2 + -(-(len(known) - 1) // count)


def test_what_is_refused_is_asked_for_in_halves_and_at_worst_alone() -> None:
    reader, asked = read(at_most(1))
    assert sorted(reader.keys) == sorted(NAMES) and reader.parts.silent == reader.parts.refused == []
    assert max(len(one.names) for one in asked) == FEW
    reader, _ = read(lambda names: REFUSED if not names or "Own1" in names else told(names))
    assert reader.parts.refused == ["Own1"] and sorted([*reader.keys, "Own1"]) == sorted(NAMES)


def test_one_that_answers_the_first_name_alone_is_asked_for_the_others() -> None:
    reader, _ = read(lambda names: told(names[:1]) if names else SILENT)
    assert sorted(reader.keys) == sorted(NAMES) and reader.parts.silent == []


def test_one_that_ignores_the_names_and_tells_all_is_heard() -> None:
    reader, asked = read(lambda names: told(NAMES), ["HeartbeatInterval"])
    assert len(asked) == 1 and len(reader.keys) == len(NAMES) and reader.parts.silent == []


def test_silence_is_told_apart_from_not_knowing() -> None:
    reader, _ = read(lambda names: SILENT if not names or "Key3" in names else told(names))
    assert reader.parts.silent == ["Key3"] and reader.unknown == [] and len(reader.keys) == len(NAMES) - 1


def test_one_that_never_answers_is_left_alone_soon() -> None:
    reader, asked = read(lambda names: SILENT)
    assert len(asked) == GIVE_UP and sum(one.within for one in asked) == PATIENCE_S + 2 * AGAIN_S
    assert sorted(set(reader.parts.silent)) == sorted(NAMES) and len(reader.parts.silent) == len(NAMES)
    reader, asked = read(lambda names: SILENT, ["HeartbeatInterval"])
    assert (len(asked), reader.parts.silent) == (1, ["HeartbeatInterval"])


def test_an_answer_without_anything_is_no_answer_for_all() -> None:
    reader, asked = read(lambda names: told(names) if names else {"configurationKey": []})
    assert len(asked) > 2 and sorted(reader.keys) == sorted(NAMES)


def test_an_answer_that_tells_nothing_of_what_was_asked_is_silence_of_it() -> None:
    reader, _ = read(lambda names: {}, ["Own1", "Key1"])
    assert reader.parts.silent == ["Own1", "Key1"]


def test_capitals_do_not_matter_and_other_types_do_not_either() -> None:
    answer = {
        "configurationKey": [{"key": "heartbeatINTERVAL", "readonly": "true", "value": 300}],
        "unknownKey": ["OWN1"],
    }
    reader, _ = read(lambda names: answer, ["HeartbeatInterval", "Own1"])
    assert reader.keys == {"heartbeatINTERVAL": Key("heartbeatINTERVAL", "300", True)}
    assert reader.unknown == ["Own1"] and reader.parts.silent == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["configurationKey", "unknownKey", "key", "value", "readonly"]), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.lists(st.just(REFUSED) | st.just(SILENT) | JSON, max_size=60), st.booleans())
def test_whatever_it_answers_the_reading_ends_and_no_name_is_lost(answers: list[Any], some: bool) -> None:
    rest = iter(answers)
    names = ["Own1", "Key1", "Key2"] if some else None
    reader, asked = read(lambda asked: next(rest, SILENT), names)
    assert len(asked) < 200
    if names:
        of = {
            one.casefold() for one in (*reader.keys, *reader.unknown, *reader.parts.refused, *reader.parts.silent)
        }
        assert {one.casefold() for one in names} <= of
