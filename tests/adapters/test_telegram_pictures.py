"""Pictures that Telegram has: a person's profile photo and a group's picture, fetched for a logo."""

import io
import traceback
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from PIL import Image

from adapters.telegram.serve import face, open_telegram
from bot.face import Face, TryLater
from bot.message import Actor, Request, Space, SpaceKind, Upload
from bot.qr.refusal import Refused
from tests.fakes import FakeTelegram
from tests.fakes.drawn import alike, middle, plain
from tests.fakes.telegram import Chat, Person

NAVY, GOLD = (0, 0, 128), (255, 215, 0)
NO_PHOTO = "You have no profile photo that I may see"


@pytest.fixture
async def shown(tg: FakeTelegram) -> AsyncIterator[Face]:
    """Give the face of a connected bot."""
    async with open_telegram(tg.token, tg.url, "off") as telegram:
        yield face(telegram)


@pytest.fixture
def ada(tg: FakeTelegram) -> Person:
    """Let somebody have an account."""
    return tg.person()


def asked(ref: str, person: Person, chat: Chat | None = None) -> Request:
    """Ask for a picture, in a group or in the person's private chat."""
    space = Space("telegram", str(person.id))
    if chat is not None:
        space = Space("telegram", str(chat.id), SpaceKind.GROUP)
    return Request("telegram:1", Actor("telegram", str(person.id)), space, uploads=(Upload(ref),), admin=True)


async def fetched(shown: Face, request: Request) -> bytes:
    """Fetch the one picture of a request."""
    (upload,) = (await shown.prepare(request)).uploads
    assert upload.size == len(upload.data)
    return upload.data


def side(data: bytes) -> int:
    """Measure a square picture."""
    with Image.open(io.BytesIO(data)) as image:
        assert image.width == image.height
        return image.width


async def test_the_newest_profile_photo_is_fetched(tg: FakeTelegram, shown: Face, ada: Person) -> None:
    """In its largest size, which is all a logo needs; also for who asks in a group."""
    tg.wears(ada, plain("gold", 900, 1200))
    tg.wears(ada, plain("navy", 1200, 900))
    for chat in (None, tg.group(members=[ada])):
        data = await fetched(shown, asked("profile:person", ada, chat))
        assert side(data) == 640
        assert alike(middle(data), NAVY)
    assert [call.fields["limit"] for call in tg.calls if call.method == "getUserProfilePhotos"] == ["1", "1"]


async def test_who_shows_no_photo_is_told_what_to_do(tg: FakeTelegram, shown: Face, ada: Person) -> None:
    """There is none, or the bot may not see it; nor has a group that is spoken for one, nor who is gone."""
    with pytest.raises(Refused, match=NO_PHOTO):
        await fetched(shown, asked("profile:person", ada))
    tg.wears(ada, plain("navy"))
    ada.shy = True
    with pytest.raises(Refused, match=NO_PHOTO):
        await fetched(shown, asked("profile:person", ada))
    group = tg.group(members=[ada])
    spoken = replace(asked("profile:person", ada, group), actor=Actor("telegram", str(group.id)))
    with pytest.raises(Refused, match=NO_PHOTO):
        await fetched(shown, spoken)
    assert tg.refused == []
    with pytest.raises(Refused, match=NO_PHOTO):
        await fetched(shown, replace(asked("profile:person", ada), actor=Actor("telegram", "42")))
    assert [call.method for call in tg.calls].count("getFile") == 0


async def test_a_groups_picture_is_fetched(tg: FakeTelegram, shown: Face, ada: Person) -> None:
    """The large one."""
    group = tg.group(members=[ada], supergroup=True)
    tg.hangs(group, plain("gold", 1000, 700))
    tg.wears(ada, plain("navy"))
    data = await fetched(shown, asked("profile:space", ada, group))
    assert side(data) == 640
    assert alike(middle(data), GOLD)


async def test_a_chat_without_a_picture_is_told_what_to_do(
    tg: FakeTelegram, shown: Face, ada: Person
) -> None:
    """A group that has none, and a private chat, where the picture is the person's own."""
    tg.wears(ada, plain("navy"))
    for chat in (tg.group(members=[ada]), None):
        with pytest.raises(Refused, match="no picture of its own"):
            await fetched(shown, asked("profile:space", ada, chat))
    assert tg.refused == []


@pytest.mark.parametrize("method", ["getUserProfilePhotos", "getFile", "file"])
async def test_a_picture_that_cannot_be_fetched_now_is_fetched_later(
    tg: FakeTelegram, shown: Face, ada: Person, method: str
) -> None:
    """The error holds nothing of the address, which holds the token."""
    tg.wears(ada, plain("navy"))
    tg.fail(method, status=502)
    with pytest.raises(TryLater) as caught:
        await fetched(shown, asked("profile:person", ada))
    assert tg.token not in "".join(traceback.format_exception(caught.value))
    assert alike(middle(await fetched(shown, asked("profile:person", ada))), NAVY)
