"""`make bench-api`: Schemathesis over every operation of the HTTP API, all checks, many cases.

Exit code 1 where an answer is not as described, or an operation had fewer cases than it should.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from schemathesis.python.asgi import shutdown_lifespans

from bot import logs
from storage.account import Role
from storage.migrate import migrate
from storage.url import database_url
from tests.adapters.conformance import Site, Tried, tried
from tests.adapters.described import theirs

CASES = 200  # of each operation, at the least
ROUNDS = 100  # at the most: an operation without parameters has three cases in each


def main() -> int:
    """Call everything, print what came of it."""
    logs.set_up("ERROR", "console", ())
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        blank = Path(folder) / "blank.db"
        asyncio.run(migrate(database_url(f"sqlite:///{blank}")))
        for role in Role:
            bad += _tried(role, blank, Path(folder))
    return 1 if bad else 0


def _tried(role: Role, blank: Path, folder: Path) -> int:
    """Call what a role may, in rounds: after the first only what has had too few cases, with another seed."""
    site, found, lacking = Site(blank, folder), Tried(), theirs(role)
    try:
        for seed in range(1, ROUNDS):
            found += tried(site, role, lacking, CASES, seed)
            lacking = {label for label in theirs(role) if found.cases[label] < CASES}
            if not lacking:
                break
    finally:
        shutdown_lifespans()
    print(f"\n{'As ' + role:48}{'cases':>8}{'failures':>10}")
    return sum(_row(label, found) for label in sorted(theirs(role)))


def _row(label: str, found: Tried) -> int:
    """Print what came of an operation; gives how much of that is wrong."""
    cases, failures = found.cases[label], found.failures.get(label, [])
    print(f"{label:48}{cases:8}{len(failures):10}")
    for told in failures[:5]:
        print("    " + told.replace("\n", "\n    "))
    return len(failures) + (cases < CASES)


if __name__ == "__main__":
    sys.exit(main())
