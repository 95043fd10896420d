"""Pictures that a platform already has, by what they show; secrets are never among them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.cards import SECRET_KINDS
from bot.qr.picture import Picture
from bot.qr.style import dump_style

if TYPE_CHECKING:
    from bot.app import App


async def find(app: App, bot: str, pictures: Iterable[Picture]) -> dict[Picture, str]:
    """Give the file ids of those pictures that a bot has sent before."""
    written = {_written(bot, picture): picture for picture in pictures}
    if not written:
        return {}
    async with app.store.reading() as work:
        found = await work.file_ids.find(written)
    return {written[text]: file_id for text, file_id in found.items()}


async def keep(app: App, bot: str, picture: Picture, file_id: str) -> None:
    """Remember that a bot has sent a picture."""
    if picture.payload.kind not in SECRET_KINDS:
        async with app.store.writing() as work:
            await work.file_ids.keep(_written(bot, picture), file_id, app.clock())


async def forget(app: App, bot: str, pictures: Iterable[Picture]) -> None:
    """Forget file ids that the platform does not know any more."""
    async with app.store.writing() as work:
        await work.file_ids.forget([_written(bot, picture) for picture in pictures])


def _written(bot: str, picture: Picture) -> str:
    """Write down all that decides how a picture looks; only a fingerprint of it is kept."""
    payload = picture.payload
    return json.dumps([bot, payload.kind, payload.text, dump_style(picture.style), picture.format])
