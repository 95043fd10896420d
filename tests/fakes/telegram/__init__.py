"""A Telegram Bot API server for tests: strict, in this process, on a loopback socket.

``async with FakeTelegram() as tg``: give the bot ``tg.url`` and ``tg.token``, speak with ``tg.says(…)`` and
its kin, look with ``tg.messages(…)``, ``await tg.wait_for(…)`` and ``tg.calls``. Not a whole Telegram:
methods that the bot never calls answer 404, as unknown methods do.
"""

from tests.fakes.ledger import Call, Fault, impatient
from tests.fakes.telegram.server import FakeTelegram
from tests.fakes.telegram.things import Chat, Message, Person

__all__ = ["Call", "Chat", "FakeTelegram", "Fault", "Message", "Person", "impatient"]
