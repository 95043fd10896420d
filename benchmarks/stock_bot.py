"""The minimal bot of ``telegram_peers`` as an operator would run it, polling or behind a webhook.

``STOCK_WEBHOOK`` is the port of a webhook, as python-telegram-bot's customwebhookbot example has it: the
update goes into the application's queue, and the post is answered. Without it the bot polls.
"""

from __future__ import annotations

import asyncio
import logging
import os

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.ext import Application, MessageHandler, filters

from benchmarks.telegram_peers.python_telegram_bot import answer


def application() -> Application:  # type: ignore[type-arg]  # six parameters that nobody here uses
    """Build it as the examples do, with updates side by side, which is its quicker setting."""
    base = os.environ["TELEGRAM_API_URL"]
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"]).concurrent_updates(True)
    bot = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot").build()
    bot.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, answer))
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
