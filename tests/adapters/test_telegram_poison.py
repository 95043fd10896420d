"""Updates that Telegram would never send, taken in by the real core: none stays in the way."""

import copy
import json
import random
from types import SimpleNamespace
from typing import Any, cast

from adapters.telegram.intake import take_in
from adapters.telegram.serve import Telegram
from tests.adapters.test_telegram import ADA, BOT, GROUP, OURS, PRIVATE
from tests.core.talking import Core, both, rows

__all__ = ["both"]

MANY = 250
TEXT = {"message_id": 3, "date": 1, "chat": PRIVATE, "from": ADA, "text": "/qr hello"}
SAMPLES: list[dict[str, Any]] = [
    {"message": TEXT | {"chat": GROUP}},
    {"message": TEXT | {"entities": [{"type": "bot_command", "offset": 0, "length": 3}]}},
    {"message": TEXT | {"contact": {"phone_number": "+442079460958", "first_name": "Bea"}}},
    {"message": TEXT | {"photo": [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}]}},
    {"message": TEXT | {"location": {"latitude": 48.8, "longitude": 2.3}, "migrate_to_chat_id": -5}},
    {"channel_post": TEXT | {"chat": GROUP | {"type": "channel"}, "sender_chat": GROUP}},
    {"callback_query": {"id": "9", "from": ADA, "chat_instance": "1", "data": "help", "message": TEXT}},
    {
        "my_chat_member": {
            "chat": PRIVATE, "from": ADA, "date": 1, "old_chat_member": {"user": OURS, "status": "member"},
            "new_chat_member": {"user": OURS, "status": "kicked", "until_date": 0},
        },
    },
]  # fmt: skip
ODD: list[Any] = [
    None, True, -1, 10**30, 0.5, "", "\0", "\ud800", "x" * 5000, [], [[]], {}, {"id": "\0"}, [None], "é" * 70,
]  # fmt: skip


def mutated(rng: random.Random) -> dict[str, Any]:
    """Change up to three fields of a sample, wherever they are."""
    update: dict[str, Any] = copy.deepcopy(rng.choice(SAMPLES))
    for _ in range(rng.randint(1, 3)):
        places: list[tuple[dict[str, Any], str]] = []
        level: list[dict[str, Any]] = [update]
        while level:
            here = level.pop()
            places += [(here, name) for name in here]
            level += [inner for inner in here.values() if isinstance(inner, dict)]
        where, name = rng.choice(places)
        if rng.random() < 0.2:
            del where[name]
        else:
            where[name] = rng.choice(ODD)
        if not update:
            break
    return update


async def test_no_odd_update_stays_in_the_way(both: Core) -> None:
    """Each is done or kept as a dead letter, on both databases; what follows them works."""
    rng, known = random.Random(20261128), cast(Telegram, SimpleNamespace(bot=None, name=BOT, answer=None))
    stuck: list[tuple[str, dict[str, Any]]] = []
    for number in range(MANY):
        update = mutated(rng)
        try:
            await take_in(known, both.app, {"update_id": number} | update)
        except Exception as error:
            stuck.append((f"{type(error).__name__}: {error}"[:200], update))
    assert stuck == []
    before = (await rows(both.store)).get("codes", 0)
    sound = json.loads(json.dumps({"update_id": MANY, "message": TEXT}))
    await take_in(known, both.app, sound)
    assert (await rows(both.store))["codes"] == before + 1
