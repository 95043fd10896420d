"""The step of a workflow: it ends with a picture that scans, or with a sentence, and always ends."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import structlog
from aiohttp import web

from adapters.slack.connection import Slack
from adapters.slack.parse import Unparsable, parse
from adapters.slack.serve import open_slack
from adapters.slack.workflow import FUNCTION, FUNCTIONS, STEP, without_token
from bot.commands import COMMANDS
from bot.deliveries import drain
from bot.logs import redact
from bot.message import Actor, Asking, Outcome, Request, Space
from bot.previews import picture_named
from bot.qr.picture import render
from bot.qr.style import load_style
from tests.adapters.slack_bodies import NOW, executed, message
from tests.adapters.slack_bot import Whole, working
from tests.core.talking import Core
from tests.core.talking import waiting as rows
from tests.fakes import FakeSlack
from tests.fakes.ledger import listening
from tests.fakes.outside import decode, fetch
from tests.fakes.slack.workflows import Execution

PUBLIC = "https://qr.example"


# --- read ---------------------------------------------------------------------------------------------------


def test_the_definition_is_what_a_manifest_takes() -> None:
    """docs.slack.dev/workflows/workflow-steps: texts alone, which any other step takes and gives."""
    assert FUNCTIONS == {STEP: FUNCTION}
    assert (list(FUNCTION["input_parameters"]), list(FUNCTION["output_parameters"])) == (
        ["text", "style"],
        ["picture", "link"],
    )
    for name, each in (FUNCTION["input_parameters"] | FUNCTION["output_parameters"]).items():
        assert set(each) == {"type", "title", "description", "is_required", "name"}
        assert (each["name"], each["type"]) == (name, "string")


def test_a_step_asks_for_a_code_that_is_nobodys_but_the_workflows() -> None:
    """In a space of its own, without the token that came with it; something waits for the answer."""
    assert parse(executed(text="hello", style="dots"), NOW) == Request(
        id="slack:Ev2",
        actor=Actor("slack", "T1:workflow"),
        space=Space("slack", "T1:Fx1"),
        command="workflow",
        values={"text": "hello", "style": "dots"},
        asking=Asking.FORM,
        admin=False,
        awaited=True,
        address={"team": "T1", "channel": "", "user": "workflow", "execution": "Fx1"},
    )


def test_what_was_left_out_is_no_value() -> None:
    """Workflow Builder gives nothing for it, or an empty text."""
    for more in ({"style": ""}, {"style": None}, {}, {"user": 1}):
        request = parse(executed(text="a", **more), NOW)
        assert request is not None
        assert request.values == {"text": "a"}


def test_an_earlier_steps_marks_are_undone() -> None:
    """The code holds what was typed, as it does everywhere."""
    request = parse(executed(text="<https://a.example?b=1&amp;c=2|here> &lt;3"), NOW)
    assert request is not None
    assert request.values == {"text": "https://a.example?b=1&c=2 <3"}


@pytest.mark.parametrize(
    "body",
    [
        executed("other"), executed(text=5), executed(text=["a"]), executed(text={"type": "rich_text"}),
        executed() | {"event": {"type": "function_executed"}}, executed() | {"team_id": None},
        executed() | {"event": executed()["event"] | {"function_execution_id": "a b"}},
        executed() | {"event": executed()["event"] | {"inputs": None}},
    ],
)  # fmt: skip
def test_what_has_no_shape_is_told_apart(body: dict[str, Any]) -> None:
    """It becomes a dead letter, and is acknowledged."""
    with pytest.raises(Unparsable):
        parse(body, NOW)


def test_the_token_of_a_step_is_kept_nowhere() -> None:
    """Neither in a dead letter nor in a line of the log."""
    assert "xwfp" not in json.dumps(without_token(executed()))
    for body in (message("a"), {"event": 3}, {"event": None}, {}):
        assert without_token(body) == body
    assert redact("token=xwfp-1-secret,") == "token=[secret],"


# --- from end to end ----------------------------------------------------------------------------------------


@pytest.fixture
async def whole(slack: FakeSlack, connection: Slack, core: Core) -> AsyncIterator[Whole]:
    """Let the fake's workflows come to a bot without an address of its own."""
    slack.functions = FUNCTIONS
    async with working(slack, connection, core.store) as bot:
        yield bot


@pytest.fixture
async def public(slack: FakeSlack, core: Core) -> AsyncIterator[Whole]:
    """Let them come to a bot that serves its pictures at an address everybody reaches."""
    slack.functions = FUNCTIONS

    async def get(request: web.Request) -> web.Response:
        shown = await picture_named(core.app, request.match_info["name"])
        if shown is None:
            return web.Response(status=404)
        return web.Response(body=render(replace(shown, format="png")).data, content_type="image/png")

    server = web.Application()
    server.router.add_get("/i/{name}.png", get)

    def address(code: str, version: int) -> str:
        return f"{PUBLIC}/i/{code}.png?v={version:x}"

    async with listening(server) as url, open_slack(slack.bot_token, slack.api_url, address) as opened:
        slack.public[PUBLIC] = url
        async with working(slack, opened, core.store) as bot:
            yield bot


async def ran(slack: FakeSlack, whole: Whole, **inputs: Any) -> Execution:
    """Let a workflow run its step to its end."""
    execution = await slack.run_step(STEP, **inputs)
    assert execution.acknowledged.status == 200
    await whole.settles()
    assert execution.over
    return execution


async def test_a_step_gives_the_address_of_a_picture_that_scans(slack: FakeSlack, public: Whole) -> None:
    """And what the code says: an address that was typed without its scheme has one."""
    execution = await ran(slack, public, text="example.com/menu", style="dots navy on white")
    assert execution.outputs is not None
    shown = await fetch(execution.outputs["picture"], slack.public)
    assert shown is not None
    assert decode(shown.data) == ["https://example.com/menu"]
    assert execution.outputs["link"] == "https://example.com/menu"
    assert [call.method for call in slack.calls] == ["functions.completeSuccess"]
    (code,) = await public.codes(f"{slack.team}:workflow")
    assert (load_style(code.style).dark, code.text) == ("#000080", "https://example.com/menu")


async def test_without_an_address_of_ours_the_picture_is_a_file(slack: FakeSlack, whole: Whole) -> None:
    """Uploaded to no channel, with what it shows in words; its page on Slack is the output."""
    execution = await ran(slack, whole, text="https://example.com")
    assert execution.outputs is not None
    (file,) = slack.files.values()
    assert (
        execution.outputs["picture"] == f"https://test.slack.com/files/{slack.bot_user}/{file.id}/{file.name}"
    )
    assert (decode(file.data), file.channels) == (["https://example.com"], set())
    assert slack.calls[0].fields["alt_txt"] == "QR code: https://example.com"
    assert slack.refused == []


async def test_a_network_is_a_picture_whose_words_are_not_told(slack: FakeSlack, public: Whole) -> None:
    """The workflow's messages do not hold its password."""
    execution = await ran(slack, public, text="WIFI:T:WPA;S:Guest;P:long enough;;")
    assert execution.outputs is not None
    assert list(execution.outputs) == ["picture"]


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        ({"text": " "}, "This step was given no text. Choose what the code should say."),
        ({"text": "x" * 3000}, "This is 47 bytes too long"),
        ({"text": "x" * 40_000}, "This is 37047 bytes too long"),
        ({"text": "a\x01"}, "There is an invisible control character (U+0001)"),
        ({"text": "a", "style": "florble"}, "I do not know “florble”."),
        ({"text": "a", "style": "x" * 40_000}, "A style has at most 500 characters."),
        ({"text": "a", "style": "white on white"}, "These two colours are too close to scan"),
        ({"text": "a", "style": "logo asset:7K3FABCDEF"}, "There is no such picture of yours."),
        ({"text": "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&issuer=A"}, "I do not keep this kind of code"),
    ],
)
async def test_what_cannot_be_made_ends_the_step_with_a_sentence(
    slack: FakeSlack, whole: Whole, inputs: dict[str, str], error: str
) -> None:
    """Which Slack shows to whoever started the workflow; no code is kept, and no form is opened."""
    execution = await ran(slack, whole, **inputs)
    assert execution.outputs is None
    assert execution.error.startswith(error)
    assert await whole.codes(f"{slack.team}:workflow") == ()
    assert [call.method for call in slack.calls] == ["functions.completeError"]


@pytest.mark.parametrize("verdict", [1, 2])
async def test_too_many_steps_at_once_end_too(slack: FakeSlack, whole: Whole, verdict: int) -> None:
    """A person would be told once, and then nothing: a workflow would wait for ever."""
    whole.verdicts.append(verdict)
    assert (await ran(slack, whole, text="a")).error.startswith("That was a lot at once.")


async def test_a_command_that_fails_ends_the_step_in_the_end(
    slack: FakeSlack, whole: Whole, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the number of the incident."""

    async def broken(*given: object, **values: object) -> Outcome:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.parked.TRIES", 1)
    monkeypatch.setattr("bot.parked.BACKOFF", (0,))
    object.__setattr__(whole.app, "commands", {"workflow": replace(COMMANDS["workflow"], run=broken)})
    execution = await ran(slack, whole, text="a")
    assert execution.error.startswith("Something went wrong here")


async def test_a_step_ends_once_whatever_gets_lost(slack: FakeSlack, public: Whole) -> None:
    """An event that comes again is known; an end whose answer got lost is said again and is over already."""
    slack.fail("functions.completeSuccess", cut="after", times=2)  # the library tries a lost connection again
    execution = await slack.run_step(STEP, text="a")
    assert (await slack.again()).status == 200
    await public.settles()
    (row,) = await rows(public.app.store)
    async with public.app.store.writing() as work:
        await work.deliveries.later(row.id, public.app.clock(), "")
    await drain(public.post, row.lane)
    assert execution.outputs is not None
    assert await rows(public.app.store) == []
    assert len(await public.codes(f"{slack.team}:workflow")) == 1


async def test_a_step_that_slack_forgot_is_over(slack: FakeSlack, whole: Whole) -> None:
    """It was cancelled, say: nothing is tried for a day."""
    execution = await slack.run_step(STEP, text="a")
    slack.executions.clear()
    await whole.settles()
    assert (await rows(whole.app.store), execution.over) == ([], False)


async def test_a_workflow_of_an_older_manifest_is_told_to_take_the_step_anew(
    slack: FakeSlack, public: Whole
) -> None:
    """Slack refuses outputs that it does not know."""
    outputs = {name: each for name, each in FUNCTION["output_parameters"].items() if name == "picture"}
    slack.functions = {STEP: FUNCTION | {"output_parameters": outputs}}
    assert (await ran(slack, public, text="a")).error.startswith("This step has changed.")


async def test_a_crowd_of_steps_ends_each_with_its_own(slack: FakeSlack, public: Whole) -> None:
    """Each has a lane of its own, so that none waits for another; all are one account's."""
    texts = [f"number {number}" for number in range(20)]
    executions = [await slack.run_step(STEP, text=text) for text in texts]
    assert len({each.lane for each in await rows(public.app.store)}) == 20
    await public.settles()
    assert [execution.outputs["link"] for execution in executions if execution.outputs] == texts
    assert len(await public.codes(f"{slack.team}:workflow")) == 20


async def test_no_line_of_the_log_has_a_steps_token(
    slack: FakeSlack, whole: Whole, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong with it; and its dead letter has none either."""
    with structlog.testing.capture_logs() as lines, caplog.at_level("DEBUG"):
        slack.functions = {"older": FUNCTION}
        execution = await slack.run_step("older", text="a")
        assert execution.acknowledged.status == 200
    (unit,) = whole.woken
    assert execution.token not in f"{lines} {[each.body for each in unit.requests]}"
    assert execution.token not in "\n".join(redact(line) for line in caplog.messages)
