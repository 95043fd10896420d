"""The server: the Web API, uploads, files, answers by response_url, sockets; and the people who act."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.ledger import JSON, Call, Fault, listening
from tests.fakes.slack.methods import METHODS, content
from tests.fakes.slack.people import People
from tests.fakes.slack.world import SCOPES, Refused

USES, LIFE = 5, 1800.0  # of a response_url: times, seconds
NESTED = ("blocks", "view", "files")


class FakeSlack(People):
    """A Slack for one workspace and one app.

    ``events_url``: where it posts; empty in Socket Mode. ``public``: which public origins Slack can reach,
    and where they are on this machine. ``scopes``: what the bot token may do.
    """

    def __init__(self, *, public: Mapping[str, str] | None = None, scopes: frozenset[str] = SCOPES) -> None:
        super().__init__(scopes)
        self.url = ""
        self.public = dict(public or {})
        self._stack = AsyncExitStack()

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
            self._authorize(request, method.scope)
            call.result = {"ok": True, **await method.run(self, call.fields)}
        except Refused as refused:
            said = {"response_metadata": {"messages": list(refused.messages)}} if refused.messages else {}
            call.result = {"ok": False, "error": refused.code, **said}
        return web.json_response(call.result)

    def _authorize(self, request: web.Request, scope: str) -> None:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            raise Refused("not_authed")
        if scope == "connections:write":
            if token != self.app_token:
                raise Refused("invalid_auth" if token != self.bot_token else "not_allowed_token_type")
            return
        if token != self.bot_token:
            raise Refused("invalid_auth")
        if scope and scope not in self.scopes:
            raise Refused("missing_scope")

    # --- files -----------------------------------------------------------------------------------------

    async def _uploaded(self, request: web.Request) -> web.Response:
        file = self.files[request.match_info["id"]]
        call = Call("upload", {"id": file.id})

        async def work() -> web.Response:
            file.data = await request.read()
            return web.Response(text=f"OK - {len(file.data)}")

        return await self.answer(request, call, work, _broken)

    async def _file(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
        file = self.files[request.match_info["id"]]
        return web.Response(body=file.data, content_type=file.media_type)

    # --- response_url ----------------------------------------------------------------------------------

    async def _responded(self, request: web.Request) -> web.Response:
        fields = await request.json()
        call = Call("response_url", fields)
        return await self.answer(request, call, partial(self._respond, request, fields), _broken)

    async def _respond(self, request: web.Request, fields: JSON) -> web.Response:
        known = self.urls.get(request.match_info["ticket"])
        if known is None or known.uses >= USES or self.now() > known.at + LIFE:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        known.uses += 1
        try:
            held = await content(self, fields)
        except Refused as refused:
            return web.json_response(
                {"ok": False, "error": refused.code, "why": refused.messages}, status=400
            )
        original = known.message
        if fields.get("replace_original") and original is not None:
            original.text, original.blocks = held["text"], held["blocks"]
            original.pictures = held["pictures"]
            self.noted()
            return web.Response(text="ok")
        alone = known.person.id if fields.get("response_type") != "in_channel" else None
        self.post(known.channel, self.bot_user, seen_by=alone, **held)
        return web.Response(text="ok")


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
    error = {"ok": False, "error": "ratelimited" if fault.status == 429 else "internal_error"}
    return web.json_response(error, status=fault.status, headers=headers)
