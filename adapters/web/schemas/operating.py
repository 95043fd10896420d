"""The bodies of what operators do with accounts."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field, StrictBool

from adapters.web.schemas.accounts import HolderAnswer
from adapters.web.schemas.base import MOMENT, Body
from bot.accounts.signing_up import shown
from storage.account import Invite, Role, User


class AccountAnswer(HolderAnswer):
    """An account, as operators see it."""

    disabled: bool = Field(description="whether it is shut out", examples=[False])
    created_at: datetime = Field(description="when it was made", examples=[MOMENT])


class AccountsAnswer(BaseModel):
    """A page of accounts, the oldest first; ``next``: the cursor of the next one."""

    items: list[AccountAnswer] = Field(description="the accounts of this page")
    next: str | None = Field(description="the cursor of the next page, null on the last", examples=[None])


class AccountBody(Body):
    """What is to change; what is left out, or null, stays."""

    role: Role | None = Field(None, description="what the account may do", examples=["operator"])
    disabled: StrictBool | None = Field(None, description="whether it may no longer log in", examples=[True])


class InviteBody(Body):
    """Who is invited."""

    role: Role = Field(Role.USER, description="what the account will be for")


class InviteAnswer(BaseModel):
    """An invitation for one account, shown this once."""

    code: str = Field(description="for “invite” at sign-up", examples=["7K3F-9QXM-2B4C-D5E6"])
    role: Role = Field(description="what the account will be for", examples=["user"])
    expires_at: datetime = Field(description="until when it works", examples=[MOMENT])


def account_of(user: User) -> AccountAnswer:
    """Lay an account out."""
    return AccountAnswer(
        id=user.id, email=user.email, role=user.role, disabled=user.disabled, created_at=user.created_at
    )


def invite_of(invite: Invite) -> InviteAnswer:
    """Lay an invitation out."""
    return InviteAnswer(code=shown(invite.code), role=invite.role, expires_at=invite.expires_at)
