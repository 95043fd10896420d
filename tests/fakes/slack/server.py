"""The server: the Web API, uploads, files, answers by response_url, sockets; and the people who act."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from email.utils import formatdate
from functools import partial
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.ledger import JSON, Call, Fault, listening
from tests.fakes.outside import jpeg
from tests.fakes.slack.changing import update
from tests.fakes.slack.methods import METHODS, Method, content
from tests.fakes.slack.rates import Rates
from tests.fakes.slack.tenancy import Tenancy, credentials
from tests.fakes.slack.tenant import Tenant
from tests.fakes.slack.whispers import post_ephemeral
from tests.fakes.slack.world import SCOPES, Message, Refused

USES, LIFE = 5, 1800.0  # of a response_url: times, seconds
NESTED = ("blocks", "view", "files")
METHODS["chat.postEphemeral"] = Method(post_ephemeral, "chat:write")
METHODS["chat.update"] = Method(update, "chat:write")


class FakeSlack(Tenancy):
    """A Slack for one workspace and one app.

    ``events_url``: where it posts; empty in Socket Mode. ``public``: which public origins Slack can reach,
    and where they are on this machine. ``scopes``: what the bot token may do.
    """

    def __init__(self, *, public: Mapping[str, str] | None = None, scopes: frozenset[str] = SCOPES) -> None:
        super().__init__(scopes)
        self.url = ""
        self.public = dict(public or {})
        self.rates: Rates | None = None  # a test that wants Slack's limits held sets them
        self._stack = AsyncExitStack()

    def workspace(self, team: str, enterprise: str = "") -> Tenant:
        """Open one more workspace, which has not installed the app."""
        return Tenant(self, team, enterprise)

    @property
    def api_url(self) -> str:
        """Give the address for SLACK_API_URL."""
        return f"{self.url}/api/"

    async def __aenter__(self) -> Self:
        self.url = await self._stack.enter_async_context(self._served())
        await self._stack.enter_async_context(self.posting())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for socket in tuple(self.sockets):
            await socket.close()
        await self._stack.aclose()
        if error is None:
            self.raise_if_broken()

    @asynccontextmanager
    async def _served(self) -> AsyncIterator[str]:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_route("*", "/api/{method}", self._serve)
        app.router.add_post("/upload/{id}/{ticket}", self._uploaded)
        app.router.add_get("/files/{id}/{name}", self._file)
        app.router.add_get("/avatars/{id}_{side}.jpg", self._avatar)
        app.router.add_post("/respond/{ticket}", self._responded)
        app.router.add_get("/link", self.linked)
        async with listening(app) as url:
            yield url

    # --- the Web API -----------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.Response:
        fields = await _fields(request)
        call = Call(request.match_info["method"], fields, chat_id=fields.get("channel"))
        return await self.answer(request, call, partial(self._work, request, call), _broken)

    async def _work(self, request: web.Request, call: Call) -> web.Response:
        method = METHODS.get(call.method)
        try:
            if method is None:
                raise Refused("unknown_method")
            if method.scope == "client":
                call.fields |= credentials(request)
            world = self._authorize(request, call.fields, method.scope)
            wait = self.rates.wait(call.method, str(call.chat_id), time.monotonic()) if self.rates else 0
            if wait:
                call.retry_after = wait
                return _broken(Fault(429, wait))
            call.result = {"ok": True, **await method.run(world, call.fields)}
        except Refused as refused:
            said = {"response_metadata": {"messages": list(refused.messages)}} if refused.messages else {}
            call.result = {"ok": False, "error": refused.code, **said}
        about = {"x-oauth-scopes": ",".join(sorted(self.scopes)), "Date": formatdate(self.now(), usegmt=True)}
        return web.json_response(call.result, headers=about)

    def _authorize(self, request: web.Request, fields: JSON, scope: str) -> Tenancy:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if scope in ("client", "none"):
            return self
        if token in self.app.grants:
            return self.entering(request, fields, scope)
        if not token:
            raise Refused("not_authed")
        if scope == "connections:write":
            if token != self.app_token:
                raise Refused("invalid_auth" if token != self.bot_token else "not_allowed_token_type")
            return self
        if token != self.bot_token or self.revoked:
            raise Refused(self.revoked or "invalid_auth")
        if scope and scope not in self.scopes:
            raise Refused("missing_scope")
        return self

    # --- files -----------------------------------------------------------------------------------------

    async def _uploaded(self, request: web.Request) -> web.Response:
        file = self.holding(request.match_info["id"]).files[request.match_info["id"]]
        call = Call("upload", {"id": file.id})

        async def work() -> web.Response:
            file.data = await request.read()
            return web.Response(text=f"OK - {len(file.data)}")

        return await self.answer(request, call, work, _broken)

    async def _file(self, request: web.Request) -> web.Response:
        world = self.holding(request.match_info["id"])
        file = world.files[request.match_info["id"]]

        async def work() -> web.Response:
            if request.headers.get("Authorization") != f"Bearer {world.bot_token}" or not world.shown(file):
                return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
            return web.Response(body=file.data, content_type=file.media_type)

        return await self.answer(request, Call("file", {"id": file.id}), work, _broken)

    async def _avatar(self, request: web.Request) -> web.Response:
        """Show a photo or an icon to everybody: their hosts are public, and no token is meant for them."""
        whose, side = request.match_info["id"], request.match_info["side"]
        data = self.icon if whose == self.team else self.people[whose].photo

        async def work() -> web.Response:
            assert "Authorization" not in request.headers, "a token was sent to a public host"
            if self.moved:
                return web.Response(status=302, headers={"Location": self.moved})
            shown = data if side == "original" else jpeg(data, int(side))
            return web.Response(body=shown, content_type="image/jpeg")

        return await self.answer(request, Call("avatar", {"id": whose, "side": side}), work, _broken)

    # --- response_url ----------------------------------------------------------------------------------

    async def _responded(self, request: web.Request) -> web.Response:
        call = Call("response_url", await request.json())
        work = partial(self._respond, call, request.match_info["ticket"])
        return await self.answer(request, call, work, _broken)

    async def _respond(self, call: Call, ticket: str) -> web.Response:
        known = self.urls.get(ticket)
        if known is None or known.uses >= USES:
            return _no(404, "used_url")
        if self.now() > known.at + LIFE:
            return _no(404, "expired_url")
        known.uses += 1
        here = (each for each in self.app.worlds if each.channels.get(known.channel.id) is known.channel)
        world = next(here, None)
        if world is None or known.channel.archived:
            return _no(404, "channel_not_found" if world is None else "is_archived")
        replaced = bool(call.fields.get("replace_original"))
        alone = known.person.id if call.fields.get("response_type") != "in_channel" else None
        seen_by = known.message.seen_by if replaced and known.message is not None else alone
        try:
            held = await content(world, call.fields, alone=seen_by is not None)
        except Refused as refused:
            return _no(400, refused.code, *refused.messages)
        if replaced:
            return self._replaced(known.message, held)
        thread = str(call.fields.get("thread_ts") or "")
        world.post(known.channel, world.bot_user, seen_by=alone, thread=thread, **held)
        return web.Response(text="ok")

    def _replaced(self, original: Message | None, held: JSON) -> web.Response:
        """Change the message whose button was pressed; a slash command has none (bolt-python#1268)."""
        if original is None:
            return _no(404, "no_original")
        original.text, original.blocks, original.pictures = held["text"], held["blocks"], held["pictures"]
        self.noted()
        return web.Response(text="ok")


def _no(status: int, code: str, *messages: str) -> web.Response:
    return web.json_response({"ok": False, "error": code, "why": messages}, status=status)


async def _fields(request: web.Request) -> JSON:
    """Merge query, form and JSON; nested JSON text is decoded."""
    fields: JSON = dict(request.query)
    if request.content_type == "application/json":
        fields |= await request.json()
    elif request.can_read_body:
        fields |= dict(await request.post())
    for name in NESTED:
        if isinstance(fields.get(name), str) and fields[name][:1] in "[{":
            fields[name] = json.loads(fields[name])
    return fields


def _broken(fault: Fault) -> web.Response:
    headers = {"Retry-After": str(fault.retry_after)} if fault.retry_after else {}
    if fault.html:
        return web.Response(text="<html>Bad gateway</html>", status=fault.status, content_type="text/html")
    error = {"ok": False, "error": "ratelimited" if fault.status == 429 else "internal_error"}
    return web.json_response(error, status=fault.status, headers=headers)
