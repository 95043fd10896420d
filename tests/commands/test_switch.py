"""Words that whoever runs the bot switches off, for everybody on every face."""

from typing import Any

import pytest

from bot.message import Actor, Status
from tests.adapters.calling import Called, called
from tests.core.talking import Core, asked, core, labels, passed, said
from tests.fakes.drawn import qr

__all__ = ["core"]

ADA, BOSS = Actor("telegram", "101"), Actor("console", "local")
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


async def test_help_does_not_name_what_is_off(core: Core) -> None:
    """Nor does a greeting offer it, or completion; asked about it, help says why."""
    assert "/wifi" in (await said(core, "/help")).body
    await said(core, "/switch wifi off", BOSS)
    passed(core, seconds=6)
    for who in (BOSS, ADA):
        body = (await said(core, "/help", who)).body
        assert "/wifi" not in body
        assert "/text" in body
    explained = await said(core, "/help wifi")
    assert (explained.status, explained.body) == (Status.REFUSED, "“wifi” is switched off here.")
    assert labels(await said(core, "/start")) == ["Make one", "What I can do"]
    assert (await said(core, "wifi")).picture is not None  # a text as any other
    await said(core, "/switch qr off", BOSS)
    passed(core, seconds=6)
    assert labels(await said(core, "/start")) == ["What I can do"]
    assert labels(await said(core, "/help")) == []
    await said(core, "/switch wifi on", BOSS)
    passed(core, seconds=6)
    assert "/wifi" in (await said(core, "/help")).body


async def test_questions_and_pages_of_ones_own_do_not_offer_what_is_off(core: Core) -> None:
    """A payment among those to choose from, the page's first button, and what a text may be meant as."""
    every = labels((await asked(core, "/pay"))[0])
    home = Actor("slack", "T1:U1")
    assert "SEPA payment" in str(every)
    await said(core, "/switch epc off", BOSS)
    await said(core, "/switch qr off", BOSS)
    passed(core, seconds=6)
    fewer = labels((await asked(core, "/pay"))[0])
    assert "SEPA payment" not in str(fewer)
    assert len(fewer) == len(every) - 1
    board = (await said(core, "/home", home, board=True)).board
    assert ("/qr" in str(board), "/help" in str(board)) == (False, True)
    await said(core, "/switch epc on", BOSS)
    passed(core, seconds=6)
    assert labels((await asked(core, "/pay"))[0]) == every


async def refused(api: Called, method: str, path: str, word: str, **sent: Any) -> None:
    """Ask over HTTP for what is off."""
    answer = await api.ask(method, path, **sent)
    assert (answer.status_code, answer.json()["detail"]) == (422, f"“{word}” is switched off here.")


async def test_programs_do_not_get_what_is_off_either(core: Core) -> None:
    """By the word that does it in a chat, within seconds, though nobody has said anything meanwhile."""
    api, picture = called(core), {"file": ("code.png", qr("hello"), "image/png")}
    wifi = {"content": {"type": "wifi", "ssid": "Guest", "password": "s3cret-pass"}}
    text = {"content": {"type": "text", "text": "hello"}}
    async with api.client:
        id = (await api.ask("POST", "/v1/codes", json=text)).json()["id"]
        for path, word in (("/v1/read", "read"), ("/v1/prove", "prove")):
            assert (await api.ask("POST", path, files=picture)).status_code == 200
            await said(core, f"/switch {word} off", BOSS)
            passed(core, seconds=6)
            await refused(api, "POST", path, word, files=picture)
        await said(core, "/switch wifi off", BOSS)
        passed(core, seconds=6)
        await refused(api, "POST", "/v1/render", "wifi", json=wifi)
        await refused(api, "POST", "/v1/codes", "wifi", json=wifi)
        await refused(api, "PATCH", f"/v1/codes/{id}", "wifi", json=wifi)
        assert (await api.ask("POST", "/v1/render", json=text)).status_code == 200
        assert (await api.ask("PATCH", f"/v1/codes/{id}", json={"favourite": True})).status_code == 200
        await said(core, "/switch qr off", BOSS)
        passed(core, seconds=6)
        await refused(api, "POST", "/v1/render", "qr", json=text)
        for word in ("qr", "read"):
            await said(core, f"/switch {word} on", BOSS)
        passed(core, seconds=6)
        assert (await api.ask("POST", "/v1/render", json=text)).status_code == 200
        assert (await api.ask("POST", "/v1/read", files=picture)).status_code == 200


async def test_the_page_does_not_offer_what_is_off(core: Core) -> None:
    """Nor does its camera read."""
    api = called(core, chat=True, guests=True)
    for word in ("wifi", "read"):
        await said(core, f"/switch {word} off", BOSS)
    passed(core, seconds=6)
    async with api.client as client:
        names = {each["name"] for each in (await client.get("/chat/words")).json()["commands"]}
        assert names & {"wifi", "read", "text"} == {"text"}
        seen = await client.post("/chat/read", files={"file": ("code.png", qr("hello"), "image/png")})
        assert (seen.status_code, seen.json()) == (200, {"text": ""})
        await said(core, "/switch read on", BOSS)
        passed(core, seconds=6)
        seen = await client.post("/chat/read", files={"file": ("code.png", qr("hello"), "image/png")})
        assert seen.json() == {"text": "hello"}
