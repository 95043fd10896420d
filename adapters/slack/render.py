"""From a reply to blocks: pure. Rich text is shown as it is, without escapes.

Limits: docs.slack.dev/reference/block-kit/blocks, …/block-elements; for all blocks of a message together
bolt-js#2509, #2867.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from adapters.slack.objects import JSON, LABEL, SIGNS, TEXT, VALUE, cut, fitting, plain_text
from bot.i18n import Translator
from bot.message import Button, Reply, Tone, plain

BLOCKS, ROW = 50, 6  # blocks of a message; buttons in a row, of the 25 there may be
MESSAGE = 12_000  # characters of a message's blocks together, as JSON
ADDRESS = 3000  # characters of an address
ALT = 950  # characters of an alternative text
FALLBACK = 3000  # characters of the text that notifications show

_STYLES = {Tone.MAIN: "primary", Tone.DANGER: "danger"}


def messages(
    reply: Reply, *, image_url: str = "", file: str = "", mark: str = "", t: Translator
) -> list[JSON]:
    """Lay a reply out as ``text`` and ``blocks``, in as many messages as it needs; buttons are in the last.

    ``image_url``, or the ``file`` that Slack keeps: the picture. ``mark`` names it, and comes back with a
    press.
    """
    blocks = list(_words(reply))
    if image_url or file:
        source: JSON = {"image_url": image_url} if image_url else {"slack_file": {"id": file}}
        told = alternative(Reply() if reply.secret else reply, t)
        blocks.append({"type": "image", **source, "alt_text": told})
    blocks += _buttons(reply, mark)
    said = alternative(reply, t) if reply.secret else plain(reply) or alternative(reply, t)
    text = fitting(said, FALLBACK)
    return [
        {"text": text, "blocks": part, "unfurl_links": False, "unfurl_media": False}
        for part in _shared_out(blocks)
    ]


def _shared_out(blocks: list[JSON]) -> Iterator[list[JSON]]:
    """Share blocks out over messages; always one at least."""
    part: list[JSON] = []
    room = MESSAGE
    for block in blocks:
        length = len(json.dumps(block, ensure_ascii=False))
        if part and (length > room or len(part) == BLOCKS):
            yield part
            part, room = [], MESSAGE
        part.append(block)
        room -= length
    yield part


def alternative(reply: Reply, t: Translator) -> str:
    """Say in words what a picture shows."""
    return t("QR code: {title}", title=cut(reply.title, ALT)) if reply.title else t("QR code")


# --- words --------------------------------------------------------------------------------------------------


def _words(reply: Reply) -> Iterator[JSON]:
    """Write title, body, fields and texts to copy, in as many blocks as they need."""
    pieces: list[JSON] = []
    if reply.title:
        pieces.append(_text(reply.title + "\n", bold=True))
    if reply.body:
        pieces.append(_text(reply.body + "\n"))
    for entry in reply.fields:
        pieces += [_text(f"{entry.label}: ", bold=True), _text(entry.value + "\n")]
    for part in _parts(pieces):
        yield _rich("rich_text_section", part)
    for button in (button for row in reply.buttons for button in row if button.copy):
        for part in _parts([_text(button.copy)]):
            yield _rich("rich_text_preformatted", part)


def _text(text: str, *, bold: bool = False) -> JSON:
    """Write a text as it is, and a sign for each character that has none."""
    return {"type": "text", "text": text.translate(SIGNS), **({"style": {"bold": True}} if bold else {})}


def _rich(kind: str, elements: list[JSON]) -> JSON:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": elements}]}


def _parts(pieces: list[JSON]) -> Iterator[list[JSON]]:
    """Share texts out over blocks of ``TEXT`` characters; what is longer is split, never cut."""
    part: list[JSON] = []
    room = TEXT
    for piece in pieces:
        text = piece["text"]
        while text:
            part.append({**piece, "text": text[:room]})
            text, room = text[room:], room - len(text[:room])
            if room == 0:
                yield part
                part, room = [], TEXT
    if part:
        yield part


# --- buttons ------------------------------------------------------------------------------------------------


def _buttons(reply: Reply, mark: str) -> Iterator[JSON]:
    """Lay the rows out; a block's id holds the picture's mark, an action's id its place."""
    shown = [[button for button in row if button.line or button.url] for row in reply.buttons]
    for number, row in enumerate(row for row in shown if row):
        for start in range(0, len(row), ROW):
            elements = [
                _button(button, f"{number}-{start + place}")
                for place, button in enumerate(row[start : start + ROW])
            ]
            yield {"type": "actions", "block_id": f"{number}-{start}|{mark}", "elements": elements}


def _button(button: Button, place: str) -> JSON:
    if len(button.line) > VALUE or len(button.url) > ADDRESS:
        raise ValueError(f"Slack cannot carry the button “{button.label}”")
    made: JSON = {"type": "button", "action_id": place, "text": plain_text(button.label, LABEL)}
    made |= {"url": button.url} if button.url else {"value": button.line}
    return made | ({"style": _STYLES[button.tone]} if button.tone in _STYLES else {})
