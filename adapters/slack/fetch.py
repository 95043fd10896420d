"""What a request lacks: the bytes of its files, pictures that Slack has, and whether an admin speaks.

Our token goes to Slack's own host and nowhere else; profile photos and icons are public, and fetched without
it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from aiohttp import StreamReader
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import Slack
from adapters.slack.faults import seconds, why
from bot.face import TryLater
from bot.message import Request, Upload
from bot.qr.refusal import Refused

DOWNLOAD, PICTURE = 20_000_000, 5_000_000  # bytes of a file, and of a profile picture or icon
TOGETHER = 60_000_000  # bytes of the files of one request
PUBLIC = "slack-edge.com"  # below it are profile pictures and icons; Gravatar's are what Slack drew itself
_UNSEEN = {
    *("file_not_found", "file_deleted", "not_visible", "access_denied", "no_permission"),
    *("channel_not_found", "not_in_channel"),
}
_PORTRAITS = ("image_512", "image_original", "image_192")  # docs.slack.dev/reference/objects/user-object
_ICONS = ("image_230", "image_132", "image_102", "image_88")  # docs.slack.dev/reference/methods/team.info


async def prepared(slack: Slack, request: Request) -> Request:
    """Fetch a request's files and find out whether an admin speaks.

    Raises Refused for files that are too large, kept elsewhere or not for us to see, and for pictures that
    are not there, TryLater, and the faults of Slack and the network.
    """
    client = await slack.sender(request.space.id.partition(":")[0])
    uploads = await _all(slack, client, request)
    ours = request.actor.id.partition(":")[0] == request.space.id.partition(":")[0]
    unknown = request.admin is None and ours  # who leads another workspace leads nothing here
    admin = await _leads(client, request) if unknown else bool(request.admin)
    return replace(request, uploads=uploads, admin=admin)


async def _all(slack: Slack, client: AsyncWebClient, request: Request) -> tuple[Upload, ...]:
    """Fetch a request's files; those that are too large together are refused, and so come one by one."""
    uploads = list[Upload]()
    for upload in request.uploads:
        uploads.append(await _fetched(slack, client, request, upload))
        if sum(len(each.data) for each in uploads) > TOGETHER and len(request.uploads) > 1:
            raise _too_large(TOGETHER)
    return tuple(uploads)


async def _user(client: AsyncWebClient, request: Request) -> Mapping[str, Any]:
    user: Mapping[str, Any] = (await client.users_info(user=request.actor.id.partition(":")[2]))["user"]
    return user


async def _leads(client: AsyncWebClient, request: Request) -> bool:
    user = await _user(client, request)
    return bool(user.get("is_admin") or user.get("is_owner"))


async def _fetched(slack: Slack, client: AsyncWebClient, request: Request, upload: Upload) -> Upload:
    if upload.data:
        return upload
    match upload.ref:
        case "profile:person":
            data = await _portrait(slack, client, request)
        case "profile:space":
            data = await _icon(slack, client)
        case _:
            data = await _file(slack, client, upload.ref)
    return replace(upload, data=data, size=len(data))


# --- files --------------------------------------------------------------------------------------------------


async def _file(slack: Slack, client: AsyncWebClient, ref: str) -> bytes:
    """Fetch a file with our token, which goes to Slack's own host and nowhere else.

    Raises Refused for one that we may not see: a message's menu is also there where the bot is not.
    """
    try:
        file = (await client.files_info(file=ref))["file"]
    except SlackApiError as error:
        if why(error) not in _UNSEEN:
            raise
        raise Refused("I cannot see this file. Send it to me in our direct messages.") from None
    if int(file.get("size") or 0) > DOWNLOAD:
        raise _too_large(DOWNLOAD)
    url = str(file.get("url_private_download") or file.get("url_private") or "")
    given, own = urlsplit(url), urlsplit(slack.api_url)
    if given.scheme != own.scheme or given.hostname not in {own.hostname, "files.slack.com"}:
        raise Refused("This file is kept outside Slack, where I cannot fetch it. Send me the picture itself.")
    headers = {"Authorization": f"Bearer {client.token}"}
    async with slack.http.get(url, headers=headers, allow_redirects=False) as answer:
        if answer.status != 200 or answer.content_type == "text/html":
            raise TryLater(f"download: HTTP {answer.status}", seconds(answer.headers))
        return await _whole(answer.content, DOWNLOAD)


async def _whole(content: StreamReader, most: int) -> bytes:
    """Read a body to its end; raises Refused once it is longer than it may be."""
    return b"".join([part async for part in _at_most(content, most)])


async def _at_most(content: StreamReader, most: int) -> AsyncIterator[bytes]:
    left = most
    async for part in content.iter_any():
        left -= len(part)
        if left < 0:
            raise _too_large(most)
        yield part


def _too_large(most: int) -> Refused:
    return Refused("This file is too large: the limit is {megabytes} MB.", megabytes=most // 1_000_000)


# --- pictures that Slack has --------------------------------------------------------------------------------


async def _portrait(slack: Slack, client: AsyncWebClient, request: Request) -> bytes:
    """Fetch somebody's profile photo; raises Refused where they have none but what Slack drew for them."""
    profile = (await _user(client, request)).get("profile") or {}
    url = next((str(profile[name]) for name in _PORTRAITS if profile.get(name)), "")
    if profile.get("is_custom_image") is False or not _public(slack, url):
        raise Refused(
            "You have no profile photo that I may see. Send me a picture with the word “logo” beside it."
        )
    return await _picture(slack, url)


async def _icon(slack: Slack, client: AsyncWebClient) -> bytes:
    """Fetch the workspace's icon; raises Refused where it has none but what Slack drew for it."""
    try:
        icon = (await client.team_info())["team"].get("icon") or {}
    except SlackApiError as error:
        if why(error) != "missing_scope":
            raise
        raise Refused(
            "I may not see this workspace's icon: whoever installed me has to add the scope team:read. "
            "Or send me a picture with the word “logo” beside it."
        ) from None
    url = next((str(icon[name]) for name in _ICONS if icon.get(name)), "")
    if icon.get("image_default") or not _public(slack, url):
        raise Refused("This workspace has no icon. Send me a picture with the word “logo” beside it.")
    return await _picture(slack, url)


def _public(slack: Slack, url: str) -> bool:
    """Tell whether an address is one of Slack's public pictures, or at the host that we speak with anyway."""
    try:
        given, own = urlsplit(url), urlsplit(slack.api_url)
        port = given.port
    except ValueError:
        return False
    if given.username is not None or given.password is not None:
        return False
    host = given.hostname or ""
    edge = given.scheme == "https" and port in (None, 443) and f".{host}".endswith(f".{PUBLIC}")
    return edge or (given.scheme, given.netloc) == (own.scheme, own.netloc)


async def _picture(slack: Slack, url: str) -> bytes:
    """Fetch a public picture, without our token and without following it elsewhere."""
    async with slack.http.get(url, allow_redirects=False) as answer:
        if answer.status >= 500 or answer.status == 429:
            raise TryLater(f"picture: HTTP {answer.status}", seconds(answer.headers))
        data = await _whole(answer.content, PICTURE) if answer.status == 200 else b""
    if not data:
        raise Refused("This picture cannot be fetched. Send me one with the word “logo” beside it.")
    return data
