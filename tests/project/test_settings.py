"""`.env.example`, the settings and the README tell one story; what is set wrongly is said in one line."""

import re
from pathlib import Path

import pytest

from bot.config import DATABASE, Misconfigured, Settings, read_settings
from storage.url import database_url

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
SHOWN = dict(re.findall(r"^# ([A-Z_]+)=(.*)$", EXAMPLE, re.M))
KEY = "A" * 43 + "="


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set, and there is no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_example_has_every_setting_and_no_other() -> None:
    """Both ways, and nothing in it is set: a copy changes nothing."""
    assert list(SHOWN) == [name for name in SHOWN if name.lower() in Settings.model_fields]
    assert {name.lower() for name in SHOWN} == set(Settings.model_fields)
    assert re.findall(r"^[^#\n]", EXAMPLE, re.M) == []


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set to what the example shows, every setting is what it is by default."""
    default = read_settings()
    for name, value in SHOWN.items():
        monkeypatch.setenv(name, value)
    assert read_settings() == default


def test_each_setting_is_explained_and_stands_in_the_readme() -> None:
    """A comment before each line of the example; a row each in the README's table."""
    unexplained = re.findall(r"\n\n# ([A-Z_]+)=", EXAMPLE)
    table = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert unexplained == []
    assert set(SHOWN) - table == set()


def test_a_setting_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As containers mount secrets; the file's last line break is not part of it."""
    (tmp_path / "token").write_text("123456:" + "a" * 35 + "\n")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert read_settings().telegram_bot_token.get_secret_value() == "123456:" + "a" * 35


def test_a_dot_env_is_read_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What somebody typed for one run is stronger than what stands in the file."""
    (tmp_path / ".env").write_text("PORT=8001\nLOG_LEVEL=WARNING\n")
    monkeypatch.setenv("PORT", "8002")
    assert (read_settings().port, read_settings().log_level) == (8002, "warning")


NEVER_EMPTY = {
    *("HOST", "PORT", "DATABASE_URL", "RATE_LIMIT", "LOG_LEVEL", "LOG_FORMAT"),
    *("TELEGRAM_API_URL", "TELEGRAM_RATES", "SLACK_API_URL"),
}


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_an_empty_setting_is_as_good_as_none_or_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`NAME=` in a file of settings is what people write for "not set"."""
    default = read_settings()
    monkeypatch.setenv(name, "")
    if name in NEVER_EMPTY:
        with pytest.raises(Misconfigured, match=rf"^{name} "):
            read_settings()
    else:
        assert read_settings() == default


WRONG = [
    ("PORT", "eighty"),
    ("PORT", "70000"),
    ("PORT", "-1"),
    ("WEB_CHAT", "perhaps"),
    ("SIGN_UP", "perhaps"),
    ("CORS_ORIGINS", "hunter2"),
    ("CORS_ORIGINS", "https://a.example https://b.example/path"),
    ("CORS_ORIGINS", "*"),
    ("TRUSTED_PROXIES", "hunter2"),
    ("PUBLIC_URL", "qr.example.com"),
    ("PUBLIC_URL", "ftp://qr.example.com"),
    ("PUBLIC_URL", "https://ada:hunter2@qr.example.com"),
    ("PUBLIC_URL", "https://qr.example.com/?q=hunter2"),
    ("DATABASE_URL", "hunter2"),
    ("DATABASE_URL", "mysql://ada:hunter2@host/name"),
    ("DATABASE_URL", "sqlite://"),
    ("TELEGRAM_BOT_TOKEN", "hunter2"),
    ("TELEGRAM_API_URL", "hunter2"),
    ("TELEGRAM_RATES", "hunter2"),
    ("TELEGRAM_RATES", "chat=1/d"),
    ("TELEGRAM_WEBHOOK", "perhaps"),
    ("TELEGRAM_WEBHOOK_SECRET", "hunter2 with a space"),
    ("TELEGRAM_WEBHOOK_SECRET", "hunter2" * 37),
    ("TELEGRAM_WEBHOOK", "true"),
    ("TELEGRAM_CACHE_CHAT", "hunter2"),
    ("TELEGRAM_CACHE_CHAT", "@hunter2"),
    ("TELEGRAM_CACHE_CHAT", "@pictures_of_mine"),
    ("TELEGRAM_CACHE_CHAT", "1234567"),
    ("TELEGRAM_CACHE_CHAT", "-4000001"),
    ("SLACK_API_URL", "hunter2"),
    ("SLACK_BOT_TOKEN", "hunter2"),
    ("SLACK_APP_TOKEN", "xoxb-hunter2"),
    ("SLACK_CLIENT_ID", "hunter2"),
    ("REDIS_URL", "hunter2"),
    ("RATE_LIMIT", "hunter2"),
    ("RATE_LIMIT", "0/minute"),
    ("OPERATORS", "hunter2"),
    ("RETENTION_DAYS", "0"),
    ("RETENTION_DAYS", "hunter2"),
    ("METRICS_TOKEN", "hunter2"),
    ("METRICS_TOKEN", "hunter2 hunter2 hunter2 hunter2"),
    ("METRICS_PORT", "hunter2"),
    ("METRICS_PORT", "0"),
    ("LOG_LEVEL", "hunter2"),
    ("SENTRY_DSN", "hunter2"),
    ("SENTRY_DSN", "https://hunter2@sentry.example"),
    ("LOG_FORMAT", "hunter2"),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_setting_that_will_not_do_is_named_and_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line: the name, what is wrong and what to do."""
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as wrong:
        read_settings()
    said = str(wrong.value)
    assert re.fullmatch(rf"{name} [^\n]{{10,160}}\.", said)
    assert "hunter2" not in said


@pytest.mark.parametrize("url", ["", "http://qr.example.com", "https://localhost:8443", "https://127.0.0.1"])
def test_a_webhook_needs_an_address_that_telegram_reaches(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By https, and not on this machine alone."""
    monkeypatch.setenv("TELEGRAM_WEBHOOK", "true")
    monkeypatch.setenv("PUBLIC_URL", url)
    with pytest.raises(Misconfigured, match=r"^TELEGRAM_WEBHOOK needs PUBLIC_URL"):
        read_settings()
    monkeypatch.setenv("PUBLIC_URL", "https://qr.example.com")
    assert read_settings().telegram_webhook


@pytest.mark.parametrize(
    "given",
    [
        {"SLACK_BOT_TOKEN": "xoxb-1"},
        {"SLACK_SIGNING_SECRET": "hunter2"},
        {"SLACK_APP_TOKEN": "xapp-1"},
    ],
)
def test_half_of_slacks_settings_is_said(given: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A bot token needs a way in, and a way in needs a bot token."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=r"^SLACK_BOT_TOKEN goes with"):
        read_settings()


MANY = {
    "SLACK_CLIENT_ID": "111.222", "SLACK_CLIENT_SECRET": "hunter2", "SLACK_SIGNING_SECRET": "hunter2",
    "PUBLIC_URL": "https://qr.example.com",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SLACK_CLIENT_ID": ""}, "SLACK_CLIENT_ID goes with SLACK_CLIENT_SECRET"),
        ({"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_ID goes with SLACK_CLIENT_SECRET"),
        ({"SLACK_SIGNING_SECRET": ""}, "SLACK_CLIENT_ID needs SLACK_SIGNING_SECRET"),
        ({"SLACK_SIGNING_SECRET": "", "SLACK_APP_TOKEN": "xapp-1"}, "SLACK_CLIENT_ID needs SLACK_SIGNING"),
        ({"PUBLIC_URL": ""}, "SLACK_CLIENT_ID needs PUBLIC_URL"),
        ({"PUBLIC_URL": "http://qr.example.com"}, "SLACK_CLIENT_ID needs PUBLIC_URL"),
        ({"PUBLIC_URL": "https://localhost"}, "SLACK_CLIENT_ID needs PUBLIC_URL"),
        ({"SLACK_BOT_TOKEN": "xoxb-hunter2"}, "SLACK_BOT_TOKEN is for one workspace"),
        ({"SLACK_CLIENT_ID": "hunter2"}, "SLACK_CLIENT_ID is not two numbers"),
    ],
)
def test_many_workspaces_need_all_that_an_installation_needs(
    changed: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Id and secret of the app, its signing secret, an address to come back to; and no token of one."""
    for name, value in MANY.items():
        monkeypatch.setenv(name, value)
    assert read_settings().slack_client_id == "111.222"
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=rf"^{said}") as wrong:
        read_settings()
    assert re.fullmatch(r"[^\n]{10,160}\.", str(wrong.value))
    assert "hunter2" not in str(wrong.value)


def test_a_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the setting, not by its path."""
    monkeypatch.setenv("SECRET_KEY_FILE", "/nowhere/hunter2")
    with pytest.raises(Misconfigured, match=r"^SECRET_KEY_FILE names a file") as wrong:
        read_settings()
    assert "hunter2" not in str(wrong.value)


@pytest.mark.parametrize(
    ("given", "chat", "reachable"),
    [
        ({}, True, False),
        ({"HOST": "0.0.0.0"}, False, False),
        ({"HOST": "::1"}, True, False),
        ({"PUBLIC_URL": "http://localhost:8000"}, True, False),
        ({"PUBLIC_URL": "https://qr.example.com"}, False, True),
        ({"PUBLIC_URL": "http://qr.example.com"}, False, False),
        ({"PUBLIC_URL": "https://127.0.0.1"}, True, False),
        ({"PUBLIC_URL": "https://qr.example.com", "WEB_CHAT": "true"}, True, True),
        ({"WEB_CHAT": "false"}, False, False),
    ],
)
def test_the_web_chat_is_for_this_machine_unless_somebody_says_otherwise(
    given: dict[str, str], chat: bool, reachable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And only an https address that others can reach is one for platforms to fetch from."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    assert (settings.chat, settings.reachable) == (chat, reachable)


@pytest.mark.parametrize(
    ("given", "mini"),
    [
        ({}, True),
        ({"WEB_CHAT": "false"}, False),
        ({"HOST": "0.0.0.0"}, False),
        ({"HOST": "0.0.0.0", "WEB_CHAT": "true"}, False),
        ({"HOST": "0.0.0.0", "TELEGRAM_BOT_TOKEN": "123456:" + "b" * 35}, True),
        ({"WEB_CHAT": "false", "TELEGRAM_BOT_TOKEN": "123456:" + "b" * 35}, True),
    ],
)
def test_the_mini_app_is_for_a_bot_on_telegram_and_to_be_tried_on_this_machine(
    given: dict[str, str], mini: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It needs no web chat of its own."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert read_settings().mini == mini


def test_settings_tell_no_secret_when_they_are_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a traceback, or by mistake in a log; the log's filter knows every value."""
    token = "123456:" + "b" * 35
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:hunter2hunter2@host/name")
    settings = read_settings()
    assert not {token, KEY} & set(re.findall(r"[\w:=]{20,}", repr(settings)))
    assert {token, KEY} < set(settings.secrets())
    assert any("hunter2hunter2" in secret for secret in settings.secrets())


def test_the_default_database_is_the_one_the_example_names() -> None:
    """In ./data, as README.md says."""
    assert database_url(SHOWN["DATABASE_URL"]) == DATABASE
