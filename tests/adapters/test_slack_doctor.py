"""`qr-gen doctor` about Slack: what is right and what is not, a line each, with what to do."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from adapters.slack.doctor import examine
from adapters.slack.scopes import SCOPES
from bot.config import Settings
from bot.doctor import findings
from bot.face import Finding
from storage.changes import Unit
from storage.records import Install, Installation, Standing
from storage.store import Store
from tests.adapters.many import settings_of
from tests.core.redis import free_port
from tests.fakes import FakeSlack

URL = "https://qr.example.com"


async def found(slack: FakeSlack, token: str | None = None, **more: Any) -> dict[str, Finding]:
    """Ask it: findings by what they are about."""
    given = slack.bot_token if token is None else token
    findings = [each async for each in examine(given, slack.api_url, **more)]
    assert not {slack.bot_token, slack.app_token} & {part for each in findings for part in each.how.split()}
    return {each.what: each for each in findings}


def wrong(findings: dict[str, Finding]) -> dict[str, str]:
    """Give what is not right, with its remedy."""
    return {what: each.mend for what, each in findings.items() if each.mend}


async def test_an_app_that_is_set_right_is_found_well(slack: FakeSlack) -> None:
    """Over HTTP and by sockets; nothing is opened and nothing changed."""
    over_http = await found(slack, signed=True, public_url=URL)
    assert wrong(over_http) == {}
    assert over_http["Slack token"].how == "is @qr's in Test"
    assert f"{URL}/slack/events" in over_http["Slack requests"].how
    by_sockets = await found(slack, app_token=slack.app_token)
    assert wrong(by_sockets) == {}
    assert "can be opened" in by_sockets["Slack sockets"].how
    assert "uploaded" in by_sockets["Slack pictures"].how
    assert slack.sockets == []
    assert {call.method for call in slack.calls} == {"auth.test", "apps.connections.open"}


async def test_scopes_that_are_missing_are_named_with_their_reasons(slack: FakeSlack) -> None:
    """And those that nobody needs: each is something an admin has to allow."""
    slack.scopes = slack.scopes - {"files:read"}
    lacking = (await found(slack, public_url=URL))["Slack scopes"]
    assert f"files:read ({SCOPES['files:read']})" in lacking.how
    assert "qr-gen manifest slack" in lacking.mend
    slack.scopes = slack.scopes | {"files:read", "channels:history"}
    more = (await found(slack, public_url=URL))["Slack scopes"]
    assert (more.how, bool(more.mend)) == ("are more than the bot uses: channels:history", True)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "agrees with Slack's"),
        (100, "agrees with Slack's"),
        (400, "behind Slack's"),
        (-400, "ahead of Slack's"),
    ],
)
async def test_a_clock_that_is_off_is_said_before_signatures_are_refused(
    slack: FakeSlack, seconds: int, said: str
) -> None:
    """Slack signs the time; five minutes are the most that may be between."""
    slack.later(seconds)
    clock = (await found(slack, public_url=URL))["Clock"]
    assert said in clock.how
    assert bool(clock.mend) is (abs(seconds) > 300)


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_token_that_will_not_do_is_said(slack: FakeSlack, code: str) -> None:
    """With where to find another."""
    slack.revoked = code
    findings = await found(slack, public_url=URL)
    assert code in findings["Slack token"].how
    assert "SLACK_BOT_TOKEN" in wrong(findings)["Slack token"]


async def test_an_app_token_that_will_not_do_is_said(slack: FakeSlack) -> None:
    """The bot token in its place, say."""
    assert "connections:write" in wrong(await found(slack, app_token="xapp-1-wrong"))["Slack sockets"]


async def test_without_an_address_and_without_sockets_nothing_can_come(slack: FakeSlack) -> None:
    """HTTP needs PUBLIC_URL."""
    assert "PUBLIC_URL" in wrong(await found(slack, signed=True))["Slack requests"]


async def test_a_slack_that_is_away_is_said_and_not_waited_for(slack: FakeSlack) -> None:
    """Or one that answers with a proxy's page."""
    nowhere = f"http://127.0.0.1:{free_port()}/api/"
    findings = [each async for each in examine("xoxb-1", nowhere, app_token="xapp-1")]
    assert {each.what for each in findings if "SLACK_API_URL" in each.mend} == {"Slack", "Slack sockets"}
    slack.fail("auth.test", status=502, html=True)
    assert "SLACK_API_URL" in wrong(await found(slack, public_url=URL))["Slack"]


def standing(number: int, scopes: str = ",".join(SCOPES), hours: int = 0) -> Standing:
    """Say how it stands in a workspace whose token lives for so long; 0: for ever."""
    ends = datetime.now(UTC) + timedelta(hours=hours) if hours else None
    return Standing(f"T{number}", scopes, ends)


async def test_of_many_workspaces_it_is_told_how_they_stand(slack: FakeSlack) -> None:
    """None yet: where the app is added; one that is not as it should be is named, and what helps there."""

    async def told(*installed: Standing) -> dict[str, Finding]:
        return await found(slack, "", public_url=URL, installations=installed)

    well = await told(standing(1), standing(2, hours=5), standing(3))
    assert (well["Slack workspaces"].how, wrong(well)) == ("are 3", {})
    assert f"{URL}/slack/install" in wrong(await told())["Slack workspaces"]
    less = ",".join(each for each in SCOPES if each != "team:read")
    lacking = (await told(standing(1), standing(2, less)))["Slack workspaces"]
    assert lacking.how == "are 2; scopes are missing in T2"
    assert f"{URL}/slack/install" in lacking.mend
    over = (await told(standing(1), *(standing(number, hours=-1) for number in range(2, 9))))["Slack tokens"]
    assert over.how == "have ended, and were not renewed, in T2, T3, T4, T5, T6 and 2 more"
    assert over.mend


async def test_the_command_asks_with_what_is_configured(
    slack: FakeSlack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside all else that it looks at; not configured, it says that Slack is off."""
    monkeypatch.chdir(tmp_path)
    where: dict[str, Any] = {"database_url": f"sqlite:///{tmp_path}/none.db"}
    tokens: dict[str, Any] = {"slack_bot_token": slack.bot_token, "slack_app_token": slack.app_token}
    found = [each async for each in findings(Settings(**where, **tokens, slack_api_url=slack.api_url))]
    assert {"Slack token", "Slack scopes", "Clock", "Slack sockets"} <= {each.what for each in found}
    assert [each.mend for each in found if each.what.startswith("Slack") and each.mend] == []
    found = [each async for each in findings(Settings(**where))]
    (off,) = [each for each in found if each.what == "Slack"]
    assert off.how == "is off: neither SLACK_BOT_TOKEN nor SLACK_CLIENT_ID is set"


async def test_the_command_looks_where_the_app_is_installed(
    slack: FakeSlack, store: Store, tmp_path: Path
) -> None:
    """Also beside a qr-gen that runs; of a database that cannot say it, it does not say that Slack is off."""
    address = store.writer.url.render_as_string(hide_password=False)
    key = b64encode(b"k" * 32).decode()
    settings = settings_of(slack).model_copy(update={"database_url": address, "secret_key": SecretStr(key)})
    held = Installation("T1", "", "Team", "A1", "U0", "commands", "U1", datetime.now(UTC), "xoxb-1")
    await store.commit(Unit("", held.installed_at, (Install(held),)))
    found = {each.what: each async for each in findings(settings)}
    assert found["Slack workspaces"].how == "are 1; scopes are missing in T1"
    assert "Slack" not in found
    gone = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/none.db"})
    found = {each.what: each async for each in findings(gone)}
    assert "are none yet" in found["Slack workspaces"].how
    assert not (tmp_path / "none.db").exists()
    (tmp_path / "odd.db").write_text("no database")
    gone = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/odd.db"})
    found = {each.what: each async for each in findings(gone)}
    assert "Database" in found["Slack workspaces"].how
    assert {"Clock", "Slack pictures"} <= set(found)
