"""What every test stands on: how many cases a property gets, and a clean environment."""

import gc
import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("default", max_examples=50, deadline=None)
settings.register_profile("full", max_examples=2000, deadline=None)
settings.load_profile("full" if os.environ.get("QR_GEN_TEST_FULL") else "default")

pytest_plugins = ["tests.databases", "tests.fakes.served"]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let the collector rest while tests are loaded: next to nothing of that is garbage."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    """Let the collector pass over what is loaded by now: looked through again and again, it takes a tenth."""
    gc.collect()
    gc.freeze()
