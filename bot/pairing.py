"""One person on several platforms: a pairing code, shown on one account and typed on the other.

Behind ``/connect`` and the HTTP API alike. A code is for one time and ten minutes; an account has five tries
in that time. A try is counted in the unit that it leads to, so that of many at once no sixth is looked at;
and by the account, as a person can be forgotten and come anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.context import Context
from bot.ids import new_id, read_id
from bot.qr.refusal import Refused
from storage.account import CountTry
from storage.changes import JoinPersons
from storage.records import Join, Pairing, Person

LENGTH = 9  # characters: 45 bits, but for those without a digit
LIFE = timedelta(minutes=10)  # of a code, and of the count of wrong ones
TRIES = 5
PLATFORMS = {
    "telegram": "Telegram",
    "slack": "Slack",
    "web": "Web",
    "console": "Console",
    "account": "Email",
}  # to what people call an account there


@dataclass(frozen=True, slots=True)
class Wrong:
    """A code that connects nobody: what to say, and the try to count."""

    refused: Refused
    counted: tuple[CountTry, ...] = ()


@dataclass(frozen=True, slots=True)
class Joining:
    """Two persons who become one: the older stays. The try and the joining are for one unit."""

    changes: tuple[CountTry, JoinPersons]
    stays: Person
    joins: Person


def read_pairing_code(text: str) -> str:
    """Read a pairing code as people type it; every one holds a digit, so that no word is one."""
    code = read_id(text, LENGTH)
    if code is None or not any(character.isdigit() for character in text):
        raise Refused(
            "“{given}” is not a pairing code. Say /connect on your other account to get one.",
            field="code",
            given=text,
        )
    return code


def new_pairing(context: Context) -> Pairing:
    """Make a code for who asks."""
    return Pairing(new_code(), context.person.id, context.now + LIFE)


def new_code() -> str:
    """Make a code that ``read_pairing_code`` reads."""
    return next(code for code in iter(lambda: new_id(LENGTH), "") if any(map(str.isdigit, code)))


def shown(code: str) -> str:
    """Write a code as people type it."""
    return f"{code[:3]}-{code[3:6]}-{code[6:]}"


def too_many() -> Refused:
    """Say that nobody looks at another code for a while."""
    return Refused("These were too many wrong codes. Please try again in ten minutes.")


async def join(context: Context, code: str) -> Joining | Wrong:
    """Find out whom a code connects; after five wrong ones nobody looks at another for a while."""
    mine, name = context.person, f"pairing:{context.request.actor.key}"
    if await context.work.accounts.tries(name, context.now) >= TRIES:
        return Wrong(too_many())
    pairing = await context.work.pairings.find(code, context.now)
    other = await context.work.people.by_id(pairing.person_id) if pairing is not None else None
    counted = CountTry(name, context.now + LIFE, context.now, TRIES)
    if other is None:
        wrong = Refused(
            "This pairing code is used or too old. Say /connect on your other account to get a new one.",
            field="code",
        )
        return Wrong(wrong, (counted,))
    if other.id == mine.id:
        return Wrong(Refused("This code is for your other account: type it there.", field="code"))
    stays, joins = sorted((mine, other), key=lambda person: (person.created_at, person.id))
    change = JoinPersons(new_id(), code, stays.id, joins.id, context.now)
    return Joining((counted, change), stays, joins)


async def found_join(context: Context, text: str) -> Join | None:
    """Find a connection of the person's by its id."""
    joins = await context.work.pairings.joins(context.person.id)
    return next((each for each in joins if each.id == read_id(text)), None)
