"""What is secret stands in no log at any level, and in no file of the data."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import aiohttp

from tests.fakes import FakeSentry, FakeSlack, FakeTelegram
from tests.processes.running import running

KEY = "c2VjcmV0LWNhbmFyeS1zZWNyZXQtY2FuYXJ5LTEyMzQ="
WIFI = "canary-wifi-password"
TEXT = "canary text that somebody sent"
EMAIL, PASSWORD, WRONG = "canary.lovelace@example.org", "canary words in a row", "canary that is wrong"
NAME = "Canary Lastname"
FILED, SOUGHT = "canary-name-of-a-file.png", "canary-that-was-sought"
JSON = dict[str, Any]


async def test_no_secret_and_no_word_of_anybody_is_written_down_in_clear(tmp_path: Path) -> None:
    """A whole run at DEBUG, with faults of every kind: tokens, addresses, contents and names are nowhere."""
    async with FakeTelegram() as tg, FakeSlack() as slack, FakeSentry() as sentry:
        settings = {
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
            "SENTRY_DSN": sentry.dsn if find_spec("sentry_sdk") else "",
            "SECRET_KEY": KEY,
            "TELEGRAM_BOT_TOKEN": tg.token,
            "TELEGRAM_API_URL": tg.url,
            "TELEGRAM_RATES": "off",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": slack.api_url,
        }
        ada = tg.person(first_name="Canary", last_name="Lastname")
        chat = tg.private(ada, started=True)
        bea = slack.person("bea")
        general = slack.channel("general", bea)
        async with running(tmp_path, **settings) as bot, aiohttp.ClientSession() as http:
            slack.events_url = f"{bot.url}/slack/events"
            tg.fail("sendPhoto", status=400)
            tg.fail("sendPhoto", status=502, html=True)
            tg.fail("getUpdates", status=500)
            slack.fail("response_url", status=500)
            slack.fail("chat.postMessage", cut="before")
            tg.says(ada, chat, TEXT)
            tg.says(ada, chat, f"/wifi Guest {WIFI}")
            tg.raw({"message": {"message_id": "none", "text": TEXT, "chat": 5, "from": [], "date": "now"}})
            await slack.command(bea, general, f"wifi Guest {WIFI}")
            await slack.command(bea, general, "help")
            await slack.event(
                {"type": "message", "channel_type": "im", "user": {}, "channel": 7, "text": [TEXT]}
            )
            for body in ({"text": f"/wifi Guest {WIFI}"}, {"text": "/qr look=navvy x"}, {"text": [TEXT]}):
                await http.post(
                    f"{bot.url}/chat/say", data=json.dumps(body), headers={"Content-Type": "application/json"}
                )
            held = await _entered(bot.url) | await _asked(bot.url)
            await tg.until(lambda: any(tg.decode(each) for each in tg.replies(chat)), 30)
            await slack.until(lambda: slack.visible(slack.dm(bea), bea), 30)
        urls = list(slack.urls)
        log = bot.log.read_text()
        secrets = {tg.token, slack.bot_token, slack.signing_secret, KEY, WIFI, TEXT, NAME, *urls, *held}
        reported = "".join(sentry.texts)
        assert [secret for secret in secrets if secret in log or secret in reported] == []
        assert [secret for secret in secrets - {FILED} if _written(tmp_path / "data", secret)] == []
        _followed([json.loads(line) for line in log.splitlines() if not line.startswith("The web chat is")])


def _followed(lines: list[JSON]) -> None:
    """See that each line is an object, and that ids lead from what came in to the platform's call."""
    for face, method in (("telegram", "sendPhoto"), ("slack", "chat.postMessage")):
        calls = [line for line in lines if line.get("method") == method and line["status"] == 200]
        sent = next(line for line in calls if line.get("request"))
        same = [line for line in lines if line.get("request") == sent["request"]]
        told = {line["event"]: line for line in same}
        assert {"command", "committed", "platform called"} <= set(told), told
        assert sent["delivery"] in told["committed"]["deliveries"]
        assert (sent["face"], told["command"]["face"], told["command"]["command"]) == (face, face, "wifi")
    answers = [line for line in lines if line["event"] == "answered"]
    assert all({"http", "method", "route", "status", "bytes", "ms"} <= set(line) for line in answers)
    assert {"/v1/codes", "/v1/codes/{id}", "/v1/users", "/slack/events"} <= {
        each["route"] for each in answers
    }
    assert {line["level"] for line in answers if line["route"] == "/readyz"} == {"debug"}
    (asker,) = {line["who"] for line in answers if line["route"] == "/v1/codes" and "who" in line}
    assert asker.startswith("account:")
    web = next(line for line in lines if line["event"] == "command" and line["face"] == "web")
    assert web["http"] in {line["http"] for line in answers if line["route"] == "/chat/say"}


async def _asked(url: str) -> set[str]:
    """Use the API with all that it takes, rightly and wrongly, and give what of that is a secret."""
    mine, content = "canary.byron@example.org", {"type": "wifi", "ssid": "Guest", "password": WIFI}
    async with aiohttp.ClientSession(url) as http:

        async def said(method: str, path: str, **sent: Any) -> JSON:
            async with http.request(method, path, **sent) as answer:
                body = await answer.read()
                return json.loads(body) if body.startswith(b"{") else {}

        await said("POST", "/v1/users", json={"email": mine, "password": PASSWORD})
        await said("POST", "/v1/auth/token", data={"username": mine, "password": WRONG})
        tokens = await said("POST", "/v1/auth/token", data={"username": mine, "password": PASSWORD})
        headers = {"Authorization": f"Bearer {tokens['access_token']}", "Idempotency-Key": SOUGHT}
        made = await said("POST", "/v1/codes", json={"content": content}, headers=headers)
        await said("POST", "/v1/codes", json={"content": {"type": "text", "text": [TEXT]}}, headers=headers)
        await said("GET", f"/v1/codes?q={SOUGHT}&cursor={SOUGHT}", headers=headers)
        await said("GET", f"/v1/codes/{made['id']}", headers=headers)
        form = aiohttp.FormData()
        form.add_field("file", TEXT.encode(), filename=FILED, content_type="image/png")
        await said("POST", "/v1/read", data=form, headers=headers)
        await said("POST", "/v1/auth/refresh", data={"refresh_token": tokens["refresh_token"]})
    return {mine, SOUGHT, FILED, tokens["access_token"], tokens["refresh_token"]}


async def _entered(url: str) -> set[str]:
    """Make an account and a key, use them rightly and wrongly, and give what of it is a secret."""
    jar, ours = aiohttp.CookieJar(unsafe=True), {"Origin": url}
    form = {"email": EMAIL, "password": PASSWORD}
    async with aiohttp.ClientSession(url, cookie_jar=jar, headers=ours) as http:
        for path, sent in (
            ("/signup", form | {"password": "canary"}),
            ("/signup", form),
            ("/login", form | {"password": WRONG}),
            ("/login", form),
            ("/account/password", {"current_password": WRONG, "new_password": PASSWORD}),
        ):
            await (await http.post(path, data=sent)).read()
        made = await http.post("/account/key", data={"name": "x", "scope": "pictures", "lasts": "30"})
        shown = re.findall(r">(qrg_\w+)<", await made.text())
        paired = await http.post("/account/connect", data={"any": ""})
        shown += re.findall(r"/connect ([0-9A-Z-]{11})<", await paired.text())
        for bearer in (shown[0], shown[0][:-1] + "_", f"{shown[0]}x", "eyJhbGciOiJIUzI1NiJ9.e30.canary"):
            headers = {"Authorization": f"Bearer {bearer}"}
            await (await http.get(f"/v1/jobs/{bearer}?token={bearer}", headers=headers)).read()
        cookie = next(each.value for each in jar if each.key == "session")
    assert len(shown) == 2
    return {EMAIL, PASSWORD, WRONG, *shown, cookie, cookie.partition(".")[2]}


def _written(folder: Path, secret: str) -> bool:
    """Look for a secret in every file of the data: the database, its journal, what lies beside it."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return any(secret.encode() in path.read_bytes() for path in files)
