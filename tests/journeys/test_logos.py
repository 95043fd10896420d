"""Logos as people see them, in the middle of codes that scan; and what a check of a picture hands over."""

from contextlib import AsyncExitStack

import pytest

from tests.fakes.drawn import alike, middle, plain, qr
from tests.journeys.faces import OnSlack, OnTelegram
from tests.journeys.house import FACES, House
from tests.journeys.seen import Press, Say, Seen, Send, Step, Visitor
from tests.journeys.test_together import does

pytestmark = pytest.mark.asyncio(loop_scope="module")

PIXELS = ("telegram", "slack", "web")  # the faces that show more than half blocks
TOMATO, TEAL, GOLD = (255, 99, 71), (0, 128, 128), (255, 215, 0)


def worn(seen: Seen) -> tuple[int, ...]:
    """Give the colour in the middle of the one picture that came."""
    (picture,) = seen.pictures
    return middle(picture)


async def made(visitor: Visitor, text: str) -> tuple[int, ...]:
    """Make a code, which has to decode, and give the colour in its middle."""
    return worn(await does(visitor, Step(Say(text), codes=(text,))))


@pytest.mark.parametrize("face", PIXELS)
async def test_a_picture_sent_with_the_word_becomes_the_logo(house: House, face: str) -> None:
    """The sample shows it, the next code has it in its middle and decodes, a new one takes its place."""
    async with AsyncExitStack() as stack:
        visitor = await FACES[face](house, stack)
        sample = ("https://example.com",)
        seen = await does(visitor, Step(Send("/logo", plain("tomato", 300, 300)), codes=sample))
        assert alike(worn(seen), TOMATO)
        assert alike(await made(visitor, "with my logo"), TOMATO)
        seen = await does(visitor, Step(Send("logo", plain("teal", 300, 300)), codes=sample))
        assert alike(worn(seen), TEAL)
        assert alike(await made(visitor, "with my new logo"), TEAL)
        await does(visitor, Step(Say("/logo remove"), codes=sample))
        assert not alike(await made(visitor, "without a logo"), TEAL)


async def test_a_profile_photo_becomes_the_logo_in_one_tap(house: House) -> None:
    """On Telegram and on Slack; who has none is told what to do in its place."""
    async with AsyncExitStack() as stack:
        for face in ("telegram", "slack"):
            visitor = await FACES[face](house, stack)
            await does(visitor, Step(Say("/logo"), labels=("My profile photo",)))
            await does(visitor, Step(Press("My profile photo"), ("no profile photo that I may see",)))
            match visitor:
                case OnTelegram(tg, person):
                    tg.wears(person, plain("tomato", 900, 900))
                case OnSlack(_, member):
                    member.photo = plain("tomato", 900, 900)
            seen = await does(visitor, Step(Say("/logo photo"), codes=("https://example.com",)))
            assert alike(worn(seen), TOMATO)
            assert alike(await made(visitor, "with my photo"), TOMATO)


async def test_the_icon_of_a_place_becomes_the_logo_in_one_tap(house: House) -> None:
    """The workspace's on Slack, the group's on Telegram."""
    async with AsyncExitStack() as stack:
        visitor = await FACES["slack"](house, stack)
        await does(visitor, Step(Say("/logo"), labels=("The workspace's icon",)))
        await does(visitor, Step(Press("The workspace's icon"), ("This workspace has no icon",)))
        house.slack.icon = plain("gold", 900, 900)
        seen = await does(visitor, Step(Say("/logo icon"), codes=("https://example.com",)))
        assert alike(worn(seen), GOLD)
    tg = house.tg
    person = tg.person(first_name="Gold")
    group, home = tg.group("Friends", [person]), tg.private(person, started=True)
    tg.hangs(group, plain("gold", 900, 900))
    tg.says(person, group, "/logo icon")
    await tg.until(lambda: tg.replies(home), 20)
    (shown,) = tg.replies(home)
    assert tg.decode(shown) == ["https://example.com"]
    assert shown.media is not None
    assert alike(middle(shown.media.shown()), GOLD)


@pytest.mark.parametrize("face", PIXELS)
async def test_a_picture_sent_to_be_checked_brings_a_score_and_what_cameras_see(
    house: House, face: str
) -> None:
    """In words and as a picture; one without a code is told kindly."""
    async with AsyncExitStack() as stack:
        visitor = await FACES[face](house, stack)
        await visitor.does(Send("/prove", qr("check me")))
        step = Step(Say(""), ("Score", "of 100", "Grade"), codes=None)
        seen = await visitor.seen(lambda seen: step.met(seen) and "image/png" in seen.files)
        assert step.met(seen), seen
        assert "image/png" in seen.files
        await does(visitor, Step(Send("prove", plain("teal")), ("no code in this picture",)))
