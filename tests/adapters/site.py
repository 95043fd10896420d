"""What the HTTP application of a test is put together from."""

from typing import Any, cast

import httpx
from fastapi import FastAPI
from starlette.routing import Route

from bot.accounts.caller import Accounts, SignUp
from bot.app import App

COOKIE_KEY, PICTURE_KEY, TOKEN_KEY = b"c" * 32, b"p" * 32, b"t" * 32


def accounts_on(app: Any, sign_up: SignUp = "open") -> Accounts:
    """Let people make accounts on a core."""
    return Accounts(cast(App, app), (TOKEN_KEY,), "qr-gen", sign_up)


def routes_of(client: httpx.AsyncClient) -> list[tuple[str, set[str]]]:
    """List the paths of the application a client is on, with what each takes."""
    return [(each.path, each.methods or set()) for each in web_of(client).routes if isinstance(each, Route)]


def web_of(client: httpx.AsyncClient) -> FastAPI:
    """Give the application a client is on."""
    transport = client._transport
    assert isinstance(transport, httpx.ASGITransport)
    held: Any = transport.app
    return next(cell.cell_contents for cell in held.__closure__ if isinstance(cell.cell_contents, FastAPI))
