"""Who may use the bot: whom the operators let in or shut out, who was invited; the others are told once."""

from dataclasses import replace
from typing import Any

import pytest

from bot.access import Access, Policy
from bot.message import Actor, Reply, Space, SpaceKind, Status
from storage.changes import ForgetPerson, MoveSpace
from tests.core.talking import ADA, BEA, GROUP, Core, asked, passed, person_of, private, request, said
from tests.storage.executed import executed
from tests.storage.test_store import add

OPERATOR = Actor("console", "root", "Root")
SLACK = Actor("slack", "T1:U2", "Cleo")
CHANNEL = Space("slack", "T1:C3", SpaceKind.CHANNEL)
TOLD = "I am for invited people only."


def with_access(core: Core, policy: Policy, *operators: str) -> Core:
    """Let only these use a core."""
    return replace(core, app=replace(core.app, access=Access(policy, frozenset(operators))))


async def console(core: Core, text: str) -> Reply:
    """Say something as whoever runs the bot."""
    return await said(core, text, OPERATOR)


async def lets_in(core: Core, who: Actor = ADA, where: Space | None = None) -> bool:
    """Tell whether somebody gets an answer to what they ask."""
    reply = await core.app.handle(replace(request(core, "/help", who), space=where or private(who)))
    return reply is not None and reply.status is Status.OK


@pytest.mark.parametrize("policy", ["open", "invite", "closed"])
async def test_who_may_use_it_by_the_policy_alone(core: Core, policy: Policy) -> None:
    """Operators always, and who sits at the machine; the others where it is open."""
    core = with_access(core, policy, "telegram:101")
    assert await lets_in(core, ADA)
    assert await lets_in(core, OPERATOR)
    assert await lets_in(core, Actor("web", "guest"))
    assert await lets_in(core, Actor("account", "A123456789"))
    assert await lets_in(core, BEA) == (policy == "open")


async def test_accounts_chats_and_workspaces_are_let_in_and_shut_out(both: Core) -> None:
    """A denial goes before; it holds for all that is in what it names, and within seconds."""
    core = with_access(both, "closed")
    for name, who, where in (
        ("telegram:101", ADA, None),
        (GROUP.key, BEA, GROUP),
        ("slack:T1", SLACK, CHANNEL),
    ):
        assert not await lets_in(core, who, where)
        assert "may use the bot" in (await console(core, f"/allow {name}")).body
        assert await lets_in(core, who, where)
    assert not await lets_in(core, BEA)
    assert await lets_in(core, SLACK, private(SLACK))
    await console(core, "/deny slack:T1:U2")
    passed(core, seconds=5)
    assert not await lets_in(core, SLACK, CHANNEL)
    assert await lets_in(core, replace(SLACK, id="T1:U3"), CHANNEL)
    listed = {field.label: field.value for field in (await console(core, "/access")).fields}
    assert {name: value.split(" · ")[0] for name, value in listed.items()} == {
        "telegram:101": "let in", "telegram:-500": "let in", "slack:T1": "let in", "slack:T1:U2": "shut out",
    }  # fmt: skip
    await console(core, "/deny telegram:101")
    passed(core, seconds=5)
    opened = with_access(core, "open")
    assert (await lets_in(opened, ADA), await lets_in(opened, BEA)) == (False, True)
    await console(core, "/allow telegram:101")
    assert await lets_in(opened, ADA)


@pytest.mark.parametrize("how", ["/join {}", "/start {}", "join {}"])
async def test_an_invitation_is_for_one(both: Core, how: str) -> None:
    """Its code, said to the bot, lets an account in at once; a second time it is none."""
    core = with_access(both, "invite")
    [code] = [field.value for field in (await console(core, "/invite")).fields]
    assert not await lets_in(core)
    assert "Welcome" in (await said(core, how.format(code))).body
    assert await lets_in(core)
    assert not await lets_in(core, BEA)
    assert "does not hold any more" in (await said(core, how.format(code), BEA)).body
    assert (
        "sixteen" in str(await said(core, "/join 123", BEA))
        or TOLD in (await said(core, "/join 123", BEA)).body
    )
    listed = {field.label: field.value for field in (await console(core, "/access")).fields}
    assert listed["telegram:101"].startswith("let in · by invitation")
    await add(core.store, ForgetPerson((await person_of(core)).id))
    passed(core, seconds=5)
    assert not await lets_in(core)


async def test_where_it_is_closed_no_invitation_helps(core: Core) -> None:
    """It stays good for an account; and so it is where everybody may."""
    [code] = [field.value for field in (await console(core, "/invite")).fields]
    closed = with_access(core, "closed")
    assert "ask whoever runs" in (await said(closed, f"/join {code}")).body
    assert "Keep it" in (await said(core, f"/join {code}")).body
    assert "Welcome" in (await said(with_access(core, "invite"), f"/join {code}")).body


async def test_who_may_not_is_told_once_in_a_while(core: Core) -> None:
    """In a group once for all, and not where another bot may be meant; nothing is kept of them."""
    core = with_access(core, "invite")
    [told] = await asked(core, "https://example.com")
    assert told.body.startswith(TOLD)
    assert await asked(core, "hello?") == []
    assert len(await asked(core, "hello", where=GROUP)) == 1
    assert await asked(core, "hello", BEA, GROUP) == []
    passed(core, minutes=59)
    assert await asked(core, "hello?") == []
    passed(core, minutes=2)
    assert len(await asked(core, "hello?")) == 1
    assert (
        await asked(
            core, "/help", Actor("telegram", "7"), Space("telegram", "-7", SpaceKind.GROUP), overheard=True
        )
        == []
    )
    async with core.store.reading() as work:
        assert await work.people.by_account("telegram", "101") is None


@pytest.mark.parametrize(
    "more", [{"id": "", "command": "inline", "values": {"query": "hello"}}, {"awaited": True}]
)
async def test_whoever_waits_for_an_answer_gets_it_each_time(core: Core, more: dict[str, Any]) -> None:
    """What is typed inline, a form, the step of a workflow."""
    core = with_access(core, "closed")
    for _ in range(2):
        if more.get("awaited"):
            [reply] = await asked(core, "hello", **more)
        else:
            reply = await said(core, **more)
        assert (reply.status, reply.offers) == (Status.REFUSED, ())


async def test_a_group_that_becomes_another_stays_let_in(both: Core) -> None:
    """What was said of it holds for what it became."""
    core = with_access(both, "closed")
    await console(core, f"/allow {GROUP.key}")
    await add(core.store, MoveSpace(GROUP.key, "telegram:-100500", {}, core.app.clock()))
    assert await lets_in(core, ADA, replace(GROUP, id="-100500"))
    passed(core, seconds=5)
    assert not await lets_in(core, ADA, GROUP)


async def test_only_the_console_says_who_may(core: Core) -> None:
    """And only of what is the name of somebody."""
    for text in ("/allow telegram:101", "/deny telegram:102", "/access"):
        assert (await said(core, text)).status is Status.REFUSED
    for name in ("ada", "web:1", "telegram:", "slack:T1:C1:2"):
        assert (await console(core, f"/allow {name}")).status is not Status.OK
    assert (await console(core, "/access")).fields == ()


async def test_whoever_is_let_in_costs_one_read_in_five_seconds(both: Core) -> None:
    """Also where it is open, as somebody may be shut out."""
    core = with_access(both, "closed")
    await console(core, "/allow telegram:101")
    await said(core, "/help")
    with executed() as first:
        await core.app.handle(request(core, "/help"))
    passed(core, seconds=5)
    with executed() as second:
        await core.app.handle(request(core, "/help"))
    assert len(second) == len(first) + 1
