"""`make docs`: write the description of the HTTP API, for who reads it without a server."""

from __future__ import annotations

import json
from pathlib import Path

from tests.adapters.described import MADE

PLACE = Path(__file__).parents[2] / "docs" / "openapi.json"


def written() -> str:
    """Write the OpenAPI document, so that a change of it is a few lines."""
    return json.dumps(MADE, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PLACE.write_text(written())
