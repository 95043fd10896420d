"""The rates sends count against, in Redis: one script takes all of them, or none."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from redis.asyncio import Redis

_PREFIX = "qr-gen:rate:"

# GCRA: a key holds when its rate would be idle again, by the server's clock, which all machines share.
_TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local idle = {}
for i, key in ipairs(KEYS) do
  local interval, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  idle[i] = math.max(tonumber(redis.call('GET', key)) or now, now)
  local wait = idle[i] - (burst - 1) * interval - now
  if wait > 1e-6 then return tostring(wait) end
end
for i, key in ipairs(KEYS) do
  local free = idle[i] + tonumber(ARGV[2 * i - 1])
  redis.call('SET', key, string.format('%.6f', free), 'PX', math.ceil((free - now) * 1000) + 1000)
end
return '0'
"""

_HOLD = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
for i, key in ipairs(KEYS) do
  local free = now + tonumber(ARGV[i])
  if free > (tonumber(redis.call('GET', key)) or 0) then
    redis.call('SET', key, string.format('%.6f', free), 'PX', math.ceil((free - now) * 1000) + 1000)
  end
end
"""


@asynccontextmanager
async def open_redis(url: str) -> AsyncIterator[Redis]:
    """Connect when first used; a server that is away fails within two seconds."""
    client = Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
    try:
        yield client
    finally:
        await client.aclose()


async def answers(client: Redis) -> None:
    """Do nothing but ask; raises RedisError or OSError where the server does not answer."""
    await client.ping()  # type: ignore[misc]  # redis' stubs


async def reserve(client: Redis, rates: Sequence[tuple[str, float, int]]) -> float:
    """Reserve a send against rates (key, sends a second, burst): 0.0 to go on, else the seconds to wait.

    Raises redis' RedisError where the server does not answer.
    """
    if not rates:
        return 0.0
    keys = [_PREFIX + key for key, _, _ in rates]
    arguments = [str(value) for _, per_second, burst in rates for value in (1 / per_second, burst)]
    waited = await client.eval(_TAKE, len(keys), *keys, *arguments)  # type: ignore[misc]  # redis' stubs
    return float(waited)


async def hold(client: Redis, rates: Sequence[tuple[str, float, int]], seconds: float) -> None:
    """Let nothing go against rates (key, sends a second, burst) for so many seconds; raises as above."""
    if rates:
        keys = [_PREFIX + key for key, _, _ in rates]
        ends = [str(seconds + (burst - 1) / per_second) for _, per_second, burst in rates]
        await client.eval(_HOLD, len(keys), *keys, *ends)  # type: ignore[misc]  # redis' stubs
