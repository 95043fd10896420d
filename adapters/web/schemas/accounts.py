"""The bodies of accounts: signing up and in, what somebody chose, their sessions, keys and connections."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StrictBool

from adapters.web.schemas.base import ID, MOMENT, Body, Moment, such_as
from bot.accounts.caller import SCOPES, Caller
from bot.accounts.keys import NAME
from bot.accounts.passwords import LONGEST, SHORTEST
from bot.accounts.profile import Profile
from bot.accounts.sessions import Tokens
from bot.qr.style import load_style, style_text
from storage.account import ApiKey, Role
from storage.records import Preferences

STYLE = 500  # characters of a look in words
CHOSEN = {each.name for each in fields(Preferences)}
MAIL = 254  # characters of an e-mail address (RFC 5321, 4.5.3.1)
Scope = StrEnum("Scope", [(name, name) for name in SCOPES])  # type: ignore[misc]  # as many as there are

Email = Annotated[
    str, Field(min_length=3, max_length=MAIL, description="an email address", examples=["ada@example.org"])
]
Chosen = Annotated[
    str,
    Field(
        min_length=SHORTEST,
        max_length=LONGEST,
        description="a password that nobody guesses: a few words in a row",
        examples=["four words in a row"],
    ),
]
Known = Annotated[
    str, Field(max_length=LONGEST, description="the account's password", examples=["four words in a row"])
]
Text = Annotated[str, Field(max_length=64)]
Scopes = Annotated[
    list[Scope],
    Field(
        min_length=1,
        max_length=len(SCOPES),
        description="what it may do: " + "; ".join(f"{name}: {what}" for name, what in SCOPES.items()),
        examples=[["codes:read", "codes:write"]],
    ),
]


# --- accounts -----------------------------------------------------------------------------------------------


class SignUpBody(Body):
    """Who makes an account; the invitation where one is needed."""

    model_config = such_as({"email": "bea@example.org", "password": "four words in a row"})

    email: Email
    password: Chosen
    invite: str = Field("", max_length=40, description="the code of an invitation, where one is needed")


class HolderAnswer(BaseModel):
    """Whose something is."""

    id: str = Field(description="what the account is known by", examples=[ID])
    email: str = Field(description="its email address", examples=["ada@example.org"])
    role: Role = Field(description="what it is for", examples=["user"])


class UserAnswer(HolderAnswer):
    """An account, and what its holder chose; what is null is as usual."""

    created_at: datetime = Field(description="when it was made", examples=[MOMENT])
    language: str | None = Field(description="of the answers in chats", examples=["de"])
    timezone: str | None = Field(description="of moments that name none", examples=["Europe/Berlin"])
    format: str | None = Field(description="the file format of codes", examples=["svg"])
    style: str | None = Field(description="the look of codes, in words", examples=["dots #000080 on #ffffff"])
    replies: Literal["private", "shared"] | None = Field(
        description="who sees the answers in groups and channels", examples=[None]
    )


class ProfileBody(Body):
    """What is to change; what is left out stays, and null is as usual again."""

    email: Email | None = Field(None, description="another address; needs current_password")
    current_password: Known = ""
    language: Text | None = Field(None, description="a language by its code or its own name", examples=["de"])
    timezone: Text | None = Field(None, description="a name of IANA's", examples=["Europe/Berlin"])
    format: Text | None = Field(None, description="the file format of codes", examples=["svg"])
    style: Annotated[str, Field(max_length=STYLE)] | None = Field(
        None, description="the look of codes, in words", examples=["dots navy on white"]
    )
    replies: Literal["private", "shared"] | None = Field(
        None, description="who sees the answers in groups and channels"
    )


class PasswordBody(Body):
    """Another password."""

    current_password: Known
    new_password: Chosen


class DeleteBody(Body):
    """That it is really meant: the account's password."""

    password: Known


class KeyHolderAnswer(HolderAnswer):
    """Whose an API key is, and what it may do."""

    scopes: list[Scope] = Field(description="what the key may do", examples=[["codes:read"]])


def user_of(profile: Profile) -> UserAnswer:
    """Lay an account out."""
    user, chosen = profile.user, profile.preferences
    return UserAnswer(
        id=user.id,
        email=user.email,
        role=user.role,
        created_at=user.created_at,
        language=chosen.language or None,
        timezone=chosen.timezone or None,
        format=chosen.format or None,
        style=style_text(load_style(chosen.style)) if chosen.style else None,
        replies=chosen.replies or None,  # type: ignore[arg-type]  # one of the two, by bot.preferences
    )


def chosen_of(body: ProfileBody) -> dict[str, str]:
    """Say what is to change of what somebody chose, by name; empty: as usual again."""
    return {name: getattr(body, name) or "" for name in body.model_fields_set & CHOSEN}


def holder_of(caller: Caller) -> KeyHolderAnswer:
    """Say whose a key is."""
    user, held = caller.user, caller.scopes or frozenset()
    scopes = [Scope(each) for each in SCOPES if each in held]
    return KeyHolderAnswer(id=user.id, email=user.email, role=user.role, scopes=scopes)


# --- tokens -------------------------------------------------------------------------------------------------


class TokenForm(BaseModel):
    """The password grant of OAuth 2.0 (RFC 6749, 4.3.2), as a form."""

    grant_type: Literal["password"] = Field("password", description="the one there is; may be left out")
    username: str = Field(description="the account's email address", examples=["ada@example.org"])
    password: Known


class TokenAnswer(BaseModel):
    """What a program logs in with (RFC 6749, 5.1)."""

    access_token: str = Field(
        description="for the header “Authorization: Bearer …”", examples=["eyJhbGciOi…"]
    )
    refresh_token: str = Field(
        description="for /v1/auth/refresh, once: the answer holds the next one", examples=["qrr_…"]
    )
    token_type: Annotated[Literal["Bearer"], Field(description="how it is sent")] = (
        "Bearer"  # noqa: S105 - a type
    )
    expires_in: int = Field(description="seconds that the access token holds", examples=[900])


class RefreshBody(Body):
    """A refresh token."""

    refresh_token: str = Field(max_length=200, description="the one of the latest answer", examples=["qrr_…"])


class LogOutBody(Body):
    """Where to log out."""

    everywhere: StrictBool = Field(
        False, description="end all tokens and sessions, in browsers too; keys stay"
    )


def token_of(tokens: Tokens) -> TokenAnswer:
    """Lay tokens out."""
    return TokenAnswer(access_token=tokens.access, refresh_token=tokens.refresh, expires_in=tokens.seconds)


# --- keys ---------------------------------------------------------------------------------------------------


class KeyBody(Body):
    """A key for a program."""

    name: str = Field(min_length=1, max_length=NAME, description="what it is for", examples=["Printing"])
    scopes: Scopes
    expires_at: Moment | None = Field(
        None,
        description="until when it works; without, until it is revoked",
        examples=["2035-05-17T12:00:00Z"],
    )


class KeyAnswer(BaseModel):
    """A key, as a list shows it: only its beginning."""

    id: str = Field(description="what it is known by", examples=[ID])
    name: str = Field(description="what it is for", examples=["Printing"])
    start: str = Field(description="how the key begins", examples=["qrg_7K3F"])
    scopes: list[Scope] = Field(description="what it may do", examples=[["codes:read", "codes:write"]])
    created_at: datetime = Field(description="when it was made", examples=[MOMENT])
    expires_at: datetime | None = Field(description="until when it works", examples=[None])
    used_at: datetime | None = Field(description="the minute it was last used in", examples=[None])


class KeysAnswer(BaseModel):
    """All keys of an account, the newest first."""

    items: list[KeyAnswer] = Field(description="the keys")
    next: None = Field(None, description="there is no other page")


class MadeKeyAnswer(KeyAnswer):
    """A key that was just made, with its text: it is shown this once."""

    key: str = Field(
        description="for the header “Authorization: Bearer …”; never shown again", examples=["qrg_…"]
    )


def key_of(key: ApiKey) -> KeyAnswer:
    """Lay a key out."""
    return KeyAnswer(
        id=key.id,
        name=key.name,
        start=key.start,
        scopes=[Scope(each) for each in key.scopes],
        created_at=key.created_at,
        expires_at=key.expires_at,
        used_at=key.used_at,
    )
