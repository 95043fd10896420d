"""`make audit`: whether pip-audit looked at every package; one that it could not look at is no pass."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from packaging.requirements import Requirement


def unlooked(requirements: str, report: str) -> list[str]:
    """Name what a pinned list has for this machine and pip-audit's JSON holds no verdict on."""
    lines = requirements.replace("\\\n", " ").splitlines()
    pinned = [Requirement(line.split(" --hash=")[0]) for line in lines]
    wanted = {f"{each.name}{each.specifier}" for each in pinned if not each.marker or each.marker.evaluate()}
    verdicts = [each for each in json.loads(report)["dependencies"] if "vulns" in each]
    return sorted(wanted - {f"{each['name']}=={each['version']}" for each in verdicts}) or (
        [] if wanted else ["anything"]
    )


if __name__ == "__main__":
    missed = unlooked(*(Path(name).read_text() for name in sys.argv[1:]))
    sys.exit(f"pip-audit did not look at {', '.join(missed)}" if missed else 0)
