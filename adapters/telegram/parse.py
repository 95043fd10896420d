"""From a Telegram update to a request: pure. Files stay references; nothing is fetched or sent here."""

from __future__ import annotations

import re

from telegram import CallbackQuery, Chat, Contact, Location, Message, Update, User

from bot.message import Actor, Asking, Request, Space, SpaceKind, Upload, readable
from bot.qr.payloads import KINDS
from bot.qr.payloads.kind import told

KNOCK = "hello"  # the deep link that only opens the chat: t.me/<bot>?start=hello

_KINDS = {"private": SpaceKind.PRIVATE, "group": SpaceKind.GROUP, "supergroup": SpaceKind.GROUP}
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?=\s|$)", re.ASCII)


def request_id(bot_name: str, update_id: int) -> str:
    """Name an update of this bot's, the same each time Telegram repeats it."""
    return f"telegram:{bot_name}:{update_id}"


def parse(update: Update, bot_name: str) -> Request | None:
    """Read an update; None where it is nothing for us: edits, channel posts, a group's own talk, other kinds.

    ``bot_name``: the bot's username without the at sign.
    """
    given = request_id(bot_name, update.update_id)
    if update.callback_query is not None:
        return _pressed(update.callback_query, given)
    if update.message is not None:
        return _said(update.message, given, bot_name)
    return None


def _pressed(query: CallbackQuery, given: str) -> Request | None:
    message = query.message
    if message is None or not query.data:
        return None
    held = isinstance(message, Message) and bool(message.photo or message.document)
    pressed: dict[str, str | int] = {"message": message.message_id, "callback": query.id, "photo": int(held)}
    return Request(
        id=given,
        actor=_actor(query.from_user),
        space=_space(message.chat),
        text=query.data,
        pressed=True,
        asking=Asking.QUESTION,
        address=_address(message.chat, query.from_user) | _thread(message) | pressed,
    )


def _said(message: Message, given: str, bot_name: str) -> Request | None:
    sender = message.from_user
    if sender is None or message.is_automatic_forward or _by_a_bot(message, sender):
        return None
    text = _addressed(message, message.text or message.caption or "", bot_name)
    uploads = _uploads(message)
    if text is None or not (text or uploads or message.effective_attachment):
        return None
    answering: dict[str, str | int] = (
        {} if message.chat.type == Chat.PRIVATE else {"message": message.message_id}
    )
    command, values = _shared(message)
    return Request(
        id=given,
        actor=_actor(sender, message.sender_chat),
        space=_space(message.chat),
        text=text,
        command=command,
        values=values,
        uploads=uploads,
        asking=Asking.QUESTION,
        address=_address(message.chat, sender) | _thread(message) | answering | {"said": message.message_id},
    )


def _by_a_bot(message: Message, sender: User) -> bool:
    """Tell another bot's talk, and what came out of an inline query; anonymous admins look like a bot too."""
    return message.via_bot is not None or (sender.is_bot and message.sender_chat is None)


# --- text ---------------------------------------------------------------------------------------------------


def _addressed(message: Message, text: str, bot_name: str) -> str | None:
    """Give the text that is meant for us, without our name; None where it is not for us."""
    command = _COMMAND.match(text)
    if command is not None:
        return _folded(command, text, bot_name)
    if message.chat.type == Chat.PRIVATE:
        return text
    bare, mentions = re.subn(rf"(?<![\w@])@{bot_name}(?!\w)[ \t]*", "", text, count=1, flags=re.IGNORECASE)
    return bare.strip() if mentions or _answers(message, bot_name) else None


def _folded(command: re.Match[str], text: str, bot_name: str) -> str | None:
    word, named, rest = command[1], command[2], text[command.end() :]
    if named and named.lower() != bot_name.lower():
        return None
    return "/start" if (word.lower(), rest.strip()) == ("start", KNOCK) else f"/{word}{rest}"


def _answers(message: Message, bot_name: str) -> bool:
    answered = message.reply_to_message
    author = answered.from_user if answered is not None else None
    return author is not None and (author.username or "").lower() == bot_name.lower()


# --- contacts and places ------------------------------------------------------------------------------------


def _shared(message: Message) -> tuple[str, dict[str, str]]:
    """Read what was shared from the address book or the map: the command it stands for, and its values."""
    if message.contact is not None:
        return "contact", _contact(message.contact)
    if message.venue is not None:
        return "place", _place(message.venue.location) | {"label": message.venue.title}
    if message.location is not None:
        return "place", _place(message.location)
    return "", {}


def _contact(contact: Contact) -> dict[str, str]:
    """Take the card where there is one, else name and number; Telegram's numbers may lack their plus."""
    card = KINDS["contact"].read(contact.vcard or "")
    values = {entry.name: value for entry, value in told(card.content)} if card is not None else {}
    number = contact.phone_number
    phone = number if number.startswith("+") or not number.isdigit() else f"+{number}"
    named = {"first": contact.first_name, "last": contact.last_name or "", "phones": phone}
    return {name: value for name, value in named.items() if value} | values | {"format": "vcard3"}


def _place(location: Location) -> dict[str, str]:
    return {"latitude": f"{location.latitude:.6f}", "longitude": f"{location.longitude:.6f}"}


# --- files --------------------------------------------------------------------------------------------------


def _uploads(message: Message) -> tuple[Upload, ...]:
    if message.photo:
        size = max(message.photo, key=lambda photo: photo.width * photo.height)
        return (Upload(size.file_id, "photo.jpg", "image/jpeg", size.file_size or 0),)
    document = message.document
    if document is None:
        return ()
    name, media_type = document.file_name or "", document.mime_type or ""
    if not readable(name, media_type):
        return ()
    return (Upload(document.file_id, name, media_type, document.file_size or 0),)


# --- who and where ------------------------------------------------------------------------------------------


def _actor(user: User, instead: Chat | None = None) -> Actor:
    """Name who speaks; ``instead``: the chat in whose name, as all anonymous admins share one account."""
    if instead is not None:
        return Actor("telegram", str(instead.id), instead.title or "")
    return Actor("telegram", str(user.id), user.full_name, user.language_code or "")


def _space(chat: Chat) -> Space:
    kind = _KINDS.get(chat.type, SpaceKind.CHANNEL)
    return Space("telegram", str(chat.id), kind, chat.title or "")


def _address(chat: Chat, user: User) -> dict[str, str | int]:
    private = int(chat.type == Chat.PRIVATE)
    return {"chat": chat.id, "user": user.id, "private": private}


def _thread(message: object) -> dict[str, str | int]:
    """Name the topic; other supergroups number threads of replies, in which nothing can be sent."""
    topic = isinstance(message, Message) and message.is_topic_message
    return {"thread": message.message_thread_id or 0} if topic and isinstance(message, Message) else {}
