"""Requests and replies as JSON text, for the rows that keep them and the sockets that carry them."""

from __future__ import annotations

import json
from dataclasses import replace

from pydantic import TypeAdapter

from bot.message import Reply, Request

_REPLY = TypeAdapter(Reply)
_REQUEST = TypeAdapter(Request)


def dump_reply(reply: Reply) -> str:
    """Write a reply down."""
    return _REPLY.dump_json(reply, exclude_defaults=True).decode()


def load_reply(text: str) -> Reply:
    """Read a reply written by ``dump_reply``."""
    return _REPLY.validate_json(text)


def dump_request(request: Request) -> str:
    """Write a request down; a file stays its reference, without its bytes."""
    uploads = tuple(replace(upload, data=b"") for upload in request.uploads)
    return _REQUEST.dump_json(replace(request, uploads=uploads), exclude_defaults=True).decode()


def load_request(text: str) -> Request:
    """Read a request written by ``dump_request``."""
    return _REQUEST.validate_json(text)


def dump_address(address: object) -> str:
    """Write an adapter's address down."""
    return json.dumps(address, separators=(",", ":"))
