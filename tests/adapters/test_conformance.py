"""The API is as it describes itself, whatever is sent: every operation, all checks of Schemathesis."""

from pathlib import Path

import pytest
from schemathesis.python.asgi import shutdown_lifespans

from storage.account import Role
from tests.adapters.conformance import Site, tried
from tests.adapters.described import theirs

FEW = 5  # cases of each operation in each phase; `make bench-api` takes many more


@pytest.mark.parametrize("role", Role)
def test_whatever_is_sent_is_answered_as_described(role: Role, blank: Path, tmp_path: Path) -> None:
    """For users, and for operators what they alone may do; no operation is left out."""
    try:
        found = tried(Site(blank, tmp_path), role, theirs(role), FEW)
    finally:
        shutdown_lifespans()
    assert dict(found.failures) == {}
    assert set(found.cases) == theirs(role)
