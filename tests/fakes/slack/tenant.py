"""A workspace beside the first: people and channels of its own, behind the same server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.ledger import JSON
from tests.fakes.slack.tenancy import Tenancy
from tests.fakes.slack.wire import Acknowledged

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack


class Tenant(Tenancy):
    """One more workspace; its app, clock, ledger and addresses are the first one's."""

    def __init__(self, parent: FakeSlack, team: str, enterprise: str) -> None:
        super().__init__(parent.scopes)
        self.parent, self.app, self.enterprise = parent, parent.app, enterprise
        self.team, self.bot_user, self.bot_id = team, f"U0BOT{team}", f"B0BOT{team}"
        self.app_id, self.bot_token = parent.app_id, ""
        self.signing_secret, self.app_token = parent.signing_secret, parent.app_token
        self._numbers, self.urls, self.url = parent._numbers, parent.urls, parent.url
        self.public, self.posted, self.calls = parent.public, parent.posted, parent.calls
        self.sockets, self._acknowledged = parent.sockets, parent._acknowledged
        parent.app.worlds.append(self)

    def now(self) -> float:
        """Tell the same time as everybody."""
        assert self.parent is not None
        return self.parent.now()

    def noted(self) -> None:
        """Wake those who wait at the first."""
        if self.parent is not None:
            self.parent.noted()

    async def deliver(self, kind: str, body: JSON) -> Acknowledged:
        """Post from this workspace; where its organisation installed the app, bodies say so."""
        assert self.parent is not None
        self._http, self.events_url = self.parent._http, self.parent.events_url
        self.patience = self.parent.patience
        return await super().deliver(kind, _of_organisation(self, kind, body) if self.whole else body)


def _of_organisation(tenant: Tenant, kind: str, body: JSON) -> JSON:
    """Say it as an organisation's installation does: an interaction names no workspace but the person's."""
    around = {"id": tenant.enterprise, "name": "Org"}
    match kind:
        case "slash_commands":
            return body | {"enterprise_id": tenant.enterprise, "is_enterprise_install": "true"}
        case "interactive":
            return body | {"team": None, "enterprise": around, "is_enterprise_install": True}
    seen = {
        "enterprise_id": tenant.enterprise, "team_id": None, "user_id": tenant.bot_user, "is_bot": True,
        "is_enterprise_install": True,
    }  # fmt: skip
    return body | {"enterprise_id": tenant.enterprise, "authorizations": [seen]}
