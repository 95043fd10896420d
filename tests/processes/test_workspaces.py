"""Many workspaces and whole processes: installed at a page, renewed once by all, no secret written down."""

import asyncio
import base64
import re
from html import unescape
from pathlib import Path

import aiohttp
import asyncpg
import pytest

from tests.fakes import FakeSlack
from tests.fakes.slack.tenancy import Tenancy
from tests.full import only_full
from tests.processes.running import finished, ready, running, start
from tests.processes.test_postgresql import database

__all__ = ["database"]

HOME = "https://qr.example"
CANARY = "canary"  # in every code, token and secret that the fake makes


def settings(slack: FakeSlack) -> dict[str, str]:
    """Configure many workspaces."""
    slack.app.redirect_uris, slack.app.rotating = {f"{HOME}/slack/oauth_redirect"}, True
    return {
        "PUBLIC_URL": HOME, "SLACK_CLIENT_ID": slack.app.client_id, "RATE_LIMIT": "off",
        "SLACK_CLIENT_SECRET": slack.app.client_secret, "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url, "LOG_LEVEL": "debug",
    }  # fmt: skip


async def installed(url: str, world: Tenancy, http: aiohttp.ClientSession) -> list[str]:
    """Install as a browser does: the page, Slack, and back; gives what must be written nowhere."""
    async with http.get(f"{url}/slack/install") as answer:
        page = unescape(await answer.text())
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
    [address] = re.findall(r'href="(\S+/oauth/v2/authorize\S+)"', page)
    back = world.agree(world.person("admin"), address).replace(HOME, url)
    for headers, status in (({}, 400), ({"Cookie": cookie}, 200), ({"Cookie": cookie}, 400)):
        async with http.get(back, headers=headers) as answer:
            assert answer.status == status
            assert CANARY not in await answer.text()
    return [
        cookie.partition("=")[2],
        back.partition("state=")[2],
        back.partition("code=")[2].partition("&")[0],
    ]


async def test_no_code_state_or_token_is_written_down(tmp_path: Path) -> None:
    """At DEBUG, with faults on the way: not in the log, not in the data; a command is answered in between."""
    async with FakeSlack() as slack, aiohttp.ClientSession() as http:
        two = slack.workspace("T0TEAM002")
        async with running(tmp_path, **settings(slack)) as bot:
            slack.events_url = f"{bot.url}/slack/events"
            secrets = [*await installed(bot.url, slack, http), *await installed(bot.url, two, http)]
            ada = two.person("ada")
            assert (await two.command(ada, two.channel("general", ada), "help")).status == 200
            await slack.until(lambda: two.visible(two.dm(ada), ada) or _seen(two), 30)
            slack.fail("oauth.v2.access", status=500)
            async with http.get(f"{bot.url}/slack/oauth_redirect?code={CANARY}&state={CANARY}") as answer:
                assert answer.status == 400
            assert {each.status for each in await slack.uninstall()} == {200}
        log = bot.log.read_text()
        data = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
        assert "app was installed" in log
        assert [secret for secret in (CANARY, *secrets) if secret in log or secret.encode() in data] == []


def _seen(world: Tenancy) -> bool:
    return any(each.messages for each in world.channels.values())


async def test_one_workspace_that_puts_the_bot_out_is_said_and_ends_nothing(tmp_path: Path) -> None:
    """With a token that was set: the process goes on, and says what to do where machines ask."""
    async with FakeSlack() as slack, aiohttp.ClientSession() as http:
        given = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret}
        async with running(tmp_path, **given, SLACK_API_URL=slack.api_url) as bot:
            slack.events_url = f"{bot.url}/slack/events"
            async with http.get(f"{bot.url}/slack/install") as answer:
                assert answer.status == 404
            slack.revoked = "account_inactive"
            assert {each.status for each in await slack.uninstall()} == {200}
            async with http.get(f"{bot.url}/readyz") as answer:
                assert answer.status == 503
                assert "SLACK_BOT_TOKEN" in (await answer.json())["failing"]["slack"]
            assert bot.process.returncode is None


@only_full
@pytest.mark.full
async def test_processes_on_one_database_share_workspaces(database: str, tmp_path: Path) -> None:
    """Installed at one, known at all within a minute; twenty commands on a token that ends renew it once."""
    async with FakeSlack() as slack, aiohttp.ClientSession() as http:
        key = base64.b64encode(bytes(32)).decode()
        given = settings(slack) | {"DATABASE_URL": database, "SECRET_KEY": key}
        assert (await finished(tmp_path, "migrate", **given))[0] == 0
        web = [await start(tmp_path, "web", **given) for _ in range(2)]
        workers = [await start(tmp_path, "worker", **given) for _ in range(2)]
        for each in web:
            await ready(each)
        await installed(web[0].url, slack, http)
        people = [slack.person(f"p{number}") for number in range(20)]
        general = slack.channel("general", *people)
        admin = await asyncpg.connect(database)
        await admin.execute("UPDATE installations SET expires_at = now() + interval '1 hour'")
        await asyncio.sleep(31)  # what is remembered ends
        for number, person in enumerate(people):
            slack.events_url = f"{web[number % 2].url}/slack/events"
            assert (await slack.command(person, general, "wifi")).status == 200
        assert len(slack.views) == 20
        assert len([call for call in slack.calls if call.fields.get("grant_type")]) == 1
        assert {each.status for each in await slack.uninstall()} == {200}
        assert await admin.fetchval("SELECT count(*) FROM installations") == 0
        await admin.close()
        for each in (*web, *workers):
            assert await each.stop() == 0, each.log.read_text()
