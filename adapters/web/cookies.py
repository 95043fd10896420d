"""Cookies of ours: what they are called, how they are kept, and whose page sends them.

Where people come by https they carry ``__Host-``, so that no neighbouring site can set them (RFC 6265bis,
4.1.3.2). A request that changes something and comes with the cookie of somebody logged in has to show that
our own page sent it; one that shows nothing was not sent by a browser of today.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from adapters.web.security import from_own_page

GUEST, SESSION = "guest", "session"


def secure(http: HttpRequest, public_url: str) -> bool:
    """Tell whether a browser comes by https."""
    return http.url.scheme == "https" or public_url.startswith("https:")


def value_of(http: HttpRequest, public_url: str, name: str) -> str:
    """Read a cookie; empty where there is none."""
    return http.cookies.get(_named(name, secure(http, public_url)), "")


def put(
    response: Response, http: HttpRequest, public_url: str, name: str, value: str = "", *, seconds: int = 0
) -> None:
    """Set a cookie, out of reach of scripts and of other sites' posts; for no ``seconds``: take it back."""
    https = secure(http, public_url)
    response.set_cookie(
        _named(name, https), value, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax"
    )


def _named(name: str, https: bool) -> str:
    return f"__Host-{name}" if https else name


def by_own_page(headers: Mapping[str, str], public_url: str) -> bool:
    """Tell whether a request shows that our own page sent it: by ``Origin`` or ``Sec-Fetch-Site``.

    Where people come by https, a page that came by http is somebody else's on the way.
    """
    origin = headers.get("origin", "")
    if not origin and headers.get("sec-fetch-site") != "same-origin":
        return False
    plain = origin.startswith("http:") and public_url.startswith("https:")
    return not plain and from_own_page(headers, public_url)
