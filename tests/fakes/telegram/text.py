"""Text as Telegram's servers treat it: cleaned, measured in UTF-16, its entities found or parsed from HTML.

Rules: core.telegram.org/bots/api#formatting-options, #messageentity, and tdlib's MessageEntity.cpp.
Markdown is not read: it is refused, as the bot sends HTML or entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.fakes.ledger import JSON

TEXT, CAPTION = (
    4096,
    1024,
)  # characters, after entities were taken out (core.telegram.org/bots/api#sendmessage)

_DROPPED = "\r" + "".join(map(chr, range(0x2028, 0x202F))) + "\u0333\u033f\u030a"
_CLEAN = str.maketrans(
    {chr(c): " " for c in range(32) if c not in (10, 13)} | dict.fromkeys(_DROPPED)  # tdlib: misc.cpp
)

# In the order in which they win where they overlap. Only the top-level domains below make a bare name a link;
# Telegram knows them all.
_FOUND: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("url", re.compile(r"(?i)\b(?:https?|ftp)://[^\s<>\"]*[^\s<>\".,:;!?')\]]")),
    ("email", re.compile(r"\b[\w.+-]{1,26}@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,8}\b")),
    (
        "url",
        re.compile(
            r"(?i)(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|app|me|info|example|de|uk|eu|ru)"
            r"(?![\w-]|\.[a-z])(?:/[^\s<>\"]*[^\s<>\".,:;!?')\]]|/)?"
        ),
    ),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>])")),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z0-9_]{3,32}(?!\w)")),
    ("hashtag", re.compile(r"(?<![\w&#])#(?=\w*[^\W\d])\w{1,256}(?![\w#])")),
)

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_ENTITIES = {*_TAGS.values(), *(kind for kind, _ in _FOUND), "text_mention", "cashtag", "phone_number"}
_ENTITIES |= {"expandable_blockquote"}

_ATTRIBUTE = r"""[^\s=>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9.-]+(?=[\s>])))?"""
_START = re.compile(rf"<([^\s>]*)((?:\s+{_ATTRIBUTE})*)\s*>")
_END = re.compile(r"</([^\s>]*)\s*>")
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


class Unparsable(ValueError):
    """The markup is not what Telegram reads; the message is Telegram's, without its "Bad Request: "."""


def utf16(text: str) -> int:
    """Count UTF-16 code units, in which entities are measured."""
    return len(text.encode("utf-16-le")) // 2


def cleaned(text: str) -> str:
    """Drop or replace what never reaches a message: control characters, tabs, separators, outer space."""
    return text.translate(_CLEAN).strip()


def found(text: str) -> list[JSON]:
    """Find commands, mentions, links, addresses and hashtags in what a person wrote, as a client does."""
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            if all(match.end() <= start or match.start() >= end for start, end, _ in taken):
                taken.append((match.start(), match.end(), kind))
    return [
        {"type": kind, "offset": utf16(text[:start]), "length": utf16(text[start:end])}
        for start, end, kind in sorted(taken)
    ]


def formatted(text: str, parse_mode: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Take the markup out of a bot's text; gives the text that people see and its entities.

    Raises Unparsable.
    """
    if text and parse_mode.lower() == "html":
        text, entities = parsed(text)
    elif text and parse_mode:
        raise Unparsable("unsupported parse_mode")  # Markdown too: this fake reads HTML alone
    end = utf16(text)
    for entity in entities:
        if entity.get("type") not in _ENTITIES:
            raise Unparsable("can't parse MessageEntity: unsupported type specified")
        start, length = entity.get("offset", -1), entity.get("length", 0)
        if start < 0 or length < 1 or start + length > end:
            raise Unparsable("ENTITY_BOUNDS_INVALID")
    return _trimmed(text.translate(_CLEAN), entities)


def _trimmed(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Take outer white space off, and shift and cut the entities to what is left."""
    lead, text = utf16(text) - utf16(text.lstrip()), text.strip()
    left = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, utf16(text))
        if end > start:
            left.append(entity | {"offset": start, "length": end - start})
    return text, sorted(left, key=lambda e: (e["offset"], -e["length"]))


def parsed(html: str) -> tuple[str, list[JSON]]:
    """Read Telegram's HTML: its few tags, four named references, everything closed in order.

    Raises Unparsable with tdlib's own words (parse_html in MessageEntity.cpp).
    """
    out: list[str] = []
    entities: list[JSON] = []
    opened: list[tuple[str, JSON, int]] = []
    for token, position in _tokens(html):
        if not isinstance(token, re.Match):
            out.append(token)
        elif token.re is _START:
            opened.append(_opening(token, position, utf16("".join(out))))
        else:
            about, start = _closing(token, position, opened)
            length = utf16("".join(out)) - start
            if length and about:
                entities.append({**about, "offset": start, "length": length})
    if opened:
        raise Unparsable(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{opened[-1][0]}\""
        )
    return "".join(out), _merged(entities)


def _tokens(html: str) -> Iterator[tuple[str | re.Match[str], int]]:
    """Walk through text, references and tags; positions are byte offsets, as in Telegram's messages."""
    at = 0
    while at < len(html):
        position = len(html[:at].encode())
        if html[at] == "<":
            closing = html.startswith("</", at)
            match = (_END if closing else _START).match(html, at)
            if match is None:
                raise Unparsable(f"can't parse entities: {_unclosed(html[at:], position)}")
            yield match, position
            at = match.end()
        elif match := _REFERENCE.match(html, at):
            code = int(match[1], 16) if match[1] else int(match[2] or 0)
            yield (_NAMED[match[3]] if match[3] else chr(code) if 0 < code < 0x10FFFF else match[0]), position
            at = match.end()
        else:
            yield html[at], position
            at += 1


def _unclosed(rest: str, position: int) -> str:
    """Tell what is wrong with a tag that does not end; an unknown name is found out first."""
    if rest.startswith("</"):
        return f"Unclosed end tag at byte offset {position}"
    name = re.split(r"[\s>]", rest[1:], maxsplit=1)[0].lower()
    if len(name) + 1 < len(rest) and name not in _TAGS:
        return f'Unsupported start tag "{name}" at byte offset {position}'
    return f"Unclosed start tag at byte offset {position}"


def _opening(token: re.Match[str], position: int, offset: int) -> tuple[str, JSON, int]:
    tag = token[1].lower()
    if tag not in _TAGS:
        raise Unparsable(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {position}')
    pairs = re.findall(r"""([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)))?""", token[2])
    given = {name: _unescaped(double or single or bare) for name, double, single, bare in pairs}
    about: JSON = {"type": _TAGS[tag]}
    if tag == "span" and given.get("class") != "tg-spoiler":
        raise Unparsable(
            f'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset {position}'
        )
    if tag == "a":
        about = _link(given.get("href", ""))
    elif tag == "code" and given.get("class", "").startswith("language-"):
        about["language"] = given["class"].removeprefix("language-")
    elif tag == "blockquote" and "expandable" in given:
        about["type"] = "expandable_blockquote"
    return tag, about, offset


def _link(address: str) -> JSON:
    """Tell what a link becomes: nothing where Telegram drops it silently (a host without a dot)."""
    if re.fullmatch(r"(?i)tg:(//)?\S+|https?://[^\s/]*\.[^\s]+|[\w-]+(\.[\w-]+)+\S*", address):
        return {"type": "text_link", "url": address}
    return {}


def _unescaped(value: str) -> str:
    return _REFERENCE.sub(lambda m: _NAMED.get(m[3] or "", m[0]), value)


def _closing(token: re.Match[str], position: int, opened: list[tuple[str, JSON, int]]) -> tuple[JSON, int]:
    if not opened:
        raise Unparsable(f"can't parse entities: Unexpected end tag at byte offset {position}")
    tag, name = opened[-1][0], token[1].lower()
    if name and name != tag:
        raise Unparsable(
            f"can't parse entities: Unmatched end tag at byte offset {position}, "
            f'expected "</{tag}>", found "</{name}>"'
        )
    return opened.pop()[1:]


def _merged(entities: list[JSON]) -> list[JSON]:
    """Make one entity of a ``code`` that names a language inside a ``pre`` of the same extent."""
    kept: list[JSON] = []
    for entity in entities:
        last = kept[-1] if kept else {}
        same = (last.get("offset"), last.get("length")) == (entity["offset"], entity["length"])
        if same and {last.get("type"), entity["type"]} == {"code", "pre"} and "language" in last:
            kept[-1] = last | {"type": "pre"}
        else:
            kept.append(entity)
    return kept
