"""The fake is as strict with installations as Slack is: codes, refresh tokens, secrets, how tokens end."""

from collections.abc import Awaitable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.faults import why
from adapters.slack.oauth import OAuth, authorize_url, exchange, refreshed
from tests.fakes import FakeSlack

BACK = "https://qr.example/slack/oauth_redirect"


@pytest.fixture
def app(slack: FakeSlack) -> OAuth:
    """The app, as its settings are."""
    slack.app.redirect_uris, slack.app.rotating = {BACK}, True
    return OAuth(slack.app.client_id, slack.app.client_secret, BACK, slack.api_url)


@pytest.fixture
def client(slack: FakeSlack) -> AsyncWebClient:
    """A client without a token."""
    return AsyncWebClient(None, base_url=slack.api_url)


async def refused(asked: Awaitable[object]) -> str:
    """Tell why something is refused."""
    with pytest.raises(SlackApiError) as error:
        await asked
    return why(error.value)


def code(slack: FakeSlack, app: OAuth) -> str:
    """Let somebody agree."""
    back = slack.agree(slack.person(), authorize_url(app, "state"))
    return back.partition("code=")[2].partition("&")[0]


async def test_a_code_works_once_for_its_address_and_its_app(
    slack: FakeSlack, app: OAuth, client: AsyncWebClient
) -> None:
    """And for ten minutes."""
    now = datetime.now(UTC)
    given = code(slack, app)
    assert await refused(exchange(client, replace(app, secret="wrong"), given, now)) == "bad_client_secret"
    assert await refused(exchange(client, replace(app, client_id="1.1"), given, now)) == "invalid_client_id"
    elsewhere = replace(app, redirect_uri="https://other.example/")
    assert await refused(exchange(client, elsewhere, given, now)) == "bad_redirect_uri"
    assert await refused(exchange(client, app, "made up", now)) == "invalid_code"
    assert (await exchange(client, app, given, now)).id == slack.team
    assert await refused(exchange(client, app, given, now)) == "code_already_used"
    late = code(slack, app)
    slack.later(601)
    assert await refused(exchange(client, app, late, now)) == "invalid_code"


async def test_a_refresh_token_works_once_and_tokens_end(
    slack: FakeSlack, app: OAuth, client: AsyncWebClient
) -> None:
    """The old token lives to its end; each works in its own workspace alone."""
    now = datetime.now(UTC)
    first = await exchange(client, app, code(slack, app), now)
    slack.later(11 * 3600)
    second = await refreshed(client, app, first, now)
    assert await refused(refreshed(client, app, first, now)) == "invalid_refresh_token"
    old, new = (AsyncWebClient(each.token, base_url=slack.api_url) for each in (first, second))
    assert (await old.auth_test())["team_id"] == slack.team
    slack.later(3601)
    assert await refused(old.auth_test()) == "token_expired"
    other = slack.workspace("T0TEAM002")
    theirs = AsyncWebClient(list(slack.app.grants)[-1], base_url=slack.api_url)
    assert (await theirs.auth_test())["team_id"] == slack.team
    other.installed()
    theirs = AsyncWebClient(other.bot_token, base_url=slack.api_url)
    assert (await theirs.auth_test())["team_id"] == "T0TEAM002"
    channel = slack.channel("general")
    said = theirs.chat_postMessage(channel=channel.id, text="hello")
    assert await refused(said) == "channel_not_found"
    assert (await new.auth_revoke())["revoked"]
    assert await refused(new.auth_test()) == "token_revoked"
