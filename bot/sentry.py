"""Errors reported to a Sentry server: their kind, their place, the ids of the log; nothing anybody wrote.

None of the SDK's integrations is on, so nothing is gathered but what the log says: a line of level error or
above is an event, with the stack where there is one, and lines before it are its breadcrumbs. All of that
goes through the filter of the log once more. No traces are made.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.metadata import version
from typing import Any

import sentry_sdk
from sentry_sdk.utils import event_from_exception

from bot.logs import redact

FLUSH = 2.0  # seconds that the last events have to leave in
_QUERY = re.compile(r"\?[^\s\"'<>]+")
_ENTRUSTED = ("request", "user", "extra", "vars", "data", "params")  # parts that may hold what somebody sent
_OWN = ("event", "level", "logger", "timestamp", "exc_info")  # of a line: all else is ids, names and numbers
_SILENT = ("sentry_sdk", "urllib3")  # whose lines would be about the reporting itself


@contextmanager
def reporting(dsn: str, secrets: tuple[str, ...]) -> Iterator[None]:
    """Report what the log says is an error while the block runs."""
    scrub = partial(scrubbed, secrets=secrets)
    sentry_sdk.init(
        dsn=dsn,
        release=f"qr-gen@{version('qr-gen')}",
        default_integrations=False,
        auto_enabling_integrations=False,
        spotlight=False,  # which would send personal data; send_default_pii is off by default, and deprecated
        include_local_variables=False,
        max_request_body_size="never",
        before_send=scrub,
        before_send_transaction=scrub,
        before_breadcrumb=partial(_crumb, secrets=secrets),
    )
    handler, root = _Reporting(), logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        sentry_sdk.get_client().close(timeout=FLUSH)


class _Reporting(logging.Handler):
    """Makes events and breadcrumbs of lines, our own and those of libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        """Report a record; of a library's its first line, as asyncio quotes errors in those after."""
        if record.name.startswith(_SILENT):
            return
        line: Mapping[str, Any] = (
            record.msg if isinstance(record.msg, dict) else {"event": str(record.msg)[:200]}
        )
        told = {name: str(value) for name, value in line.items() if name not in _OWN}
        said, level = str(line.get("event", "")).partition("\n")[0], record.levelname.lower()
        if record.levelno < logging.ERROR:
            sentry_sdk.add_breadcrumb(category=record.name, message=said, level=level, told=told)
            return
        error = (record.exc_info or sys.exc_info())[1]
        event, hint = event_from_exception(error, _options()) if error is not None else ({}, {})
        more = {"level": level, "logger": record.name, "logentry": {"message": said}, "tags": told}
        event |= more  # type: ignore[typeddict-item]  # a level is a plain text here, one of theirs
        sentry_sdk.capture_event(event, hint)


def _options() -> dict[str, Any]:
    return sentry_sdk.get_client().options


def scrubbed(event: Any, hint: Any, *, secrets: tuple[str, ...]) -> Any:
    """Take out of an event, or a part of one, whatever may be a secret or somebody's words.

    Parts made for such things go; texts of errors go, as they may quote what a person wrote; all other texts
    are filtered as lines of the log are, and addresses lose what follows their path.
    """
    for error in event.get("exception", {}).get("values", ()):
        error.pop("value", None)
    crumbs = event.pop("breadcrumbs", {})  # filtered when they were made
    tags = {name: _filtered(each, secrets) for name, each in event.pop("tags", {}).items()}
    return _filtered(event, secrets) | {"tags": tags, "breadcrumbs": crumbs}


def _crumb(crumb: Any, hint: Any, *, secrets: tuple[str, ...]) -> Any:
    """Filter a breadcrumb; ``told`` are the ids of a line, in place of what integrations would put there."""
    told = crumb.pop("told", None)
    return _filtered(crumb, secrets) | ({"data": _filtered(told, secrets)} if told else {})


def _filtered(part: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(part, str):
        return _QUERY.sub("?[secret]", redact(part, secrets))
    if isinstance(part, Mapping):
        return {name: _filtered(each, secrets) for name, each in part.items() if name not in _ENTRUSTED}
    if isinstance(part, list | tuple):
        return [_filtered(each, secrets) for each in part]
    return part
