"""How a process starts, and how it does not: one line that names the setting, exit code 2, and no value."""

import asyncio
import base64
import json
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

import aiohttp
import pytest

from tests.fakes import FakeSlack, FakeTelegram
from tests.processes.running import EXECUTED, PATIENCE, clean, finished, free_port, running, start

SECRET = "hunter2hunter2hunter2hunter2"


async def refused(folder: Path, name: str, *arguments: str, **settings: str) -> str:
    """Start what cannot start; check how it ends, and give the line."""
    settings.setdefault("PORT", "0")
    code, _, said = await finished(folder, *(arguments or ("serve",)), **settings)
    assert (code, said.count("\n")) == (2, 1), said
    assert said.startswith(f"qr-gen: {name} "), said
    assert "hunter2" not in said
    return said


async def test_with_nothing_configured_it_talks_on_this_machine(tmp_path: Path) -> None:
    """The page is there, it makes its key and its data for this user alone, and ends with 0 when told to."""
    async with running(tmp_path, **EXECUTED) as bot, aiohttp.ClientSession() as http:
        async with http.post(f"{bot.url}/chat/say", json={"text": "https://example.com"}) as answer:
            said = await answer.json()
        assert said["picture"]["src"].startswith("data:image/png;base64,")
        assert await bot.stop() == 0
    key = tmp_path / "keys" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data" / "qr-gen.db").stat().st_mode) == 0o600
    log = bot.log.read_text()
    assert "Traceback" not in log
    assert "leaked" not in log, log


async def test_headers_without_end_are_cut_off(tmp_path: Path) -> None:
    """Whoever sends them is told so and hung up on, long before they fill the memory."""
    async with running(tmp_path) as bot:
        port = int(bot.url.rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /slack/events HTTP/1.1\r\nHost: x\r\n")
        with suppress(ConnectionError):
            for number in range(32):
                writer.write(b"X-%d: %b\r\n" % (number, b"a" * 16_384))
                await writer.drain()
            writer.write(b"\r\n")
            await writer.drain()
        async with asyncio.timeout(PATIENCE):
            said = b""
            with suppress(ConnectionError):
                said = await reader.read()
        writer.close()
        assert not said or said.startswith(b"HTTP/1.1 400")
        assert reader.at_eof() or reader.exception()


async def test_started_again_it_knows_what_it_knew(tmp_path: Path) -> None:
    """The same key opens the same data."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as http:
        async with running(tmp_path) as bot:
            await http.post(f"{bot.url}/chat/say", json={"text": "remember me"})
        async with (
            running(tmp_path) as bot,
            http.post(f"{bot.url}/chat/say", json={"text": "/history"}) as answer,
        ):
            assert "remember me" in json.dumps(await answer.json())


async def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    """Before anything is opened or made."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = await refused(tmp_path, "PORT", PORT=str(taken.getsockname()[1]))
    assert "in use" in said
    assert list(tmp_path.iterdir()) == []


async def test_an_address_of_another_machine_is_said(tmp_path: Path) -> None:
    """Whether it is a number or a name."""
    for host in ("192.0.2.1", "no-such-host.invalid"):
        await refused(tmp_path, "HOST", HOST=host)


async def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """It may be a volume that was not mounted: none is made in its place."""
    said = await refused(tmp_path, "DATABASE_URL", DATABASE_URL=f"sqlite:///{tmp_path}/volume/qr.db")
    assert "folder that is not there" in said


async def test_data_whose_key_is_missing_is_not_given_a_new_one(tmp_path: Path) -> None:
    """Nor is it opened with another."""
    async with running(tmp_path):
        pass
    (tmp_path / "keys" / "secret.key").rename(tmp_path / "elsewhere")
    assert "put it back" in await refused(tmp_path, "SECRET_KEY")
    assert not (tmp_path / "keys" / "secret.key").exists()
    other = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    assert "not the key" in await refused(tmp_path, "SECRET_KEY", SECRET_KEY=other)
    await refused(tmp_path, "SECRET_KEY", SECRET_KEY=SECRET)


@pytest.mark.parametrize("size", [31, 33])
async def test_a_key_of_another_length_is_said(tmp_path: Path, size: int) -> None:
    """Also beside one that will do; nothing is made with it, and it is not shown."""
    wrong = base64.b64encode(b"k" * size).decode()
    said = await refused(tmp_path, "SECRET_KEY", SECRET_KEY=f"{'A' * 43}=,{wrong}")
    assert "32 bytes" in said
    assert wrong not in said
    assert not (tmp_path / "data" / "qr-gen.db").exists()


async def test_data_that_a_running_process_holds_is_let_alone(tmp_path: Path) -> None:
    """A second one says so; web and worker alone are for PostgreSQL."""
    async with running(tmp_path):
        assert "a running qr-gen holds" in await refused(tmp_path, "DATABASE_URL")
    for command in ("web", "worker"):
        assert "use qr-gen serve" in await refused(tmp_path, "DATABASE_URL", command)


async def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    """And left as it is."""
    (tmp_path / "notes.txt").write_text("not a database, but long enough to be taken for one" * 20)
    before = (tmp_path / "notes.txt").read_bytes()
    await refused(
        tmp_path, "DATABASE_URL", DATABASE_URL=f"sqlite:///{tmp_path}/notes.txt", SECRET_KEY="A" * 43 + "="
    )
    assert (tmp_path / "notes.txt").read_bytes() == before


async def test_a_token_nobody_knows_is_said(tmp_path: Path) -> None:
    """Telegram's, and Slack's two."""
    async with FakeTelegram() as tg, FakeSlack() as slack:
        telegram = {"TELEGRAM_API_URL": tg.url, "TELEGRAM_BOT_TOKEN": f"123456:{SECRET}{SECRET}"}
        await refused(tmp_path, "TELEGRAM_BOT_TOKEN", **telegram)
        api = {"SLACK_API_URL": slack.api_url, "SLACK_SIGNING_SECRET": SECRET}
        await refused(tmp_path, "SLACK_BOT_TOKEN", **api, SLACK_BOT_TOKEN=f"xoxb-{SECRET}")
        app = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": f"xapp-{SECRET}"}
        await refused(tmp_path, "SLACK_APP_TOKEN", **api, **app)


async def test_a_platform_that_cannot_be_reached_holds_nobody_else_up(tmp_path: Path) -> None:
    """The web chat answers; readiness says what is missing, and stopping does not wait for it."""
    nobody = f"http://127.0.0.1:{free_port()}"
    token = {"TELEGRAM_BOT_TOKEN": f"123456:{SECRET}{SECRET}", "TELEGRAM_API_URL": nobody}
    bot = await start(tmp_path, **token)
    async with aiohttp.ClientSession() as http:
        for _ in range(int(PATIENCE * 20)):
            try:
                async with http.post(f"{bot.url}/chat/say", json={"text": "hello"}) as answer:
                    assert answer.status == 200
                async with http.get(f"{bot.url}/readyz") as answer:
                    assert (answer.status, list((await answer.json())["failing"])) == (503, ["telegram"])
                break
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
        else:
            pytest.fail("it did not answer")
    assert await bot.stop() == 0
    assert "hunter2" not in bot.log.read_text()


async def test_the_console_filters_lines_beside_a_running_bot_and_alone(tmp_path: Path) -> None:
    """A command a line, a reply each, and the exit code says whether all succeeded."""
    async with running(tmp_path):
        code, out, _ = await finished(tmp_path, "repl", stdin="beside it\nhistory\n")
        assert (code, "1 code" in out) == (0, True)
    code, out, _ = await finished(tmp_path, "repl", stdin="history\n/wfii\n")
    assert (code, "beside it" in out, "/wifi" in out) == (1, True, True)


async def test_the_version_and_the_help_need_no_settings(tmp_path: Path) -> None:
    """Also where every setting is wrong."""
    wrong = clean(PORT="none", DATABASE_URL="none")
    for arguments in (("version",), ("--help",), ("serve", "--help")):
        code, out, said = await finished(
            tmp_path, *arguments, **EXECUTED, **{k: wrong[k] for k in ("PORT", "DATABASE_URL")}
        )
        assert (code, said) == (0, "")
        assert out.strip()
    assert os.listdir(tmp_path) == []
