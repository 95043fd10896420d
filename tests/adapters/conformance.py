"""The API against its own description: Schemathesis sends what it allows and what it does not.

The application is on a real store and called in this process, in the event loop that Schemathesis has for it.
"""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.web.reference.document import Described
from adapters.web.reference.parameters import LONGEST
from adapters.web.serve import build
from bot.accounts.caller import Accounts, Unauthenticated, request_of
from bot.accounts.passwords import hashed, normal
from bot.accounts.sessions import of_bearer, tokens_for
from bot.ids import new_id
from bot.message import Actor, Outcome
from bot.reader import read_here
from storage.account import ACCOUNT, AddUser, Role, User
from storage.encryption import KeyRing
from storage.store import open_store
from storage.url import database_url
from tests.adapters.described import LABELS, bodies
from tests.adapters.programs import PASSWORD, accounts_of
from tests.adapters.site import COOKIE_KEY, PICTURE_KEY
from tests.adapters.test_web import draw
from tests.core.talking import core_on

UNKNOWN = "nothing like an example"  # a password, so that no account is deleted by its own
PATIENCE = 300  # seconds that a call may take: how fast the machine is decides nothing
MANY = 10  # examples of a body: it holds any kind of content, which has thousands of edges
EXPECTED = ["2xx", "304", "401", "403", "404", "409", "410", "412", "422"]
# of what is as the description says: 422 for what no schema can say, such as the check digits of an IBAN


@dataclass
class Site:
    """An application on a copy of a database, which lives as long as its lifespan (ASGI).

    ``Bearer user`` and ``Bearer operator`` stand for an access token of such an account that holds at that
    moment: whatever was called before, also log-out and the end of the account.
    """

    blank: Path
    folder: Path
    web: ASGIApp | None = None
    accounts: Accounts | None = None
    users: dict[Role, str] = field(default_factory=dict)
    tokens: dict[Role, str] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        assert self.web is not None
        headers = [(name, await self._known(name, value)) for name, value in scope["headers"]]
        await self.web({**scope, "headers": headers}, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        path = shutil.copy(self.blank, self.folder / "conformance.db")
        async with open_store(database_url(f"sqlite:///{path}"), KeyRing((b"k" * 32,))) as store:
            core = core_on(store, read=read_here)
            self.accounts = accounts_of(core)
            self.web = build(
                core.app, draw=draw, accounts=self.accounts, chat=False, guests=False, slack=None,
                cookie_key=COOKIE_KEY, picture_key=PICTURE_KEY, public_url="", ready=_ready,
            )  # fmt: skip
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _known(self, name: bytes, value: bytes) -> bytes:
        if name == b"idempotency-key" and 0 < len(value) <= LONGEST - len(new_id()):
            return value + new_id().encode()  # else one that was used brings back what was deleted since
        said = value.removeprefix(b"Bearer ").decode("latin-1")
        if name != b"authorization" or said not in tuple(Role):
            return value
        return f"Bearer {await self._token(Role(said))}".encode()

    async def _token(self, role: Role) -> str:
        """Give a token that holds: the one there is, or a new one of the same account, or of a new one."""
        assert self.accounts is not None
        with suppress(Unauthenticated):
            await of_bearer(self.accounts, self.tokens.get(role, ""))
            return self.tokens[role]
        async with self.accounts.app.store.reading() as work:
            user = await work.accounts.by_id(self.users.get(role, ""))
        if user is None or user.disabled or user.role is not role:
            user = await account(self.accounts, role, password=UNKNOWN)
        self.users[role] = user.id
        self.tokens[role] = (await tokens_for(self.accounts, user)).access
        return self.tokens[role]


async def account(accounts: Accounts, role: Role, email: str = "", password: str = PASSWORD) -> User:
    """Make an account."""
    id = new_id()
    kept = await hashed(accounts, normal(password))
    user = User(id, email or f"{id.lower()}@example.org", kept, accounts.app.clock(), role)

    async def act(context: object) -> Outcome:
        return Outcome(None, (AddUser(user),))

    await accounts.app.perform(request_of(Actor(ACCOUNT, id, user.email)), act)
    return user


async def _ready() -> dict[str, str]:
    return {}


def examples_in(operation: Described) -> list[Any]:
    """List the examples of a body."""
    return [each for media in bodies(operation).values() for each in media.get("examples", ())]


@dataclass
class Tried:
    """What came of a run: cases for each operation, and what each failed by."""

    cases: Counter[str] = field(default_factory=Counter)
    failures: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __iadd__(self, other: Tried) -> Tried:
        """Add another run."""
        self.cases += other.cases
        for label, told in other.failures.items():
            self.failures[label] += told
        return self


def tried(site: Site, role: Role, only: Collection[str], examples: int, seed: int | None = None) -> Tried:
    """Call some operations ("GET /v1/codes") as somebody of a role, and hold the answers to all checks.

    Without a ``seed`` it is the same each time, and short: no examples, which another test sends, and no
    values at the edge of what each field may be where a body holds any content.
    """
    brief = [label for label in only if seed is None and len(examples_in(LABELS[label])) > MANY]
    config = SchemathesisConfig.from_dict(
        {
            "seed": seed or 0,
            "request-timeout": PATIENCE,
            "headers": {"Authorization": f"Bearer {role}"},
            "generation": {"deterministic": seed is None, "max-examples": examples, "database": "none"},
            "checks": {"positive_data_acceptance": {"expected-statuses": EXPECTED}},
            "phases": {"examples": {"enabled": seed is not None}},
            "operations": [
                *({"include-name": each, "enabled": False} for each in LABELS.keys() - set(only)),
                *({"include-name": each, "phases": {"coverage": {"enabled": False}}} for each in brief),
            ],
            "continue-on-failure": True,
        }
    )
    found = Tried()
    schema = schemathesis.openapi.from_asgi("/openapi.json", site, config=config, timeout=PATIENCE)
    for event in from_schema(schema).execute():
        match event:
            case events.ScenarioFinished():
                _noted(found, event)
            case events.NonFatalError() | events.FatalError():
                found.failures[getattr(event, "label", "")].append(str(event))
    return found


def _noted(found: Tried, event: events.ScenarioFinished) -> None:
    for id, node in event.recorder.cases.items():
        label = node.value.operation.label
        found.cases[label] += 1
        for check in event.recorder.checks.get(id, ()):
            if check.status is not Status.SUCCESS:
                info = check.failure_info
                told = f"{info.failure.title}: {info.failure.message}\n{info.code_sample}" if info else ""
                found.failures[label].append(f"{check.name}: {told}")
