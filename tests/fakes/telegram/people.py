"""The people on the other side: what a test lets them do becomes the update that Telegram would send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.fakes.ledger import JSON, Part
from tests.fakes.telegram import media
from tests.fakes.telegram.text import CAPTION, TEXT, cleaned, found
from tests.fakes.telegram.things import Asked, Chat, Media, Message, Person, Pressed
from tests.fakes.telegram.world import World


class People(World):
    """A world in which people write, press and leave; each method gives the id of the update it queued.

    A message in a group is queued whatever it says, as for a bot without privacy mode. What a person could
    not do raises ValueError.
    """

    # --- who and where ---------------------------------------------------------------------------------

    def person(
        self,
        id: int | None = None,
        first_name: str = "Ada",
        username: str = "",
        language_code: str = "en",
        last_name: str = "",
    ) -> Person:
        """Let somebody have an account."""
        person = Person(id or 5_000_000 + self.next_id(), first_name, last_name, username, language_code)
        self.people[person.id] = person
        return person

    def private(self, person: Person, *, started: bool = False) -> Chat:
        """Open a person's chat with the bot; it may write there once they have, or with ``started``."""
        person.started = person.started or started
        return self.chats.setdefault(person.id, Chat(person.id, "private", person=person))

    def group(
        self,
        title: str = "Friends",
        members: Sequence[Person] = (),
        admins: Sequence[Person] = (),
        *,
        supergroup: bool = False,
        bot: str = "member",
        threads: Sequence[int] = (),
        username: str = "",
    ) -> Chat:
        """Make a group with the bot in it; the first of ``admins`` owns it; ``threads`` makes it a forum."""
        wide = supergroup or bool(threads)
        number = self.next_id()
        chat = Chat(-1_001_000_000_000 - number if wide else -4_000_000 - number, "group", title, username)
        chat.type = "supergroup" if wide else "group"
        chat.members = {person.id: "member" for person in members}
        chat.members |= {person.id: "administrator" for person in admins}
        if admins:
            chat.members[admins[0].id] = "creator"
        chat.bot, chat.threads = bot, set(threads)
        self.chats[chat.id] = chat
        return chat

    def channel(self, title: str = "News", *, bot: str = "administrator", username: str = "") -> Chat:
        """Make a channel; the bot may only post there as an administrator."""
        chat = Chat(-1_002_000_000_000 - self.next_id(), "channel", title, username, bot=bot)
        self.chats[chat.id] = chat
        return chat

    def wears(self, person: Person, data: bytes) -> None:
        """Let a person take a picture as their profile's newest photo."""
        newest, person.emblem = media.portrait(self, data)
        person.photos.insert(0, newest)

    def hangs(self, chat: Chat, data: bytes) -> None:
        """Give a group or channel a picture."""
        _, chat.emblem = media.portrait(self, data)

    # --- messages --------------------------------------------------------------------------------------

    def says(self, person: Person, chat: Chat, text: str, **fields: Any) -> int:
        """Let a person send a text, its commands, mentions and links marked as a client does.

        ``fields`` go into the Message as they are; ``reply_to``: the message they answer.
        """
        written = cleaned(text)
        if not 1 <= len(written) <= TEXT:
            raise ValueError("a client sends 1 to 4096 characters in one message")
        fields = {"entities": found(written)} | fields
        return self.sends(person, chat, text=written, **fields)

    def sends(self, person: Person, chat: Chat, *, reply_to: Message | None = None, **fields: Any) -> int:
        """Let a person send anything, as the Bot API names it: ``contact={…}``, ``location={…}`` …"""
        self._present(person, chat)
        own = ("text", "caption", "entities", "media")
        content = {name: fields.pop(name) for name in own if name in fields}
        if thread := fields.get("message_thread_id"):
            chat.threads.add(thread)
            fields["is_topic_message"] = True
        message = self.post(chat, person, reply_to=reply_to, extra=fields, **content)
        return self._queue("message", message.as_json(self.bot), f"chat {chat.id}")

    def posts(self, chat: Chat, text: str, **fields: Any) -> int:
        """Let an admin of a channel post a text, which is said in the channel's name."""
        if chat.type != "channel" or chat.bot != "administrator":
            raise ValueError("the bot sees the posts of channels whose administrator it is")
        written = cleaned(text)
        author = self.person(first_name="Admin")
        message = self.post(chat, author, text=written, entities=found(written), extra=fields)
        return self._queue("channel_post", message.as_json(self.bot), f"chat {chat.id}")

    def sends_photo(self, person: Person, chat: Chat, data: bytes, caption: str = "", **fields: Any) -> int:
        """Let a person send a picture as a photo: it reaches the bot in several sizes, compressed as JPEG."""
        return self._sends_media(person, chat, media.photo(self, data), caption, fields)

    def sends_document(
        self,
        person: Person,
        chat: Chat,
        name: str,
        data: bytes,
        media_type: str = "application/octet-stream",
        caption: str = "",
        **fields: Any,
    ) -> int:
        """Let a person send a file as it is."""
        sent = media.document(self, Part(name, data, media_type))
        sent.json["mime_type"] = media_type
        return self._sends_media(person, chat, sent, caption, fields)

    def sends_sticker(self, person: Person, chat: Chat, data: bytes, kind: str = "", **fields: Any) -> int:
        """Let a person send a sticker: a WebP picture, or one that ``is_animated`` or ``is_video``."""
        stored = self.store("Sticker", lambda: data, len(data), ".tgs" if kind else ".webp")
        about: JSON = {"file_id": stored.file_id, "file_unique_id": stored.unique_id, "type": "regular"}
        about |= {"width": 512, "height": 512, "file_size": len(data)}
        about |= {name: name == kind for name in ("is_animated", "is_video")}
        return self.sends(person, chat, sticker=about, **fields)

    def sends_album(self, person: Person, chat: Chat, pictures: Sequence[bytes], caption: str = "") -> int:
        """Let a person send photos together: each comes as an update, the words are under the first."""
        if not 2 <= len(pictures) <= 10:
            raise ValueError("an album has 2 to 10 pictures")
        album, last = str(13_000_000_000_000_000 + self.next_id()), 0
        for number, data in enumerate(pictures):
            words = caption if number == 0 else ""
            last = self.sends_photo(person, chat, data, words, media_group_id=album)
        return last

    def forwards(self, person: Person, chat: Chat, message: Message) -> int:
        """Let a person pass on a message, theirs or anybody's, with its files and the links in it."""
        origin: JSON = {"type": "user", "date": message.date}
        origin["sender_user"] = message.sender.as_json() if message.sender else self.bot
        own = {name: getattr(message, name) for name in ("text", "caption", "entities", "media")}
        shared = {name: message.extra[name] for name in ("contact", "location") if name in message.extra}
        return self.sends(person, chat, forward_origin=origin, **own, **shared)

    def _sends_media(self, person: Person, chat: Chat, sent: Media, caption: str, fields: JSON) -> int:
        written = cleaned(caption)
        if len(written) > CAPTION:
            raise ValueError("a client sends at most 1024 characters under a picture")
        content: JSON = {"entities": found(written)} | fields
        return self.sends(person, chat, media=sent, caption=written, **content)

    def edits(self, person: Person, message: int | Message, text: str, *, chat: Chat | None = None) -> int:
        """Let a person change a text of theirs."""
        edited = self._message(person, message, chat)
        if edited.sender is not person:
            raise ValueError("people edit their own messages")
        edited.text = cleaned(text)
        edited.entities, edited.edited = found(edited.text), int(self.now())
        return self._queue("edited_message", edited.as_json(self.bot), f"chat {edited.chat.id}")

    def presses(self, person: Person, message: int | Message, label: str, *, chat: Chat | None = None) -> int:
        """Let a person press a button by its label; a number alone means a message of their private chat."""
        pressed = self._message(person, message, chat)
        self._present(person, pressed.chat)
        buttons = [button for row in pressed.keyboard for button in row if button["text"] == label]
        if not buttons:
            raise ValueError(f"no button {label!r} among {pressed.buttons}")
        if "callback_data" not in buttons[0]:
            raise ValueError(f"pressing {label!r} tells the bot nothing: {buttons[0]}")
        query = Pressed(
            str(3_000_000_000_000_000_000 + self.next_id()),
            person,
            pressed,
            buttons[0]["callback_data"],
            self.now(),
        )
        self.pressed[query.id] = query
        body = {
            "id": query.id,
            "from": person.as_json(),
            "message": pressed.as_json(self.bot),
            "chat_instance": str(pressed.chat.id * 7919),
            "data": query.data,
        }
        update_id = self._queue("callback_query", body, f"person {person.id}")
        self._queries[update_id] = query
        return update_id

    # --- inline ----------------------------------------------------------------------------------------

    def asks(self, person: Person, query: str, offset: str = "", chat_type: str = "sender") -> int:
        """Let a person write ``@bot query`` somewhere; the answer has 30 seconds."""
        if len(query) > 256:
            raise ValueError("an inline query has at most 256 characters")
        asked = Asked(str(4_000_000_000_000_000_000 + self.next_id()), person, query, self.now())
        self.asked[asked.id] = asked
        body = {"id": asked.id, "from": person.as_json(), "query": query, "offset": offset}
        update_id = self._queue("inline_query", body | {"chat_type": chat_type}, f"person {person.id}")
        self._queries[update_id] = asked
        return update_id

    def chooses(self, person: Person, update_id: int, result_id: str) -> int:
        """Let a person pick one of the results that the bot gave; its message is ``query(…).placed``.

        The bot may edit it only where the result has a keyboard (#choseninlineresult).
        """
        asked = self._queries[update_id]
        chosen = {r["id"]: r for r in (asked.results or [])} if isinstance(asked, Asked) else {}
        if not isinstance(asked, Asked) or result_id not in chosen:
            raise ValueError(f"no result {result_id!r} was offered")
        result = chosen[result_id]
        content = result.get("input_message_content") or {}
        keyboard = result.get("reply_markup", {}).get("inline_keyboard", [])
        elsewhere = Chat(-4_999_999_999, "group", "Elsewhere")
        asked.placed = self.post(
            elsewhere,
            person,
            text=content.get("message_text", ""),
            caption=result.get("caption", ""),
            media=None if content else asked.fetched.get(result_id),
            keyboard=keyboard,
            extra={"via_bot": self.bot},
        )
        body = {"result_id": result_id, "from": person.as_json(), "query": asked.query}
        if keyboard:
            name = f"CAAAA{self.next_id():022}"
            self.inline[name] = asked.placed
            body["inline_message_id"] = name
        return self._queue("chosen_inline_result", body, f"person {person.id}")

    def query(self, update_id: int) -> Pressed | Asked:
        """Give the press or inline query of an update; its ``answer`` is what the bot said to it."""
        return self._queries[update_id]

    # --- coming and going ------------------------------------------------------------------------------

    def blocks(self, person: Person) -> int:
        """Let a person block the bot."""
        person.blocked = True
        return self._bot_became("kicked", self.private(person), person, "member")

    def unblocks(self, person: Person) -> int:
        """Let a person unblock the bot."""
        person.blocked, person.started = False, True
        return self._bot_became("member", self.private(person), person, "kicked")

    def removes_bot(self, person: Person, chat: Chat) -> int:
        """Let somebody remove the bot from a group."""
        before, chat.bot = chat.bot, "kicked"
        return self._bot_became("kicked", chat, person, before)

    def adds_bot(self, person: Person, chat: Chat, status: str = "member") -> int:
        """Let somebody add the bot to a group, or change what it is there."""
        before, chat.bot = chat.bot, status
        return self._bot_became(status, chat, person, before)

    def migrates(self, person: Person, chat: Chat) -> Chat:
        """Turn a group into a supergroup with a new id; both service messages are queued."""
        wide = self.group(chat.title, supergroup=True, bot=chat.bot)
        wide.members, chat.migrated_to = dict(chat.members), wide
        for where, told in (
            (chat, {"migrate_to_chat_id": wide.id}),
            (wide, {"migrate_from_chat_id": chat.id}),
        ):
            message = self.post(where, person, extra=told)
            self._queue("message", message.as_json(self.bot), f"chat {where.id}")
        return wide

    def raw(self, update: JSON) -> int:
        """Queue an update as it is: of a kind nobody knows yet, or one that no library can parse."""
        return self.updates.add_raw(update)

    # --- inside ----------------------------------------------------------------------------------------

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._queries: dict[int, Pressed | Asked] = {}

    def _queue(self, kind: str, body: JSON, lane: str) -> int:
        return self.updates.add(kind, body, lane)

    def _present(self, person: Person, chat: Chat) -> None:
        if chat.type == "private":
            if chat.person is not person or person.blocked:
                raise ValueError("that person cannot write there")
            person.started = True
        elif chat.members.get(person.id, "left") in ("left", "kicked") or chat.bot in ("left", "kicked"):
            raise ValueError("that person, or the bot, is not in that chat")

    def _message(self, person: Person, message: int | Message, chat: Chat | None) -> Message:
        where = message.chat if isinstance(message, Message) else chat or self.private(person)
        found_there = where.messages.get(message.id if isinstance(message, Message) else message)
        if found_there is None:
            raise ValueError(f"there is no message {message} in {where.as_json()}")
        return found_there

    def _bot_became(self, status: str, chat: Chat, person: Person, before: str) -> int:
        def member(state: str) -> JSON:
            return {"user": self.bot, "status": state} | ({"until_date": 0} if state == "kicked" else {})

        body = {
            "chat": chat.as_json(),
            "from": person.as_json(),
            "date": int(self.now()),
            "old_chat_member": member(before),
            "new_chat_member": member(status),
        }
        return self._queue("my_chat_member", body, f"chat {chat.id}")
