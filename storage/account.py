"""The records and changes of accounts, of answers that are repeated, and of work that takes long."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

ACCOUNT = "account"  # the platform of an account's identity; its id there is the user's


class Role(StrEnum):
    """What an account may do beside its own."""

    USER = "user"
    OPERATOR = "operator"


class SessionKind(StrEnum):
    """What a session's secret is: a browser's cookie, or a refresh token, which changes with each use."""

    PAGE = "page"
    TOKENS = "tokens"


# --- records -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class User:
    """An account: who may log in. Whose codes it sees, the identity ("account", id) of a person says."""

    id: str
    email: str  # as it was given; sealed
    password: str = field(repr=False)  # as Argon2 writes it down; sealed
    created_at: datetime
    role: Role = Role.USER
    version: int = 1  # what was handed out under another one holds no longer
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is logged in, or a family of refresh tokens."""

    id: str
    user_id: str
    kind: SessionKind
    secret: str = field(repr=False)  # the one that holds now; kept as its HMAC only, and so empty when read
    created_at: datetime
    used_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key for programs. The key itself was shown once; an HMAC of it is kept."""

    id: str
    user_id: str
    start: str  # what a list shows of it
    name: str  # sealed
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """A code with which one account can be made."""

    code: str = field(repr=False)  # kept as its HMAC only
    role: Role
    made_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to a request that came with an Idempotency-Key."""

    request_id: str
    asker: str  # whose key it was
    asked: str  # the HMAC of method, path and body
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()  # sealed
    body: bytes = field(default=b"", repr=False)  # sealed


class JobState(StrEnum):
    """How far work that takes long has come."""

    RUNNING = "running"
    DONE = "done"
    LOST = "lost"  # its process died: nothing of it is kept


@dataclass(frozen=True, slots=True)
class Job:
    """Work that takes long, and what it was answered with in the end."""

    id: str
    asker: str  # a user's id, or an address's fingerprint
    created_at: datetime
    until: datetime  # that who runs it is alive at least
    state: JobState = JobState.RUNNING
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()  # sealed
    body: bytes = field(default=b"", repr=False)  # sealed


# --- changes -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AddUser:
    """Make an account; stale when its e-mail address has one meanwhile, or the invite was used.

    ``invite``: the code that is used up; empty where none is needed.
    """

    user: User
    invite: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ChangeUser:
    """Change address, password, role, or whether it may log in.

    Stale when it is no longer ``before``, or another account has the address. With another version, all of
    its sessions and tokens end, and so does a code for its password. Invitations of an operator who is none
    any more end too. ``relieved``: an operator is to be left who may log in; stale where this was the last.
    """

    before: User
    after: User
    relieved: bool = False


@dataclass(frozen=True, slots=True)
class AddSession:
    """Log in; stale when the account's version is another by now, or it may not log in any more.

    Beyond the sessions an account may have, the one that was not used for longest ends.
    """

    session: Session
    version: int


@dataclass(frozen=True, slots=True)
class TurnSession:
    """Put another secret in the place of the one that was used; stale when that is not the one that holds."""

    id: str
    used: str = field(repr=False)
    secret: str = field(repr=False)
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeepSession:
    """Note that a session is in use, so that it lasts."""

    id: str
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EndSessions:
    """Log out: of one session, or of all where ``id`` is empty."""

    user_id: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class AddApiKey:
    """Keep a key by the HMAC of its secret; stale when its account has ``most`` by now, or is gone."""

    key: ApiKey
    secret: str = field(repr=False)
    most: int


@dataclass(frozen=True, slots=True)
class UseApiKey:
    """Note that a key is in use."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DropApiKey:
    """Revoke a key; stale when it is not this user's (any more)."""

    id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class AddInvite:
    """Keep an invitation by the HMAC of its code."""

    invite: Invite


WORD = "word:"  # before the name of a command, of one that is switched on or off


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether an account, a chat or a workspace may use the bot, who said so, and when."""

    name: str  # telegram:123, slack:T1, slack:T1:U2
    allowed: bool
    by: str  # empty for who came with an invitation
    at: datetime


@dataclass(frozen=True, slots=True)
class Admit:
    """Keep an admission in place of an earlier one.

    ``invite``: the code that is used up; stale where it does not hold (any more).
    """

    admission: Admission
    invite: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AddReset:
    """Keep a code for a password that was forgotten, in place of an earlier one."""

    user_id: str
    code: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TryReset:
    """Take one of the tries that such a code has; stale where there is none, or no such code."""

    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UseReset:
    """Use such a code up; stale when it is another, was used, or has expired."""

    user_id: str
    code: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class CountTry:
    """Count a guess; the count ends at ``until``, which the first of them sets. Its name is kept as its HMAC.

    Stale when ``most`` were counted already.
    """

    name: str
    until: datetime
    at: datetime
    most: int


@dataclass(frozen=True, slots=True)
class KeepAnswer:
    """Keep what a request with an Idempotency-Key is answered, in the transaction of what it does."""

    answer: Answer
    at: datetime


AccountChange = (
    AddUser | ChangeUser | AddSession | TurnSession | KeepSession | EndSessions | AddApiKey | UseApiKey
    | DropApiKey | AddInvite | Admit | AddReset | TryReset | UseReset | CountTry | KeepAnswer
)  # fmt: skip
