"""Pictures that Slack keeps: named once they are ready, else shared; a secret's are never public."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.slack import uploads
from adapters.slack.connection import Slack
from adapters.slack.serve import face, open_slack
from bot.face import Face
from bot.message import Reply
from bot.qr.payloads import KINDS, Payload
from bot.qr.picture import Picture
from bot.qr.style import DEFAULT
from tests.adapters.slack_sending import PICTURE, SAVED, WORDS, draw, home, mentioned, methods, said, under
from tests.fakes import FakeSlack
from tests.fakes.slack import Channel, Person

WIFI = Picture(Payload("WIFI:T:WPA;S:Lobby;P:s3cret;;", "wifi", KINDS["wifi"].rules), DEFAULT, name="wifi")


@pytest.fixture
def shown(connection: Slack) -> Face:
    """Give the face of a bot that Slack cannot reach."""
    return face(connection)


@pytest.fixture
async def public(slack: FakeSlack) -> AsyncIterator[Face]:
    """Give the face of a bot with addresses that Slack could fetch from; a test fails where one is sent."""

    async with open_slack(
        slack.bot_token, slack.api_url, lambda code, version: "https://qr.example/i/x.png"
    ) as o:
        yield face(o)


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


@pytest.fixture
def bea(slack: FakeSlack) -> Person:
    """Let somebody else join."""
    return slack.person("bea")


@pytest.fixture
def general(slack: FakeSlack, ada: Person, bea: Person) -> Channel:
    """Open a channel that both and the bot are in."""
    return slack.channel("general", ada, bea)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look seven times in no time."""
    monkeypatch.setattr(uploads, "LOOKS", (0.001,) * 7)


# --- one message --------------------------------------------------------------------------------------------


async def test_a_picture_for_all_is_one_message_with_words_and_buttons(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """Uploaded for nobody, looked after, then named; who sees the message sees it, with words beside it."""
    await shown.send(mentioned(slack, ada, general), SAVED, draw)
    (card,) = slack.visible(general, bea)
    assert (card.decode(), card.labels(), card.files) == (["https://example.com"], ["Go"], [])
    assert [block["type"] for block in card.blocks] == ["rich_text", "image", "actions"]
    assert card.blocks[1]["alt_text"] == "QR code: https://example.com"
    steps = ["files.getUploadURLExternal", "upload", "files.completeUploadExternal"]
    assert methods(slack) == [*steps, "files.info", "chat.postMessage"]
    assert [file.channels for file in slack.files.values()] == [{general.id}]
    assert slack.refused == []


async def test_nothing_names_a_file_that_slack_still_looks_at(
    slack: FakeSlack, shown: Face, ada: Person, quick: None
) -> None:
    """It is asked for until its media type is there; a fault in between is a look in vain."""
    slack.processing = 60
    slack.fail("files.info", status=500)
    slack.fail("files.info", status=429)

    async def soon() -> bool:
        await slack.wait_for("files.info", 4)
        slack.later(60)
        return True

    done, _ = await asyncio.gather(soon(), shown.send(home(slack, ada), SAVED, draw))
    assert done
    assert methods(slack).count("files.info") >= 4
    assert slack.visible(slack.dm(ada), ada)[0].decode() == ["https://example.com"]
    assert slack.refused == []


@pytest.mark.parametrize("why", ["slow", "no scope", "refused"])
async def test_a_file_that_does_not_become_ready_is_shared_with_its_words_after_it(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel, quick: None, why: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Slack takes longer than we wait; we may not look; it refuses a file that seemed ready. None is left."""
    if why == "no scope":
        slack.scopes -= {"files:read"}
    else:
        slack.processing = 1e6
    if why == "refused":

        async def at_once(*_: object) -> bool:
            return True

        monkeypatch.setattr("adapters.slack.send.ready", at_once)
    await shown.send(mentioned(slack, ada, general), SAVED, draw)
    picture, card = slack.visible(general, bea)
    assert (picture.decode(), card.labels(), card.pictures) == (["https://example.com"], ["Go"], {})
    assert [file.deleted for file in slack.files.values()] == [True, False]
    assert methods(slack).count("files.info") == (0 if why == "refused" else 1 if why == "no scope" else 8)


async def test_what_was_asked_for_as_a_file_is_a_file(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """A vector and a print size are to be saved, not only looked at."""
    for picture in (replace(PICTURE, format="svg"), replace(PICTURE, style=replace(DEFAULT, size=2048))):
        await shown.send(home(slack, ada), replace(SAVED, picture=picture), draw)
    assert [bool(message.files) for message in slack.visible(slack.dm(ada), ada)] == [True, False] * 2
    assert "files.info" not in methods(slack)


async def test_a_message_that_cannot_be_posted_leaves_no_file(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person
) -> None:
    """Where the bot was put out: the person gets it, and what was uploaded for the channel is deleted."""
    away = slack.channel("away", ada, bea, bot=False)
    await shown.send(mentioned(slack, ada, away), SAVED, draw)
    first, second = slack.files.values()
    assert (first.deleted, second.deleted, second.channels) == (True, False, {slack.dm(ada).id})


async def test_a_press_keeps_the_picture_in_its_message(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Named again by what the button brings along; a legacy one above it stays where it is."""
    await shown.send(home(slack, ada), SAVED, draw)
    (card,) = slack.visible(slack.dm(ada), ada)
    for _ in range(2):
        await shown.send(await under(slack, ada, card), replace(SAVED, replace=True), draw)
    assert (card.decode(), len(slack.files)) == (["https://example.com"], 1)
    address = await under(slack, ada, card)
    above = {**address, "picture": str(address["picture"]).partition("/")[0]}
    await shown.send(above, replace(SAVED, replace=True), draw)
    assert (card.pictures, len(slack.visible(slack.dm(ada), ada))) == ({}, 1)


# --- for one person's eyes ----------------------------------------------------------------------------------


async def test_no_ephemeral_message_ever_names_a_file(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """The file is in the direct messages, and what stands in the channel only says so."""
    await shown.send(await said(slack, ada, general), SAVED, draw)
    (notice,) = slack.visible(general, ada)
    assert (notice.seen_by, notice.pictures, slack.visible(general, bea)) == (ada.id, {}, [])
    assert [file.channels for file in slack.files.values()] == [{slack.dm(ada).id}]
    assert slack.refused == []


@pytest.mark.parametrize(
    "reply",
    [
        replace(SAVED, secret=True, private=True),
        replace(SAVED, secret=True, shared=True),
        replace(SAVED, picture=WIFI, private=True),
    ],
    ids=["secret", "shared by mistake", "network key"],
)
@pytest.mark.parametrize("asked", ["command", "mention"])
async def test_a_secret_has_no_address_and_is_in_no_channel(
    slack: FakeSlack, public: Face, ada: Person, bea: Person, general: Channel, reply: Reply, asked: str
) -> None:
    """Also where every other picture would be fetched from us; whoever knows an address has the picture."""
    address = await said(slack, ada, general) if asked == "command" else mentioned(slack, ada, general)
    await public.send(address, reply, draw)
    assert "qr.example" not in str([call.fields for call in slack.calls])
    assert slack.visible(general, bea) == []
    assert all(not message.pictures for message in slack.visible(general, ada))
    assert [file.channels for file in slack.files.values()] == [{slack.dm(ada).id}]
    assert len(slack.visible(slack.dm(ada), ada)[0].decode()) == 1


@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize("member", [False, True])
async def test_a_used_up_response_url_has_another_way_that_is_never_public(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, member: bool, secret: bool
) -> None:
    """Ephemeral where the bot is a member, and no secret is told; else the direct messages."""
    place = slack.channel("place", ada, bea, bot=member)
    address = await said(slack, ada, place)
    for _ in range(5):
        await shown.send(address, WORDS, draw)
    await shown.send(address, Reply(body="the sixth", secret=secret, private=secret), draw)
    here = [message.words() for message in slack.visible(place, ada)]
    there = [message.words() for message in slack.visible(slack.dm(ada), ada)]
    assert ("the sixth\n" in here, "the sixth\n" in there) == (
        (True, False) if member and not secret else (False, True)
    )
    assert slack.visible(place, bea) == []


async def test_a_file_after_a_used_up_response_url_is_pointed_at(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel
) -> None:
    """The file in the direct messages, the pointer ephemeral in the channel."""
    address = await said(slack, ada, general)
    for _ in range(5):
        await shown.send(address, WORDS, draw)
    await shown.send(address, SAVED, draw)
    assert slack.visible(slack.dm(ada), ada)[0].decode() == ["https://example.com"]
    assert "direct messages" in slack.visible(general, ada)[-1].words()
