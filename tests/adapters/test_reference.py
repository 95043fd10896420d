"""What the API says of itself is so: every example is taken, every answer is as it is described."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

import httpx
import jsonschema_rs
import pytest

from adapters.web.problems import TYPES
from adapters.web.reference.curl import sample
from adapters.web.reference.document import Described, operations
from adapters.web.reference.headers import HEADERS
from bot.accounts.caller import SCOPES
from bot.accounts.sessions import tokens_for
from bot.qr.payloads import KINDS, payload_of
from bot.qr.picture import Picture, render
from bot.qr.style import DEFAULT
from bot.reader import read_here
from storage.account import Role
from tests.adapters.conformance import account
from tests.adapters.described import MADE, OPERATIONS, bodies
from tests.adapters.programs import accounts_of
from tests.adapters.test_web import Canned, browser
from tests.core.talking import Core

FILE = render(Picture(payload_of("https://example.com"), DEFAULT)).data
NOT_OURS = {
    "choose_password": 422,
    "connect_chat": 422,
    "undo_connection": 404,
    "refresh_tokens": 401,
}  # whose examples stand for what a chat or an answer gave, to what comes without that


@pytest.fixture
async def client(core: Core) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client as an operator, on a real store."""
    core = replace(core, app=replace(core.app, read=read_here))
    accounts = accounts_of(core)
    async with browser(core.app, accounts=accounts, chat=False, guests=False) as opened:  # type: ignore[arg-type]
        ada = await account(accounts, Role.OPERATOR, "ada@example.org")  # as the examples have it
        opened.headers["authorization"] = f"Bearer {(await tokens_for(accounts, ada)).access}"
        yield opened


# --- the document -------------------------------------------------------------------------------------------


def test_every_operation_says_what_it_is() -> None:
    """A name of its own, a summary, one tag that is explained, and every parameter with an example."""
    tags = {tag["name"] for tag in MADE["tags"] if tag["description"]}
    assert len(OPERATIONS) == sum(1 for _ in operations(MADE))
    for name, (_, _, operation) in OPERATIONS.items():
        assert operation["summary"], name
        assert set(operation["tags"]) <= tags, name
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], (name, parameter["name"])
            assert "example" in parameter or "examples" in parameter["schema"], (name, parameter["name"])


def test_every_field_says_what_it_is() -> None:
    """Of every body and answer."""
    schemas = MADE["components"]["schemas"]
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, part in schema.get("properties", {}).items()
        if not (part.get("description") or "const" in part)
    ]
    assert silent == []


def test_scopes_are_those_that_the_routes_ask_for() -> None:
    """And no operation that takes a key is without one."""
    asked = [each for _, _, operation in OPERATIONS.values() for each in operation["security"]]
    scopes = {scope for each in asked for scope in each.get("apiKey", ())}
    assert scopes <= set(SCOPES)
    assert OPERATIONS["render_code"][2]["security"] == [{"account": []}, {"apiKey": ["pictures"]}]


def test_every_reference_leads_somewhere() -> None:
    """And every component is used but those of problems, which clients know by their type."""

    def referred(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            yield from (each for part in value.values() for each in referred(part))
        elif isinstance(value, list):
            yield from (each for part in value for each in referred(part))

    used = {each.removeprefix("#/components/") for each in referred(MADE)}
    there = {f"{group}/{name}" for group, held in MADE["components"].items() for name in held}
    assert used <= there
    assert {each for each in there - used if each.startswith("schemas/")} == set()


# --- its examples -------------------------------------------------------------------------------------------


def examples_of(operation: Described) -> Iterator[dict[str, Any]]:
    """Lay out the examples of a body as httpx sends them; one request without a body where there is none."""
    if "requestBody" not in operation:
        yield {}
    for kind, media in bodies(operation).items():
        if kind == "multipart/form-data":
            yield {"files": dict.fromkeys(media["schema"]["properties"], ("picture.png", FILE))}
        for each in media.get("examples", {}).values():
            yield {"json" if kind == "application/json" else "data": each["value"]}


async def value_of(client: httpx.AsyncClient, path: str, parameter: Described) -> str:
    """Fill a part of an address in; what an id is about is made by the example of what makes it."""
    if parameter["name"] != "id":
        return str(sample(parameter))
    collection = path.partition("/{")[0]
    if collection == "/v1/jobs":
        body = {"content": {"type": "text", "text": "x"}}
        made = await client.post("/v1/render", json=body, headers={"Prefer": "respond-async"})
    elif "post" in MADE["paths"][collection]:
        made = await client.post(collection, **next(examples_of(MADE["paths"][collection]["post"])))
    else:
        made = await client.get(collection)
    told = made.json()
    return str(told.get("items", [told])[0].get("id", sample(parameter)))


def conforms(operation: Described, answer: httpx.Response) -> None:
    """Hold an answer to what its operation says."""
    described = operation["responses"][str(answer.status_code)]
    if "$ref" in described:
        described = MADE["components"]["responses"][described["$ref"].rpartition("/")[2]]
    shown = {name for name in HEADERS if name in answer.headers}
    assert shown <= set(described["headers"]), "a header that is not described"
    needed = {name for name in described["headers"] if HEADERS[name]["required"]}
    assert needed <= shown
    kinds = described.get("content", {})
    kind = answer.headers.get("content-type", "").partition(";")[0]
    assert kind in kinds if kinds else not answer.content
    if kind.endswith("json"):
        validated(kinds[kind].get("schema", {}), answer.json())


def validated(schema: Mapping[str, Any], value: Any) -> None:
    """Hold a value to a schema (JSON Schema 2020-12)."""
    whole = {**schema, "components": MADE["components"]}
    found = list(jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value))
    assert [f"{list(each.instance_path)}: {each.message}" for each in found] == []


@pytest.mark.parametrize("name", OPERATIONS)
async def test_every_example_is_taken(client: httpx.AsyncClient, name: str) -> None:
    """By the application itself, on what was made by the examples of other operations."""
    path, method, operation = OPERATIONS[name]
    sent = list(examples_of(operation))
    places = {each["name"]: each for each in operation.get("parameters", ()) if each["in"] == "path"}
    assert sent
    filled = path.format(**{name: await value_of(client, path, each) for name, each in places.items()})
    for example in sent:
        answer = await client.request(method, filled, **example)
        assert NOT_OURS.get(name, answer.status_code) == answer.status_code
        assert answer.is_success or name in NOT_OURS, (example, answer.text)
        conforms(operation, answer)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_answer_has_an_example_that_is_right(name: str) -> None:
    """Where it is JSON."""
    components = MADE["components"]["responses"]
    for status, answer in OPERATIONS[name][2]["responses"].items():
        described = components[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        for kind, media in described.get("content", {}).items():
            if "schema" in media and kind.endswith("json"):
                assert "example" in media, (status, kind)
                validated(media["schema"], media["example"])


def test_there_is_an_example_of_every_kind_of_content() -> None:
    """Made of how it is said in a chat."""
    media = OPERATIONS["render_code"][2]["requestBody"]["content"]["application/json"]
    kinds = {each["value"]["content"]["type"] for each in media["examples"].values()}
    assert kinds == set(KINDS)


# --- where it is --------------------------------------------------------------------------------------------


async def test_the_document_is_served_and_kept(client: httpx.AsyncClient) -> None:
    """With a tag, packed, by HEAD too."""
    answer = await client.get("/openapi.json")
    assert answer.json() == MADE
    assert answer.headers["content-encoding"] == "gzip"
    again = await client.get("/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = await client.head("/openapi.json", headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")


async def test_the_page_explains_every_operation_and_every_problem(client: httpx.AsyncClient) -> None:
    """Each at the place that links name; no link of it leads nowhere."""
    html = (await client.get("/docs")).text
    places, links = re.findall(r' id="([^"]+)"', html), re.findall(r' href="#([^"]+)"', html)
    assert len(places) == len(set(places))
    assert set(links) <= set(places)
    assert set(OPERATIONS) <= set(places)
    assert {kind.uri.partition("#")[2] for kind in TYPES.values() if kind.name} <= set(places)
    guide = (files("adapters.web.reference") / "guide.html").read_text()
    assert set(re.findall(r"(?:GET|POST|PATCH|DELETE) (/v1/[\w/{}-]+)", guide)) <= set(MADE["paths"])
    assert "<script" not in html


async def test_the_addresses_are_those_that_people_reach(client: httpx.AsyncClient) -> None:
    """PUBLIC_URL, where it is set."""
    async with browser(Canned(), public_url="https://qr.example.org") as opened:
        assert (await opened.get("/openapi.json")).json()["servers"] == [{"url": "https://qr.example.org"}]
        assert "curl https://qr.example.org/v1/render" in (await opened.get("/docs")).text
