"""The OpenAPI document (3.1), made from the routes: what they ask for, take and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from adapters.web.caller import Admission
from adapters.web.reference.answers import PROBLEM, follows, name_of, problems, refused
from adapters.web.reference.examples import of_kinds, of_schema, resolved
from adapters.web.reference.headers import EVERYWHERE, HEADERS, header_fields
from bot.accounts.caller import PICTURES, SCOPES
from storage.account import Role

ABOUT = "Makes, styles, reads and keeps QR codes, and proves that each one scans before it leaves."
TAGS = {
    "auth": "Logging programs in and out.",
    "users": "Your account: what you chose, where you are logged in, the chats that you are one person with.",
    "api keys": "Keys for programs that act for you.",
    "codes": "Codes that are kept: made, listed, shown, changed, deleted.",
    "kits": "Looks with a name, for codes that are to look alike.",
    "pictures": "Draw a code, read or prove a picture. Nothing of it is kept.",
    "jobs": "Work that takes longer than a call.",
    "operators": "Accounts of others, for those who run this.",
}
TOKEN, API_KEY = "account", "apiKey"  # the names of the security schemes
ROLE = "x-role"  # who alone may call, where that is not everybody with an account
_ORDER = (
    "tags",
    "operationId",
    "summary",
    "description",
    "security",
    ROLE,
    "parameters",
    "requestBody",
    "responses",
)
_ID = {"description": "what it is known by, as it was given out", "example": "7K3FABCDEF"}
_LONG = re.compile(r'"((?:#/components/schemas/)?)\w+__(\w+?)__(\w+)"')  # what FastAPI calls namesakes

Described = dict[str, Any]


_UNSAID = "Successful Response"  # what FastAPI says where a route says nothing
_DONE = {200: "As asked for.", 201: "It is made.", 202: "It is begun.", 204: "It is done."}


def document(routes: Sequence[BaseRoute], server: str = "/") -> Described:
    """Describe the API as ``routes`` have it; ``server``: the address that its paths are at."""
    made = get_openapi(
        title="qr-gen", version=version("qr-gen"), summary=ABOUT, routes=routes, servers=[{"url": server}]
    )
    declared = {
        (each.path_format, method): each
        for each in routes
        if isinstance(each, APIRoute) and each.methods
        for method in each.methods
    }
    schemas = made["components"]["schemas"]
    for path, method, operation in operations(made):
        _completed(operation, method, path, declared[path, method.upper()], schemas)
    used = {tag: "" for _, _, operation in operations(made) for tag in operation["tags"]}
    told = {name: TAGS[name] for name in TAGS if name in used}
    made["tags"] = [{"name": name, "description": what} for name, what in {**told, **used, **told}.items()]
    kept = {
        name: schema
        for name, schema in schemas.items()
        if not name.startswith(("Body_", "HTTPValid", "Valid"))
    }
    made["components"] = {
        "schemas": {**kept, "Problem": PROBLEM},
        "responses": problems(),
        "headers": HEADERS,
        "securitySchemes": _schemes(),
    }
    return _shortened(made)


def operations(made: Described) -> Iterator[tuple[str, str, Described]]:
    """List the operations of a document: path, method, and what is said of it."""
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _completed(
    operation: Described, method: str, path: str, route: APIRoute, schemas: dict[str, Any]
) -> None:
    """Add what FastAPI does not know: who may call, what may go wrong, examples."""
    admission = _admission(route.dependant)
    operation["operationId"] = route.name
    said = operation.pop("description", "").partition("\n")
    operation["summary"] = said[0].strip().removesuffix(".")
    if told := " ".join(said[2].split()):
        operation["description"] = told
    if admission is not None and admission.operator:
        operation[ROLE] = str(Role.OPERATOR)
    operation["security"] = _security(admission)
    for each in operation.get("parameters", ()):
        if each["name"] == "id" and "description" not in each:
            each.update(_ID)
    if body := operation.get("requestBody"):
        for media in body["content"].values():
            _exemplified(media, schemas, kept=admission is not None and admission.scope != PICTURES)
    _answered(operation, method, path, admission, schemas)
    ordered = {name: operation[name] for name in _ORDER if name in operation}
    operation.clear()
    operation.update(ordered)


def _admission(dependant: Dependant) -> Admission[Any] | None:
    """Find the dependency by which a route finds out who calls."""
    found = [each.call for each in dependant.dependencies if isinstance(each.call, Admission)]
    return found[0] if found else None


def _security(admission: Admission[Any] | None) -> list[dict[str, list[str]]]:
    """Say with what one may come in; an empty entry: with nothing."""
    if admission is None:
        return []
    key = [] if admission.scope is None else [{API_KEY: list(filter(None, [admission.scope]))}]
    return [{TOKEN: []}, *key, *([{}] if admission.guests else [])]


def _exemplified(media: Described, schemas: dict[str, Any], *, kept: bool) -> None:
    """Give a body its examples; where it holds content, there is one for each kind. Files have none."""
    schema = resolved(media["schema"], schemas)
    if schema.get("title", "").startswith("Body_"):  # of this operation alone
        media["schema"] = {name: value for name, value in schema.items() if name != "title"}
        return
    with suppress(LookupError):  # a test finds what has none
        values = of_schema(schema, schemas)
        media["examples"] = {f"example {at}": {"value": value} for at, value in enumerate(values, 1)}
    contents = of_kinds(kept=kept) if "content" in schema.get("properties", {}) else {}
    kinds = {name: {"value": {"content": content}} for name, content in contents.items()}
    media["examples"] = media.get("examples", {}) | kinds


def _answered(
    operation: Described, method: str, path: str, admission: Admission[Any] | None, schemas: dict[str, Any]
) -> None:
    """Complete the answers that the route declares, and add the problems that may come."""
    responses = operation["responses"]
    for status, more in follows(operation).items():
        answer = responses.setdefault(str(status), {})
        answer.update({**more, **answer, "headers": {**answer.get("headers", {}), **more["headers"]}})
    for status in refused(method, path, operation, admission):
        responses.setdefault(str(status), {})
    for status, answer in responses.items():
        if int(status) >= 400:
            responses[status] = {"$ref": f"#/components/responses/{name_of(int(status))}"}
            continue
        if answer.get("description") == _UNSAID:
            answer["description"] = _DONE[int(status)]
        answer["headers"] = {**header_fields(*EVERYWHERE), **answer.get("headers", {})}
        for media in answer.get("content", {}).values():
            with suppress(LookupError, KeyError):  # files have no schema
                media.setdefault("example", of_schema(media["schema"], schemas)[0])
    operation["responses"] = dict(sorted(responses.items()))


def _schemes() -> Described:
    scopes = " ".join(f"`{name}`: {told}." for name, told in SCOPES.items())
    password = {"tokenUrl": "/v1/auth/token", "refreshUrl": "/v1/auth/refresh", "scopes": {}}
    return {
        TOKEN: {
            "type": "oauth2",
            "description": "An access token, which holds for a quarter of an hour and lets you do all.",
            "flows": {"password": password},
        },
        API_KEY: {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "qrg_…",
            "description": f"An API key, which lets a program do what its scopes say. {scopes}",
        },
    }


def _shortened(made: Described) -> Described:
    """Call namesakes by their module and name: ``PhoneForm``."""

    def short(found: re.Match[str]) -> str:
        return f'"{found[1]}{found[2].capitalize()}{found[3]}"'

    text = json.dumps(made).replace("``", "`")  # as Markdown has code
    described: Described = json.loads(_LONG.sub(short, text))
    return described
