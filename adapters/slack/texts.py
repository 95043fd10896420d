"""What was typed, out of what Slack makes of it: pure. The code holds what was typed.

Shapes: docs.slack.dev/messaging/formatting-message-text, reference/block-kit/blocks/rich-text-block.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

# Within a pair of brackets Slack escapes all others; to look past one would take minutes with many of them.
_LINK = re.compile(r"<([a-z][a-z0-9+.-]*:[^|<>]+)(?:\|([^<>]*))?>", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"<([@#!])([^|<>^]+)(?:\^[^|<>]*)?(?:\|([^<>]*))?>")
_POINTS = re.compile(r"[0-9a-f]{2,6}(-[0-9a-f]{2,6})*", re.ASCII | re.IGNORECASE)
_ADDED = ("http://", "https://", "mailto:")  # what Slack puts before an address that was typed without it
_TO_ALL = ("here", "channel", "everyone")


def unescaped(text: str) -> str:
    """Take off the escapes that every text of Slack's has; a slash command's has no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, emoji: Mapping[str, str]) -> str:
    """Undo what Slack makes of a message's links, names and emoji: the code holds what was typed."""
    for name, characters in sorted(emoji.items(), key=lambda each: -len(each[0])):
        text = text.replace(name, characters)
    return unescaped(_NAME.sub(_as_named, _LINK.sub(_as_linked, text)))


def _as_linked(link: re.Match[str]) -> str:
    """Undo a link that Slack made of an address or a number, with or without what it put before it."""
    address, label = link[1], link[2]
    if not label:
        return address
    if address.startswith("tel:"):
        number = _digits(label).lstrip("0")  # Slack puts the country's in the place of a zero
        return label if number and _digits(address).endswith(number) else address
    same = {unquote(f"{added}{label}") for added in ("", *_ADDED)}  # it also writes "%C3%A9" for "é"
    return label if unquote(address) in same else address


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _as_named(name: re.Match[str]) -> str:
    """Write a person, channel or group as it was typed; an id without its name stays as it came.

    A date, which only apps can write, is what it says to those who cannot be shown one.
    """
    kind, told, label = name[1], name[2], name[3]
    if kind == "!" and told not in (*_TO_ALL, "subteam"):
        return label or name[0]
    if kind == "!":
        known = told if told in _TO_ALL else label
        return f"@{known.removeprefix('@')}" if known else name[0]
    return f"{kind}{label}" if label else name[0]


def emoji_of(blocks: object) -> dict[str, str]:
    """Find a message's emoji in its blocks, by the names that its text has in their place."""
    found, waiting = dict[str, str](), [blocks]
    while waiting:
        match waiting.pop():
            case list(several):
                waiting += several
            case {"type": "emoji", "name": str(name), "unicode": str(points), **more} if _POINTS.fullmatch(
                points
            ):
                tone = f":skin-tone-{more['skin_tone']}:" if "skin_tone" in more else ""
                found[f":{name}:{tone}"] = "".join(chr(int(point, 16)) for point in points.split("-"))
            case {"elements": inner}:
                waiting.append(inner)
    return found
