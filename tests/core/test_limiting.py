"""How much one account may ask for: told once, then silence; shared through Redis where it is set."""

from pathlib import Path

import structlog

from bot.limiting import GO_ON, SAY_SO, SILENT, limiting, open_limiting
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
        assert {each["event"] for each in logs} == {"redis does not answer; requests are counted here"}
        with redis_at(port, tmp_path):
            assert await allowed(ADA) == GO_ON
