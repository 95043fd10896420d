"""Everything that one bot's Telegram holds, and who may write where.

Access rules: check_chat_access in Telegram's own Bot API server (tdlib/telegram-bot-api, Client.cpp).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

from tests.fakes.ledger import JSON, Ledger
from tests.fakes.outside import decode
from tests.fakes.telegram.things import Asked, Chat, Media, Message, Person, Pressed, Refused, StoredFile
from tests.fakes.telegram.updates import Updates

TOKEN = "123456789:AA" + "FakeToken" * 3 + "FakeTo"  # the shape of a real one: the bot's id, 35 characters

KINDS = {  # of files: how their ids begin, and the folder they lie in
    "Photo": ("AgACAgIAAxkBAA", "photos"),
    "Document": ("BQACAgIAAxkBAA", "documents"),
    "ChatPhoto": ("AQADAgATqA", "profile_photos"),
    "Sticker": ("CAACAgIAAxkBAA", "stickers"),
}


class World(Ledger):
    """Everything that one bot's Telegram holds."""

    def __init__(
        self, token: str, username: str, *, rates: bool, local: bool, public: Mapping[str, str] | None
    ) -> None:
        super().__init__()
        self.token = token
        self.bot: JSON = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": "QR",
            "username": username,
            "supports_inline_queries": True,
        }
        self.powers: JSON = {  # that getMe tells: what was switched at BotFather
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": True,
        }  # fmt: skip
        self.rates = rates
        self.local = local  # a local Bot API server: webhooks over HTTP, larger files
        self.public = dict(public or {})  # what Telegram can reach: public origin → loopback origin
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.pressed: dict[str, Pressed] = {}
        self.asked: dict[str, Asked] = {}
        self.inline: dict[str, Message] = {}  # sent by choosing a result that has a keyboard, by their id
        self.profile: dict[tuple[str, str], str] = {}  # (name, description or short_description; language)
        self.commands: dict[tuple[str, str], list[JSON]] = {}  # (scope as JSON, language)
        self.buttons: dict[int, JSON] = {}  # menu buttons by private chat; 0: of all others
        self.updates = Updates(self.now, self.noted)
        self._ids = count(1)
        self._messages = count(1)
        self._own_counts: dict[int, count[int]] = {}

    # --- numbers ---------------------------------------------------------------------------------------

    def next_id(self) -> int:
        """Give a number never given before."""
        return next(self._ids)

    def next_message_id(self, chat: Chat) -> int:
        """Number a message: supergroups and channels count on their own, so ids repeat between chats."""
        if chat.type in ("supergroup", "channel"):
            return next(self._own_counts.setdefault(chat.id, count(1)))
        return next(self._messages)

    def store(
        self, kind: str, read: Callable[[], bytes], size: int, extension: str, media: Media | None = None
    ) -> StoredFile:
        """Keep a file and give it its identifiers; ``read`` is only called when somebody downloads it."""
        number = self.next_id()
        mark = base64.urlsafe_b64encode(hashlib.sha256(f"{self.token}{number}".encode()).digest()).decode()
        prefix, folder = KINDS[kind]
        path = f"{folder}/file_{number}{extension}"
        stored = StoredFile(prefix + mark.rstrip("="), "AQAD" + mark[:12], kind, read, size, path, media)
        self.files[stored.file_id] = stored
        return stored

    # --- looking up ------------------------------------------------------------------------------------

    def chat(self, value: Any) -> Chat:
        """Find a chat by id or @username; raises Refused."""
        if value in (None, ""):
            raise Refused("chat_id is empty")
        for chat in self.chats.values():
            named = chat.type in ("supergroup", "channel") and chat.username and f"@{chat.username}" == value
            if str(chat.id) == str(value) or named:
                return chat
        raise Refused("chat not found")

    def writable(self, value: Any) -> Chat:
        """Find a chat that the bot may write to; raises Refused as the real server does."""
        chat = self.chat(value)
        if chat.migrated_to is not None:
            raise Refused(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to.id
            )
        if chat.person is not None:
            if chat.person.gone:
                raise Refused("user is deactivated", 403)
            if chat.person.blocked:
                raise Refused("bot was blocked by the user", 403)
            if not chat.person.started:
                raise Refused("bot can't initiate conversation with a user", 403)
        elif chat.bot == "kicked":
            raise Refused(f"bot was kicked from the {chat.type} chat", 403)
        elif chat.bot == "left":
            raise Refused(f"bot is not a member of the {chat.type} chat", 403)
        elif chat.type == "channel" and (chat.bot != "administrator" or not chat.posts):
            raise Refused("need administrator rights in the channel chat")
        return chat

    def post(self, chat: Chat, sender: Person | None, **content: Any) -> Message:
        """Put a message into a chat."""
        message = Message(self.next_message_id(chat), chat, sender, int(self.now()), **content)
        chat.messages[message.id] = message
        return message

    # --- inspecting ------------------------------------------------------------------------------------

    def messages(self, chat: Chat) -> list[Message]:
        """List what stands in a chat now, oldest first, people's messages too."""
        return list(chat.messages.values())

    def replies(self, chat: Chat) -> list[Message]:
        """List what the bot has standing in a chat now, oldest first."""
        return [message for message in chat.messages.values() if message.own]

    def decode(self, message: Message) -> list[str]:
        """Read every code in a message's picture, from the pixels that people are shown."""
        return decode(message.media.shown()) if message.media else []
