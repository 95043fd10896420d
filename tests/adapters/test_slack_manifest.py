"""The manifest names what the code uses, all of it and nothing else: events, shortcuts, steps, scopes."""

import inspect
import json
import re
from contextlib import suppress
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import manifest as module
from adapters.slack.connection import Slack
from adapters.slack.live import Live
from adapters.slack.manifest import events, manifest, printed
from adapters.slack.pace import POST, TIERS
from adapters.slack.route import LISTENED, _bolt
from adapters.slack.scopes import SCOPES
from adapters.slack.shortcuts import SHORTCUTS
from adapters.slack.trial import Studio
from adapters.slack.workflow import FUNCTIONS
from tests.core.talking import Core
from tests.fakes.slack.methods import METHODS
from tests.fakes.slack.world import SCOPES as THEIRS

URL = "https://qr.example.com"

# The scope of each method, as its page names it: docs.slack.dev/reference/methods. Where one of several will
# do, the one for direct messages.
NEEDED = {
    "api.test": "", "apps.connections.open": "", "auth.revoke": "", "auth.test": "",
    "chat.delete": "chat:write", "chat.postEphemeral": "chat:write", "chat.postMessage": "chat:write",
    "chat.update": "chat:write", "conversations.open": "im:write",
    "files.completeUploadExternal": "files:write", "files.delete": "files:write",
    "files.getUploadURLExternal": "files:write", "files.info": "files:read",
    "functions.completeError": "", "functions.completeSuccess": "",
    "oauth.v2.access": "", "oauth.v2.exchange": "", "team.info": "team:read", "users.info": "users:read",
    "views.open": "", "views.publish": "", "views.push": "", "views.update": "",
}  # fmt: skip
# The scope of each event: docs.slack.dev/reference/events.
HEARD = {
    "app_mention": "app_mentions:read", "message.im": "im:history",
    "app_home_opened": "", "app_uninstalled": "", "tokens_revoked": "", "team_access_revoked": "",
    "function_executed": "",
}  # fmt: skip
# What cannot wait for a turn, or is called once at a start or at an installation.
AT_ONCE = {
    "api.test", "apps.connections.open", "auth.revoke", "auth.test", "oauth.v2.access", "oauth.v2.exchange",
    "views.open", "views.push",
}  # fmt: skip


def called() -> set[str]:
    """Find the methods that the adapter's source calls, by the names of the SDK's functions."""
    folder = Path(inspect.getfile(module)).parent
    source = "\n".join(path.read_text() for path in folder.glob("*.py"))
    found = set(re.findall(r'api_call\(\s*"([\w.]+)"', source))
    for name in set(re.findall(r"\.([a-z]+(?:_[a-zA-Z0-9]+)+)\b", source)):
        function = getattr(AsyncWebClient, name, None)
        match = re.search(r'self\.api_call\(\s*"([\w.]+)"', inspect.getsource(function)) if function else None
        found |= {match[1]} if match else set()
    return found


def test_the_scopes_are_those_of_what_is_called_and_heard_and_no_others() -> None:
    """Both ways; a command needs one, too."""
    assert called() >= {"chat.postMessage", "files.info", "views.open", "functions.completeSuccess"}
    used = {NEEDED[method] for method in called()} | {HEARD[event] for event in events()} | {"commands"}
    assert used - {""} == set(SCOPES) == set(manifest(URL)["oauth_config"]["scopes"]["bot"])


def test_the_fake_wants_the_scopes_that_slack_wants() -> None:
    """Or no test would find one missing; the socket's is that of another token."""
    assert set(SCOPES) == THEIRS
    other = {"connections:write", "none", "client"}  # another token's, and none at all
    wanted = {name: "" if method.scope in other else method.scope for name, method in METHODS.items()}
    assert wanted == {name: NEEDED[name] for name in wanted}
    assert called() <= set(METHODS) | {"api.test", "oauth.v2.access", "oauth.v2.exchange", "auth.revoke"}


def test_every_method_that_is_called_has_its_limit() -> None:
    """But for what cannot wait."""
    assert called() <= {POST, *TIERS, *AT_ONCE}


def test_the_events_are_those_that_are_listened_to() -> None:
    """Of messages, those in direct messages alone; the home tab is there when somebody answers it."""
    made = manifest(URL)
    assert made["settings"]["event_subscriptions"]["bot_events"] == events()
    assert {event.partition(".")[0] for event in events()} == set(LISTENED)
    assert made["features"]["app_home"]["home_tab_enabled"] is ("app_home_opened" in LISTENED)


async def test_each_event_has_somebody_who_hears_it(core: Core, connection: Slack) -> None:
    """Bolt finds a listener for each, whatever that makes of an event without its shape; for no other."""
    bolt = _bolt(Live(Studio(connection, core.app), 0.0))
    unheard = []
    for kind in (*LISTENED, "reaction_added"):
        body = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{kind}", "event": {"type": kind}}
        with suppress(Exception):
            answer = await bolt.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
            unheard += [kind] if answer.status == 404 else []
    assert unheard == ["reaction_added"]


def test_shortcuts_and_steps_are_those_of_the_code() -> None:
    """By their callback ids."""
    made = manifest(URL)
    assert made["features"]["shortcuts"] == list(SHORTCUTS)
    assert made["functions"] == FUNCTIONS
    assert made["settings"]["org_deploy_enabled"] is True  # Slack takes no steps without it
    assert made["settings"]["function_runtime"] == "remote"


def test_over_http_all_comes_to_one_address() -> None:
    """Commands, events and interaction; one goes back to the other after an installation."""
    made = manifest(URL)
    there = f"{URL}/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == there
    assert made["settings"]["event_subscriptions"]["request_url"] == there
    assert made["settings"]["interactivity"] == {"is_enabled": True, "request_url": there}
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert (made["settings"]["socket_mode_enabled"], made["settings"]["token_rotation_enabled"]) == (
        False,
        False,
    )


def test_over_sockets_nothing_has_an_address() -> None:
    """But the page that many workspaces come back to, where it is known."""
    assert "http" not in printed(manifest("", socket=True)).replace("https://example", "")
    made = manifest(URL, socket=True, rotation=True)
    assert re.findall(r"https://[^\"]+", printed(made)) == [f"{URL}/slack/oauth_redirect"]
    assert (made["settings"]["socket_mode_enabled"], made["settings"]["token_rotation_enabled"]) == (
        True,
        True,
    )


@pytest.mark.parametrize("socket", [False, True])
def test_what_is_printed_is_json_within_slacks_limits(socket: bool) -> None:
    """The schema's: json.schemastore.org/slack-app-manifest.json, and Slack's own page."""
    made = json.loads(printed(manifest(URL, socket=socket)))
    about, features = made["display_information"], made["features"]
    assert (len(about["name"]) <= 35, len(about["description"]) <= 140) == (True, True)
    assert 174 <= len(about["long_description"]) <= 4000
    (command,) = features["slash_commands"]
    assert (command["command"], command["should_escape"]) == ("/qr", False)
    assert (len(command["description"]) <= 2000, len(command["usage_hint"]) <= 1000) == (True, True)
    assert re.fullmatch(r"[\w.-]{1,80}", features["bot_user"]["display_name"])
    for each in features["shortcuts"]:
        assert (len(each["callback_id"]) <= 255, len(each["description"]) <= 150) == (True, True)
        assert set(each) == {"name", "type", "callback_id", "description"}
    for step in made["functions"].values():
        assert set(step) == {"title", "description", "input_parameters", "output_parameters"}
