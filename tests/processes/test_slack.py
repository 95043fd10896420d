"""Slack and the whole process: over HTTP and sockets, forged, poisoned, killed; nothing is lost."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.slack import Channel, Message, Person
from tests.full import FULL, only_full
from tests.processes.running import Running, free_port, ready, running, start

MANY, SOME = 1_000 if FULL else 60, 40  # commands at once


def settings(slack: FakeSlack, *, socket: bool = False) -> dict[str, str]:
    """Point a process at the fake."""
    kept = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_API_URL": slack.api_url, "RATE_LIMIT": "off"}
    kept |= {"SLACK_RATES": "off"}  # tests/adapters/test_slack_pace.py holds them
    return kept | (
        {"SLACK_APP_TOKEN": slack.app_token} if socket else {"SLACK_SIGNING_SECRET": slack.signing_secret}
    )


@asynccontextmanager
async def serving(slack: FakeSlack, folder: Path, **extra: str) -> AsyncIterator[Running]:
    """Run the bot over HTTP."""
    async with running(folder, **settings(slack), **extra) as bot:
        slack.events_url = f"{bot.url}/slack/events"
        yield bot


async def told(slack: FakeSlack, channel: Channel, person: Person, count: int = 1) -> list[Message]:
    """Wait until a person sees that many messages of the app in a channel."""
    return await slack.until(
        lambda: seen if len(seen := slack.visible(channel, person)) >= count else [], 20, f"{count} messages"
    )


async def test_a_command_makes_a_code_that_only_its_person_sees(slack: FakeSlack, tmp_path: Path) -> None:
    """The picture goes to the direct messages, the answer in the channel says so, and buttons work."""
    ada, bea = slack.person("ada"), slack.person("bea")
    general = slack.channel("general", ada, bea)
    async with serving(slack, tmp_path):
        done = await slack.command(ada, general, "https://example.com/a?b=1&c=<2>")
        assert (done.status, done.body) == (200, None)
        [card] = await told(slack, slack.dm(ada), ada)
        shown = card.decode()
        assert shown == ["https://example.com/a?b=1&c=%3C2%3E"]
        assert card.labels() == ["Style", "File", "☆ Favourite", "More"]
        [notice] = await told(slack, general, ada)
        assert "direct messages" in notice.words()
        assert slack.visible(general, bea) == []
        await slack.press(ada, card, "File")
        await slack.until(lambda: "SVG" in card.labels())
        await slack.press(ada, card, "SVG")
        vector = (await told(slack, slack.dm(ada), ada, 2))[1]
        assert vector.files[0].media_type == "image/svg+xml"
        assert vector.decode() == card.decode() == shown
        await slack.press(ada, card, "‹ Back")
        await slack.until(lambda: "☆ Favourite" in card.labels())
        await slack.press(ada, card, "☆ Favourite")
        await slack.until(lambda: "★ Unfavourite" in card.labels())
        assert (len(slack.visible(slack.dm(ada), ada)), card.decode()) == (2, shown)
    assert slack.refused == []


async def test_with_a_public_address_the_answer_itself_shows_the_picture(tmp_path: Path) -> None:
    """Slack fetches it at a signed address, which does not hold the content."""
    port = free_port()
    async with FakeSlack(public={"https://qr.example": f"http://127.0.0.1:{port}"}) as slack:
        ada = slack.person("ada")
        general = slack.channel("general", ada, bot=False)
        async with serving(slack, tmp_path, PORT=str(port), PUBLIC_URL="https://qr.example"):
            await slack.command(ada, general, "secret words")
            [card] = await told(slack, general, ada)
            [(address, _)] = card.pictures.items()
            assert card.decode() == ["secret words"]
            assert "secret" not in address
        assert slack.refused == []


async def test_a_forgotten_value_is_asked_for_in_a_form(slack: FakeSlack, tmp_path: Path) -> None:
    """What is wrong is said at its field; what is right is made."""
    ada = slack.person("ada")
    general = slack.channel("general", ada)
    async with serving(slack, tmp_path):
        await slack.command(ada, general, "wifi")
        assert {block["block_id"] for block in slack.view(ada).payload["blocks"][1:]} == {
            "ssid", "password", "security", "hidden", "eap_method", "phase2", "identity",
            "anonymous_identity",
        }  # fmt: skip
        done = await slack.submit(ada, ssid="Café", password="short")
        assert done.body == {
            "response_action": "errors",
            "errors": {"password": "A Wi-Fi password has 8 to 63 characters."},
        }
        done = await slack.submit(ada, ssid="Café", password="long enough; really")
        assert (done.status, done.body) == (200, None)
        [card] = await told(slack, slack.dm(ada), ada)
        assert card.decode() == ["WIFI:T:WPA;S:Café;P:long enough\\; really;;"]
        assert "long enough" not in card.words() + card.text
    assert slack.refused == []


async def test_messages_mentions_and_files_are_answered_where_they_are(
    slack: FakeSlack, tmp_path: Path
) -> None:
    """A direct message makes a code, a picture is read, a mention is answered in its thread."""
    ada = slack.person("ada")
    general, direct = slack.channel("general", ada), slack.dm(ada)
    async with serving(slack, tmp_path):
        await slack.say(ada, direct, "https://example.com/?a=1&b=2")
        [card] = await told(slack, direct, ada)
        assert card.decode() == ["https://example.com/?a=1&b=2"]
        await slack.say(ada, direct, "", files=[slack.file(ada, "code.png", qr("what it says"))])
        read = (await told(slack, direct, ada, 2))[1]
        assert "what it says" in read.words()
        await slack.say(ada, general, f"<@{slack.bot_user}> hello all", ts="1700000000.000100")
        [shown] = await told(slack, general, ada)
        assert (shown.decode(), shown.thread) == (["hello all"], "1700000000.000100")
    assert slack.refused == []


async def test_a_mention_that_lacks_something_gets_a_form_by_a_button(
    slack: FakeSlack, tmp_path: Path
) -> None:
    """What was said already stands in it; the answer has a secret in it, and is for the person alone."""
    ada, bea = slack.person("ada"), slack.person("bea")
    general = slack.channel("general", ada, bea)
    async with serving(slack, tmp_path):
        await slack.say(ada, general, f"<@{slack.bot_user}> /wifi Café security=WPA3", ts="1700000000.000100")
        [offer] = await told(slack, general, ada)
        assert (offer.thread, offer.labels()) == ("1700000000.000100", ["Open the form"])
        await slack.press(ada, offer, "Open the form")
        await slack.submit(ada, password="long enough; really")
        [card] = await told(slack, slack.dm(ada), ada)
        assert card.decode() == ["WIFI:T:WPA;S:Café;P:long enough\\; really;R:1;;"]
        assert slack.visible(general, bea) == [offer]
    assert slack.refused == []


async def test_what_is_forged_stale_or_no_object_gets_4xx_and_reaches_nobody(
    slack: FakeSlack, tmp_path: Path
) -> None:
    """Nothing of it is kept."""
    async with serving(slack, tmp_path) as bot:
        raw = json.dumps({"type": "event_callback"}).encode()
        kind = {"Content-Type": "application/json"}
        good = slack.signed(raw) | kind
        forged = good | {"X-Slack-Signature": "v0=" + "0" * 64}
        for headers in (
            {},
            forged,
            slack.signed(raw, time.time() - 301) | kind,
            slack.signed(raw, time.time() + 400),
        ):
            assert (await slack.post_raw(raw, headers)).status == 401
        assert (await slack.post_raw(raw, good | {"X-Slack-Request-Timestamp": "soon"})).status == 401
        for odd in (b"[]", b"7", b"{", b"\xff", b"payload=[1]"):
            form = {"Content-Type": "application/x-www-form-urlencoded"} if odd.startswith(b"p") else kind
            assert (await slack.post_raw(odd, slack.signed(odd) | form)).status == 400
        challenge = b'{"type": "url_verification", "challenge": "3eZbrw1a"}'
        assert (await slack.post_raw(challenge, slack.signed(challenge) | kind)).body == {
            "challenge": "3eZbrw1a"
        }
        assert "dead letter" not in bot.log.read_text()


async def test_one_body_that_cannot_be_read_costs_no_other(slack: FakeSlack, tmp_path: Path) -> None:
    """Nineteen of twenty are answered; the odd one is acknowledged and kept."""
    people = [slack.person(f"p{number}") for number in range(19)]
    async with serving(slack, tmp_path) as bot:
        odd = slack.event({"type": "message", "channel_type": "im", "user": {}, "channel": 7, "text": ["x"]})
        others = [slack.say(person, slack.dm(person), f"note {n}") for n, person in enumerate(people)]
        done = await asyncio.gather(odd, *others)
        assert {each.status for each in done} == {200}
        for number, person in enumerate(people):
            [card] = await told(slack, slack.dm(person), person)
            assert card.decode() == [f"note {number}"]
        assert bot.log.read_text().count("kept as a dead letter") == 1


async def test_what_slack_repeats_is_done_once(slack: FakeSlack, tmp_path: Path) -> None:
    """By the event's id, whatever the headers say."""
    ada = slack.person("ada")
    async with serving(slack, tmp_path):
        await slack.say(ada, slack.dm(ada), "once")
        await slack.again()
        await told(slack, slack.dm(ada), ada)
        await slack.say(ada, slack.dm(ada), "history")
        last = (await told(slack, slack.dm(ada), ada, 2))[-1]
        assert last.words().startswith("1 code\n")


async def test_forty_commands_at_once_are_acknowledged_in_slacks_three_seconds(
    slack: FakeSlack, tmp_path: Path
) -> None:
    """Each of them; drawing and sending wait."""
    people = [slack.person(f"p{number}") for number in range(SOME)]
    general = slack.channel("general", *people)
    async with serving(slack, tmp_path):
        commands = (slack.command(person, general, f"note {n}") for n, person in enumerate(people))
        assert {each.status for each in await asyncio.gather(*commands)} == {200}


@pytest.mark.parametrize("killed", [pytest.param(False, marks=only_full), True])
async def test_of_many_commands_at_once_none_is_lost(slack: FakeSlack, tmp_path: Path, killed: bool) -> None:
    """All are acknowledged in Slack's three seconds, and answered, also when the process dies right after."""
    people = [slack.person(f"p{number}") for number in range(MANY)]
    general = slack.channel("general", *people)
    fixed = settings(slack) | {"PORT": str(free_port())}
    bot = await start(tmp_path, **fixed)
    await ready(bot)
    slack.events_url = f"{bot.url}/slack/events"
    done = await asyncio.gather(
        *(slack.command(person, general, f"note {n}") for n, person in enumerate(people))
    )
    assert {each.status for each in done} == {200}
    if killed:
        await bot.kill()
        bot = await start(tmp_path, **fixed)
        await ready(bot)
    try:
        for number, person in enumerate(people):
            card = (await told(slack, slack.dm(person), person))[0]
            assert card.decode() == [f"note {number}"]
    finally:
        await bot.stop()


async def test_socket_mode_answers_and_loses_nothing_while_its_sockets_are_renewed(
    slack: FakeSlack, tmp_path: Path
) -> None:
    """Two sockets, both told to go in the middle of forty commands."""
    people = [slack.person(f"p{number}") for number in range(SOME)]
    general = slack.channel("general", *people)
    async with running(tmp_path, **settings(slack, socket=True)):
        await slack.until(lambda: len(slack.sockets) == 2)
        renewing = asyncio.create_task(slack.refresh())
        commands = (slack.command(person, general, f"note {n}") for n, person in enumerate(people))
        assert {each.status for each in await asyncio.gather(*commands)} == {200}
        await renewing
        for number, person in enumerate(people):
            card = (await told(slack, slack.dm(person), person))[0]
            assert card.decode() == [f"note {number}"]
        await slack.until(lambda: len(slack.sockets) == 2)
        await slack.command(people[0], general, "wifi")
        await slack.submit(people[0], ssid="Guest", security="nopass")
        joined = (await told(slack, slack.dm(people[0]), people[0], 2))[1]
        assert joined.decode() == ["WIFI:T:nopass;S:Guest;;"]
    assert slack.refused == []
