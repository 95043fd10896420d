"""The routes of the web chat: the page, its words, what is said on it, and what its camera sees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from adapters.web.guests import Access, guest, keep, speaker, translator
from adapters.web.parse import read, request_of, sent_of
from adapters.web.render import answer
from adapters.web.security import IN_TELEGRAM
from adapters.web.words import told
from bot.app import App
from bot.command import Command
from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.message import Reply

STATIC = Path(__file__).parent / "chat"
SCRIPT = "https://telegram.org/js/telegram-web-app.js"
_READ = ["GET", "HEAD"]


def routes(app: App, draw: Draw, access: Access, *, mini: bool) -> APIRouter:
    """Serve the chat's page: to guests at ``/``, where they are welcome, and as the Mini App at ``/app``."""
    router = APIRouter(include_in_schema=False)

    def kept(response: Response, http: HttpRequest, who: str) -> Response:
        keep(response, http, access, who)
        return response

    if access.guests:

        @router.api_route("/", methods=_READ)
        async def page(http: HttpRequest) -> Response:
            return kept(FileResponse(STATIC / "index.html"), http, guest(http, access))

    if mini:
        opened = in_telegram((STATIC / "index.html").read_text())

        @router.api_route("/app", methods=_READ)
        async def mini_app() -> Response:
            return HTMLResponse(opened, headers={"Content-Security-Policy": IN_TELEGRAM})

    @router.api_route("/chat/words", methods=_READ)
    async def words(http: HttpRequest) -> Response:
        t = translator(http, access, app.clock())
        return JSONResponse({"language": t.language, "words": told(t), "commands": menu(app.commands, t)})

    @router.post("/chat/say")
    async def say(http: HttpRequest) -> Response:
        actor = speaker(http, access, app.clock())
        said, uploads = await read(http)
        sent = sent_of(said, actor, access.reach) if access.reach is not None else None
        reply = await app.handle(sent or request_of(said, uploads, actor))
        reply = reply or Reply(language=spoken(actor.language))
        shown = await answer(reply, draw, Translator(spoken(reply.language, actor.language)))
        response = JSONResponse(shown, headers={"Cache-Control": "no-store"})
        return kept(response, http, actor.id) if actor.platform == "web" else response

    return router


def in_telegram(page: str) -> str:
    """Let the page load Telegram's script before its own (core.telegram.org/bots/webapps)."""
    own = '<script type="module"'
    return page.replace(own, f'<script defer src="{SCRIPT}"></script>\n  {own}', 1)


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
