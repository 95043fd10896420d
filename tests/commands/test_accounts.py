"""Invitations: made in the console, used once."""

from dataclasses import replace

import pytest

from bot.accounts.signing_up import sign_up
from bot.message import Actor, Status
from bot.qr.refusal import Refused
from storage.account import Role
from tests.adapters.site import accounts_on
from tests.core.talking import Core, said

OPERATOR = Actor("console", "root")


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
