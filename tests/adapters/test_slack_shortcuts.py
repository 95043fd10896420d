"""Shortcuts: one everywhere that opens what makes a code, and those that make and read of a message."""

import json
from typing import Any

import pytest

from adapters.slack.content import content_of
from adapters.slack.parse import Unparsable, parse
from adapters.slack.shortcuts import MAKE, OF_MESSAGE, READ, SHORTCUTS
from bot.message import About, Actor, Asking, Request, Space, SpaceKind, Upload
from storage.records import Code
from tests.adapters.slack_bodies import HERE, NOW, menu, shortcut
from tests.adapters.slack_talk import Talk, apart
from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.slack import Channel, File, Message, Person
from tests.fakes.slack.shortcuts import about

__all__ = ["apart"]

VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Byron;Ada\r\nFN:Ada Byron\r\nTEL:+49301234567\r\nEND:VCARD\r\n"
PICTURE = {"id": "F1", "name": "code.png", "mimetype": "image/png", "size": 9}
CARD = {"id": "F2", "name": "ada.vcf", "mimetype": "text/vcard", "size": 9}
READY = Upload("F1", "code.png", "image/png", 9)
TADA = {"type": "emoji", "name": "tada", "unicode": "1f389"}
HOSTED = "https://files.slack.com/files-pri/T1-F7/code.png"


def read(body: dict[str, Any]) -> Request:
    """Read a body that is for us."""
    request = parse(body, NOW)
    assert request is not None
    return request


def held(**said: Any) -> About:
    """Read a message."""
    return content_of({"type": "message", "ts": "17.2", **said})


# --- read ---------------------------------------------------------------------------------------------------


def test_the_definitions_are_what_a_manifest_takes() -> None:
    """docs.slack.dev/reference/app-manifest: at most ten, described in 150 characters."""
    assert [each["callback_id"] for each in SHORTCUTS] == [MAKE, OF_MESSAGE, READ]
    for each in SHORTCUTS:
        assert set(each) == {"name", "type", "callback_id", "description"}
        assert each["type"] == ("global" if each["callback_id"] == MAKE else "message")
        assert len(each["description"]) <= 150


def test_the_shortcut_everywhere_asks_for_a_code_where_no_channel_is() -> None:
    """What it leads to is answered in the direct messages."""
    assert read(shortcut()) == Request(
        id="slack:13.39.abc",
        actor=Actor("slack", "T1:U1", "ada"),
        space=Space("slack", "T1:U1"),
        text="/qr",
        asking=Asking.FORM,
        address={"team": "T1", "channel": "", "user": "U1", "alone": 1},
    )


def test_a_message_is_made_into_a_code_for_the_person_alone() -> None:
    """By the response_url, as a slash command is."""
    assert read(menu(text="see <https://a.example?b=1&amp;c=2> &lt;3")) == Request(
        id="slack:13.40.abc",
        actor=Actor("slack", "T1:U1", "ada"),
        space=Space("slack", "T1:C1", SpaceKind.CHANNEL),
        text="/qr",
        about=About("see https://a.example?b=1&c=2 <3", ("https://a.example?b=1&c=2",)),
        asking=Asking.FORM,
        address={
            "team": "T1", "channel": "C1", "user": "U1", "aside": 1,
            "response_url": HERE, "until": int(NOW) + 1740,
        },
        aside=True,
    )  # fmt: skip


def test_in_our_own_direct_messages_nobody_else_reads_along() -> None:
    """Only those are told; any other conversation of two has the same kind of id."""
    request = parse(menu(channel="D1"), NOW, "D1")
    assert request is not None
    assert (request.space.kind, request.aside) == (SpaceKind.PRIVATE, False)
    assert (request.address["aside"], request.address["direct"]) == (0, 1)
    assert (read(menu(channel="D1")).space.kind, read(menu(channel="D1")).aside) == (SpaceKind.CHANNEL, True)


def test_an_answer_stands_in_the_thread_that_the_message_is_in() -> None:
    """The message that a thread began with stands outside of it."""
    assert read(menu(thread_ts="17.1")).address["thread"] == "17.1"
    assert "thread" not in read(menu(thread_ts="17.2")).address


@pytest.mark.parametrize(
    ("said", "text", "found"),
    [
        ({"files": [PICTURE, CARD]}, "/qr", About(uploads=(Upload("F2", "ada.vcf", "text/vcard", 9),))),
        ({"text": "", "files": [PICTURE]}, "/qr", About(uploads=(READY,))),
        ({"files": [PICTURE]}, "/qr", About("hello")),
        ({"text": " "}, "", None),
        ({"text": "", "files": [{"id": "F1", "name": "a.zip", "mimetype": "application/zip"}]}, "", None),
    ],
)
def test_what_a_message_is_made_into(said: dict[str, Any], text: str, found: About | None) -> None:
    """A contact or an event before the words beside it, words before a picture; nothing: words."""
    request = read(menu(**said))
    assert (request.text, request.about) == (text, found)


def test_pictures_are_read_and_nothing_else() -> None:
    """Without one it is said what to send."""
    request = read(menu(READ, files=[CARD, PICTURE]))
    assert (request.text, request.about) == ("/read", About(uploads=(READY,)))
    request = read(menu(READ, files=[CARD]))
    assert (request.text, request.about) == ("/read", None)


def test_a_link_that_never_ends_is_not_looked_for_to_the_end() -> None:
    """Apps write what they like: to look past each beginning takes seconds where there are thousands."""
    told = content_of({"attachments": [{"text": "<https://a" * 4_000 + "<https://b.example>"}]})
    assert told.links == ("https://b.example",)


@pytest.mark.parametrize(
    "body",
    [
        shortcut("other"), shortcut(OF_MESSAGE), menu("other"), menu(MAKE), shortcut(user={"id": 1}),
        shortcut(team=None, user={"id": "U1"}), menu(files=[{"id": None}]), menu(files=3),
        menu(attachments=["a"]), menu(channel="../x"), menu(text=None) | {"message": None},
        menu(text="", blocks=[{"type": "rich_text", "elements": [1]}]) | {"user": 4},
        menu(text="", blocks=[3], files=[4]),
    ],
)  # fmt: skip
def test_what_is_none_of_ours_or_has_no_shape_is_told_apart(body: dict[str, Any]) -> None:
    """It becomes a dead letter, and is acknowledged."""
    with pytest.raises(Unparsable):
        parse(body, NOW)


def test_blocks_of_any_depth_end() -> None:
    """Deeper than Python goes is a dead letter."""
    deep: Any = {"type": "text", "text": "a"}
    for _ in range(3000):
        deep = {"type": "rich_text_section", "elements": [deep]}
    with pytest.raises(Unparsable):
        parse(menu(text="", blocks=[{"type": "rich_text", "elements": [deep]}]), NOW)


# --- what a message holds -----------------------------------------------------------------------------------


def rich(*pieces: dict[str, Any]) -> dict[str, Any]:
    """Write a rich text of one part."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(pieces)}]}


@pytest.mark.parametrize(
    ("said", "text", "links"),
    [
        ({"text": "a &amp; b"}, "a & b", ()),
        ({"text": "<http://a.example|a.example>"}, "a.example", ("http://a.example",)),
        ({"text": "<https://a.example|here>"}, "https://a.example", ("https://a.example",)),
        ({"text": "<mailto:a@b.example|a@b.example>"}, "a@b.example", ()),
        ({"text": "<https://a.example> <https://b.example|b> <https://c.example> <https://d.example>"},
         "https://a.example https://b.example https://c.example https://d.example",
         ("https://a.example", "https://b.example", "https://c.example")),
        ({"text": ":tada: on", "blocks": [rich(TADA)]}, "🎉 on", ()),
        ({"text": "", "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "A &amp; B"}},
            {"type": "section", "text": {"type": "mrkdwn", "text": "see <https://a.example|this>"},
             "fields": [{"type": "plain_text", "text": "c"}],
             "accessory": {"type": "button", "text": {"type": "plain_text", "text": "Go"}, "url": "https://b.example"}},
            {"type": "context", "elements": [{"type": "image", "image_url": "x", "alt_text": "x"},
                                             {"type": "mrkdwn", "text": "d"}]}]},
         "A & B\nsee https://a.example\nc\nd", ("https://a.example", "https://b.example")),
        ({"blocks": [rich({"type": "text", "text": "a "}, {"type": "link", "url": "https://a.example"},
                          TADA, {"type": "user", "user_id": "U1"})]},
         "a https://a.example🎉", ("https://a.example",)),
        ({"attachments": [{"pretext": "p", "title": "t", "title_link": "https://a.example", "text": "x &lt;",
                           "fallback": "no"}]}, "p\nt\nx <", ("https://a.example",)),
        ({"attachments": [{"fallback": "only this"}]}, "only this", ()),
        ({"text": "", "attachments": [{"is_share": True, "text": ":tada: hi", "message_blocks": [
            {"message": {"blocks": [rich(TADA,
                                         {"type": "link", "url": "https://a.example"})]}}]}]},
         "🎉 hi", ("https://a.example",)),
        ({"attachments": [{"text": "", "message_blocks": [{"message": {"blocks": [
            rich({"type": "text", "text": "passed on"})]}}]}]}, "passed on", ()),
        ({"blocks": [{"type": "actions", "elements": [{"type": "button", "url": "https://a.example"},
                                                      {"type": "button", "url": "https://b.example"}]}]},
         "https://a.example", ("https://b.example",)),
        ({"bot_id": "B1", "subtype": "bot_message", "text": "from a bot"}, "from a bot", ()),
        ({}, "", ()),
    ],
)  # fmt: skip
def test_the_words_and_addresses_of_a_message(
    said: dict[str, Any], text: str, links: tuple[str, ...]
) -> None:
    """As they were typed, wherever they stand."""
    assert (held(**said).text, held(**said).links) == (text, links)


@pytest.mark.parametrize(
    ("said", "refs"),
    [
        ({"files": [PICTURE, PICTURE, CARD]}, ["F1", "F2"]),
        ({"files": [{"id": "F3", "file_access": "check_file_info"}]}, ["F3"]),
        ({"attachments": [{"files": [PICTURE]}, {"image_url": HOSTED}]}, ["F1", "F7"]),
        ({"attachments": [{"image_url": "https://elsewhere.example/files-pri/T1-F7/a.png"}]}, []),
        ({"blocks": [{"type": "image", "slack_file": {"id": "F4"}, "alt_text": "a"},
                     {"type": "image", "slack_file": {"url": HOSTED}, "alt_text": "a"},
                     {"type": "image", "image_url": "https://elsewhere.example/a.png", "alt_text": "a"},
                     {"type": "section", "accessory": {"type": "image", "slack_file": {"id": "F5"}}},
                     {"type": "context", "elements": [{"type": "image", "slack_file": {"id": "F6"}}]}]},
         ["F4", "F7", "F5", "F6"]),
        ({"attachments": [{"message_blocks": [{"message": {"blocks": [
            {"type": "image", "slack_file": {"id": "F8"}, "alt_text": "a"}]}}]}]}, ["F8"]),
        ({"files": [{**PICTURE, "id": f"F{number}"} for number in range(30)]},
         [f"F{number}" for number in range(21)]),
    ],
)  # fmt: skip
def test_the_files_of_a_message(said: dict[str, Any], refs: list[str]) -> None:
    """Of its own, of what it passes on, of its blocks: those that Slack has, and one more than is read."""
    assert [upload.ref for upload in held(**said).uploads] == refs


# --- from end to end ----------------------------------------------------------------------------------------


@pytest.fixture
def ada(apart: Talk) -> Person:
    """Name who uses the shortcuts."""
    return apart.ada


@pytest.fixture
def bea(apart: Talk) -> Person:
    """Name who wrote what they are used on."""
    return apart.bea


@pytest.fixture
def general(apart: Talk) -> Channel:
    """Name the channel that all are in."""
    return apart.general


async def codes(talk: Talk, person: Person) -> list[Code]:
    """List somebody's codes, newest first."""
    async with talk.core.store.reading() as work:
        found = await work.people.by_account("slack", f"{talk.slack.team}:{person.id}")
        return list((await work.codes.page(found.id)).codes) if found is not None else []


def written(
    slack: FakeSlack, channel: Channel, person: Person, text: str = "", *files: File, **more: Any
) -> Message:
    """Let somebody write, with nobody listening."""
    return slack.post(channel, person.id, text=text, files=list(files), **more)


async def answered(slack: FakeSlack, apart: Talk, person: Person, message: Message, callback_id: str) -> str:
    """Use a shortcut and give the words of its answer, which nobody else sees."""
    before = len(message.channel.messages)
    assert (await slack.act_on(person, message, callback_id)).status == 200
    await apart.settled()
    (answer,) = message.channel.messages[before:]
    assert (answer.app, answer.seen_by) == (True, person.id)
    return answer.words()


async def test_the_shortcut_everywhere_opens_a_form_and_answers_in_the_direct_messages(
    slack: FakeSlack, apart: Talk, ada: Person
) -> None:
    """The code is the person's own."""
    assert (await slack.shortcut(ada, MAKE)).status == 200
    assert (await slack.submit(ada, text="https://example.com")).body is None
    await apart.settled()
    (card,) = slack.visible(slack.dm(ada), ada)
    assert card.decode() == ["https://example.com"]
    assert "https://example.com" in card.words()
    assert [code.space for code in await codes(apart, ada)] == [f"slack:{slack.team}:{ada.id}"]
    assert slack.refused == []


async def test_the_shortcut_everywhere_that_came_too_late_offers_a_button(
    slack: FakeSlack, apart: Talk, ada: Person
) -> None:
    """In the direct messages, since no other place is known."""
    slack.fail("views.open", status=500)
    assert (await slack.shortcut(ada, MAKE)).status == 200
    await apart.settled()
    (offer,) = slack.visible(slack.dm(ada), ada)
    await slack.press(ada, offer, "Open the form")
    assert slack.view(ada).payload["callback_id"] == "builder"


@pytest.mark.parametrize("member", [True, False])
async def test_a_message_becomes_a_code_that_its_asker_alone_sees(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, member: bool
) -> None:
    """The escapes undone, the history that of who asked; also where the bot is not in the channel."""
    channel = slack.channel("somewhere", ada, bea, bot=member)
    message = written(slack, channel, bea, "a & b <c> 🎉")
    assert "direct messages" in await answered(slack, apart, ada, message, OF_MESSAGE)
    assert slack.visible(slack.dm(ada), ada)[0].decode() == ["a & b <c> 🎉"]
    assert slack.visible(channel, bea) == []
    assert [code.text for code in await codes(apart, ada)] == ["a & b <c> 🎉"]
    assert await codes(apart, bea) == []
    assert slack.refused == []


async def test_a_message_between_two_others_is_none_of_the_bots_direct_messages(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person
) -> None:
    """The menu is there too; the answer goes by the response_url and to the asker's own direct messages."""
    theirs = Channel("D0OTHERS1", "", {ada.id, bea.id})
    slack.channels[theirs.id] = theirs
    message = written(slack, theirs, bea, "+49 30 1234567")
    assert "direct messages" in await answered(slack, apart, ada, message, OF_MESSAGE)
    assert slack.visible(slack.dm(ada), ada)[0].decode() == ["tel:+49301234567"]
    assert slack.refused == []


@pytest.mark.parametrize("text", ["help", "/wifi", "forgetme", "/post 7K3FABCDEF confirm=yes"])
async def test_a_message_is_never_taken_for_a_command(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel, text: str
) -> None:
    """Whoever wrote it did not say it to us, and whoever uses the menu did not say it."""
    await answered(slack, apart, ada, written(slack, general, bea, text), OF_MESSAGE)
    assert [code.text for code in await codes(apart, ada)] == [text]


async def test_in_our_direct_messages_it_is_answered_there(
    slack: FakeSlack, apart: Talk, ada: Person
) -> None:
    """With the picture, and without a word about where it is."""
    message = written(slack, slack.dm(ada), ada, "to myself")
    assert (await slack.act_on(ada, message, OF_MESSAGE)).status == 200
    await apart.settled()
    assert [each.decode() for each in slack.visible(slack.dm(ada), ada)] == [["to myself"]]
    assert slack.refused == []


async def test_what_was_made_of_a_message_can_be_shared(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """In the thread that the message is in."""
    first = written(slack, general, bea, "look")
    message = written(slack, general, bea, "https://a.example", thread=first.ts)
    await answered(slack, apart, ada, message, OF_MESSAGE)
    await apart.presses(general.messages[-1], "Share to channel")
    (posted,) = apart.leaked()
    assert (posted.decode(), posted.thread) == (["https://a.example"], first.ts)


async def test_the_addresses_of_a_message_are_buttons(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """Each makes a code of its own."""
    message = written(slack, general, bea, "First https://a.example/x?b=1&c=2 then https://b.example")
    await slack.act_on(ada, message, OF_MESSAGE)
    await apart.settled()
    card = slack.visible(slack.dm(ada), ada)[-1]
    assert {"Link to a.example", "Link to b.example"} <= set(card.labels())
    await slack.press(ada, card, "Link to a.example")
    await apart.settled()
    assert "https://a.example/x?b=1&c=2" in [code.text for code in await codes(apart, ada)]


async def test_a_contact_that_is_a_file_becomes_its_code(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """The words beside it are not what is meant."""
    card = slack.file(bea, "ada.vcf", VCARD.encode())
    await slack.act_on(ada, written(slack, general, bea, "my sister", card), OF_MESSAGE)
    await apart.settled()
    (code,) = await codes(apart, ada)
    assert (code.kind, "Byron" in code.text) == ("contact", True)


async def test_an_answer_in_a_thread_stays_there(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """For the asker alone."""
    first = written(slack, general, bea, "look")
    answer = written(slack, general, bea, "", slack.file(bea, "a.png", qr("in the thread")), thread=first.ts)
    assert "in the thread" in await answered(slack, apart, ada, answer, READ)
    assert general.messages[-1].thread == first.ts


async def test_all_pictures_of_a_message_are_read(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """Those it passes on among them, and those that stand in its blocks."""
    files = [slack.file(bea, f"{text}.png", qr(text)) for text in ("one", "two", "three")]
    message = written(slack, general, bea, "", files[0])
    image = {"type": "image", "slack_file": {"id": files[2].id}, "alt_text": "a"}
    passed = [{"is_share": True, "text": "", "files": [about(files[1])], "blocks": [image]}]
    await slack.act_on(ada, message, READ, attachments=passed)
    await apart.settled()
    words = general.messages[-1].words()
    assert all(text in words for text in ("3 codes", "one", "two", "three"))


async def test_more_files_than_are_read_at_once_are_told(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """Thirty pictures: twenty are read, and the answer says so."""
    files = [slack.file(bea, f"{number}.png", qr(f"number {number}")) for number in range(30)]
    words = await answered(slack, apart, ada, written(slack, general, bea, "", *files), READ)
    assert "I read 20 files at once. Please send me the others again." in words
    assert ("number 19" in words, "number 20" in words) == (True, False)


async def test_a_picture_that_the_bot_cannot_see_is_asked_for(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person
) -> None:
    """It stands where the bot is not a member."""
    away = slack.channel("away", ada, bea, bot=False)
    message = written(slack, away, bea, "", slack.file(bea, "a.png", qr("secret")))
    words = await answered(slack, apart, ada, message, READ)
    assert words == "I cannot see this file. Send it to me in our direct messages.\n"
    assert apart.refusals() == ["file_not_found"]


@pytest.mark.parametrize("callback_id", [OF_MESSAGE, READ])
async def test_a_message_that_holds_nothing_is_answered_kindly(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel, callback_id: str
) -> None:
    """With what can be sent instead."""
    words = await answered(slack, apart, ada, written(slack, general, bea), callback_id)
    assert "Send me a " in words


async def test_a_menu_used_twice_in_one_breath_is_one(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """Known by its trigger."""
    await slack.act_on(ada, written(slack, general, bea, "once"), OF_MESSAGE)
    assert (await slack.again()).status == 200
    await apart.settled()
    assert len(await codes(apart, ada)) == 1


async def test_a_text_of_40000_characters_is_answered(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """No code holds it; nothing opens, the words say so, and its first addresses are there all the same."""
    message = written(slack, general, bea, "x" * 39_970 + " https://a.example")
    assert (await slack.act_on(ada, message, OF_MESSAGE)).status == 200
    await apart.settled()
    (answer,) = slack.visible(general, ada)
    assert (answer.seen_by, slack.views) == (ada.id, {})
    assert "Link to a.example" in answer.labels()
    assert slack.refused == []


async def test_a_menu_of_another_app_is_kept_and_acknowledged(
    slack: FakeSlack, apart: Talk, ada: Person, bea: Person, general: Channel
) -> None:
    """As a dead letter: the manifest names a shortcut that this version does not know."""
    assert (await slack.act_on(ada, written(slack, general, bea, "a"), "other")).status == 200
    (unit,) = apart.core.woken
    assert [json.loads(each.body)["callback_id"] for each in unit.requests] == ["other"]
