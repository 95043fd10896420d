"""The API is as it describes itself, whatever is sent: every operation, all checks of Schemathesis."""

from pathlib import Path

import pytest
from schemathesis.python.asgi import shutdown_lifespans

from adapters.web.reference.document import ROLE
from storage.account import Role
from tests.adapters.conformance import Site, tried
from tests.adapters.test_reference import OPERATIONS, bodies

FEW = 5  # cases of each operation in each phase; `make bench-api` takes many more
LARGE = {
    f"{method.upper()} {path}"
    for path, method, operation in OPERATIONS.values()
    if any(len(media.get("examples", ())) > 10 for media in bodies(operation).values())
}  # whose bodies hold content of any kind: thousands of edges


@pytest.mark.parametrize("role", Role)
def test_whatever_is_sent_is_answered_as_described(role: Role, blank: Path, tmp_path: Path) -> None:
    """For users, and for operators what they alone may do; no operation is left out."""
    theirs = {
        f"{method.upper()} {path}": operation.get(ROLE, Role.USER)
        for path, method, operation in OPERATIONS.values()
    }
    wanted = {label for label, whose in theirs.items() if whose == role}
    try:
        found = tried(Site(blank, tmp_path), role, FEW, wanted, briefly=LARGE)
    finally:
        shutdown_lifespans()
    assert dict(found.failures) == {}
    assert {label for label, cases in found.cases.items() if cases >= FEW} == wanted
