"""What the fake Slack posts to an app, over HTTP and through sockets, and how people make it do so."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientSession, WSMsgType, WSServerHandshakeError, web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import FakeSlack
from tests.fakes.ledger import listening
from tests.fakes.slack import Channel, Person
from tests.fakes.slack.people import EMOJI, rich, written
from tests.fakes.slack.samples import OPTION, PLAIN, SELECT, actions, button, modal
from tests.fakes.slack.world import Refused


@pytest.fixture
def client(slack: FakeSlack, http: ClientSession) -> AsyncWebClient:
    """Connect the real library."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=http)


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada", admin=True)


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel that the bot is in."""
    return slack.channel("general", ada)


async def refusal(slack: FakeSlack, call: Any) -> str:
    """Make a call and give the code of its refusal."""
    with pytest.raises(SlackApiError) as refused:
        await call
    assert slack.refused
    return str(refused.value.response["error"])


# --- what it posts ------------------------------------------------------------------------------------------


@asynccontextmanager
async def app_of(
    slack: FakeSlack, *statuses: int, body: str = ""
) -> AsyncIterator[list[tuple[dict[str, str], bytes]]]:
    """Serve an app that answers with these statuses, then with 200, and keeps what it gets."""
    got: list[tuple[dict[str, str], bytes]] = []
    waiting = list(statuses)

    async def handle(request: web.Request) -> web.Response:
        got.append((dict(request.headers), await request.read()))
        return web.Response(status=waiting.pop(0) if waiting else 200, text=body)

    app = web.Application()
    app.router.add_post("/", handle)
    async with listening(app) as url:
        slack.events_url = url
        yield got


async def test_posts_are_signed(slack: FakeSlack, ada: Person, general: Channel) -> None:
    """As the library verifies it; a body changed on the way is not."""
    async with app_of(slack) as got:
        assert (await slack.command(ada, general, "a")).status == 200
    ((headers, raw),) = got
    verifier = SignatureVerifier(slack.signing_secret)
    assert verifier.is_valid_request(raw, headers)
    assert not verifier.is_valid_request(raw + b"x", headers)


async def test_only_events_are_repeated(slack: FakeSlack, ada: Person, general: Channel) -> None:
    """Three times, with the same id, until one is acknowledged."""
    async with app_of(slack, 503, 500) as got:
        assert (await slack.say(ada, slack.dm(ada), "a")).status == 200
    assert len({json.loads(raw)["event_id"] for _, raw in got}) == 1
    assert len(got) == 3
    async with app_of(slack, 503, 503, 503, 503) as got:
        assert (await slack.say(ada, slack.dm(ada), "a")).status == 503
        assert len(got) == 4
        assert (await slack.command(ada, general, "a")).status == 200
        assert len(got) == 5
    async with app_of(slack, 503) as got:
        assert (await slack.command(ada, general, "a")).status == 503
        assert len(got) == 1


async def test_an_app_that_is_not_there_has_not_acknowledged(
    slack: FakeSlack, ada: Person, general: Channel
) -> None:
    """Nor one that takes too long."""
    async with app_of(slack):
        pass
    assert (await slack.command(ada, general, "a")).status == 0
    slack.events_url, slack.patience = "", 0.01
    assert (await slack.command(ada, general, "a")).status == 0


async def test_the_app_hears_what_is_meant_for_it(slack: FakeSlack, ada: Person, general: Channel) -> None:
    """Direct messages, and mentions in channels; a mention in direct messages is a message."""
    async with app_of(slack) as got:
        await slack.say(ada, slack.dm(ada), f"<@{slack.bot_user}> a")
        await slack.say(ada, general, f"<@{slack.bot_user}> a")
        with pytest.raises(AssertionError, match="does not hear"):
            await slack.say(ada, general, "a")
    kinds = [
        (json.loads(raw)["event"]["type"], json.loads(raw)["event"].get("channel_type")) for _, raw in got
    ]
    assert kinds == [("message", "im"), ("app_mention", None)]


@pytest.mark.parametrize(
    ("typed", "raw"),
    [
        ("a & <b>", "a &amp; &lt;b&gt;"),
        ("https://a.example/?b=1&c=2 x", "<https://a.example/?b=1&amp;c=2> x"),
        ("see a.example/x", "see <http://a.example/x|a.example/x>"),
        ("ada@b.example", "<mailto:ada@b.example|ada@b.example>"),
        ("call 555-123-4567", "call <tel:+15551234567|555-123-4567>"),
        ("<@U0BOT0001> & you", "<@U0BOT0001> &amp; you"),
        ("🎉 👋🏽 👋", ":tada: :wave::skin-tone-4: :wave:"),
        ("3.5 is e.g. no address", "3.5 is e.g. no address"),
    ],
)
def test_messages_are_written_as_slack_writes_them(typed: str, raw: str) -> None:
    """Escapes, links, mentions, emoji by name."""
    assert written(typed) == raw


def test_emoji_stand_in_the_blocks() -> None:
    """With their code points, and their skin apart."""
    pieces = rich("".join(EMOJI))[0]["elements"][0]["elements"]
    points = {
        (piece["name"], piece.get("skin_tone")): piece["unicode"]
        for piece in pieces
        if piece["type"] == "emoji"
    }
    assert points == {("tada", None): "1f389", ("wave", None): "1f44b", ("wave", 4): "1f44b-1f3fd"}


async def test_presses_and_forms_are_posted_as_payloads(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, general: Channel
) -> None:
    """Only what is there can be pressed and filled in; a form closes when it is taken."""
    await client.chat_postMessage(channel=general.id, text="a", blocks=[actions(button())], thread_ts="1.2")
    (message,) = slack.visible(general, ada)
    select = SELECT | {"action_id": "value", "initial_option": OPTION}
    blocks = [*modal()["blocks"], {"type": "input", "block_id": "kind", "label": PLAIN, "element": select}]
    await client.views_open(trigger_id=slack.trigger(ada), view=modal(blocks=blocks, callback_id="form"))
    async with app_of(slack):
        await slack.press(ada, message, "Go")
        with pytest.raises(AssertionError, match="no button"):
            await slack.press(ada, message, "Stop")
        with pytest.raises(AssertionError, match="no such fields"):
            await slack.submit(ada, colour="red")
        with pytest.raises(AssertionError, match="no such option"):
            await slack.submit(ada, kind="b")
        await slack.submit(ada, ssid="Guest")
    pressed, submitted = (body for _, body in slack.posted)
    assert (pressed["actions"][0]["value"], pressed["container"]["thread_ts"]) == ("go", "1.2")
    values = submitted["view"]["state"]["values"]
    assert values["ssid"] == {"value": {"type": "plain_text_input", "value": "Guest"}}
    assert values["kind"]["value"]["selected_option"]["value"] == "a"
    assert slack.views == {}


@pytest.mark.parametrize(
    ("errors", "shown"),
    [({"ssid": "no"}, True), ({}, False), ({"other": "no"}, False), ({"ssid": ""}, False)],
)
async def test_a_form_with_errors_stays_open(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, errors: dict[str, str], shown: bool
) -> None:
    """Errors are at fields that are there, and say something."""
    await client.views_open(trigger_id=slack.trigger(ada), view=modal())
    answer = json.dumps({"response_action": "errors", "errors": errors})
    async with app_of(slack, body=answer):
        if shown:
            assert (await slack.submit(ada)).body["errors"] == errors
        else:
            with pytest.raises(Refused, match="invalid_blocks"):
                await slack.submit(ada)
    assert slack.view(ada).payload["title"] == PLAIN


# --- sockets ------------------------------------------------------------------------------------------------


async def test_the_librarys_own_socket_client_is_served(
    slack: FakeSlack, client: AsyncWebClient, ada: Person, general: Channel
) -> None:
    """It gets envelopes, and what it answers is the acknowledgement."""

    async def answer(socket: SocketModeClient, request: SocketModeRequest) -> None:
        payload = {"text": request.payload["text"]} if request.type == "slash_commands" else None
        await socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    socket = SocketModeClient(slack.app_token, web_client=client)
    socket.socket_mode_request_listeners.append(answer)  # type: ignore[arg-type]
    try:
        await socket.connect()  # type: ignore[no-untyped-call]
        await slack.until(lambda: slack.sockets)
        assert (await slack.command(ada, general, "a & b")).body == {"text": "a &amp; b"}
        assert (await slack.say(ada, slack.dm(ada), "hello")).status == 200
    finally:
        await socket.close()  # type: ignore[no-untyped-call]
        await socket.aiohttp_client_session.close()


async def _opened(client: AsyncWebClient, slack: FakeSlack) -> str:
    return str((await client.apps_connections_open(app_token=slack.app_token))["url"])


async def test_a_ticket_opens_one_socket(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession
) -> None:
    """A second use, an invented one and a spoiled one are turned away."""
    url = await _opened(client, slack)
    async with http.ws_connect(url) as socket:
        assert (await socket.receive_json())["type"] == "hello"
        slack.spoiled = 1
        for wrong in (url, f"{url.partition('?')[0]}?ticket=x", await _opened(client, slack)):
            with pytest.raises(WSServerHandshakeError, match="403"):
                await http.ws_connect(wrong)


async def test_ten_sockets_are_enough(slack: FakeSlack, client: AsyncWebClient, http: ClientSession) -> None:
    """An eleventh is refused."""
    opened = [await http.ws_connect(await _opened(client, slack)) for _ in range(10)]
    await slack.until(lambda: len(slack.sockets) == 10)
    refused = client.apps_connections_open(app_token=slack.app_token)
    assert await refusal(slack, refused) == "too_many_websockets"
    await asyncio.gather(*(socket.close() for socket in opened))


async def test_an_envelope_goes_to_another_socket_where_one_dies(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession, ada: Person, general: Channel
) -> None:
    """Any one of those that are open gets it; what is not acknowledged comes again."""
    first, second = [await http.ws_connect(await _opened(client, slack)) for _ in range(2)]
    for socket in (first, second):
        assert (await socket.receive_json())["type"] == "hello"
    waiting = asyncio.create_task(slack.command(ada, general, "a"))
    reads = {asyncio.create_task(socket.receive_json()): socket for socket in (first, second)}
    done, left = await asyncio.wait(reads, return_when=asyncio.FIRST_COMPLETED)
    envelope = done.pop().result()
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    await next(socket for task, socket in reads.items() if task not in left).close()
    again = await left.pop()
    assert again["payload"] == envelope["payload"]
    other = next(socket for socket in (first, second) if not socket.closed)
    await other.send_json({"envelope_id": again["envelope_id"]})
    assert (await waiting).status == 200
    await other.close()


async def test_sockets_are_renewed_when_slack_wants_it(
    slack: FakeSlack, client: AsyncWebClient, http: ClientSession
) -> None:
    """They are told first, and closed a moment later."""
    async with http.ws_connect(await _opened(client, slack)) as socket:
        await socket.receive_json()
        await slack.refresh()
        assert (await socket.receive_json())["reason"] == "refresh_requested"
        assert (await socket.receive()).type is WSMsgType.CLOSE
