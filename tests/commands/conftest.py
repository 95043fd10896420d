"""The core that these tests talk to."""

from tests.core.talking import blank, both, core, template, url

__all__ = ["blank", "both", "core", "template", "url"]
