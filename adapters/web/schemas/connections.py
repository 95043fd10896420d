"""The bodies of what an account is connected with, and of where it is logged in."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from adapters.web.schemas.base import Body
from bot.pairing import shown
from storage.account import Session, SessionKind
from storage.records import Join, Pairing


class SessionAnswer(BaseModel):
    """A browser that is logged in (page), or a program with its refresh tokens (tokens)."""

    id: str
    kind: SessionKind
    current: bool = Field(description="the one that this was asked with")
    created_at: datetime
    used_at: datetime
    expires_at: datetime


class SessionsAnswer(BaseModel):
    """All sessions of an account, the one used last first."""

    items: list[SessionAnswer]
    next: None = None


class PairingAnswer(BaseModel):
    """A code that connects a chat: say “/connect” and the code there."""

    code: str = Field(description="for one time", examples=["7K3-F9Q-XM2"])
    expires_at: datetime


class ConnectBody(Body):
    """A code that “/connect” gave in a chat."""

    code: str = Field(
        max_length=40, description="in any case, with or without hyphens", examples=["7K3-F9Q-XM2"]
    )


class IdentityAnswer(BaseModel):
    """Somebody on one platform."""

    platform: str
    id: str
    name: str


class ConnectionAnswer(BaseModel):
    """Two who became one, and can be two again: the accounts that joined."""

    id: str
    connected_at: datetime
    accounts: list[IdentityAnswer]


class ConnectionsAnswer(BaseModel):
    """All connections of an account, the latest first."""

    items: list[ConnectionAnswer]
    next: None = None


def session_of(session: Session, current: str) -> SessionAnswer:
    """Lay a session out; ``current``: the id of the one that asks."""
    return SessionAnswer(
        id=session.id,
        kind=session.kind,
        current=session.id == current,
        created_at=session.created_at,
        used_at=session.used_at,
        expires_at=session.expires_at,
    )


def pairing_of(pairing: Pairing) -> PairingAnswer:
    """Lay a pairing code out."""
    return PairingAnswer(code=shown(pairing.code), expires_at=pairing.expires_at)


def connection_of(join: Join) -> ConnectionAnswer:
    """Lay a connection out."""
    accounts = [
        IdentityAnswer(platform=each.platform, id=each.external_id, name=each.name) for each in join.accounts
    ]
    return ConnectionAnswer(id=join.id, connected_at=join.at, accounts=accounts)
