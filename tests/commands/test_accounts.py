"""What only the console may say: invitations, and what becomes of accounts."""

from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from bot.accounts.caller import Accounts, Unauthenticated
from bot.accounts.resetting import reset_password
from bot.accounts.sessions import of_bearer, tokens_for
from bot.accounts.signing_up import sign_up
from bot.message import Actor, Status
from bot.qr.refusal import Refused
from storage.account import Role, User
from tests.adapters.site import accounts_on
from tests.core.talking import ADA, Core, labels, passed, payload, pressed, rows, said

OPERATOR = Actor("console", "root")
PASSWORD = "a long sentence of mine"


async def test_an_invitation_makes_one_account_of_its_role(core: Core) -> None:
    """Nobody comes in without one, and not twice with the same."""
    [field] = (await said(core, "/invite operator", OPERATOR)).fields
    accounts = replace(accounts_on(core.app), sign_up="invite")
    with pytest.raises(Refused, match="needs an invitation"):
        await sign_up(accounts, "ada@example.org", "a long sentence of mine")
    user = await sign_up(accounts, "ada@example.org", "a long sentence of mine", field.value)
    assert user.role is Role.OPERATOR
    with pytest.raises(Refused, match="needs an invitation"):
        await sign_up(accounts, "bea@example.org", "a long sentence of mine", field.value)


async def test_nobody_but_whoever_runs_the_bot_can_invite(core: Core) -> None:
    """Nor into a role that there is not."""
    assert (await said(core, "/invite")).status is Status.REFUSED
    form = (await said(core, "/invite boss", OPERATOR)).form
    assert form is not None
    assert "not “boss”" in form.questions[0].error


# --- what becomes of those there are ------------------------------------------------------------------------


async def known(core: Core, *emails: str) -> Accounts:
    """Make accounts, a minute after each other."""
    accounts = replace(accounts_on(core.app), hasher=PasswordHasher(1, 8, 1))
    for email in emails:
        await sign_up(accounts, email, PASSWORD)
        passed(core, minutes=1)
    return accounts


async def user_of(core: Core, email: str) -> User | None:
    """Read an account."""
    async with core.store.reading() as work:
        return await work.accounts.by_email(email)


WORDS = (
    "invite", "accounts", "disable ada@example.org", "enable ada@example.org", "disable", "role",
    "role ada@example.org operator", "resetpassword ada@example.org",
    "deleteaccount ada@example.org confirm=yes",
)  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
async def test_only_the_console_may_say_them(core: Core, word: str) -> None:
    """Others are told so, and nothing is told or changed; without a slash it is a text like any other."""
    await known(core, "ada@example.org")
    before = await user_of(core, "ada@example.org")
    assert before is not None
    for who in (ADA, Actor("account", before.id), Actor("web", "guest"), Actor("slack", "T1:U1")):
        reply = await said(core, f"/{word}", who)
        assert (reply.status, reply.body) == (
            Status.REFUSED,
            "This is for whoever runs this bot, in its console.",
        )
        assert payload(await said(core, word, who)) == word
    assert await user_of(core, "ada@example.org") == before
    listed = f"/{word.partition(' ')[0]} – "
    assert listed not in (await said(core, "/help")).body
    assert listed in (await said(core, "/help", OPERATOR)).body


async def test_accounts_are_listed_searched_and_paged(core: Core) -> None:
    """With what each may do, and since when."""
    await known(core, *(f"user{number:02}@example.org" for number in range(23)), "Ada@Other.example")
    await said(core, "/disable user01@example.org", OPERATOR)
    await said(core, "/role ADA@other.example operator", OPERATOR)
    first = await said(core, "/accounts", OPERATOR)
    assert first.title == "24 accounts"
    assert (first.fields[0].label, first.fields[0].value) == ("user00@example.org", "user · since 2030-05-17")
    assert first.fields[1].value == "user · disabled · since 2030-05-17"
    rest = await pressed(core, first, "More", OPERATOR)
    listed = [each.label for each in (*first.fields, *rest.fields)]
    assert (len(listed), len(set(listed)), rest.fields[-1].value[:8]) == (24, 24, "operator")
    assert labels(rest) == []
    some = await said(core, "/accounts USER1 example.org", OPERATOR)
    assert [each.label[:6] for each in some.fields] == [f"user{number}" for number in range(10, 20)]
    assert (await said(core, "/accounts nobody", OPERATOR)).body == "Nothing found."


async def test_a_search_goes_on_where_it_ended(core: Core) -> None:
    """With the same words."""
    await known(core, "other@example.com", *(f"user{number:02}@example.org" for number in range(22)))
    first = await said(core, "/accounts example.org user", OPERATOR)
    rest = await pressed(core, first, "More", OPERATOR)
    assert [each.label for each in rest.fields] == ["user20@example.org", "user21@example.org"]


async def test_an_account_is_shut_out_let_in_and_raised(core: Core) -> None:
    """Its tokens end; saying it twice changes nothing more."""
    accounts = await known(core, "ada@example.org")
    before = await user_of(core, "ada@example.org")
    assert before is not None
    tokens = await tokens_for(accounts, before)
    for _ in range(2):
        assert "cannot log in any more" in (await said(core, "/disable Ada@Example.org", OPERATOR)).body
    assert await user_of(core, "ada@example.org") == replace(before, disabled=True, version=2)
    with pytest.raises(Unauthenticated):
        await of_bearer(accounts, tokens.access)
    assert (await said(core, "/resetpassword ada@example.org", OPERATOR)).status is Status.REFUSED
    await said(core, "/enable ada@example.org", OPERATOR)
    assert "operator now" in (await said(core, "/role ada@example.org operator", OPERATOR)).body
    assert await user_of(core, "ada@example.org") == replace(before, role=Role.OPERATOR, version=3)
    assert (await said(core, "/role ada@example.org", OPERATOR)).status is Status.INCOMPLETE  # who it is for?
    assert "user now" in (await said(core, "/role ada@example.org user", OPERATOR)).body
    for word in ("disable", "enable", "resetpassword", "deleteaccount", "role"):
        lost = await said(core, f"/{word} nobody@example.org{' user' if word == 'role' else ''}", OPERATOR)
        assert "no account with this email address" in lost.body


async def test_a_code_from_the_console_lets_in_a_new_password(core: Core) -> None:
    """For a day, to be passed on; it is shown this once, and the last one made holds."""
    accounts = await known(core, "ada@example.org")
    older, newer = [(await said(core, "/resetpassword ada@example.org", OPERATOR)) for _ in range(2)]
    assert (newer.secret, newer.private) == (True, True)
    passed(core, hours=23)
    with pytest.raises(Refused, match="not right"):
        await reset_password(accounts, "ada@example.org", older.fields[0].value, "another long sentence", "")
    user = await reset_password(
        accounts, "ada@example.org", newer.fields[0].value, "another long sentence", ""
    )
    assert user.version == 2


async def test_an_account_is_deleted_when_it_is_said_twice(core: Core) -> None:
    """With everything that is its person's."""
    await known(core, "ada@example.org", "bea@example.org")
    asked = await said(core, "/deleteaccount ada@example.org", OPERATOR)
    assert await user_of(core, "ada@example.org") is not None
    assert "is deleted" in (await pressed(core, asked, "Delete everything", OPERATOR)).body
    assert await user_of(core, "ada@example.org") is None
    assert (await rows(core.store))["users"] == 1
