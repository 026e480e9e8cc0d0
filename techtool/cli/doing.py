"""What commands do at one charger, and how it ends where that is not possible."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from techtool.cli import documents, output
from techtool.cli.exits import BY_VERDICT, Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from techtool.session import Session
    from techtool.station.outcomes import Outcome


@asynccontextmanager
async def at_the_charger(wanted: Linking, reply: Reply) -> AsyncIterator[tuple[Session, str]]:
    """With the charger in; what cannot be done ends the command with its code."""
    from techtool.abilities import NoLinkError, UnableError
    from techtool.cli import connect
    from techtool.station.outcomes import CallRefusedError
    from techtool.station.settings import UnknownSettingError

    async with connect.session(reply, wanted) as visit:
        identity = (await connect.charger(reply, visit, wanted)).identity
        try:
            yield visit, identity
        except (CallRefusedError, UnknownSettingError) as error:
            reply.fail(Exit.USAGE, str(error), "refused")
        except NoLinkError as error:
            reply.fail(Exit.UNANSWERED, str(error), "link-lost")
        except UnableError as error:
            reply.fail(Exit.UNABLE, str(error), "unable")


def tell(reply: Reply, visit: Session, identity: str, outcome: Outcome) -> Exit:
    """Say what came of it, give the document, and which exit code that is."""
    from techtool.text import safe

    output.note(safe(f"{identity}: {outcome.text}"))
    give(reply, visit, identity, outcome.verdict.value, outcome.result)
    return BY_VERDICT[outcome.verdict]


def give(
    reply: Reply,
    visit: Session,
    identity: str,
    verdict: str | None,
    value: Any,
    error: dict[str, str] | None = None,
) -> None:
    """The document of what was done at a charger, where one is wanted."""
    if reply.as_json:
        station = visit.picture.stations[identity]
        findings = documents.findings(station)
        charger = documents.charger(station)
        reply.give(charger=charger, verdict=verdict, value=value, findings=findings, error=error)
