"""The step of a workflow: it ends with a picture that scans, or with a sentence, and always ends."""

import json
from dataclasses import replace
from typing import Any

import pytest
import structlog

from adapters.slack.parse import Unparsable, parse
from adapters.slack.workflow import FUNCTION, FUNCTIONS, STEP, without_token
from bot.commands import COMMANDS
from bot.deliveries import drain
from bot.logs import redact
from bot.message import Actor, Asking, Outcome, Request, Space
from bot.qr.style import load_style
from storage.records import Code
from tests.adapters.slack_bodies import NOW, executed, message
from tests.adapters.slack_talk import Talk, apart, talk
from tests.core.talking import waiting as rows
from tests.fakes import FakeSlack
from tests.fakes.outside import decode, fetch
from tests.fakes.slack.workflows import Execution

__all__ = ["apart", "talk"]


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
def whole(apart: Talk) -> Talk:
    """A workspace with workflows, whose bot has no public address."""
    apart.slack.functions = FUNCTIONS
    return apart


@pytest.fixture
def public(talk: Talk) -> Talk:
    """One whose bot has."""
    talk.slack.functions = FUNCTIONS
    return talk


async def codes(talk: Talk) -> list[Code]:
    """List the codes of the workspace's workflows, newest first."""
    async with talk.core.store.reading() as work:
        found = await work.people.by_account("slack", f"{talk.slack.team}:workflow")
        return list((await work.codes.page(found.id, limit=100)).codes) if found is not None else []


async def ran(slack: FakeSlack, whole: Talk, **inputs: Any) -> Execution:
    """Let a workflow run its step to its end."""
    execution = await slack.run_step(STEP, **inputs)
    assert execution.acknowledged.status == 200
    await whole.settled()
    assert execution.over
    return execution


async def test_a_step_gives_the_address_of_a_picture_that_scans(slack: FakeSlack, public: Talk) -> None:
    """And what the code says: an address that was typed without its scheme has one."""
    execution = await ran(slack, public, text="example.com/menu", style="dots navy on white")
    assert execution.outputs is not None
    shown = await fetch(execution.outputs["picture"], slack.public)
    assert shown is not None
    assert decode(shown.data) == ["https://example.com/menu"]
    assert execution.outputs["link"] == "https://example.com/menu"
    assert [call.method for call in slack.calls] == ["functions.completeSuccess"]
    (code,) = await codes(public)
    assert (load_style(code.style).dark, code.text) == ("#000080", "https://example.com/menu")


async def test_without_an_address_of_ours_a_step_says_what_is_to_be_set(
    slack: FakeSlack, whole: Talk
) -> None:
    """A file that the bot alone sees would be of no use to what follows; nothing is uploaded."""
    execution = await ran(slack, whole, text="https://example.com")
    assert execution.outputs is None
    assert "PUBLIC_URL" in execution.error
    assert [call.method for call in slack.calls] == ["functions.completeError"]


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
        ({"text": "otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&issuer=A"}, "This code may hold a secret"),
        ({"text": "WIFI:T:WPA;S:Guest;P:long enough;;"}, "This code may hold a secret"),
    ],
)
async def test_what_cannot_be_made_ends_the_step_with_a_sentence(
    slack: FakeSlack, whole: Talk, inputs: dict[str, str], error: str
) -> None:
    """Which Slack shows to whoever started the workflow; no code is kept, and no form is opened.

    A secret never gets an address.
    """
    execution = await ran(slack, whole, **inputs)
    assert execution.outputs is None
    assert execution.error.startswith(error)
    assert await codes(whole) == []
    assert [call.method for call in slack.calls] == ["functions.completeError"]


@pytest.mark.parametrize("verdict", [1, 2])
async def test_too_many_steps_at_once_end_too(slack: FakeSlack, whole: Talk, verdict: int) -> None:
    """A person would be told once, and then nothing: a workflow would wait for ever."""
    whole.core.verdicts.append(verdict)
    assert (await ran(slack, whole, text="a")).error.startswith("That was a lot at once.")


async def test_a_command_that_fails_ends_the_step_in_the_end(
    slack: FakeSlack, whole: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the number of the incident."""

    async def broken(*given: object, **values: object) -> Outcome:
        raise ZeroDivisionError

    monkeypatch.setattr("bot.parked.TRIES", 1)
    monkeypatch.setattr("bot.parked.BACKOFF", (0,))
    object.__setattr__(whole.core.app, "commands", {"workflow": replace(COMMANDS["workflow"], run=broken)})
    execution = await ran(slack, whole, text="a")
    assert execution.error.startswith("Something went wrong here")


async def test_a_step_ends_once_whatever_gets_lost(slack: FakeSlack, public: Talk) -> None:
    """An event that comes again is known; an end whose answer got lost is said again and is over already."""
    slack.fail("functions.completeSuccess", cut="after", times=2)  # the library tries a lost connection again
    execution = await slack.run_step(STEP, text="a")
    assert (await slack.again()).status == 200
    await public.settled()
    (row,) = await rows(public.core.store)
    async with public.core.store.writing() as work:
        await work.deliveries.later(row.id, public.core.app.clock(), "")
    await drain(public.post, row.lane)
    assert execution.outputs is not None
    assert await rows(public.core.store) == []
    assert public.refusals() == ["function_execution_not_found"]
    assert len(await codes(public)) == 1


async def test_a_step_that_slack_forgot_is_over(slack: FakeSlack, whole: Talk) -> None:
    """It was cancelled, say: nothing is tried for a day."""
    execution = await slack.run_step(STEP, text="a")
    slack.executions.clear()
    await whole.settled()
    assert (await rows(whole.core.store), execution.over) == ([], False)
    assert whole.refusals() == ["function_execution_not_found"]


async def test_a_workflow_of_an_older_manifest_is_told_to_take_the_step_anew(
    slack: FakeSlack, public: Talk
) -> None:
    """Slack refuses outputs that it does not know."""
    outputs = {name: each for name, each in FUNCTION["output_parameters"].items() if name == "picture"}
    slack.functions = {STEP: FUNCTION | {"output_parameters": outputs}}
    assert (await ran(slack, public, text="a")).error.startswith("This step has changed.")
    assert public.refusals() == ["parameter_validation_failed"]


async def test_a_crowd_of_steps_ends_each_with_its_own(slack: FakeSlack, public: Talk) -> None:
    """Each has a lane of its own, so that none waits for another; all are one account's."""
    texts = [f"number {number}" for number in range(20)]
    executions = [await slack.run_step(STEP, text=text) for text in texts]
    assert len({each.lane for each in await rows(public.core.store)}) == 20
    await public.settled()
    assert [execution.outputs["link"] for execution in executions if execution.outputs] == texts
    assert len(await codes(public)) == 20


async def test_no_line_of_the_log_has_a_steps_token(
    slack: FakeSlack, whole: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong with it; and its dead letter has none either."""
    with structlog.testing.capture_logs() as lines, caplog.at_level("DEBUG"):
        slack.functions = {"older": FUNCTION}
        execution = await slack.run_step("older", text="a")
        assert execution.acknowledged.status == 200
    (unit,) = whole.core.woken
    assert execution.token not in f"{lines} {[each.body for each in unit.requests]}"
    assert execution.token not in "\n".join(redact(line) for line in caplog.messages)
