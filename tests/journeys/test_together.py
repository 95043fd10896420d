"""More than one person, or one in more than one place: spaces with a kit of their own, accounts that join."""

import re
from contextlib import AsyncExitStack

import aiohttp
import pytest

from adapters.slack.shortcuts import OF_MESSAGE
from adapters.slack.workflow import FUNCTIONS, STEP
from tests.fakes.drawn import colours
from tests.fakes.slack import Channel
from tests.fakes.slack import Person as Member
from tests.fakes.telegram import Chat, Message, Person
from tests.journeys.house import FACES, House
from tests.journeys.seen import Press, Say, Seen, Step, Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAVY = (0, 0, 128)


async def does(visitor: Visitor, step: Step) -> Seen:
    """Take a step, and give what was seen."""
    await visitor.does(step.action)
    seen = await visitor.seen(step.met)
    assert step.met(seen), f"{step.lacking(seen)} is not there: {seen}"
    return seen


@pytest.mark.parametrize(("first", "second"), [("telegram", "slack"), ("slack", "web"), ("web", "telegram")])
async def test_one_person_on_two_platforms_has_one_history(house: House, first: str, second: str) -> None:
    """A pairing code shown on one and typed on the other joins them, once; undone, each has its own again."""
    async with AsyncExitStack() as stack:
        older, newer = await FACES[first](house, stack), await FACES[second](house, stack)
        await does(older, Step(Say("made on the first"), codes=("made on the first",)))
        await does(newer, Step(Say("made on the second"), codes=("made on the second",)))
        shown = await does(older, Step(Say("/connect"), ("ten minutes",)))
        code = re.findall(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", shown.words)[0]
        await does(newer, Step(Say(f"/connect {code.lower()}"), ("These accounts are one now",)))
        for visitor in (older, newer):
            await does(visitor, Step(Say("/history"), ("2 codes", "made on the first", "made on the second")))
        await does(newer, Step(Say(f"/connect {code}"), ("used or too old",)))
        undo = await does(older, Step(Say("/connect"), ("Pairing code",)))
        await does(
            older, Step(Press(next(label for label in undo.labels if "Undo" in label)), ("on their own",))
        )
        await does(older, Step(Say("/history"), ("1 code", "made on the first")))
        await does(newer, Step(Say("/history"), ("1 code", "made on the second")))


async def test_a_forgotten_password_comes_back_by_the_chats(house: House) -> None:
    """A code comes to Telegram and to Slack once it is asked for by the page; the old password is over."""
    first, second, form = "four words in a row", "and four quite different ones", {"email": "eve@example.org"}
    async with AsyncExitStack() as stack:
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address that is a number
        page = await stack.enter_async_context(aiohttp.ClientSession(house.bot.url, cookie_jar=jar))

        async def sent(path: str, **values: str) -> tuple[str, str]:
            headers = {"Origin": house.bot.url, "Accept": "text/html"}
            async with page.post(path, data=form | values, headers=headers) as answer:
                return answer.url.path, await answer.text()

        await sent("/signup", password=first)
        visitors = [await FACES[face](house, stack) for face in ("telegram", "slack")]
        for visitor in visitors:
            [code, *_] = re.findall(
                r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", (await sent("/account/connect"))[1]
            )
            await does(visitor, Step(Say(f"/connect {code}"), ("These accounts are one now",)))
        assert "on its way" in (await sent("/forgot"))[1]
        arrived = [await visitor.seen(Step(Say(""), ("for eve@example.org",)).met) for visitor in visitors]
        [code] = {one for seen in arrived for one in re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}", seen.words)}
        assert (await sent("/reset", code=code, new_password=second))[0] == "/login"
        assert [(await sent("/login", password=each))[0] for each in (first, second)] == ["/login", "/"]
        assert code not in house.bot.log.read_text()


async def test_a_groups_kit_is_set_by_its_admins_and_used_by_all(house: House) -> None:
    """On Telegram; in private everybody keeps their own look."""
    tg = house.tg
    admin, member = tg.person(first_name="Admin"), tg.person(first_name="Member")
    group, home = tg.group("Friends", [member], [admin]), tg.private(member, started=True)

    async def said(person: Person, chat: Chat, text: str) -> Message:
        standing = len(tg.replies(chat))
        tg.says(person, chat, text)
        await tg.until(lambda: len(tg.replies(chat)) > standing, 20)
        return tg.replies(chat)[-1]

    standing = len(tg.replies(home))
    tg.says(member, group, "/kit navy on white")
    await tg.until(lambda: len(tg.replies(home)) > standing, 20)
    assert "Only admins" in tg.replies(home)[-1].text
    assert NAVY in colours((await said(admin, group, "/kit navy on white")).photo)
    assert NAVY in colours((await said(member, group, "/qr for all of us")).photo)
    assert NAVY not in colours((await said(member, home, "for me alone")).photo)
    await said(admin, group, "/kit clear")
    assert NAVY not in colours((await said(member, group, "/qr in black again")).photo)


async def test_a_channels_kit_is_set_by_admins_and_used_by_all(house: House) -> None:
    """On Slack; in direct messages everybody keeps their own look."""
    slack = house.slack
    admin, member = slack.person("admin", admin=True), slack.person("member")
    channel = slack.channel("design", admin, member)

    async def said(person: Member, place: Channel, text: str) -> bytes:
        direct = slack.dm(person)
        standing = len(slack.visible(direct, person))
        await slack.command(person, place, text)
        await slack.until(lambda: len(slack.visible(direct, person)) > standing, 20)
        return next(iter(slack.visible(direct, person)[standing].pictures.values()))

    await slack.command(member, channel, "/kit navy on white")
    await slack.until(lambda: any("Only admins" in m.words() for m in slack.visible(channel, member)), 20)
    await slack.command(admin, channel, "/kit navy on white")
    await slack.until(
        lambda: any("navy on white" in m.words() for m in slack.visible(slack.dm(admin), admin)), 20
    )
    assert NAVY in colours(await said(member, channel, "for all of us"))
    assert NAVY not in colours(await said(member, slack.dm(member), "for me alone"))


async def test_what_is_private_in_a_group_is_told_to_the_person_alone(house: House) -> None:
    """On Telegram: in their chat with the bot."""
    tg = house.tg
    ada, bea = tg.person(first_name="Ada"), tg.person(first_name="Bea")
    group, home = tg.group("Friends", [ada, bea]), tg.private(ada, started=True)
    tg.says(ada, group, "/wifi Guest long-enough")
    await tg.until(lambda: tg.replies(home), 20)
    assert tg.decode(tg.replies(home)[-1]) == ["WIFI:T:WPA;S:Guest;P:long-enough;;"]
    assert tg.replies(group) == []


async def test_a_message_becomes_a_code_and_a_step_always_ends(house: House) -> None:
    """On Slack: from a message's menu to the person alone; a step says what it lacks."""
    slack = house.slack
    ada, bea = slack.person("ada"), slack.person("bea")
    channel, slack.functions = slack.channel("menus", ada, bea), FUNCTIONS
    said = slack.post(channel, bea.id, text="https://example.com/a?b=1&c=2")
    assert (await slack.act_on(ada, said, OF_MESSAGE)).status == 200
    await slack.until(lambda: slack.visible(slack.dm(ada), ada), 20)
    assert slack.visible(slack.dm(ada), ada)[0].decode() == [said.text]
    assert [message for message in slack.visible(channel, bea) if message.app] == []
    execution = await slack.run_step(STEP, text="from a workflow", style="ocean")
    assert execution.acknowledged.status == 200
    await slack.until(lambda: execution.over, 20)
    assert "PUBLIC_URL" in execution.error
