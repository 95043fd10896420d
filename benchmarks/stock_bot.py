"""The bot that python-telegram-bot's own examples lead to: a handler that draws with qrcode and replies.

``STOCK_WEBHOOK`` is the port of a webhook, as its customwebhookbot example
has it: the update goes into the application's queue, and the post is answered. Without it the bot polls.
"""

from __future__ import annotations

import asyncio
import logging
import os
from io import BytesIO

import qrcode
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def reply(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer a text with its code."""
    del context
    if update.message is None or update.message.text is None:
        return
    out = BytesIO()
    qrcode.make(update.message.text).save(out)
    await update.message.reply_photo(out.getvalue(), filename="qr.png")


def application() -> Application:  # type: ignore[type-arg]  # six parameters that nobody here uses
    """Build it as the examples do, with updates side by side, which is its quicker setting."""
    base = os.environ["TELEGRAM_API_URL"]
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"]).concurrent_updates(True)
    bot = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot").build()
    bot.add_handler(MessageHandler(filters.TEXT, reply))
    return bot


async def hooked(port: int) -> None:
    """Serve a webhook as the examples do: queue the update, answer at once."""
    bot = application()
    bot.updater = None

    async def take(request: Request) -> Response:
        await bot.update_queue.put(Update.de_json(await request.json(), bot.bot))
        return Response()

    web = Starlette(routes=[Route("/telegram/webhook", take, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, port=port, log_level="error"))
    async with bot:
        await bot.start()
        await server.serve()
        await bot.stop()


def main() -> None:
    """Run until killed."""
    logging.disable()
    port = os.environ.get("STOCK_WEBHOOK")
    if port:
        asyncio.run(hooked(int(port)))
    else:
        application().run_polling(bootstrap_retries=-1)


if __name__ == "__main__":
    main()
