"""What is only lent to a platform is taken back: by who lent it, or by a delivery, should that one die."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.face import Address
from bot.ids import new_id
from bot.message import Reply
from bot.wire import dump_address, dump_reply
from storage.changes import Unit
from storage.records import Delivery

if TYPE_CHECKING:
    from bot.app import App

LENT = timedelta(minutes=10)


async def take_back_later(app: App, platform: str, address: Address, name: str) -> None:
    """Write down that something is to be taken back; ``name`` is the face's own, and the lane's.

    In a lane of its own, so that nothing waits behind it.
    """
    now = app.clock()
    row = Delivery(
        id=new_id(),
        lane=f"{platform}:{name}",
        platform=platform,
        address=dump_address(dict(address)),
        body=dump_reply(Reply(unsay=name)),
        created_at=now,
        due_at=now + LENT,
    )
    await app.store.commit(Unit("", now, deliveries=(row,)))
