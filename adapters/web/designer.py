"""The style designer of the page: what can be chosen, small pictures of it, and a look tried out.

Trying a look keeps nothing, goes through the ordinary door, and counts against the same limit. One look is
drawn at a time, so that those who send codes are not kept waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from adapters.web.guests import Access, speaker
from adapters.web.parse import look_of, read
from adapters.web.problems import problem
from adapters.web.render import shown_picture
from bot.app import App
from bot.designs import SIGNS, small, worth_knowing
from bot.drawings import EMOJI, worked
from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.qr.gallery import WHOLE, View, tiles
from bot.qr.payloads import Payload
from bot.qr.picture import Picture, Rendered
from bot.qr.refusal import Refused
from bot.qr.style import Gradient, Paint, Style, parse_style, presets, style_text
from bot.qr.style.presets import worn
from bot.qr.style.vocabulary import names

PARTS = ("modules", "finder", "eyeball")
VIEWS: Mapping[str, View] = {
    "presets": WHOLE,
    "modules": (0.42, 0.42, 0.86, 0.86),
    "finder": (0.11, 0.11, 0.41, 0.41),
    "eyeball": (0.11, 0.11, 0.41, 0.41),
}  # what of a small picture shows the part
_TINY = Payload("qr", "text")
_KEPT = 24 * 3600  # seconds that a browser may keep a small picture
_READ = ["GET", "HEAD"]


def routes(app: App, draw: Draw, access: Access) -> APIRouter:
    """Serve the designer: ``/chat/looks`` and ``/chat/preview``."""
    router = APIRouter(include_in_schema=False)
    one = asyncio.Semaphore()

    @router.api_route("/chat/looks", methods=_READ)
    async def looks() -> Response:
        return JSONResponse(choices())

    @router.api_route("/chat/looks/{part}.png", methods=_READ)
    async def swatches(part: str) -> Response:
        if part not in VIEWS:
            raise HTTPException(404)
        drawn = await worked(partial(strip, part))
        return Response(drawn, headers={"Cache-Control": f"public, max-age={_KEPT}"}, media_type="image/png")

    @router.post("/chat/preview")
    async def preview(http: HttpRequest) -> Response:
        actor = await speaker(http, access, app.clock())
        host = http.client.host if http.client else ""
        if actor.platform == "web" and await app.allowed(f"preview:{host}"):  # a guest costs nothing to be
            raise HTTPException(429, "That was a lot at once. Please wait a minute.", {"Retry-After": "60"})
        said, _ = await read(http)
        reply = await app.handle(look_of(said, actor)) or Reply()
        t = Translator(spoken(reply.language, actor.language))
        if reply.picture is None:
            return problem(422, _why(reply), incident=http.state.request_id)
        try:
            async with one:
                drawn = await draw(small(reply.picture))
        except Refused as refused:
            return problem(422, t.of(refused), incident=http.state.request_id)
        shown = tried(reply, reply.picture, drawn, t)
        return JSONResponse(shown, headers={"Cache-Control": "no-store"})

    return router


def choices() -> dict[str, Any]:
    """List what the designer offers, by the words a style is said in."""
    parts = {part: list(names(part)) for part in (*PARTS, "frame")}
    return {**parts, "presets": list(presets()), "logo": list(SIGNS)}


def shown_by(part: str) -> tuple[Style, ...]:
    """Give the looks that show all there is of a part, in the order of the choices."""
    if part == "presets":
        return tuple(presets().values())
    return tuple(parse_style(f"{part} {name}") for name in names(part))


@cache
def strip(part: str) -> bytes:
    """Draw all there is of a part beside each other, once."""
    return tiles(shown_by(part), _TINY, VIEWS[part])


def _why(reply: Reply) -> str:
    """Say why there is nothing to show: what is wrong with a value, or what the command said."""
    wrong = [question.error for question in reply.form.questions] if reply.form is not None else []
    return " ".join(filter(None, wrong)) or reply.body


def tried(reply: Reply, picture: Picture, drawn: Rendered, t: Translator) -> dict[str, Any]:
    """Lay out a look that was tried: its picture, how surely it scans, what was mended, its words."""
    style = picture.style
    return {
        "picture": shown_picture(picture, reply.title, drawn, t),
        "score": drawn.score,
        "grade": drawn.grade.name,
        "said": worth_knowing(reply, drawn, t),
        "look": style_text(style),
        "values": values(style),
    }


def values(style: Style) -> dict[str, str]:
    """Say a look as the designer's fields have it: colours as ``#rrggbb``, of a gradient the first."""
    dark, logo, frame = _colour(style.dark), style.logo, style.frame
    sign = logo.source.removeprefix(EMOJI) if logo is not None and logo.source.startswith(EMOJI) else ""
    return {
        "presets": next((name for name, look in presets().items() if worn(look, style) == style), ""),
        "modules": style.modules,
        "finder": style.finder,
        "eyeball": style.eyeball,
        "dark": dark,
        "light": _colour(style.light),
        "finder_colour": style.finder_colour or dark,
        "eyeball_colour": style.eyeball_colour or dark,
        "frame": frame.name if frame is not None else "",
        "caption": frame.caption if frame is not None else "",
        "frame_colour": (frame.colour if frame is not None else "") or dark,
        "logo": sign or ("picture" if logo is not None else ""),
    }


def _colour(paint: Paint) -> str:
    return paint.colours[0] if isinstance(paint, Gradient) else paint
