"""A platform that goes away under a bot that works, and fonts that lack: who runs it is told so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs
from structlog.typing import EventDict

from adapters.slack import socket as sockets
from adapters.slack import standing as slack_standing
from adapters.telegram import menu, poll, standing
from bot.config import Settings
from bot.i18n import LANGUAGES
from bot.platforms import expect, platforms, slack_of
from storage.encryption import KeyRing
from storage.records import Uninstall
from tests.adapters.test_metrics import TOKEN, Site, opened, settings
from tests.fakes import FakeSlack, FakeTelegram

__all__ = ["settings"]

LONG = 1_000_000  # times that something goes wrong: until it is mended


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look and wait twenty times a second."""
    monkeypatch.setattr(sockets, "LASTING", 0.05)
    monkeypatch.setattr(sockets, "AWAY", 0.3)
    for module in (slack_standing, standing):
        monkeypatch.setattr(module, "LOOK", 0.05)
    monkeypatch.setattr(poll, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(sockets, "_pause", lambda failures: 0.05 if failures else 0.0)


@pytest.fixture
def logs() -> Iterator[list[EventDict]]:
    """Write down what is logged."""
    with capture_logs() as captured:
        yield captured


@asynccontextmanager
async def talking(settings: Settings, ring: KeyRing, *, working: bool = True) -> AsyncIterator[Site]:
    """Let a bot talk on the platforms it is set up for."""
    async with opened(settings, ring, working=working) as site, slack_of(settings, site.bot) as slack:
        hook = expect(settings, site.bot, slack, posted=True, working=working)
        work = platforms(settings, site.bot, slack, hook, working=working)
        site.client.headers["Authorization"] = f"Bearer {TOKEN}"
        tasks = [asyncio.create_task(each) for each in work]
        try:
            yield site
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def on_telegram(settings: Settings, tg: FakeTelegram) -> Settings:
    """Point it at a Telegram."""
    given = {"telegram_bot_token": SecretStr(tg.token), "telegram_api_url": tg.url}
    return settings.model_copy(update=given)


def on_slack(settings: Settings, slack: FakeSlack, *, socket: bool = False) -> Settings:
    """Point it at a Slack."""
    given = {"telegram_bot_token": SecretStr(""), "slack_bot_token": SecretStr(slack.bot_token)}
    given["slack_app_token" if socket else "slack_signing_secret"] = SecretStr(
        slack.app_token if socket else slack.signing_secret
    )
    return settings.model_copy(update={**given, "slack_api_url": slack.api_url})


async def told(site: Site, part: str, why: str) -> None:
    """Wait until a part is said to be so, in /readyz, and that metrics agree."""
    async with asyncio.timeout(20):
        while True:
            answer = await site.client.get("/readyz")
            failing = answer.json().get("failing", {})
            if failing == ({part: why} if why else {}):
                break
            await asyncio.sleep(0.01)
    assert answer.status_code == (503 if why else 200)
    assert await site.value("qr_gen_ready", part=part) == (0 if why else 1)


def counted(logs: list[EventDict], event: str) -> int:
    """Count the lines that say something."""
    return sum(each["event"] == event for each in logs)


async def test_telegram_that_only_fails_is_told_after_four_polls(
    settings: Settings, ring: KeyRing, tg: FakeTelegram
) -> None:
    """Whether it answers 502, or asks for patience again and again."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    async with talking(on_telegram(settings, tg), ring) as site:
        await told(site, "telegram", "")
        for fault in ({"status": 502, "html": True}, {"status": 429, "retry_after": 0}):
            tg.fail("getUpdates", LONG, **fault)  # type: ignore[arg-type]  # of several kinds
            tg.says(ada, chat, "hello")  # ends the poll that is held
            await told(site, "telegram", standing.SILENT)
            tg.mended()
            await told(site, "telegram", "")
        await tg.until(lambda: len(tg.replies(chat)) == 2, 20)


async def test_a_token_of_telegrams_that_is_revoked_is_told_until_it_is_known_again(
    settings: Settings, ring: KeyRing, tg: FakeTelegram, logs: list[EventDict]
) -> None:
    """The process goes on, as other faces work; what it could not send is tried again."""
    ada = tg.person()
    chat = tg.private(ada, started=True)
    async with talking(on_telegram(settings, tg), ring) as site:
        await told(site, "telegram", "")
        tg.revoked = True
        tg.says(ada, chat, "hello")
        await told(site, "telegram", standing.REVOKED)
        tg.revoked = False
        await told(site, "telegram", "")
        await tg.until(lambda: tg.replies(chat), 20)
    assert counted(logs, standing.REVOKED_LINE) == 1
    assert counted(logs, "a poll failed") == 0


async def test_where_nobody_polls_telegram_is_asked_whether_it_knows_us(
    settings: Settings, ring: KeyRing, tg: FakeTelegram, logs: list[EventDict]
) -> None:
    """With a webhook nothing else would tell: it posts to us whatever the token is."""
    more = {
        "telegram_webhook": True,
        "public_url": "https://qr.example.com",
        "metrics_token": SecretStr(TOKEN),
    }
    tg.public = {"https://qr.example.com": "http://127.0.0.1:9"}
    async with talking(on_telegram(settings, tg).model_copy(update=more), ring) as site:
        await told(site, "telegram", "")
        tg.revoked = True
        await told(site, "telegram", standing.REVOKED)
        tg.revoked = False
        await told(site, "telegram", "")
        tg.fail("getMe", LONG, status=500)
        await told(site, "telegram", standing.SILENT)
        tg.mended()
        await told(site, "telegram", "")
    assert counted(logs, standing.REVOKED_LINE) == counted(logs, "telegram does not answer") == 1
    assert counted(logs, "telegram answers again") == 2


async def test_a_menu_that_telegram_refuses_is_tried_again(
    settings: Settings,
    ring: KeyRing,
    tg: FakeTelegram,
    logs: list[EventDict],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While all else goes on."""
    monkeypatch.setattr(menu, "LOOK", 0.02)
    tg.fail("setMyCommands", 2, status=500)
    async with talking(on_telegram(settings, tg), ring) as site:
        await told(site, "telegram", "")
        await tg.wait_for("setMyShortDescription", len(LANGUAGES))
    assert counted(logs, "the menu could not be set") == 2


async def test_a_token_of_slacks_that_is_revoked_is_told_until_it_is_taken_again(
    settings: Settings, ring: KeyRing, slack: FakeSlack, logs: list[EventDict]
) -> None:
    """Also where no event says so, as where somebody made another; and a Slack that is away."""
    async with talking(on_slack(settings, slack), ring) as site:
        await told(site, "slack", "")
        slack.revoked = "token_revoked"
        await told(site, "slack", slack_standing.REVOKED)
        slack.revoked = ""
        await told(site, "slack", "")
        slack.fail("auth.test", LONG, status=502, html=True)
        await told(site, "slack", slack_standing.SILENT)
        slack.mended()
        await told(site, "slack", "")
    assert counted(logs, "slack does not answer") == 1
    assert counted(logs, "slack answers, and takes our token") == 2


async def test_who_only_answers_http_stays_ready_while_slack_is_away(
    settings: Settings, ring: KeyRing, slack: FakeSlack, logs: list[EventDict]
) -> None:
    """Others come to it, too; but an app that was uninstalled is said."""
    async with talking(on_slack(settings, slack), ring, working=False) as site:
        for lost, line in (
            (partial(slack.fail, "auth.test", LONG, status=503), "slack does not answer"),
            (partial(setattr, slack, "revoked", "token_revoked"), "slack does not take our token any more"),
        ):
            lost()
            async with asyncio.timeout(20):
                while not any(each["event"].startswith(line) for each in logs):
                    await asyncio.sleep(0.01)
            assert (await site.client.get("/readyz")).status_code == 200
            slack.mended()
        now = site.bot.app.clock()
        await site.bot.app.note("slack:Ev1", (Uninstall(slack.team, now, now),))
        await told(site, "slack", slack_standing.OUT)


async def test_slack_without_a_socket_is_told_until_one_is_open(
    settings: Settings, ring: KeyRing, slack: FakeSlack, logs: list[EventDict]
) -> None:
    """Whether Slack fails, does not take what it gave, or the app's token was revoked."""
    known = slack.app_token
    async with talking(on_slack(settings, slack, socket=True), ring) as site:
        await slack.until(lambda: len(slack.sockets) == 2)
        for lost, why in (
            (partial(slack.fail, "apps.connections.open", LONG, status=502, html=True), sockets._told("")),
            (partial(setattr, slack, "spoiled", LONG), sockets._told("WSServerHandshakeError")),
            (partial(setattr, slack, "app_token", "xapp-other"), sockets._told("invalid_auth")),
        ):
            await told(site, "slack", "")
            lost()
            await slack.cut(*slack.sockets)
            await told(site, "slack", why)
            slack.mended()
            slack.spoiled, slack.app_token = 0, known
        await told(site, "slack", "")
    lost_times = counted(logs, "slack cannot reach us: no socket is open")
    assert lost_times == counted(logs, "slack reaches us by its sockets again") >= 3
    assert (
        3 <= counted(logs, "slack's socket cannot be opened") <= 2 * lost_times
    )  # of each socket once a time


async def test_letters_that_no_font_has_are_told_to_who_can_install_one(
    settings: Settings, ring: KeyRing, logs: list[EventDict]
) -> None:
    """The person is told to ask them; the log does not say what they wrote."""
    async with opened(settings, ring) as site:
        await site.says('/style frame "\U0010fffd"')
        await site.says('/style frame "Scan me"')
    assert counted(logs, "no font here has the letters of a caption") == 1
    assert "\U0010fffd" not in str(logs)
