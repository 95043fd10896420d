"""How fast a bot may send: 1 message a second in a chat, 20 a minute in a group, 30 a second in all.

core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
"""

from __future__ import annotations

from collections import deque

from tests.fakes.telegram.things import Chat, Refused

SENDS = {"sendmessage", "sendphoto", "senddocument", "sendmediagroup"}
COUNTED = SENDS | {"editmessagetext", "editmessagecaption", "editmessagemedia", "editmessagereplymarkup"}
TOLERANCE = 0.95  # what two sends a second apart may lose on their way here


class Rates:
    """When something was sent, by scope."""

    def __init__(self) -> None:
        self._sent: dict[int | str, deque[float]] = {}

    def count(self, method: str, chat: Chat | None, now: float) -> None:
        """Count a call; raises Refused with 429 when it comes too fast, and then it does not count.

        ``now``: seconds of any clock that never goes back.
        """
        if method.lower() not in COUNTED:
            return
        limits: list[tuple[int | str, int, float]] = [("all", 30, 1.0)]
        if chat is not None:
            limits.append((chat.id, 1, 1.0))
            limits += [(f"group {chat.id}", 20, 60.0)] if chat.type != "private" else []
        for scope, most, seconds in limits:
            sent = self._sent.setdefault(scope, deque(maxlen=most))
            if len(sent) == most and now - sent[0] < seconds * TOLERANCE:
                wait = max(1, round(seconds - (now - sent[0])))
                raise Refused(f"Too Many Requests: retry after {wait}", 429, retry_after=wait)
        for scope, _, _ in limits:
            self._sent[scope].append(now)
