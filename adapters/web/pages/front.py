"""The front page, for who is not logged in or where there is no web chat; and what goes with any site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, PlainTextResponse, Response

from adapters.web.pages.layout import ABOUT, NAME, SHADES, Preview, link, page, said
from adapters.web.parse import translator
from bot.drawings import worked
from bot.i18n import Translator, mark
from bot.qr.link_card import link_card
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, render
from bot.qr.style import Frame, Style

READ = ["GET", "HEAD"]
KEPT = 24 * 3600  # seconds that browsers and chats may keep what the pages show
SAMPLE, CARD, MANIFEST = "/sample.svg", "/card.png", "/manifest.webmanifest"
EXAMPLE = "https://example.com"

_TITLE = mark("QR codes that scan")
_GOOD = (
    (
        mark("Proven"),
        mark("Every picture is read back from its own pixels, and graded, before you see it."),
    ),
    (
        mark("Styled"),
        mark("Shapes, colours, frames and logos; what would not scan is mended, and you are told."),
    ),
    (
        mark("Made in a chat"),
        mark("Links, Wi-Fi, contacts, events, payments: write what you want, or send a picture to read."),
    ),
)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways in that this installation has; what is empty is not offered.

    ``telegram`` gives the address that opens the bot there, once it is reached. ``sign_up``: people may make
    accounts, all or those with an invitation. ``reference``: where the HTTP API is explained.
    """

    telegram: Callable[[], str] = lambda: ""
    slack: str = ""
    sign_up: bool = False
    reference: str = "/docs"


def routes(public_url: str) -> APIRouter:
    """Serve what a site has beside its pages: a sample, the picture of its links, manifest, robots.txt."""
    router = APIRouter(include_in_schema=False)
    kept = {"Cache-Control": f"public, max-age={KEPT}"}
    shared = kept | {"Cross-Origin-Resource-Policy": "cross-origin"}
    shown = Payload(public_url or EXAMPLE, "url")

    @router.api_route(SAMPLE, methods=READ)
    async def sample() -> Response:
        drawn = await worked(partial(render, Picture(shown, _SAMPLE_LOOK, "svg")))
        return Response(drawn.data, 200, kept, drawn.media_type)

    @router.api_route(CARD, methods=READ)
    async def card() -> Response:
        lines = ("Make, style and read them in a chat.", "Each one is proven before it leaves.")
        drawn = await worked(partial(link_card, shown, NAME, ("QR codes", "that scan"), lines))
        return Response(drawn, 200, shared, "image/png")

    @router.api_route(MANIFEST, methods=READ)
    async def manifest(http: HttpRequest) -> Response:
        said = manifest_of(translator(http))
        return JSONResponse(said, 200, kept | {"Vary": "Accept-Language"}, "application/manifest+json")

    @router.api_route("/robots.txt", methods=READ)
    async def robots() -> Response:
        return PlainTextResponse(ROBOTS, headers=kept)

    return router


_SAMPLE_LOOK = Style(
    "#0b6b5d", "#ffffff", "rounded", "rounded", "circle", frame=Frame("bubble", "Scan me", "#0b6b5d")
)

# Only the front page, what it shows, and the API's reference are for search engines.
ROBOTS = """User-agent: *
Allow: /$
Allow: /static/
Allow: /sample.svg
Allow: /card.png
Allow: /docs
Disallow: /
"""


def manifest_of(t: Translator) -> dict[str, object]:
    """Describe the web chat as an app (W3C, Web Application Manifest)."""
    return {
        "name": NAME,
        "short_name": NAME,
        "description": t(ABOUT),
        "lang": t.language,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": SHADES["light"],
        "theme_color": "#0b6b5d",
        "icons": [
            {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"},
            {"src": "/static/touch.png", "sizes": "180x180", "type": "image/png"},
        ],
    }


def front(http: HttpRequest, t: Translator, public_url: str, ways: Ways, known: bool) -> Response:
    """Write the front page; ``known``: for somebody who is logged in."""
    here = public_url or str(http.base_url).rstrip("/")
    preview = Preview(f"{here}/", f"{here}{CARD}", t("A QR code beside the words “QR codes that scan”."))
    goods = "".join(f"<li><h2>{escape(t(title))}</h2>{said(t(words))}</li>" for title, words in _GOOD)
    lead = t("This bot makes, reads and keeps QR codes, and proves that each one scans before it leaves.")
    seen = t("QR code: {title}", title=public_url or EXAMPLE)
    body = f"""<div class="hero">
  <div>
    <h1>{escape(t(_TITLE))}</h1>
    {said(lead, "lead")}
    <div class="row">{_doors(t, ways, known)}</div>
  </div>
  <figure><img src="{SAMPLE}" alt="{escape(seen)}" width="320" height="400">
  <figcaption>{escape(t("Drawn and read back just now: scan it."))}</figcaption></figure>
</div>
<ul class="goods">{goods}</ul>"""
    return page(t, t(_TITLE), body, nav=nav(t, ways, known), look="front", preview=preview)


def nav(t: Translator, ways: Ways, known: bool) -> str:
    """Write the links at the top."""
    reference = link(ways.reference, t("For programs"), "quiet")
    return reference + (
        link("/account", t("Account"), "quiet") if known else link("/login", t("Log in"), "quiet")
    )


def _doors(t: Translator, ways: Ways, known: bool) -> str:
    """Write the ways in, the first of them in colour."""
    doors = (
        ("/account" if known else "", t("Your account")),
        ("/signup" if ways.sign_up and not known else "", t("Sign up")),
        ("/login" if not known else "", t("Log in")),
        (ways.telegram(), t("Open in Telegram")),
        (ways.slack, t("Add to Slack")),
    )
    there = [door for door in doors if door[0]]
    return "".join(
        link(address, label, "chip main" if at == 0 else "chip") for at, (address, label) in enumerate(there)
    )
