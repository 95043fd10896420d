"""How much memory a bot takes that nobody talks to."""

from pathlib import Path

import aiohttp
import pytest

from tests.fakes import FakeSlack, FakeTelegram
from tests.processes.running import EXECUTED, running

MOST = 200  # MB
STATUS = Path("/proc/self/status")

pytestmark = pytest.mark.skipif(not STATUS.exists(), reason="only Linux tells it here")


def resident(pid: int) -> float:
    """Tell how much of a process is in memory, in MB (proc_pid_status(5): VmRSS)."""
    status = Path(f"/proc/{pid}/status").read_text()
    [kilobytes] = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(kilobytes) * 1024 / 1e6


async def test_at_rest_it_takes_less_than_200_mb(tg: FakeTelegram, tmp_path: Path) -> None:
    """With every face on, and after it has made a code."""
    async with FakeSlack() as slack:
        faces = {
            "TELEGRAM_BOT_TOKEN": tg.token, "TELEGRAM_API_URL": tg.url, "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret,
        }  # fmt: skip
        async with running(tmp_path, **EXECUTED, **faces) as bot, aiohttp.ClientSession() as http:
            idle = resident(bot.process.pid)
            async with http.post(f"{bot.url}/chat/say", json={"text": "https://example.com"}) as answer:
                assert "picture" in await answer.json()
            print(f"at rest {idle:.0f} MB, after a code {resident(bot.process.pid):.0f} MB")
            assert max(idle, resident(bot.process.pid)) < MOST
