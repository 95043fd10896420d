"""The fake Slack under slack_sdk and plain HTTP: what it takes, and every refusal of it."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, web
from PIL import Image
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import FakeSlack
from tests.fakes.drawn import alike, middle, plain, qr
from tests.fakes.ledger import JSON, listening
from tests.fakes.slack import Channel, Person
from tests.fakes.slack.samples import OPTION, PLAIN, SELECT, actions, button, modal, words

PUBLIC = "https://qr.example"


@pytest.fixture
def client(slack: FakeSlack, http: ClientSession) -> AsyncWebClient:
    """Connect the real library."""
    return connected(slack, http)


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada", admin=True)


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel that the bot is in."""
    return slack.channel("general", ada)


def connected(slack: FakeSlack, http: ClientSession, token: str | None = None) -> AsyncWebClient:
    """Give a client of this Slack."""
    known = slack.bot_token if token is None else token
    return AsyncWebClient(known or None, base_url=slack.api_url, session=http)


async def refusal(slack: FakeSlack, call: Any) -> str:
    """Make a call and give the code of its refusal."""
    with pytest.raises(SlackApiError) as refused:
        await call
    assert slack.refused
    return str(refused.value.response["error"])


# --- who asks -----------------------------------------------------------------------------------------------


async def test_the_bot_learns_who_it_is(slack: FakeSlack, client: AsyncWebClient) -> None:
    """auth.test names the bot of the token."""
    answer = await client.auth_test()
    assert (answer["user_id"], answer["team_id"]) == (slack.bot_user, slack.team)


async def test_tokens_are_checked(slack: FakeSlack, http: ClientSession) -> None:
    """None, another, and the app's in place of the bot's and the other way round."""
    assert await refusal(slack, connected(slack, http, "").auth_test()) == "not_authed"
    assert await refusal(slack, connected(slack, http, "xoxb-other").auth_test()) == "invalid_auth"
    assert await refusal(slack, connected(slack, http, slack.app_token).auth_test()) == "invalid_auth"
    client = connected(slack, http)
    assert await refusal(slack, client.apps_connections_open(app_token="xapp-other")) == "invalid_auth"
    wrong = client.apps_connections_open(app_token=slack.bot_token)
    assert await refusal(slack, wrong) == "not_allowed_token_type"


async def test_a_revoked_token_stops_working(slack: FakeSlack, client: AsyncWebClient) -> None:
    """With the code that the workspace's doing has."""
    slack.revoked = "token_revoked"
    assert await refusal(slack, client.auth_test()) == "token_revoked"


async def test_an_unknown_method_is_refused(slack: FakeSlack, client: AsyncWebClient) -> None:
    """As a code in an answer with status 200, as everything is."""
    assert await refusal(slack, client.api_call("coffee.make")) == "unknown_method"
    assert slack.calls[-1].answered == 200


@pytest.mark.parametrize(
    ("scope", "method", "fields"),
    [
        ("chat:write", "chat.postMessage", {"channel": "C1", "text": "a"}),
        ("users:read", "users.info", {"user": "U1"}),
        ("team:read", "team.info", {}),
        ("im:write", "conversations.open", {"users": "U1"}),
        ("files:write", "files.getUploadURLExternal", {"filename": "a", "length": 1}),
        ("files:write", "files.completeUploadExternal", {"files": "[]"}),
        ("files:read", "files.info", {"file": "F1"}),
    ],
)
async def test_a_missing_scope_is_refused(
    slack: FakeSlack, client: AsyncWebClient, scope: str, method: str, fields: JSON
) -> None:
    """Each method has its own."""
    slack.scopes -= {scope}
    assert await refusal(slack, client.api_call(method, params=fields)) == "missing_scope"


async def test_people_are_known_by_their_ids(slack: FakeSlack, client: AsyncWebClient, ada: Person) -> None:
    """Also whether they lead the workspace."""
    user = (await client.users_info(user=ada.id))["user"]
    assert (user["name"], user["is_admin"], user["is_owner"]) == ("ada", True, False)
    assert await refusal(slack, client.users_info(user="U0GONE")) == "user_not_found"
    assert await refusal(slack, client.conversations_open(users="U0GONE")) == "user_not_found"


async def test_a_profile_photo_is_public(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession, ada: Person
) -> None:
    """Without one, addresses of a drawn one are told, and no more."""
    drawn = (await client.users_info(user=ada.id))["user"]["profile"]
    assert drawn["image_512"].startswith("https://secure.gravatar.com/")
    assert not {"image_original", "is_custom_image"} & set(drawn)
    ada.photo = plain("navy", 600, 600)
    profile = (await client.users_info(user=ada.id))["user"]["profile"]
    assert profile["is_custom_image"] is True
    for name, side in (("image_24", 24), ("image_512", 512), ("image_original", 600)):
        assert await seen(http, profile[name]) == (side, True)


async def test_the_workspaces_icon_is_public(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession
) -> None:
    """A drawn one says so."""
    icon = (await client.team_info())["team"]["icon"]
    assert (icon["image_default"], icon["image_230"][:25]) == (True, "https://a.slack-edge.com/")
    slack.icon = plain("navy", 600, 600)
    team = (await client.team_info())["team"]
    assert (team["id"], "image_default" in team["icon"]) == (slack.team, False)
    assert await seen(http, team["icon"]["image_34"]) == (34, True)
    assert await seen(http, team["icon"]["image_230"]) == (230, True)


async def seen(http: ClientSession, address: str) -> tuple[int, bool]:
    """Fetch a picture as anybody can; gives its width, and whether it is navy."""
    async with http.get(address) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        data = await answer.read()
    with Image.open(io.BytesIO(data)) as image:
        return image.width, alike(middle(data), (0, 0, 128))


async def test_a_token_at_a_public_address_fails_the_test() -> None:
    """Whoever holds the token could speak as the bot; those hosts are not to see it."""
    leaking = FakeSlack()
    person = leaking.person()
    person.photo = plain("navy")
    headers = {"Authorization": f"Bearer {leaking.bot_token}"}
    await leaking.__aenter__()
    async with ClientSession() as http:
        await http.get(f"{leaking.url}/avatars/{person.id}_72.jpg", headers=headers)
    with pytest.raises(AssertionError, match="the fake itself failed"):
        await leaking.__aexit__(None, None, None)


# --- messages -----------------------------------------------------------------------------------------------


async def test_a_message_arrives(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, general: Channel
) -> None:
    """In its thread, with its words and buttons, for everybody."""
    blocks = [*words("hello"), actions(button())]
    sent = await client.chat_postMessage(channel=general.id, text="hi", blocks=blocks, thread_ts="1.2")
    (message,) = slack.visible(general, ada)
    assert (message.ts, message.thread, message.text) == (sent["ts"], "1.2", "hi")
    assert (message.words(), message.labels(), message.seen_by) == ("hello", ["Go"], None)
    assert slack.refused == []


async def test_only_where_the_bot_is_it_can_speak(
    slack: FakeSlack, client: AsyncWebClient, ada: Person
) -> None:
    """Not in other channels, not in other people's direct messages, not to a person's id."""
    away = slack.channel("away", ada, bot=False)
    direct = slack.dm(ada)
    direct.members.discard(slack.bot_user)
    for channel, code in (
        (away.id, "not_in_channel"),
        (direct.id, "channel_not_found"),
        (ada.id, "channel_not_found"),
    ):
        assert await refusal(slack, client.chat_postMessage(channel=channel, text="a")) == code


async def test_a_message_has_a_text_or_blocks(
    slack: FakeSlack, client: AsyncWebClient, general: Channel
) -> None:
    """And not too much of either."""
    long = client.chat_postMessage(channel=general.id, text="x" * 40_001)
    assert await refusal(slack, long) == "msg_too_long"
    empty = client.api_call("chat.postMessage", json={"channel": general.id, "text": "", "blocks": []})
    assert await refusal(slack, empty) == "no_text"
    blocks = [block for _ in range(5) for block in words("x" * 2900)]
    much = client.chat_postMessage(channel=general.id, text="a", blocks=blocks)
    assert await refusal(slack, much) == "msg_blocks_too_long"


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "section", "text": PLAIN}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}],
        [{"type": "section", "fields": [PLAIN]}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 150}}, {"type": "divider"}],
        [actions(*(button(str(n)) for n in range(25)))],
        [
            actions(
                button(text={"type": "plain_text", "text": "x" * 75}, style="danger", url="https://a.example")
            )
        ],
        [actions(SELECT | {"initial_option": OPTION})],
        [{"type": "divider", "block_id": "x" * 255}],
        [{"type": "divider"}] * 50,
        [{"type": "context", "elements": [PLAIN]}],
    ],
)
async def test_what_block_kit_takes_is_taken(
    client: AsyncWebClient, general: Channel, blocks: list[JSON]
) -> None:
    """Up to its limits."""
    assert (await client.chat_postMessage(channel=general.id, text="a", blocks=blocks))["ok"]


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [{"type": "marquee"}],
        [{"type": "input", "label": PLAIN, "element": {"type": "plain_text_input", "action_id": "a"}}],
        [{"type": "divider", "colour": "red"}],
        [{"type": "divider", "block_id": "x" * 256}],
        [{"type": "divider", "block_id": ""}],
        [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}],
        [{"type": "section"}],
        [{"type": "section", "text": "a"}],
        [{"type": "section", "text": {"type": "html", "text": "a"}}],
        [{"type": "section", "text": {"type": "plain_text", "text": ""}}],
        [{"type": "section", "text": {"type": "plain_text", "text": " \n"}}],
        [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}],
        [{"type": "section", "text": PLAIN | {"colour": "red"}}],
        [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "a"}}],
        [{"type": "image", "alt_text": "a"}],
        [{"type": "image", "image_url": "https://qr.example/a", "slack_file": {"id": "F1"}, "alt_text": "a"}],
        [{"type": "image", "image_url": "x" * 3001, "alt_text": "a"}],
        [{"type": "image", "image_url": "https://qr.example/a"}],
        [{"type": "image", "image_url": "https://qr.example/a", "alt_text": "x" * 2001}],
        [actions()],
        [actions(*(button(str(n)) for n in range(26)))],
        [actions(button(), button())],
        [actions(button()), actions(button())],
        [actions(button(""))],
        [actions(button("x" * 256))],
        [actions(button(value="x" * 2001))],
        [actions(button(url="x" * 3001))],
        [actions(button(style="loud"))],
        [actions(button(colour="red"))],
        [actions(button(text={"type": "plain_text", "text": "x" * 76}))],
        [actions(button(text={"type": "mrkdwn", "text": "a"}))],
        [actions({"type": "plain_text_input", "action_id": "a"})],
        [actions(SELECT | {"options": []})],
        [actions(SELECT | {"options": [OPTION] * 101})],
        [actions(SELECT | {"options": [{"text": PLAIN, "value": ""}]})],
        [actions(SELECT | {"options": [{"text": PLAIN, "value": "x" * 151}]})],
        [actions(SELECT | {"options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "a"}]})],
        [actions(SELECT | {"initial_option": {"text": PLAIN, "value": "b"}})],
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]}],
        [{"type": "rich_text", "elements": [{"type": "rich_text_table", "elements": []}]}],
        words(""),
        words("x" * 3001),
    ],
)
async def test_what_block_kit_does_not_take_is_refused(
    slack: FakeSlack, client: AsyncWebClient, general: Channel, blocks: list[JSON]
) -> None:
    """Over the limits, unknown, empty, twice the same; and nothing is posted."""
    sent = client.chat_postMessage(channel=general.id, text="a", blocks=blocks)
    assert await refusal(slack, sent) == "invalid_blocks"
    assert general.messages == []


@asynccontextmanager
async def serving(slack: FakeSlack) -> AsyncIterator[None]:
    """Serve a picture, a page and an error at an address that Slack can reach."""

    async def get(request: web.Request) -> web.Response:
        kind = {"a.png": "image/png", "a.html": "text/html"}.get(request.match_info["name"])
        return web.Response(body=qr("hello"), content_type=kind) if kind else web.Response(status=410)

    app = web.Application()
    app.router.add_get("/{name}", get)
    async with listening(app) as url:
        slack.public[PUBLIC] = url
        yield


async def test_slack_fetches_pictures_itself(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, general: Channel
) -> None:
    """From public addresses, and only pictures: a message with another is refused as a whole."""
    async with serving(slack):
        image = {"type": "image", "image_url": f"{PUBLIC}/a.png", "alt_text": "a"}
        await client.chat_postMessage(channel=general.id, text="a", blocks=[image])
        assert slack.visible(general, ada)[0].decode() == ["hello"]
        for address in (
            f"{PUBLIC}/a.html",
            f"{PUBLIC}/gone",
            slack.public[PUBLIC] + "/a.png",
            "https://a.example/a.png",
        ):
            sent = client.chat_postMessage(
                channel=general.id, text="a", blocks=[image | {"image_url": address}]
            )
            assert await refusal(slack, sent) == "invalid_blocks"


# --- files --------------------------------------------------------------------------------------------------


async def test_the_librarys_own_upload_arrives(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, general: Channel
) -> None:
    """Three steps, the last shares it; with a comment and in a thread."""
    await client.files_upload_v2(
        channel=general.id, content=qr("hello"), filename="a.png", initial_comment="look", thread_ts="1.2"
    )
    (message,) = slack.visible(general, ada)
    assert (message.decode(), message.text, message.thread) == (["hello"], "look", "1.2")
    assert [call.method for call in slack.calls] == [
        "files.getUploadURLExternal", "upload", "files.completeUploadExternal",
    ]  # fmt: skip
    told = (await client.files_info(file=message.files[0].id))["file"]
    assert (told["mimetype"], told["size"]) == ("image/png", len(message.files[0].data))


@pytest.mark.parametrize(("name", "length", "alternative"), [("", 1, ""), ("a", 0, ""), ("a", 1, "x" * 1001)])
async def test_an_upload_has_a_name_and_a_length(
    slack: FakeSlack, client: AsyncWebClient, name: str, length: int, alternative: str
) -> None:
    """And an alternative text that is not too long."""
    asked = client.files_getUploadURLExternal(filename=name, length=length, alt_txt=alternative)
    assert await refusal(slack, asked) == "invalid_arguments"


async def test_an_upload_that_is_not_finished_is_not_shared(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession, ada: Person, general: Channel
) -> None:
    """Nothing was posted, or not all of it; unknown files and wrong places are refused too."""
    given = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    files: list[dict[str, str | None]] = [{"id": str(given["file_id"]), "title": "a"}]
    for posted in (b"", b"ab"):
        if posted:
            await http.post(str(given["upload_url"]), data=posted)
        done = client.files_completeUploadExternal(files=files, channel_id=general.id)
        assert await refusal(slack, done) == "file_not_uploaded"
    await http.post(str(given["upload_url"]), data=b"abc")
    away = slack.channel("away", ada, bot=False)
    for place, code in (
        (ada.id, "invalid_channel"),
        ("C0GONE", "channel_not_found"),
        (away.id, "not_in_channel"),
    ):
        done = client.files_completeUploadExternal(files=files, channel_id=place)
        assert await refusal(slack, done) == code
    gone = client.files_completeUploadExternal(files=[{"id": "F0GONE"}], channel_id=general.id)
    assert await refusal(slack, gone) == "file_not_found"
    assert await refusal(slack, client.files_completeUploadExternal(files=[])) == "invalid_arguments"
    assert await refusal(slack, client.files_info(file="F0GONE")) == "file_not_found"
    assert (general.messages, away.messages) == ([], [])
    await client.files_completeUploadExternal(files=files)
    assert general.messages == []
    await client.files_completeUploadExternal(files=files, channel_id=general.id)
    assert general.messages[0].files[0].data == b"abc"


async def test_a_file_is_given_to_the_token_alone(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession, ada: Person
) -> None:
    """Everybody else is shown the way in, with status 200."""
    file = slack.file(ada, "a.png", qr("hello"))
    url = (await client.files_info(file=file.id))["file"]["url_private"]
    async with http.get(url, headers={"Authorization": f"Bearer {slack.bot_token}"}) as answer:
        assert (answer.content_type, await answer.read()) == ("image/png", file.data)
    async with http.get(url) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    file.locked = True
    async with http.get(url, headers={"Authorization": f"Bearer {slack.bot_token}"}) as answer:
        assert answer.content_type == "text/html"


# --- forms --------------------------------------------------------------------------------------------------


async def test_a_view_opens_once_and_only_for_three_seconds(
    slack: FakeSlack, client: AsyncWebClient, ada: Person
) -> None:
    """By a trigger that somebody's doing made."""
    trigger = slack.trigger(ada)
    await client.views_open(trigger_id=trigger, view=modal())
    assert slack.view(ada).payload["blocks"][0]["block_id"] == "ssid"
    assert await refusal(slack, client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"
    late = slack.trigger(ada)
    slack.later(3.1)
    assert await refusal(slack, client.views_open(trigger_id=late, view=modal())) == "expired_trigger_id"
    assert await refusal(slack, client.views_open(trigger_id="1.2.x", view=modal())) == "invalid_trigger_id"
    assert len(slack.views) == 1


def _input(**more: Any) -> list[JSON]:
    return [
        {
            "type": "input",
            "block_id": "a",
            "label": PLAIN,
            "element": {"type": "plain_text_input", "action_id": "a"},
        }
        | more
    ]


LONG = {"type": "plain_text", "text": "x" * 25}


@pytest.mark.parametrize(
    ("view", "code"),
    [
        (modal(type="home"), "invalid_arguments"),
        (modal(colour="red"), "invalid_arguments"),
        (modal(private_metadata="x" * 3001), "invalid_arguments"),
        (modal(callback_id="x" * 256), "invalid_arguments"),
        ({name: each for name, each in modal().items() if name != "submit"}, "invalid_arguments"),
        (modal(title=LONG), "invalid_blocks"),
        (modal(submit=LONG), "invalid_blocks"),
        (modal(close=LONG), "invalid_blocks"),
        ({name: each for name, each in modal().items() if name != "title"}, "invalid_blocks"),
        (modal(blocks=[{"type": "divider"}] * 101), "invalid_blocks"),
        (modal(blocks=None), "invalid_blocks"),
        (modal(blocks=_input(label={"type": "plain_text", "text": "x" * 2001})), "invalid_blocks"),
        (modal(blocks=_input(hint={"type": "plain_text", "text": "x" * 2001})), "invalid_blocks"),
        (modal(blocks=_input(element=button())), "invalid_blocks"),
        (
            modal(blocks=_input(element={"type": "plain_text_input", "action_id": "a", "initial_value": ""})),
            "invalid_blocks",
        ),
        (
            modal(
                blocks=_input(
                    element={"type": "plain_text_input", "action_id": "a", "initial_value": "x" * 3001}
                )
            ),
            "invalid_blocks",
        ),
        (modal(blocks=_input() * 2), "invalid_blocks"),
    ],
)
async def test_a_view_over_the_limits_does_not_open(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, view: JSON, code: str
) -> None:
    """And its trigger can still be used."""
    trigger = slack.trigger(ada)
    assert await refusal(slack, client.views_open(trigger_id=trigger, view=view)) == code
    await client.views_open(trigger_id=trigger, view=modal())


# --- answers by response_url --------------------------------------------------------------------------------


async def respond(http: ClientSession, url: str, **fields: Any) -> tuple[int, str]:
    """Answer, without a token; gives the status and the text or code."""
    async with http.post(url, json=fields) as answer:
        text = await answer.text()
        return answer.status, json.loads(text)["error"] if text.startswith("{") else text


async def test_a_response_url_takes_five_answers(
    slack: FakeSlack, http: ClientSession, ada: Person, general: Channel
) -> None:
    """For the person alone, or for all; a sixth is one too many, and after half an hour all are."""
    bea = slack.person("bea")
    url = slack.answers(general, ada, None)
    for number in range(4):
        assert await respond(http, url, text=str(number)) == (200, "ok")
    assert await respond(http, url, text="all", response_type="in_channel", thread_ts="1.2") == (200, "ok")
    assert await respond(http, url, text="six") == (404, "used_url")
    assert [message.text for message in slack.visible(general, ada)] == ["0", "1", "2", "3", "all"]
    assert [(message.text, message.thread) for message in slack.visible(general, bea)] == [("all", "1.2")]
    late = slack.answers(general, ada, None)
    slack.later(1801)
    assert await respond(http, late, text="late") == (404, "expired_url")
    assert (await respond(http, f"{slack.url}/respond/other", text="a"))[0] == 404
    assert len(slack.refused) == 3


async def test_an_answer_is_checked_as_a_message_is(
    slack: FakeSlack, http: ClientSession, ada: Person, general: Channel
) -> None:
    """But for the limit of all blocks together; what is refused has used the address up a bit."""
    url = slack.answers(general, ada, None)
    assert await respond(http, url, text="a", blocks=[{"type": "marquee"}]) == (400, "invalid_blocks")
    assert await respond(http, url) == (400, "no_text")
    long = [block for _ in range(6) for block in words("x" * 2900)]
    assert await respond(http, url, text="a", blocks=long) == (200, "ok")


async def test_a_press_can_change_its_message_and_a_command_none(
    slack: FakeSlack, http: ClientSession, ada: Person, general: Channel
) -> None:
    """Of whatever kind it is."""
    message = slack.post(general, slack.bot_user, text="old", seen_by=ada.id, app=True)
    url = slack.answers(general, ada, message)
    assert await respond(http, url, text="new", replace_original=True) == (200, "ok")
    assert (message.text, slack.visible(general, ada)) == ("new", [message])
    assert await respond(http, slack.answers(general, ada, None), text="a", replace_original=True) == (
        404,
        "no_original",
    )


# --- faults -------------------------------------------------------------------------------------------------


async def test_faults_come_as_the_platforms_would(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession
) -> None:
    """Flood control with its seconds, an error of Slack's own, a proxy's page; not counted as refusals."""
    slack.fail("auth.test", status=429, retry_after=7)
    with pytest.raises(SlackApiError, match="ratelimited") as flood:
        await client.auth_test()
    assert flood.value.response.headers["Retry-After"] == "7"
    for fault, code in (({"status": 500}, "internal_error"), ({"status": 502, "html": True}, None)):
        slack.fail("auth.test", **fault)  # type: ignore[arg-type]
        with pytest.raises(SlackApiError) as broken:
            await client.auth_test()
        assert broken.value.response.get("error") == code
    assert slack.refused == []


async def test_a_fault_of_the_fake_itself_fails_its_test() -> None:
    """No test passes by a mistake in here."""
    broken = FakeSlack()
    async with ClientSession() as http:
        await broken.__aenter__()
        del broken.people
        async with http.get(f"{broken.api_url}users.info", headers=_as(broken)) as answer:
            assert answer.status == 500
        with pytest.raises(AssertionError, match="the fake itself failed"):
            await broken.__aexit__(None, None, None)


def _as(slack: FakeSlack) -> dict[str, str]:
    return {"Authorization": f"Bearer {slack.bot_token}"}
