"""``/docs``: how the API is used, then every operation, on one page that needs no script."""

from __future__ import annotations

import json
from html import escape
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from adapters.web.problems import TYPES
from adapters.web.reference.document import Described
from adapters.web.reference.operations import contents, reference, schemas, server_of
from bot.accounts.caller import SCOPES

_PARTS = {
    "start": "In a minute",
    "authentication": "Authentication",
    "idempotency": "Sent twice, made once",
    "lists": "Lists",
    "conditional": "Changed meanwhile?",
    "limits": "Limits",
    "long-work": "Work that takes long",
    "errors": "Errors",
}
_WAYS = {
    400: "Something is wrong with the request as such: JSON that is none, or a header twice.",
    401: "Get a new access token by /v1/auth/refresh, or log in again.",
    403: "Use an access token instead of a key, or a key that has the scope which WWW-Authenticate names.",
    404: "It was deleted, it is somebody else's, or the address is mistyped.",
    405: "Look up which methods there are at this address.",
    406: "Leave Accept out, or take application/json.",
    408: "Send the whole body without a pause.",
    409: "Get what is there, and decide anew.",
    410: "What came of a job is kept for a day, and nothing of one that was lost. Send the request again.",
    412: "Get it again, make your change to that, and send it with the new ETag.",
    413: "Pictures have 10 MB at most, other bodies much less.",
    415: "Accept-Post names the media type that is taken.",
    422: "Put right what “errors” names. Sent again as it is, it will be refused again.",
    429: "Wait for as many seconds as Retry-After says.",
    500: "Try again. If it stays, tell whoever runs this the request_id.",
    503: "Try again in a minute.",
}


def body_of(made: Described) -> str:
    """Write the page's content, from the OpenAPI document."""
    guide = (files(__package__) / "guide.html").read_text("utf-8")
    filled = {
        "{here}": escape(server_of(made)),
        "<!-- scopes -->": _scopes(),
        "<!-- problem -->": _example(made),
        "<!-- problems -->": _problems(),
    }
    for place, what in filled.items():
        guide = guide.replace(place, what)
    return f"""<div class="reference">
<nav class="contents" aria-label="Contents"><ul>{_links()}{contents(made)}
<li><a href="#bodies">Bodies and answers</a></li></ul></nav>
<div class="told">
<h1>The HTTP API</h1>
<p class="lead">{escape(made["info"]["summary"])}</p>
<p class="muted">Version {escape(made["info"]["version"])}, also
<a href="/openapi.json">as an OpenAPI document</a>.</p>
{guide}
{reference(made)}
<section aria-labelledby="bodies"><h2 id="bodies">Bodies and answers</h2>{schemas(made)}</section>
</div>
</div>"""


def _links() -> str:
    return "".join(f'<li><a href="#{name}">{escape(title)}</a></li>' for name, title in _PARTS.items())


def _scopes() -> str:
    rows = "".join(f"<li><code>{escape(name)}</code>: {escape(told)}</li>" for name, told in SCOPES.items())
    return f"<ul>{rows}</ul>"


def _example(made: Described) -> str:
    [media] = made["components"]["responses"]["InvalidValues"]["content"].values()
    example: Any = media["example"]
    return escape(json.dumps(example, indent=2, ensure_ascii=False))


def _problems() -> str:
    """Explain every type of problem, at the place that its address names."""
    return "".join(_problem(status) for status in TYPES)


def _problem(status: int) -> str:
    kind = TYPES[status]
    name = f"problem-{kind.name or status}"
    title = kind.title or HTTPStatus(status).phrase
    return (
        f'<section class="problem" aria-labelledby="{name}"><h3 id="{name}">{status} {escape(title)}</h3>'
        f"<p>{escape(_WAYS[status])}</p></section>"
    )
