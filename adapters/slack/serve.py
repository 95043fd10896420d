"""The Slack connection, and the face that the deliveries and requests see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import structlog
from aiohttp import ClientError, ClientSession, ClientTimeout
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.send import PictureAddress, Slack, say
from bot.drawings import drawn
from bot.face import Address, Draw, Face, Rate, TryLater, Undeliverable
from bot.message import Reply, Request, Upload
from bot.qr.refusal import Refused

log = structlog.get_logger(__name__)

DOWNLOAD = 20_000_000  # bytes
PER_SECOND = 1.0  # messages in a channel (docs.slack.dev/apis/web-api/rate-limits)
LONGEST_PAUSE = 30.0  # seconds between two tries
LONG = 3600.0  # seconds until a revoked token is tried again

WRONG = {
    "invalid_auth",
    "not_authed",
    "account_inactive",
    "token_revoked",
    "token_expired",
    "not_allowed_token_type",
}
_PASSING = {
    "ratelimited",
    "rate_limited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
}


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
        except SlackApiError as error:
            if _why(error) in WRONG:
                raise WrongToken("bot") from None
            why = _why(error)
        except (ClientError, TimeoutError, OSError) as error:
            why = type(error).__name__
        log.warning("slack cannot be reached", error=why, again_in=pause)
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


def face(slack: Slack) -> Face:
    """Show the connection to the deliveries."""

    async def send(address: Address, reply: Reply, draw: Draw) -> None:
        picture = await drawn(reply, draw)
        try:
            await say(slack, address, reply, picture)
        except SlackApiError as error:
            raise _verdict(error) from None
        except (ClientError, TimeoutError, OSError) as error:
            raise TryLater(type(error).__name__) from None

    return Face("slack", send, partial(_prepare, slack), _rates, _reach)


def _why(error: SlackApiError) -> str:
    return str(error.response.get("error", "")) if hasattr(error.response, "get") else ""


def _verdict(error: SlackApiError) -> TryLater | Undeliverable:
    """Decide whether trying again can help; only Slack's code is told, since its answers hold addresses."""
    why, response = _why(error), error.response
    after = response.headers.get("Retry-After") if hasattr(response, "headers") else None
    if after is not None and str(after).isdigit():
        return TryLater(why or "rate limited", float(after))
    if why in WRONG:
        return TryLater(why, LONG)
    status = getattr(response, "status_code", 200)
    return TryLater(why or f"HTTP {status}") if why in _PASSING or status >= 500 else Undeliverable(why)


def _rates(address: Address) -> tuple[Rate, ...]:
    """Count what is posted in a channel; answers by response_url are not limited."""
    return (
        (Rate(f"slack:{address['team']}:{address['channel']}", PER_SECOND, 1),)
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
    except SlackApiError as error:
        raise _verdict(error) from None
    except (ClientError, TimeoutError, OSError) as error:
        raise TryLater(type(error).__name__) from None
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
        raise Refused("This file is too large: the limit is {megabytes} MB.", megabytes=DOWNLOAD // 1_000_000)
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    host, ours = urlsplit(url).hostname or "", urlsplit(slack.client.base_url).hostname
    if host not in {ours, "files.slack.com"}:
        raise Undeliverable("the file is kept outside Slack")
    async with slack.http.get(url, headers={"Authorization": f"Bearer {slack.client.token}"}) as answer:
        if answer.status != 200 or answer.content_type == "text/html":
            raise TryLater(f"download: HTTP {answer.status}")
        data = await answer.content.read(DOWNLOAD + 1)
    return replace(upload, data=data, size=len(data))
