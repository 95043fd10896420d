"""`qr-gen config`: what is set, and where; what looks like a slip; and no secret, not even its beginning."""

from pathlib import Path

import pytest

from bot.config import Settings
from bot.configured import masked, shown, without_password

TOKEN = "123456:" + "hunter2" * 5
KEY = "A" * 43 + "="


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is set, and there is no `.env`."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


def told() -> dict[str, tuple[str, str]]:
    """Read the lines: of each setting its value and where it is set; of what else is said nothing."""
    lines = [line for line in shown() if ".env is no setting" not in line]
    where = max(line.rindex("  ") for line in lines) + 2
    value = len(max(Settings.model_fields, key=len)) + 2
    return {line.split()[0]: (line[value:where].strip(), line[where:].strip()) for line in lines}


def test_each_setting_has_a_line_with_its_value_and_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The strongest place first; what follows from other settings is said as it follows."""
    assert {where for _, where in told().values()} == {"default"}
    assert (told()["SIGN_UP"][0], told()["WEB_CHAT"][0]) == ("open", "true")
    Path(".env").write_text(f"PORT=8001\nTELEGRAM_BOT_TOKEN={TOKEN}\nSECRET_KEY_FILE=key\nHOST=0.0.0.0\n")
    Path("key").write_text(KEY)
    monkeypatch.setenv("PORT", "8002")
    found = told()
    assert set(found) == {name.upper() for name in Settings.model_fields}
    assert found["PORT"] == ("8002", "environment, over .env")
    assert found["TELEGRAM_BOT_TOKEN"] == ("•••• (32 or more characters)", ".env")
    assert found["SECRET_KEY"] == ("•••• (32 or more characters)", "file, by SECRET_KEY_FILE in .env")
    assert (found["SIGN_UP"], found["WEB_CHAT"]) == (("invite", "default"), ("false", "default"))


def test_the_environment_is_stronger_than_a_file_that_dot_env_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a file that the environment names is stronger than both."""
    for name, port in (("first", "8001"), ("second", "8002")):
        Path(name).write_text(port)
    Path(".env").write_text("PORT_FILE=first\n")
    assert told()["PORT"][0] == "8001"
    monkeypatch.setenv("PORT", "8003")
    assert told()["PORT"] == ("8003", "environment, over file, by PORT_FILE in .env")
    monkeypatch.setenv("PORT_FILE", "second")
    assert told()["PORT"][0] == "8002"


def test_names_that_look_like_ours_are_pointed_out() -> None:
    """With the nearest; those of other programs are not, and no value is said."""
    Path(".env").write_text(
        "TELEGRAM_TOKEN=hunter2\nSECRET_KEY_FLIE=hunter2\nPOSTGRES_PASSWORD=hunter2\nPORT=1\n"
    )
    lines = list(shown())
    assert lines[-2:] == [
        "SECRET_KEY_FLIE in .env is no setting; the nearest is SECRET_KEY_FILE.",
        "TELEGRAM_TOKEN in .env is no setting; the nearest is TELEGRAM_BOT_TOKEN.",
    ]
    assert len(lines) == len(Settings.model_fields) + 2
    assert "hunter2" not in str(lines)


@pytest.mark.parametrize(
    ("length", "said"),
    [(0, ""), (1, "fewer than 8"), (7, "fewer than 8"), (8, "8 to 31"), (32, "32 or more")],
)
def test_a_secret_is_told_by_about_its_length(length: int, said: str) -> None:
    """Which is enough to see that half of it was copied."""
    assert masked("x" * length) == (f"•••• ({said} characters)" if said else "")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite+aiosqlite:////srv/my data/qr.db", "sqlite:////srv/my data/qr.db"),
        ("postgresql+asyncpg://ada:hunter2@host:5/name", "postgresql://••••@host:5/name"),
        ("postgresql+asyncpg://host/name?password=hunter2", "postgresql://host/name?••••"),
        ("postgresql+asyncpg://ada:hun@ter2/hunter2%40host/name", "postgresql://••••"),
        ("redis://:hunter2@[::1]:6379/0", "redis://••••@[::1]:6379/0"),
        ("rediss://host", "rediss://host"),
    ],
)
def test_an_address_is_told_without_who_logs_in(url: str, said: str) -> None:
    """Nor what its parameters say."""
    assert without_password(url) == said
