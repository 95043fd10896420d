"""`qr-gen doctor` about the data, this machine and what stands around it."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from sqlalchemy import text, update

from bot import machine
from bot.config import Settings, read_settings
from bot.doctor import findings
from bot.face import Finding
from storage.changes import Unit
from storage.encryption import KeyRing
from storage.records import Delivery, State
from storage.store import Store
from storage.tables import deliveries
from tests.core.redis import free_port

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a folder in which nothing is set."""
    monkeypatch.chdir(tmp_path)


async def found(**given: Any) -> dict[str, Finding]:
    """Ask about settings."""
    secrets = {name: SecretStr(value) for name, value in given.items() if name in {"secret_key"}}
    return {each.what: each async for each in findings(Settings(**given | secrets))}


def written(ring: KeyRing) -> str:
    """Write keys down as SECRET_KEY has them."""
    return ",".join(b64encode(key).decode() for key in ring.keys)


async def test_the_data_is_looked_at_while_somebody_has_it_open(
    store: Store, url: str, ring: KeyRing
) -> None:
    """Both kinds: the key, also behind another; a key that is another's; none."""
    if store.shared:
        assert "SECRET_KEY" in (await found(database_url=url))["Key"].how
    well = await found(database_url=url, secret_key=written(ring))
    assert [each for each in well.values() if each.mend and not each.light] == []
    assert (well["Key"].how, well["Database"].how) == ("opens the database", "answers, is migrated")
    both = KeyRing((bytes(32), *ring.keys))
    several = await found(database_url=url, secret_key=written(both))
    assert several["Key"].how == "opens the database; 2 are set, of which the first seals"
    wrong = await found(database_url=url, secret_key=written(KeyRing((bytes(32),))))
    assert (wrong["Key"].how, wrong["Key"].light) == ("does not open the database", False)
    odd = await found(database_url=url, secret_key="hunter2")
    assert "SECRET_KEY" in odd["Key"].how
    assert "hunter2" not in str(odd)


async def test_what_waits_too_long_and_what_was_given_up_is_said(
    store: Store, url: str, ring: KeyRing
) -> None:
    """Of each platform by itself."""

    async def queue() -> Finding:
        told = await found(database_url=url, secret_key=written(ring))
        assert told["Deliveries (slack)"].how == told["Requests (other)"].how == "0 wait"
        return told["Deliveries (telegram)"]

    one = Delivery("D000000001", "telegram:1", "telegram", "{}", "{}", NOW, NOW, "r", "ADA0000000")
    await store.commit(Unit("r", NOW, deliveries=(one,)))
    assert (await queue()).mend == ""
    async with store.writing() as work:
        before = NOW - timedelta(minutes=3)
        await work.connection.execute(update(deliveries).values(created_at=before, attempts=2))
    tried = await queue()
    assert (tried.how, bool(tried.mend), tried.light) == ("1 wait, 1 after a try that failed", True, True)
    async with store.writing() as work:
        await work.connection.execute(update(deliveries).values(created_at=NOW - timedelta(hours=3)))
    late = await queue()
    assert (late.how, bool(late.mend), late.light) == ("1 wait, the first for 3 hours", True, False)
    async with store.writing() as work:
        await work.connection.execute(update(deliveries).values(state=State.DEAD))
    dead = await queue()
    assert (dead.how, bool(dead.mend), dead.light) == ("0 wait, 1 were given up", True, True)


async def test_a_database_that_is_away_is_said_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    """A server that does not answer, a file that is none, a folder that is not there."""
    away = f"postgresql://ada:hunter2@127.0.0.1:{free_port()}/none"
    told = await found(database_url=away, secret_key=written(KeyRing((bytes(32),))))
    assert told["Database"].mend
    assert {"Fonts", "Time zones", "Sign-up", "Telegram"} <= set(told)
    assert "hunter2" not in str(told)
    (tmp_path / "odd.db").write_text("no database")
    assert (await found(database_url="sqlite:///odd.db"))["Database"].mend
    assert "folder" in (await found(database_url="sqlite:///none/here.db"))["Database"].how
    assert not (tmp_path / "none").exists()


async def test_data_of_a_newer_release_is_said(store: Store, url: str, ring: KeyRing) -> None:
    """This one would not start on it."""
    async with store.writing() as work:
        await work.connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    several = written(KeyRing((bytes(32), *ring.keys)))
    told = (await found(database_url=url, secret_key=several))["Database"]
    assert (told.how, told.mend) == ("is of a newer qr-gen", "Update this one.")


async def test_files_with_secrets_are_for_their_owner_alone(blank: Path, ring: KeyRing) -> None:
    """The key that was made at the first start; and `.env`, which people write."""
    Path("keys").mkdir()
    key, settings = Path("keys/secret.key"), Path(".env")
    key.write_text(written(ring))
    settings.write_text(f"DATABASE_URL=sqlite:///{blank}")
    for mode, right in ((0o644, False), (0o600, True)):
        key.chmod(mode)
        settings.chmod(mode)
        told = [each async for each in findings(read_settings())]
        assert ("chmod 600 keys/secret.key" in str(told)) is not right
        assert ("chmod 600 .env" in str(told)) is not right
        assert [each.light for each in told if "chmod 600" in each.mend] == ([] if right else [False, True])
        assert written(ring) not in str(told)


async def test_our_own_address_has_to_lead_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """To qr-gen; to something else; to nothing, which some networks show to those inside alone."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    answers = [web.json_response({"status": "ok"}), web.Response(status=502), web.Response(text="Welcome")]

    async def answer(_: web.Request) -> web.Response:
        return answers.pop(0)

    site = web.Application()
    site.router.add_get("/livez", answer)
    async with TestServer(site) as server:
        url = str(server.make_url("")).rstrip("/")
        told = [(await found(public_url=url))["PUBLIC_URL"] for _ in range(3)]
    assert [(bool(each.mend), each.light) for each in told] == [(False, False), (True, False), (True, False)]
    gone = (await found(public_url=url))["PUBLIC_URL"]
    assert (bool(gone.mend), gone.light) == (True, True)


async def test_redis_is_asked_where_it_is_set(redis_url: str) -> None:
    """And else is no matter."""
    assert (await found(redis_url=redis_url))["Redis"].how == "answers"
    away = await found(redis_url=f"redis://:hunter2@127.0.0.1:{free_port()}/0")
    assert away["Redis"].mend
    assert "hunter2" not in str(away)
    assert "Redis" not in await found()


@pytest.mark.parametrize(
    ("given", "light"),
    [
        ({}, False),
        ({"host": "0.0.0.0"}, False),
        ({"host": "0.0.0.0", "sign_up": "closed"}, False),
        ({"host": "0.0.0.0", "sign_up": "open"}, True),
    ],
)
async def test_that_anybody_may_make_an_account_is_pointed_out(given: dict[str, str], light: bool) -> None:
    """Where others than this machine can reach it; it may be meant."""
    told = (await found(**given))["Sign-up"]
    assert (bool(told.mend), told.light and bool(told.mend)) == (light, light)


def test_scripts_without_a_font_are_named_with_the_package_that_brings_one(tmp_path: Path) -> None:
    """Bitstream Vera, which comes along, has Latin letters alone."""
    letters, emoji = machine.fonts((tmp_path,))
    assert "Latin" not in letters.how
    assert {"Thai", "Korean"} <= set(letters.how.replace(",", "").replace(":", "").split())
    assert "fonts-thai-tlwg" in letters.mend
    assert "fonts-noto-color-emoji" in emoji.mend


def test_a_disk_that_fills_up_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the folder is still to be made; the limits are moved, not the disk."""
    monkeypatch.setattr(machine, "SHARE", 0.0)
    for least, right in ((1, True), (10**18, False)):
        monkeypatch.setattr(machine, "FREE", least)
        assert (not machine.disk(tmp_path / "not" / "yet").mend) is right
