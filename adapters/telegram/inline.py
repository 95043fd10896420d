"""Inline mode, the pure part: queries and choices into requests, offers into results.

Limits: core.telegram.org/bots/api#answerinlinequery, #inlinequeryresult. A result needs a keyboard for
Telegram to say, once it was chosen, by which id its message can be edited.
"""

from __future__ import annotations

from typing import Any

from telegram import (
    ChosenInlineResult,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQuery,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InlineQueryResultPhoto,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    User,
)

from adapters.telegram.links import KNOCK, deep_link
from bot.commands.inline import CHOSEN, HINT, INLINE
from bot.i18n import Translator
from bot.message import Actor, Button, Reply, Request, Space
from bot.offers import Offer
from bot.qr.picture import Picture

CACHED = 5  # seconds that Telegram may answer for us; results are personal
RESULTS = 50
TITLE = 100  # characters; clients show about forty


def asked(query: InlineQuery, *, kept: bool) -> Request:
    """Read an inline query; ``kept``: its pictures are fetched later, by their addresses.

    It has no id, since nothing of it has to happen once.
    """
    offset = query.offset if query.offset.isdecimal() else "0"
    values = {"query": query.query, "start": offset} | ({"kept": "yes"} if kept else {})
    return _request("", query.from_user, INLINE, values, answered=True)


def chose(result: ChosenInlineResult, given: str) -> Request | None:
    """Read what somebody chose; None for a hint. With an id of its message, that waits for its picture."""
    if result.result_id == HINT:
        return None
    values, place = {"result": result.result_id, "query": result.query}, {}
    if result.inline_message_id:
        values["empty"], place = "yes", {"inline": result.inline_message_id}
    return _request(given, result.from_user, CHOSEN, values, place)


def _request(
    id: str,
    user: User,
    command: str,
    values: dict[str, str],
    place: dict[str, str] | None = None,
    *,
    answered: bool = False,
) -> Request:
    """Let somebody say it as if in their private chat, pressed: what is asked there stays open."""
    return Request(
        id=id,
        actor=Actor("telegram", str(user.id), user.full_name, user.language_code or ""),
        space=Space("telegram", str(user.id)),
        command=command,
        values=values,
        pressed=True,
        answered=answered,
        admin=True,
        address={"chat": user.id, "user": user.id, "private": 1, **(place or {})},
    )


# --- results ------------------------------------------------------------------------------------------------


def offers_of(reply: Reply) -> tuple[Offer, ...]:
    """List what to show; a sentence that is no offer becomes one."""
    said = reply.body or reply.title
    return reply.offers[:RESULTS] or ((Offer(HINT, said, words=said),) if said else ())


def answer(reply: Reply, results: list[InlineQueryResult]) -> dict[str, Any]:
    """Lay out what answerInlineQuery takes besides the query's id."""
    buttons = [_button(button) for row in reply.buttons for button in row]
    return {
        "results": results,
        "cache_time": CACHED,
        "is_personal": True,
        "next_offset": reply.more,
        "button": buttons[0] if buttons else None,
    }


def _button(button: Button) -> InlineQueryResultsButton:
    """Make a button that opens the private chat, where its line is said; a hello needs no more than that."""
    word = button.line.removeprefix("/")
    return InlineQueryResultsButton(button.label, start_parameter=KNOCK if word == "start" else word)


def by_address(offer: Offer, full: str, small: str) -> InlineQueryResult:
    """Show a picture that Telegram fetches."""
    return InlineQueryResultPhoto(
        offer.id,
        full,
        small,
        photo_width=offer.width,
        photo_height=offer.height,
        title=offer.title[:TITLE],
        description=offer.about or None,
        caption=caption(offer.picture) or None,
    )


def by_file(offer: Offer, file_id: str) -> InlineQueryResult:
    """Show a picture that Telegram has."""
    return InlineQueryResultCachedPhoto(
        offer.id,
        file_id,
        title=offer.title[:TITLE],
        description=offer.about or None,
        caption=caption(offer.picture) or None,
    )


def by_words(offer: Offer, language: str, bot_name: str) -> InlineQueryResult:
    """Show words: a hint, or what stands in a chat until its picture is there."""
    words, keyboard = offer.words or offer.title, None
    if offer.picture is not None:
        words = f"{words}\n{Translator(language)('The picture comes in a moment.')}"
        keyboard = opening(language, bot_name)
    content = InputTextMessageContent(words, link_preview_options=LinkPreviewOptions(is_disabled=True))
    return InlineQueryResultArticle(
        offer.id, offer.title[:TITLE], content, keyboard, description=offer.about or None
    )


def opening(language: str, bot_name: str) -> InlineKeyboardMarkup:
    """Make the button that opens the private chat."""
    label = Translator(language)("Open our chat")
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=deep_link(bot_name, KNOCK))]])


def caption(picture: Picture | None) -> str:
    """Write below a picture what can be followed: whoever sees it on their phone cannot scan it there."""
    return picture.payload.text if picture is not None and picture.payload.kind == "url" else ""
