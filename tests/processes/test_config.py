"""`qr-gen config` as an operator runs it."""

from pathlib import Path

from bot.config import Settings
from tests.processes.running import finished

TOKEN = "123456:" + "b" * 35


async def test_all_is_shown_and_then_what_is_wrong(tmp_path: Path) -> None:
    """Exit code 2 as with every command; where each is set is said all the same, and no value."""
    code, out, err = await finished(tmp_path, "config", TELEGRAM_BOT_TOKEN=TOKEN, PORT="hunter2")
    assert (code, err) == (2, "qr-gen: PORT is not a whole number.\n")
    lines = out.splitlines()
    assert [line.split()[0].lower() for line in lines] == list(Settings.model_fields)
    assert [line.split()[-1] for line in lines if line.startswith("PORT ")] == ["environment"]
    assert "hunter2" not in out
    code, out, _ = await finished(tmp_path, "config", TELEGRAM_BOT_TOKEN=TOKEN)
    assert (code, TOKEN[:6] in out) == (0, False)
