"""Several workspaces on one Slack: who installed the app where, and codes and tokens as strict as its own.

docs.slack.dev/authentication/installing-with-oauth, …/using-token-rotation. A code works once, within ten
minutes, for the redirect address it was given for; a refresh token works once; a token that was refreshed
lives on until it ends.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from tests.fakes.ledger import JSON
from tests.fakes.slack.modals import Modals
from tests.fakes.slack.wire import Acknowledged
from tests.fakes.slack.world import SCOPES, Person, Refused

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

CODE, TOKEN = 600.0, 43_200.0  # seconds that a code and a token live


@dataclass(slots=True)
class Grant:
    """A token: in which workspaces it works, until when, and why it does not any more."""

    worlds: list[Tenancy]
    scopes: frozenset[str]
    until: float | None = None
    over: str = ""


@dataclass(slots=True)
class Code:
    """What somebody agreed to."""

    worlds: list[Tenancy]
    person: Person
    redirect_uri: str
    scopes: str
    at: float
    whole: bool = False
    used: bool = False


@dataclass(slots=True)
class App:
    """The app, as its settings at Slack are: shared by all workspaces."""

    client_id: str = "111.222"
    client_secret: str = field(default_factory=lambda: "canary-client-" + secrets.token_hex(12))
    redirect_uris: set[str] = field(default_factory=set)
    rotating: bool = False
    worlds: list[Tenancy] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    refreshing: dict[str, Code] = field(default_factory=dict)  # by refresh tokens that still work


class Tenancy(Modals):
    """A workspace that the app may be installed in. ``enterprise``: the organisation it is of."""

    def __init__(self, scopes: frozenset[str] = SCOPES) -> None:
        super().__init__(scopes)
        self.app = App(worlds=[self])
        self.enterprise = ""
        self.whole = False  # the organisation has installed it, for all of its workspaces
        self.parent: FakeSlack | None = None
        self.public: dict[str, str] = {}  # which public origins Slack can reach, and where they are

    # --- what people do ---------------------------------------------------------------------------------

    def agree(self, person: Person, address: str, *, whole: bool = False) -> str:
        """Open the address that the app sends people to, and press Allow: where the browser goes then."""
        asked = self._asked(address)
        worlds = [each for each in self.app.worlds if each.enterprise == self.enterprise] if whole else [self]
        code = f"{secrets.token_hex(8)}.canary-code-{secrets.token_hex(12)}"
        self.app.codes[code] = Code(
            worlds, person, asked["redirect_uri"], asked["scope"], self.now(), whole=whole
        )
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def decline(self, address: str) -> str:
        """Open that address, and press Cancel."""
        asked = self._asked(address)
        told = urlencode({"error": "access_denied", "state": asked["state"]})
        return f"{asked['redirect_uri']}?{told}"

    def _asked(self, address: str) -> dict[str, str]:
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert parts.path == "/oauth/v2/authorize", address
        assert asked["client_id"] == self.app.client_id, "invalid_client_id"
        assert asked["redirect_uri"] in self.app.redirect_uris, "bad_redirect_uri"
        assert set(asked["scope"].split(",")) <= self.scopes, "invalid_scope"
        return asked

    def installed(self) -> Grant:
        """Install without a browser: the token is the workspace's from now on."""
        return self.issue([self], SCOPES)[1]

    async def uninstall(self) -> list[Acknowledged]:
        """Take the app away, and tell it so, in Slack's own way: twice, in no order that holds."""
        for grant in self.app.grants.values():
            if self in grant.worlds:
                grant.over = "account_inactive"
        bots = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [self.bot_user]}}
        return [await self.event({"type": "app_uninstalled"}), await self.event(bots)]

    # --- what the app does ------------------------------------------------------------------------------

    def entering(self, request: web.Request, fields: JSON, scope: str) -> Tenancy:
        """Tell in which workspace a call is made; raises Refused."""
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        grant = self.app.grants[token]
        if grant.over or (grant.until is not None and self.now() >= grant.until):
            raise Refused(grant.over or "token_expired")
        if scope and scope not in grant.scopes:
            raise Refused("missing_scope")
        if len(grant.worlds) == 1:
            return grant.worlds[0]
        named = str(fields.get("team_id") or "")
        if not named:
            raise Refused("missing_argument")
        return next(each for each in grant.worlds if each.team == named)

    def issue(self, worlds: list[Tenancy], scopes: frozenset[str]) -> tuple[str, Grant]:
        """Make a token, the workspaces' newest."""
        kind = "xoxe.xoxb-1-" if self.app.rotating else "xoxb-"
        token = f"{kind}canary-token-{secrets.token_hex(12)}"
        until = self.now() + TOKEN if self.app.rotating else None
        self.app.grants[token] = Grant(worlds, scopes, until)
        for each in worlds:
            each.bot_token = token
        return token, self.app.grants[token]

    def holding(self, file: str) -> Tenancy:
        """Find the workspace that a file is in."""
        return next(each for each in self.app.worlds if file in each.files)


def credentials(request: web.Request) -> JSON:
    """Read who the app says it is, by HTTP Basic authentication."""
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _, secret = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return {}
    return {"client_id": name, "client_secret": secret} if kind == "Basic" else {}


async def access(slack: Tenancy, fields: JSON) -> JSON:
    """Give tokens for a code, or for a refresh token."""
    app = slack.app
    if fields.get("client_id") != app.client_id:
        raise Refused("invalid_client_id")
    if fields.get("client_secret") != app.client_secret:
        raise Refused("bad_client_secret")
    if fields.get("grant_type") == "refresh_token":
        agreed = app.refreshing.pop(str(fields.get("refresh_token", "")), None)
        if agreed is None:
            raise Refused("invalid_refresh_token")
    else:
        agreed = app.codes.get(str(fields.get("code", "")))
        if agreed is None or slack.now() > agreed.at + CODE:
            raise Refused("invalid_code")
        if agreed.used:
            raise Refused("code_already_used")
        if fields.get("redirect_uri") != agreed.redirect_uri:
            raise Refused("bad_redirect_uri")
        agreed.used = True
    return _tokens(slack, agreed)


def _tokens(slack: Tenancy, agreed: Code) -> JSON:
    first = agreed.worlds[0]
    token, _ = slack.issue(agreed.worlds, frozenset(agreed.scopes.split(",")))
    for each in agreed.worlds:
        each.whole = agreed.whole
    told: JSON = {
        "app_id": slack.app_id, "authed_user": {"id": agreed.person.id}, "scope": agreed.scopes,
        "token_type": "bot", "access_token": token, "bot_user_id": first.bot_user,
        "team": None if agreed.whole else {"id": first.team, "name": f"Team {first.team}"},
        "enterprise": {"id": first.enterprise, "name": "Org"} if first.enterprise else None,
        "is_enterprise_install": agreed.whole,
    }  # fmt: skip
    if slack.app.rotating:
        refresh = f"xoxe-1-canary-refresh-{secrets.token_hex(12)}"
        slack.app.refreshing[refresh] = agreed
        told |= {"refresh_token": refresh, "expires_in": int(TOKEN)}
    return told


async def revoke(slack: Tenancy, fields: JSON) -> JSON:
    """Take a token back."""
    grant = slack.app.grants[slack.bot_token]
    grant.over = "token_revoked"
    return {"revoked": True}


async def api_test(slack: Tenancy, fields: JSON) -> JSON:
    """Say that we can be reached."""
    return {}
