"""Which workspace a body is about, also where an organisation or a shared channel makes that hard to tell."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.leaving import leaving
from adapters.slack.parse import Unparsable, parse
from adapters.slack.places import enterprise_of, team_of
from storage.records import Uninstall
from tests.adapters.slack_bodies import NOW, command, message, pressed, submitted

AT = datetime(2030, 5, 17, 12, tzinfo=UTC)
ORG = {"enterprise_id": "E1", "is_enterprise_install": True}
UNNAMED = {"team": None, "enterprise": {"id": "E1", "name": "Org"}, "is_enterprise_install": True}
SEEN = {"enterprise_id": "E1", "team_id": None, "user_id": "U0BOT", "is_bot": True}


@pytest.mark.parametrize(
    ("body", "team", "enterprise"),
    [
        (command(), "T1", ""),
        (command(enterprise_id="E1", is_enterprise_install="true"), "T1", "E1"),
        (pressed(), "T1", ""),
        (pressed() | UNNAMED | {"user": {"id": "U1", "team_id": "T2"}}, "T2", "E1"),
        (pressed() | {"team": {"id": "T1", "enterprise_id": "E1"}}, "T1", "E1"),
        (submitted({}) | UNNAMED, "E1", "E1"),
        (submitted({}, team_id="T3") | UNNAMED, "T3", "E1"),
        (submitted({}, app_installed_team_id="T4"), "T4", ""),
        (message() | ORG | {"authorizations": [SEEN]}, "T1", "E1"),
        (message() | {"authorizations": [SEEN | {"team_id": "T5"}]}, "T5", "E1"),
        (message() | {"authorizations": []}, "T1", ""),
    ],
)
def test_a_body_names_its_workspace(body: dict[str, Any], team: str, enterprise: str) -> None:
    """A workspace wherever one is named, the organisation otherwise; requests are of it."""
    assert (team_of(body), enterprise_of(body)) == (team, enterprise)
    request = parse(body, NOW)
    assert request is not None
    assert request.actor.id == f"{team}:U1"
    assert request.space.id.startswith(f"{team}:")


@pytest.mark.parametrize(
    "body", [command(team_id=""), command(team_id=None), command(team_id=["T1"]), UNNAMED]
)
def test_a_body_that_names_neither_cannot_be_read(body: dict[str, Any]) -> None:
    """It is refused, and ends nothing."""
    odd = {**pressed(), **body, "enterprise": None} if body is UNNAMED else body
    with pytest.raises(Unparsable):
        parse(odd, NOW)


def gone(kind: str, **event: Any) -> dict[str, Any]:
    """Give the body of an event that tells of an end."""
    return {**message(), "event": {"type": kind, **event}, "event_time": 1_900_000_000}


def test_who_leaves_is_read_off_the_event() -> None:
    """With the time that Slack tells; without one it is now."""
    told = datetime.fromtimestamp(1_900_000_000, UTC)
    bots = {"oauth": ["U1"], "bot": ["U0BOT"]}
    assert leaving(gone("app_uninstalled"), AT) == (Uninstall("T1", told, AT),)
    assert leaving(gone("tokens_revoked", tokens=bots), AT) == (Uninstall("T1", told, AT, ("U0BOT",)),)
    assert leaving(gone("tokens_revoked", tokens={"oauth": ["U1"]}), AT) == ()
    revoked = gone("team_access_revoked", team_ids=["T2", "T3"])
    assert [each.team for each in leaving(revoked, AT)] == ["T2", "T3"]
    assert leaving(gone("app_uninstalled") | {"event_time": None}, AT) == (Uninstall("T1", AT, AT),)
    assert leaving(message(), AT) == leaving(command(), AT) == ()


@pytest.mark.parametrize(
    "body",
    [
        gone("tokens_revoked"), gone("tokens_revoked", tokens=[]),
        gone("tokens_revoked", tokens={"bot": [7]}), gone("team_access_revoked", team_ids=["T" * 65]),
        gone("team_access_revoked", team_ids=7), gone("app_uninstalled") | {"event_time": "soon"},
        gone("app_uninstalled") | {"event_time": 10**30}, gone("app_uninstalled") | {"event": 7},
        gone("app_uninstalled") | {"team_id": None, "authorizations": None},
    ],
)  # fmt: skip
def test_an_end_of_another_shape_cannot_be_read(body: dict[str, Any]) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(Unparsable):
        leaving(body, AT)
