"""Tables, constraint names, column types. Contents are sealed (LargeBinary); platform ids stay plain."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
)

from storage import account_tables, operating_tables  # noqa: F401 - they belong to the metadata
from storage.columns import COUNTER, ID, Moment
from storage.columns import metadata as metadata  # noqa: PLC0414 - with all tables in it

people = Table(
    "people",
    metadata,
    Column("id", ID, primary_key=True),
    Column("created_at", Moment, nullable=False, index=True),
    Column("preferences", LargeBinary, nullable=False),
)
identities = Table(
    "identities",
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("external_id", String(128), primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("name", LargeBinary, nullable=False),
)
pairings = Table(
    "pairings",
    metadata,
    Column("person_id", ID, ForeignKey("people.id"), primary_key=True),
    Column("fingerprint", String(64), nullable=False, unique=True),
    Column("expires_at", Moment, nullable=False, index=True),
)
joins = Table(
    "joins",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("moved", LargeBinary, nullable=False),
)
kits = Table(
    "kits",
    metadata,
    Column("space", String(160), primary_key=True),
    Column("style", LargeBinary, nullable=False),
    Column("format", String(8), nullable=False),
    Column("set_by", ID, nullable=False, index=True),
    Column("set_at", Moment, nullable=False),
    Column("name", LargeBinary),  # of one that is somebody's own; sealed
)
codes = Table(
    "codes",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("space", String(160), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("title", LargeBinary, nullable=False),
    Column("style", LargeBinary, nullable=False),
    Column("format", String(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("favourite", Boolean, nullable=False),
    Index(None, "person_id", "created_at", "id"),
    # All that statistics ask, so that they read no rows; and what has had its time.
    Index(None, "created_at", "favourite", "kind", "space", "person_id"),
)
assets = Table(
    "assets",
    metadata,
    Column("id", ID, primary_key=True),
    Column("owner", String(160), nullable=False, index=True),
    Column("data", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
drafts = Table(
    "drafts",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False),
    Column("space", String(160), nullable=False),
    Column("command", String(32), nullable=False),
    Column("values", LargeBinary, nullable=False),
    Column("asked", String(32), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    UniqueConstraint("person_id", "space"),
)
readings = Table(
    "readings",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), nullable=False, index=True),
    Column("text", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
previews = Table(
    "previews",
    metadata,
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("people.id"), index=True),  # none: somebody unknown, who stays so
    Column("body", LargeBinary, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("sequence", COUNTER, primary_key=True),
    Column("id", ID, nullable=False, unique=True),
    Column("lane", String(160), nullable=False),
    Column("platform", String(16), nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("request_id", String(200), nullable=False),
    Column("person_id", ID, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("error", String(300), nullable=False),
    Column("finished_at", Moment),
    Column("said", String(32), nullable=False, server_default=""),
    Column("pressed", String(32), nullable=False, server_default=""),
    Column("bulk", Boolean, nullable=False, server_default=false()),  # to many: goes after all others
    Index(None, "state", "lane", "bulk", "sequence"),
    Index(None, "state", "bulk", "due_at", "id"),
    Index(None, "state", "finished_at"),
)
shown = Table(
    "shown",
    metadata,
    Column("space", String(160), primary_key=True),
    Column("said", String(32), primary_key=True),
    Column("person_id", ID, nullable=False, index=True),
    Column("code_id", ID, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("message", String(64), nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
uploaded = Table(
    "uploaded",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("file", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
requests = Table(
    "requests",
    metadata,
    Column("id", ID, primary_key=True),
    Column("lane", String(160), nullable=False),
    Column("why", String(12), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("person_id", ID, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("state", String(8), nullable=False),
    Column("error", String(300), nullable=False),
    Column("finished_at", Moment),
    Index(None, "state", "due_at"),
    Index(None, "state", "finished_at"),
)
seen = Table(
    "seen",
    metadata,
    Column("request_id", String(200), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)
closures = Table(
    "closures",  # spaces in which nothing can be sent
    metadata,
    Column("space", String(160), primary_key=True),
    Column("why", String(300), nullable=False),
    Column("at", Moment, nullable=False),
)
boards = Table(
    "boards",  # pages of people's own that a platform keeps open; whose they are, ``identities`` says
    metadata,
    Column("platform", String(16), primary_key=True),
    Column("account", String(128), primary_key=True),
    Column("shown", LargeBinary, nullable=False),
    Column("kit", String(160), nullable=False, index=True),
    Column("changed", Integer, nullable=False),
    Column("published", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False, index=True),
    Column("due_at", Moment, index=True),
    Column("published_at", Moment),
    Column("fingerprint", String(64), nullable=False),
    Column("mark", String(64), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leaving", Boolean, nullable=False),
)
marks = Table(
    "marks",  # how far something that goes on for ever has come
    metadata,
    Column("name", String(160), primary_key=True),
    Column("value", String(160), nullable=False),
    Column("at", Moment, nullable=False),
)
lanes = Table("lanes", metadata, Column("name", String(160), primary_key=True))
leases = Table(
    "leases",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("until", Moment, nullable=False),
)
rates = Table(
    "rates",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("free_at", Float, nullable=False),  # Unix seconds: the theoretical arrival time of GCRA
)
facts = Table(
    "facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
installations = Table(
    "installations",  # of the app in workspaces, by OAuth; tokens are sealed
    metadata,
    Column("id", String(64), primary_key=True),  # a workspace's, or an organisation's for all of its own
    Column("enterprise", String(64), nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("app", String(64), nullable=False),
    Column("bot_user", String(64), nullable=False),
    Column("scopes", String(1000), nullable=False),
    Column("installed_by", String(64), nullable=False),
    Column("installed_at", Moment, nullable=False),
    Column("token", LargeBinary, nullable=False),
    Column("refresh_token", LargeBinary, nullable=False),
    Column("expires_at", Moment, index=True),  # none: the token lasts
    Column("version", Integer, nullable=False),  # grows with each pair of tokens
    Column("claimed_by", String(16), nullable=False),  # who renews the tokens at this moment
    Column("claimed_until", Moment),
)
memberships = Table(
    "memberships",  # workspaces in which an organisation's installation holds
    metadata,
    Column("team", String(64), primary_key=True),
    Column("enterprise", String(64), nullable=False, index=True),
)
departures = Table(
    "departures",  # workspaces that put the bot out, whose data goes after a while
    metadata,
    Column("team", String(64), primary_key=True),
    Column("at", Moment, nullable=False, index=True),
)
installing = Table(
    "installing",  # installations that were begun: of the state only an HMAC, with its browser's
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)
