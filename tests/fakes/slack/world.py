"""One workspace: its people, channels, messages, files and views, as the platform itself knows them."""

from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.ledger import JSON, Ledger
from tests.fakes.outside import decode

SCOPES = frozenset(
    {
        *("commands", "chat:write", "files:write", "files:read"),
        *("im:history", "im:write", "app_mentions:read", "users:read", "team:read"),
    }
)
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


class Refused(Exception):
    """What a rule of the platform says no to; ``code`` is the answer's ``error``."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(code)
        self.code, self.messages = code, messages


@dataclass(slots=True, eq=False)
class Person:
    """A member of the workspace."""

    id: str
    name: str
    admin: bool = False
    owner: bool = False
    photo: bytes = b""  # of their profile
    elsewhere: str = ""  # the address of a photo that is kept elsewhere
    drawn: bool = False  # the photo is one that Slack drew
    team: str = ""  # the workspace whose user they are, where that is another
    closed: str = ""  # the code with which their direct messages are refused


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands; ``seen_by`` None: everybody in the channel."""

    ts: str
    channel: Channel
    user: str
    text: str = ""
    blocks: list[JSON] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    thread: str = ""
    seen_by: str | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)  # by address
    app: bool = False

    def labels(self) -> list[str]:
        """List what its buttons say."""
        return [element["text"]["text"] for element in self.buttons()]

    def buttons(self) -> list[JSON]:
        """List its buttons, with the block they stand in."""
        return [
            {**element, "block_id": block["block_id"]}
            for block in self.blocks
            if block["type"] == "actions"
            for element in block["elements"]
        ]

    def words(self) -> str:
        """Give what a person reads, without pictures and buttons."""
        return "".join(
            piece["text"]
            for block in self.blocks
            if block["type"] == "rich_text"
            for section in block["elements"]
            for piece in section["elements"]
        )

    def decode(self) -> list[str]:
        """Read every code in its pictures and files."""
        shown = [*self.pictures.values(), *(file.data for file in self.files)]
        return [text for data in shown for text in decode(data)]


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation; ``direct``: whose direct messages with the bot (or with somebody else) these are."""

    id: str
    name: str = ""
    members: set[str] = field(default_factory=set)
    messages: list[Message] = field(default_factory=list)
    archived: bool = False
    private: bool = False

    @property
    def direct(self) -> bool:
        """Tell whether it is somebody's direct messages."""
        return self.id.startswith("D")


@dataclass(slots=True, eq=False)
class File:
    """A file; private to the bot until it is shared.

    ``outside``: where it is, if not on Slack itself. ``told``: the size that Slack tells, if another.
    ``locked``: the token may not fetch it.
    """

    id: str
    name: str
    length: int
    data: bytes = b""
    owner: str = ""
    channels: set[str] = field(default_factory=set)
    outside: str = ""
    told: int | None = None
    locked: bool = False
    completed: float = 0.0  # when its upload was, in the platform's time
    deleted: bool = False

    @property
    def media_type(self) -> str:
        """Guess as Slack does, from the first bytes."""
        starts = {
            b"\x89PNG": "image/png",
            b"\xff\xd8": "image/jpeg",
            b"%PDF": "application/pdf",
            b"<svg": "image/svg+xml",
        }
        return next((kind for start, kind in starts.items() if self.data.startswith(start)), "text/plain")


@dataclass(slots=True, eq=False)
class View:
    """A modal that stands open before somebody.

    ``state``: what they entered, by block and action; ``pictures``: what its images show.
    """

    id: str
    hash: str
    person: Person
    payload: JSON
    state: dict[str, JSON] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)


class World(Ledger):
    """What there is in the workspace."""

    def __init__(self, scopes: frozenset[str] = SCOPES) -> None:
        super().__init__()
        self.team = "T0TEAM001"
        self.bot_user, self.bot_id, self.app_id = "U0BOT0001", "B0BOT0001", "A0APP0001"
        self.bot_token, self.app_token = "xoxb-" + secrets.token_hex(12), "xapp-1-" + secrets.token_hex(12)
        self.signing_secret = SIGNING_SECRET
        self.scopes = scopes
        self.icon = b""  # the workspace's
        self.moved = ""  # the address that photos and icons are said to be at by a redirect
        self.processing = 0.0  # seconds that Slack looks at a file before a block may name it
        self.revoked = ""  # the code that every call with the bot token is refused with
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}  # by person
        self.fetched: dict[str, bytes] = {}  # pictures that stand on homes, by address
        self.triggers: dict[str, tuple[str, float, bool]] = {}  # to whose it is, until when, whether used
        self._numbers = itertools.count(1)

    def number(self) -> int:
        """Count on."""
        return next(self._numbers)

    def person(self, name: str = "ada", *, admin: bool = False, owner: bool = False) -> Person:
        """Let somebody join the workspace."""
        person = Person(f"U{self.number():08}", name, admin, owner)
        self.people[person.id] = person
        return person

    def channel(self, name: str, *members: Person, bot: bool = True) -> Channel:
        """Open a channel."""
        ids = {person.id for person in members} | ({self.bot_user} if bot else set())
        channel = Channel(f"C{self.number():08}", name, ids)
        self.channels[channel.id] = channel
        return channel

    def dm(self, person: Person) -> Channel:
        """Give somebody's direct messages with the bot."""
        known = next(
            (
                each
                for each in self.channels.values()
                if each.direct and each.members == {person.id, self.bot_user}
            ),
            None,
        )
        if known is not None:
            return known
        channel = Channel(f"D{self.number():08}", "", {person.id, self.bot_user})
        self.channels[channel.id] = channel
        return channel

    def shown(self, file: File) -> bool:
        """Tell whether the bot may see a file: its own, or one that was shared where it is."""
        here = any(self.bot_user in self.channels[channel].members for channel in file.channels)
        return not file.locked and (here or not file.channels or file.owner == self.bot_user)

    def post(self, channel: Channel, user: str, **content: Any) -> Message:
        """Put a message into a channel, with the files that are shared by it."""
        for file in content.get("files", ()):
            file.channels.add(channel.id)
        message = Message(f"{int(self.now())}.{self.number():06}", channel, user, **content)
        channel.messages.append(message)
        self.noted()
        return message

    def visible(self, channel: Channel, person: Person) -> list[Message]:
        """List what the app said in a channel, as one person sees it."""
        return [
            message for message in channel.messages if message.app and message.seen_by in (None, person.id)
        ]

    def trigger(self, person: Person) -> str:
        """Make a trigger_id: one use, three seconds."""
        trigger = f"{self.number()}.{secrets.token_hex(8)}"
        self.triggers[trigger] = (person.id, self.now() + 3.0, False)
        return trigger
