"""Installing the Slack app: a page that says what is asked and why, a state that works once."""

import asyncio
from html import unescape

import pytest
from sqlalchemy import select

from adapters.slack.oauth import Unfit, installation_of
from adapters.slack.scopes import SCOPES
from adapters.web.install import COOKIE, INSTALL
from storage.installations import BEGUN, SEALED
from storage.tables import installations, installing
from tests.adapters.many import Many, many, state_of
from tests.core.talking import START, passed

__all__ = ["many"]

ANSWER = {
    "app_id": "A1", "authed_user": {"id": "U1"}, "scope": "commands", "token_type": "bot",
    "access_token": "xoxb-1", "bot_user_id": "U0", "team": {"id": "T1", "name": "Team"}, "enterprise": None,
    "is_enterprise_install": False,
}  # fmt: skip


async def test_the_page_says_what_is_asked_and_why(many: Many) -> None:
    """Every scope with its reason, no other; the button leads to Slack; nobody keeps the page."""
    answer, address = await many.opened()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    shown = unescape(answer.text)
    assert all(f"<code>{scope}</code>" in shown and why in shown for scope, why in SCOPES.items())
    assert address.startswith(f"{many.slack.url}/oauth/v2/authorize?")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert {"HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=600"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert len(state_of(address)) >= 22  # 128 bits
    assert (await many.web.head(INSTALL)).headers.get("set-cookie") is None


async def test_an_installation_is_kept_sealed_and_leads_to_slack(many: Many) -> None:
    """With all that Slack told; a second one takes its place; neither pages nor columns show a token."""
    slack = many.slack
    slack.app.rotating = True
    for again in range(2):
        _, address = await many.opened()
        answer = await many.back(slack.agree(slack.person("ada"), address))
        assert answer.status_code == 200
        assert f"Installed in Team {slack.team}" in answer.text
        assert "/qr" in answer.text
        assert f"{slack.url}/app_redirect?app={slack.app_id}&amp;team={slack.team}" in answer.text
        assert "canary" not in answer.text
        held = await many.workspaces.of(slack.team)
        assert held is not None
        assert (held.app, held.bot_user, held.version) == (slack.app_id, slack.bot_user, again)
        assert (held.token, held.scopes) == (slack.bot_token, ",".join(SCOPES))
        assert (held.installed_at, held.whole, held.enterprise) == (START, False, "")
        assert held.refresh_token.startswith("xoxe-")
        assert "canary" not in repr(held)
    async with many.core.store.reading() as work:
        [row] = (await work.connection.execute(select(installations))).mappings().all()
        assert (await work.connection.execute(select(installing))).all() == []
    assert all(b"canary" not in row[name] for name in SEALED)


async def test_of_a_hundred_who_use_a_state_at_once_one_is_taken(many: Many) -> None:
    """The others are told what to do; Slack is asked once."""
    _, address = await many.opened()
    back = many.slack.agree(many.slack.person("ada"), address)
    answers = await asyncio.gather(*(many.back(back) for _ in range(100)))
    assert sorted(answer.status_code for answer in answers) == [200] + [400] * 99
    assert len([call for call in many.slack.calls if call.method == "oauth.v2.access"]) == 1
    assert many.slack.refused == []


async def test_a_state_holds_in_its_browser_and_for_ten_minutes(many: Many) -> None:
    """Another browser, none, a made-up state, a second use, ten minutes: refused, Slack is not asked."""
    slack = many.slack
    _, address = await many.opened()
    back = slack.agree(slack.person("ada"), address)
    mine = dict(many.cookies)
    wrong = [{}, {COOKIE: "x" * 43}, {COOKIE: "short"}]
    for browser in wrong:
        answer = await many.back(back, browser=browser)
        assert answer.status_code == 400
        assert "Start again" in answer.text
        assert INSTALL in answer.text
    assert (await many.back(back.replace(state_of(back), "y" * 43))).status_code == 400
    assert (await many.back(back.partition("&state")[0])).status_code == 400
    assert (await many.back(back)).status_code == 200  # nobody else could use it up
    assert (await many.back(back, browser=mine)).status_code == 400
    _, address = await many.opened()
    passed(many.core, minutes=10)
    assert (await many.back(slack.agree(slack.person("bea"), address))).status_code == 400
    assert len([call for call in slack.calls if call.method == "oauth.v2.access"]) == 1


async def test_two_tabs_of_a_browser_both_work(many: Many) -> None:
    """A page that was opened a second time does not spoil the first."""
    (_, first), (_, second) = await many.opened(), await many.opened()
    for address in (second, first):
        back = many.slack.agree(many.slack.person("ada"), address)
        assert (await many.back(back)).status_code == 200


async def test_who_declines_is_told_that_nothing_happened(many: Many) -> None:
    """In their language, kindly; that state is used up too."""
    _, address = await many.opened()
    back = many.slack.decline(address)
    answer = await many.back(back)
    assert (answer.status_code, "Nothing was installed" in answer.text) == (200, True)
    assert "Start again" in answer.text
    assert (await many.back(back)).status_code == 400


async def test_what_slack_refuses_is_said_without_its_words(many: Many) -> None:
    """A code that was used, a wrong secret, a proxy's page: nothing is kept, a secret is nowhere."""
    slack = many.slack
    for status, html in ((500, False), (502, True), (429, False)):
        slack.fail("oauth.v2.access", status=status, html=html)
        _, address = await many.opened()
        answer = await many.back(slack.agree(slack.person("ada"), address))
        assert answer.status_code == 502
        assert "canary" not in answer.text
    _, address = await many.opened()
    back = slack.agree(slack.person("ada"), address)
    next(iter(list(slack.app.codes.values())[-1:])).used = True
    assert (await many.back(back)).status_code == 502
    _, address = await many.opened()
    assert (
        await many.back(f"https://qr.example/slack/oauth_redirect?state={state_of(address)}")
    ).status_code == 502
    assert await many.workspaces.of(slack.team) is None


async def test_the_page_speaks_the_browsers_language_and_cannot_be_flooded(many: Many) -> None:
    """Beyond the limit it says to wait, as a page; so does a house that is full."""
    answer, _ = await many.opened("de")
    assert '<html lang="de" dir="ltr">' in answer.text
    many.core.verdicts.append(1)
    answer, _ = await many.opened()
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "60")
    assert "Please wait a minute" in answer.text
    assert "Start again" in answer.text
    async with many.core.store.writing() as work:
        later = many.core.app.clock().replace(year=2031)
        rows = [{"fingerprint": f"{number}", "expires_at": later} for number in range(BEGUN)]
        await work.connection.execute(installing.insert(), rows)
    answer, _ = await many.opened()
    assert (answer.status_code, "<html" in answer.text, "Start again" in answer.text) == (503, True, True)


async def test_what_cannot_be_kept_is_said_and_done_again(many: Many) -> None:
    """The database is away just then: Slack gives another token the next time."""
    slack = many.slack
    _, address = await many.opened()
    async with many.core.store.writing() as work:
        await work.connection.exec_driver_sql("ALTER TABLE installations RENAME TO away")
    answer = await many.back(slack.agree(slack.person("ada"), address))
    assert (answer.status_code, "Start again" in answer.text) == (502, True)
    async with many.core.store.writing() as work:
        await work.connection.exec_driver_sql("ALTER TABLE away RENAME TO installations")
    await many.installed(slack)


@pytest.mark.parametrize(
    "broken",
    [
        {"token_type": "user"}, {"access_token": None}, {"access_token": ""}, {"team": None},
        {"team": {"id": "T" * 65}},
        {"app_id": 7}, {"bot_user_id": ""}, {"authed_user": None}, {"refresh_token": "r"},
        {"refresh_token": "r", "expires_in": "soon"}, {"is_enterprise_install": True},
    ],
)  # fmt: skip
def test_what_is_no_installation_is_not_kept(broken: dict[str, object]) -> None:
    """Whatever is wrong with Slack's answer."""
    assert installation_of(ANSWER, START).id == "T1"
    with pytest.raises(Unfit):
        installation_of(ANSWER | broken, START)
