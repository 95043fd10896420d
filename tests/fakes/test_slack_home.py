"""The fake's Home tabs are as strict as Slack's."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes import FakeSlack
from tests.fakes.ledger import JSON
from tests.fakes.slack.samples import PLAIN, actions, button, modal

WORDS: JSON = {"type": "section", "text": PLAIN}
PICTURE = {"type": "image", "image_url": "https://qr.example/a.png", "alt_text": "a"}
TYPED: JSON = {
    "type": "input",
    "label": PLAIN,
    "dispatch_action": True,
    "element": {"type": "plain_text_input", "action_id": "a"},
}


def home(*blocks: JSON, **more: Any) -> JSON:
    """Make the view of a Home."""
    return {"type": "home", "blocks": list(blocks) or [WORDS], **more}


async def published(slack: FakeSlack, view: JSON, **more: Any) -> str:
    """Publish a view on somebody's Home: its hash, or why it is refused."""
    person = next(iter(slack.people.values()), None) or slack.person("ada")
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    try:
        answer = await client.views_publish(user_id=person.id, view=view, **more)
    except SlackApiError as error:
        return str(error.response["error"])
    return str(answer["view"]["hash"])


@pytest.mark.parametrize(
    ("view", "why"),
    [
        (modal(), "invalid_arguments"),
        (home(title=PLAIN), "invalid_arguments"),
        (home(submit=PLAIN), "invalid_arguments"),
        (home(private_metadata="x" * 3001), "invalid_arguments"),
        ({"type": "home", "blocks": []}, "invalid_arguments"),
        (home(*[WORDS] * 101), "invalid_blocks"),
        (home(*[{"type": "section", "text": PLAIN | {"text": "x" * 3000}}] * 90), "view_too_large"),
        (home(WORDS | {"accessory": PICTURE}), "invalid_blocks"),  # nobody serves it
        (home(WORDS | {"accessory": {"type": "checkboxes", "action_id": "a"}}), "invalid_blocks"),
        (home(actions(button(confirm={"title": PLAIN}))), "invalid_blocks"),
    ],
)
async def test_a_view_that_is_no_home_is_refused(slack: FakeSlack, view: JSON, why: str) -> None:
    """By the code that Slack gives."""
    assert await published(slack, view) == why
    assert slack.homes == {}


async def test_a_home_takes_the_place_of_what_is_named(slack: FakeSlack) -> None:
    """And of anything where nothing is named."""
    first = await published(slack, home(TYPED))
    assert await published(slack, home(), hash="another") == "hash_conflict"
    second = await published(slack, home(), hash=first)
    assert await published(slack, home(), hash=first) == "hash_conflict"
    assert await published(slack, home()) not in {first, second, "hash_conflict"}
    client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.views_publish(user_id="U404", view=home())
