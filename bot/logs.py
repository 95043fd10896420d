"""Logging: one handler for everything, whose last step takes secrets out of the line."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

_SHAPES = re.compile(
    r"\d{6,}:[\w-]{30,}"  # a Telegram bot token
    r"|xox[a-z]-[\w-]+|xapp-[\w-]+|xoxe[\w.-]+|xwfp-[\w-]+"  # Slack's
    r"|https://hooks\.slack\.com/[^\s\"\\]+"
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # a JWT
    r"|qr[gr]_[\w-]+"  # an API key, a refresh token of ours
    r"|(?<=://)[^\s/@:\"]*:[^\s/@\"]+(?=@)"  # user and password of an address
    r"|(?<=/i/)[\w.-]{20,}"  # what shows a picture to whoever has its address
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",  # an e-mail address
    re.ASCII,
)
_QUIET = (
    "PIL",
    "aiosqlite",
    "httpx",
    "httpcore",
    "telegram",
    "slack_sdk",
    "apscheduler",
    "pgqueuer",
    "python_multipart",
    "sqlalchemy",
    "alembic",
    "uvicorn",
)
_DATABASE = ("asyncpg", "pgqueuer")


def redact(line: str, secrets: tuple[str, ...] = ()) -> str:
    """Take secrets out of a line: by shape, and those configured by value; what is JSON stays JSON."""
    for secret in secrets:
        line = line.replace(secret, "[secret]")
    return _SHAPES.sub("[secret]", line)


def _outlined(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Name the errors of what talks to PostgreSQL without their stacks: mostly its server is away.

    Also where the loop tells of them: asyncpg leaves a release that was cancelled to itself.
    """
    if not line.get("exc_info"):
        return line
    kind = type(line["exc_info"][1])
    if f"{line.get('logger', '')}".startswith(_DATABASE) or kind.__module__.startswith("asyncpg"):
        line["error"] = kind.__name__
        line["event"] = str(line["event"]).partition("\n")[0]
        del line["exc_info"]
    return line


class Redacting(logging.Formatter):
    """Formats by another formatter, then redacts the whole line, traceback included."""

    def __init__(self, inner: logging.Formatter, secrets: tuple[str, ...]) -> None:
        super().__init__()
        self._inner, self._secrets = inner, secrets

    def format(self, record: logging.LogRecord) -> str:
        """Format a record without its secrets."""
        return redact(self._inner.format(record), self._secrets)


def set_up(level: str, style: str, secrets: tuple[str, ...]) -> None:
    """Send structlog and the standard library through one redacting handler on standard error.

    A record is one line of JSON where that is the ``style``.
    """
    secrets += tuple(json.dumps(each)[1:-1] for each in secrets)
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = (
        structlog.processors.JSONRenderer()
        if style == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _outlined],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            last,
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(Redacting(formatter, secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("apscheduler.executors").setLevel(
        logging.CRITICAL
    )  # to it a job ended by a stop failed
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)  # writes down answers; we say it of each
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)  # it warns of tokens it finds in the environment
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),  # what is not written costs nothing
        cache_logger_on_first_use=False,
    )
