"""Never more sends than a rate allows, in any window, whoever sends; in rows, and in Redis if it is set."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import combinations, count
from pathlib import Path

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.deliveries import row_rates
from bot.face import Rate
from bot.rates import redis_rates
from storage.encryption import KeyRing
from storage.redis_rates import open_redis, reserve
from storage.store import open_store
from tests.core.redis import free_port, redis_at
from tests.core.talking import START, Core, passed, rows

SLOW = 0.001  # a second: what was reserved does not come back while a test runs
NUMBERS = count(1)


def fresh(per_second: float = SLOW, burst: int = 1) -> Rate:
    """Make a rate that nothing was sent against yet."""
    return Rate(f"key {next(NUMBERS)}", per_second, burst)


# --- rows ---------------------------------------------------------------------------------------------------


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    per_second=st.sampled_from([0.1, 0.5, 1, 3, 20 / 60, 24]),
    burst=st.integers(1, 6),
    gaps=st.lists(st.one_of(st.just(0.0), st.floats(0, 3)), min_size=1, max_size=25),
)
async def test_no_window_ever_holds_more_than_the_rate(
    core: Core, per_second: float, burst: int, gaps: list[float]
) -> None:
    """Whenever it is asked: between any two sends, at most what runs ahead and what came since."""
    rate, granted = fresh(per_second, burst), list[float]()
    for gap in gaps:
        passed(core, seconds=gap)
        if await row_rates(core.store, core.app.clock)((rate,)) == 0.0:
            granted.append((core.app.clock() - START).total_seconds())
    assert granted
    for first, last in combinations(range(len(granted)), 2):
        assert last - first + 1 <= burst + per_second * (granted[last] - granted[first]) + 1e-4


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(per_second=st.sampled_from([0.1, 1, 3, 20 / 60, 24]), burst=st.integers(1, 4))
async def test_who_waits_as_long_as_told_may_send(core: Core, per_second: float, burst: int) -> None:
    """And so the whole rate is used."""
    take, rate, began = row_rates(core.store, core.app.clock), fresh(per_second, burst), core.hands[-1]
    for _ in range(12):
        wait = await take((rate,))
        if wait > 0:
            passed(core, seconds=wait)
            assert await take((rate,)) == 0.0
    elapsed = (core.hands[-1] - began).total_seconds()
    assert elapsed == pytest.approx((12 - burst) / per_second, abs=1e-3)


async def test_what_counts_against_several_rates_takes_all_or_none(both: Core) -> None:
    """One that is used up leaves the others as they were."""
    take, chat, everything = row_rates(both.store, both.app.clock), fresh(burst=3), fresh()
    assert await take((chat, everything)) == 0.0
    assert await take((chat, everything)) == 1 / SLOW
    assert [await take((chat,)) for _ in range(3)] == [0.0, 0.0, pytest.approx(1 / SLOW)]
    assert await take(()) == 0.0


async def test_a_rate_is_idle_again_after_a_while(both: Core) -> None:
    """And then runs ahead no further than it may."""
    take, rate = row_rates(both.store, both.app.clock), fresh(1, 3)
    assert [await take((rate,)) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    passed(both, hours=1)
    assert [await take((rate,)) for _ in range(4)] == [0.0, 0.0, 0.0, 1.0]
    assert (await rows(both.store))["rates"] == 1


async def test_processes_on_one_database_share_a_rate(both: Core, url: str, ring: KeyRing) -> None:
    """Forty sends at once through two of them: as many as the rate allows."""
    rate = fresh(burst=7)
    async with open_store(url, ring) as second:
        takes = [row_rates(store, both.app.clock) for store in (both.store, second)]
        granted = await asyncio.gather(*(takes[number % 2]((rate,)) for number in range(20)))
    assert granted.count(0.0) == 7


# --- Redis --------------------------------------------------------------------------------------------------


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    """A connection to a real server."""
    async with open_redis(redis_url) as opened:
        yield opened


async def _never(rates: tuple[Rate, ...]) -> float:
    raise AssertionError("counted in the rows")


async def test_redis_lets_run_ahead_what_may_and_says_how_long_to_wait(client: Redis) -> None:
    """By its own clock, which all machines share; its keys go by themselves."""
    rate = fresh(burst=3)
    waits = [await redis_rates(client, _never)((rate,)) for _ in range(4)]
    assert waits[:3] == [0.0] * 3
    assert 0.9 / SLOW < waits[3] <= 1 / SLOW
    left = await client.pttl(f"qr-gen:rate:{rate.key}")
    assert 0 < left <= 3_001_000
    assert await reserve(client, []) == 0.0


async def test_redis_takes_all_rates_or_none(client: Redis) -> None:
    """In one script."""
    take, chat, everything = redis_rates(client, _never), fresh(burst=3), fresh()
    assert await take((chat, everything)) == 0.0
    assert await take((chat, everything)) > 0
    assert [await take((chat,)) > 0 for _ in range(3)] == [False, False, True]


async def test_processes_share_a_rate_through_redis(redis_url: str) -> None:
    """Forty sends at once over two connections."""
    rate = fresh(burst=7)
    async with open_redis(redis_url) as one, open_redis(redis_url) as other:
        takes = [redis_rates(client, _never) for client in (one, other)]
        granted = await asyncio.gather(*(takes[number % 2]((rate,)) for number in range(40)))
    assert granted.count(0.0) == 7


async def test_while_redis_is_away_the_rows_count_and_then_redis_again(core: Core, tmp_path: Path) -> None:
    """The platform's limits hold all the time; nothing raises, and the log says so."""
    port, used, rate = free_port(), list[str](), fresh(burst=100)
    by_rows = row_rates(core.store, core.app.clock)

    async def counted(rates: tuple[Rate, ...]) -> float:
        used.append("rows")
        return await by_rows(rates)

    async with open_redis(f"redis://127.0.0.1:{port}/0") as client:
        take = redis_rates(client, counted)
        with structlog.testing.capture_logs() as logs:
            assert await take((rate,)) == 0.0
            assert used == ["rows"]
            with redis_at(port, tmp_path):
                assert await take((rate,)) == 0.0
                assert used == ["rows"]
            assert await take((rate,)) == 0.0
        assert used == ["rows"] * 2
        await client.connection_pool.disconnect()
    away, back = "redis does not answer; rates are counted in the database", "redis counts rates again"
    assert [each["event"] for each in logs] == [away, back, away]
    assert (await rows(core.store))["rates"] == 1
    assert core.app.clock() - START == timedelta(0)
