"""What somebody is offered while they type my name and a text in any chat, and what they then choose."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.commands.inline import HINT
from bot.commands.typed import LOOKS
from bot.message import Actor, Asking, Reply, Request
from bot.offers import Offer
from bot.previews import picture_named
from storage.changes import SetFavourite, Unit
from tests.core.talking import (
    ADA,
    BEA,
    Core,
    codes_of,
    passed,
    person_of,
    pressed,
    private,
    request,
    rows,
    said,
)

LINK = "https://example.com/Menu?a=1"


def typed(core: Core, query: str = "", start: int = 0, *, kept: bool = False, who: Actor = ADA) -> Request:
    """Make the request of an inline query."""
    values = {"query": query, "start": str(start)} | ({"kept": "yes"} if kept else {})
    return request(core, who=who, command="inline", values=values, pressed=True, id="")


async def offered(core: Core, query: str = "", start: int = 0, *, kept: bool = False) -> Reply:
    """Type a query and get what it offers."""
    reply = await core.app.handle(typed(core, query, start, kept=kept))
    assert reply is not None
    return reply


async def choose(core: Core, result: str, query: str = "", *, empty: bool = False) -> Reply | None:
    """Choose one of the results."""
    values = {"result": result, "query": query} | ({"empty": "yes"} if empty else {})
    return await core.app.handle(request(core, command="chosen", values=values, pressed=True))


def ids(reply: Reply) -> list[str]:
    """Name the offers."""
    return [offer.id for offer in reply.offers]


def drawn(offer: Offer) -> tuple[str, str]:
    """Give what a picture says, and its format."""
    assert offer.picture is not None
    return offer.picture.payload.text, offer.picture.format


async def keep(core: Core, *texts: str, starred: bool = False) -> None:
    """Let Ada have codes, each a second younger than the one before."""
    for text in texts:
        passed(core, seconds=1)
        reply = await said(core, text)
        if starred:
            person = await person_of(core)
            await core.store.commit(Unit("", core.hands[-1], (SetFavourite(reply.code, person.id, True),)))


async def test_a_text_is_offered_in_several_looks_ones_own_first(core: Core) -> None:
    """Each says the text, as a JPEG; nothing is kept of it, not even that somebody asked."""
    reply = await offered(core, LINK)
    assert ids(reply) == ["new.own", *(f"new.{look}" for look in LOOKS if look != "classic")]
    assert {drawn(offer) for offer in reply.offers} == {(LINK, "jpeg")}
    assert len({offer.picture for offer in reply.offers}) == len(reply.offers)
    assert all(offer.words == LINK for offer in reply.offers)
    assert await rows(core.store) == {}


async def test_ones_own_look_comes_first_and_no_look_twice(core: Core) -> None:
    """Whoever has chosen "ocean" sees it first, and the classic one among the others."""
    await said(core, "/style ocean")
    reply = await offered(core, "hello")
    assert ids(reply)[0] == "new.own"
    assert "new.ocean" not in ids(reply)
    assert "new.classic" in ids(reply)


@pytest.mark.parametrize(
    ("query", "result", "title", "text"),
    [
        ("+44 20 7946 0958", "new.own", "In your own look", "tel:+442079460958"),
        ("ada@example.com", "new.own", "In your own look", "mailto:ada@example.com"),
        ("contact Ada Lovelace +442079460958", "new.own", "In your own look", "BEGIN:VCARD"),
        ("event Party 2030-06-01 timezone=Europe/Paris", "new.own", "In your own look", "BEGIN:VCAL"),
        ("Red Cross DE89370400440532013000 25 EUR", "epc.own", "Red Cross", "BCD\n"),
        ('pay epc "Red Cross" DE89370400440532013000 25', "epc.own", "Red Cross", "BCD\n"),
        ("see https://example.com now", "url.own", "https://example.com", "https://example.com"),
    ],
)
async def test_a_text_is_offered_as_what_it_is_understood_as(
    core: Core, query: str, result: str, title: str, text: str
) -> None:
    """A number, an address, a contact, an event, a payment, a link: by itself, or beside the text."""
    [found] = [offer for offer in (await offered(core, query)).offers if offer.id == result]
    assert title in found.title
    assert drawn(found)[0].startswith(text)


async def test_a_payment_that_is_always_black_on_white_has_no_looks(core: Core) -> None:
    """Its specification says so; there is one picture, and the text as it was typed."""
    swiss = (
        'pay swiss CH4431999123000889012 "Muster AG" creditor_street=Weg creditor_postcode=8000 '
        "creditor_town=Basel creditor_country=CH amount=5 currency=CHF"
    )
    assert set(ids(await offered(core, swiss))) <= {"new.own", "text.own", *(f"new.{k}" for k in LOOKS)}


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("WIFI:T:WPA;S:Guest;P:s3cret-canary;;", "/wifi"),
        ("wifi:S:Guest;P:s3cr", "/wifi"),
        ("wifi Guest s3cret-canary", "/wifi"),
        ("wifi Guest s3cret-canary and more words than fit", "/wifi"),
        ("WLAN: Gast  Passwort: s3cret-canary", "/wifi"),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", "/otp"),
        ("OTPAUTH://to", "/otp"),
        ("otp ada JBSWY3DPEHPK3PXP", "/otp"),
        ("text WIFI:T:WPA;S:Guest;P:s3cret-canary;;", "/wifi"),
        ("qr WIFI:T:WPA;S:Guest;P:s3cret-canary;;", "/wifi"),
        ("/qr WIFI:T:WPA;S:Guest;P:s3cret-canary;;", "/wifi"),
        ("/qr format=svg  WIFI:S:Guest;P:s3cr", "/wifi"),
        ("/raw wifi:S:Guest;P:s3cr", "/wifi"),
        ("/WIFI:S:Guest;P:s3cr", "/wifi"),
        ('make "WIFI:T:WPA;S:Guest;P:s3cret-canary;;"', "/wifi"),
        ("make WIFI:T:WPA;S:Guest;P:s3cret-canary;;", "/wifi"),
        ("qr otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", "/otp"),
        ("my code\notpauth-migration://offline?data=JBSWY", "/otp"),
        ("WLAN: Guest, Passwort: s3cr", "/wifi"),
        ("SSID: Guest, password: s3cr", "/wifi"),
        ("qr SSID: Guest, password: s3cret-canary", "/wifi"),
        ("/qr WLAN: Guest Kennwort: s3cr", "/wifi"),
        ("our WLAN-Passwort: s3cr", "/wifi"),
        ("clave: s3cr, red: Guest", "/wifi"),
        ("Nom du réseau : Guest mot de passe : s3cr", "/wifi"),
    ],
)
async def test_secrets_are_not_offered_and_not_repeated(core: Core, query: str, line: str) -> None:
    """There is a hint, and a button that leads to the private chat; finished or still being typed."""
    reply = await offered(core, query, kept=True)
    assert [(offer.id, offer.picture) for offer in reply.offers] == [(HINT, None)]
    assert [button.line for row in reply.buttons for button in row] == [line]
    assert not {"s3cr", "Guest", "Gast", "JBSWY"} & set(str(reply).split("'"))
    assert "s3cret" not in str(reply)
    assert await rows(core.store) == {}
    assert await choose(core, "new.own", query) is None
    assert await rows(core.store) == {}


@pytest.mark.parametrize(
    "query",
    [
        "Wi-Fi is free here",
        "The red key: turn it left",
        "password: none needed",
        "see wifi.example.com",
        "https://example.com/wifi?key=5",
    ],
)
async def test_what_only_speaks_of_a_network_or_a_key_is_offered(core: Core, query: str) -> None:
    """A word of the one without a word of the other hides nothing."""
    assert "new.own" in ids(await offered(core, query))


@pytest.mark.parametrize(
    "query", ["qr hello", "/qr hello", "/qr look=ocean hello", "text hello", "/raw hello"]
)
async def test_a_command_that_makes_codes_is_no_part_of_what_they_say(core: Core, query: str) -> None:
    """The chat takes it as the command too, so that nobody gets two different codes of one line."""
    reply = await offered(core, query)
    assert {drawn(offer)[0] for offer in reply.offers} == {"hello"}
    await choose(core, "new.own", query)
    assert [code.text for code in await codes_of(core)] == ["hello"]


async def test_an_empty_query_shows_favourites_then_what_was_made_last(core: Core) -> None:
    """Page by page, each code once, and none that holds a secret."""
    await keep(core, *(f"code {number}" for number in range(12)))
    await keep(core, "loved", starred=True)
    await keep(core, "/wifi Guest s3cret", "newest")
    first = await offered(core)
    assert [offer.title for offer in first.offers][:3] == ["★ loved", "newest", "code 11"]
    second = await offered(core, start=int(first.more))
    titles = [offer.title for page in (first, second) for offer in page.offers]
    assert sorted(titles) == sorted(["★ loved", "newest", *(f"code {number}" for number in range(12))])
    assert second.more == ""
    assert "s3cret" not in str((first, second))


async def test_a_page_of_secrets_alone_is_passed_over(core: Core) -> None:
    """What lies behind them is shown at once."""
    await keep(core, "oldest", *(f"/wifi Net{number} s3cret{number}" for number in range(10)))
    assert [offer.title for offer in (await offered(core)).offers] == ["oldest"]


async def test_who_has_nothing_yet_is_told_how_to_begin(core: Core) -> None:
    """A hint, and the way to the settings."""
    reply = await offered(core, "  ")
    assert [(offer.id, offer.picture) for offer in reply.offers] == [(HINT, None)]
    assert reply.offers[0].words
    assert reply.buttons[0][0].line == "/settings"


async def test_favourites_that_a_text_names_are_offered_too(core: Core) -> None:
    """Those of the person alone."""
    await keep(core, "https://example.com/menu", "menu of the week", starred=True)
    await keep(core, "menu without a star")
    titles = [offer.title for offer in (await offered(core, "menu")).offers if offer.id.startswith("code.")]
    assert titles == ["★ menu of the week", "★ https://example.com/menu"]
    other = await core.app.handle(typed(core, "menu", who=BEA))
    assert other is not None
    assert not [offer for offer in other.offers if offer.id.startswith("code.")]


async def test_a_code_is_offered_by_its_id_to_whoever_made_it(core: Core) -> None:
    """As a button that shares it says it; for everybody else it is a text."""
    await keep(core, LINK)
    [code] = await codes_of(core)
    assert ids(await offered(core, code.id.lower()))[:2] == [f"code.{code.id}", "new.own"]
    other = await core.app.handle(typed(core, code.id, who=BEA))
    assert other is not None
    assert ids(other)[0] == "new.own"


async def test_letters_are_not_counted_as_requests(core: Core) -> None:
    """They have a count of their own; over it a sentence takes the results' place."""
    counted = []

    async def allowed(account: str) -> int:
        counted.append(account)
        return 1

    app = replace(core.app, allowed=allowed)
    reply = await app.handle(typed(core, "hello"))
    assert reply is not None
    assert (reply.offers, "wait a minute" in reply.body) == ((), True)
    assert counted == [f"{ADA.key}:typing"]


async def test_who_only_types_is_not_known_for_it(both: Core) -> None:
    """What a stranger was offered is nobody's: there to be fetched for an hour, then nothing is left."""
    reply = await offered(both, "hello", kept=True)
    assert await rows(both.store) == {"previews": 1}
    for offer in reply.offers:
        assert await picture_named(both.app, offer.name) == offer.picture
    [file] = (await said(both, "/export")).files
    assert json.loads(file.text).get("inline", []) == []
    passed(both, hours=1)
    assert await picture_named(both.app, reply.offers[0].name) is None


async def test_what_somebody_known_was_offered_goes_with_them(both: Core) -> None:
    """And leaves a stranger's alone."""
    await said(both, "/style ocean")
    theirs = await offered(both, "hello", kept=True)
    other = await both.app.handle(typed(both, "hello", kept=True, who=BEA))
    assert other is not None
    await pressed(both, await said(both, "/forgetme"), "")
    assert await picture_named(both.app, theirs.offers[0].name) is None
    assert await picture_named(both.app, other.offers[0].name) is not None


async def test_what_is_fetched_later_is_kept_for_an_hour_in_one_row(both: Core) -> None:
    """Its names say what to draw, and nothing of it stands in the name."""
    await said(both, "/style ocean")
    reply = await offered(both, "hello", kept=True)
    assert await rows(both.store) == {"people": 1, "identities": 1, "seen": 1, "previews": 1}
    for offer in reply.offers:
        assert await picture_named(both.app, offer.name) == offer.picture
    first = reply.offers[0].name
    assert await picture_named(both.app, first.replace(".0", ".99")) is None
    [file] = (await said(both, "/export")).files
    assert "hello" in json.loads(file.text)["inline"][0]["body"]
    passed(both, hours=1)
    assert await picture_named(both.app, first) is None


async def test_a_choice_becomes_a_code_of_the_persons(both: Core) -> None:
    """In the look that was chosen; what is shown there already needs no answer."""
    await offered(both, "hello", kept=True)
    assert await choose(both, "new.ocean", "hello") is None
    [code] = await codes_of(both)
    assert (code.text, code.kind, code.space) == ("hello", "text", private(ADA).key)
    [ocean] = [o for o in (await offered(both, "hello")).offers if o.id == "new.ocean"]
    reply = await choose(both, "new.ocean", "hello", empty=True)
    assert reply is not None
    assert reply.picture is not None
    assert ocean.picture is not None
    assert reply.picture.style == ocean.picture.style


async def test_a_saved_code_that_is_chosen_is_not_saved_again(core: Core) -> None:
    """Nor is one of somebody else's shown."""
    await keep(core, LINK)
    [code] = await codes_of(core)
    reply = await choose(core, f"code.{code.id}", empty=True)
    assert reply is not None
    assert (reply.title, reply.code) == (LINK, code.id)
    assert len(await codes_of(core)) == 1
    values = {"result": f"code.{code.id}", "empty": "yes"}
    other = await core.app.handle(request(core, who=BEA, command="chosen", values=values))
    assert other is not None
    assert other.picture is None
    assert "gone" in other.body


@pytest.mark.parametrize("result", ["new.nothing", "epc.own", "", "code.", "x" * 64, "new"])
async def test_a_choice_that_was_never_offered_is_nothing(core: Core, result: str) -> None:
    """Its message says so where it still waits for a picture."""
    assert await choose(core, result or "?", "hello") is None
    reply = await choose(core, result or "?", "hello", empty=True)
    assert reply is not None
    assert (reply.picture, bool(reply.body)) == (None, True)
    assert await rows(core.store) == {}


async def test_a_text_at_the_limit_may_have_been_cut_and_says_so(core: Core) -> None:
    """Telegram takes 256 characters; the hint comes first."""
    assert ids(await offered(core, "x" * 255))[0] == "new.own"
    reply = await offered(core, "😀" * 256)
    assert ids(reply)[:2] == [HINT, "new.own"]
    assert "256" in reply.offers[0].title


@pytest.mark.parametrize(
    "query", ["a\x00b", "\ud83d", "/nothing", "\u202eabc\u202c", "<b>&amp;</b>", "مرحبا"]
)
async def test_odd_texts_get_offers_or_a_sentence(core: Core, query: str) -> None:
    """Never nothing, and never a failure."""
    reply = await offered(core, query)
    assert reply.offers or reply.body
    assert all(offer.title for offer in reply.offers)


async def test_the_words_are_for_the_field_of_a_chat_alone(core: Core) -> None:
    """Typed to the bot they explain how it goes."""
    for word in ("/inline hello", "/chosen new.own hello"):
        assert "message field of any chat" in (await said(core, word)).body
    assert await rows(core.store) == {}


async def test_a_link_into_the_private_chat_leads_where_its_button_said(core: Core) -> None:
    """Settings, or the form of what must not be typed elsewhere; what is no word of ours says hello."""
    assert (await said(core, "/start settings")).title == (await said(core, "/settings")).title
    form = await said(core, "/start wifi")
    assert form.form is not None
    assert form.form.command == "wifi"
    for payload in ("inline", "start", "nothing"):
        assert "Hello" in (await said(core, f"/start {payload}")).title


async def test_a_half_filled_form_outlives_what_is_typed_elsewhere(core: Core) -> None:
    """The question in the private chat stays open."""
    await core.app.handle(request(core, "/qr", answered=False, asking=Asking.QUESTION))
    before = await rows(core.store)
    await offered(core, "hello")
    await choose(core, "new.own", "hello")
    assert (await rows(core.store))["drafts"] == before["drafts"]
