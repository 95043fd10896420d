"""The routes of the web chat: the page, its words, and what is said on it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, JSONResponse, Response

from adapters.web.guests import COOKIE, guest_of, keep, new_guest
from adapters.web.parse import language_of, read, request_of, translator
from adapters.web.render import answer
from adapters.web.security import from_own_page
from adapters.web.words import told
from bot.app import App
from bot.command import Command
from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.message import Reply

STATIC = Path(__file__).parent / "chat"
_READ = ["GET", "HEAD"]


def front() -> APIRouter:
    """Serve the plain front page of a bot without a web chat."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=_READ)
    async def page() -> Response:
        return FileResponse(STATIC / "front.html")

    return router


def routes(app: App, draw: Draw, cookie_key: bytes, public_url: str) -> APIRouter:
    """Serve the web chat; each browser is a guest of its own."""
    router = APIRouter(include_in_schema=False)

    def guest(http: HttpRequest) -> str:
        return guest_of(cookie_key, http.cookies.get(COOKIE, "")) or new_guest()

    def kept(response: Response, http: HttpRequest, who: str) -> Response:
        secure = http.url.scheme == "https" or public_url.startswith("https:")
        keep(response, cookie_key, who, secure=secure)
        return response

    @router.api_route("/", methods=_READ)
    async def page(http: HttpRequest) -> Response:
        return kept(FileResponse(STATIC / "index.html"), http, guest(http))

    @router.api_route("/chat/words", methods=_READ)
    async def words(http: HttpRequest) -> Response:
        t = translator(http)
        return JSONResponse({"language": t.language, "words": told(t), "commands": menu(app.commands, t)})

    @router.post("/chat/say")
    async def say(http: HttpRequest) -> Response:
        if not from_own_page(http.headers, public_url):
            raise HTTPException(403, "This was sent by another site's page. Please open the web chat itself.")
        who, language = guest(http), language_of(http.headers.get("accept-language", ""))
        reply = await app.handle(request_of(*await read(http), who, language))
        reply = reply or Reply(language=spoken(language))
        shown = await answer(reply, draw, Translator(spoken(reply.language, language)))
        return kept(JSONResponse(shown, headers={"Cache-Control": "no-store"}), http, who)

    return router


def menu(commands: Mapping[str, Command], t: Translator) -> list[dict[str, Any]]:
    """List the words a person can type, with the options each takes, for the page to complete."""
    return [
        {
            "name": name,
            "summary": t(entry.summary),
            "files": entry.files,
            "options": [{"name": param.name, "choices": list(param.choices)} for param in entry.params],
        }
        for name, entry in commands.items()
        if not entry.hidden
    ]
