"""The Slack connection, and the face that the deliveries and requests see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog
from aiohttp import ClientSession, ClientTimeout

from adapters.slack.connection import PictureAddress, Slack
from adapters.slack.faults import FAULTS, WRONG, verdict, why
from adapters.slack.fetch import prepared
from adapters.slack.home import home_rates, published
from adapters.slack.journal import journaled
from adapters.slack.lent import VERB, take_back
from adapters.slack.places import alone
from adapters.slack.send import say
from adapters.slack.workflow import EXECUTION, end
from bot.drawings import finished
from bot.face import Address, Draw, Face, NotYet, Rate, Sent, TryLater, Turn, at_once
from bot.message import Reply, Request

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 30.0  # seconds between two tries


class WrongToken(Exception):
    """Slack does not know a token; the text says which, "bot" or "app"."""


@asynccontextmanager
async def open_slack(
    token: str,
    api_url: str,
    picture_address: PictureAddress | None = None,
    left: Callable[[], None] = lambda: None,
) -> AsyncIterator[Slack]:
    """Open the connection to one workspace; nothing is asked of Slack yet. ``left``: the bot was put out."""
    async with ClientSession(timeout=ClientTimeout(total=30), trace_configs=journaled()) as http:

        async def token_of(team: str) -> str:
            return token

        slack = Slack(api_url, http, token_of, picture_address, left=left)
        try:
            yield slack
        finally:
            await slack.stop()


async def introduced(slack: Slack) -> str:
    """Ask who we are until Slack can be reached, and give our workspace; raises WrongToken.

    Where there are many, all that is asked is whether Slack can be reached, and none is given.
    """
    pause = 1.0
    while True:
        try:
            if slack.workspaces is not None:
                await slack.with_token().api_test()
                return ""
            return str((await (await slack.client("")).auth_test())["team_id"])
        except FAULTS as error:
            if why(error) in WRONG:
                raise WrongToken("bot") from None
            log.warning("slack cannot be reached", error=why(error), again_in=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def face(slack: Slack) -> Face:
    """Show the connection to the deliveries."""

    async def send(
        address: Address,
        reply: Reply,
        draw: Draw,
        *,
        known: str = "",
        instead: str = "",
        turn: Turn = at_once,
    ) -> Sent:
        if reply.unsay.startswith(VERB):
            await _taken_back(slack, address, reply.unsay.removeprefix(VERB))
            return Sent()
        reply, picture = await finished(reply, draw)
        team = str(address["team"])
        async with _judged(slack, team):  # each call waits for a turn of its own
            sender = await slack.sender(team)
            if EXECUTION in address:
                await end(slack, address, reply, picture, sender)
                return Sent()
            return Sent(await say(slack, address, reply, picture, sender, instead=instead))

    return Face("slack", send, partial(_prepare, slack), _rates, _reach, show=partial(_show, slack))


@asynccontextmanager
async def _judged(slack: Slack, team: str) -> AsyncIterator[None]:
    """Decide whether trying again can help; a token that is over for good ends its installation.

    Raises TryLater, Undeliverable, Closed.
    """
    token = await slack.token_of(team)
    try:
        yield
    except FAULTS as error:
        if slack.workspaces is not None and why(error) in WRONG:
            await slack.workspaces.refused(team, token, why(error))
        raise verdict(error) from None


async def _taken_back(slack: Slack, address: Address, file: str) -> None:
    team = str(address["team"])
    async with _judged(slack, team):
        await take_back(slack, team, file)


async def _show(slack: Slack, address: Address, reply: Reply, mark: str) -> str:
    async with _judged(slack, str(address["team"])):
        return await published(slack, address, reply, mark)


def _rates(address: Address, reply: Reply) -> tuple[Rate, ...]:
    """Count a Home; all other calls are counted one by one, by their methods (``pace``)."""
    return home_rates(address) if reply.board else ()


def _reach(account: str) -> Address:
    """Address somebody's direct messages."""
    team, _, user = account.partition(":")
    return alone(team, user)[1]


async def _prepare(slack: Slack, request: Request) -> Request:
    """Fetch a request's files and find out whether an admin speaks; raises Refused for what cannot be had."""
    try:
        async with _judged(slack, request.space.id.partition(":")[0]):
            return await prepared(slack, request)
    except NotYet as wait:
        raise TryLater("too many calls", wait.seconds) from None
