"""Whether Slack still answers, and takes our token: an event of an end comes to one process, or to none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS, WRONG, why
from bot.app import App
from bot.installations import departed, returned
from bot.parked import outline

log = structlog.get_logger(__name__)

OUT = "Slack’s app was uninstalled. Install it again, and set its new SLACK_BOT_TOKEN."
REVOKED = "Slack does not take the bot’s token any more. Copy it again, into SLACK_BOT_TOKEN."
SILENT = "Slack does not answer, or not as it should. Look at qr-gen doctor, and at the network."
LOOK = 60.0  # seconds between two questions how we stand
AWAY = 2  # of them without an answer, after which Slack counts as away


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
    """Ask every minute how we stand, until cancelled; ``trouble`` is told what is wrong, or ""."""
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
