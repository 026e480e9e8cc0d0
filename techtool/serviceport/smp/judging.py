"""What came of something that a technician wanted of an SMP device. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from techtool.serviceport.smp import cbor, documents, slots
from techtool.serviceport.smp.answers import Told, Unreadable
from techtool.serviceport.smp.dialogue import Ended, Ending
from techtool.serviceport.smp.refusals import Refusal
from techtool.serviceport.smp.wishes import Mark, Order, Question
from techtool.station.judging import judge_write
from techtool.station.outcomes import Outcome, Verdict
from techtool.text import safe

_OVER = (Ending.TIMED_OUT, Ending.REBOOTED, Ending.LINK_LOST)


def failed(ended: Ended, records: tuple[int, ...]) -> Outcome | None:
    """Of what was refused, or not answered; None where it was answered."""
    name, answer = ended.ask.words, ended.answer
    if ended.ending in _OVER:
        return Outcome(Verdict.UNANSWERED, unanswered(ended), None, records)
    if isinstance(answer, Refusal):
        result = {"rc": answer.code, "group": answer.group}
        return Outcome(Verdict.REFUSED, f"The {name} was refused: {answer.words}.", result, records)
    if isinstance(answer, Unreadable):
        text = f"The {name} was answered by something that cannot be read."
        return Outcome(Verdict.ACCEPTED, text, None, records)
    return None


def unanswered(ended: Ended) -> str:
    """Why there is no answer, and what is known of the effect."""
    name = ended.ask.words
    unknown = "; whether it acted on it is unknown" if ended.ask.changes else ""
    match ended.ending:
        case Ending.REBOOTED:
            return f"The device started anew before the {name} was answered{unknown}."
        case Ending.LINK_LOST:
            known = unknown if ended.sent else "; it never went out"
            return f"The port was lost before the {name} was answered{known}."
    return f"No answer to the {name} in {ended.seconds:.0f} s{unknown}."


def judge_question(question: Question, answers: Sequence[Ended], records: tuple[int, ...]) -> Outcome:
    """Of several questions it is enough that one is answered; of an echo what comes back counts."""
    good = [one for one in answers if failed(one, ()) is None]
    if not good:
        worst = failed(answers[0], records)
        assert worst is not None, "nothing was answered"
        return worst
    result = documents.document(question.name, answers)
    if question.name == "echo" and good[0].ask.body != _echo_of(good[0]):
        text = "It gave back another text than it was sent."
        return Outcome(Verdict.CONTRADICTED, text, result, records)
    lacking = [one.ask.words for one in answers if one not in good]
    more = f" It does not tell its {', '.join(dict.fromkeys(lacking))}." if lacking else ""
    return Outcome(Verdict.PROVED, f"The {good[0].ask.words} was answered.{more}", result, records)


def judge_order(order: Order, ended: Ended, back: Ended | None, records: tuple[int, ...]) -> Outcome:
    """What came of a change, by what the device shows afterwards."""
    if order.key:
        return _setting(order, ended, back, records)
    if (bad := failed(ended, records)) is not None:
        return bad
    told = ended.answer
    assert isinstance(told, Told)
    if order.name == "shell":
        return _shell(told, records)
    if order.name == "erase":
        return _erased(order, back, records)
    text = f"The {ended.ask.words} was answered; what else it did is not checked."
    return Outcome(Verdict.ACCEPTED, text, cbor.plain(told.values) if order.name == "raw" else None, records)


def judge_mark(
    mark: Mark, hash: bytes | None, ended: Ended, back: Ended | None, records: tuple[int, ...]
) -> Outcome:
    """Whether an image starts next time, or stays, by the list that is read afterwards."""
    if (bad := failed(ended, records)) is not None and ended.ending not in (Ending.TIMED_OUT, Ending.REBOOTED):
        return bad
    images = slots.images_in(back.answer) if back is not None else None
    what = "confirmation" if mark.confirm else "mark for a test"
    what += f" of {hash.hex()[:12]}" if hash is not None else " of the image that runs"
    if images is None:
        if bad is not None:
            return bad
        return Outcome(
            Verdict.ACCEPTED, f"The {what} was accepted, but the image list cannot be read.", None, records
        )
    wanted = slots.with_hash(images, hash) if hash is not None else [one for one in images if one.active]
    if mark.confirm:
        done = any((one.active and one.confirmed) or (one.pending and one.permanent) for one in wanted)
    else:
        done = any(one.pending for one in wanted)
    verdict = Verdict.PROVED if done else Verdict.UNANSWERED if bad is not None else Verdict.CONTRADICTED
    said = "was not answered" if bad is not None else "was accepted"
    shows = "the image list shows it" if done else "the image list does not show it"
    more = f" {slots.fate(images) or ''}".rstrip()
    return Outcome(verdict, f"The {what} {said}, and {shows}.{more}", slots.plain(images), records)


def _echo_of(ended: Ended) -> bytes:
    told = ended.answer
    value = told.values.get("r") if isinstance(told, Told) else None
    return cbor.body_of({"d": value}) if isinstance(value, str) else b""


def _shell(told: Told, records: tuple[int, ...]) -> Outcome:
    result = documents.output(told)
    if result["ret"] not in (0, None):
        text = f"The command returned {safe(result['ret'], 20)}, which is an error."
        return Outcome(Verdict.REFUSED, text, result, records)
    return Outcome(Verdict.ACCEPTED, "The command was answered; what else it did is not checked.", result, records)


def _erased(order: Order, back: Ended | None, records: tuple[int, ...]) -> Outcome:
    images = slots.images_in(back.answer) if back is not None else None
    if images is None:
        text = f"The erase of slot {order.slot} was accepted, but the image list cannot be read."
        return Outcome(Verdict.ACCEPTED, text, None, records)
    left = [one for one in images if one.slot == order.slot and not one.image]
    if not left:
        text = f"Slot {order.slot} was erased: the image list has nothing there."
        return Outcome(Verdict.PROVED, text, slots.plain(images), records)
    text = f"The erase of slot {order.slot} was accepted, but version {slots.version_of(left[0])} is still there."
    return Outcome(Verdict.CONTRADICTED, text, slots.plain(images), records)


def _setting(order: Order, ended: Ended, back: Ended | None, records: tuple[int, ...]) -> Outcome:
    read = _read(back)
    shown = _shown(read) if read is not None else None
    gone = back is not None and isinstance(back.answer, Refusal) and back.answer.missing
    is_set = gone if order.value is None else read == order.value
    given = _shown(order.value) if order.value is not None else None
    if ended.ending in _OVER:
        now = "It reads back as it was to be." if is_set else f"It reads as {shown} now." if shown else ""
        verdict = Verdict.PROVED if is_set else Verdict.UNANSWERED
        text = f"{unanswered(ended)} {now}".rstrip()
        return Outcome(verdict, text, {"written": given, "read": shown}, records)
    refused = ended.answer.words if isinstance(ended.answer, Refusal) else None
    key = safe(order.key, 60)
    if given is not None:
        return judge_write(key, given, refused=refused, shown=shown, is_set=is_set, records=records)
    return _deleted(key, refused, shown, gone=gone)._replace(records=records)


def _deleted(key: str, refused: str | None, shown: str | None, *, gone: bool) -> Outcome:
    result = {"written": None, "read": shown}
    if refused is not None:
        return Outcome(Verdict.REFUSED, f"The deletion of {key} was refused: {refused}.", result)
    if gone:
        return Outcome(Verdict.PROVED, f"{key} was deleted, and is not there any more.", result)
    if shown is None:
        return Outcome(Verdict.ACCEPTED, f"{key} was deleted, but nothing shows that it is gone.", result)
    return Outcome(Verdict.CONTRADICTED, f"{key} was deleted, but reads as {shown}.", result)


def _read(back: Ended | None) -> bytes | None:
    told = back.answer if back is not None else None
    value = told.values.get("val") if isinstance(told, Told) else None
    return value if isinstance(value, bytes) else None


def _shown(value: bytes) -> str:
    text = documents.text_of(value)
    return text if text is not None else value.hex(" ") or "empty"
