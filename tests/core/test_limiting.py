"""How much one account may ask for: told once, then silence; shared through Redis where it is set."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import ANY

import pytest
import structlog
from limits.aio.storage import MemoryStorage

from bot.limiting import GO_ON, SAY_SO, SILENT, Standing, limiting, open_limiting, sweep
from tests.core.redis import free_port, redis_at

ADA, BEA = "telegram:101", "telegram:102"


async def test_an_account_over_its_limit_is_told_once_and_then_met_with_silence() -> None:
    """Another account is not concerned."""
    async with open_limiting("3/minute") as allowed:
        assert [await allowed(ADA) for _ in range(6)] == [GO_ON] * 3 + [SAY_SO] + [SILENT] * 2
        assert await allowed(BEA) == GO_ON


async def test_the_limit_can_be_off() -> None:
    """For benchmarks."""
    assert {await limiting("off", "redis://nowhere:1")(ADA) for _ in range(1000)} == {GO_ON}


async def test_processes_share_a_limit_through_redis(tmp_path: Path) -> None:
    """What one counted, the other knows."""
    with redis_at(free_port(), tmp_path) as url:
        async with open_limiting("3/minute", url) as one, open_limiting("3/minute", url) as other:
            told = [await allowed(ADA) for allowed in (one, other, one, other, one, other)]
    assert told == [GO_ON] * 3 + [SAY_SO] + [SILENT] * 2


async def test_while_redis_is_away_the_process_counts_alone(tmp_path: Path) -> None:
    """Nothing raises; when Redis is back it counts again."""
    port = free_port()
    async with open_limiting("2/minute", f"redis://127.0.0.1:{port}/0") as allowed:
        with structlog.testing.capture_logs() as logs:
            assert [await allowed(ADA) for _ in range(4)] == [GO_ON, GO_ON, SAY_SO, SILENT]
            with redis_at(port, tmp_path):
                assert await allowed(ADA) == GO_ON
        assert [each["event"] for each in logs] == [
            "redis does not answer; requests are counted here",
            "redis counts requests again",
        ]


async def test_a_standing_says_what_is_left_and_until_when() -> None:
    """In the same count as everything else that the account asks for."""
    async with open_limiting("3/minute") as allowed:
        assert await allowed(ADA) == GO_ON
        stands = [await allowed.standing(ADA) for _ in range(4)]
        assert await allowed(ADA) == SAY_SO
        assert await allowed.standing(BEA) == replace(stands[0], remaining=2, reset=ANY)
    assert [each.remaining for each in stands] == [1, 0, 0, 0]
    assert [each.verdict for each in stands] == [GO_ON, GO_ON, SAY_SO, SAY_SO]
    assert all((each.limit, each.window) == (3, 60) and 0 < each.reset <= 60 for each in stands)


async def test_a_standing_without_a_limit_says_so() -> None:
    """Nothing is counted."""
    assert await limiting("off").standing(ADA) == Standing()


async def test_two_hundred_at_once_are_counted_exactly() -> None:
    """As many pass as may, not one more or less."""
    async with open_limiting("50/minute") as allowed:
        stands = await asyncio.gather(*(allowed.standing(ADA) for _ in range(200)))
    assert sum(each.verdict == GO_ON for each in stands) == 50
    assert min(each.remaining for each in stands) == 0


async def test_two_processes_let_no_more_pass_than_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However the two hundred are shared out."""
    monkeypatch.setattr("bot.limiting.PATIENCE", 60)  # a busy machine is not a Redis that is away
    with redis_at(free_port(), tmp_path) as url:
        async with open_limiting("50/minute", url) as one, open_limiting("50/minute", url) as other:
            asked = [each.standing(ADA) for each in (one, other) * 100]
            stands = await asyncio.gather(*asked)
    assert sum(each.verdict == GO_ON for each in stands) == 50


async def test_what_no_longer_counts_is_forgotten() -> None:
    """With the accounts that have nothing else."""
    async with open_limiting("3/minute") as allowed:
        await allowed(ADA)
        storage = allowed.here.storage
        assert isinstance(storage, MemoryStorage)
        sweep(storage, time.time())
        assert len(storage.events) == 1
        sweep(storage, time.time() + 61)
        assert (storage.events, dict(storage.locks)) == ({}, {})
        assert await allowed(ADA) == GO_ON
