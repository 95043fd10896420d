"""Telegram: a picture that was uploaded is sent again by its name; people see that one is being drawn."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.message import Reply
from bot.qr.logo import Art
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, Rendered, render
from bot.qr.style import DEFAULT, Logo
from bot.uploads import forget_others, lasting, upload_key
from storage import housekeeping
from storage.encryption import KeyRing
from storage.housekeeping import tidy
from storage.tables import uploaded
from tests.core.talking import passed, rows
from tests.core.telling import Talk, counted

PICTURE = Picture(Payload("hello"), DEFAULT)


def uploads(talk: Talk) -> list[int]:
    """Count the files of every call that carries a picture."""
    return [
        len(call.files)
        for call in talk.calls("sendPhoto", "sendDocument", "editMessageMedia")
        if call.answered
    ]


async def kept(talk: Talk) -> int:
    """Count the pictures that are known."""
    return (await rows(talk.core.store)).get("uploaded", 0)


async def test_the_same_picture_is_neither_drawn_nor_uploaded_again(talk_both: Talk) -> None:
    """Whoever asks, wherever: it arrives, and scans."""
    talk, bea = talk_both, talk_both.tg.person()
    there = talk.tg.private(bea, started=True)
    await talk.says("hello")
    await talk.says("hello")
    await talk.says("hello", there, bea)
    pictures = [*talk.tg.replies(talk.home), *talk.tg.replies(there)]
    assert [talk.tg.decode(each) for each in pictures] == [["hello"]] * 3
    assert (uploads(talk), len(talk.drawn), await kept(talk)) == ([1, 0, 0], 1, 1)
    assert len({each.caption for each in pictures}) == 1


async def test_a_file_is_sent_again_under_its_own_name(talk: Talk) -> None:
    """Another code's file has another."""
    await talk.says("hello")
    [picture] = talk.tg.replies(talk.home)
    for label in ("File", "SVG", "SVG"):
        await talk.presses(picture, label)
    await talk.says("hello")
    another = talk.tg.replies(talk.home)[-1]
    for label in ("File", "SVG"):
        await talk.presses(another, label)
    names = [message.file_name for message in talk.tg.replies(talk.home) if message.file_name]
    assert (len(set(names[:2])), len(set(names))) == (1, 2)
    assert uploads(talk) == [1, 0, 1, 0, 0, 0, 1]


async def test_a_picture_is_put_in_another_ones_place_without_an_upload(talk: Talk) -> None:
    """There and back again."""
    said = await talk.says("hello")
    await talk.changes(said, "hello there")
    await talk.changes(said, "hello")
    await talk.changes(said, "hello there")
    [picture] = talk.tg.replies(talk.home)
    assert talk.tg.decode(picture) == ["hello there"]
    assert (uploads(talk), len(talk.drawn)) == ([1, 1, 0, 0], 2)


async def test_a_name_that_telegram_no_longer_knows_is_forgotten(talk_both: Talk) -> None:
    """The picture is drawn and uploaded again, and known by its new name."""
    talk = talk_both
    said = await talk.says("hello")
    talk.tg.files.clear()
    await talk.says("hello")
    await talk.says("hello")
    await talk.changes(said, "bye")
    talk.tg.files.clear()
    await talk.changes(said, "hello")
    assert [talk.tg.decode(each) for each in talk.tg.replies(talk.home)] == [["hello"]] * 3
    assert [len(call.files) for call in talk.calls("sendPhoto")] == [1, 0, 1, 0]
    assert [len(call.files) for call in talk.calls("editMessageMedia")] == [1, 0, 1]
    assert ["identifier" in str(call.result) for call in talk.tg.refused] == [True, True]
    assert await kept(talk) == 2


async def test_secrets_are_never_known_by_a_name(talk: Talk) -> None:
    """Neither a network's key nor what is kept nowhere."""
    for _ in range(2):
        await talk.says("/wifi Home s3cret-pass")
        await talk.says("otpauth://totp/Example:ada?secret=JBSWY3DPEHPK3PXP&issuer=Example")
    assert uploads(talk) == [1, 1, 1, 1]
    assert await kept(talk) == 0


async def test_what_was_said_beside_a_picture_is_said_each_time(talk: Talk) -> None:
    """One that was mended, or measured, is drawn again, so that its sentences stay."""
    for _ in range(2):
        await talk.says("/style level H")
        await talk.says("/qr look=“yellow on white” hello")
    captions = [message.caption for message in talk.tg.replies(talk.home)]
    assert captions[0] == captions[2]
    assert captions[1].splitlines()[1:] == captions[3].splitlines()[1:]
    assert "Scan check" in captions[0]
    assert 0 not in uploads(talk)


def test_a_key_tells_apart_what_looks_apart(ring: KeyRing) -> None:
    """Content, look, format, bot and key of ours; the name only where people see it."""

    def key(picture: Picture = PICTURE, account: str = "telegram:1", keys: KeyRing = ring) -> str:
        return upload_key(keys, account, Reply(picture=picture))

    others = [
        key(replace(PICTURE, payload=Payload("Hello"))),
        key(replace(PICTURE, style=replace(DEFAULT, size=800))),
        key(replace(PICTURE, format="svg")),
        key(replace(PICTURE, format="svg", name="other")),
        key(replace(PICTURE, checked=True)),
        key(account="telegram:2"),
        key(keys=KeyRing((bytes(32),))),
    ]
    assert len({key(), *others}) == 8
    assert key(replace(PICTURE, name="other")) == key()
    assert upload_key(ring, "", Reply(picture=PICTURE)) == ""
    assert upload_key(ring, "telegram:1", Reply(body="text")) == ""


def test_a_picture_somebody_sent_is_never_known_by_a_name(ring: KeyRing) -> None:
    """They may have it deleted, and what shows it has to change then; an emoji stays."""
    worn = [replace(PICTURE, style=replace(DEFAULT, logo=Logo(source))) for source in ("asset:1", "emoji:⭐")]
    keys = [upload_key(ring, "telegram:1", Reply(picture=each)) for each in worn]
    assert [bool(key) for key in keys] == [False, True]


def test_only_what_needs_no_words_is_lasting() -> None:
    """A plain picture is; one whose style was mended is not."""
    assert lasting(render(PICTURE, Art()))
    assert not lasting(render(replace(PICTURE, checked=True), Art()))


async def test_another_bot_has_names_of_its_own(talk_both: Talk) -> None:
    """What the last one uploaded is forgotten at its start."""
    talk = talk_both
    await talk.says("hello")
    await forget_others(talk.core.store, "slack:T1")
    await forget_others(talk.core.store, f"telegram:{talk.telegram.me.id}")
    assert await kept(talk) == 1
    await forget_others(talk.core.store, "telegram:2")
    assert await kept(talk) == 0


async def test_names_are_kept_a_month_and_only_so_many(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest go first; what they are is sealed."""
    monkeypatch.setattr(housekeeping, "MOST", 2)
    for text in ("one", "two", "three"):
        await talk.says(text)
        passed(talk.core, minutes=1)
    async with talk.core.store.writing() as work:
        assert (await tidy(work.connection, talk.core.app.clock()))["uploaded"] == 1
    async with talk.core.store.reading() as work:
        [first, _] = (await work.connection.execute(select(uploaded))).all()
    assert all(file.encode() not in first.file for file in talk.tg.files)
    passed(talk.core, days=31)
    async with talk.core.store.writing() as work:
        assert (await tidy(work.connection, talk.core.app.clock()))["uploaded"] == 2


# --- while drawing ------------------------------------------------------------------------------------------


def slowly(talk: Talk, method: str = "sendChatAction") -> None:
    """Draw only when people have been told, and keep it drawn."""
    draw = talk.post.draw

    async def after(picture: Picture) -> Rendered:
        await talk.tg.wait_for(method)
        return await draw(picture)

    talk.post = replace(talk.post, draw=after)


async def test_while_a_picture_is_drawn_people_see_that_it_comes(talk: Talk) -> None:
    """Where it will come, in its topic; a file is told from a photo."""
    forum = talk.tg.group(members=[talk.ada], threads=[7])
    slowly(talk)
    talk.tg.says(talk.ada, forum, "/qr hello", message_thread_id=7)
    await talk.sent()
    [action, *_] = talk.calls("sendChatAction")
    assert (action.chat_id, action.fields["action"], action.fields["message_thread_id"]) == (
        forum.id, "upload_photo", "7",
    )  # fmt: skip
    assert len(talk.tg.replies(forum)) == 1
    talk.tg.calls.clear()
    await talk.says("/qr format=svg hello")
    assert {call.fields["action"] for call in talk.calls("sendChatAction")} == {"upload_document"}


async def test_a_private_answer_is_shown_to_come_in_private(talk: Talk) -> None:
    """The group does not see that there is something."""
    group = talk.tg.group(members=[talk.ada])
    slowly(talk)
    await talk.says("/wifi Home s3cret-pass", group)
    assert {call.chat_id for call in talk.calls("sendChatAction")} == {talk.home.id}


async def test_that_it_cannot_be_shown_does_not_matter(talk: Talk) -> None:
    """The picture comes."""
    slowly(talk)
    talk.tg.fail("sendChatAction", status=429, retry_after=30)
    await talk.says("hello")
    assert [talk.tg.decode(each) for each in talk.tg.replies(talk.home)] == [["hello"]]


async def test_what_is_drawn_at_once_is_not_announced(talk: Talk) -> None:
    """A text, a known picture, one that was drawn before."""
    drawn = render(PICTURE)

    async def ready(picture: Picture) -> Rendered:
        return drawn

    talk.post = replace(talk.post, draw=counted(ready, talk.drawn))
    await talk.says("/help")
    await talk.says("hello")
    await talk.says("hello")
    await asyncio.sleep(0)
    assert talk.calls("sendChatAction") == []
