"""python-telegram-bot and qrcode: ``python python_telegram_bot.py TOKEN URL [side by side]``."""

import sys
from io import BytesIO

import qrcode
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters


async def answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send the code of a text."""
    assert update.message is not None
    picture = BytesIO()
    qrcode.make(update.message.text).save(picture, "PNG")
    await update.message.reply_photo(picture.getvalue())


def main(token: str, url: str, at_once: str = "") -> None:
    """Poll until told to stop."""
    made = Application.builder().token(token).base_url(f"{url}/bot").concurrent_updates(bool(at_once))
    application = made.build()
    application.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, answer))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
