"""The platforms a process is configured for: connected, told of updates or asking for them, sending."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog

from adapters.slack.connection import Slack
from adapters.slack.faults import FAULTS, why
from adapters.slack.oauth import CALLBACK, OAuth, Unfit, authorize_url, exchange, opening_url
from adapters.slack.pace import Counting
from adapters.slack.route import dispatcher
from adapters.slack.scopes import SCOPES
from adapters.slack.serve import WrongToken as UnknownToken
from adapters.slack.serve import face as slack_face
from adapters.slack.serve import introduced, open_slack
from adapters.slack.socket import listen as listen_on_sockets
from adapters.slack.standing import OUT
from adapters.slack.standing import stay_known as stay_known_to_slack
from adapters.slack.workspaces import open_workspaces
from adapters.telegram.answer import answering
from adapters.telegram.menu import keep_announced
from adapters.telegram.poll import LEASE, Listeners, poll
from adapters.telegram.serve import Telegram, WrongToken, face, open_telegram
from adapters.telegram.standing import stay_known as stay_known_to_telegram
from adapters.telegram.webhook import PATH, Hook, keep_hung, watch
from adapters.web.install import INSTALL
from adapters.web.install import LIFE as LIFE_OF_STATE
from adapters.web.install import Done, Installing, NotInstalled
from adapters.web.measuring import Measuring
from adapters.web.pages.front import Ways
from adapters.web.pictures import sign
from bot.accounts.caller import Accounts
from bot.assembly import Bot, readiness
from bot.config import Misconfigured, Settings
from bot.i18n import LANGUAGES, Translator
from bot.ids import new_id
from bot.installations import begin, end, install, returned
from bot.metrics import acknowledging, on_answer, on_batch
from bot.parked import outline
from bot.previews import LIFE
from bot.scrape import Sources, scrape
from bot.uploads import forget_others
from storage.faults import Unavailable
from storage.url import sqlite_path

log = structlog.get_logger(__name__)

AGAIN = 1.0  # seconds until the database is asked again
PICTURE_LIFE = timedelta(days=7)  # that an address we signed holds


def platforms(
    settings: Settings, bot: Bot, slack: Slack | None, hook: Hook | None, *, working: bool
) -> tuple[Coroutine[Any, Any, None], ...]:
    work = []
    if settings.telegram_bot_token.get_secret_value() and (working or hook is not None):
        work.append(_telegram(settings, bot, hook, working=working))
    if slack is not None and (working or slack.workspaces is None):
        work.append(stay_known_to_slack(slack, bot.app, partial(_known, bot, working)))
    if slack is not None and working:
        work.append(_slack(settings, bot, slack))
        if slack.workspaces is not None:
            work.append(slack.workspaces.keep_fresh())
    return tuple(work)


def expect(settings: Settings, bot: Bot, slack: Slack | None, *, posted: bool, working: bool) -> Hook | None:
    """Say of each platform that it was not reached yet, before anybody asks.

    Gives where Telegram posts; ``posted``: this process takes posts.
    """
    hook = hook_of(settings, bot) if posted else None
    if settings.telegram_bot_token.get_secret_value() and (working or hook is not None):
        bot.trouble["telegram"] = "Telegram has not been reached yet."
    if slack is not None and working:
        bot.trouble["slack"] = "Slack has not been reached yet."
    return hook


def hook_of(settings: Settings, bot: Bot) -> Hook | None:
    """Say where Telegram posts, and what it says with each post; None where it is asked instead."""
    if not (settings.telegram_webhook and settings.telegram_bot_token.get_secret_value()):
        return None
    given = settings.telegram_webhook_secret.get_secret_value()
    return Hook(f"{settings.public_url}{PATH}", given or bot.ring.derive("telegram webhook").hex())


async def _telegram(settings: Settings, bot: Bot, hook: Hook | None, *, working: bool) -> None:
    """Talk on Telegram once it is reached: send, and be told of updates or ask for them."""
    token = settings.telegram_bot_token.get_secret_value()
    try:
        async with (
            open_telegram(token, settings.telegram_api_url, settings.telegram_rates) as opened,
            answering(
                opened, bot.app, bot.draw, bot.reserve,
                address_of=partial(photo_address, settings, bot) if settings.reachable else None,
                cache_chat=settings.telegram_cache_chat,
            ) as telegram,
        ):  # fmt: skip
            reached = bot.faces["telegram"] = face(telegram)  # who only receives names it in links
            if working:
                await _insisting(partial(forget_others, bot.app.store, reached.account))
            if hook is not None:
                hook.telegram = telegram
                await keep_hung(hook, bot.app, partial(bot.trouble.__setitem__, "telegram"))
            bot.trouble["telegram"] = ""
            async with asyncio.TaskGroup() as beside:
                for each in _on_telegram(settings, bot, telegram, hook, working=working):
                    beside.create_task(each)
    except WrongToken:
        raise Misconfigured(
            "TELEGRAM_BOT_TOKEN", "is not known to Telegram; copy it again from @BotFather"
        ) from None


def _on_telegram(
    settings: Settings, bot: Bot, telegram: Telegram, hook: Hook | None, *, working: bool
) -> Iterator[Coroutine[Any, Any, None]]:
    """List what goes on, side by side, once it is reached; none of it ends by itself."""
    trouble = partial(bot.trouble.__setitem__, "telegram")
    if working and not settings.telegram_webhook:
        listeners = Listeners(partial(on_batch, bot.metrics, "telegram"), trouble)
        yield poll(telegram, bot.app, _holder(settings), listeners)
    elif working:
        yield stay_known_to_telegram(telegram, trouble)
    if working:
        app_url = f"{settings.public_url}/app" if settings.reachable else ""
        yield keep_announced(telegram, bot.app, tuple(map(Translator, LANGUAGES)), app_url)
    if hook is not None:
        yield watch(hook, bot.app)


async def _insisting(work: Callable[[], Awaitable[object]]) -> None:
    """Do something as often as the database is away."""
    while True:
        try:
            await work()
        except Unavailable:
            await asyncio.sleep(AGAIN)
        else:
            return


def _holder(settings: Settings) -> str:
    """Name this process to others; on a file there are none, so that after a crash it goes on at once."""
    if sqlite_path(settings.database_url) is not None:
        return "sole"
    return f"{socket.gethostname()}:{os.getpid()}:{new_id()}"


@asynccontextmanager
async def slack_of(settings: Settings, bot: Bot) -> AsyncIterator[Slack | None]:
    """Open Slack's connection where it is configured: with one token, or for all who install the app."""
    token = settings.slack_bot_token.get_secret_value()
    oauth = oauth_of(settings)
    if not token and oauth is None:
        yield None
        return

    def address(code_id: str, version: int) -> str:
        life = LIFE if "." in code_id else PICTURE_LIFE  # of what nobody has kept yet
        token = sign(picture_key(bot), code_id, version, bot.app.clock() + life)
        return f"{settings.public_url}/i/{token}.png"

    reachable = address if settings.reachable else None
    async with (
        open_slack(token, settings.slack_api_url, reachable, partial(_put_out, bot))
        if oauth is None
        else open_workspaces(bot.app, oauth, reachable)
    ) as slack:
        yield replace(slack, counting=Counting(bot.reserve, bot.hold)) if settings.slack_rates else slack


def _put_out(bot: Bot) -> None:
    """Say that the one workspace we have a token for does not want it any more."""
    bot.trouble["slack/token"] = OUT


def _known(bot: Bot, working: bool, why: str) -> None:
    """Say how we stand with Slack; who only answers HTTP is not to be passed over because Slack is away."""
    bot.trouble["slack/token"] = why if working or why == OUT else ""


def oauth_of(settings: Settings) -> OAuth | None:
    """Say what the app is to Slack where workspaces install it; None where it has one token."""
    secret = settings.slack_client_secret.get_secret_value()
    if not secret:
        return None
    callback = f"{settings.public_url}{CALLBACK}"
    return OAuth(settings.slack_client_id, secret, callback, settings.slack_api_url)


def installing_of(settings: Settings, bot: Bot, slack: Slack | None) -> Installing | None:
    """Put together what the install pages need; None where there is nothing to install."""
    oauth = oauth_of(settings)
    if oauth is None or slack is None:
        return None
    workspaces, app = slack.workspaces, bot.app

    async def exchanged(code: str) -> Done:
        try:
            held = await exchange(slack.with_token(), oauth, code, app.clock())
        except (*FAULTS, Unfit) as error:
            raise NotInstalled(why(error)) from None
        try:
            await install(app, held)
        except Exception as error:  # the database is away: Slack gives other tokens the next time
            raise NotInstalled(outline(error)) from None
        if workspaces is not None:
            workspaces.forget()
        log.info("slack's app was installed", workspace=held.id)
        return Done(held.name, opening_url(oauth, held))

    return Installing(
        scopes=SCOPES,
        begin=partial(begin, app, life=timedelta(seconds=LIFE_OF_STATE)),
        end=partial(end, app),
        address=partial(authorize_url, oauth),
        exchange=exchanged,
        allowed=app.allowed,
    )


async def _slack(settings: Settings, bot: Bot, slack: Slack) -> None:
    """Send on Slack, and listen on its sockets where there is a token for them."""
    bot.faces["slack"] = slack_face(slack)
    app_token = settings.slack_app_token.get_secret_value()
    try:
        team = await introduced(slack)
        if team:
            await _insisting(partial(returned, bot.app, team))
        bot.trouble["slack"] = ""
        if app_token:
            taken = acknowledging(bot.metrics, "slack", dispatcher(slack, bot.app, bot.draw))
            await listen_on_sockets(
                slack, app_token, taken, partial(bot.trouble.__setitem__, "slack/sockets")
            )
        await asyncio.Event().wait()
    except UnknownToken as wrong:
        name = "SLACK_APP_TOKEN" if str(wrong) == "app" else "SLACK_BOT_TOKEN"
        raise Misconfigured(name, "is not known to Slack; copy it again from api.slack.com/apps") from None


def photo_address(settings: Settings, bot: Bot, name: str, small: bool) -> str:
    """Sign the address of a photo that somebody is offered while they type."""
    token = sign(picture_key(bot), name, 0, bot.app.clock() + LIFE)
    return f"{settings.public_url}/i/{token}.jpg{'?small=1' if small else ''}"


def picture_key(bot: Bot) -> bytes:
    """Derive the key that signs the addresses of pictures."""
    return bot.ring.derive("picture address")


def accounts_of(settings: Settings, bot: Bot) -> Accounts:
    """Put together what accounts need."""
    keys = bot.ring.derive_all("access token")
    return Accounts(bot.app, keys, settings.public_url or "qr-gen", settings.signing_up, bot.attempts)


def ways_of(settings: Settings, bot: Bot) -> Ways:
    """Say which ways in the front page names."""
    return Ways(
        telegram=partial(bot.app.link, "telegram", ""),
        slack=INSTALL if oauth_of(settings) is not None else "",
        sign_up=settings.signing_up != "closed",
    )


def measuring_of(settings: Settings, bot: Bot) -> Measuring:
    """Say who is told how long answers take, and who may collect it: without a token, this machine alone."""
    token = settings.metrics_token.get_secret_value()
    polled = settings.telegram_bot_token.get_secret_value() and not settings.telegram_webhook
    sources = Sources(
        bot.metrics.registry, bot.app.store, bot.app.clock, partial(readiness, bot),
        LEASE if polled else "", sqlite_path(settings.database_url),
    )  # fmt: skip
    may = bool(token) or settings.loopback
    return Measuring(partial(on_answer, bot.metrics), partial(scrape, sources) if may else None, token)
