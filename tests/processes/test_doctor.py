"""`qr-gen doctor`: what is right and what is not, a line each, as an operator runs it."""

from pathlib import Path

import pytest

from bot.i18n import LANGUAGES
from storage.encryption import KeyRing
from storage.store import open_store
from storage.url import database_url
from tests.fakes import FakeTelegram
from tests.full import only_full
from tests.processes.running import finished, free_port, running
from tests.processes.test_postgresql import database

__all__ = ["database"]

KEY = "A" * 43 + "="


def settings(tg: FakeTelegram, **more: str) -> dict[str, str]:
    """Point it at the fake."""
    return {"TELEGRAM_BOT_TOKEN": tg.token, "TELEGRAM_API_URL": tg.url} | more


async def doctor(folder: Path, **given: str) -> tuple[int, dict[str, str]]:
    """Ask it: exit code, and the lines by what they are about, each with whether that is right."""
    code, out, said = await finished(folder, "doctor", **given)
    assert said == ""
    marks = [(line[:2], line[4:]) for line in out.splitlines()]
    assert {mark for mark, _ in marks} <= {"OK", "--", "!!"}
    assert code == int(any(mark == "!!" for mark, _ in marks))
    return code, {
        line.split(" is ")[0].split(" are ")[0].split(" answers")[0]: f"{mark} {line}" for mark, line in marks
    }


async def test_a_bot_that_runs_is_found_well(tg: FakeTelegram, tmp_path: Path) -> None:
    """Beside it and after it; nothing is changed, and no line says what is secret."""
    async with running(tmp_path, **settings(tg)):
        await tg.wait_for("getUpdates", arrived=True, timeout=30)
        await tg.wait_for("setMyShortDescription", len(LANGUAGES), timeout=30)
        writing = [call.method for call in tg.calls if call.method.startswith("set")]
        code, lines = await doctor(tmp_path, **settings(tg))
        assert (code, lines["Database"]) == (0, "OK Database answers, is migrated, and a qr-gen runs on it.")
        assert "OK Key opens the database." in lines.values()
    code, lines = await doctor(tmp_path, **settings(tg))
    assert (code, lines["Database"]) == (0, "OK Database answers, is migrated.")
    assert lines["Clock agrees with Telegram's."][:2] == "OK"
    assert lines["Telegram token"] == "OK Telegram token is @qr_test_bot's."
    assert {"Commands", "Inline mode", "Privacy mode", "Webhook"} < set(lines)
    assert [call.method for call in tg.calls if call.method.startswith("set")] == writing
    assert tg.token not in str(lines)


async def test_before_the_first_start_it_says_what_is_still_to_come(tg: FakeTelegram, tmp_path: Path) -> None:
    """And makes neither key nor data."""
    code, lines = await doctor(tmp_path, **settings(tg))
    assert code == 1
    assert lines["Database"] == "OK Database is made at the first start."
    assert lines["Commands"].endswith("Start qr-gen: it sets them.")
    assert list(tmp_path.iterdir()) == []
    assert (await doctor(tmp_path))[0] == 0


async def test_every_switch_that_is_wrong_is_named_with_its_remedy(tg: FakeTelegram, tmp_path: Path) -> None:
    """Inline mode, groups, privacy mode; and a webhook that another program set."""
    tg.powers = {
        "can_join_groups": False, "can_read_all_group_messages": True, "supports_inline_queries": False,
    }  # fmt: skip
    async with running(tmp_path, **settings(tg)):
        await tg.wait_for("getUpdates", arrived=True, timeout=30)
        await tg.wait_for("setMyShortDescription", len(LANGUAGES), timeout=30)
    _, lines = await doctor(tmp_path, **settings(tg))
    wrong = {what: line.rpartition(". ")[2] for what, line in lines.items() if line.startswith("!!")}
    assert set(wrong) == {
        "Inline mode",
        "Groups may not add the bot. Send /setjoingroups to @BotFather: Enable.",
        "Privacy mode",
    }
    assert "/setinline" in wrong["Inline mode"]
    assert "/setprivacy" in lines["Privacy mode"]


@only_full
async def test_a_webhook_is_compared_with_what_is_configured(tmp_path: Path) -> None:
    """Not set, set elsewhere, set right, and one at which nobody answers."""
    public = {"https://qr.example": "http://127.0.0.1:9", "https://other.example": "http://127.0.0.1:9"}
    async with FakeTelegram(public=public) as tg:
        hooked = settings(tg, TELEGRAM_WEBHOOK="true", PUBLIC_URL="https://qr.example")
        assert (await doctor(tmp_path, **hooked))[1][
            "Webhook"
        ] == "!! Webhook is not set. Start qr-gen: it sets it."
        port = free_port()
        tg.public["https://qr.example"] = f"http://127.0.0.1:{port}"
        async with running(tmp_path, **hooked, PORT=str(port)):
            code, lines = await doctor(tmp_path, **hooked)
            assert (code, lines["Webhook"]) == (
                0,
                "OK Webhook is set to https://qr.example/telegram/webhook.",
            )
        _, lines = await doctor(tmp_path, **settings(tg))
        assert lines["Webhook"].startswith("!! Webhook is set to https://qr.example. Start qr-gen")
        tg.public["https://bot:pass@qr.example:8443"] = f"http://127.0.0.1:{port}"
        assert tg.webhook
        tg.webhook.url = f"https://bot:pass@qr.example:8443/hook/{tg.token}?key=token"
        _, lines = await doctor(tmp_path, **settings(tg))
        assert lines["Webhook"].startswith("!! Webhook is set to https://qr.example:8443. Start qr-gen")
        tg.webhook.url = "https://qr.example/telegram/webhook"
        ada = tg.person()
        tg.says(ada, tg.private(ada), "hello")
        await tg.until(lambda: tg.webhook and tg.webhook.last_error)
        _, lines = await doctor(tmp_path, **hooked)
        assert "Telegram met: Connection failed" in lines["Webhook"]
        assert "/livez" in lines["Webhook"]


@only_full
async def test_the_channel_kept_for_pictures_must_be_private_and_open_to_the_bot(
    tg: FakeTelegram, tmp_path: Path
) -> None:
    """Right; with a name by which everybody looks into it; one the bot was thrown out of; none at all."""
    private, silent = tg.channel("Pictures"), tg.channel("Silent")
    public, shut = tg.channel("Shown", username="pictures_of_mine"), tg.channel("Shut", bot="kicked")
    silent.posts = False
    about = "Inline pictures"
    for chat, told in (
        (private.id, "OK Inline pictures go to a private channel first."),
        (public.id, "!! Inline pictures go where everybody sees them, to @pictures_of_mine."),
        (silent.id, "!! Inline pictures go to a chat in which the bot may not post."),
        (shut.id, "!! Inline pictures go to a chat that cannot be reached."),
        (-1001, "!! Inline pictures go to a chat that cannot be reached."),
    ):
        _, lines = await doctor(tmp_path, **settings(tg, TELEGRAM_CACHE_CHAT=str(chat)))
        [line] = [line for line in lines.values() if about in line]
        assert line.startswith(told)
        assert ("TELEGRAM_CACHE_CHAT" in line) == line.startswith("!!")
    assert not any(about in line for line in (await doctor(tmp_path, **settings(tg)))[1].values())
    assert not [call for call in tg.calls if call.method.startswith("send")]


@pytest.mark.parametrize("known", [True, False])
async def test_a_token_that_will_not_do_and_a_telegram_that_is_away_are_said(
    tg: FakeTelegram, tmp_path: Path, known: bool
) -> None:
    """Neither is waited for."""
    tg.revoked = True
    away = {} if known else {"TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}"}
    code, lines = await doctor(tmp_path, **settings(tg, **away))
    assert code == 1
    remedy = "from @BotFather into TELEGRAM_BOT_TOKEN" if known else "TELEGRAM_API_URL"
    assert [line for line in lines.values() if line.startswith("!!") and remedy in line]
    assert tg.token not in str(lines)


@only_full
async def test_a_server_that_is_away_a_key_that_is_wrong_and_tables_that_are_old(
    database: str, tmp_path: Path
) -> None:
    """Each has its own line."""
    _, lines = await doctor(tmp_path, DATABASE_URL=database, SECRET_KEY=KEY)
    assert lines["Database"] == "!! Database answers, but is not migrated. Run: qr-gen migrate"
    assert (await finished(tmp_path, "migrate", DATABASE_URL=database, SECRET_KEY=KEY))[0] == 0
    assert (await doctor(tmp_path, DATABASE_URL=database, SECRET_KEY=KEY))[0] == 0
    async with open_store(database_url(database), KeyRing.parse(KEY)):
        pass  # as the first start does
    _, lines = await doctor(tmp_path, DATABASE_URL=database, SECRET_KEY="B" * 43 + "=")
    assert any("does not open the database" in line for line in lines.values())
    gone = "postgresql://ada:hunter2@127.0.0.1:1/none"
    code, lines = await doctor(tmp_path, DATABASE_URL=gone, SECRET_KEY=KEY)
    assert (code, "hunter2" in str(lines)) == (1, False)
    assert any("cannot be reached" in line for line in lines.values())
