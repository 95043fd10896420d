"""What is counted against a limit over HTTP, and how an answer says how its asker stands.

draft-ietf-httpapi-ratelimit-headers: ``RateLimit-Policy`` says what is allowed, ``RateLimit`` what is left.
"""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil

from starlette.exceptions import HTTPException
from starlette.requests import Request as HttpRequest

from adapters.web.api import Api
from bot.limiting import Standing

_HOME = 64  # bits of an IPv6 address that one household has: the others are anybody's choice


async def counted(api: Api, http: HttpRequest, account: str = "") -> None:
    """Count a request for an account ("account:7K3F…"), or for the address it came from where there is none.

    Keeps the standing in ``http.state``, from where every answer tells it. Raises HTTPException 429.
    """
    http.state.standing = standing = await api.app.standing(account or address(http))
    if standing.verdict:
        raise HTTPException(
            429, "That was a lot at once. Please wait a moment.", {"Retry-After": str(seconds(standing))}
        )


def address(http: HttpRequest) -> str:
    """Name the address a request came from as a limit counts it: an IPv6 address by its network."""
    return f"http:{network(http.client.host if http.client else '')}"


def network(host: str) -> str:
    """Give an address as it is, and of an IPv6 address the network: whoever has one has 2^64."""
    try:
        there = ip_address(host)
    except ValueError:
        return host  # of no network, as a socket's file is
    if not isinstance(there, IPv6Address):
        return host
    if there.ipv4_mapped is not None:
        return str(there.ipv4_mapped)
    return str(IPv6Network((int(there), _HOME), strict=False))


def seconds(standing: Standing) -> int:
    """Say in whole seconds when there is one more, at least one from now."""
    return max(1, ceil(standing.reset))


def told(standing: Standing) -> dict[str, str]:
    """Write the fields that say how somebody stands; none where there is no limit."""
    if not standing.limit:
        return {}
    return {
        "RateLimit-Policy": f'"person";q={standing.limit};w={standing.window}',
        "RateLimit": f'"person";r={standing.remaining};t={seconds(standing)}',
    }
