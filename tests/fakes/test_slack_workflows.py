"""The fake Slack's workflows and files under slack_sdk: what it takes of a step's end, and every refusal."""

from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.slack.workflows import Execution

STRING = {"type": "string", "title": "A", "description": "a", "is_required": True}
DEFINED = {
    "title": "Do", "description": "It does", "input_parameters": {"text": STRING},
    "output_parameters": {"picture": STRING, "link": {**STRING, "is_required": False}},
}  # fmt: skip


@pytest.fixture
def client(slack: FakeSlack, http: ClientSession) -> AsyncWebClient:
    """Connect the real library."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, session=http)


@pytest.fixture
async def step(slack: FakeSlack) -> Execution:
    """Let a workflow wait for a step, with nobody listening."""
    slack.functions, slack.patience = {"do": DEFINED}, 0.0
    return await slack.run_step("do", text="a")


async def refusal(call: Any) -> str:
    """Make a call and give the code of its refusal."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


@pytest.mark.parametrize("outputs", [{}, {"picture": 1}, {"picture": "a", "other": "b"}, {"link": "a"}])
async def test_outputs_are_those_that_are_defined(
    client: AsyncWebClient, step: Execution, outputs: Mapping[str, Any]
) -> None:
    """Of their types, and all that are required; the step waits on."""
    done = client.functions_completeSuccess(function_execution_id=step.id, outputs=dict(outputs))
    assert await refusal(done) == "parameter_validation_failed"
    assert not step.over


async def test_a_step_ends_once(slack: FakeSlack, client: AsyncWebClient, step: Execution) -> None:
    """Then it cannot be found any more, whichever way it is ended."""
    await client.functions_completeSuccess(function_execution_id=step.id, outputs={"picture": "a"})
    assert step.outputs == {"picture": "a"}
    for done in (
        client.functions_completeSuccess(function_execution_id=step.id, outputs={"picture": "b"}),
        client.functions_completeError(function_execution_id=step.id, error="no"),
        client.functions_completeError(function_execution_id="Fx0", error="no"),
    ):
        assert await refusal(done) == "function_execution_not_found"
    failed = await slack.run_step("do", text="a")
    assert await refusal(client.functions_completeError(function_execution_id=failed.id, error=" ")) == (
        "invalid_arguments"
    )
    await client.functions_completeError(function_execution_id=failed.id, error="no")
    assert (failed.error, failed.outputs) == ("no", None)


async def test_a_file_is_seen_where_the_bot_is(slack: FakeSlack, client: AsyncWebClient) -> None:
    """One that was shared elsewhere is not there for it."""
    ada = slack.person("ada")
    file = slack.file(ada, "a.png", qr("a"))
    slack.post(slack.channel("away", ada, bot=False), ada.id, files=[file])
    assert await refusal(client.files_info(file=file.id)) == "file_not_found"
    slack.post(slack.channel("here", ada), ada.id, files=[file])
    assert (await client.files_info(file=file.id))["file"]["permalink"].endswith("/a.png")
