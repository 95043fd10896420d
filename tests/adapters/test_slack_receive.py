"""What Slack posts to us: verified, handled once, acknowledged after the commit and never before it."""

import asyncio
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from structlog.testing import capture_logs

from adapters.slack.connection import Slack
from adapters.slack.receive import Dispatch, Receive, receiver, shaped, verified
from adapters.slack.route import dispatcher
from adapters.slack.serve import open_slack
from bot.app import App
from bot.commands import COMMANDS
from bot.intake import Intake
from bot.message import Form, Question, Reply, Request, Status
from storage.changes import Unit
from storage.store import Store
from storage.tables import codes, deliveries
from tests.adapters.slack_bodies import (
    Body,
    command,
    executed,
    mention,
    menu,
    message,
    mutated,
    pressed,
    submitted,
)
from tests.anything import ANYTHING
from tests.fakes import FakeSlack
from tests.fakes.ledger import listening
from tests.fakes.slack import Channel, Person
from tests.fakes.slack.wire import Wire
from tests.fakes.slack.world import SCOPES, SIGNING_SECRET

WIRE = Wire(SCOPES)  # only signs
KIND = {"content-type": "application/json"}
ASK = Reply(
    "Join", form=Form("wifi", "Join a network", (Question("ssid", "network name", error="Too long."),)),
    status=Status.INCOMPLETE,
)  # fmt: skip


@dataclass
class Core:
    """Stands in for the door: keeps what came through, once for each id, and gives one reply."""

    reply: Reply | None = None
    down: int = 0  # how many commits still fail
    meanwhile: Callable[[], None] = lambda: None  # what happens while a request is handled
    handled: list[Request] = field(default_factory=list)
    buried: list[tuple[str, str, str]] = field(default_factory=list)
    intake: Intake = field(default_factory=Intake)

    def _commit(self) -> None:
        if self.down:
            self.down -= 1
            raise OSError("the database is away")

    async def handle(self, request: Request, *, later: bool = False) -> Reply | None:
        """Commit a request."""
        self._commit()
        self.meanwhile()
        self.handled.append(request)
        return self.reply

    async def bury(self, request_id: str, lane: str, raw: str) -> None:
        """Keep a dead letter."""
        self._commit()
        self.buried.append((request_id, lane, raw))


@pytest.fixture
def core() -> Core:
    """Give a core with nothing to say inside the call."""
    return Core()


@asynccontextmanager
async def posting(slack: FakeSlack, receive: Receive) -> AsyncIterator[None]:
    """Serve what receives at an address that Slack posts to."""

    async def handle(request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, body, media_type = await receive(headers, await request.read())
        return web.Response(text=body, status=status, content_type=media_type)

    server = web.Application()
    server.router.add_post("/slack/events", handle)
    async with listening(server) as url:
        slack.events_url = f"{url}/slack/events"
        yield


@pytest.fixture
async def wired(slack: FakeSlack, connection: Slack, core: Core) -> AsyncIterator[None]:
    """Let the fake's posts come to the core."""
    async with posting(slack, receiver(slack.signing_secret, dispatcher(connection, cast(App, core)))):
        yield


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel that the bot is in."""
    return slack.channel("general", ada)


# --- signatures ---------------------------------------------------------------------------------------------


def signed(raw: bytes, at: float | None = None) -> dict[str, str]:
    """Sign as Slack does; header names as a server gives them."""
    return {name.lower(): value for name, value in WIRE.signed(raw, at).items()}


def test_the_documented_example_is_verified() -> None:
    """Secret, timestamp, body and signature as docs.slack.dev has them."""
    raw = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
        b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    assert verified("8f742231b10e8888abcd99yyyzzz85a5", headers, raw, 1531420618)
    assert not verified("8f742231b10e8888abcd99yyyzzz85a5", headers, raw + b"&", 1531420618)


@pytest.mark.parametrize(
    ("seconds", "good"), [(0, True), (-300, True), (300, True), (-301, False), (301, False)]
)
def test_a_signature_holds_for_five_minutes(seconds: int, good: bool) -> None:
    """Before and after, so that clocks may differ and nothing can be replayed later."""
    now = 1_900_000_000
    assert verified(SIGNING_SECRET, signed(b"{}", now + seconds), b"{}", now) is good


STAMPS = [
    "",
    "abc",
    "-5",
    "1e9",
    "1900000000.5",
    " 1900000000",
    "١٩٠٠٠٠٠٠٠٠",
    "²",
    "9" * 5000,
    "0x7",
    "1_900_000_000",
]


@pytest.mark.parametrize("stamp", STAMPS)
def test_a_timestamp_that_is_no_number_is_no_timestamp(stamp: str) -> None:
    """Also where the signature over it is right."""
    wire, raw = signed(b"{}", 1_900_000_000), b"{}"
    mac = WIRE.mac(stamp, raw)
    assert not verified(SIGNING_SECRET, wire | {"x-slack-request-timestamp": stamp}, raw, 1_900_000_000)
    forged = {"x-slack-request-timestamp": stamp, "x-slack-signature": mac}
    assert not verified(SIGNING_SECRET, forged, raw, 1_900_000_000)


@pytest.mark.parametrize("signature", ["", "v0=", "v0=" + "0" * 64, "v1={}", "{}", "v0=ü", "v0={}0"])
def test_a_signature_that_is_another_is_wrong(signature: str) -> None:
    """Of another version, without one, shorter, longer, with letters that no digest has."""
    headers = signed(b"{}", 1_900_000_000)
    digest = headers["x-slack-signature"].removeprefix("v0=")
    assert not verified(
        SIGNING_SECRET, headers | {"x-slack-signature": signature.format(digest)}, b"{}", 1_900_000_000
    )
    del headers["x-slack-signature"]
    assert not verified(SIGNING_SECRET, headers, b"{}", 1_900_000_000)


HEADERS = st.dictionaries(
    st.sampled_from(["x-slack-request-timestamp", "x-slack-signature", "content-type"]),
    st.sampled_from([*STAMPS, str(int(time.time())), "v0=" + "0" * 64]) | st.text(max_size=80),
)


@given(HEADERS, st.binary(max_size=200))
async def test_what_is_not_signed_reaches_nobody(headers: dict[str, str], raw: bytes) -> None:
    """Whatever its headers and body are, it is refused as such and not looked at."""
    seen: list[Body] = []
    assert (await receiver(SIGNING_SECRET, noting(seen))(headers, raw))[0] == 401
    assert seen == []


def noting(seen: list[Body]) -> Dispatch:
    """Make a dispatch that keeps what it gets."""

    async def dispatch(body: Body) -> tuple[int, Body | None]:
        seen.append(body)
        return 200, None

    return dispatch


# --- shapes -------------------------------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b"7", "application/json"),
        (b'"text"', "application/json"),
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"a": 1' + b"0" * 5000 + b"}", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "application/json"),
        (b'{"a":' * 990 + b"1" + b"}" * 990, "application/json"),
        (b"payload=[1]", FORM),
        (b"payload=null", FORM),
        (b"payload={", FORM),
        (b"payload=", FORM),
        (b"text=\xff", FORM),
    ],
)
async def test_what_is_signed_and_no_object_is_refused(raw: bytes, kind: str) -> None:
    """Lists, bare values, broken and endlessly nested ones; Bolt alone would answer 500."""
    seen: list[Body] = []
    status, body, _ = await receiver(SIGNING_SECRET, noting(seen))(signed(raw) | {"content-type": kind}, raw)
    assert (status, json.loads(body)) == (400, {"error": "The body is not an object."})
    assert seen == []


@given(
    st.binary(max_size=100) | ANYTHING.map(lambda body: json.dumps(body).encode()),
    st.sampled_from([FORM, KIND["content-type"], ""]),
)
async def test_any_signed_body_is_an_object_or_refused(raw: bytes, kind: str) -> None:
    """Never an error of ours."""
    seen: list[Body] = []
    status, _, _ = await receiver(SIGNING_SECRET, noting(seen))(signed(raw) | {"content-type": kind}, raw)
    assert (status, len(seen)) in ((200, 0), (200, 1), (400, 0))
    assert all(isinstance(body, dict) for body in seen)


async def test_why_a_post_is_refused_is_said_to_who_can_mend_it() -> None:
    """Slack's own from another time: the clock; signed with another secret; nothing of what is nobody's."""
    receive = receiver(SIGNING_SECRET, _nobody)
    at = str(int(time.time()) - 600)
    late, another = (
        "v0=" + hmac.new(secret.encode(), f"v0:{at}:{{}}".encode(), "sha256").hexdigest()
        for secret in (SIGNING_SECRET, "hunter2")
    )
    with capture_logs() as lines:
        for signature in (late, another):
            headers = {"x-slack-request-timestamp": at, "x-slack-signature": signature}
            assert (await receive(headers, b"{}"))[0] == 401
        assert (await receive({}, b"{}"))[0] == 401
    assert [line["event"] for line in lines] == [
        "slack's request is too old, or this clock is wrong",
        "slack's request has a wrong signature",
    ]
    assert SIGNING_SECRET not in str(lines)


async def _nobody(body: Body) -> tuple[int, Body | None]:
    raise AssertionError(body)


def test_bodies_come_in_three_forms() -> None:
    """JSON, a form with fields, a form with JSON in one field."""
    assert shaped("application/json; charset=utf-8", b'{"a": [1]}') == {"a": [1]}
    assert shaped(FORM, b"text=a+%26+b&empty=") == {"text": "a & b", "empty": ""}
    assert shaped(FORM, urlencode({"payload": '{"type": "x"}'}).encode()) == {"type": "x"}
    assert shaped("application/json", b'{"a":' * 100 + b"1" + b"}" * 100)["a"]


async def test_slack_makes_sure_of_the_address() -> None:
    """The challenge comes back, and a check of the certificate is answered; nobody hears of either."""
    seen: list[Body] = []
    receive = receiver(SIGNING_SECRET, noting(seen))
    raw = b'{"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}'
    assert await receive(signed(raw) | KIND, raw) == (200, '{"challenge": "3eZbrw1a"}', "application/json")
    raw = b"ssl_check=1&token=x"
    assert await receive(signed(raw) | {"content-type": FORM}, raw) == (200, "", "text/plain")
    assert seen == []


# --- acknowledged after the commit --------------------------------------------------------------------------


async def test_everything_people_do_comes_through_once(
    slack: FakeSlack, wired: None, core: Core, ada: Person, general: Channel
) -> None:
    """Commands, messages, mentions, presses: acknowledged with nothing but that."""
    post = slack.post(general, slack.bot_user, blocks=[_button("Go", "show 7K3F")])
    done = [
        await slack.command(ada, general, "a & <b>"),
        await slack.say(ada, slack.dm(ada), "b.example & ada@b.example 🎉"),
        await slack.say(ada, general, f"<@{slack.bot_user}> c"),
        await slack.press(ada, post, "Go"),
    ]
    assert [(each.status, each.body) for each in done] == [(200, None)] * 4
    assert [each.text for each in core.handled] == [
        "a & <b>",
        "b.example & ada@b.example 🎉",
        "c",
        "show 7K3F",
    ]
    assert core.buried == []


def _button(label: str, value: str) -> dict[str, Any]:
    button = {
        "type": "button",
        "action_id": "a",
        "text": {"type": "plain_text", "text": label},
        "value": value,
    }
    return {"type": "actions", "block_id": "b", "elements": [button]}


@pytest.mark.parametrize(
    "body", [{"type": "app_rate_limited"}, {"type": "view_closed", "view": {}}, {"a": 1}, {}]
)
async def test_what_we_do_not_listen_to_is_acknowledged(
    slack: FakeSlack, wired: None, core: Core, body: Body
) -> None:
    """Else Slack would repeat it, and in the end stop sending anything."""
    assert (await slack.deliver("events_api", body)).status == 200
    assert (await slack.event({"type": "reaction_added", "user": "U1"})).status == 200
    assert (core.handled, core.buried) == ([], [])


async def test_what_cannot_be_kept_is_not_acknowledged(
    slack: FakeSlack, wired: None, core: Core, ada: Person, general: Channel
) -> None:
    """A command is told to have failed; a message comes again by itself, and then is kept."""
    core.down = 1
    assert (await slack.command(ada, general, "a")).status == 503
    assert core.handled == []
    core.down = 2
    assert (await slack.say(ada, slack.dm(ada), "b")).status == 200
    assert [request.text for request in core.handled] == ["b"]
    assert [kind for kind, _ in slack.posted] == ["slash_commands"] + ["events_api"] * 3


@pytest.mark.parametrize(
    "body",
    [
        message(user={}),
        message() | {"event": 7},
        command(user_id=""),
        command() | {"command": 7},
        pressed() | {"actions": []},
        pressed() | {"actions": [7]},
        pressed() | {"container": None},
        message(ts="\ud83d"),
        submitted({}, private_metadata="nonsense"),
        submitted({}) | {"view": 7},
    ],
)
async def test_what_cannot_be_read_is_kept_and_acknowledged(
    slack: FakeSlack, wired: None, core: Core, body: Body
) -> None:
    """As a dead letter, under its own id, whether we trip over it or Bolt does."""
    assert (await slack.deliver("events_api", body)).status == 200
    ((request_id, lane, raw),) = core.buried
    assert json.loads(raw) == body
    assert request_id.startswith("slack:")
    assert lane == ("slack:T1" if "team_id" in body else "slack:")
    assert core.handled == []


@pytest.mark.parametrize("body", [message(user={}), message() | {"event": 7}])
async def test_a_dead_letter_that_cannot_be_kept_is_not_acknowledged(
    slack: FakeSlack, wired: None, core: Core, body: Body
) -> None:
    """It comes again."""
    core.down = 1
    assert (await slack.deliver("events_api", body)).status == 503
    assert (await slack.again()).status == 200
    assert len(core.buried) == 1


@given(mutated().filter(lambda body: isinstance(body, dict)))
def test_any_object_is_handled_kept_or_ignored(body: Body) -> None:
    """Whatever is broken in it, it is acknowledged and ends nothing."""

    async def dispatched() -> tuple[int, Core]:
        core = Core()
        async with open_slack("xoxb-1", "http://127.0.0.1:9/api/") as connection:
            status, _ = await dispatcher(connection, cast(App, core))(body)
        return status, core

    status, core = asyncio.run(dispatched())
    assert status == 200
    assert len(core.handled) + len(core.buried) <= 1


# --- forms --------------------------------------------------------------------------------------------------


async def test_a_form_opens_inside_the_call(
    slack: FakeSlack, wired: None, core: Core, ada: Person, general: Channel
) -> None:
    """For a command and for a press; there is nothing else to see."""
    core.reply = ASK
    post = slack.post(general, slack.bot_user, blocks=[_button("Go", "/wifi")])
    for number, acted in enumerate((slack.command(ada, general, "wifi"), slack.press(ada, post, "Go")), 1):
        done = await acted
        assert (done.status, done.body, len(slack.views)) == (200, None, number)
        assert slack.view(ada).payload["title"]["text"] == "/qr wifi"
    assert slack.visible(general, ada) == []
    assert slack.refused == []


async def test_what_is_wrong_with_a_form_is_said_in_it(
    slack: FakeSlack, wired: None, core: Core, ada: Person, general: Channel
) -> None:
    """It stays open; what is right then closes it."""
    core.reply = ASK
    await slack.command(ada, general, "wifi")
    done = await slack.submit(ada, ssid="x" * 40)
    assert done.body == {"response_action": "errors", "errors": {"ssid": "Too long."}}
    core.reply = None
    done = await slack.submit(ada, ssid="Guest")
    assert (done.status, done.body, slack.views) == (200, None, {})
    assert core.handled[-1].values == {"ssid": "Guest"}
    assert core.handled[-1].address["aside"] == 1


# --- with the whole core, on both databases -----------------------------------------------------------------


@pytest.fixture
async def whole(slack: FakeSlack, connection: Slack, store: Store) -> AsyncIterator[App]:
    """Let the fake's posts come to the bot itself, which keeps its answers until somebody sends them."""

    async def allowed(account: str) -> int:
        return 0

    def wake(unit: Unit) -> None:
        slack.noted()

    app = App(store, COMMANDS, lambda: datetime.now(UTC), allowed, wake)
    async with posting(slack, receiver(slack.signing_secret, dispatcher(connection, app))):
        yield app


async def kept(store: Store) -> tuple[int, int]:
    """Count what is stored: codes, and messages to be sent."""
    async with store.reading() as work:
        counted = [
            await work.connection.scalar(select(func.count()).select_from(table))
            for table in (codes, deliveries)
        ]
    return int(counted[0] or 0), int(counted[1] or 0)


async def test_what_is_repeated_is_done_once(slack: FakeSlack, whole: App, store: Store, ada: Person) -> None:
    """Each event four times, some at once; and some that come only as repetitions."""
    for number in range(10):
        await slack.say(ada, slack.dm(ada), f"note {number}")
        again = await asyncio.gather(*(slack.again() for _ in range(3)))
        assert {each.status for each in again} == {200}
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    for number in range(5):
        raw = json.dumps(message(f"late {number}") | {"event_id": f"EvLate{number}"}).encode()
        assert (await slack.post_raw(raw, slack.signed(raw) | KIND | retry)).status == 200
    assert await kept(store) == (15, 15)


async def test_the_same_command_twice_is_one(
    slack: FakeSlack, whole: App, store: Store, ada: Person, general: Channel
) -> None:
    """A command is known by its trigger."""
    for _ in range(2):
        assert (await slack.deliver("slash_commands", command("a"))).status == 200
    assert (await slack.deliver("slash_commands", command("b", trigger_id="2"))).status == 200
    assert await kept(store) == (2, 2)


async def test_a_form_is_filled_in_from_end_to_end(
    slack: FakeSlack, whole: App, store: Store, ada: Person, general: Channel
) -> None:
    """The form itself is not remembered, what it sends is; a mistake is said at its field."""
    assert (await slack.command(ada, general, "/wifi Café")).status == 200
    done = await slack.submit(ada, password="short")
    assert list(done.body["errors"]) == ["password"]
    assert await kept(store) == (0, 0)
    assert (await slack.submit(ada, password="long enough & <more>")).body is None
    assert await kept(store) == (1, 1)
    async with store.reading() as work:
        person = await work.people.by_account("slack", f"{slack.team}:{ada.id}")
        assert person is not None
        (code,) = (await work.codes.page(person.id)).codes
    assert code.text == "WIFI:T:WPA;S:Café;P:long enough & <more>;;"


async def test_half_a_character_is_answered(slack: FakeSlack, whole: App, store: Store, ada: Person) -> None:
    """A text may be cut between the halves of an emoji; nobody can keep that, and nobody is stuck on it."""
    raw = json.dumps(message("a \ud83d")).encode()
    assert (await slack.post_raw(raw, slack.signed(raw) | KIND)).status == 200
    assert await kept(store) == (0, 1)


MENDED: list[Callable[[], Body]] = [
    command, message, lambda: mention("<@U0BOT> a"), lambda: pressed("/help"), menu, executed,
]  # fmt: skip


@pytest.mark.parametrize("body", MENDED)
async def test_a_database_that_is_away_loses_nothing(
    slack: FakeSlack, whole: App, store: Store, body: Callable[[], Body]
) -> None:
    """While it is, nothing is acknowledged; what comes again afterwards is done."""
    async with store.writer.begin() as held:
        await held.run_sync(lambda connection: connection.exec_driver_sql("ALTER TABLE seen RENAME TO away"))
    assert (await slack.deliver("events_api", body())).status == 503
    async with store.writer.begin() as held:
        await held.run_sync(lambda connection: connection.exec_driver_sql("ALTER TABLE away RENAME TO seen"))
    assert (await slack.again()).status == 200
    assert (await kept(store))[1] == 1
