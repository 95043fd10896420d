"""When a workspace puts the bot out: what has to be forgotten is, before Slack is told that we know.

Shapes: docs.slack.dev/reference/events/app_uninstalled, …/tokens_revoked, …/team_access_revoked. The first
two come in either order; of revoked tokens only the bot's own matter, people's are never asked for.
"""

from __future__ import annotations

from datetime import UTC, datetime

import structlog

from adapters.slack.connection import Slack
from adapters.slack.parse import Unparsable
from adapters.slack.places import Body, kept_id, request_id, slack_id, team_of
from bot.app import App
from storage.records import Uninstall

log = structlog.get_logger(__name__)

GONE = ("app_uninstalled", "tokens_revoked", "team_access_revoked")


def leaving(body: Body, now: datetime) -> tuple[Uninstall, ...]:
    """Read who puts the bot out, if anybody does: pure. Raises Unparsable."""
    try:
        return _read(body, now) if body.get("type") == "event_callback" else ()
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, OSError) as error:
        raise Unparsable(type(error).__name__) from error


def _read(body: Body, now: datetime) -> tuple[Uninstall, ...]:
    event = body["event"]
    match event["type"]:
        case "app_uninstalled":
            return (Uninstall(kept_id(team_of(body)), _told_at(body, now), now),)
        case "tokens_revoked":
            bots = tuple(map(slack_id, event["tokens"].get("bot") or ()))
            return (Uninstall(kept_id(team_of(body)), _told_at(body, now), now, bots),) if bots else ()
        case "team_access_revoked":
            return tuple(Uninstall(kept_id(team), _told_at(body, now), now) for team in event["team_ids"])
    return ()


def _told_at(body: Body, now: datetime) -> datetime:
    """Tell when it happened; where Slack does not say so, now."""
    at = body.get("event_time")
    return datetime.fromtimestamp(int(at), UTC) if at else now


async def left(slack: Slack, app: App, body: Body) -> None:
    """Forget whoever put the bot out; raises Unparsable, and where that could not be committed."""
    event = body.get("event")
    if not isinstance(event, dict) or event.get("type") not in GONE:
        return
    found = leaving(body, app.clock())
    if found:
        log.warning("slack's app was put out", workspaces=[each.team for each in found])
        await app.note(request_id(body), found)
        slack.gone()
