"""The filter over every line of the log: what looks like a secret goes, and JSON stays JSON."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr

import asyncpg
import pytest
import structlog

from bot import logs

SECRET = 'hunter2 "quoted" \\ and ünicode'
SHAPES = [
    "123456789:AAE-canary_canary_canary_canary_cana",
    "xoxb-1-canary",
    "xapp-1-canary",
    "https://hooks.slack.com/commands/T1/2/canary",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.canary",
    "qrg_canary",
    "postgresql://ada:canary@host/name",
    "redis://:canary@host/0",
    "canary.lovelace@example.org",
    "https://qr.example/i/7K3F9QW2ZX-1-6a0c-canarycanary.png",
]


@pytest.fixture
def said() -> Iterator[io.StringIO]:
    """What is written in JSON at DEBUG while a test runs; then all is as it was."""
    root = logging.getLogger()
    before, level, kept = root.handlers[:], root.level, structlog.get_config()
    written = io.StringIO()
    with redirect_stderr(written):
        logs.set_up("debug", "json", (SECRET,))
    yield written
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**kept)


@pytest.mark.parametrize("shape", SHAPES)
def test_what_looks_like_a_secret_goes_from_messages_values_and_errors(shape: str, said: io.StringIO) -> None:
    """From our own lines and from those of libraries; each is one object, with what stood beside it."""
    structlog.get_logger("ours").info("said", value=shape, other="here")
    logging.getLogger("theirs").warning("met %s, then more", shape)
    try:
        raise ValueError(f"about {shape}")
    except ValueError:
        logging.getLogger("theirs").exception("failed")
    ours, theirs, failed = (json.loads(line) for line in said.getvalue().splitlines())
    assert "canary" not in said.getvalue()
    assert ("[secret]" in ours["value"], ours["other"], ours["logger"]) == (True, "here", "ours")
    assert "then more" in theirs["event"]
    assert "ValueError" in failed["exception"]


def test_what_is_configured_goes_however_it_is_written_down(said: io.StringIO) -> None:
    """JSON escapes quotes, and all that is not ASCII."""
    structlog.get_logger("ours").info("said", value=f"so: {SECRET}!")
    assert json.loads(said.getvalue())["value"] == "so: [secret]!"


def test_below_the_level_nothing_is_written(said: io.StringIO) -> None:
    """Nor made."""
    with redirect_stderr(said):
        logs.set_up("warning", "json", ())
    structlog.get_logger("ours").info("said")
    assert said.getvalue() == ""


def test_what_a_library_says_of_a_server_that_is_away_has_no_stack(said: io.StringIO) -> None:
    """Who runs it can mend the server, not the library; and an answer of Telegram's may hold anything."""
    try:
        raise ConnectionRefusedError("canary")
    except ConnectionRefusedError:
        for name in ("asyncpg.pool", "pgqueuer", "telegram.request.BaseRequest"):
            logging.getLogger(name).exception("away, again")
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [(line["logger"], line["error"]) for line in lines] == [
        ("asyncpg.pool", "ConnectionRefusedError"),
        ("pgqueuer", "ConnectionRefusedError"),
    ]
    assert "canary" not in said.getvalue()
    assert "Traceback" not in said.getvalue()


def test_what_the_loop_says_of_a_connection_given_up_has_no_stack_either(said: io.StringIO) -> None:
    """A release of asyncpg's that was cancelled goes on alone: nobody asks what became of it."""
    failed = asyncpg.ConnectionDoesNotExistError("canary")
    failed.__cause__ = OSError("canary")
    logging.getLogger("asyncio").error("never retrieved\nfuture: <%r>", failed, exc_info=failed)
    (line,) = (json.loads(line) for line in said.getvalue().splitlines())
    assert (line["event"], line["error"]) == ("never retrieved", "ConnectionDoesNotExistError")
    assert "canary" not in said.getvalue()
    logging.getLogger("asyncio").error("never retrieved", exc_info=ValueError("of ours"))
    assert "of ours" in json.loads(said.getvalue().splitlines()[1])["exception"]


def test_a_job_that_a_stop_ended_is_no_failure(said: io.StringIO) -> None:
    """The scheduler would write down its stack; our jobs tell by themselves what went wrong in them."""
    try:
        raise asyncio.CancelledError
    except asyncio.CancelledError:
        logging.getLogger("apscheduler.executors.default").exception("Job raised an exception")
    assert said.getvalue() == ""
