"""Requests that Slack did not send, or not like that: none is answered 5xx, and none does anything."""

import asyncio
import copy
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from starlette.types import ASGIApp

from adapters.slack.connection import Slack
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.web.serve import build
from bot.app import App
from bot.intake import Intake
from bot.message import Request
from tests.adapters import slack_bodies as bodies
from tests.adapters.site import accounts_on
from tests.core.talking import Core, rows
from tests.fakes import FakeSlack
from tests.fakes.slack.wire import Wire
from tests.fakes.slack.world import SCOPES, SIGNING_SECRET
from tests.full import FULL

MANY, SHAPES = (10_000, 2_000) if FULL else (2_000, 300)
SEED = 20261129
FORM, OBJECT = "application/x-www-form-urlencoded", "application/json"
WIRE = Wire(SCOPES)  # only signs
REAL: tuple[Callable[[], bodies.Body], ...] = tuple(bodies.BODIES)

Headers = dict[str, str]
Post = tuple[bytes, Headers]
Forge = Callable[[random.Random], Post]


class Door:
    """Stands in for the app: nothing may come to it."""

    def __init__(self) -> None:
        self.intake, self.came = Intake(), list[object]()

    async def handle(self, request: Request, *, later: bool = False) -> None:
        """Note what should not have come."""
        self.came.append(request)

    async def bury(self, request_id: str, lane: str, raw: str) -> None:
        """Note what should not have come."""
        self.came.append(raw)


def served(connection: Slack, app: App) -> ASGIApp:
    """Build the whole HTTP application, with Slack's address alone."""

    async def ready() -> dict[str, str]:
        return {}

    receive = receiver(SIGNING_SECRET, dispatcher(connection, app))
    return build(
        app, draw=cast(Any, None), chat=False, cookie_key=b"c" * 32, picture_key=b"p" * 32, public_url="",
        slack=receive, accounts=accounts_on(app), ready=ready,
    )  # fmt: skip


async def posted(web: ASGIApp, raw: bytes, headers: Headers) -> int:
    """Post as a server hands it to the application, and give the status."""
    said = [(name.lower().encode("latin-1"), value.encode("utf-8")) for name, value in headers.items()]
    parts = [{"type": "http.request", "body": raw, "more_body": False}]
    status: list[int] = []

    async def receive() -> dict[str, Any]:
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": "/slack/events", "raw_path": b"/slack/events", "query_string": b"", "root_path": "",
        "scheme": "http", "headers": said, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2),
        "state": {},
    }  # fmt: skip
    await web(scope, receive, send)
    return status[0]


def signed_object(body: Any) -> Post:
    """Write a body in JSON, and sign it as Slack does."""
    raw = json.dumps(body).encode()
    return raw, {"Content-Type": OBJECT} | WIRE.signed(raw)


# --- what is made up ----------------------------------------------------------------------------------------


def real(rng: random.Random) -> Post:
    """Take a body as Slack posts it, unsigned."""
    body = rng.choice(REAL)()
    if "command" in body:
        return urlencode(body).encode(), {"Content-Type": FORM}
    if body["type"] == "event_callback":
        return json.dumps(body).encode(), {"Content-Type": OBJECT}
    return urlencode({"payload": json.dumps(body)}).encode(), {"Content-Type": FORM}


def unsigned(rng: random.Random) -> Post:
    """Leave out one header of the two, or both."""
    raw, kind = real(rng)
    signed = WIRE.signed(raw)
    for name in rng.sample(sorted(signed), rng.choice((1, 2))):
        del signed[name]
    return raw, signed | kind


def odd_time(rng: random.Random) -> Post:
    """Name a time that is none, also rightly signed over; or one that is too far off."""
    raw, kind = real(rng)
    now = str(int(time.time()))
    stamp = rng.choice(
        (
            "abc", "", " ", "-1", "1e9", "0x10", "NaN", "9" * 5_000, f" {now}", f"{now}.0", f"+{now}",
            f"{now}_0",
            now.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), "²³", "\x00", "⁴²",
            str(int(time.time()) - 301 - rng.randrange(10**6)),
            str(int(time.time()) + 302 + rng.randrange(10**6)),
        )
    )  # fmt: skip
    return raw, kind | {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": WIRE.mac(stamp, raw)}


def odd_signature(rng: random.Random) -> Post:
    """Sign wrongly: another secret, version, case, body, time; or with no signature at all."""
    raw, kind = real(rng)
    signed = WIRE.signed(raw)
    good = signed["X-Slack-Signature"]
    wrong = rng.choice(
        (
            "", "v0=", "v0", good[:-1], good + "0", good.upper(), f"v1={good[3:]}", good[3:],
            f"{good},{good}",
            "v0=" + "é" * 64, "v0=" + "0" * 64, "v0=" + "f" * 100_000, f"v0={rng.getrandbits(256):064x}",
            WIRE.mac(signed["X-Slack-Request-Timestamp"], raw + b" "), WIRE.mac("1", raw),
        )
    )  # fmt: skip
    return raw, kind | signed | {"X-Slack-Signature": wrong}


def tampered(rng: random.Random) -> Post:
    """Change a byte of what was signed, or more."""
    raw, kind = real(rng)
    signed, at = WIRE.signed(raw), rng.randrange(len(raw))
    changed = rng.choice(
        (raw[:at], raw[:at] + bytes([raw[at] ^ (1 + rng.randrange(255))]) + raw[at + 1 :], raw * 2)
    )
    return changed, kind | signed


def no_object(rng: random.Random) -> Post:
    """Sign rightly what is no object, or none that anybody wrote."""
    deep = rng.choice((101, 5_000, 100_000))
    raw, kind = rng.choice(
        (
            (b"[]", OBJECT), (b"null", OBJECT), (b"7", OBJECT), (b'"a"', OBJECT), (b"", OBJECT),
            (b"{", OBJECT), (b"\xff\xfe", OBJECT), (b'{"a": \xff}', OBJECT), (b"\x00" * 99, OBJECT),
            (b"{}" + b"x" * 9_999, OBJECT),
            (b"payload=[1]", FORM), (b"payload=null", FORM), (b"payload={", FORM), (b"payload=%FF", FORM),
            (b"\xff=1", FORM), (b"[" * deep + b"]" * deep, OBJECT),
            (b'{"a":' * deep + b"1" + b"}" * deep, OBJECT), (b"<a/>", "text/xml"),
            ('[1]'.encode("utf-16"), "application/json; charset=utf-16"), (b"9" * 5_000, OBJECT),
            (b"payload=" + b"[" * deep, FORM), (b"a=1&b=2", "multipart/form-data; boundary=x"),
        )
    )  # fmt: skip
    return raw, {"Content-Type": kind} | WIRE.signed(raw)


def too_large(rng: random.Random) -> Post:
    """Sign rightly more than anybody posts; said in advance, or not."""
    raw = b'{"type": "' + b"a" * rng.choice((6_000_000, 20_000_000)) + b'"}'
    told = {"Content-Length": str(len(raw))} if rng.random() < 0.5 else {}
    return raw, {"Content-Type": OBJECT} | told | WIRE.signed(raw)


FORGED: dict[Forge, int] = {
    unsigned: 10,
    odd_time: 30,
    odd_signature: 25,
    tampered: 20,
    no_object: 30,
    too_large: 0,
}


async def test_what_slack_did_not_send_is_refused_and_reaches_nobody(connection: Slack) -> None:
    """By the thousand, through the whole application: all are answered 4xx, and no handler runs."""
    rng, door = random.Random(SEED), Door()
    web = served(connection, cast(App, door))
    given: Counter[tuple[str, int]] = Counter()
    for forge in (*rng.choices(list(FORGED), list(FORGED.values()), k=MANY), *[too_large] * 3):
        raw, headers = forge(rng)
        given[forge.__name__, await posted(web, raw, headers)] += 1
    assert {status for _, status in given} <= {400, 401, 413}, given
    assert sum(given.values()) == MANY + 3
    assert door.came == []


# --- what is signed and not of its shape --------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    None, True, -1, 10**30, 0.5, "", "\0", "\ud800", "x" * 5_000, "<!channel>", "é" * 70, [], [[]],
    [None], {}, {"id": "\0"}, "٣", float("inf"),
)  # fmt: skip


def mutated(rng: random.Random) -> Any:
    """Change up to three fields of a real body, wherever they are."""
    body = copy.deepcopy(rng.choice(REAL)())
    for _ in range(rng.randint(1, 3)):
        held: Any = body
        while True:
            places = list(held) if isinstance(held, dict) else list(range(len(held)))
            if not places:
                break
            place = rng.choice(places)
            if isinstance(held[place], (dict, list)) and held[place] and rng.random() < 0.8:
                held = held[place]
                continue
            if isinstance(held, dict) and rng.random() < 0.3:
                del held[place]
            else:
                held[place] = copy.deepcopy(rng.choice(ODD))
            break
    return body


async def test_what_is_signed_and_not_of_its_shape_is_kept_or_ignored(
    slack: FakeSlack, connection: Slack, core: Core
) -> None:
    """With the real core behind: never 5xx; a forwarded repetition of any of them changes nothing more."""
    rng = random.Random(SEED)
    web, nobody = served(connection, core.app), f"{slack.url}/respond/nobody"
    posts: list[Post] = []
    for number in range(SHAPES):
        body = mutated(rng)
        if body.get("response_url") == bodies.HERE:
            body["response_url"] = nobody
        if isinstance(body.get("trigger_id"), str) and rng.random() < 0.9:
            body["trigger_id"] = f"13.37.{number}"
        if isinstance(body.get("event_id"), str) and rng.random() < 0.9:
            body["event_id"] = f"Ev{number}"
        posts.append(signed_object(body))
    statuses = Counter([await posted(web, *post) for post in posts])
    assert set(statuses) <= {200, 400}, statuses
    kept = await rows(core.store)
    assert kept["seen"] > SHAPES // 4
    assert set(Counter([await posted(web, *post) for post in posts])) <= {200, 400}
    assert await rows(core.store) == kept


# --- what is sent again -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        bodies.command("hello"), bodies.command("nosuch look=navvy"), bodies.message("hello"),
        bodies.mention("hello"), bodies.pressed("help"),
        bodies.submitted({"ssid": {"type": "plain_text_input"}}),
        {name: each for name, each in bodies.command("hello").items() if name != "trigger_id"},
        {name: each for name, each in bodies.message("hello").items() if name != "event_id"},
        bodies.command("hello", user_id=7),
    ],
    ids=[
        "command", "refused", "message", "mention", "press", "form", "no trigger", "no event id",
        "unreadable",
    ],
)  # fmt: skip
async def test_what_is_sent_again_has_no_second_effect(
    connection: Slack, core: Core, body: bodies.Body
) -> None:
    """Word for word, at once and one after the other, whatever its headers say; also where it has no id."""
    web = served(connection, core.app)
    raw, headers = signed_object(body)
    assert await posted(web, raw, headers) == 200
    kept = await rows(core.store)
    repeated = headers | {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    again = [
        posted(web, raw, each) for each in (headers, repeated, WIRE.signed(raw) | {"Content-Type": OBJECT})
    ]
    assert await asyncio.gather(*again) == [200] * 3
    assert await rows(core.store) == kept
