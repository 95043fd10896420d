"""Installing by OAuth: where a browser is sent, what comes back for its code, and how a token is renewed.

docs.slack.dev/authentication/installing-with-oauth, …/using-token-rotation. A code and a refresh token work
once; neither they nor a token is logged, or repeated in an error.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.places import kept_id
from adapters.slack.scopes import SCOPES
from storage.records import Installation

INSTALL, CALLBACK = (
    "/slack/install",
    "/slack/oauth_redirect",
)  # below PUBLIC_URL, and in the app's settings at Slack


class Unfit(ValueError):
    """What Slack answered is no installation of a bot."""


@dataclass(frozen=True, slots=True)
class OAuth:
    """The app, as Slack knows it; ``site`` is where people are sent, and its API is."""

    client_id: str
    secret: str = field(repr=False)
    redirect_uri: str
    api_url: str

    @property
    def site(self) -> str:
        """Give the address of Slack itself: the host that its API is at."""
        parts = urlsplit(self.api_url)
        return f"{parts.scheme}://{parts.netloc}"


def authorize_url(oauth: OAuth, state: str) -> str:
    """Give the address at which Slack asks somebody whether they agree."""
    asked = {
        "client_id": oauth.client_id,
        "scope": ",".join(SCOPES),
        "redirect_uri": oauth.redirect_uri,
        "state": state,
    }
    return f"{oauth.site}/oauth/v2/authorize?{urlencode(asked)}"


def opening_url(oauth: OAuth, installed: Installation) -> str:
    """Give the address that opens Slack, at the app's own page."""
    team = {} if installed.whole else {"team": installed.id}
    return f"{oauth.site}/app_redirect?{urlencode({'app': installed.app, **team})}"


async def exchange(client: AsyncWebClient, oauth: OAuth, code: str, now: datetime) -> Installation:
    """Give a code for tokens; raises Unfit, and the faults of Slack and the network."""
    asked = {"code": code, "redirect_uri": oauth.redirect_uri}
    return installation_of(await _access(client, oauth, asked), now)


async def refreshed(client: AsyncWebClient, oauth: OAuth, held: Installation, now: datetime) -> Installation:
    """Give a refresh token for new tokens; raises Unfit, and the faults of Slack and the network."""
    asked = {"grant_type": "refresh_token", "refresh_token": held.refresh_token}
    return replace(held, version=held.version + 1, **_tokens(await _access(client, oauth, asked), now))


async def _access(client: AsyncWebClient, oauth: OAuth, asked: dict[str, str]) -> Mapping[str, Any]:
    """Ask for tokens; the app says who it is in a header of ours, as aiohttp wants to be rid of its own."""
    known = b64encode(f"{oauth.client_id}:{oauth.secret}".encode()).decode()
    answer: Any = await client.api_call(
        "oauth.v2.access", data=asked, headers={"Authorization": f"Basic {known}"}
    )
    if not isinstance(answer.data, dict):
        raise Unfit("no object")
    return answer.data


def installation_of(answer: Mapping[str, Any], now: datetime) -> Installation:
    """Read what Slack gave for a code: pure; raises Unfit."""
    try:
        enterprise, whole = answer.get("enterprise") or {}, answer.get("is_enterprise_install") is True
        place = enterprise if whole else answer["team"]
        return Installation(
            id=kept_id(place["id"]),
            enterprise=kept_id(enterprise["id"]) if enterprise else "",
            name=str(place.get("name") or ""),
            app=kept_id(answer["app_id"]),
            bot_user=kept_id(answer["bot_user_id"]),
            scopes=str(answer.get("scope") or "")[:1000],
            installed_by=kept_id(answer["authed_user"]["id"]),
            installed_at=now,
            **_tokens(answer, now),
        )
    except (LookupError, TypeError, AttributeError) as error:
        raise Unfit(type(error).__name__) from None


def _tokens(answer: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Read the bot's tokens; one that lasts has no other to renew it with."""
    token, refresh = answer.get("access_token"), answer.get("refresh_token")
    if answer.get("token_type") != "bot" or not (isinstance(token, str) and token):
        raise Unfit("no bot token")
    if not refresh:
        return {"token": token, "refresh_token": "", "expires_at": None}
    try:
        ends = now + timedelta(seconds=int(answer["expires_in"]))
    except (LookupError, TypeError, ValueError, OverflowError):
        raise Unfit("no end") from None
    return {"token": token, "refresh_token": str(refresh), "expires_at": ends}
