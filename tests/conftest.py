"""What every test stands on: how many cases a property gets, and a clean environment."""

import os

from hypothesis import settings

settings.register_profile("default", max_examples=50, deadline=None)
settings.register_profile("full", max_examples=2000, deadline=None)
settings.load_profile("full" if os.environ.get("QR_GEN_TEST_FULL") else "default")

pytest_plugins = ["tests.databases", "tests.fakes.served"]
