"""Answers to button presses and inline queries.

Rules: core.telegram.org/bots/api#answercallbackquery, #answerinlinequery. A press can be answered for 150
seconds and once, an inline query for 30 seconds; later answers are refused with the same words as unknown
ids.
"""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.ledger import Call, Part
from tests.fakes.outside import fetch
from tests.fakes.telegram import markup, media
from tests.fakes.telegram.sending import flag, number
from tests.fakes.telegram.text import CAPTION, TEXT, Unparsable, formatted
from tests.fakes.telegram.things import Media, Refused
from tests.fakes.telegram.updates import LIFETIME
from tests.fakes.telegram.world import World

TOAST = 200  # characters
RESULTS, RESULT_ID, OFFSET = 50, 64, 64  # results; bytes; bytes
PHOTO = 5_000_000  # bytes of a JPEG that an inline result names by address
LATE = "query is too old and response timeout expired or query ID is invalid"


def answer_callback_query(tg: World, call: Call) -> bool:
    """Answer answerCallbackQuery: a toast or an alert of up to 200 characters."""
    pressed = tg.pressed.get(call.fields.get("callback_query_id", ""))
    text = call.fields.get("text", "")
    if pressed is None or pressed.answer is not None:
        raise Refused(LATE)
    if tg.now() - pressed.at > LIFETIME["callback_query"]:
        raise Refused(LATE)
    if len(text) > TOAST:
        raise Refused("MESSAGE_TOO_LONG")
    url = call.fields.get("url", "")
    if url and not url.startswith(("https://t.me/", "tg://")):
        raise Refused("URL_INVALID")
    pressed.answer = {"text": text, "show_alert": flag(call.fields.get("show_alert")), "url": url}
    return True


async def answer_inline_query(tg: World, call: Call) -> bool:
    """Answer answerInlineQuery: up to 50 results, each held to its own rules."""
    results = call.fields.get("results")
    if not isinstance(results, list):
        raise Refused("expected an Array of inline query results")
    if len(results) > RESULTS:
        raise Refused("too many inline query results specified")
    if len(call.fields.get("next_offset", "").encode()) > OFFSET:
        raise Refused("NEXT_OFFSET_INVALID")
    _button(call.fields.get("button"))
    seen: set[str] = set()
    fetched: dict[str, Media] = {}
    for result in results:
        await _checked(tg, result, seen, fetched)
    asked = tg.asked.get(call.fields.get("inline_query_id", ""))
    if asked is None or asked.results is not None or tg.now() - asked.at > LIFETIME["inline_query"]:
        raise Refused(LATE)
    asked.results, asked.fetched = results, fetched
    asked.answer = {
        "cache_time": number(call.fields.get("cache_time"), 300),
        "is_personal": flag(call.fields.get("is_personal")),
        "next_offset": call.fields.get("next_offset", ""),
        "button": call.fields.get("button"),
    }
    return True


def _button(button: Any) -> None:
    """Hold the button above the results to its rules (#inlinequeryresultsbutton): a text, one action."""
    if button in (None, ""):
        return
    if not isinstance(button, dict) or not button.get("text"):
        raise Refused("can't parse inline query results button: Text must be non-empty")
    if ("web_app" in button) == ("start_parameter" in button):
        raise Refused("can't parse inline query results button: exactly one action is expected")
    start = button.get("start_parameter", "a")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", start):
        raise Refused("START_PARAM_INVALID")


async def _checked(tg: World, result: Any, seen: set[str], fetched: dict[str, Media]) -> None:
    if not isinstance(result, dict):
        raise Refused("can't parse inline query result: Inline query result must be an object")
    name = result.get("id", "")
    if not 1 <= len(str(name).encode()) <= RESULT_ID:
        raise Refused("RESULT_ID_INVALID")
    if name in seen:
        raise Refused("RESULT_ID_DUPLICATE")
    seen.add(name)
    try:
        markup.keyboard(result.get("reply_markup"))
        formatted(
            result.get("caption", ""), result.get("parse_mode", ""), result.get("caption_entities") or []
        )
    except (markup.Unmarkable, Unparsable) as wrong:
        raise Refused(str(wrong)) from None
    if len(result.get("caption", "")) > CAPTION:
        raise Refused("message caption is too long")
    kind = result.get("type")
    if kind == "article":
        _article(result)
    elif kind in ("photo", "document"):
        await _file(tg, kind, result, fetched)
    else:
        raise Refused(
            f'can\'t parse inline query result: type "{kind}" is unsupported for the inline query result'
        )


def _article(result: dict[str, Any]) -> None:
    content = result.get("input_message_content")
    if not result.get("title") or not isinstance(content, dict):
        raise Refused("can't parse inline query result: Input message content is not specified")
    try:
        text, _ = formatted(
            content.get("message_text", ""), content.get("parse_mode", ""), content.get("entities") or []
        )
    except Unparsable as wrong:
        raise Refused(str(wrong)) from None
    if not 1 <= len(text) <= TEXT:
        raise Refused("message text is empty" if not text else "message is too long")


async def _file(tg: World, kind: str, result: dict[str, Any], fetched: dict[str, Media]) -> None:
    """Hold a photo or document result to its rules: a known file_id, or an address that gives a JPEG."""
    if file_id := result.get(f"{kind}_file_id"):
        stored = tg.files.get(file_id)
        if stored is None or stored.kind.lower() != kind or stored.media is None:
            raise Refused(f"{kind.upper()}_INVALID")
        fetched[result["id"]] = stored.media
        return
    if kind == "document":
        if not result.get("title") or result.get("mime_type") not in ("application/pdf", "application/zip"):
            raise Refused("DOCUMENT_INVALID")  # by address: PDF and ZIP alone
    elif not result.get("thumbnail_url"):
        raise Refused("can't parse inline query result: Can't find field \"thumbnail_url\"")
    answer = await fetch(str(result.get(f"{kind}_url", "")), tg.public)
    if answer is None or answer.status != 200 or len(answer.data) > PHOTO:
        raise Refused("WEBPAGE_CURL_FAILED")
    if kind == "photo" and answer.media_type != "image/jpeg":
        raise Refused("PHOTO_CONTENT_TYPE_INVALID")  # "photo must be in JPEG format"
    fetched[result["id"]] = (
        media.photo(tg, answer.data)
        if kind == "photo"
        else media.document(tg, Part("file", answer.data, answer.media_type))
    )
