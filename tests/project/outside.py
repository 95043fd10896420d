"""A hook of MkDocs: what a page of docs/ links to outside of it is, in the site, a link to the repository."""

from __future__ import annotations

import re
from typing import Any

REPOSITORY = "https://github.com/qr-gen/qr-gen/blob/main"
_OUTSIDE = re.compile(r"\]\(\.\./([^)\s]+)\)")


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Rewrite the links of one page."""
    return _OUTSIDE.sub(rf"]({REPOSITORY}/\1)", markdown)
