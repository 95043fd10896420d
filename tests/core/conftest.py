"""The core that these tests talk to, and what it counts in."""

from tests.core.redis import redis_url
from tests.core.talking import both, core
from tests.core.telling import talk, talk_both, telegram

__all__ = ["both", "core", "redis_url", "talk", "talk_both", "telegram"]
