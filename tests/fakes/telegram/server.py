"""The server: addresses, tokens, bodies in all their forms, rates, long polls, and which method does what.

Rules: core.telegram.org/bots/api#making-requests; the HTTP status equals ``error_code``.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fakes.ledger import JSON, Call, listening
from tests.fakes.telegram import answers, media, profile, sending, wire
from tests.fakes.telegram.people import People
from tests.fakes.telegram.rates import Rates
from tests.fakes.telegram.sending import number
from tests.fakes.telegram.things import Chat, Refused
from tests.fakes.telegram.updates import LONGEST_POLL, Conflict
from tests.fakes.telegram.webhook import Webhook
from tests.fakes.telegram.world import TOKEN

LARGEST_BODY = 2_100_000_000

Method = Callable[[Any, Call], Any]  # the fake comes first; the answer may be awaitable

METHODS: dict[str, Method] = {
    "getMe": profile.get_me,
    "getChat": profile.get_chat,
    "getChatMember": profile.get_chat_member,
    "getChatAdministrators": profile.get_chat_administrators,
    "getUserProfilePhotos": profile.get_user_profile_photos,
    "leaveChat": profile.leave_chat,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
    "setMyName": partial(profile.set_text, "name"),
    "getMyName": partial(profile.get_text, "name"),
    "setMyDescription": partial(profile.set_text, "description"),
    "getMyDescription": partial(profile.get_text, "description"),
    "setMyShortDescription": partial(profile.set_text, "short_description"),
    "getMyShortDescription": partial(profile.get_text, "short_description"),
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "sendMediaGroup": sending.send_media_group,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": sending.edit_message_text,
    "editMessageCaption": sending.edit_message_caption,
    "editMessageReplyMarkup": sending.edit_message_reply_markup,
    "editMessageMedia": sending.edit_message_media,
    "deleteMessage": sending.delete_message,
    "answerCallbackQuery": answers.answer_callback_query,
    "answerInlineQuery": answers.answer_inline_query,
    "getFile": media.get_file,
    "getUpdates": lambda tg, call: tg.get_updates(call),
    "setWebhook": lambda tg, call: tg.set_webhook(call),
    "deleteWebhook": lambda tg, call: tg.delete_webhook(call),
    "getWebhookInfo": lambda tg, call: tg.get_webhook_info(call),
}
_BY_NAME = {name.lower(): (name, method) for name, method in METHODS.items()}


class FakeTelegram(People):
    """A Telegram for one bot.

    ``rates``: refuse more than 1 message a second in a chat, 20 a minute in a group, 30 a second in all,
    with 429 (core.telegram.org/bots/faq). ``local``: a local Bot API server, which posts webhooks over
    HTTP. ``public``: which public origins Telegram can reach, and where they are on this machine; anything
    else it cannot. ``pace``: what a webhook's waiting between tries is multiplied by.
    """

    def __init__(
        self,
        token: str = TOKEN,
        username: str = "qr_test_bot",
        *,
        rates: bool = False,
        local: bool = False,
        public: Mapping[str, str] | None = None,
        pace: float = 0.01,
    ) -> None:
        super().__init__(token, username, rates=rates, local=local, public=public)
        self.url = ""  # what stands before /bot<token>; TELEGRAM_API_URL
        self.revoked = False  # as after /revoke at BotFather
        self.webhook: Webhook | None = None
        self._pace = pace
        self._rates = Rates()
        self._last_poll = (0, 0.0)  # offset, time
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.url = await self._stack.enter_async_context(self._served())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.updates.release()
        if self.webhook is not None:
            await self.webhook.close()
        await self._stack.aclose()
        if error is None:
            self.raise_if_broken()

    @asynccontextmanager
    async def _served(self) -> AsyncIterator[str]:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]*}", self._serve)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self._serve_file)
        async with listening(app) as url:
            yield url

    # --- requests --------------------------------------------------------------------------------------

    async def _serve(self, request: web.Request) -> web.Response:
        name, method = _BY_NAME.get(
            request.match_info["method"].lower(), (request.match_info["method"], None)
        )
        fields, files = await wire.body(request)
        chat_id = fields.get("chat_id")
        numeric = isinstance(chat_id, str) and re.fullmatch(r"-?\d+", chat_id)
        call = Call(name, fields, files, chat_id=int(chat_id) if chat_id and numeric else chat_id)
        return await self.answer(request, call, partial(self._work, request, call, method), wire.broken)

    async def _work(self, request: web.Request, call: Call, method: Method | None) -> web.Response:
        try:
            self._authorize(request.match_info["token"])
            if method is None:
                raise Refused("Not Found: method not found", 404)
            if self.rates:
                chat = self.chats.get(call.chat_id) if isinstance(call.chat_id, int) else None
                self._rates.count(call.method, chat, call.at)
            await media.fetched(self, call)
            result = method(self, call)
            result = await result if inspect.isawaitable(result) else result
        except Refused as refused:
            about = {"parameters": refused.parameters} if refused.parameters else {}
            call.retry_after = refused.parameters.get("retry_after", 0)
            call.result = {"ok": False, "error_code": refused.code, "description": str(refused), **about}
            return wire.answer(call.result, refused.code)
        call.result = {"ok": True, "result": result}
        return wire.answer(call.result, 200)

    def _authorize(self, token: str) -> None:
        if not re.fullmatch(r"[0-9]{5,}:[A-Za-z0-9_-]{30,}", token):
            raise Refused("Not Found", 404)
        if token != self.token or self.revoked:
            raise Refused("Unauthorized", 401)

    async def _serve_file(self, request: web.Request) -> web.Response:
        call = Call("file", {"path": request.match_info["path"]})
        return await self.answer(request, call, partial(self._download, request, call), wire.broken)

    async def _download(self, request: web.Request, call: Call) -> web.Response:
        try:
            self._authorize(request.match_info["token"])
        except Refused as refused:
            return wire.answer(
                {"ok": False, "error_code": refused.code, "description": str(refused)}, refused.code
            )
        for stored in self.files.values():
            if stored.path == call.fields["path"] and stored.served_until > self.now():
                return web.Response(body=stored.read(), content_type="application/octet-stream")
        return wire.answer({"ok": False, "error_code": 404, "description": "Not Found"}, 404)

    # --- updates ---------------------------------------------------------------------------------------

    async def get_updates(self, call: Call) -> list[JSON]:
        """Answer getUpdates: confirm what lies before the offset, hold the poll while there is nothing."""
        if self.webhook is not None:
            raise Refused(
                "can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
                409,
            )
        offset = number(call.fields.get("offset"))
        limit = max(1, min(number(call.fields.get("limit"), 100), 100))
        timeout = max(0, min(number(call.fields.get("timeout")), LONGEST_POLL))
        profile.allow(self, call.fields.get("allowed_updates"))
        if self.rates:  # asking again at once is slowed down
            last_offset, last = self._last_poll
            self._last_poll = (offset, call.at)
            if offset == last_offset and call.at < last + 3:
                timeout, limit = max(timeout, 3), 1 if call.at < last + 0.5 else limit
        self.updates.confirm(offset)
        self.noted()
        if timeout and not self.updates.batch(1):
            try:
                await self.updates.hold(timeout)
            except Conflict as conflict:
                raise Refused(str(conflict), 409) from None
        return self.updates.batch(limit)

    async def set_webhook(self, call: Call) -> bool:
        """Answer setWebhook; an empty address deletes it. A poll that is held ends with 409."""
        if not call.fields.get("url"):
            return await self.delete_webhook(call)
        url, secret = profile.webhook_address(self, call)
        await self.delete_webhook(call)
        self.updates.release(Conflict("terminated by setWebhook request"))
        profile.allow(self, call.fields.get("allowed_updates"))
        most = max(1, min(number(call.fields.get("max_connections"), 40), 100))
        self.webhook = Webhook(
            self.updates, url, secret, connections=most, public=self.public, pace=self._pace
        )
        return True

    async def delete_webhook(self, call: Call) -> bool:
        """Answer deleteWebhook."""
        profile.drop_pending(self, call)
        if self.webhook is not None:
            await self.webhook.close()
            self.webhook = None
        return True

    def get_webhook_info(self, call: Call) -> JSON:
        """Answer getWebhookInfo."""
        del call
        hook = self.webhook
        info: JSON = {"url": hook.url if hook else "", "has_custom_certificate": False}
        info["pending_update_count"] = len(self.updates.fresh())
        if hook is not None:
            info["max_connections"] = hook.connections
            if hook.last_error:
                info |= {"last_error_date": int(self.now()), "last_error_message": hook.last_error}
        if self.updates.allowed:
            info["allowed_updates"] = self.updates.allowed
        return info

    def menu(self, chat: Chat, language: str = "en") -> list[str]:
        """List the commands that a client offers in a chat."""
        return profile.menu(self, chat, language)
