"""aiogram and segno: ``python aiogram_segno.py TOKEN URL``."""

import asyncio
import sys
from io import BytesIO

import segno
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import BufferedInputFile, Message

dispatcher = Dispatcher()


@dispatcher.message(F.text)  # type: ignore[untyped-decorator]  # aiogram is in an environment of its own
async def answer(message: Message) -> None:
    """Send the code of a text."""
    picture = BytesIO()
    segno.make_qr(message.text).save(picture, kind="png", scale=10)
    await message.answer_photo(BufferedInputFile(picture.getvalue(), "qr.png"))


async def main(token: str, url: str) -> None:
    """Poll until told to stop."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    await dispatcher.start_polling(Bot(token, session))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
