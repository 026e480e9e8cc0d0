"""A message to the charger, raw: checked before it goes out, and judged when it is over. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from techtool.csms import lenient, schemas
from techtool.csms.dialogue import Ended, Ending
from techtool.csms.frames import CallError, CallResult
from techtool.csms.versions import version
from techtool.jobs import dangers
from techtool.jobs.effects import effect
from techtool.station.outcomes import CallRefusedError as CallRefusedError
from techtool.station.outcomes import Outcome, Verdict

_GOOD = frozenset({"Accepted", "AcceptedCanceled", "RebootRequired", "Scheduled", "Unlocked"})
_WHOLE_EFFECT = frozenset(
    {
        "GetCompositeSchedule",
        "GetConfiguration",
        "GetInstalledCertificateIds",
        "GetLocalListVersion",
        "GetPeriodicEventStream",
        "GetTariffs",
        "GetTransactionStatus",
        "GetVariables",
    }
)
"""Questions whose answer is all that they are to bring about; a report or an upload comes only later."""
_NOTHING_THERE = frozenset({"NotFound", "NoTariff"})
"""Answers to questions that are complete, too."""

NOT_OVER_OCPP: Mapping[str, str] = MappingProxyType(
    {
        "auth": "`techtool auth test` blocks and releases at service ports only. Over OCPP cards are tested in "
        "front of the reader, which is not part of this version yet. Until then hold a card to it while `techtool "
        "listen` runs (event authorize), or start without one: `techtool call RemoteStartTransaction "
        '\'{"idTag": "TEST"}\'` in 1.6, RequestStartTransaction in 2.x.',
        "logs": "`techtool logs fetch` keeps what a console at a service port says. Over OCPP `techtool call "
        "GetDiagnostics` in 1.6, GetLog in 2.x, has the charger bring them to a URL.",
        "firmware": "`techtool firmware push` sends over service ports only. Over OCPP `techtool call "
        "UpdateFirmware` has the charger fetch it from a URL.",
    }
)
"""What has no operation of its own where a charger calls this laptop, and what to do instead."""
REJECTED = (
    "Its boot was answered Rejected: until it is accepted it must not answer. Answer it Pending to make settings "
    "first; --force sends it anyway."
)


def prepare(protocol: str, action: str, payload: Any, *, force: bool = False) -> Any:
    """The payload in the schema's order of fields, ready to send.

    Raises :class:`CallRefusedError` for an action that the version does not know or that only a charger may
    send, for a payload that breaks its schema, and for a setting that is known to put chargers out of order,
    unless ``force`` is set.
    """
    try:
        json.dumps(payload, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise CallRefusedError(f"The payload of {action} cannot be written as JSON: {error}.") from None
    if force:
        return schemas.ordered(protocol, action, payload)
    known = schemas.actions(protocol)
    if known and action not in known:
        near = next((one for one in sorted(known) if one.lower() == action.lower()), None)
        hint = f" Did you mean {near}?" if near else " --force sends it anyway."
        raise CallRefusedError(f"{protocol} knows no message {action}.{hint}")
    if action in version(protocol).answers and action != "DataTransfer":
        raise CallRefusedError(f"{action} is sent by chargers, not to them. --force sends it anyway.")
    wrong = schemas.violations(protocol, action, payload)
    if wrong:
        listed = "; ".join(str(one) for one in wrong)
        raise CallRefusedError(f"{action}: {listed}. --force sends it anyway.")
    if (danger := dangers.danger(action, payload)) is not None:
        raise CallRefusedError(f"{action}: {danger}. --force sends it anyway.")
    return schemas.ordered(protocol, action, payload)


def judge(ended: Ended, records: tuple[int, ...] = (), shown: int | None = None, *, lost: bool = False) -> Outcome:
    """What came of a call. The answer to a question is its whole effect; of a command it is only a promise.

    ``shown`` is the record with its :func:`techtool.jobs.effects.effect`, where that came; ``lost`` says that the
    link ended meanwhile.
    """
    action = ended.call.action
    match ended.ending:
        case Ending.ANSWERED:
            assert isinstance(ended.answer, CallResult)
            if (promised := effect(ended)) is not None:
                return _judge_promise(action, promised.action, ended.answer.payload, records, shown, lost)
            return _judge_answer(action, ended.answer.payload, records)
        case Ending.ERROR:
            assert isinstance(ended.answer, CallError)
            error = ended.answer
            text = f"{action} was answered with the error {error.code or 'without a code'}"
            more = f": {error.description}" if error.description else "."
            result = {"code": error.code, "description": error.description, "details": error.details}
            return Outcome(Verdict.REFUSED, text + more, result, records)
        case Ending.UNREADABLE:
            text = f"{action} was answered, but the answer cannot be read; it is in the trace."
        case Ending.TIMED_OUT:
            text = f"No answer to {action} in {ended.seconds:.3g} s."
        case Ending.LINK_LOST:
            known = "whether the charger acted on it is unknown" if ended.sent else "it never went out"
            text = f"The link was lost before {action} was answered; {known}."
    return Outcome(Verdict.UNANSWERED, text, None, records)


def _judge_promise(
    action: str, promised: str, payload: Any, records: tuple[int, ...], shown: int | None, lost: bool
) -> Outcome:
    if shown is not None:
        text = f"{action} was answered Accepted, and the {promised} came."
        return Outcome(Verdict.PROVED, text, payload, tuple(sorted((*records, shown))))
    missing = f"the link was lost before a {promised} came" if lost else f"no {promised} came"
    text = f"{action} was answered Accepted, but {missing}."
    return Outcome(Verdict.ACCEPTED, text, payload, records)


def _judge_answer(action: str, payload: Any, records: tuple[int, ...]) -> Outcome:
    said = list(_statuses(payload))
    bad = [one for one in said if one not in _GOOD and not (action in _WHOLE_EFFECT and one in _NOTHING_THERE)]
    if said and len(bad) == len(said):
        text = f"{action} was answered {', '.join(dict.fromkeys(bad))}."
        return Outcome(Verdict.REFUSED, text, payload, records)
    if bad:
        text = f"{action} was answered, but {len(bad)} of {len(said)} items {', '.join(dict.fromkeys(bad))}."
        return Outcome(Verdict.CONTRADICTED, text, payload, records)
    if action in _WHOLE_EFFECT:
        return Outcome(Verdict.PROVED, f"{action} was answered.", payload, records)
    words = f"answered {said[0]}" if said else "answered"
    return Outcome(Verdict.ACCEPTED, f"{action} was {words}; its effect is not checked.", payload, records)


def _statuses(payload: Any) -> Iterator[str]:
    """The status of an answer, or of each of its items."""
    answer = lenient.obj(payload)
    if isinstance(status := answer.get("status"), str):
        yield status
    for value in answer.values():
        for item in lenient.items(value) if isinstance(value, list) else ():
            status = item.get("attributeStatus", item.get("status"))
            if isinstance(status, str):
                yield status
