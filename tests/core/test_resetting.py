"""A forgotten password: a code comes to the account's chats, and lets in a new one, once and for a while."""

import asyncio
import logging
import re
from dataclasses import dataclass, field, replace

import pytest
from argon2 import PasswordHasher

from bot.accounts.attempts import CODES_SENT
from bot.accounts.caller import Accounts, Caller, TooMany, Unauthenticated, request_of
from bot.accounts.operating import with_access
from bot.accounts.passwords import change_password
from bot.accounts.resetting import LIFE, ask_reset, reset_password
from bot.accounts.sessions import log_in, of_bearer, of_page, open_page, tokens_for
from bot.accounts.signing_up import sign_up
from bot.deliveries import Post, drain
from bot.face import Address
from bot.message import Actor, Reply
from bot.qr.refusal import Refused
from bot.wire import load_reply
from storage.account import ChangeUser, User
from storage.housekeeping import tidy
from tests.adapters.site import accounts_on
from tests.core.sending import Platform, post_of
from tests.core.talking import ADA, Core, passed, rows, said, waiting

EMAIL, PASSWORD, ANOTHER = "ada@example.org", "four words in a row", "and four quite different ones"
SLACK = Actor("slack", "T1:U1", "Ada")
HERE = "192.0.2.1"


@dataclass
class House:
    """A core with accounts, and chats that keep what was sent to them."""

    core: Core
    accounts: Accounts
    chats: Platform = field(default_factory=Platform)

    @property
    def post(self) -> Post:
        """Send to Telegram and to Slack."""

        def reach(account: str) -> Address:
            return {"chat": account}

        there = replace(self.chats.face, reach=reach)
        return replace(
            post_of(self.core, self.chats),
            faces={"telegram": there, "slack": replace(there, platform="slack")},
        )

    async def connected(self, *chats: Actor, email: str = EMAIL) -> User:
        """Make an account, and connect its chats."""
        user = await sign_up(self.accounts, email, PASSWORD)
        for chat in chats:
            asked = replace(request_of(Caller(user).actor, f"connect {chat.key}"), text="/connect")
            reply = await self.core.app.handle(asked)
            assert reply is not None
            joined = await said(self.core, f"/connect {reply.fields[0].value}", chat)
            assert joined.title == "Connected"
        return user

    async def asked(self, email: str = EMAIL, **more: str) -> list[tuple[str, Reply]]:
        """Ask for a code: what was sent for it, and to whom."""
        self.chats.sent.clear()
        await ask_reset(self.accounts, email, HERE, **more)
        await asyncio.gather(*self.accounts.aside.values())
        for letter in await waiting(self.core.store):
            await drain(self.post, letter.lane)
        return list(self.chats.sent)

    async def code(self) -> str:
        """Ask for a code, and read it in the chat."""
        [(_, reply)] = await self.asked()
        return reply.fields[0].value


async def freely(item: object, name: str) -> float:
    """Let everything be tried at once."""
    return 0.0


def opened(core: Core) -> House:
    """Open one, where hashing costs nothing."""
    return House(core, replace(accounts_on(core.app), hasher=PasswordHasher(1, 8, 1), attempts=freely))


@pytest.fixture
def house(core: Core) -> House:
    """Open one on SQLite."""
    return opened(core)


@pytest.fixture
def each(both: Core) -> House:
    """Open one on each kind of database."""
    return opened(both)


async def wrong(house: House, code: str, email: str = EMAIL) -> Refused:
    """Try a code that does not let in: how that is refused."""
    with pytest.raises(Refused) as refused:
        await reset_password(house.accounts, email, code, ANOTHER, HERE)
    return refused.value


def not_(code: str) -> str:
    """Make another code of one."""
    return code[:-1] + ("0" if code[-1] != "0" else "1")


async def test_a_code_comes_to_the_chat_once_and_lets_in_a_new_password(each: House) -> None:
    """The old one is over, and all that was handed out under it; keys and codes stay."""
    user = await each.connected(ADA)
    tokens, cookie = await tokens_for(each.accounts, user), await open_page(each.accounts, user)
    [(chat, reply)] = await each.asked()
    assert (chat, reply.private, reply.secret, reply.language) == ("101", True, True, "en")
    code = reply.fields[0].value
    assert EMAIL in reply.body
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    after = await reset_password(each.accounts, EMAIL.upper(), code.lower(), ANOTHER, HERE)
    assert (await log_in(each.accounts, EMAIL, ANOTHER, HERE)) == after
    with pytest.raises(Unauthenticated):
        await log_in(each.accounts, EMAIL, PASSWORD, HERE)
    with pytest.raises(Unauthenticated):
        await of_bearer(each.accounts, tokens.access)
    assert await of_page(each.accounts, cookie) is None
    assert (await wrong(each, code)).field == "code"
    assert await waiting(each.core.store) == []


async def test_it_comes_to_every_chat_in_the_person_s_language(house: House) -> None:
    """To Slack's direct messages too; with the page where it is typed, if that has an address."""
    house.core = replace(house.core, app=replace(house.core.app, public_url="https://qr.example"))
    house.accounts = replace(house.accounts, app=house.core.app)
    await house.connected(ADA, SLACK)
    told = await house.asked(language="de-AT")
    assert sorted(chat for chat, _ in told) == ["101", "T1:U1"]
    assert {reply.language for _, reply in told} == {"de"}
    assert len({reply.fields[0].value for _, reply in told}) == 1
    [[copy, page]] = told[0][1].buttons
    assert (copy.copy, page.url) == (told[0][1].fields[0].value, "https://qr.example/reset")
    await said(house.core, "/language es", ADA)
    assert {reply.language for _, reply in await house.asked(language="fr")} == {"es"}


async def test_what_nobody_can_be_sent_is_not_sent(house: House) -> None:
    """To strangers, without a chat, and to who is shut out; whoever asks is told the same."""
    await house.connected()
    shut = await house.connected(ADA, email="shut@example.org")
    await house.accounts.commit(ChangeUser(shut, with_access(shut, disabled=True)))
    for email in (EMAIL, "shut@example.org", "nobody@example.org", "no address"):
        assert await house.asked(email) == []
    assert "resets" not in await rows(house.core.store)


async def test_five_guesses_are_taken_and_no_more(each: House) -> None:
    """Also many at once. Nobody's address is answered alike, and a text that is no code takes no guess."""
    await each.connected(ADA)
    code = await each.code()
    told = [await wrong(each, "what is it"), await wrong(each, code, "nobody@example.org")]
    told += await asyncio.gather(*(wrong(each, not_(code)) for _ in range(5)))
    told.append(await wrong(each, code))
    assert {(str(one), one.field) for one in told} == {(str(told[0]), "code")}
    assert (await log_in(each.accounts, EMAIL, PASSWORD, HERE)).version == 1
    await reset_password(each.accounts, EMAIL, await each.code(), ANOTHER, HERE)  # another, with tries anew


async def test_a_code_lasts_a_quarter_of_an_hour(each: House) -> None:
    """Then it is forgotten."""
    await each.connected(ADA)
    code = await each.code()
    passed(each.core, seconds=LIFE.total_seconds() - 1)
    with pytest.raises(Refused, match="8 to 1024 characters") as short:
        await reset_password(each.accounts, EMAIL, code, "short", HERE)
    assert short.value.field == "new_password"
    passed(each.core, seconds=1)
    await wrong(each, code)
    async with each.core.store.writing() as work:
        assert (await tidy(work.connection, each.core.app.clock()))["resets"] == 1


async def test_the_one_asked_for_last_holds(house: House) -> None:
    """And none, once the password was changed in another way."""
    user = await house.connected(ADA)
    first, second = await house.code(), await house.code()
    await wrong(house, first)
    await change_password(house.accounts, Caller(user), PASSWORD, "something that came back to mind")
    await wrong(house, second)


async def test_of_two_at_the_same_moment_one_is_let_in(each: House) -> None:
    """With the password that holds then."""
    await each.connected(ADA)
    code = await each.code()
    both = await asyncio.gather(
        reset_password(each.accounts, EMAIL, code, ANOTHER, HERE),
        reset_password(each.accounts, EMAIL, code, PASSWORD, HERE),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in both) == ["Refused", "User"]
    chosen = ANOTHER if isinstance(both[0], User) else PASSWORD
    assert (await log_in(each.accounts, EMAIL, chosen, HERE)).version == 2


async def test_who_was_shut_out_since_stays_out(house: House) -> None:
    """Their code opens nothing."""
    user = await house.connected(ADA)
    code = await house.code()
    await house.accounts.commit(ChangeUser(user, replace(user, disabled=True)))
    await wrong(house, code)


async def test_nobody_s_chat_is_flooded(house: House) -> None:
    """A few messages an hour for an address, whoever asks and however it is written; also for nobody's."""
    house.accounts = replace(house.accounts, attempts=accounts_on(house.core.app).attempts)
    await house.connected(ADA)
    for email in ("Ada@example.org", "nobody@example.org"):
        sent = [len(await house.asked(each)) for each in (email, email.upper(), email.lower())]
        assert sent in ([1] * CODES_SENT.amount, [0] * CODES_SENT.amount)
        with pytest.raises(TooMany) as many:
            await house.asked(email)
        assert many.value.seconds > 3000


async def test_tries_are_counted(house: House) -> None:
    """Beside those that a code has."""
    house.accounts = replace(house.accounts, attempts=accounts_on(house.core.app).attempts)
    for _ in range(5):
        await wrong(house, "0000-0000")
    with pytest.raises(TooMany):
        await reset_password(house.accounts, EMAIL, "0000-0000", ANOTHER, HERE)


async def test_who_asks_while_something_is_broken_is_told_the_same(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log says that nothing was sent, not to whom; who asks again later gets a code."""
    await house.connected(ADA)
    async with house.core.store.writing() as work:
        await work.connection.exec_driver_sql("ALTER TABLE resets RENAME TO away")
    assert await house.asked() == []
    told = capsys.readouterr().out
    assert "a code for a password was not sent" in told
    assert EMAIL not in told
    async with house.core.store.writing() as work:
        await work.connection.exec_driver_sql("ALTER TABLE away RENAME TO resets")
    assert len(await house.asked()) == 1


async def test_codes_stand_in_no_line_of_the_log(
    house: House, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor in a row that is not sealed, also where sending fails."""
    caplog.set_level(logging.DEBUG)
    await house.connected(ADA)
    code = await house.code()
    house.chats.then = [RuntimeError(code)]
    await house.asked()
    [late] = await waiting(house.core.store)
    codes = code, load_reply(late.body).fields[0].value
    await wrong(house, not_(codes[1]))
    seen = caplog.text + "".join(capsys.readouterr())
    assert "delivery failed" in seen
    async with house.core.store.reading() as work:
        raw = (await work.connection.exec_driver_sql("SELECT * FROM deliveries")).all()
    assert len(raw) == 2
    for text in (*codes, *(each.replace("-", "") for each in codes)):
        assert text not in seen + str(raw)
