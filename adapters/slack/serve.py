"""The Slack connection, and the face that the deliveries and requests see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientSession, ClientTimeout, StreamReader
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import FAULTS, WRONG, seconds, verdict, why
from adapters.slack.send import PictureAddress, Slack, say
from bot.drawings import drawn
from bot.face import Address, Draw, Face, Rate, TryLater, Undeliverable
from bot.message import Reply, Request, Upload
from bot.qr.refusal import Refused

log = structlog.get_logger(__name__)

DOWNLOAD = 20_000_000  # bytes
PER_SECOND = 1.0  # messages in a channel (docs.slack.dev/apis/web-api/rate-limits)
LONGEST_PAUSE = 30.0  # seconds between two tries


class WrongToken(Exception):
    """Slack does not know a token; the text says which, "bot" or "app"."""


@asynccontextmanager
async def open_slack(
    token: str, api_url: str, picture_address: PictureAddress | None = None
) -> AsyncIterator[Slack]:
    """Open the connection; nothing is asked of Slack yet."""
    async with ClientSession(timeout=ClientTimeout(total=30)) as http:
        client = AsyncWebClient(token, base_url=f"{api_url.rstrip('/')}/", session=http)
        yield Slack(client, http, picture_address)


async def introduced(slack: Slack) -> str:
    """Ask who we are until Slack can be reached, and give the bot's name; raises WrongToken."""
    pause = 1.0
    while True:
        try:
            return str((await slack.client.auth_test())["user"])
        except FAULTS as error:
            if why(error) in WRONG:
                raise WrongToken("bot") from None
            log.warning("slack cannot be reached", error=why(error), again_in=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def face(slack: Slack) -> Face:
    """Show the connection to the deliveries."""

    async def send(address: Address, reply: Reply, draw: Draw) -> None:
        picture = await drawn(reply, draw)
        try:
            await say(slack, address, reply, picture)
        except FAULTS as error:
            raise verdict(error) from None

    return Face("slack", send, partial(_prepare, slack), _rates, _reach)


def _rates(address: Address) -> tuple[Rate, ...]:
    """Count what is posted in a channel; answers by response_url are not limited."""
    return (
        (Rate(f"slack:{address['team']}:{address['channel'] or address['user']}", PER_SECOND, 1),)
        if not address.get("response_url")
        else ()
    )


def _reach(account: str) -> Address:
    """Address somebody's direct messages."""
    team, _, user = account.partition(":")
    return {"team": team, "channel": "", "user": user, "alone": 1}


# --- what a request lacks -----------------------------------------------------------------------------------


async def _prepare(slack: Slack, request: Request) -> Request:
    """Fetch a request's files and find out whether an admin speaks; raises Refused for files over 20 MB."""
    try:
        uploads = tuple([await _fetched(slack, upload) for upload in request.uploads])
        admin = await _leads(slack, request) if request.admin is None else request.admin
    except FAULTS as error:
        raise verdict(error) from None
    return replace(request, uploads=uploads, admin=admin)


async def _leads(slack: Slack, request: Request) -> bool:
    user = (await slack.client.users_info(user=request.actor.id.partition(":")[2]))["user"]
    return bool(user.get("is_admin") or user.get("is_owner"))


async def _fetched(slack: Slack, upload: Upload) -> Upload:
    """Fetch a file with our token, which goes to Slack's own host and nowhere else."""
    if upload.data:
        return upload
    file = (await slack.client.files_info(file=upload.ref))["file"]
    if int(file.get("size") or 0) > DOWNLOAD:
        raise _too_large()
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    host, ours = urlsplit(url).hostname or "", urlsplit(slack.client.base_url).hostname
    if host not in {ours, "files.slack.com"}:
        raise Undeliverable("the file is kept outside Slack")
    headers = {"Authorization": f"Bearer {slack.client.token}"}
    async with slack.http.get(url, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200 or answer.content_type == "text/html":
            raise TryLater(f"download: HTTP {answer.status}", seconds(answer.headers))
        data = b"".join([part async for part in _at_most(answer.content, DOWNLOAD)])
    return replace(upload, data=data, size=len(data))


async def _at_most(content: StreamReader, most: int) -> AsyncIterator[bytes]:
    """Read a body to its end, or until it is longer than it may be."""
    async for part in content.iter_any():
        most -= len(part)
        if most < 0:
            raise _too_large()
        yield part


def _too_large() -> Refused:
    return Refused("This file is too large: the limit is {megabytes} MB.", megabytes=DOWNLOAD // 1_000_000)
