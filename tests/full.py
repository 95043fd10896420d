"""How much is tried: `make test` has ten minutes, `make test-full` as long as it takes."""

import os

import pytest

FULL = bool(os.environ.get("QR_GEN_TEST_FULL"))

only_full = pytest.mark.skipif(not FULL, reason="takes long: make test-full")
