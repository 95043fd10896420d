"""How often somebody may try a password or a code, whatever the limit of requests is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from limits import RateLimitItem, parse

PER_ACCOUNT, PER_ADDRESS = parse("5/minute"), parse("20/minute")
CODES_SENT = parse("3/hour")  # to the chats of one account, which anybody can ask for
Attempts = Callable[[RateLimitItem, str], Awaitable[float]]  # 0: go on; else the seconds until the next one
