"""From a Telegram update to a request: pure. Files stay references; nothing is fetched or sent here."""

from __future__ import annotations

import re
from dataclasses import replace

from telegram import CallbackQuery, Chat, Message, Update, User

from adapters.telegram.content import answered, content_of
from adapters.telegram.inline import chose
from adapters.telegram.links import KNOCK
from bot.message import About, Actor, Asking, Request, Space, SpaceKind

CHANNEL_BOT = (
    136_817_688  # who speaks for channels, and to whom nobody can write (core.telegram.org/bots/api#message)
)

_KINDS = {"private": SpaceKind.PRIVATE, "group": SpaceKind.GROUP, "supergroup": SpaceKind.GROUP}
_COMMAND = re.compile(r"/(\w{1,64})(?:@(\w+))?(?=\s|$)", re.ASCII)


def request_id(bot_name: str, update_id: int) -> str:
    """Name an update of this bot's, the same each time Telegram repeats it."""
    return f"telegram:{bot_name}:{update_id}"


def parse(update: Update, bot_name: str) -> Request | None:
    """Read an update; None where it is nothing for us: a group's own talk, most posts, other kinds.

    Of messages that were changed the texts count: captions belong to files, which are read once, and what
    moves on a map would never come to rest.
    ``bot_name``: the bot's username without the at sign.
    """
    given = request_id(bot_name, update.update_id)
    if update.callback_query is not None:
        return _pressed(update.callback_query, given)
    if update.message is not None:
        return _said(update.message, given, bot_name)
    if update.channel_post is not None:
        return _posted(update.channel_post, given, bot_name)
    if update.edited_message is not None and update.edited_message.text:
        said = _said(update.edited_message, given, bot_name)
        return None if said is None else replace(said, edited=True)
    if update.chosen_inline_result is not None:
        return chose(update.chosen_inline_result, given)
    return None


def _pressed(query: CallbackQuery, given: str) -> Request | None:
    message = query.message
    if message is None or not query.data:
        return None
    held = isinstance(message, Message) and bool(message.photo or message.document)
    pressed: dict[str, str | int] = {"message": message.message_id, "callback": query.id, "photo": int(held)}
    asked = message.reply_to_message if isinstance(message, Message) else None
    if asked is not None and asked.from_user == query.from_user:
        pressed["asked"] = asked.message_id  # what the person said, which a forced reply goes by
    return Request(
        id=given,
        actor=_actor(query.from_user),
        space=_space(message.chat),
        text=query.data,
        pressed=True,
        asking=Asking.QUESTION,
        address=_address(message.chat, query.from_user) | _thread(message) | pressed,
        message=str(message.message_id),
    )


def _said(message: Message, given: str, bot_name: str) -> Request | None:
    sender = message.from_user
    if sender is None or message.is_automatic_forward or _by_a_bot(message, sender, bot_name):
        return None
    held, about = content_of(message), answered(message)
    text = _addressed(message, held.text, bot_name)
    if text is None or not (text or held.uploads or message.effective_attachment):
        return None
    if message.forward_origin is not None:
        text, held = _passed_on(text, held)
    answering: dict[str, str | int] = (
        {} if message.chat.type == Chat.PRIVATE else {"message": message.message_id}
    )
    return Request(
        id=given,
        actor=_actor(sender, message.sender_chat),
        space=_space(message.chat),
        text=text,
        command=held.command,
        values=held.values,
        uploads=held.uploads,
        links=held.links,
        about=about,
        album=message.media_group_id or "",
        asking=Asking.QUESTION,
        overheard=_overheard(message, message.text or message.caption or ""),
        address=_address(message.chat, sender) | _thread(message) | answering | {"said": message.message_id},
        message=str(message.message_id),
    )


def _posted(message: Message, given: str, bot_name: str) -> Request | None:
    """Read a channel's post: a command of ours, said in the channel's name; nothing else is for us there."""
    channel = message.sender_chat
    text = message.text or message.caption or ""
    found = _COMMAND.match(text)
    if channel is None or message.via_bot is not None or found is None:
        return None
    meant = _folded(found, text, bot_name)
    if meant is None:
        return None
    return Request(
        id=given,
        actor=Actor("telegram", str(channel.id), channel.title or ""),
        space=_space(message.chat),
        text=meant,
        uploads=content_of(message).uploads,
        asking=Asking.QUESTION,
        overheard=not found[2],
        address={
            "chat": message.chat.id, "user": CHANNEL_BOT, "private": 0, "message": message.message_id,
        },
    )  # fmt: skip


def _overheard(message: Message, text: str) -> bool:
    """Tell a command that names no bot, where others listen too."""
    found = _COMMAND.match(text)
    return message.chat.type != Chat.PRIVATE and found is not None and not found[2]


def _passed_on(text: str, held: About) -> tuple[str, About]:
    """Take what was forwarded as it stands: who passes a command on has not given it."""
    if held.uploads or held.command:
        return "", held
    return text, replace(held, command="qr", values={"text": text}) if text else held


def _by_a_bot(message: Message, sender: User, bot_name: str) -> bool:
    """Tell another bot's talk, and what our own inline results say; anonymous admins look like a bot too."""
    if sender.is_bot and message.sender_chat is None:
        return True
    via = message.via_bot
    ours = via is not None and (via.username or "").lower() == bot_name.lower()
    return ours and message.forward_origin is None


# --- text ---------------------------------------------------------------------------------------------------


def _addressed(message: Message, text: str, bot_name: str) -> str | None:
    """Give the text that is meant for us, without our name; None where it is not for us."""
    if message.forward_origin is not None:
        return text if message.chat.type == Chat.PRIVATE else None
    command = _COMMAND.match(text)
    if command is not None:
        return _folded(command, text, bot_name)
    if message.chat.type == Chat.PRIVATE:
        return text
    bare, mentions = re.subn(rf"(?<![\w@])@{bot_name}(?!\w)[ \t]*", "", text, count=1, flags=re.IGNORECASE)
    if mentions and not bare.strip() and (message.reply_to_message or message.external_reply):
        return "/qr"  # our name alone, under what somebody said
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
