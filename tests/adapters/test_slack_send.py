"""Replies on their way to Slack: to the person alone first, nothing lost, nothing twice, nothing too soon."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web

from adapters.slack import steps
from adapters.slack.connection import Slack
from adapters.slack.parse import parse
from adapters.slack.serve import WrongToken, face, introduced, open_slack
from bot.face import Address, Face, TryLater, Undeliverable
from bot.message import Actor, Button, Field, File, Reply, Request, Space, Upload
from bot.qr.payloads import payload_of
from bot.qr.picture import Picture, Rendered
from bot.qr.picture import render as drawn_now
from bot.qr.refusal import Refused
from bot.qr.style import DEFAULT
from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.ledger import listening
from tests.fakes.slack import Channel, Message, Person

CODE = "7K3FABCDEF"
PICTURE = Picture(payload_of("https://example.com"), DEFAULT, name="example")
SAVED = Reply("https://example.com", picture=PICTURE, code=CODE, buttons=((Button("Go", "go"),),))
WORDS = Reply(body="fine")
PUBLIC = "https://qr.example"


@pytest.fixture
def shown(connection: Slack) -> Face:
    """Give the face."""
    return face(connection)


@pytest.fixture
async def pictures(slack: FakeSlack) -> AsyncIterator[dict[str, bytes]]:
    """Serve pictures at an address that Slack can reach; a test puts them there."""
    held: dict[str, bytes] = {}

    async def get(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return (
            web.Response(body=held[name], content_type="image/png")
            if name in held
            else web.Response(status=404)
        )

    app = web.Application()
    app.router.add_get("/i/{name}", get)
    async with listening(app) as url:
        slack.public[PUBLIC] = url
        yield held


@pytest.fixture
async def public(slack: FakeSlack, pictures: dict[str, bytes]) -> AsyncIterator[Face]:
    """Give the face of a bot whose pictures Slack can fetch."""
    pictures[f"{CODE}.png"] = drawn_now(PICTURE).data

    def address(code: str, version: int) -> str:
        return f"{PUBLIC}/i/{code}.png?v={version:x}"

    async with open_slack(slack.bot_token, slack.api_url, address) as opened:
        yield face(opened)


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


async def draw(picture: Picture) -> Rendered:
    """Draw for real."""
    return drawn_now(picture)


async def said(slack: FakeSlack, person: Person, channel: Channel) -> Address:
    """Type a command and give the address of its answer."""
    return await _address(slack, slack.command(person, channel, "a"))


async def under(slack: FakeSlack, person: Person, message: Message, label: str = "Go") -> Address:
    """Press a button and give the address of its answer."""
    return await _address(slack, slack.press(person, message, label))


async def _address(slack: FakeSlack, action: Any) -> Address:
    """Let somebody do something, with nobody listening, and read what was posted."""
    slack.patience = 0.0
    await action
    body = slack.posted[-1][1]
    who = body["user_id"] if "user_id" in body else body["user"]["id"]
    request = parse(body, slack.now(), slack.dm(slack.people[who]).id)
    assert request is not None
    return request.address


def mentioned(slack: FakeSlack, person: Person, channel: Channel, thread: str = "1700.1") -> Address:
    """Give the address of a mention's answer."""
    return {"team": slack.team, "channel": channel.id, "user": person.id, "thread": thread}


def home(slack: FakeSlack, person: Person) -> Address:
    """Give the address of a direct message's answer."""
    return {"team": slack.team, "channel": slack.dm(person).id, "user": person.id, "direct": 1}


# --- to the person alone ------------------------------------------------------------------------------------


async def test_a_command_is_answered_to_its_person_alone(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """By the response_url, also where the bot is not a member."""
    for place in (general, slack.channel("away", ada, bea, bot=False)):
        await shown.send(await said(slack, ada, place), Reply("<T>", "a & b", (Field("F", "v"),)), draw)
        (message,) = slack.visible(place, ada)
        assert (message.words(), message.seen_by) == ("<T>\na & b\nF: v\n", ada.id)
        assert slack.visible(place, bea) == []
    assert [call.method for call in slack.calls] == ["response_url"] * 2


async def test_a_picture_goes_to_the_direct_messages_where_it_cannot_be_fetched(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel
) -> None:
    """A file has no ephemeral form; the answer tells where it is, and the picture has words of its own."""
    await shown.send(await said(slack, ada, general), SAVED, draw)
    (card,) = slack.visible(slack.dm(ada), ada)
    assert card.decode() == ["https://example.com"]
    assert [file.name for file in slack.files.values()] == ["example.png"]
    assert (card.words(), card.labels()) == ("https://example.com\n", ["Go"])
    (notice,) = slack.visible(general, ada)
    assert (notice.words(), notice.seen_by) == ("It is in our direct messages, for your eyes only.\n", ada.id)
    (call,) = (call for call in slack.calls if call.method == "files.getUploadURLExternal")
    assert call.fields["alt_txt"] == "QR code: https://example.com"
    assert slack.refused == []


async def test_a_picture_that_can_be_fetched_stands_in_the_answer(
    slack: FakeSlack, public: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """One message, for the person alone, with buttons."""
    await public.send(await said(slack, ada, general), SAVED, draw)
    (message,) = slack.visible(general, ada)
    assert (message.decode(), message.labels(), message.seen_by) == (["https://example.com"], ["Go"], ada.id)
    assert slack.visible(general, bea) == []
    assert [call.method for call in slack.calls] == ["response_url"]


@pytest.mark.parametrize(
    "picture",
    [
        replace(PICTURE, format="svg"),
        replace(PICTURE, format="jpeg"),
        replace(PICTURE, style=replace(DEFAULT, size=2048)),
    ],
)
async def test_what_was_asked_for_is_what_comes(
    slack: FakeSlack, public: Face, ada: Person, general: Channel, picture: Picture
) -> None:
    """The address gives a PNG to look at: another format and a larger size come as files."""
    await public.send(await said(slack, ada, general), replace(SAVED, picture=picture), draw)
    (file,) = slack.visible(slack.dm(ada), ada)[0].files
    assert file.data == drawn_now(picture).data


async def test_a_picture_without_a_saved_code_is_a_file(
    slack: FakeSlack, public: Face, ada: Person, general: Channel
) -> None:
    """There is no address for it: a sample of a style, say."""
    await public.send(await said(slack, ada, general), replace(SAVED, code=""), draw)
    assert slack.visible(slack.dm(ada), ada)[0].decode() == ["https://example.com"]


@pytest.mark.parametrize("aside", [True, False])
async def test_a_picture_that_slack_fails_to_fetch_is_a_file(
    slack: FakeSlack, public: Face, pictures: dict[str, bytes], ada: Person, general: Channel, aside: bool
) -> None:
    """Our address may be wrong, or the code be gone by now: no answer is lost by that."""
    pictures.clear()
    address = await said(slack, ada, general) if aside else mentioned(slack, ada, general)
    await public.send(address, SAVED, draw)
    card = slack.visible(slack.dm(ada) if aside else general, ada)[0]
    assert (card.decode(), card.labels()) == (["https://example.com"], ["Go"])


async def test_files_go_to_the_direct_messages(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel
) -> None:
    """Texts and pictures, under their names; without a card there is nothing below them."""
    address = await said(slack, ada, general)
    files = (File("a.svg", replace(PICTURE, format="svg")), File("a.csv", text="ä;b"))
    for file in files:
        await shown.send(address, Reply(files=(file,), private=True), draw)
    messages = slack.visible(slack.dm(ada), ada)
    assert [message.files[0].name for message in messages] == ["a.svg", "a.csv"]
    assert messages[0].decode() == ["https://example.com"]
    assert messages[1].files[0].data == "ä;b".encode()
    assert len(slack.visible(general, ada)) == 2


async def test_in_the_direct_messages_nothing_is_said_of_them(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """A command typed there is answered there, once."""
    direct = slack.dm(ada)
    await shown.send(await said(slack, ada, direct), SAVED, draw)
    assert [message.decode() for message in slack.visible(direct, ada)] == [["https://example.com"]]
    await shown.send(home(slack, ada), replace(WORDS, private=True), draw)
    assert slack.visible(direct, ada)[-1].words() == "fine\n"


@pytest.mark.parametrize("spent", ["uses", "time", "ours"])
async def test_a_response_url_that_is_used_up_costs_no_answer(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel, spent: str
) -> None:
    """After five answers it is an ephemeral message; after half an hour they may be away: direct messages."""
    address = await said(slack, ada, general)
    if spent == "uses":
        for _ in range(5):
            await shown.send(address, WORDS, draw)
        slack.calls.clear()
    elif spent == "time":
        slack.later(1801)
    else:
        address = {**address, "until": 1}
    await shown.send(address, WORDS, draw)
    message = slack.visible(slack.dm(ada) if spent == "ours" else general, ada)[-1]
    assert (message.words(), message.seen_by) == ("fine\n", None if spent == "ours" else ada.id)
    assert ("response_url" in [call.method for call in slack.calls]) is (spent != "ours")
    assert slack.visible(general, bea) == []


async def test_a_secret_goes_to_nobody_else(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """Asked for in the open, it is answered in the direct messages; notifications do not show it."""
    reply = Reply("Code", "s3cret", picture=PICTURE, private=True, secret=True)
    await shown.send(mentioned(slack, ada, general), reply, draw)
    assert slack.visible(general, bea) == slack.visible(general, ada) == []
    (card,) = slack.visible(slack.dm(ada), ada)
    assert "s3cret" in card.words()
    assert "s3cret" not in card.text
    alternative = next(call for call in slack.calls if call.method == "files.getUploadURLExternal").fields[
        "alt_txt"
    ]
    assert alternative == "QR code"


async def test_whom_we_write_to_first_is_reached_in_their_direct_messages(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """They are opened once."""
    for _ in range(2):
        await shown.send(shown.reach(f"{slack.team}:{ada.id}"), WORDS, draw)
    assert [message.words() for message in slack.visible(slack.dm(ada), ada)] == ["fine\n"] * 2
    assert [call.method for call in slack.calls].count("conversations.open") == 1


# --- in the channel -----------------------------------------------------------------------------------------


async def test_a_mention_is_answered_in_its_thread(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """Picture and card, for all."""
    await shown.send(mentioned(slack, ada, general), SAVED, draw)
    (card,) = slack.visible(general, bea)
    assert (card.thread, card.labels(), card.decode()) == ("1700.1", ["Go"], ["https://example.com"])


async def test_what_is_shared_is_for_all(
    slack: FakeSlack, public: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """Where the person has chosen that."""
    await public.send(await said(slack, ada, general), replace(SAVED, shared=True), draw)
    (message,) = slack.visible(general, bea)
    assert (message.decode(), message.seen_by) == (["https://example.com"], None)


async def test_where_the_bot_is_not_a_member_it_says_how_to_invite_it(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person
) -> None:
    """To the person alone, with the answer."""
    away = slack.channel("away", ada, bea, bot=False)
    await shown.send(await said(slack, ada, away), replace(SAVED, shared=True), draw)
    (message,) = slack.visible(away, ada)
    assert "I am not in this channel, so only you see this" in message.words()
    assert "/invite @qr" in message.words()
    assert slack.visible(away, bea) == []
    (card,) = slack.visible(slack.dm(ada), ada)
    assert (card.decode(), "/invite @qr" in card.words()) == (["https://example.com"], True)
    slack.dm(ada).messages.clear()
    await shown.send(mentioned(slack, ada, away), SAVED, draw)
    assert [each.decode() for each in slack.visible(slack.dm(ada), ada)] == [["https://example.com"]]


async def test_a_direct_message_that_is_gone_is_undeliverable(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """There is nowhere else to say it."""
    with pytest.raises(Undeliverable, match="channel_not_found"):
        await shown.send({**home(slack, ada), "channel": "D0GONE"}, WORDS, draw)


async def test_a_long_reply_arrives_whole(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel
) -> None:
    """In as many messages as it needs, in order; too long for one, it goes to the direct messages."""
    text = "".join(f"{number:06} " for number in range(4000))
    await shown.send(home(slack, ada), Reply(body=text, buttons=SAVED.buttons), draw)
    messages = slack.visible(slack.dm(ada), ada)
    assert len(messages) > 1
    assert "".join(message.words() for message in messages) == text + "\n"
    assert [message.labels() for message in messages][-2:] == [[], ["Go"]]
    await shown.send(await said(slack, ada, general), Reply(body=text), draw)
    assert "direct messages" in slack.visible(general, ada)[0].words()
    assert slack.refused == []


# --- in place of what was pressed ---------------------------------------------------------------------------


async def test_a_press_changes_its_message(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """In the direct messages, with the picture that stands there already, and with another."""
    await shown.send(home(slack, ada), SAVED, draw)
    (card,) = slack.visible(slack.dm(ada), ada)
    starred = replace(SAVED, buttons=((Button("★", "go"),),), replace=True)
    await shown.send(await under(slack, ada, card), starred, draw)
    assert (card.labels(), card.decode(), len(slack.files)) == (["★"], ["https://example.com"], 1)
    other = replace(starred, picture=Picture(payload_of("other"), DEFAULT))
    await shown.send(await under(slack, ada, card, "★"), other, draw)
    assert (card.decode(), len(slack.files)) == (["other"], 2)
    assert slack.visible(slack.dm(ada), ada) == [card]
    assert slack.refused == []


async def test_an_answer_for_one_person_is_changed_for_them(
    slack: FakeSlack, public: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """Ephemeral messages can only be changed by the response_url of a press."""
    await public.send(await said(slack, ada, general), SAVED, draw)
    (message,) = slack.visible(general, ada)
    await public.send(await under(slack, ada, message), Reply(body="gone", replace=True, private=True), draw)
    assert (message.words(), message.labels(), message.pictures) == ("gone\n", [], {})
    assert slack.visible(general, bea) == []


async def test_what_all_see_is_not_replaced_by_what_is_for_one(
    slack: FakeSlack, shown: Face, ada: Person, bea: Person, general: Channel
) -> None:
    """A private answer to a press stands beside it, for the person alone; one for all takes its place."""
    await shown.send(mentioned(slack, ada, general), Reply(body="for all", buttons=SAVED.buttons), draw)
    (message,) = slack.visible(general, bea)
    await shown.send(
        await under(slack, ada, message), Reply(body="for ada", replace=True, private=True), draw
    )
    assert message.words() == "for all\n"
    assert [(each.words(), each.thread) for each in slack.visible(general, ada)[1:]] == [
        ("for ada\n", "1700.1")
    ]
    await shown.send(await under(slack, bea, message), Reply(body="for all again", replace=True), draw)
    assert message.words() == "for all again\n"
    assert slack.visible(general, bea) == [message]


async def test_a_command_has_nothing_to_replace(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel
) -> None:
    """Its response_url cannot change what it said before."""
    address = await said(slack, ada, general)
    for text in ("one", "two"):
        await shown.send(address, Reply(body=text, replace=True), draw)
    assert [message.words() for message in slack.visible(general, ada)] == ["one\n", "two\n"]
    assert slack.refused == []


async def test_a_press_too_old_to_change_its_message_is_answered_anew(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """Picture and all, since the old message stays as it was."""
    await shown.send(home(slack, ada), SAVED, draw)
    (card,) = slack.visible(slack.dm(ada), ada)
    address = await under(slack, ada, card)
    slack.later(1801)
    await shown.send(address, replace(SAVED, buttons=((Button("★", "go"),),), replace=True), draw)
    *_, anew = slack.visible(slack.dm(ada), ada)
    assert (anew.decode(), anew.labels(), card.labels()) == (["https://example.com"], ["★"], ["Go"])


# --- faults -------------------------------------------------------------------------------------------------


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait almost nothing in the middle of a reply."""
    monkeypatch.setattr(steps, "PAUSES", (0.01, 0.01, 0.01))


async def test_flood_control_says_how_long_to_wait(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel
) -> None:
    """Seconds come from Slack, for a method, for an upload and for a response_url."""
    address = await said(slack, ada, general)
    for method, where, reply in (
        ("chat.postMessage", home(slack, ada), WORDS),
        ("files.getUploadURLExternal", home(slack, ada), SAVED),
        ("upload", home(slack, ada), SAVED),
        ("response_url", address, WORDS),
    ):
        slack.fail(method, status=429, retry_after=7)
        with pytest.raises(TryLater) as caught:
            await shown.send(where, reply, draw)
        assert caught.value.seconds == 7
    assert slack.visible(slack.dm(ada), ada) == []


@pytest.mark.parametrize(
    "fault", [{"status": 500}, {"status": 503}, {"status": 502, "html": True}, {"cut": "before"}]
)
@pytest.mark.parametrize("method", ["chat.postMessage", "response_url", "upload"])
async def test_faults_that_pass_are_tried_again_later(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel, method: str, fault: dict[str, Any]
) -> None:
    """Slack's own, a proxy's and the network's; the reason holds no address."""
    address = await said(slack, ada, general) if method == "response_url" else home(slack, ada)
    slack.fail(method, times=2 if "cut" in fault else 1, **fault)
    with pytest.raises(TryLater) as caught:
        await shown.send(address, SAVED if method == "upload" else WORDS, draw)
    assert caught.value.seconds is None
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_token_that_is_revoked_is_tried_again_much_later(
    slack: FakeSlack, shown: Face, ada: Person, code: str
) -> None:
    """The operator gets time to set another."""
    slack.revoked = code
    with pytest.raises(TryLater, match=code) as caught:
        await shown.send(home(slack, ada), WORDS, draw)
    assert caught.value.seconds == 300


async def test_what_is_refused_for_good_is_undeliverable(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Somebody who is gone; a scope that is missing."""
    with pytest.raises(Undeliverable, match="user_not_found"):
        await shown.send(shown.reach("T1:U0GONE"), WORDS, draw)
    slack.scopes -= {"chat:write"}
    with pytest.raises(Undeliverable, match="missing_scope"):
        await shown.send(home(slack, ada), WORDS, draw)


async def test_an_answer_that_is_no_json_is_tried_again(slack: FakeSlack, ada: Person) -> None:
    """Something between us and Slack may speak in its place, and even call it JSON."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=b"<html>", content_type="application/json", headers={"Retry-After": "soon"})

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    async with listening(app) as url, open_slack(slack.bot_token, f"{url}/api/") as connection:
        with pytest.raises(TryLater, match="HTTP 200") as caught:
            await face(connection).send(home(slack, ada), WORDS, draw)
    assert caught.value.seconds is None


@pytest.mark.parametrize("fault", [{"status": 429, "retry_after": 1}, {"status": 500}, {"cut": "before"}])
async def test_a_fault_in_the_middle_does_not_send_the_beginning_twice(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel, quick: None, fault: dict[str, Any]
) -> None:
    """The picture is with Slack: its message waits for its turn, here."""
    slack.fail("chat.postMessage", times=2, **fault)
    await shown.send(await said(slack, ada, general), SAVED, draw)
    assert [message.decode() for message in slack.visible(slack.dm(ada), ada)] == [["https://example.com"]]
    assert len(slack.files) == 1
    assert len(slack.visible(general, ada)) == 1


@pytest.mark.parametrize(("fault", "times"), [({"status": 500}, 4), ({"status": 429, "retry_after": 600}, 1)])
async def test_a_fault_that_lasts_is_tried_again_later_all_the_same(
    slack: FakeSlack, shown: Face, ada: Person, quick: None, fault: dict[str, Any], times: int
) -> None:
    """A lane is not held up for ever."""
    slack.fail("chat.postMessage", times=times, **fault)
    with pytest.raises(TryLater):
        await shown.send(home(slack, ada), SAVED, draw)


async def test_words_that_slack_refuses_for_good_end_a_reply(
    slack: FakeSlack, shown: Face, ada: Person, quick: None
) -> None:
    """Trying again would not help."""
    slack.scopes -= {"chat:write"}
    with pytest.raises(Undeliverable, match="missing_scope"):
        await shown.send(home(slack, ada), SAVED, draw)
    assert len([call for call in slack.calls if call.method == "chat.postMessage"]) == 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retry_after": 9}, {"cut": "before"}])
async def test_a_notice_that_does_not_arrive_sends_nothing_twice(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel, fault: dict[str, Any]
) -> None:
    """What counts is in the direct messages already."""
    slack.fail("response_url", times=2, **fault)
    await shown.send(await said(slack, ada, general), SAVED, draw)
    assert len(slack.visible(slack.dm(ada), ada)) == 1


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 429, "retry_after": 9}])
async def test_a_notice_by_the_other_way_sends_nothing_twice_either(
    slack: FakeSlack, shown: Face, ada: Person, general: Channel, fault: dict[str, Any]
) -> None:
    """A mention has no response_url: Slack's own call says where the answer is."""
    slack.fail("chat.postEphemeral", times=2, **fault)
    there = {**mentioned(slack, ada, general, ""), "until": 2**40}
    await shown.send(there, replace(SAVED, private=True), draw)
    assert len(slack.visible(slack.dm(ada), ada)) == 1


async def test_a_picture_that_was_not_named_after_all_is_not_left_behind(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """Each try uploads it anew: what an answer did not reach its message with is deleted."""
    await shown.send(home(slack, ada), replace(WORDS, buttons=SAVED.buttons), draw)
    (message,) = slack.visible(slack.dm(ada), ada)
    address = await under(slack, ada, message)
    slack.fail("response_url", status=500)
    with pytest.raises(TryLater):
        await shown.send({**address, "direct": 1}, replace(SAVED, replace=True), draw)
    assert [file.deleted for file in slack.files.values()] == [True]
    await shown.send({**address, "direct": 1}, replace(SAVED, replace=True), draw)
    assert [file.deleted for file in slack.files.values()] == [True, False]


async def test_what_cannot_be_drawn_is_said_by_the_deliveries(
    slack: FakeSlack, shown: Face, ada: Person
) -> None:
    """A refusal passes through, and nothing was sent."""

    async def refuse(_: Picture) -> Rendered:
        raise Refused("This does not scan.")

    with pytest.raises(Refused, match="scan"):
        await shown.send(home(slack, ada), SAVED, refuse)
    assert slack.calls == []


# --- the connection -----------------------------------------------------------------------------------------


async def test_a_start_waits_until_slack_can_be_reached(slack: FakeSlack, connection: Slack) -> None:
    """A fault of the network at start ends nothing."""
    slack.fail("auth.test", status=502, html=True)
    assert await introduced(connection) == slack.team
    assert [call.answered for call in slack.calls] == [502, 200]


async def test_a_wrong_token_ends_the_start(slack: FakeSlack) -> None:
    """Without saying it."""
    async with open_slack("xoxb-wrong", slack.api_url) as connection:
        with pytest.raises(WrongToken, match=r"^bot$"):
            await introduced(connection)


# --- what a request lacks -----------------------------------------------------------------------------------


def asked(slack: FakeSlack, person: Person, *uploads: Upload, admin: bool | None = None) -> Request:
    """Ask something of the bot that needs more than was posted."""
    actor = Actor("slack", f"{slack.team}:{person.id}")
    return Request("slack:1", actor, Space("slack", f"{slack.team}:C1"), uploads=uploads, admin=admin)


@pytest.mark.parametrize("size", [1000, 3_000_000])
async def test_a_file_is_fetched_whole(slack: FakeSlack, shown: Face, ada: Person, size: int) -> None:
    """However many pieces it comes in; one that is here already is not fetched again."""
    data = qr("hello") + bytes(size)
    file = slack.file(ada, "code.png", data)
    here = Upload("F0", data=b"here")
    ready = await shown.prepare(asked(slack, ada, Upload(file.id), here, admin=False))
    assert [upload.data for upload in ready.uploads] == [data, b"here"]
    assert (ready.uploads[0].size, ready.admin) == (len(data), False)


async def test_files_over_the_limit_are_refused_kindly(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """By the size that Slack names, and by the bytes where it names none or another."""
    for named in (True, False):
        file = slack.file(ada, "code.png", bytes(20_000_001))
        file.told = len(file.data) if named else 5
        with pytest.raises(Refused, match="the limit is 20 MB"):
            await shown.prepare(asked(slack, ada, Upload(file.id)))
    assert [call.method for call in slack.calls].count("file") == 1
    file = slack.file(ada, "code.png", bytes(20_000_000))
    assert (await shown.prepare(asked(slack, ada, Upload(file.id)))).uploads[0].size == 20_000_000


@pytest.mark.parametrize(
    "address",
    [
        "ftp://127.0.0.1/f",
        "https://drive.example/f",
        "http://127.0.0.1.example/",
        "//",
        "",
        "file:///etc/passwd",
    ],
)
async def test_the_token_goes_to_slack_alone(
    slack: FakeSlack, shown: Face, ada: Person, address: str
) -> None:
    """A file that is kept elsewhere is not fetched."""
    file = slack.file(ada, "code.png", qr("a"))
    file.outside = address or "x"
    with pytest.raises(Refused, match="outside Slack"):
        await shown.prepare(asked(slack, ada, Upload(file.id)))


async def test_no_redirect_is_followed_with_the_token(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Wherever it leads."""
    seen: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        seen.append(request.path)
        if request.path == "/first":
            raise web.HTTPFound("/second")
        return web.Response(body=qr("a"), content_type="image/png")

    app = web.Application()
    app.router.add_get("/{name}", elsewhere)
    async with listening(app) as url:
        file = slack.file(ada, "code.png", qr("a"))
        file.outside = f"{url}/first"
        with pytest.raises(TryLater, match="HTTP 302"):
            await shown.prepare(asked(slack, ada, Upload(file.id)))
    assert seen == ["/first"]


@pytest.mark.parametrize(
    ("method", "fault", "seconds"),
    [
        ("files.info", {"status": 500}, None),
        ("files.info", {"status": 429, "retry_after": 5}, 5),
        ("file", {"status": 502, "html": True}, None),
        ("file", {"status": 429, "retry_after": 6}, 6),
        ("file", {"cut": "before"}, None),
    ],
)
async def test_a_file_that_cannot_be_fetched_now_is_fetched_later(
    slack: FakeSlack, shown: Face, ada: Person, method: str, fault: dict[str, Any], seconds: float | None
) -> None:
    """And no sooner than Slack asks."""
    file = slack.file(ada, "code.png", qr("a"))
    slack.fail(method, times=2, **fault)
    with pytest.raises(TryLater) as caught:
        await shown.prepare(asked(slack, ada, Upload(file.id)))
    assert caught.value.seconds == seconds


async def test_a_login_page_is_no_picture(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Slack gives one with status 200 to a token that may not read the file."""
    file = slack.file(ada, "code.png", qr("a"))
    file.locked = True
    with pytest.raises(TryLater, match="download"):
        await shown.prepare(asked(slack, ada, Upload(file.id)))


async def test_a_file_that_is_gone_is_not_asked_for_again(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Deleted between the message and now, or never ours to see."""
    with pytest.raises(Refused, match="cannot see this file"):
        await shown.prepare(asked(slack, ada, Upload("F0GONE")))


async def test_files_that_are_too_large_together_come_one_by_one(
    slack: FakeSlack, shown: Face, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is refused with several files is tried again with each."""
    monkeypatch.setattr("adapters.slack.fetch.TOGETHER", 2 * len(qr("a")))
    files = [Upload(slack.file(ada, "code.png", qr("a")).id) for _ in range(3)]
    with pytest.raises(Refused, match="too large"):
        await shown.prepare(asked(slack, ada, *files))
    assert (await shown.prepare(asked(slack, ada, files[0]))).uploads[0].data == qr("a")


async def test_who_may_set_a_channels_kit_is_looked_up(slack: FakeSlack, shown: Face, ada: Person) -> None:
    """Admins and owners of the workspace; once known it is not asked again."""
    boss, owner = slack.person("boss", admin=True), slack.person("owner", owner=True)
    found = [(await shown.prepare(asked(slack, person))).admin for person in (ada, boss, owner)]
    assert found == [False, True, True]
    slack.calls.clear()
    assert (await shown.prepare(asked(slack, ada, admin=True))).admin is True
    assert slack.calls == []
    slack.fail("users.info", status=503)
    with pytest.raises(TryLater):
        await shown.prepare(asked(slack, ada))
