"""The builder on Slack: opened at once, its picture follows each change, and what is sent makes one code."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest
from aiohttp import web
from fastapi import FastAPI
from slack_sdk.models.views import View as SdkView

from adapters.slack import builder
from adapters.slack.connection import Slack
from adapters.slack.objects import JSON
from adapters.slack.receive import receiver
from adapters.slack.route import dispatcher
from adapters.slack.serve import face, open_slack
from adapters.web.pictures import routes, sign
from bot.builder import CODE, KIND, STYLE, built, kinds
from bot.commands import COMMANDS
from bot.deliveries import Post, drain
from bot.drawings import drawing, fetching
from bot.face import Draw
from bot.i18n import LANGUAGES, Translator
from bot.message import Actor
from bot.previews import LIFE, picture_named
from bot.qr.picture import Picture, Rendered
from bot.qr.proof.gate import Unread
from storage.records import Code
from tests.adapters.test_slack_receive import posting
from tests.core.talking import Core, passed, rows, said, waiting
from tests.fakes import FakeSlack
from tests.fakes.ledger import listening
from tests.fakes.outside import decode
from tests.fakes.slack import Channel, File, Person
from tests.fakes.slack.blocks import check_view, options
from tests.fakes.slack.modals import labels, lines
from tests.fakes.slack.views import inputs
from tests.fakes.slack.world import View

PUBLIC, KEY = "https://qr.example", bytes(32)


@pytest.fixture
def draw(core: Core) -> Draw:
    """Draw as the bot does."""
    return drawing(fetching(core.store))


@pytest.fixture
async def pictures(slack: FakeSlack, core: Core, draw: Draw) -> AsyncIterator[None]:
    """Serve signed pictures where Slack can reach them."""
    app = FastAPI()
    app.include_router(routes(KEY, lambda name: picture_named(core.app, name), draw, core.app.clock))
    inner = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inner")

    async def get(request: web.Request) -> web.Response:
        answer = await inner.get(request.rel_url.path_qs)
        kind = answer.headers["content-type"].partition(";")[0]
        return web.Response(status=answer.status_code, body=answer.content, content_type=kind)

    server = web.Application()
    server.router.add_get("/i/{name}", get)
    async with inner, listening(server) as url:
        slack.public[PUBLIC] = url
        yield


@pytest.fixture
async def public(slack: FakeSlack, core: Core, draw: Draw, pictures: None) -> AsyncIterator[Slack]:
    """A bot whose pictures Slack can fetch."""

    def address(name: str, version: int) -> str:
        return f"{PUBLIC}/i/{sign(KEY, name, version, core.app.clock() + LIFE)}.png"

    async with open_slack(slack.bot_token, slack.api_url, address) as opened:
        answer = dispatcher(opened, core.app, draw, pause=0)
        async with posting(slack, receiver(slack.signing_secret, answer)):
            yield opened


@pytest.fixture
async def local(slack: FakeSlack, core: Core, draw: Draw, connection: Slack) -> AsyncIterator[Slack]:
    """A bot of which Slack can reach nothing."""
    answer = dispatcher(connection, core.app, draw, pause=0)
    async with posting(slack, receiver(slack.signing_secret, answer)):
        yield connection


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


@pytest.fixture
def general(slack: FakeSlack, ada: Person) -> Channel:
    """Open a channel that the bot is in."""
    return slack.channel("general", ada)


async def shows(slack: FakeSlack, person: Person, text: str) -> View:
    """Wait until the picture before somebody says this."""
    return await slack.until(lambda: seen(slack, person, text), what=f"a picture that says {text!r}")


def seen(slack: FakeSlack, person: Person, text: str) -> View | None:
    """Give the view whose picture says this."""
    view = slack.view(person)
    return view if [text] == [said for data in view.pictures for said in decode(data)] else None


async def tells(slack: FakeSlack, person: Person, words: str) -> View:
    """Wait until the view before somebody says this below its form."""
    return await slack.until(lambda: view if words in lines(view := slack.view(person)) else None, what=words)


async def turned(slack: FakeSlack, person: Person, label: str, other: str) -> View:
    """Fold or unfold the look, and wait until it is."""
    await slack.tap(person, label)
    return await slack.until(lambda: view if other in labels(view := slack.view(person)) else None)


def lent(slack: FakeSlack) -> list[File]:
    """List the files that are still there."""
    return [file for file in slack.files.values() if not file.deleted]


def names(view: View) -> list[str]:
    """Name a view's inputs."""
    return [each["block_id"] for each in inputs(view)]


async def stored(core: Core, person: Person, slack: FakeSlack) -> tuple[Code, ...]:
    """Read somebody's codes."""
    async with core.store.reading() as work:
        found = await work.people.by_account("slack", f"{slack.team}:{person.id}")
        return (await work.codes.page(found.id)).codes if found is not None else ()


async def sent(slack: FakeSlack, core: Core, connection: Slack, draw: Draw) -> None:
    """Send what waits."""

    async def reserve(rates: object) -> float:
        return 0.0

    async def hold(rates: object, seconds: float) -> None:
        pass

    post = Post(core.store, {"slack": face(connection)}, draw, reserve, core.app.clock, hold)
    for row in await waiting(core.store):
        await drain(post, row.lane)


async def test_it_does_not_offer_what_is_switched_off(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Neither as it opens, nor after a change."""
    boss = Actor("console", "local")
    await said(core, "/switch wifi off", boss)
    passed(core, seconds=6)
    await slack.command(ada, general, "")
    for _ in range(2):
        view = slack.view(ada)
        kinds_offered = {each["value"] for each in options(inputs(view)[0]["element"])}
        assert {"wifi", "text", "qr"} & kinds_offered == {"text", "qr"}
        await slack.change(ada, text="hello")
        await shows(slack, ada, "hello")


# --- opening ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["", "/qr", "qr"])
async def test_it_opens_in_the_call_without_drawing(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel, said: str
) -> None:
    """With all there is to choose from, and one field to begin with; nothing is kept."""
    assert (await slack.command(ada, general, said)).status == 200
    view = slack.view(ada)
    assert names(view) == [KIND, "text"]
    assert labels(view) == ["Style"]
    assert [call.method for call in slack.calls] == ["views.open"]
    assert await rows(core.store) == {}


async def test_another_kind_brings_its_fields_at_once(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """What it lacks is told in the picture's place; a value of the same name goes along."""
    await slack.command(ada, general, "")
    await slack.change(ada, _kind="sms")
    await slack.until(lambda: "number" in names(slack.view(ada)))
    await slack.change(ada, number="+49 170 1234567")
    await shows(slack, ada, "SMSTO:+491701234567")
    await slack.change(ada, _kind="call")
    await shows(slack, ada, "tel:+491701234567")
    await slack.change(ada, _kind="contact")
    await tells(slack, ada, "To see the picture, fill in: first name")
    assert slack.refused == []


# --- following ----------------------------------------------------------------------------------------------


async def test_the_picture_and_its_score_follow_every_change(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Content, then look: by an address that holds nothing of it, and says in words how surely it scans."""
    await slack.command(ada, general, "")
    for letters in ("h", "he", "hello"):
        await slack.change(ada, text=letters)
    view = await shows(slack, ada, "hello")
    assert "Scan check: 92 of 100, grade A." in lines(view)
    (plain,) = view.pictures
    await turned(slack, ada, "Style", "Content only")
    await slack.change(ada, _preset="ocean")
    view = await slack.until(
        lambda: view if (view := seen(slack, ada, "hello")) and view.pictures != [plain] else None
    )
    (image,) = [each for each in view.payload["blocks"] if each["type"] == "image"]
    assert image["alt_text"] == "QR code: hello"
    assert "hello" not in image["image_url"]
    assert slack.refused == []
    assert set(await rows(core.store)) == {"previews", "marks"}


async def test_the_look_is_kept_while_it_is_folded(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """And made, when the code is."""
    await slack.command(ada, general, "")
    await turned(slack, ada, "Style", "Content only")
    await slack.change(ada, _modules="dot", _dark="navy", _frame="banner", _caption='Say "hi"')
    await turned(slack, ada, "Content only", "Style")
    await slack.change(ada, text="hello")
    await shows(slack, ada, "hello")
    assert names(slack.view(ada)) == [KIND, "text"]
    view = await turned(slack, ada, "Style", "Content only")
    assert names(view)[2:] == list(STYLE)
    assert (await slack.submit(ada, text="goodbye")).body is None
    (code,) = await stored(core, ada, slack)
    style = json.loads(code.style)
    assert (code.text, style["modules"], style["dark"]) == ("goodbye", "dot", "#000080")
    assert style["frame"]["caption"] == 'Say "hi"'


async def test_what_was_mended_and_what_cannot_be_is_said(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """In place of the picture where there is none."""
    await slack.command(ada, general, "")
    await slack.change(ada, text="hello")
    await shows(slack, ada, "hello")
    await turned(slack, ada, "Style", "Content only")
    await slack.change(ada, _dark="yellow")
    assert seen(slack, ada, "hello") or await shows(slack, ada, "hello")
    await slack.change(ada, _dark="blurple")
    view = await tells(slack, ada, "blurple")
    assert view.pictures == []


async def test_nothing_unproven_is_shown(
    slack: FakeSlack, core: Core, connection: Slack, ada: Person, general: Channel
) -> None:
    """It says why instead."""

    async def never(picture: Picture) -> Rendered:
        raise Unread("This does not scan.")

    answer = dispatcher(
        replace(connection, picture_address=lambda name, version: "x"), core.app, never, pause=0
    )
    async with posting(slack, receiver(slack.signing_secret, answer)):
        await slack.command(ada, general, "")
        await slack.change(ada, text="hello")
        await slack.until(lambda: len([c for c in slack.calls if c.method == "views.update"]) == 1)
        assert "image" not in [each["type"] for each in slack.view(ada).payload["blocks"]]


async def test_only_the_latest_of_many_letters_is_looked_at_last(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """Forty changes while Slack is slow: few updates, one at a time, and the last shows the last."""
    await slack.command(ada, general, "")
    slack.fail("views.update", 1, slow=0.3)
    for length in range(1, 41):
        await slack.change(ada, text="x" * length)
    await shows(slack, ada, "x" * 40)
    assert len([call for call in slack.calls if call.method == "views.update"]) < 20
    assert slack.refused == []


async def test_who_types_on_keeps_what_was_typed(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """An update that comes in between changes no input."""
    await slack.command(ada, general, "")
    await slack.change(ada, text="hello")
    view = slack.view(ada)
    view.state["text"] = {"qr": {"type": "plain_text_input", "value": "hello wor"}}  # not told yet
    await shows(slack, ada, "hello")
    await slack.change(ada, text=view.state["text"]["qr"]["value"] + "ld")
    await shows(slack, ada, "hello world")


# --- where things go wrong ----------------------------------------------------------------------------------


async def test_a_view_that_was_closed_is_left_alone(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """Slack does not know it any more."""
    await slack.command(ada, general, "")
    slack.fail("views.update", 1, slow=0.2)
    await slack.change(ada, text="hello")
    await slack.wait_for("views.update", arrived=True)
    await slack.close(ada)
    (call,) = await slack.wait_for("views.update")
    assert call.result["error"] == "not_found"
    await slack.command(ada, general, "")
    await slack.change(ada, text="again")
    await shows(slack, ada, "again")


async def test_a_state_that_another_process_made_is_followed_by_the_latest_change(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """One that is older than what the other has looked at changes nothing."""
    await slack.command(ada, general, "")
    slack.fail("views.update", 1, slow=0.2)
    await slack.change(ada, text="hello")
    await slack.wait_for("views.update", arrived=True)
    slack.view(ada).hash = "another's"
    await shows(slack, ada, "hello")
    assert [call.fields.get("hash") for call in await slack.wait_for("views.update", 2)][1] is None


async def test_an_older_change_than_another_process_looks_at_is_dropped(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """A mark says so."""
    await slack.command(ada, general, "")
    async with core.store.writing() as work:
        name = f"view:{slack.team}:{slack.view(ada).id}"
        assert await work.coordination.advance(name, "9999999999.999999", core.app.clock())
        assert not await work.coordination.advance(name, "1999999999.999999", core.app.clock())
    await slack.change(ada, text="hello")
    await slack.command(ada, general, "")
    await slack.change(ada, text="other")
    await shows(slack, ada, "other")
    assert len([call for call in slack.calls if call.method == "views.update"]) == 1


async def test_flood_control_is_waited_out(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """Then the latest is shown."""
    await slack.command(ada, general, "")
    slack.fail("views.update", 1, status=429, retry_after=1)
    await slack.change(ada, text="hello")
    await shows(slack, ada, "hello")


async def test_a_picture_that_slack_cannot_fetch_is_said_to_be_missing(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """How surely it scans is told all the same."""
    slack.public.clear()
    await slack.command(ada, general, "")
    await slack.change(ada, text="hello")
    view = await tells(slack, ada, "The picture cannot be shown here just now.")
    assert "Scan check" in lines(view)


async def test_an_unknown_kind_is_refused_at_its_field(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Neither a change nor what is sent runs anything."""
    await slack.command(ada, general, "")
    view = slack.view(ada)
    forged = {"type": "static_select", "selected_option": {"value": "history"}}
    view.state = {KIND: {"value": forged}, "text": {"qr": {"type": "plain_text_input", "value": "x"}}}
    (block,) = [each for each in inputs(view) if each["block_id"] == KIND]
    assert (await slack._acts(view, KIND, {**block["element"], **forged})).status == 200
    done = await slack.submit(ada)
    assert list(done.body["errors"]) == [KIND]
    assert await rows(core.store) == {}


async def test_a_change_of_another_shape_is_dropped(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """And acknowledged: of what is only being typed nothing is promised. What is sent is kept."""
    await slack.command(ada, general, "")
    view = slack.view(ada)
    view.payload["private_metadata"] = "{}"
    assert (await slack.change(ada, text="x")).status == 200  # type: ignore[union-attr]  # it was posted
    assert await rows(core.store) == {}
    assert (await slack.submit(ada, text="x")).status == 200
    assert (await rows(core.store))["requests"] == 1


async def test_what_is_done_beside_ends_with_the_connection(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """Before the database that it uses is closed."""
    await slack.command(ada, general, "")
    slack.fail("views.update", 1, slow=60)
    await slack.change(ada, text="hello")
    await slack.wait_for("views.update", arrived=True)
    await public.stop()
    assert public.beside == set()


# --- sending ------------------------------------------------------------------------------------------------


async def test_a_view_sent_twice_makes_one_code(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Later, and where both come at once; another state of the view is sent anew."""
    await slack.command(ada, general, "")
    assert (await slack.submit(ada, text="hello")).body is None
    assert (await slack.again()).status == 200
    assert [code.text for code in await stored(core, ada, slack)] == ["hello"]
    body = slack.posted[-1][1]
    body = body | {"view": body["view"] | {"hash": "another"}}
    at_once = await asyncio.gather(*(slack.deliver("interactive", body) for _ in range(3)))
    assert {each.status for each in at_once} == {200}
    assert [code.text for code in await stored(core, ada, slack)] == ["hello", "hello"]
    assert len(await waiting(core.store)) == 2


async def test_what_is_wrong_is_told_at_its_field_and_can_be_sent_again(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Where the field is folded away, at the first that is there."""
    await slack.command(ada, general, "")
    await slack.change(ada, _kind="wifi")
    await slack.until(lambda: "ssid" in names(slack.view(ada)))
    done = await slack.submit(ada, ssid="Home", password="short")
    assert list(done.body["errors"]) == ["password"]
    await turned(slack, ada, "Style", "Content only")
    await slack.change(ada, _dark="blurple")
    done = await slack.submit(ada, password="long enough")
    assert list(done.body["errors"]) == ["+dark"]
    await turned(slack, ada, "Content only", "Style")
    done = await slack.submit(ada)
    assert list(done.body["errors"]) == [KIND]
    assert "blurple" in done.body["errors"][KIND]
    assert await stored(core, ada, slack) == ()


async def test_what_no_symbol_holds_is_told_at_its_field(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """The text stays where it was typed."""
    await slack.command(ada, general, "")
    await slack.change(ada, _kind="text")
    await slack.until(lambda: _actions(slack.view(ada)) == {"text": "text"})
    await turned(slack, ada, "Style", "Content only")
    await slack.change(ada, _preset="ocean")
    done = await slack.submit(ada, text="Ω" * 2000)
    assert list(done.body["errors"]) == ["text"]
    assert await stored(core, ada, slack) == ()


def _actions(view: View) -> dict[str, str]:
    return {
        each["block_id"]: each["element"]["action_id"] for each in inputs(view) if each["block_id"] != KIND
    }


async def test_fields_that_are_not_there_yet_are_asked_for(
    slack: FakeSlack, public: Slack, ada: Person, general: Channel
) -> None:
    """Somebody chose another kind and sent the view before its fields came."""
    await slack.command(ada, general, "")
    done = await slack.submit(ada, **{KIND: "wifi", "text": "hello"})
    assert list(done.body["errors"]) == [KIND]
    assert "Network name" in done.body["errors"][KIND]


# --- changing a code ----------------------------------------------------------------------------------------


async def test_edit_opens_it_filled_in_and_changes_the_code(
    slack: FakeSlack, public: Slack, core: Core, draw: Draw, ada: Person, general: Channel
) -> None:
    """With its picture right after; the answer stands in place of what was shown."""
    await slack.command(ada, general, "example.com")
    await sent(slack, core, public, draw)
    (message,) = slack.visible(general, ada)
    (code,) = await stored(core, ada, slack)
    await slack.press(ada, message, "Edit")
    view = await shows(slack, ada, "https://example.com")
    assert view.payload["title"]["text"] == "Change a code"
    assert inputs(view)[1]["element"]["initial_value"] == "https://example.com"
    assert (await slack.submit(ada, url="example.org/menu")).body is None
    await sent(slack, core, public, draw)
    (changed,) = await stored(core, ada, slack)
    assert (changed.id, changed.text) == (code.id, "https://example.org/menu")
    assert [each.decode() for each in slack.visible(general, ada)] == [["https://example.org/menu"]]


# --- without an address of ours -----------------------------------------------------------------------------


async def test_without_an_address_the_picture_is_shown_where_it_is_asked_for(
    slack: FakeSlack, local: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """Uploaded for nobody, shown once Slack has looked at it, and deleted with the view."""
    slack.processing = 5
    await slack.command(ada, general, "")
    assert labels(slack.view(ada)) == ["Style", "Preview"]
    await slack.change(ada, text="hello")
    view = await tells(slack, ada, "Press Preview to see it.")
    assert ("Scan check" in lines(view), view.pictures) == (True, [])
    await slack.tap(ada, "Preview")
    await slack.wait_for("files.info")
    slack.later(5)
    await shows(slack, ada, "hello")
    (file,) = lent(slack)
    assert (file.channels, slack.visible(general, ada)) == (set(), [])
    await slack.close(ada)
    await slack.until(lambda: not lent(slack))
    assert slack.refused == []


async def test_a_picture_that_no_longer_shows_what_is_there_goes(
    slack: FakeSlack, local: Slack, ada: Person, general: Channel
) -> None:
    """With the next change, and when the view is sent."""
    await slack.command(ada, general, "")
    await slack.change(ada, text="hello")
    await slack.tap(ada, "Preview")
    await shows(slack, ada, "hello")
    await slack.change(ada, text="goodbye")
    await slack.until(lambda: not lent(slack))
    assert slack.view(ada).pictures == []
    await slack.tap(ada, "Preview")
    await shows(slack, ada, "goodbye")
    await slack.submit(ada)
    await slack.until(lambda: not lent(slack))


async def test_what_a_dead_process_has_lent_is_taken_back(
    slack: FakeSlack, local: Slack, core: Core, draw: Draw, ada: Person, general: Channel
) -> None:
    """A row said so before the upload; what is gone by then is as it should be."""
    await slack.command(ada, general, "")
    await slack.change(ada, text="hello")
    await slack.tap(ada, "Preview")
    await shows(slack, ada, "hello")
    await sent(slack, core, local, draw)
    assert len(lent(slack)) == 1
    passed(core, minutes=11)
    await sent(slack, core, local, draw)
    assert (lent(slack), await waiting(core.store)) == ([], [])
    await slack.close(ada)
    await slack.wait_for("files.delete", 2)


async def test_a_secret_is_shown_only_where_somebody_presses_for_it(
    slack: FakeSlack, public: Slack, core: Core, ada: Person, general: Channel
) -> None:
    """No address names it, and its picture's words do not tell it."""
    await slack.command(ada, general, "")
    await slack.change(ada, text="WIFI:T:WPA;S:Home;P:secret123;;")
    view = await tells(slack, ada, "Press Preview to see it.")
    assert view.pictures == []
    await slack.tap(ada, "Preview")
    view = await shows(slack, ada, "WIFI:T:WPA;S:Home;P:secret123;;")
    (image,) = [each for each in view.payload["blocks"] if each["type"] == "image"]
    assert (list(image["slack_file"]), image["alt_text"]) == (["id"], "QR code")
    assert "previews" not in await rows(core.store)


# --- the longest --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_fits_into_a_modal(language: str) -> None:
    """At its longest, as slack_sdk and the documented limits have it."""
    t, full = Translator(language), replace(
        builder.Below(tuple(["x" * 500] * 20), "https://qr.example/" + "x" * 500, alt="x" * 2000),
        by_hand=True,
    )
    address: dict[str, str | int] = {
        "team": "T" * 20, "channel": "C" * 20, "user": "U" * 20, "thread": "1" * 20, "message": "1" * 20,
        "response_url": "https://hooks.slack.com/actions/" + "x" * 120, "until": 2_000_000_000, "aside": 1,
    }  # fmt: skip
    for _, held in kinds(COMMANDS, t):
        for name in held:
            values = _longest(name, t)
            now = builder.Held(name, values, address, language, styling=True, file="F" * 20)
            view = builder.laid_out(COMMANDS, now, full, t)
            SdkView(**view).validate_json()
            _check(view)
            folded = builder.laid_out(COMMANDS, replace(now, styling=False), full, t)
            assert builder.held({"view": {**folded, "state": {"values": {}}}}).values.keys() >= set(STYLE)


def _longest(name: str, t: Translator) -> dict[str, str]:
    """Fill everything in."""
    values = {CODE: "0123456789"}
    for question in built(COMMANDS, name, {}, t).questions:
        longest = max((each for each, _ in question.choices), key=len, default="")
        most = {"+words": 800, "+caption": 60}.get(question.name, 40 if question.name in STYLE else 3000)
        values[question.name] = longest or '"' * most
    return values


def _check(view: JSON) -> None:
    check_view(json.loads(json.dumps(view)))
    assert len(json.dumps(view)) < 250_000
