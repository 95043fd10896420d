"""What a message holds that a code can be made of, or that may hold one: pure, nothing fetched.

A person's message says all in its text; an app's may say it in blocks or attachments alone, and one that was
passed on says it in an attachment. Shapes: docs.slack.dev/reference/objects, reference/block-kit/blocks,
messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack.places import slack_id
from adapters.slack.texts import emoji_of, typed, unescaped
from bot.commands.reading import AT_ONCE
from bot.message import About, Upload, readable

LINKS = 3  # addresses that are taken from one message
ATTACHMENTS = 20  # that are looked at

_LINK = re.compile(r"<(https?://[^|<>]+)(?:\|[^<>]*)?>", re.IGNORECASE)
_HOSTED = re.compile(r"https://files\.slack\.com/files-(?:pri|tmb)/T\w+-(F\w+)[/-]", re.ASCII)
_CARDS = ("text/vcard", "text/x-vcard", "text/directory", "text/calendar")

Message = Mapping[str, Any]


def content_of(message: Message) -> About:
    """Read what a message says, the addresses in it, and its files, one more than are read at once."""
    attached = _attached(message)
    text = _said(message) or next((said for each in attached if (said := _said_beside(each))), "")
    links = tuple(dict.fromkeys(_links(message, attached)))[:LINKS]
    if not text and links:
        text, links = links[0], links[1:]
    return About(text, links, _uploads(message, attached))


def card(upload: Upload) -> bool:
    """Tell a file that is a contact or an event, by what Slack says of it."""
    return upload.media_type.lower().startswith(_CARDS) or upload.name.lower().endswith((".vcf", ".ics"))


def _attached(message: Message) -> list[Message]:
    return list(message.get("attachments") or ())[:ATTACHMENTS]


# --- text ---------------------------------------------------------------------------------------------------


def _said(message: Message) -> str:
    """Give a message's text as it was typed, else what stands in its blocks."""
    blocks = message.get("blocks")
    text = typed(str(message.get("text") or ""), emoji_of(blocks))
    return text if text.strip() else "\n".join(_lines(blocks or ())).strip()


def _said_beside(attachment: Message) -> str:
    """Give what an attachment says: words around a title, or the message that was passed on."""
    passed = [each["message"] for each in attachment.get("message_blocks") or ()]
    emoji = emoji_of([each.get("blocks") for each in passed])
    parts = (str(attachment.get(name) or "") for name in ("pretext", "title", "text"))
    text = "\n".join(typed(part, emoji) for part in parts if part)
    inner = (_said(each) for each in (attachment, *passed) if each.get("blocks"))
    return text.strip() or next(filter(None, inner), "") or typed(str(attachment.get("fallback") or ""), {})


def _lines(blocks: Any) -> Iterator[str]:
    """Read the texts of blocks: a line for each text, and for each part of a rich text."""
    for block in blocks:
        match block:
            case {"type": "rich_text", "elements": list(parts)}:
                yield from map(_rich, parts)
            case {"type": "section"}:
                yield _text(block.get("text"))
                yield from map(_text, block.get("fields") or ())
            case {"type": "header", "text": text}:
                yield _text(text)
            case {"type": "context", "elements": list(parts)}:
                yield from (_text(part) for part in parts if part.get("type") != "image")


def _text(held: Any) -> str:
    match held:
        case {"type": "mrkdwn", "text": str(text)}:
            return typed(text, {})
        case {"type": "plain_text", "text": str(text)}:
            return unescaped(text)
    return ""


def _rich(part: Any) -> str:
    """Write a part of a rich text; in lists each entry is a line."""
    match part:
        case {"type": "text", "text": str(text)}:
            return text
        case {"type": "link", "url": str(url), **more}:
            label = str(more.get("text") or "")
            return typed(f"<{url}|{label}>" if label else f"<{url}>", {})
        case {"type": "emoji"}:
            return "".join(emoji_of(part).values())
        case {"type": str(kind), "elements": list(inner)}:
            return ("\n" if kind == "rich_text_list" else "").join(map(_rich, inner))
    return ""


# --- links --------------------------------------------------------------------------------------------------


def _links(message: Message, attached: list[Message]) -> Iterator[str]:
    yield from _in_text(message)
    yield from _in_blocks(message.get("blocks"))
    for each in attached:
        yield from _in_text(each)
        if isinstance(each.get("title_link"), str):
            yield each["title_link"]
        yield from _in_blocks([each.get(name) for name in ("blocks", "message_blocks", "actions")])


def _in_text(held: Message) -> Iterator[str]:
    for name in ("pretext", "text"):
        yield from (unescaped(link[1]) for link in _LINK.finditer(str(held.get(name) or "")))


def _in_blocks(blocks: Any) -> Iterator[str]:
    """Find the addresses of links and buttons, and those within texts, wherever they stand."""
    match blocks:
        case list(several):
            for each in several:
                yield from _in_blocks(each)
        case {"type": "link" | "button", "url": str(url)}:
            yield url
        case {"type": "mrkdwn", "text": str(text)}:
            yield from (unescaped(link[1]) for link in _LINK.finditer(text))
        case {**inner}:
            for name in ("text", "fields", "elements", "accessory", "message", "blocks"):
                yield from _in_blocks(inner.get(name))


# --- files --------------------------------------------------------------------------------------------------


def _uploads(message: Message, attached: list[Message]) -> tuple[Upload, ...]:
    found: dict[str, Upload] = {}
    for held in (message, *attached):
        listed = (upload_of(file) for file in held.get("files") or () if may_be_read(file))
        for upload in (*listed, *_pictures(held)):
            found.setdefault(upload.ref, upload)
    return tuple(found.values())[: AT_ONCE + 1]


def may_be_read(file: Message) -> bool:
    """Tell whether codes may be in a file; of one that is still looked at by Slack no kind is told."""
    kind = str(file.get("mimetype") or "")
    return not kind or readable(str(file.get("name") or ""), kind)


def upload_of(file: Message) -> Upload:
    """Name a file of Slack's, to be fetched later."""
    size = int(file.get("size") or 0)
    return Upload(slack_id(file["id"]), str(file.get("name") or ""), str(file.get("mimetype") or ""), size)


def _pictures(held: Message) -> Iterator[Upload]:
    """Find pictures in blocks and attachments that are files of Slack's; others are out of our reach."""
    passed = [each["message"].get("blocks") for each in held.get("message_blocks") or ()]
    urls = [held.get(name) for name in ("image_url", "thumb_url")]
    for ref in (*_in_images([held.get("blocks"), passed]), *map(_hosted, urls)):
        if ref:
            yield Upload(ref)


def _in_images(blocks: Any) -> Iterator[str]:
    match blocks:
        case list(several):
            for each in several:
                yield from _in_images(each)
        case {"type": "image", "slack_file": {"id": str(ref)}}:
            yield slack_id(ref)
        case {"type": "image", "slack_file": {"url": url}} | {"type": "image", "image_url": url}:
            yield _hosted(url)
        case {"accessory": inner} | {"elements": inner}:
            yield from _in_images(inner)


def _hosted(url: Any) -> str:
    """Name the file that is at an address of Slack's; empty where that is none."""
    found = _HOSTED.match(url) if isinstance(url, str) else None
    return found[1] if found else ""
