"""On which line a key stands, against tomllib, in TOML as odd as it may be."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.profiles.positions import Path, line_of, positions

ODD = [
    "# a comment = with a sign",
    "top = 1",
    """"quoted key" . 'and.another'."\\u0041" = "a # b" """,
    'text = """',
    "[no.table]",
    '"no_key" = 1""""',
    "literal = '''",
    "x = [",
    "'''''",
    """[ table . "sub" ]  # [not]""",
    """inline = { a = 1, b.c = [ 2, { d = 3 } ], "e" = '}' }""",
    "list = [",
    "    1, # one",
    """    [ "]", 'x' ],""",
    '    """',
    '    y = 2""",',
    "]",
    "date = 1979-05-27 07:32:00",
    "[[many]]",
    "n = 1",
    "[many.inner]",
    "n = 2",
    "[[many.deep]]",
    "n = 3",
    "[[many]]",
    "[[many.deep]]",
    "n = 4",
    "[[many.deep]]",
    "n = 5",
]


def test_odd_toml() -> None:
    text = "\n".join(ODD)
    found = positions(text)
    values = tomllib.loads(text)
    assert set(found) == set(paths(values))
    lines = {
        ("top",): 2,
        ("quoted key", "and.another", "A"): 3,
        ("text",): 4,
        ("literal",): 7,
        ("table", "sub"): 10,
        ("table", "sub", "inline", "b", "c", 1, "d"): 11,
        ("table", "sub", "list", 0): 13,
        ("table", "sub", "list", 1, 1): 14,
        ("table", "sub", "list", 2): 15,
        ("table", "sub", "date"): 18,
        ("many", 0, "n"): 20,
        ("many", 0, "inner", "n"): 22,
        ("many", 0, "deep", 0, "n"): 24,
        ("many", 1): 25,
        ("many", 1, "deep", 0, "n"): 27,
        ("many", 1, "deep", 1, "n"): 29,
    }
    assert {path: found[path] for path in lines} == lines


def test_windows_ends_its_lines_otherwise() -> None:
    assert positions("a = 1\r\n\r\n[b]\r\nc = 2\r\n") == {("a",): 1, ("b",): 3, ("b", "c"): 4}


def test_what_has_no_line_has_that_of_what_is_around_it() -> None:
    found = positions("\n[a.b]\nc = 1\n")
    assert line_of(found, ("a", "b", "missing", "deeper")) == 2
    assert line_of(found, ("nothing",)) == 1


def paths(value: Any, path: Path = ()) -> list[Path]:
    """Every path in what tomllib read."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [one for key, more in inner for one in ((*path, key), *paths(more, (*path, key)))]


BARE = st.from_regex(r"[A-Za-z0-9_-]{1,4}", fullmatch=True)
ANY = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cs", "Cc"]), max_size=5)


def basic(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


KEY = BARE | ANY.map(basic) | ANY.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'")
DOTTED = st.lists(KEY, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([".", " . ", "."]).map(lambda d: d.join(parts))
)
MULTI = st.lists(ANY | st.sampled_from(["\n", "\n[x]\n", "a = 1\n", '\\"', '"', '""', "\\\n  "]), max_size=4).map(
    lambda parts: "".join(part.replace("\\", "") if len(part) > 3 and "\n" not in part else part for part in parts)
)
SCALAR = (
    st.sampled_from(
        [
            "1",
            "-0x1F",
            "1_000",
            "1e5",
            "inf",
            "true",
            "1979-05-27T07:32:00Z",
            "1979-05-27 07:32:00",
            "07:32:00",
            "''",
            '""',
        ]
    )
    | ANY.map(basic)
    | MULTI.map(lambda text: f'"""{text}"""')
    | MULTI.map(lambda text: f"'''{text}'''")
)
GAP = st.sampled_from(["", " ", "\n", " # c ] } =\n", "\n\n  "])


def values(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(st.tuples(GAP, inner, GAP), max_size=3).map(
        lambda items: "[" + ",".join(before + value + after for before, value, after in items) + "]"
    )
    tables = st.lists(st.tuples(DOTTED, inner), max_size=3).map(
        lambda items: "{ " + " , ".join(f"{key} = {value}" for key, value in items) + " }"
    )
    return lists | tables


VALUE = st.recursive(SCALAR, values, max_leaves=6)
STATEMENT = (
    st.tuples(DOTTED, VALUE).map(lambda pair: f"{pair[0]} = {pair[1]}")
    | DOTTED.map(lambda key: f"[{key}] # a = 1")
    | DOTTED.map(lambda key: f"[[ {key} ]]")
    | st.sampled_from(["", "# [c]", "  "])
)


@given(st.lists(STATEMENT, max_size=8).map("\n".join))
def test_every_path_that_tomllib_finds_has_a_line(text: str) -> None:
    try:
        read = tomllib.loads(text)
    except ValueError:
        return
    found = positions(text)
    assert set(found) == set(paths(read))
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())


@given(st.dictionaries(BARE, VALUE, max_size=6), st.lists(st.sampled_from(["", "# x"]), max_size=3))
def test_a_key_has_the_line_that_it_was_written_on(pairs: dict[str, str], blanks: list[str]) -> None:
    lines = list(blanks)
    where: dict[Path, int] = {}
    for key, value in pairs.items():
        where[(key,)] = len("\n".join([*lines, ""]).split("\n"))
        lines.append(f"{key} = {value}")
    text = "\n".join(lines)
    try:
        tomllib.loads(text)
    except ValueError:
        return
    found = positions(text)
    assert {path: found[path] for path in where} == where


@given(st.text())
def test_no_text_breaks_the_walk(text: str) -> None:
    positions(text)


@pytest.mark.parametrize("text", ["a", "[", "[[a]", 'a = "', "a = [1", "a = {b", "= 1", 'a = """', "a.", "[a]b"])
def test_what_is_no_toml_ends_the_walk(text: str) -> None:
    positions(text)
