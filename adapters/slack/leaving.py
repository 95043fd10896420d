"""When a workspace puts the bot out: what has to be forgotten is, before Slack is told that we know.

Shapes: docs.slack.dev/reference/events/app_uninstalled, …/tokens_revoked, …/team_access_revoked. The first
two come in either order; of revoked tokens only the bot's own matter, people's are never asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import structlog

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS, WRONG, why
from adapters.slack.parse import Unparsable
from adapters.slack.places import Body, kept_id, request_id, slack_id, team_of
from bot.app import App
from bot.installations import departed, returned
from bot.parked import outline
from storage.records import Uninstall

log = structlog.get_logger(__name__)

OUT = "Slack’s app was uninstalled. Install it again, and set its new SLACK_BOT_TOKEN."
REVOKED = "Slack does not take the bot’s token any more. Copy it again, into SLACK_BOT_TOKEN."
SILENT = "Slack does not answer, or not as it should. Look at qr-gen doctor, and at the network."
LOOK = 60.0  # seconds between two questions how we stand
AWAY = 2  # of them without an answer, after which Slack counts as away
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


async def standing(slack: Slack, app: App) -> str:
    """Tell what is wrong between us and the one workspace: "" where its token works, or where there are many.

    Raises the faults of Slack and the network, where that cannot be told.
    """
    if slack.workspaces is not None:
        await slack.with_token().api_test()
        return ""
    gone = await departed(app)
    try:
        team = str((await (await slack.client("")).auth_test())["team_id"])
    except FAULTS as error:
        if why(error) not in WRONG:
            raise
        return OUT if gone else REVOKED
    if team in gone:
        await returned(app, team)
    return ""


async def stay_known(slack: Slack, app: App, trouble: Callable[[str], None]) -> None:
    """Ask every minute how we stand, until cancelled: an event of an end comes to one process, or to none."""
    failed, said = 0, ""
    while True:
        await asyncio.sleep(LOOK)
        try:
            now, failed, error = await standing(slack, app), 0, ""
        except FAULTS as fault:
            failed += 1
            if failed < AWAY:
                continue  # what events told meanwhile stays
            now, error = SILENT, why(fault)
        except Exception as fault:  # the database is away: it stays as it is
            log.warning("slack's workspace was not looked after", error=outline(fault))
            continue
        if now != said:
            _tell(now, error)
        said = now
        trouble(now)


def _tell(now: str, error: str) -> None:
    if not now:
        log.info("slack answers, and takes our token")
    elif now == SILENT:
        log.error("slack does not answer", error=error)
    else:
        log.error("slack does not take our token any more", what_to_do=now)


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
