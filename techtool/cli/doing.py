"""What commands do at one charger, and how it ends where that is not possible."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from techtool.cli import output
from techtool.cli.exits import BY_VERDICT, Exit
from techtool.cli.linking import Linking
from techtool.cli.reply import Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from techtool.session import Session
    from techtool.station.outcomes import Outcome


@asynccontextmanager
async def at_the_charger(
    wanted: Linking, reply: Reply, *, only: str | None = None
) -> AsyncIterator[tuple[Session, str]]:
    """With the charger in; what cannot be done ends the command with its code.

    ``only`` is what must not be done at the wrong charger: where several are connected, one is to be chosen.
    """
    from techtool.abilities import UnableError
    from techtool.cli import connect
    from techtool.station.outcomes import CallRefusedError, NoLinkError, UnfitError
    from techtool.station.settings import UnknownSettingError

    async with connect.session(reply, wanted) as visit:
        identity = (await connect.charger(reply, visit, wanted)).identity
        if only is not None and wanted.identity is None:
            _refuse_to_choose(visit, only, reply)
        reply.station = lambda: visit.picture.stations[identity]
        try:
            yield visit, identity
        except UnfitError as error:
            reply.fail(Exit.USAGE, f"{error} --force sends it anyway.", "refused")
        except (CallRefusedError, UnknownSettingError) as error:
            reply.fail(Exit.USAGE, str(error), "refused")
        except NoLinkError as error:
            reply.fail(Exit.UNANSWERED, str(error), "link-lost")
        except UnableError as error:
            reply.fail(Exit.UNABLE, str(error), "unable")


def _refuse_to_choose(visit: Session, what: str, reply: Reply) -> None:
    from techtool.cli import chargers

    there = [one.identity for one in visit.picture.connected]
    if len(there) > 1:
        text = (
            f"{len(there)} chargers are connected: {chargers.named(there)}. Say with --id which one gets {what}."
        )
        reply.fail(Exit.USAGE, text, "which-charger")


def tell(reply: Reply, identity: str, outcome: Outcome) -> Exit:
    """Say what came of it, give the document where one is wanted, and which exit code that is."""
    from techtool.text import safe

    output.note(safe(f"{identity}: {outcome.text}"))
    if reply.as_json:
        reply.give(verdict=outcome.verdict.value, value=outcome.result)
    return BY_VERDICT[outcome.verdict]
