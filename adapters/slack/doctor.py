"""What is right and what is not about the app as Slack knows it: asked, and never changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk.errors import SlackApiError

from adapters.slack.connection import Slack
from adapters.slack.faults import NETWORK, WRONG, why
from adapters.slack.manifest import EVENTS_PATH
from adapters.slack.oauth import INSTALL
from adapters.slack.receive import TOLERANCE
from adapters.slack.scopes import SCOPES
from adapters.slack.serve import open_slack
from bot.clock import compared
from bot.face import Finding
from storage.records import Standing

_COPY = "Copy it again from api.slack.com/apps"
_PASTE = (
    "Paste what `qr-gen manifest slack` prints (for Socket Mode with --socket) at the app's page, App "
    "Manifest, and install the app again."
)
NAMED = 5  # workspaces in a line
_AWAY = "Check the network and SLACK_API_URL."


async def examine(
    token: str, api_url: str, *, app_token: str = "", signed: bool = False, public_url: str = "",
    installations: Sequence[Standing] | None = None,
) -> AsyncIterator[Finding]:  # fmt: skip
    """Look at the token and its scopes, the clock, and the ways by which Slack reaches us.

    ``token``: of the one workspace; empty where many install the app, and then ``installations`` says how it
    stands in each. ``signed``: requests over HTTP are checked. ``public_url``: empty where Slack cannot reach
    us.
    """
    async with open_slack(token, api_url) as slack:
        if installations is not None:
            for finding in _many(installations, public_url, datetime.now(UTC)):
                yield finding
        async for finding in _asked(slack, token):
            yield finding
        if app_token:
            yield await _sockets(slack, app_token)
    for finding in _ways(app_token, signed, public_url):
        yield finding


def _many(found: Sequence[Standing], public_url: str, now: datetime) -> Iterator[Finding]:
    """Tell where the app is installed, and where it lacks a scope, or has a token that has ended."""
    what, page = "Slack workspaces", f"{public_url}{INSTALL}"
    if not found:
        yield Finding(what, "are none yet", f"Open {page}, and add the app to one.")
        return
    lacking = [each.id for each in found if not set(SCOPES) <= set(each.scopes.split(","))]
    if lacking:
        said = f"are {len(found)}; scopes are missing in {_named(lacking)}"
        yield Finding(what, said, f"Let somebody there open {page}, and add the app again.")
    else:
        yield Finding(what, f"are {len(found)}")
    over = [each.id for each in found if each.expires_at is not None and each.expires_at <= now]
    if over:
        mend = (
            f"Start qr-gen, which renews them. If they stay: let somebody there add the app again, at {page}."
        )
        yield Finding("Slack tokens", f"have ended, and were not renewed, in {_named(over)}", mend)


def _named(teams: Sequence[str]) -> str:
    """Name workspaces, as far as a line has room for them."""
    more = len(teams) - NAMED
    return ", ".join(teams[:NAMED]) + (f" and {more} more" if more > 0 else "")


async def _asked(slack: Slack, token: str) -> AsyncIterator[Finding]:
    """Ask Slack who we are; its answer also tells the scopes, and what time it is there."""
    try:
        client = slack.with_token(token or None)
        answer: Any = await (client.auth_test() if token else client.api_test())
    except SlackApiError as error:
        if why(error) in WRONG:
            yield Finding("Slack token", f"is not taken: {why(error)}", f"{_COPY} into SLACK_BOT_TOKEN.")
        else:
            yield Finding("Slack", f"answers with a fault: {why(error)}", _AWAY)
        return
    except NETWORK as error:
        yield Finding("Slack", f"does not answer: {why(error)}", _AWAY)
        return
    if token:
        yield Finding("Slack token", f"is @{answer['user']}'s in {answer['team']}")
        yield _scopes(str(answer.headers.get("x-oauth-scopes") or ""))
    yield compared(str(answer.headers.get("Date", "")), "Slack's", TOLERANCE)


def _scopes(told: str) -> Finding:
    """Compare what the token may do with what the bot needs, and no more."""
    what, held = "Slack scopes", {scope.strip() for scope in told.split(",") if scope.strip()}
    if not held:
        return Finding(what, "are not told by this server")
    missing = [f"{scope} ({reason})" for scope, reason in SCOPES.items() if scope not in held]
    if missing:
        return Finding(what, f"lack {', '.join(missing)}", _PASTE)
    more = sorted(held - set(SCOPES))
    if more:
        return Finding(what, f"are more than the bot uses: {', '.join(more)}", _PASTE)
    return Finding(what, "are those that the bot uses")


async def _sockets(slack: Slack, app_token: str) -> Finding:
    """Ask for the address of a socket, without opening it."""
    what = "Slack sockets"
    try:
        await slack.with_token().apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        where = "Basic Information, App-Level Tokens, scope connections:write"
        mend = f"{_COPY}, {where}, into SLACK_APP_TOKEN."
        if why(error) in {"forbidden_for_app", "socket_mode_disabled"}:
            mend = "Turn Socket Mode on at the app's page, or take SLACK_APP_TOKEN away."
        return Finding(what, f"are refused: {why(error)}", mend)
    except NETWORK as error:
        return Finding(what, f"cannot be asked for: {why(error)}", _AWAY)
    return Finding(what, "can be opened: what people do comes by them")


def _ways(app_token: str, signed: bool, public_url: str) -> Iterator[Finding]:
    """Say how Slack reaches us, and how it comes by pictures."""
    if not app_token and not public_url:
        mend = "Set PUBLIC_URL to an https address that Slack reaches, or SLACK_APP_TOKEN for Socket Mode."
        yield Finding("Slack requests", "cannot come: there is no address and no socket", mend)
    elif not app_token:
        yield Finding("Slack requests", f"come to {public_url}{EVENTS_PATH}, as the app's page must say")
    elif signed:
        yield Finding("Slack requests", "may come both ways: by sockets, and signed over HTTP")
    if public_url:
        yield Finding("Slack pictures", f"are fetched from {public_url}, but for secrets")
    else:
        yield Finding(
            "Slack pictures", "are uploaded: PUBLIC_URL is not an https address; steps of workflows get none"
        )
