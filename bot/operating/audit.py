"""Who may say what only the console takes, and the audit log of all that was done so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.access import refuse_off
from bot.command import Ask, Command, Literal, Ready, Understood, Unknown
from bot.message import Outcome, Reply, Request, Status
from bot.parameter import Param
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


def as_switched(commands: Mapping[str, Command], off: frozenset[str]) -> Mapping[str, Command]:
    """Leave what is switched off out of menus, help, completion, and what forms offer."""
    if not off:
        return commands
    return {
        name: replace(each, hidden=each.hidden or name in off, params=_offering(each.params, off))
        for name, each in commands.items()
    }


def _offering(params: tuple[Param, ...], off: frozenset[str]) -> tuple[Param, ...]:
    if not any(each.arg.words for each in params):
        return params
    return tuple(replace(each, off=off) if each.arg.words else each for each in params)


def check(context: Context, meant: Understood) -> None:
    """Refuse what is switched off, an operators' command to everybody else, and to speak in nobody's name."""
    request = context.request
    operates = isinstance(meant, Ready | Ask) and meant.command.group == OPERATING
    if operates and (request.actor.platform != CONSOLE or request.operator):
        raise Refused("This is for whoever runs this bot, in its console.")
    if not isinstance(meant, Unknown):
        refuse_off(context.off, meant.command.name if isinstance(meant, Ready | Ask) else "qr")
    if request.operator and context.new:
        raise Refused("Nobody who has spoken to me has the account {account}.", account=request.actor.key)


def _word(request: Request, meant: Understood) -> str:
    """Name what an operator said, if this is one: a command of theirs, or all that is said as another."""
    match meant:
        case Ready(command) | Ask(command) if request.operator or command.group == OPERATING:
            return command.name
        case Literal() if request.operator:
            return "qr"
    return ""


def noted(context: Context, meant: Understood, outcome: Outcome) -> Outcome:
    """Have an operator's action written down in the transaction of what it does; a form is none yet."""
    request, actor = context.request, context.request.actor
    word = _word(request, meant)
    if not word or not (request.operator or actor.platform == CONSOLE) or _asks(outcome.reply):
        return outcome
    action = Action(
        at=context.now,
        who=request.operator or actor.key,
        word=word,
        about=actor.key if request.operator else outcome.about[:ABOUT],
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
