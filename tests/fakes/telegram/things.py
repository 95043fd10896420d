"""What a fake Telegram is made of: people, chats, messages, files, presses.

Shapes: core.telegram.org/bots/api#available-types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.ledger import JSON
from tests.fakes.telegram import markup


class Refused(Exception):
    """An error of the Bot API: its code is the HTTP status too."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        prefix = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}.get(code, "")
        super().__init__(prefix + description)
        self.code = code
        self.parameters = parameters


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with an account. ``started``: has pressed Start, from when on the bot may write first."""

    id: int
    first_name: str = "Ada"
    last_name: str = ""
    username: str = ""
    language_code: str = "en"
    started: bool = False
    blocked: bool = False
    gone: bool = False  # deleted their account
    photos: list[Media] = field(default_factory=list)  # of their profile, newest first
    emblem: JSON = field(default_factory=dict)  # the newest, as a ChatPhoto
    shy: bool = False  # shows their photos to nobody they do not know

    def as_json(self) -> JSON:
        """Give the User object."""
        named = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        full = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return full | {name: value for name, value in named.items() if value}


@dataclass(slots=True, eq=False)
class Chat:
    """Where messages are. ``members``: each one's status; ``bot``: the bot's own status there."""

    id: int
    type: str  # private, group, supergroup, channel
    title: str = ""
    username: str = ""
    person: Person | None = None
    members: dict[int, str] = field(default_factory=dict)
    bot: str = "member"
    posts: bool = True  # as a channel's administrator the bot may post there: can_post_messages
    deletes: bool = True  # as an administrator the bot may delete messages: can_delete_messages
    threads: set[int] = field(default_factory=set)  # of a forum
    migrated_to: Chat | None = None
    emblem: JSON = field(default_factory=dict)  # its ChatPhoto
    messages: dict[int, Message] = field(default_factory=dict)

    def as_json(self) -> JSON:
        """Give the Chat object."""
        if self.person is not None:
            names = ("first_name", "last_name", "username")
            about = {name: value for name, value in self.person.as_json().items() if name in names}
        else:
            about = {"title": self.title} | ({"username": self.username} if self.username else {})
        forum = {"is_forum": True} if self.threads else {}
        return {"id": self.id, "type": self.type, **about, **forum}


@dataclass(slots=True, eq=False)
class Media:
    """A photo or document. ``data``: as uploaded; ``shown``: as people see it, a photo as JPEG of 1280 px."""

    kind: str  # photo, document
    data: bytes
    shown: Callable[[], bytes]
    json: Any  # the PhotoSize list or the Document
    name: str = ""
    media_type: str = ""

    @property
    def file_id(self) -> str:
        """Give the identifier of the file, a photo's largest size."""
        largest = self.json[-1] if self.kind == "photo" else self.json
        return str(largest["file_id"])


@dataclass(slots=True, eq=False)
class Message:
    """One message as it stands now. ``sender`` None: the bot itself."""

    id: int
    chat: Chat
    sender: Person | None
    date: int
    text: str = ""
    caption: str = ""
    entities: list[JSON] = field(default_factory=list)
    media: Media | None = None
    keyboard: list[list[JSON]] = field(default_factory=list)
    reply_to: Message | None = None
    edited: int = 0  # Unix seconds of the last edit
    extra: JSON = field(default_factory=dict)  # whatever else it holds, as the Bot API names it

    @property
    def own(self) -> bool:
        """Tell whether the bot sent it."""
        return self.sender is None

    @property
    def photo(self) -> bytes | None:
        """Give the picture as it was uploaded."""
        return self.media.data if self.media and self.media.kind == "photo" else None

    @property
    def document(self) -> bytes | None:
        """Give the document's bytes."""
        return self.media.data if self.media and self.media.kind == "document" else None

    @property
    def file_name(self) -> str:
        """Give the name people save the document under."""
        return self.media.name if self.media else ""

    @property
    def buttons(self) -> list[list[tuple[str, str]]]:
        """Give the rows of buttons: label, and the data, address or text to copy."""
        return [[markup.shown(button) for button in row] for row in self.keyboard]

    def as_json(self, bot: JSON, *, nested: bool = False) -> JSON:
        """Give the Message object; a reply holds the message it answers, but not that one's own."""
        content: JSON = {}
        if self.chat.type == "channel":
            content["sender_chat"] = self.chat.as_json()
        else:
            content["from"] = self.sender.as_json() if self.sender else bot
        if self.media:
            content[self.media.kind] = self.media.json
        for name, entities, value in (
            ("text", "entities", self.text),
            ("caption", "caption_entities", self.caption),
        ):
            if value:
                content |= {name: value} | ({entities: self.entities} if self.entities else {})
        if self.keyboard:
            content["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.edited:
            content["edit_date"] = self.edited
        if self.reply_to and not nested:
            content["reply_to_message"] = self.reply_to.as_json(bot, nested=True)
        head = {"message_id": self.id, "date": self.date, "chat": self.chat.as_json()}
        return head | content | self.extra


@dataclass(slots=True)
class StoredFile:
    """A file to be asked for by its id. ``kind``: Photo, Document, Sticker …, never interchangeable."""

    file_id: str
    unique_id: str
    kind: str
    read: Callable[[], bytes]
    size: int
    path: str
    media: Media | None = None
    served_until: float = 0.0  # a link from getFile lives an hour


@dataclass(slots=True, eq=False)
class Pressed:
    """A callback query and what the bot answered to it, None until it does."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    answer: JSON | None = None


@dataclass(slots=True, eq=False)
class Asked:
    """An inline query and the results that the bot gave, None until it does."""

    id: str
    person: Person
    query: str
    at: float
    results: list[JSON] | None = None
    answer: JSON | None = None
    fetched: dict[str, Media] = field(default_factory=dict)  # of results by address, by the result's id
    placed: Message | None = None  # what stands in the chat since a result was chosen
