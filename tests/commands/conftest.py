"""The core that these tests talk to."""

from tests.core.talking import both, core

__all__ = ["both", "core"]
