"""What technicians write, and what goes out of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.smp import asks, cbor
from techtool.serviceport.smp.wishes import NAMES, Mark, Order, Question, Restart, Wish, wish
from techtool.station.outcomes import CallRefusedError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


def wanted(action: str, payload: Any = None, *, force: bool = True) -> Wish:
    return wish(action, {} if payload is None else payload, force=force)


def values(found: Wish) -> dict[str, Any] | None:
    assert isinstance(found, Order)
    return cbor.map_of(found.ask.body)


def test_questions() -> None:
    assert wanted("images", force=False) == Question("images", (asks.images(),))
    assert wanted("Params", force=False) == Question("params", (asks.parameters(),))
    assert wanted("echo", ["hi"], force=False) == wanted("echo", "hi") == Question("echo", (asks.echo("hi"),))
    assert wanted("stats", [], force=False) == Question("stats", (asks.groups(),))
    assert wanted("stats", ["smp"]) == wanted("stats", "smp") == Question("stats", (asks.counters("smp"),))
    assert wanted("get", ["a/b"], force=False) == Question("get", (asks.get("a/b"),))
    assert isinstance(wanted("reset", force=False), Restart)
    info = wanted("info", force=False)
    assert isinstance(info, Question) and len(info.asks) == 3


def test_settings_are_texts_or_bytes() -> None:
    assert values(wanted("set", ["a/b", "16"])) == {"name": "a/b", "val": b"16"}
    assert values(wanted("set", ["a/b", {"hex": "10 00"}])) == {"name": "a/b", "val": b"\x10\0"}
    order = wanted("delete", ["a/b"])
    assert isinstance(order, Order) and order.back == asks.get("a/b") and order.value is None


def test_a_shell_command_is_words_or_a_line() -> None:
    assert values(wanted("shell", "log 'a b' c", force=False)) == {"argv": ["log", "a b", "c"]}
    assert values(wanted("shell", ["log", "a b"], force=False)) == {"argv": ["log", "a b"]}


def test_images_are_meant_by_their_hash() -> None:
    assert wanted("test", ["AB12cd"], force=False) == Mark("test", "ab12cd", False)
    assert wanted("confirm") == Mark("confirm", "", True)
    assert wanted("confirm", "ab12cd") == Mark("confirm", "ab12cd", True)
    assert values(wanted("erase")) == {} and values(wanted("erase", [3])) == {"slot": 3}


def test_anything_can_be_sent_raw() -> None:
    found = wanted("raw", {"op": "read", "group": 0, "command": 6}, force=False)
    assert found == Question("raw", (asks.raw(writes=False, group=0, command=6, values={}),))
    payload = {"a": [{"hex": "ff 00"}, 1], "b": {"hex": "x", "c": 1}}
    found = wanted("raw", {"op": "write", "group": 64, "command": 1, "payload": payload})
    assert values(found) == {"a": [b"\xff\0", 1], "b": {"hex": "x", "c": 1}}
    assert isinstance(found, Order) and (found.ask.group, found.ask.command, found.ask.tries) == (64, 1, 1)
    assert isinstance(wanted("raw", {"op": 2, "group": 0, "command": 0, "payload": {"d": "x"}}), Question)
    assert isinstance(wanted("raw", {"op": "read", "group": 3, "command": 3}), Order), (
        "it drops what was not saved"
    )


@pytest.mark.parametrize(
    ("action", "payload", "why"),
    [
        ("confirm", [], "an image that is confirmed stays"),
        ("erase", [], "the image in that slot is gone"),
        ("set", ["a/b", "1"], "nobody checks what this setting does"),
        ("delete", ["a/b"], "nobody checks what this setting does"),
        ("commit", [], "nobody checks"),
        ("save", [], "nobody checks"),
        ("raw", {"op": "write", "group": 64, "command": 1}, r"nobody checks what this does \(write of command 1"),
        ("raw", {"op": "write", "group": 63, "command": 0}, "erase of the storage"),
        ("raw", {"op": "read", "group": 3, "command": 3}, "loading of settings"),
    ],
)
def test_what_cannot_be_undone_wants_force(action: str, payload: Any, why: str) -> None:
    with pytest.raises(CallRefusedError, match=why):
        wish(action, payload, force=False)
    wish(action, payload, force=True)


@pytest.mark.parametrize(
    ("action", "payload", "why"),
    [
        ("reboot", {}, "nothing that SMP does. There are: echo, info"),
        ("\x1b[2J", {}, "x1b"),
        ("images", [1], "Write it without a payload: images"),
        ("echo", [1], "echo: that is not how it is written. Write it so: echo"),
        ("echo", "\ud800", "half a character is no text"),
        ("test", [], "test '"),
        ("test", ["12345"], "is no hash"),
        ("test", ["xyzxyz"], "is no hash"),
        ("erase", [True], "erase"),
        ("erase", [99], "slots go from 0 to 15"),
        ("shell", [], "shell"),
        ("shell", "", "there is no command"),
        ("shell", "'a", "a quote is not closed"),
        ("shell", ["a", 1], "its words are texts"),
        ("stats", [1], "stats"),
        ("get", [""], "get"),
        ("set", ["a"], "set"),
        ("set", ["a", 16], "SMP does not say of which type"),
        ("set", ["a", {"hex": "1"}], "no hexadecimal digits"),
        ("raw", {}, "op is read or write"),
        ("raw", {"op": 1, "group": 0, "command": 0}, "op is read or write"),
        ("raw", {"op": "read", "group": 0, "command": 0, "x": 1}, "op, group, command and payload"),
        ("raw", {"op": "read", "group": 0, "command": 0, "payload": [1]}, "which is an object"),
        ("raw", {"op": "read", "group": 70000, "command": 0}, "groups go to 65535"),
        ("raw", {"op": "read", "group": 0, "command": 256}, "commands to 255"),
        ("raw", {"op": "read", "group": 0, "command": 0, "payload": {"a": "\ud800"}}, "cannot be written in CBOR"),
    ],
)
def test_what_is_not_right_never_goes_out_also_with_force(action: str, payload: Any, why: str) -> None:
    with pytest.raises(CallRefusedError, match=why) as refused:
        wish(action, payload, force=True)
    assert str(refused.value).isprintable()


@given(st.sampled_from(NAMES), JSON)
def test_any_payload_is_understood_or_refused(action: str, payload: Any) -> None:
    try:
        wish(action, payload, force=True)
    except CallRefusedError as refused:
        assert str(refused)
