"""Who may say what only the console takes, and the audit log of all that was done so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.command import Ask, Command, Ready, Understood
from bot.message import Outcome, Reply, Request, Status
from bot.qr.refusal import Refused
from storage.audit import Audit
from storage.operations import Action, AddAction

if TYPE_CHECKING:
    from bot.context import Context

CONSOLE = "console"  # the platform of whoever runs the bot
OPERATING = "operating"  # the group of commands that only they may say
ABOUT = 300  # characters kept of what it was done to

DONE, SHOWN = "done", "shown"  # something was changed; it was only looked at


def in_console(commands: Mapping[str, Command]) -> dict[str, Command]:
    """Show the operators' commands, which nobody else is told of: in menus, help and completion."""
    return {
        name: replace(each, hidden=False) if each.group == OPERATING else each
        for name, each in commands.items()
    }


def check(request: Request, meant: Understood) -> None:
    """Refuse an operators' command to everybody else."""
    if _word(meant) and request.actor.platform != CONSOLE:
        raise Refused("This is for whoever runs this bot, in its console.")


def _word(meant: Understood) -> str:
    """Name the operators' command that is meant; empty where it is none."""
    if not isinstance(meant, Ready | Ask):
        return ""
    return meant.command.name if meant.command.group == OPERATING else ""


def noted(context: Context, meant: Understood, outcome: Outcome) -> Outcome:
    """Have an operator's action written down in the transaction of what it does; a form is none yet."""
    word, actor = _word(meant), context.request.actor
    if not word or actor.platform != CONSOLE or _asks(outcome.reply):
        return outcome
    action = Action(
        at=context.now,
        who=actor.key,
        word=word,
        about=outcome.about[:ABOUT],
        result=_result(outcome),
    )
    return replace(outcome, changes=(*outcome.changes, AddAction(action)))


def _asks(reply: Reply | None) -> bool:
    return reply is not None and reply.form is not None


def _result(outcome: Outcome) -> str:
    if outcome.reply is not None and outcome.reply.status is not Status.OK:
        return outcome.reply.status.value
    return DONE if outcome.changes else SHOWN


async def actions(context: Context, words: Sequence[str], before: int, *, limit: int) -> tuple[Action, ...]:
    """List what was done and holds these words, the latest first."""
    return await Audit(context.work.connection).page(words, before, limit=limit)
