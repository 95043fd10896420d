"""The bodies of what an account is connected with, and of where it is logged in."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from adapters.web.schemas.base import ID, MOMENT, Body
from bot.pairing import shown
from storage.account import Session, SessionKind
from storage.records import Join, Pairing


class SessionAnswer(BaseModel):
    """A browser that is logged in (page), or a program with its refresh tokens (tokens)."""

    id: str = Field(description="what it is known by", examples=["7K3FABCDEFGH2345"])
    kind: SessionKind = Field(description="of a browser, or of a program", examples=["tokens"])
    current: bool = Field(description="the one that this was asked with", examples=[True])
    created_at: datetime = Field(description="when it began", examples=[MOMENT])
    used_at: datetime = Field(description="when it was last used", examples=[MOMENT])
    expires_at: datetime = Field(description="when it ends unless it is used", examples=[MOMENT])


class SessionsAnswer(BaseModel):
    """All sessions of an account, the one used last first."""

    items: list[SessionAnswer] = Field(description="the sessions")
    next: None = Field(None, description="there is no other page")


class PairingAnswer(BaseModel):
    """A code that connects a chat: say “/connect” and the code there."""

    code: str = Field(description="for one time", examples=["7K3F-9QXM"])
    expires_at: datetime = Field(description="until when it works", examples=[MOMENT])


class ConnectBody(Body):
    """A code that “/connect” gave in a chat."""

    code: str = Field(
        max_length=40, description="in any case, with or without hyphens", examples=["7K3F-9QXM"]
    )


class IdentityAnswer(BaseModel):
    """Somebody on one platform."""

    platform: str = Field(description="where", examples=["telegram"])
    id: str = Field(description="what they are known by there", examples=["101"])
    name: str = Field(description="what they are called there", examples=["Ada"])


class ConnectionAnswer(BaseModel):
    """Two who became one, and can be two again: the accounts that joined."""

    id: str = Field(description="what it is known by", examples=[ID])
    connected_at: datetime = Field(description="when they joined", examples=[MOMENT])
    accounts: list[IdentityAnswer] = Field(description="who joined")


class ConnectionsAnswer(BaseModel):
    """All connections of an account, the latest first."""

    items: list[ConnectionAnswer] = Field(description="the connections")
    next: None = Field(None, description="there is no other page")


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
