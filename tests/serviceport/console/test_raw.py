"""Lines and settings as the technician writes them, before and after."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from techtool.serviceport.console import raw, settings
from techtool.serviceport.console.commands import Command, Ended, Ending
from techtool.serviceport.console.settings import Set, judge_set, wish
from techtool.serviceport.profiles import ConsoleProfile
from techtool.serviceport.profiles.loading import load_text
from techtool.station.outcomes import CallRefusedError, Verdict
from tests.serviceport.console.consoles import ANY, SMART, ZEPHYR, profile_of

ONE_LINE = """
schema = 1
id = "one-line"
transport = "console"
source = "here"
[line]
baud = 9600
format = "8N1"
[console]
prompt = '^> $'
[config]
dump = { send = "show\\r", row = '^(?P<key>[A-Z]+)=(?P<value>.*)$' }
write = { send = "set {key} {value}\\r", verify = { send = "show {key}\\r", match = '=(?P<value>.*)$' } }
[config.types.MAX]
allowed = "6..32"
risk = "service"
[config.types.NAME]
risk = "safe"
type = "text"
"""


def one_line() -> ConsoleProfile:
    found = load_text(ONE_LINE, "one-line")
    assert isinstance(found.profile, ConsoleProfile), found.problems
    return found.profile


def test_a_line_goes_out_with_its_end() -> None:
    assert raw.prepare("kernel version", profile_of(ZEPHYR)) == (Command((b"kernel version\r",)), True)
    assert raw.prepare("help", profile_of(ZEPHYR)).question is False
    assert raw.prepare("", profile_of(ANY)).command.lines == (b"\r",)


@pytest.mark.parametrize("line", ["a\rb", "a\n", "\x03", "\x1b[A", "a\x00", "tab\t", "\u202eabc", "x" * 201])
def test_what_is_a_key_or_too_long_is_never_typed(line: str) -> None:
    with pytest.raises(CallRefusedError):
        raw.prepare(line, profile_of(ANY), force=True)


def test_a_line_that_sets_something_unchecked_wants_to_be_meant() -> None:
    with pytest.raises(CallRefusedError, match="--force"):
        raw.prepare("set MAX 80", one_line())
    assert raw.prepare("set MAX 80", one_line(), force=True).command.lines == (b"set MAX 80\r",)
    assert raw.prepare("show MAX", one_line()).command.lines == (b"show MAX\r",)


@pytest.mark.parametrize(
    ("action", "payload", "sentence"),
    [
        ("help", [1], "without a payload"),
        ("set", ["MAX"], "takes a list"),
        ("set", ["MAX", True], "takes a list"),
        ("get", ["MAX", "MIN"], "takes a list"),
        ("set", ["MAX", "81"], "is not allowed for MAX"),
        ("set", ["MAX", "16\rMODE"], "is no number"),
        ("set", ["MAX", "x"], "is no number"),
        ("set", ["NOPE", "1"], "is not known, so it is not written"),
        ("set", ["LOCK", "OPEN"], "is not allowed for LOCK"),
    ],
)
def test_what_the_profile_does_not_allow_is_refused_also_with_force(
    action: str, payload: Any, sentence: str
) -> None:
    with pytest.raises(CallRefusedError, match=sentence):
        wish(action, payload, profile_of(SMART), force=True)


def test_what_is_dangerous_wants_to_be_meant() -> None:
    with pytest.raises(CallRefusedError, match=r"risk safety: The box does not know its fuse.*--force"):
        wish("set", ["MAX", 16], profile_of(SMART), force=False)
    found = wish("set", ["MAX", 16], profile_of(SMART), force=True)
    assert isinstance(found, Set) and found.command.lines == (b"MAX\r", b"16\r")
    found = wish("set", ["MIN", "7"], profile_of(SMART), force=False)
    assert isinstance(found, Set) and found.command.lines == (b"MIN\r", b"7\r")


def test_get_and_set_are_lines_where_nothing_is_given() -> None:
    assert wish("set", {}, profile_of(ZEPHYR), force=False) is None
    with pytest.raises(CallRefusedError, match="nothing is known"):
        wish("get", ["X"], profile_of(ZEPHYR), force=False)
    with pytest.raises(CallRefusedError, match="has nothing that can be written"):
        wish("set", ["X", 1], profile_of(ZEPHYR), force=True)


@given(
    st.text() | st.sampled_from(["get", "set", "set MAX 8"]),
    st.just({})
    | st.lists(st.text() | st.sampled_from(["MAX", "MODE", "NAME", "6\r7"]) | st.integers(), max_size=3),
    st.sampled_from(["one-line", SMART, ZEPHYR, ANY]),
)
def test_no_key_is_ever_typed_but_the_end_of_the_line(action: str, payload: Any, name: str) -> None:
    profile = one_line() if name == "one-line" else profile_of(name)
    try:
        found = wish(action, payload, profile, force=True)
        command = raw.prepare(action, profile, force=True).command if found is None else found.command
    except CallRefusedError:
        return
    for line in command.lines:
        assert line.endswith(b"\r")
        assert line[:-1].decode(profile.habits.encoding).isprintable()


def ended(ending: Ending, *answer: str, command: Command | None = None) -> Ended:
    return Ended(1, command or Command((b"MAX\r", b"16\r")), ending, answer, 1.0, True)


ROW = f"MAX     - {'Set MAX Charge Current for this EVSE':<50} - {{}} A"


@pytest.mark.parametrize(
    ("ending", "shown", "verdict", "words"),
    [
        (Ending.ANSWERED, "16", Verdict.PROVED, "reads as 16 A"),
        (Ending.ANSWERED, "13", Verdict.CONTRADICTED, "reads as 13 A"),
        (Ending.ANSWERED, None, Verdict.ACCEPTED, "nothing shows what it is now"),
        (Ending.REFUSED, "13", Verdict.REFUSED, "Error! please check limits. It reads as 13 A now"),
        (Ending.REFUSED, "16", Verdict.CONTRADICTED, "is set all the same"),
        (Ending.REFUSED, None, Verdict.REFUSED, "may have changed something"),
        (Ending.TIMED_OUT, None, Verdict.UNANSWERED, "whether it acted on it is unknown"),
        (Ending.TIMED_OUT, "16", Verdict.PROVED, "though its writing had no end"),
        (Ending.REBOOTED, "13", Verdict.CONTRADICTED, "started anew"),
        (Ending.LINK_LOST, None, Verdict.UNANSWERED, "port was lost"),
        (Ending.NOT_ASKED, None, Verdict.REFUSED, "was not written"),
    ],
)
def test_a_write_is_judged_by_what_is_shown_afterwards(
    ending: Ending, shown: str | None, verdict: Verdict, words: str
) -> None:
    wanted = wish("set", ["MAX", 16], profile_of(SMART), force=True)
    assert isinstance(wanted, Set)
    back = ended(Ending.ANSWERED, ROW.format(shown)) if shown is not None else None
    outcome = judge_set(wanted, ended(ending, "Error! please check limits"), back, profile_of(SMART), ())
    assert outcome.verdict is verdict and words in outcome.text


def test_a_setting_is_proved_by_a_question_of_its_own() -> None:
    profile = one_line()
    wanted = wish("set", ["MAX", 16], profile, force=True)
    assert isinstance(wanted, Set) and wanted.back is not None and wanted.back.lines == (b"show MAX\r",)
    back = ended(Ending.ANSWERED, "MAX=16")
    assert judge_set(wanted, ended(Ending.ANSWERED), back, profile, ()).verdict is Verdict.PROVED


def test_settings_are_read_from_the_dump() -> None:
    profile = profile_of(SMART)
    get = wish("get", ["MAX"], profile, force=False)
    assert isinstance(get, settings.Get)
    outcome = settings.judge_get(get, ended(Ending.ANSWERED, "x", ROW.format(13)), profile, (1,))
    assert (outcome.verdict, outcome.result, outcome.records) == (Verdict.PROVED, {"MAX": "13 A"}, (1,))
    assert settings.judge_get(get, ended(Ending.ANSWERED, "x"), profile, ()).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("ending", "question", "verdict", "words"),
    [
        (Ending.ANSWERED, True, Verdict.PROVED, "was answered"),
        (Ending.ANSWERED, False, Verdict.ACCEPTED, "is not checked"),
        (Ending.REFUSED, False, Verdict.REFUSED, "was refused: no"),
        (Ending.ASKED, False, Verdict.ACCEPTED, "wants a value (no)"),
        (Ending.TIMED_OUT, False, Verdict.UNANSWERED, "unknown"),
    ],
)
def test_a_line_is_judged_by_its_answer(ending: Ending, question: bool, verdict: Verdict, words: str) -> None:
    end = ended(ending, "no", command=Command((b"reboot\r",)))
    outcome = raw.judge(end, profile_of(ZEPHYR).habits, question=question)
    assert (
        outcome.verdict is verdict and words in outcome.text and outcome.text.startswith(("reboot", "No answer"))
    )
