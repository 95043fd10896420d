"""Who may use the bot, on the platforms themselves: strangers are told once, and come in by invitation."""

import re
from pathlib import Path

from tests.fakes import FakeSlack, FakeTelegram
from tests.processes.running import finished, running
from tests.processes.test_inline import answered
from tests.processes.test_slack import settings as on_slack
from tests.processes.test_slack import told
from tests.processes.test_telegram import settings as on_telegram

REFUSED = "I am for invited people only."


async def console(folder: Path, line: str) -> str:
    """Say something in the console of the bot that runs."""
    code, out, _ = await finished(folder, "repl", stdin=f"{line}\n")
    assert code == 0, out
    return out


async def test_strangers_are_told_once_and_come_in_with_an_invitation(
    tg: FakeTelegram, slack: FakeSlack, tmp_path: Path
) -> None:
    """In chats, inline and where a form would open; then they are answered as everybody is."""
    ada, bea = tg.person(), slack.person("bea")
    chat, general = tg.private(ada, started=True), slack.channel("general", bea)
    settings = on_telegram(tg) | on_slack(slack) | {"ACCESS": "invite"}
    async with running(tmp_path, **settings) as bot:
        slack.events_url = f"{bot.url}/slack/events"
        for text in ("https://example.com", "hello?"):
            tg.says(ada, chat, text)
        await tg.until(lambda: not tg.updates.fresh())
        _, asked = await answered(tg, ada, "hello")
        [hint] = asked.results or []
        assert REFUSED in str(hint)
        await slack.command(bea, general, "wifi")
        [notice] = await told(slack, general, bea)
        assert REFUSED in notice.words()
        await slack.shortcut(bea, "make")
        [code] = set(re.findall(r"\b[0-9A-HJKMNP-TV-Z-]{16,19}\b", await console(tmp_path, "/invite")))
        tg.says(ada, chat, f"/start {code}")
        tg.says(ada, chat, "https://example.com")
        *said, card = await tg.until(lambda: seen if len(seen := tg.replies(chat)) >= 3 else [], 20)
        assert [each.text.split()[0] for each in said] == ["I", "Welcome!"]
        assert tg.decode(card) == ["https://example.com"]
        await console(tmp_path, f"/allow slack:{slack.team}")
        await slack.command(bea, general, "wifi")
        assert slack.view(bea).payload["blocks"]
    assert (tg.refused, slack.refused) == ([], [])
    assert "Traceback" not in bot.log.read_text()
