"""Refusals as pages, for browsers that asked for one: what happened, and the way on."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.pages.layout import link, page, said
from adapters.web.parse import language_of
from bot.i18n import Translator, mark, spoken

_TOLD = {
    404: (mark("There is nothing here"), mark("The address may be mistyped, or what was here is gone.")),
    405: (mark("This is not a page"), mark("Programs use this address in another way.")),
    413: (mark("Too large"), mark("This is more than I can take. Please send something smaller.")),
    429: (mark("Too fast"), mark("That was a lot at once. Please wait a minute, then go on.")),
    503: (
        mark("Not just now"),
        mark("This does not work just now, and nothing of it was kept. Please try again in a minute."),
    ),
}
_OURS = (
    mark("Something went wrong"),
    mark("It is our fault, not yours. Please try again; if it stays, name this number: {incident}."),
)
_OTHER = (mark("This cannot be done"), mark("Please go back and try again."))


def wanted(headers: Mapping[str, str]) -> bool:
    """Tell whether a page is asked for, as by an address that is opened; scripts and programs get JSON."""
    first = headers.get("accept", "").partition(",")[0].partition(";")[0].strip().lower()
    return first == "text/html"


def of_status(
    http: HttpRequest, status: int, incident: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Write the page of a refusal."""
    t = Translator(spoken(language_of(http.headers)))
    title, words = _TOLD.get(status, _OURS if status >= 500 else _OTHER)
    body = f"""<h1>{escape(t(title))}</h1>
{said(t(words, incident=incident), "lead")}
<p>{link("/", t("To the front page"))}</p>"""
    return page(t, t(title), body, status=status, look="narrow centred", headers=headers)
