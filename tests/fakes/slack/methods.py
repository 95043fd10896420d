"""The methods of the Web API that the fake knows: what each asks for, refuses, and answers."""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.ledger import JSON
from tests.fakes.outside import fetch
from tests.fakes.slack.blocks import IN_MESSAGES, check, check_view, need
from tests.fakes.slack.files import delete, named, processed, share
from tests.fakes.slack.home import views_publish
from tests.fakes.slack.tenancy import access, api_test, revoke
from tests.fakes.slack.views import pictured, views_update
from tests.fakes.slack.workflows import complete_error, complete_success
from tests.fakes.slack.world import Channel, File, Person, Refused, View

if TYPE_CHECKING:
    from tests.fakes.slack.tenancy import Tenancy as FakeSlack

TEXT = 40_000  # characters of a message
BLOCKS = 13_200  # characters of its blocks together (bolt-js#2509); not where a response_url is answered
PORTRAITS, ICONS = (24, 32, 48, 72, 192, 512), (34, 44, 68, 88, 102, 132, 230)  # pixels
ALT = 1000  # characters of a file's alternative text


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, and the scope that its token must have."""

    run: Callable[[FakeSlack, JSON], Awaitable[JSON]]
    scope: str = ""


def channel_of(slack: FakeSlack, fields: JSON, name: str = "channel") -> Channel:
    """Find a channel in which the bot may write."""
    channel = slack.channels.get(str(fields.get(name, "")))
    if channel is None or (channel.direct and slack.bot_user not in channel.members):
        raise Refused("channel_not_found")
    if slack.bot_user not in channel.members:
        raise Refused("channel_not_found" if channel.private else "not_in_channel")
    if channel.archived:
        raise Refused("is_archived")
    return channel


async def content(slack: FakeSlack, fields: JSON, *, alone: bool = False) -> dict[str, Any]:
    """Check what a message holds, and fetch its pictures as Slack's own servers would.

    ``alone``: it is for one person's eyes.
    """
    blocks, text = fields.get("blocks") or [], str(fields.get("text") or "")
    need(len(text) <= TEXT, "too long", "msg_too_long")
    if not blocks and not text:
        raise Refused("no_text")
    check(blocks, 50, IN_MESSAGES)
    pictures: dict[str, bytes] = {}
    for block in blocks:
        if block["type"] == "image" and "slack_file" in block:
            pictures |= named(slack, block, alone)
        if block["type"] == "image" and "image_url" in block:
            fetched = await fetch(block["image_url"], slack.public)
            need(
                fetched is not None and fetched.status == 200,
                f"downloading image failed: {block['image_url']}",
            )
            assert fetched is not None  # needed just now
            need(fetched.media_type.startswith("image/"), "the address is no picture")
            pictures[block["image_url"]] = fetched.data
    for place, block in enumerate(blocks):
        block.setdefault("block_id", f"b{place}")
    return {"text": text, "blocks": blocks, "pictures": pictures, "app": True}


async def auth_test(slack: FakeSlack, fields: JSON) -> JSON:
    return {
        "team_id": slack.team,
        "user_id": slack.bot_user,
        "bot_id": slack.bot_id,
        "user": "qr",
        "team": "Test",
    }


async def post_message(slack: FakeSlack, fields: JSON) -> JSON:
    channel = channel_of(slack, fields)
    thread = str(fields.get("thread_ts") or "")
    length = len(json.dumps(fields.get("blocks") or [], ensure_ascii=False))
    need(length <= BLOCKS, "too long", "msg_blocks_too_long")
    message = slack.post(channel, slack.bot_user, thread=thread, **await content(slack, fields))
    share(slack, message.blocks, channel)
    return {"channel": channel.id, "ts": message.ts}


async def users_info(slack: FakeSlack, fields: JSON) -> JSON:
    person = slack.people.get(str(fields.get("user", "")))
    if person is None:
        raise Refused("user_not_found")
    user = {"id": person.id, "name": person.name, "is_admin": person.admin, "is_owner": person.owner}
    return {"user": {**user, "profile": {"real_name": person.name, **_portrait(slack, person)}}}


def _portrait(slack: FakeSlack, person: Person) -> JSON:
    """Name the addresses of a profile's photo; without one Gravatar leads to what Slack draws."""
    if not (person.photo or person.elsewhere):
        drawn = "https%3A%2F%2Fa.slack-edge.com%2Fdf10d%2Fimg%2Favatars%2Fava_0001-512.png"
        address = f"https://secure.gravatar.com/avatar/{person.id.lower()}.jpg"
        return {f"image_{side}": f"{address}?s={side}&d={drawn}" for side in PORTRAITS}
    address = f"{slack.url}/avatars/{person.id}"
    sizes = {f"image_{side}": person.elsewhere or f"{address}_{side}.jpg" for side in PORTRAITS}
    if person.drawn:
        return {"is_custom_image": False, **sizes}
    return {"is_custom_image": True, "image_original": person.elsewhere or f"{address}_original.jpg", **sizes}


async def team_info(slack: FakeSlack, fields: JSON) -> JSON:
    return {"team": {"id": slack.team, "name": "Test", "domain": "test", "icon": _icon(slack)}}


def _icon(slack: FakeSlack) -> JSON:
    """Name the addresses of the workspace's icon, or of the letter that Slack draws in its place."""
    if not slack.icon:
        drawn = "https://a.slack-edge.com/80588/img/avatars-teams/ava_0012"
        return {"image_default": True} | {f"image_{side}": f"{drawn}-{side}.png" for side in ICONS}
    address = f"{slack.url}/avatars/{slack.team}"
    return {f"image_{side}": f"{address}_{side}.jpg" for side in (*ICONS, "original")}


async def conversations_open(slack: FakeSlack, fields: JSON) -> JSON:
    person = slack.people.get(str(fields.get("users", "")))
    if person is None:
        raise Refused("user_not_found")
    if person.closed:
        raise Refused(person.closed)
    return {"channel": {"id": slack.dm(person).id}}


async def views_open(slack: FakeSlack, fields: JSON) -> JSON:
    trigger = str(fields.get("trigger_id", ""))
    owner, until, used = slack.triggers.get(trigger, ("", 0.0, False))
    if not owner:
        raise Refused("invalid_trigger_id")
    if used:
        raise Refused("exchanged_trigger_id")
    if slack.now() > until:
        raise Refused("expired_trigger_id")
    given = fields.get("view")
    payload: JSON = json.loads(given) if isinstance(given, str) else given or {}
    check_view(payload)
    slack.triggers[trigger] = (owner, until, True)
    view = View(f"V{slack.number():08}", f"{slack.number()}.hash", slack.people[owner], payload)
    view.pictures = await pictured(slack, payload)
    slack.views[view.id] = view
    slack.noted()
    return {"view": {"id": view.id, "hash": view.hash, **payload}}


async def upload_url(slack: FakeSlack, fields: JSON) -> JSON:
    name, length = str(fields.get("filename", "")), int(fields.get("length") or 0)
    need(bool(name) and length > 0, "filename and length are required", "invalid_arguments")
    need(len(str(fields.get("alt_txt") or "")) <= ALT, "alt_txt is too long", "invalid_arguments")
    file = File(f"F{slack.number():08}", name, length, owner=slack.bot_user)
    slack.files[file.id] = file
    return {"upload_url": f"{slack.url}/upload/{file.id}/{secrets.token_hex(8)}", "file_id": file.id}


async def complete_upload(slack: FakeSlack, fields: JSON) -> JSON:
    held = fields.get("files")
    listed = json.loads(held) if isinstance(held, str) else held or []
    need(bool(listed), "files are required", "invalid_arguments")
    files = [slack.files.get(str(each["id"])) for each in listed]
    for file in files:
        if file is None or len(file.data) != file.length:
            raise Refused("file_not_found" if file is None else "file_not_uploaded")
        file.completed = slack.now()
    if fields.get("channel_id"):
        if not str(fields["channel_id"]).startswith(("C", "D", "G")):
            raise Refused("invalid_channel")
        channel = channel_of(slack, fields, "channel_id")
        shared = [file for file in files if file is not None]
        for file in shared:
            file.channels.add(channel.id)
        comment, thread = str(fields.get("initial_comment") or ""), str(fields.get("thread_ts") or "")
        slack.post(channel, slack.bot_user, text=comment, files=shared, thread=thread, app=True)
    return {"files": [{"id": file.id, "title": file.name} for file in files if file is not None]}


async def files_info(slack: FakeSlack, fields: JSON) -> JSON:
    file = slack.files.get(str(fields.get("file", "")))
    if file is None or file.deleted or not (slack.shown(file) or file.locked):
        raise Refused("file_deleted" if file is not None and file.deleted else "file_not_found")
    url = file.outside or f"{slack.url}/files/{file.id}/{file.name}"
    size = len(file.data) if file.told is None else file.told
    media_type = file.media_type if processed(slack, file) else ""
    about = {"id": file.id, "name": file.name, "mimetype": media_type, "size": size}
    about["permalink"] = f"https://test.slack.com/files/{file.owner}/{file.id}/{file.name}"
    return {"file": {**about, "url_private": url, "url_private_download": url}}


async def connections_open(slack: FakeSlack, fields: JSON) -> JSON:
    if len(slack.sockets) >= 10:
        raise Refused("too_many_websockets")
    ticket = secrets.token_hex(8)
    slack.tickets.add(ticket)
    return {"url": f"{slack.url.replace('http', 'ws', 1)}/link?ticket={ticket}"}


METHODS = {
    "api.test": Method(api_test, "none"),
    "oauth.v2.access": Method(access, "client"),
    "auth.revoke": Method(revoke),
    "auth.test": Method(auth_test),
    "chat.postMessage": Method(post_message, "chat:write"),
    "users.info": Method(users_info, "users:read"),
    "team.info": Method(team_info, "team:read"),
    "conversations.open": Method(conversations_open, "im:write"),
    "views.open": Method(views_open),
    "views.publish": Method(views_publish),
    "views.update": Method(views_update),
    "files.getUploadURLExternal": Method(upload_url, "files:write"),
    "files.completeUploadExternal": Method(complete_upload, "files:write"),
    "files.delete": Method(delete, "files:write"),
    "files.info": Method(files_info, "files:read"),
    "functions.completeSuccess": Method(complete_success),
    "functions.completeError": Method(complete_error),
    "apps.connections.open": Method(connections_open, "connections:write"),
}
