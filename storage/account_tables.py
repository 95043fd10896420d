"""The tables of accounts, and of what is asked over HTTP. What is secret is kept as an HMAC, or sealed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from storage.columns import ID, Moment, metadata

FINGERPRINT = String(64)  # HMAC-SHA256 in hexadecimal digits

users = Table(
    "users",  # whose person an account is, ``identities`` says: platform "account"
    metadata,
    Column("id", ID, primary_key=True),
    Column("email", LargeBinary, nullable=False),
    Column("email_index", FINGERPRINT, nullable=False, unique=True),
    Column("password", LargeBinary, nullable=False),  # as Argon2 writes it down; sealed
    Column("role", String(8), nullable=False),
    Column("version", Integer, nullable=False),  # grows when all that was handed out ends
    Column("disabled", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "created_at", "id"),
)
sessions = Table(
    "sessions",  # of a browser, or a family of refresh tokens
    metadata,
    Column("id", String(16), primary_key=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("fingerprint", FINGERPRINT, nullable=False),  # of the secret that holds now
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", ID, primary_key=True),
    Column("user_id", ID, ForeignKey("users.id"), nullable=False, index=True),
    Column("fingerprint", FINGERPRINT, nullable=False, unique=True),
    Column("start", String(16), nullable=False),  # that tells it apart in a list
    Column("name", LargeBinary, nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, index=True),  # none: it lasts
    Column("used_at", Moment),
)
invites = Table(
    "invites",
    metadata,
    Column("fingerprint", FINGERPRINT, primary_key=True),
    Column("role", String(8), nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
admissions = Table(
    "admissions",  # accounts, chats and workspaces that may use the bot, or may not
    metadata,
    Column("name", String(160), primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("by", String(128), nullable=False),  # who said so; empty for who came with an invitation
    Column("at", Moment, nullable=False),
)
resets = Table(
    "resets",  # codes for passwords that were forgotten
    metadata,
    Column("user_id", ID, ForeignKey("users.id"), primary_key=True),
    Column("fingerprint", FINGERPRINT, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
tries = Table(
    "tries",  # how often it was guessed, and by whom, as an HMAC
    metadata,
    Column("name", String(200), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)
answers = Table(
    "answers",  # what a request that may be repeated was answered, by its key
    metadata,
    Column("request_id", String(200), primary_key=True),
    Column("asker", String(64), nullable=False, index=True),
    Column("fingerprint", FINGERPRINT, nullable=False),  # of what was asked
    Column("status", Integer, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
jobs = Table(
    "jobs",  # what takes long, and what came of it
    metadata,
    Column("id", String(20), primary_key=True),
    Column("asker", String(64), nullable=False, index=True),
    Column("state", String(8), nullable=False),
    Column("until", Moment, nullable=False),  # that who runs it is alive at least
    Column("status", Integer, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
)
