"""What came of a setting that was written: the charger's word, against what it shows afterwards. Pure."""

from __future__ import annotations

from techtool.station.outcomes import Outcome, Verdict


def judge_write(
    name: str,
    given: str,
    *,
    refused: str | None,
    shown: str | None,
    is_set: bool,
    answered: bool = True,
    records: tuple[int, ...] = (),
) -> Outcome:
    """``refused`` is what it said where it refused; ``shown`` what it is now, None where nothing shows it.

    ``is_set``: what is shown is what was wanted. Without an answer what is shown decides: an acknowledgement may
    have been lost.
    """
    what, result = f"{name} = {given}", {"written": given, "read": shown}
    if not answered and is_set:
        verdict, text = Verdict.PROVED, f"{what} was not answered, but reads as {shown}."
    elif not answered:
        verdict, text = Verdict.UNANSWERED, f"{what} was not answered, and reads as {shown}."
    elif refused is not None and is_set:
        verdict, text = Verdict.CONTRADICTED, f"{what} was refused ({refused}), and is set all the same: {shown}."
    elif refused is not None:
        now = f"It reads as {shown} now." if shown else "It may have changed something all the same."
        verdict, text = Verdict.REFUSED, f"{what} was refused: {refused}. {now}"
    elif shown is None:
        verdict, text = Verdict.ACCEPTED, f"{what} was taken, but nothing shows what it is now."
    elif is_set:
        verdict, text = Verdict.PROVED, f"{what} was taken, and reads as {shown}."
    else:
        verdict, text = Verdict.CONTRADICTED, f"{what} was taken, but reads as {shown}."
    return Outcome(verdict, text, result, records)
