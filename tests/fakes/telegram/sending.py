"""Sending, editing and deleting messages.

Rules: core.telegram.org/bots/api#available-methods and #updating-messages; words of the errors from tdlib.
"""

from __future__ import annotations

from typing import Any

from tests.fakes.ledger import JSON, Call
from tests.fakes.telegram import markup, media
from tests.fakes.telegram.text import CAPTION, TEXT, Unparsable, formatted
from tests.fakes.telegram.things import Chat, Media, Message, Refused
from tests.fakes.telegram.world import World

ALBUM = (2, 10)  # items
DELETABLE = 48 * 3600  # seconds
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def flag(value: Any) -> bool:
    """Read a boolean as the server does: "true", "yes" and "1" in any case."""
    return str(value or "").lower() in ("true", "yes", "1")


def number(value: Any, default: int = 0) -> int:
    """Read an integer; what is none counts as not given, as on the server."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return default


# --- contents -----------------------------------------------------------------------------------------------


def _text(fields: JSON) -> JSON:
    text, entities = _formatted(fields, "text", "entities")
    if not text:
        raise Refused("message text is empty")
    if len(text) > TEXT:
        raise Refused("message is too long")
    return {"text": text, "entities": entities}


def _caption(fields: JSON) -> JSON:
    caption, entities = _formatted(fields, "caption", "caption_entities")
    if len(caption) > CAPTION:
        raise Refused("message caption is too long")
    return {"caption": caption, "entities": entities}


def _formatted(fields: JSON, name: str, entities: str) -> tuple[str, list[JSON]]:
    try:
        return formatted(fields.get(name, ""), fields.get("parse_mode", ""), fields.get(entities) or [])
    except Unparsable as wrong:
        raise Refused(str(wrong)) from None


def _keyboard(fields: JSON) -> list[list[JSON]]:
    try:
        return markup.keyboard(fields.get("reply_markup")) or []
    except markup.Unmarkable as wrong:
        raise Refused(str(wrong)) from None


def _inline(fields: JSON) -> list[list[JSON]]:
    """Take the keyboard of an edited message: an inline one or none (tdlib: "Inline keyboard expected")."""
    markup_ = fields.get("reply_markup")
    if isinstance(markup_, dict) and markup_ and "inline_keyboard" not in markup_:
        raise Refused("inline keyboard expected")
    return _keyboard(fields)


# --- sending ------------------------------------------------------------------------------------------------


def _place(tg: World, call: Call) -> tuple[Chat, JSON]:
    """Find the chat, the topic and the message to answer that a send names."""
    chat = tg.writable(call.fields.get("chat_id"))
    extra: JSON = {}
    if thread := number(call.fields.get("message_thread_id")):
        if thread not in chat.threads:
            raise Refused("message thread not found")
        extra |= {"message_thread_id": thread, "is_topic_message": True}
    return chat, {"reply_to": _answered(tg, call, chat), "extra": extra}


def _answered(tg: World, call: Call, chat: Chat) -> Message | None:
    given = call.fields.get("reply_parameters")
    if not isinstance(given, dict):
        given = {
            "message_id": call.fields.get("reply_to_message_id"),
            "allow_sending_without_reply": flag(call.fields.get("allow_sending_without_reply")),
        }
    message_id = number(given.get("message_id"))
    where = tg.chat(given["chat_id"]) if given.get("chat_id") else chat
    found = where.messages.get(message_id)
    if message_id and found is None and not given.get("allow_sending_without_reply"):
        raise Refused("message to be replied not found")
    return found


def send_message(tg: World, call: Call) -> JSON:
    """Answer sendMessage."""
    content = _text(call.fields)
    keyboard = _keyboard(call.fields)
    chat, where = _place(tg, call)
    return tg.post(chat, None, keyboard=keyboard, **content, **where).as_json(tg.bot)


def _send_media(tg: World, call: Call, kind: str) -> JSON:
    content = _caption(call.fields)
    keyboard = _keyboard(call.fields)
    chat, where = _place(tg, call)
    sent = media.taken(tg, call, kind, call.fields.get(kind))
    return tg.post(chat, None, media=sent, keyboard=keyboard, **content, **where).as_json(tg.bot)


def send_photo(tg: World, call: Call) -> JSON:
    """Answer sendPhoto."""
    return _send_media(tg, call, "photo")


def send_document(tg: World, call: Call) -> JSON:
    """Answer sendDocument."""
    return _send_media(tg, call, "document")


def _input_media(tg: World, call: Call, item: Any) -> tuple[Media, JSON]:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise Refused("can't parse InputMedia: type of the media is unsupported here")
    return media.taken(tg, call, item["type"], item.get("media")), _caption(item)


def send_media_group(tg: World, call: Call) -> list[JSON]:
    """Answer sendMediaGroup: 2 to 10 photos, or as many documents, never mixed, no buttons."""
    items = call.fields.get("media")
    if not isinstance(items, list):
        raise Refused("can't parse media JSON object")
    if not ALBUM[0] <= len(items) <= ALBUM[1]:
        raise Refused("wrong number of messages in the album")
    taken = [_input_media(tg, call, item) for item in items]
    if len({sent.kind for sent, _ in taken}) > 1:
        raise Refused("can't use the media of the specified type in the album")
    chat, where = _place(tg, call)
    where["extra"] |= {"media_group_id": str(13_000_000_000_000_000 + tg.next_id())}
    return [tg.post(chat, None, media=sent, **content, **where).as_json(tg.bot) for sent, content in taken]


def send_chat_action(tg: World, call: Call) -> bool:
    """Answer sendChatAction."""
    if call.fields.get("action") not in ACTIONS:
        raise Refused("wrong parameter action in request")
    tg.writable(call.fields.get("chat_id"))
    return True


# --- changing -----------------------------------------------------------------------------------------------


def _own(tg: World, call: Call) -> Message:
    """Find the message to edit: there, and the bot's."""
    if name := call.fields.get("inline_message_id"):
        if name not in tg.inline:
            raise Refused("MESSAGE_ID_INVALID")
        return tg.inline[name]
    chat = tg.writable(call.fields.get("chat_id"))
    message = chat.messages.get(number(call.fields.get("message_id")))
    if message is None:
        raise Refused("message to edit not found")
    if not message.own:
        raise Refused("message can't be edited")
    return message


def _changed(tg: World, message: Message, **content: Any) -> JSON | bool:
    """Put new content in place; refuses what changes nothing. Of an inline message the bot sees nothing."""
    if all(getattr(message, name) == value for name, value in content.items()):
        raise Refused(NOT_MODIFIED)
    for name, value in content.items():
        setattr(message, name, value)
    message.edited = int(tg.now())
    return message.as_json(tg.bot) if message.own else True


def edit_message_text(tg: World, call: Call) -> JSON | bool:
    """Answer editMessageText; a keyboard that is not given again goes."""
    content, keyboard = _text(call.fields), _inline(call.fields)
    message = _own(tg, call)
    if message.media is not None:
        raise Refused("there is no text in the message to edit")
    return _changed(tg, message, keyboard=keyboard, **content)


def edit_message_caption(tg: World, call: Call) -> JSON | bool:
    """Answer editMessageCaption; an empty caption takes it away."""
    content, keyboard = _caption(call.fields), _inline(call.fields)
    message = _own(tg, call)
    if message.media is None:
        raise Refused("there is no caption in the message to edit")
    return _changed(tg, message, keyboard=keyboard, **content)


def edit_message_reply_markup(tg: World, call: Call) -> JSON | bool:
    """Answer editMessageReplyMarkup."""
    keyboard = _inline(call.fields)
    return _changed(tg, _own(tg, call), keyboard=keyboard)


def edit_message_media(tg: World, call: Call) -> JSON | bool:
    """Answer editMessageMedia; only in an inline message can a text become a picture by it here.

    An inline message takes a file_id or an address, never an upload: edit_inline_message_media in tdlib's
    InlineMessageManager.cpp.
    """
    keyboard = _inline(call.fields)
    message = _own(tg, call)
    inline, given = bool(call.fields.get("inline_message_id")), call.fields.get("media")
    if inline and isinstance(given, dict) and str(given.get("media", "")).startswith("attach://"):
        raise Refused("invalid message content specified")
    if message.media is None and not inline:
        raise Refused("message can't be edited")
    sent, content = _input_media(tg, call, given)
    message.text = ""
    if "media_group_id" in message.extra and message.media and sent.kind != message.media.kind:
        raise Refused("can't use the media of the specified type in the album")
    return _changed(tg, message, media=sent, keyboard=keyboard, **content)


def delete_message(tg: World, call: Call) -> bool:
    """Answer deleteMessage: its own within 48 hours; others' in private chats, or as an admin who may.

    core.telegram.org/bots/api#deletemessage: can_delete_messages.
    """
    chat = tg.writable(call.fields.get("chat_id"))
    message = chat.messages.get(number(call.fields.get("message_id")))
    if message is None:
        raise Refused("message to delete not found")
    permitted = message.own or chat.type == "private" or (chat.bot == "administrator" and chat.deletes)
    if not permitted or tg.now() - message.date > DELETABLE:
        raise Refused("message can't be deleted")
    del chat.messages[message.id]
    return True
