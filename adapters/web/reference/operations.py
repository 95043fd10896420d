"""The operations of the API for people: HTML, from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from adapters.web.problems import TYPES
from adapters.web.reference.curl import curl
from adapters.web.reference.document import API_KEY, ROLE, TOKEN, Described, operations
from adapters.web.reference.examples import REFERENCE
from adapters.web.reference.headers import EVERYWHERE
from adapters.web.reference.types import anchor, fields_of, in_words, listed, words_of

HERE = "http://127.0.0.1:8000"  # in examples, where nobody said what the address is


def server_of(made: Described) -> str:
    """Say where the API is, for examples."""
    server: str = made["servers"][0]["url"]
    return server.rstrip("/") or HERE


def contents(made: Described) -> str:
    """List the operations by their tags, as links."""
    return "".join(
        f"<li>{escape(title_of(tag))}<ul>{_links(made, tag['name'])}</ul></li>" for tag in made["tags"]
    )


def title_of(tag: Mapping[str, str]) -> str:
    """Call a tag something."""
    return tag["name"].capitalize()


def _links(made: Described, tag: str) -> str:
    return "".join(
        f'<li><a href="#{each["operationId"]}">{_verb(method)} {escape(path)}</a></li>'
        for path, method, each in operations(made)
        if tag in each["tags"]
    )


def reference(made: Described) -> str:
    """Write every operation, by their tags."""
    return "".join(_section(made, tag) for tag in made["tags"])


def _section(made: Described, tag: Mapping[str, str]) -> str:
    name = f"tag-{tag['name'].replace(' ', '-')}"
    heading = f'<h2 id="{name}">{escape(title_of(tag))}</h2><p>{escape(tag["description"])}</p>'
    inside = "".join(_of_tag(made, tag["name"]))
    return f'<section aria-labelledby="{name}">{heading}{inside}</section>'


def _of_tag(made: Described, tag: str) -> Iterator[str]:
    for path, method, operation in operations(made):
        if tag in operation["tags"]:
            yield _operation(made, path, method, operation)


def _operation(made: Described, path: str, method: str, operation: Described) -> str:
    name = operation["operationId"]
    parts = [
        f"<p>{escape(operation['summary'])}. {escape(operation.get('description', ''))}</p>",
        f'<p class="muted">{_who(operation)}</p>',
        _parameters(operation.get("parameters", []), made["components"]["schemas"]),
        _body(operation.get("requestBody"), made["components"]["schemas"]),
        f'<pre tabindex="0"><code>{escape(curl(server_of(made), path, method, operation))}</code></pre>',
        _responses(operation["responses"], made["components"]),
    ]
    heading = f'<h3 id="{name}">{_verb(method)} <code>{escape(path)}</code></h3>'
    return f'<article class="card" aria-labelledby="{name}">{heading}{"".join(parts)}</article>'


def _verb(method: str) -> str:
    return f'<span class="verb {method}">{method.upper()}</span>'


def _who(operation: Described) -> str:
    """Say who may call."""
    security: list[Mapping[str, list[str]]] = operation["security"]
    if not security:
        return "For everybody."
    scopes = [scope for each in security for scope in each.get(API_KEY, ())]
    told = ["Access token" if TOKEN in {name for each in security for name in each} else ""]
    told += [f"or API key with the scope <code>{escape(scope)}</code>" for scope in scopes]
    told += ["of an operator" if ROLE in operation else ""]
    told += ["or, on this machine, nothing" if {} in security else ""]
    return " ".join(filter(None, told)) + "."


def _parameters(parameters: list[Described], schemas: Described) -> str:
    told = listed(
        (each["name"], f"{each['in']} · {in_words(each['schema'], schemas)}", escape(each["description"]))
        for each in parameters
    )
    return f"<h4>Parameters</h4>{told}" if told else ""


def _body(body: Described | None, schemas: Described) -> str:
    if body is None:
        return ""
    return "".join(
        f"<h4>Body: {escape(kind)}</h4>{fields_of(media['schema'], schemas)}"
        for kind, media in body["content"].items()
    )


def _responses(responses: Described, components: Described) -> str:
    told = listed(_response(int(status), answer, components) for status, answer in responses.items())
    return f"<h4>Answers</h4>{told}"


def _response(status: int, answer: Described, components: Described) -> tuple[str, str, str]:
    if status >= 400:
        name, told = TYPES[status].name or status, escape(_described(answer, components))
        return str(status), f'<a href="#problem-{name}">{told}</a>', ""
    kinds = ", ".join(_content(kind, media) for kind, media in answer.get("content", {}).items())
    fields = ", ".join(f"<code>{escape(name)}</code>" for name in answer["headers"] if name not in EVERYWHERE)
    return (
        str(status),
        kinds,
        escape(answer["description"]) + (f" <small>With {fields}</small>" if fields else ""),
    )


def _described(answer: Described, components: Described) -> str:
    name = answer["$ref"].rpartition("/")[2]
    told: str = components["responses"][name]["description"]
    return told


def _content(kind: str, media: Described) -> str:
    name = media.get("schema", {}).get("$ref", "").removeprefix(REFERENCE)
    shown = f'<a href="#{anchor(name)}">{escape(words_of(name))}</a>' if name else ""
    return f"{shown} <code>{escape(kind)}</code>".strip()


def schemas(made: Described) -> str:
    """Write the fields of every body and answer, and of what is in them."""
    found = made["components"]["schemas"]
    return "".join(_schema(name, found) for name in sorted(found) if "properties" in found[name])


def _schema(name: str, found: Described) -> str:
    id, told = anchor(name), escape(found[name].get("description", ""))
    heading = f'<h3 id="{id}">{escape(words_of(name))}</h3><p>{told}</p>'
    return f'<article class="card" aria-labelledby="{id}">{heading}{fields_of(found[name], found)}</article>'
