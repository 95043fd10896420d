"""The API as it describes itself, for the tests that hold it to that."""

from __future__ import annotations

from adapters.web.reference.document import ROLE, Described, document, operations
from storage.account import Role
from tests.adapters.site import web_of
from tests.adapters.test_web import Canned, browser

MADE = document(web_of(browser(Canned(), chat=False)).routes)
OPERATIONS = {each["operationId"]: (path, method, each) for path, method, each in operations(MADE)}
LABELS = {f"{method.upper()} {path}": each for path, method, each in operations(MADE)}


def theirs(role: Role) -> set[str]:
    """Name the operations of everybody, or of operators alone, as Schemathesis does: "GET /v1/codes"."""
    return {label for label, each in LABELS.items() if each.get(ROLE, Role.USER) == role}


def bodies(operation: Described) -> Described:
    """Give what is said of an operation's body, by media type."""
    taken: Described = operation.get("requestBody", {}).get("content", {})
    return taken
