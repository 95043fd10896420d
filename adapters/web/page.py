"""The routes of the web chat: the page, its words, what is said on it, and what its camera sees."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from adapters.web.guests import Access, guest, keep, logged_in, speaker, translator
from adapters.web.pages.front import Ways, front
from adapters.web.parse import read, request_of, sent_of
from adapters.web.parse import translator as translator_of
from adapters.web.render import answer
from adapters.web.security import IN_TELEGRAM
from adapters.web.words import told
from bot.access import check_on
from bot.app import App
from bot.command import Command
from bot.face import Draw
from bot.i18n import Translator, spoken
from bot.message import Reply
from bot.operating.audit import as_switched
from bot.qr.refusal import Refused

STATIC = Path(__file__).parent / "chat"
SCRIPT = "https://telegram.org/js/telegram-web-app.js"
_READ = ["GET", "HEAD"]


def routes(app: App, draw: Draw, access: Access, *, chat: bool, mini: bool, ways: Ways) -> APIRouter:
    """Serve the chat's page: at ``/`` where the web chat is on, and as the Mini App at ``/app``.

    Who is nobody here yet gets the front page in its place, with the ``ways`` in.
    """
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=_READ)
    async def page(http: HttpRequest) -> Response:
        known = await logged_in(http, access)
        if not chat or (known is None and not access.guests):
            return front(http, translator_of(http), access.public_url, ways, known is not None)
        shown = FileResponse(STATIC / "index.html", headers={"Vary": "Cookie"})
        if known is None:
            keep(shown, http, access, guest(http, access))
        return shown

    if mini:
        opened = in_telegram((STATIC / "index.html").read_text())

        @router.api_route("/app", methods=_READ)
        async def mini_app() -> Response:
            return HTMLResponse(opened, headers={"Content-Security-Policy": IN_TELEGRAM})

    return router


def conversation(app: App, draw: Draw, access: Access) -> APIRouter:
    """Serve what the page says and hears."""
    router = APIRouter(prefix="/chat", include_in_schema=False)

    @router.api_route("/words", methods=_READ)
    async def words(http: HttpRequest) -> Response:
        t = await translator(http, access, app.clock())
        commands = as_switched(app.commands, await app.access.words_off(app.store, app.clock()))
        known = {"words": told(t), "commands": menu(commands, t), "account": access.accounts is not None}
        return JSONResponse({"language": t.language, **known})

    @router.post("/say")
    async def say(http: HttpRequest) -> Response:
        actor = await speaker(http, access, app.clock())
        said, uploads = await read(http)
        sent = sent_of(said, actor, access.reach) if access.reach is not None else None
        reply = await app.handle(sent or request_of(said, uploads, actor))
        reply = reply or Reply(language=spoken(actor.language))
        shown = await answer(reply, draw, Translator(spoken(reply.language, actor.language)))
        response = JSONResponse(shown, headers={"Cache-Control": "no-store"})
        if actor.platform == "web":
            keep(response, http, access, actor.id)
        return response

    @router.post("/read")
    async def look(http: HttpRequest) -> Response:
        """Tell what the camera sees: the text of a code, or nothing yet. Nothing of it is kept."""
        actor = await speaker(http, access, app.clock())
        if await app.allowed(f"frame:{actor.key}"):
            raise HTTPException(429, "That was a lot at once. Please wait a minute.", {"Retry-After": "60"})
        _, uploads = await read(http)
        try:
            await check_on(app, "read")
            found = [code.text for each in uploads[:1] for code in await app.read(each.data)]
        except Refused:
            found = []
        return JSONResponse({"text": next(iter(found), "")}, headers={"Cache-Control": "no-store"})

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
