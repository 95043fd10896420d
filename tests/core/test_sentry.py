"""What is reported to a Sentry server, over a real socket: errors and their ids, nothing anybody wrote."""

import logging
import sys
from collections.abc import AsyncIterator, Iterator

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from bot import logs
from bot.__main__ import _reporting
from bot.config import Misconfigured, read_settings
from tests.fakes import FakeSentry

sentry_sdk = pytest.importorskip("sentry_sdk")

SECRET = "hunter2-hunter2-hunter2"
CANARY = "canary that somebody wrote"
NEVER = f"never retrieved\nfuture: <Task exception=ValueError({CANARY!r})>"  # as asyncio writes it
LEAKS = (
    "123456789:AAE-canary_canary_canary_canary_cana",
    "xoxb-1-canary",
    "qrg_canary",
    "canary.lovelace@example.org",
    "https://qr.example/reset?token=canary",
    "https://api.telegram.org/bot123456789:AAE-canary_canary_canary_canary_cana/sendPhoto",
    SECRET,
)


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    """Put the log back after a test."""
    root, kept = logging.getLogger(), structlog.get_config()
    before, level = root.handlers[:], root.level
    logs.set_up("info", "json", (SECRET,))
    yield
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**kept)


@pytest.fixture
async def sentry(logging_as_it_was: None) -> AsyncIterator[FakeSentry]:
    """A server that this process reports to."""
    from bot.sentry import reporting

    async with FakeSentry() as fake:
        with reporting(fake.dsn, (SECRET,)):
            yield fake


def clean(fake: FakeSentry) -> bool:
    """Tell whether nothing that came holds a canary."""
    return not any("canary" in text or "hunter2" in text for text in fake.texts)


async def test_an_error_comes_with_its_kind_its_place_and_its_ids(sentry: FakeSentry) -> None:
    """Without its text, without values of variables; lines before it, below error, are breadcrumbs."""
    log = structlog.get_logger("bot.parked")
    with bound_contextvars(request="0123456789ab"):
        log.info("command", command="wifi", ms=1.5)
        try:
            content = CANARY
            raise ValueError(f"about {content}")
        except ValueError:
            log.error("command failed", incident="7K3F9QW2ZX", error="ValueError at x.py:1")
    await sentry.until(lambda: sentry.events)
    (event,) = sentry.events
    (error,) = event["exception"]["values"]
    assert (error["type"], "value" in error) == ("ValueError", False)
    (frame,) = error["stacktrace"]["frames"]
    assert (frame["function"], "vars" in frame) == (
        "test_an_error_comes_with_its_kind_its_place_and_its_ids",
        False,
    )
    assert event["logentry"]["message"] == "command failed"
    assert event["level"] == "error"
    assert event["tags"] == {
        "request": "0123456789ab",
        "incident": "7K3F9QW2ZX",
        "error": "ValueError at x.py:1",
    }
    (crumb,) = event["breadcrumbs"]["values"]
    assert (crumb["message"], crumb["data"]["command"]) == ("command", "wifi")
    assert not {"request", "user", "extra"} & set(event)
    assert CANARY not in "".join(sentry.texts)


@pytest.mark.parametrize("leak", LEAKS)
async def test_what_might_leak_is_filtered_wherever_it_stands(sentry: FakeSentry, leak: str) -> None:
    """Breadcrumbs, messages, tags, spans, requests, users: also what a plugin would add."""
    sentry_sdk.add_breadcrumb(message=f"GET {leak}", data={"url": leak, "body": CANARY})
    sentry_sdk.get_isolation_scope().set_tag("where", leak)
    sentry_sdk.get_isolation_scope().set_extra("sent", CANARY)
    sentry_sdk.get_isolation_scope().set_user({"email": leak})
    structlog.get_logger("ours").error("met", why=leak)
    logging.getLogger("theirs").error("met %s", leak)
    logging.getLogger("asyncio").error(NEVER)
    sentry_sdk.capture_event(
        {
            "type": "transaction",
            "transaction": f"GET {leak}",
            "contexts": {"trace": {"trace_id": "a" * 32, "span_id": "b" * 16, "data": {"url": leak}}},
            "spans": [{"op": "http.client", "description": f"POST {leak}", "data": {"text": CANARY}}],
            "request": {"url": leak, "data": CANARY},
        }
    )
    await sentry.until(lambda: len(sentry.events) == 4)
    assert clean(sentry)
    assert any("[secret]" in text for text in sentry.texts)
    assert {each["logentry"]["message"] for each in sentry.events if "logentry" in each} == {
        "met",
        "met %s",
        "never retrieved",
    }


def test_without_the_extra_the_start_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one line, as with any setting."""
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)  # as if it were not installed
    monkeypatch.setenv("SENTRY_DSN", "https://canary@sentry.example/1")
    monkeypatch.delitem(sys.modules, "bot.sentry", raising=False)
    with pytest.raises(Misconfigured, match=r"^SENTRY_DSN needs what qr-gen\[sentry\] installs"):
        _reporting(read_settings())


async def test_the_end_waits_for_what_is_on_its_way(logging_as_it_was: None) -> None:
    """And after it nothing is reported."""
    import asyncio

    from bot.sentry import reporting

    async with FakeSentry() as fake:

        def run() -> None:
            with reporting(fake.dsn, ()):
                structlog.get_logger("ours").error("last words")

        await asyncio.to_thread(run)
        structlog.get_logger("ours").error("too late")
        assert [each["logentry"]["message"] for each in fake.events] == ["last words"]
