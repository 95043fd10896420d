"""From a reply to blocks, and from a form to a view: pure. Rich text is shown as it is, without escapes.

Limits: docs.slack.dev/reference/block-kit/blocks, …/block-elements, …/views/modal-views; for all blocks of a
message together bolt-js#2509, #2867.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from bot.face import Address
from bot.i18n import Translator, capital
from bot.message import Button, Entry, Form, Question, Reply, Tone, plain

TEXT = 3000  # characters of one block, and of a field's content
BLOCKS, ROW = 50, 6  # blocks of a message; buttons in a row, of the 25 there may be
MESSAGE = 12_000  # characters of a message's blocks together, as JSON
LABEL, VALUE, ADDRESS = 75, 2000, 3000  # characters of a button's text and value, and of an address
ALT, HINT = 950, 2000  # characters of an alternative text; of a label and of what stands below a field
TITLE, OPTION, OPTIONS = 24, 75, 100
FALLBACK = 3000  # characters of the text that notifications show

_SIGNS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {127: 0x2421}
_STYLES = {Tone.MAIN: "primary", Tone.DANGER: "danger"}

JSON = dict[str, Any]


def escaped(text: str) -> str:
    """Write a text so that Slack takes no part of it for a mention, a link or a command."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def messages(reply: Reply, *, image_url: str = "", mark: str = "", t: Translator) -> list[JSON]:
    """Lay a reply out as ``text`` and ``blocks``, in as many messages as it needs; buttons are in the last.

    ``mark`` names the picture and comes back with a press.
    """
    blocks = list(_words(reply))
    if image_url:
        blocks.append({"type": "image", "image_url": image_url, "alt_text": alternative(reply, t)})
    blocks += _buttons(reply, mark)
    said = alternative(reply, t) if reply.secret else plain(reply) or alternative(reply, t)
    text = _fitting(said, FALLBACK)
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
    return t("QR code: {title}", title=_cut(reply.title, ALT)) if reply.title else t("QR code")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _fitting(text: str, most: int) -> str:
    """Escape a text, and cut it where it then has too many characters, between two of its own."""
    text = text.translate(_SIGNS)
    if len(escaped(text)) <= most:
        return escaped(text)
    lengths = accumulate(len(escaped(character)) for character in text)
    kept = sum(1 for length in lengths if length < most)
    return escaped(text[:kept]) + "…"


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
    return {"type": "text", "text": text.translate(_SIGNS), **({"style": {"bold": True}} if bold else {})}


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
    made: JSON = {"type": "button", "action_id": place, "text": _plain(button.label, LABEL)}
    made |= {"url": button.url} if button.url else {"value": button.line}
    return made | ({"style": _STYLES[button.tone]} if button.tone in _STYLES else {})


def _plain(text: str, most: int) -> JSON:
    """Write a text without markup; Slack takes none without a letter."""
    return {"type": "plain_text", "text": _fitting(text, most) if text.strip() else "…", "emoji": True}


# --- forms --------------------------------------------------------------------------------------------------


def opener(form: Form, t: Translator) -> Button:
    """Make the button that opens a form, with what was given already as far as a button can carry it."""
    line = f"/{form.command}"
    for question in form.questions:
        value = form.values.get(question.name, "")
        more = f' {question.name}="{value}"'
        if value and _carried(question, value) and len(line + more) <= VALUE:
            line += more
    return Button(t("Open the form"), line, tone=Tone.MAIN)


def _carried(question: Question, value: str) -> bool:
    """Tell whether a value may stand in a button: no secret, nothing that would end it or be escaped."""
    return question.entry is not Entry.SECRET and not set(value) & set('"“”„«»&<>')


def view(form: Form, address: Address, t: Translator) -> JSON:
    """Lay a form out as a modal; its metadata holds the command, and where the answer goes."""
    kept = {key: value for key, value in address.items() if key not in ("picture", "message")}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": _plain(f"/qr {form.command}", TITLE),
        "submit": _plain(t("Send"), TITLE),
        "close": _plain(t("Cancel"), TITLE),
        "private_metadata": json.dumps({"command": form.command, "address": kept}),
        "blocks": [
            {"type": "section", "text": _plain(form.title, TEXT)},
            *(_input(question, form.values, t) for question in form.questions),
        ],
    }


def _input(question: Question, values: Mapping[str, str], t: Translator) -> JSON:
    value = values.get(question.name, question.default)
    hint = question.error
    if len(value) > TEXT:  # cut, it would be another value
        value, hint = "", hint or t("What you said is too long for a form: {most} characters fit.", most=TEXT)
    block: JSON = {
        "type": "input",
        "block_id": question.name,
        "optional": not question.required,
        "label": _plain(capital(question.label), HINT),
        "element": _element(question, value),
    }
    return block | ({"hint": _plain(hint, HINT)} if hint else {})


def _element(question: Question, value: str) -> JSON:
    if question.choices:
        return _select(question.choices, value)
    long = question.entry is Entry.LONG
    element: JSON = {"type": "plain_text_input", "action_id": "value", "multiline": long}
    return element | ({"initial_value": value} if value else {})


def _select(choices: tuple[tuple[str, str], ...], value: str) -> JSON:
    options = [{"text": _plain(label, OPTION), "value": choice} for choice, label in choices[:OPTIONS]]
    chosen = next((option for option in options if str(option["value"]).casefold() == value.casefold()), None)
    element: JSON = {"type": "static_select", "action_id": "value", "options": options}
    return element | ({"initial_option": chosen} if chosen else {})


def errors(form: Form) -> JSON:
    """Answer a submission with what is wrong, at the fields; all else at the first."""
    first = form.questions[0].name
    wrong = {question.name: question.error for question in form.questions if question.error}
    return {"response_action": "errors", "errors": wrong or {first: form.title}}
