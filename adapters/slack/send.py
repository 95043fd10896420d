"""Where a reply is said on Slack, and how: to the person alone first, in the channel where it is for all.

A file cannot be shared for one person's eyes (node-slack-sdk#1790). With a public address a picture is an
image in the answer; without one, and where it holds a secret, it goes to the direct messages, and the answer
says so. Where all may see it, Slack keeps it, and the answer names it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.away import shut_out, unreachable, words
from adapters.slack.connection import Slack
from adapters.slack.direct import forgotten, opened
from adapters.slack.faults import FAULTS, NETWORK, verdict, why
from adapters.slack.render import alternative, messages
from adapters.slack.said import ASIDE, INSTEAD, OPENLY, Said, Way, image_url, respond
from adapters.slack.steps import Step, surely
from adapters.slack.uploads import forget, ready, upload
from bot.face import Address, NotYet, TryLater
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.qr.picture import Rendered

_UNHEARD = {"user_not_in_channel"}  # where nothing can be said to one person alone, besides where we are not


async def say(
    slack: Slack,
    address: Address,
    reply: Reply,
    picture: Rendered | None,
    client: AsyncWebClient | None = None,
    *,
    instead: str = "",
) -> str:
    """Say a reply where it belongs; where the bot is not let in, to the person, with how to invite it.

    ``client``: one whose calls are counted, where there is time; raises NotYet before anything is said, and
    TryLater. ``instead``: the message of ours whose place it takes. Gives the name of the one that shows all
    of it now; empty where none does, or it cannot be changed later.
    """
    t = Translator(spoken(reply.language))
    client = client or await slack.client(str(address["team"]))
    said = Said(slack, client, address, reply, picture, image_url(slack, reply, picture), t)
    ways = [said] if said.image_url else []
    ways += [replace(said, image_url="")] if said.keepable else []
    for way in ways:
        try:
            return await _say(way, instead)
        except SlackApiError as error:
            if why(error) != "invalid_blocks":
                raise  # else Slack could not fetch the picture, or does not know the file: the next way
    return await _say(replace(said, image_url="", sharing=True), instead)


async def _say(said: Said, instead: str) -> str:
    if said.alone:
        await _aside(said)
        return ""
    public = said.elsewhere
    if not (said.replacing or instead):
        return await _for_all(said, public)
    async with nullcontext(_as_it_stands(public)) if public.standing else _keeping(public) as kept:
        if said.replacing:
            if kept.worded and await respond(kept, kept.contents[0], INSTEAD):
                return ""
        elif kept.worded and await _changed(kept, instead):
            return instead
        return await _for_all(said, kept)


async def _for_all(said: Said, public: Said) -> str:
    """Say it to all, or where they take nothing from us, to the person why."""
    try:
        return await _openly(public)
    except SlackApiError as error:
        if not shut_out(why(error)) or said.direct:
            raise
        await _shut_out(said, why(error))
        return ""


async def _openly(said: Said) -> str:
    """Say it to all who are there, and what is left to say to the person in place of what they pressed.

    By the response_url where that can hold it: it is let in also where the bot is no member.
    """
    by_url = said.reply.shared and said.address.get("aside") and said.worded
    name = ""
    if not (by_url and await respond(said, said.contents[0], OPENLY)):
        name = await _post(said, str(said.address["channel"]), str(said.address.get("thread") or ""))
    if said.reply.left and said.address.get("aside") and said.address.get("message"):
        left = messages(Reply(body=said.reply.left), t=said.t)[0]
        with suppress(TryLater, *NETWORK):  # what counts has arrived, and is not to come twice
            await respond(said, left, INSTEAD)
    return name


async def _shut_out(said: Said, code: str) -> None:
    """Tell the person why the channel has not got it; what they have seen before is not shown again."""
    reply, reason = said.reply, words(code, said.t)
    if reply.left:
        told = Reply(body=reason, buttons=reply.buttons, private=True, replace=True)
        await _aside(replace(said, reply=told, picture=None, image_url=""))
        return
    body = "\n".join(line for line in (reply.body, reason) if line)
    await _aside(replace(said, reply=replace(reply, body=body, private=True)), reason)


async def _changed(said: Said, name: str) -> bool:
    """Change a message of ours where it stands; False where that is no longer possible."""
    channel, _, ts = name.partition(":")
    shown = {part: said.contents[0][part] for part in ("text", "blocks")}
    try:
        await said.client.chat_update(channel=channel, ts=ts, **shown)
    except SlackApiError as error:
        if why(error) == "invalid_blocks" or isinstance(verdict(error), TryLater):
            raise
        return False
    return True


# --- where --------------------------------------------------------------------------------------------------


async def _aside(said: Said, reason: str = "") -> None:
    """Answer so that only the person sees it: where they are, in their direct messages, or not at all.

    ``reason``: why not all see it, said again where they are.
    """
    if said.worded and await _whispered(said, said.contents[0], INSTEAD if said.replacing else ASIDE):
        return
    team, user = str(said.address["team"]), str(said.address["user"])
    try:
        where = await opened(said.slack, team, user, said.client)
        await _post(said.elsewhere, where, "")
    except SlackApiError as error:
        forgotten(said.slack, team, user)
        if not unreachable(why(error)) or not await _excused(said):
            raise
        return
    if where == said.address["channel"] or said.worded:
        return
    there = said.t("It is in our direct messages, for your eyes only.")
    told = Reply(body=f"{there}\n{reason}".strip(), buttons=said.here)
    pointing = replace(said, reply=told)
    with suppress(NotYet, TryLater, *FAULTS):  # what counts has arrived, and is not to come twice
        await _whispered(pointing, messages(told, t=said.t)[0], ASIDE)


async def _whispered(said: Said, content: Mapping[str, Any], way: Way) -> bool:
    """Say it where it was asked for, to the person alone; False where that cannot be.

    A response_url that is used up has another way beside it while the person is there: Slack keeps what is
    for one person's eyes for nobody who is away. A secret takes no other way than the direct messages.
    """
    if await respond(said, content, way):
        return True
    lately = int(said.address.get("until") or 0) >= time.time()
    return lately and not said.reply.secret and await _ephemerally(said, content)


async def _ephemerally(said: Said, content: Mapping[str, Any]) -> bool:
    channel, below = str(said.address["channel"]), said.address.get("below")
    thread = "" if below else str(said.address.get("thread") or "")
    if said.direct or not channel:
        return False
    shown = {part: content[part] for part in ("text", "blocks")}
    try:
        await said.client.chat_postEphemeral(
            channel=channel, user=str(said.address["user"]), thread_ts=thread or None, **shown
        )
    except SlackApiError as error:
        if why(error) not in _UNHEARD and not shut_out(why(error)):
            raise
        return False
    return True


async def _excused(said: Said) -> bool:
    """Tell a person whose direct messages take nothing, where they are and unseen by others; False: nowhere.

    What needs no file is said itself, but for secrets.
    """
    excuse = said.t(
        "This is for your eyes only, and Slack does not let me write to you directly. Ask whoever runs this "
        "workspace to allow messages from apps."
    )
    if said.worded and not said.reply.secret:
        return await _ephemerally(said, said.contents[0])
    content = messages(Reply(body=excuse), t=said.t)[0]
    return await respond(said, content, ASIDE) or await _ephemerally(said, content)


# --- what ---------------------------------------------------------------------------------------------------


async def _post(said: Said, channel: str, thread: str) -> str:
    """Say a reply in a channel: files first, and words, picture and buttons below them.

    Gives the name of the message where it is a single one, which can be changed later.
    """
    made: Any = None
    async with _keeping(said) as kept:
        steps = tuple(_steps(kept, channel, thread))
        for number, step in enumerate(steps):
            made = await (surely(step) if number or kept.file else step())
    return f"{made['channel']}:{made['ts']}" if len(steps) == 1 and "ts" in (made or ()) else ""


@asynccontextmanager
async def _keeping(said: Said) -> AsyncIterator[Said]:
    """Let Slack keep the picture meanwhile; where what then names it fails, it is deleted again."""
    kept = await _kept(said)
    try:
        yield kept
    except Exception:
        if kept.file != said.file:
            await forget(said.client, kept.file)
        raise


async def _kept(said: Said) -> Said:
    """Let Slack keep the picture, so that a block can name it; where that takes too long it is shared."""
    if said.picture is None or said.image_url or said.file or not said.keepable:
        return said
    file = await upload(
        said.slack, said.client, _name(said.reply, said.picture), said.picture.data, told=_told(said)
    )
    if await ready(said.client, file):
        return replace(said, file=file)
    await forget(said.client, file)
    return replace(said, sharing=True)


def _as_it_stands(said: Said) -> Said:
    """Name the picture again that stands in the message pressed, where it is a part of that."""
    return replace(said, file=str(said.address.get("picture") or "").partition("/")[2])


def _steps(said: Said, channel: str, thread: str) -> Iterator[Step]:
    share = partial(upload, said.slack, said.client, channel=channel, thread=thread)
    if said.picture is not None and not (said.image_url or said.file):
        yield partial(share, _name(said.reply, said.picture), said.picture.data, told=_told(said))
    for file in said.reply.files:
        if file.picture is None:
            yield partial(share, file.name, file.data)
    for content in said.contents:
        if content["blocks"]:
            send = said.client.chat_postMessage
            yield partial(send, channel=channel, thread_ts=thread or None, **content)


def _told(said: Said) -> str:
    """Say in words what the picture shows."""
    return alternative(Reply() if said.reply.secret else said.reply, said.t)


def _name(reply: Reply, picture: Rendered) -> str:
    if reply.picture is not None:
        return f"{reply.picture.name}.{picture.extension}"
    return next(file.name for file in reply.files if file.picture is not None)
