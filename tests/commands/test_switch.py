"""Words that whoever runs the bot switches off, for everybody on every face."""

import pytest

from bot.message import Actor, Status
from tests.core.talking import Core, core, passed, said

__all__ = ["core"]

BOSS = Actor("console", "local")
WIFI = "/wifi Guest s3cret-pass"


async def test_a_word_is_off_until_it_is_on_again(core: Core) -> None:
    """Within seconds, also for whoever switched it; what else there is works."""
    assert (await said(core, WIFI)).picture is not None
    assert "off" in (await said(core, "/switch wifi off", BOSS)).body
    passed(core, seconds=6)
    for who in (BOSS, Actor("telegram", "101"), Actor("web", "0123456789ABCDEF")):
        reply = await said(core, WIFI, who)
        assert (reply.status, reply.body) == (Status.REFUSED, "“wifi” is switched off here.")
        assert (await said(core, "hello", who)).picture is not None
    assert "wifi" in (await said(core, "/switch", BOSS)).body
    await said(core, "/switch wifi on", BOSS)
    passed(core, seconds=6)
    assert (await said(core, WIFI)).picture is not None
    assert "wifi" not in (await said(core, "/switch", BOSS)).body
    assert "wifi" not in str((await said(core, "/access", BOSS)).fields)


async def test_a_text_alone_is_a_word_too(core: Core) -> None:
    """It is what “qr” would make of it."""
    await said(core, "/switch qr off", BOSS)
    passed(core, seconds=6)
    assert (await said(core, "hello")).status is Status.REFUSED


@pytest.mark.parametrize("word", ["help", "export", "forgetme", "switch", "nothing"])
async def test_what_people_need_stays_on(core: Core, word: str) -> None:
    """Nor can the operators' own words go."""
    assert (await said(core, f"/switch {word} off", BOSS)).status is Status.REFUSED
