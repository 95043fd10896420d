"""The pages on which a workspace installs the Slack app: what is asked and why, and what came of it.

A state works once, for ten minutes, in the browser it was made for: what is kept is an HMAC over it and that
browser's cookie. Neither a state nor a code is logged or shown again.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from html import escape

import structlog
from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, Response

from adapters.web.pages.layout import link, page, said
from adapters.web.parse import translator
from bot.i18n import Translator, mark

log = structlog.get_logger(__name__)

INSTALL, CALLBACK = "/slack/install", "/slack/oauth_redirect"
COOKIE = "__Host-slack-install"  # of this host alone, by https (RFC 6265bis, 4.1.3.2)
LIFE = 600  # seconds
LOOK = "narrow centred wide"
BYTES = 32  # of a state, and of a browser's cookie: 256 bits
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")  # as many bytes, written down
_CODE = re.compile(r"[\x21-\x7e]{1,500}")


class NotInstalled(Exception):
    """Slack did not take the code or was not reached, or nothing could be kept; the text is for the log."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an installation: where, and the address that opens Slack there."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Installing:
    """What the pages need. ``begin`` keeps a secret, where there is room, and ``end`` uses it up."""

    scopes: Mapping[str, str]  # to why each is asked for
    begin: Callable[[str], Awaitable[bool]]
    end: Callable[[str], Awaitable[bool]]
    address: Callable[[str], str]  # from a state to where Slack asks
    exchange: Callable[[str], Awaitable[Done]]  # a code; raises NotInstalled
    allowed: Callable[[str], Awaitable[int]]


def routes(installing: Installing) -> APIRouter:
    """Serve ``/slack/install``, and the page that Slack sends people back to."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(INSTALL, methods=["GET", "HEAD"])
    async def asked(http: HttpRequest) -> Response:
        t = translator(http)
        if http.method == "HEAD":  # nobody who could press anything
            return page(t, t("Add the QR bot to Slack"), "", look=LOOK)
        host = http.client.host if http.client else ""
        if await installing.allowed(f"install:{host}"):
            shown = _refusal(t, mark("Nothing was installed yet"), _TOO_OFTEN, 429)
            shown.headers["Retry-After"] = "60"
            return shown
        held = http.cookies.get(COOKIE, "")
        browser = held if _SECRET.fullmatch(held) else secrets.token_urlsafe(BYTES)  # two tabs both work
        state = secrets.token_urlsafe(BYTES)
        if not await installing.begin(_together(state, browser)):
            return _refusal(t, mark("Nothing was installed yet"), _TOO_MANY, 503)
        shown = _asking(t, installing, state)
        shown.set_cookie(COOKIE, browser, max_age=LIFE, path="/", secure=True, httponly=True, samesite="lax")
        return shown

    @router.get(CALLBACK)
    async def answered(http: HttpRequest) -> Response:
        t, told = translator(http), http.query_params
        state, browser = told.get("state", ""), http.cookies.get(COOKIE, "")
        known = all(map(_SECRET.fullmatch, (state, browser)))
        if not (known and await installing.end(_together(state, browser))):
            return _refusal(t, mark("Nothing was installed yet"), _STALE, 400)
        if told.get("error"):
            return _refusal(t, mark("Nothing was installed"), _DENIED, 200)
        code = told.get("code", "")
        try:
            if not _CODE.fullmatch(code):
                raise NotInstalled("no code")
            done = await installing.exchange(code)
        except NotInstalled as why:
            log.warning("slack's app was not installed", error=str(why))
            return _refusal(t, mark("Slack did not finish this"), _FAILED, 502)
        return _installed(t, done)

    return router


def _together(state: str, browser: str) -> str:
    return f"{state}.{browser}"


# --- pages --------------------------------------------------------------------------------------------------

_STALE = mark(
    "This page was open for more than ten minutes, was used before, or belongs to another browser. "
    "Please start again here, and let the browser keep cookies while you do."
)
_DENIED = mark(
    "You did not agree, and that is fine: nothing was changed. If an admin of your workspace has to approve "
    "apps first, ask them, then start again."
)
_TOO_OFTEN = mark("That was a lot at once. Please wait a minute, then go on.")
_TOO_MANY = mark("Too many people are installing this at once. Please start again in ten minutes.")
_FAILED = mark("Slack could not be reached, or refused what it was asked. Please start again in a minute.")


def _asking(t: Translator, installing: Installing, state: str) -> HTMLResponse:
    """Show what is asked for, and why, before anybody is sent to Slack."""
    title = t("Add the QR bot to Slack")
    rows = "".join(
        f"<tr><th scope=row><code>{escape(scope)}</code></th><td>{escape(t(why))}</td></tr>"
        for scope, why in installing.scopes.items()
    )
    lead = t("It makes, reads and keeps QR codes, and proves that each one scans. This is all it asks for:")
    kept = t(
        "Codes are kept encrypted. If you remove the app, its access ends at once, and what your workspace "
        "made is deleted 30 days later; people can delete theirs at any time with /qr forgetme."
    )
    table = (
        f"<table><thead><tr><th scope=col>{escape(t('Permission'))}</th>"
        f"<th scope=col>{escape(t('Why'))}</th></tr></thead><tbody>{rows}</tbody></table>"
    )
    body = said(lead) + table + _way(installing.address(state), t("Add to Slack")) + said(kept, "muted")
    return page(t, title, _titled(title, body), look=LOOK)


def _installed(t: Translator, done: Done) -> HTMLResponse:
    """Say what to do now."""
    named = t("Installed in {name}", name=done.name) if done.name else t("Installed")
    body = said(t("Now say /qr in Slack, in any channel or to the app itself.")) + _way(
        done.url, t("Open Slack")
    )
    shown = page(t, named, _titled(named, body), look=LOOK)
    shown.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return shown


def _refusal(t: Translator, title: str, why: str, status: int) -> HTMLResponse:
    body = _titled(t(title), said(t(why)) + _way(INSTALL, t("Start again")))
    return page(t, t(title), body, status=status, look=LOOK)


def _titled(title: str, body: str) -> str:
    return f"<h1>{escape(title)}</h1>{body}"


def _way(address: str, label: str) -> str:
    return f"<p>{link(address, label)}</p>"
