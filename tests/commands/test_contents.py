"""Contents in the conversation: commands and forms of every kind, what is pasted, what is offered instead."""

from dataclasses import replace

import pytest

from bot.cards import SECRET_KINDS
from bot.commands import COMMANDS
from bot.message import Entry, Reply, Status
from bot.qr.payloads import KINDS
from tests.commands.test_make import MADE
from tests.core.talking import BEA, GROUP, Core, codes_of, filled, labels, payload, pressed, rows, said

KEY = "long enough"


@pytest.mark.parametrize(
    "name", [name for name, each in COMMANDS.items() if each.kind and each.kind != "raw"]
)
async def test_each_kind_makes_its_code_by_its_word(core: Core, name: str) -> None:
    """From the example of its help; kept as its kind, unless it must not be."""
    found = COMMANDS[name]
    reply = await said(core, f"/{found.example}")
    assert (reply.status, reply.form) == (Status.OK, None)
    if KINDS[found.kind].kept:
        assert [code.kind for code in await codes_of(core)] == [found.kind]
    assert ("codes" in await rows(core.store)) is KINDS[found.kind].kept
    assert reply.private or found.kind not in SECRET_KINDS


@pytest.mark.parametrize("name", [name for name, each in COMMANDS.items() if each.kind])
async def test_each_kind_has_a_form(core: Core, name: str) -> None:
    """The word alone asks, each value by its label; secrets are asked for as secrets."""
    reply = await said(core, f"/{name}")
    assert reply.form is not None
    assert [question.name for question in reply.form.questions] == [
        each.name for each in COMMANDS[name].params if not each.arg.unasked
    ]
    for question, param in zip(reply.form.questions, COMMANDS[name].params, strict=False):
        assert question.label
        assert (question.entry is Entry.SECRET) is param.arg.secret


@pytest.mark.parametrize(
    "text",
    [
        "call me maybe", "contact us today", "place of birth", "social media", "event of the year",
        "phone home", "app store", "signal lost", "pay attention", "pay the bill", "email me", "raw deal",
        "swiss cheese", "bitcoin is volatile", "sms for you", "mail order", "telegram for mom",
    ],
)  # fmt: skip
async def test_a_text_that_begins_with_a_kinds_word_stays_a_text(core: Core, text: str) -> None:
    """Unless its values parse."""
    assert payload(await said(core, text)) == text


async def test_a_one_time_password_is_kept_nowhere(core: Core) -> None:
    """Neither made nor pasted: no code, no person, nothing to press; for the person alone."""
    for text in (
        "/otp ada JBSWY3DPEHPK3PXP issuer=Shop",
        "otpauth://totp/Shop:ada?secret=JBSWY3DPEHPK3PXP&issuer=Shop",
        "/text otpauth://totp/Shop:ada?secret=JBSWY3DPEHPK3PXP&issuer=Shop",
    ):
        reply = await said(core, text, where=GROUP)
        assert payload(reply).startswith("otpauth://")
        assert (reply.private, reply.secret, reply.code, labels(reply)) == (True, True, "", [])
        assert "JBSWY3DPEHPK3PXP" not in f"{reply.title}{reply.body}"
    assert "codes" not in await rows(core.store)


async def test_what_is_pasted_can_be_had_exactly_as_typed(core: Core) -> None:
    """Where the code says something else: in its place, under More, also after a look at the files."""
    reply = await said(core, "example.com")
    assert (payload(reply), labels(reply)) == ("https://example.com", MADE)
    for menu in ("File", "Style", "More"):
        reply = await pressed(core, await pressed(core, reply, menu), "Back")
    typed = await pressed(core, await pressed(core, reply, "More"), "Exactly as typed")
    assert (payload(typed), typed.replace) == ("example.com", True)
    assert [code.text for code in await codes_of(core)] == ["example.com"]
    other = await said(core, "https://example.com/x")
    assert "Exactly as typed" not in labels(await pressed(core, other, "More"))


async def test_what_is_not_sure_stays_a_text_with_an_offer(core: Core) -> None:
    """One press takes the text back and makes what was meant."""
    reply = await said(core, "readme.md")
    assert (payload(reply), labels(reply)) == ("readme.md", MADE)
    assert reply.body == "Did you mean something else? See More."
    meant = await pressed(core, await pressed(core, reply, "More"), "As: Link")
    assert (payload(meant), meant.replace) == ("https://readme.md", True)
    assert [code.kind for code in await codes_of(core)] == ["url"]


async def test_an_account_alone_leads_to_the_form_of_the_payment(core: Core) -> None:
    """With what is known filled in; the code stays until the form is."""
    reply = await said(core, "DE89 3704 0044 0532 0130 00 12,50 EUR")
    asked = await pressed(core, await pressed(core, reply, "More"), "As: SEPA payment")
    assert asked.form is not None
    assert asked.form.values == {"iban": "DE89370400440532013000", "amount": "12,50"}
    assert len(await codes_of(core)) == 1
    made = await filled(core, "epc", name="Red Cross", **asked.form.values)
    assert payload(made) == "BCD\n002\n1\nSCT\n\nRed Cross\nDE89370400440532013000\nEUR12.50"


async def test_a_network_in_plain_words_is_one(core: Core) -> None:
    """For the person alone, its key in no button."""
    reply = await said(core, f"WLAN: Guest network\nPasswort: {KEY}", where=GROUP)
    assert payload(reply) == f"WIFI:T:WPA;S:Guest network;P:{KEY};;"
    assert reply.private
    assert KEY not in str(replace(reply, picture=None))


async def test_an_event_takes_the_persons_own_time_zone(core: Core) -> None:
    """Set once; asked for where it is not, and where the event names another."""
    asked = await said(core, '/event Tea "2027-07-01 18:00"')
    assert asked.form is not None
    assert [each.name for each in asked.form.questions if each.error] == ["timezone"]
    await said(core, "/settings timezone=Europe/Berlin")
    assert "DTSTART:20270701T160000Z" in payload(await said(core, '/event Tea "2027-07-01 18:00"'))
    tokyo = await said(core, '/event Tea "2027-07-01 18:00" timezone=Asia/Tokyo')
    assert "DTSTART:20270701T090000Z" in payload(tokyo)


async def test_a_payment_is_chosen_by_its_kind(core: Core) -> None:
    """With its values, or asking for them; without a slash only where it is one."""
    asked = await said(core, "/pay")
    assert asked.form is not None
    labels_ = dict(asked.form.questions[0].choices)
    assert labels_["epc"] == "SEPA payment"
    assert payload(await said(core, "/pay upi shop@okbank Shop 10")).startswith("upi://pay?pa=shop@okbank")
    form = await filled(core, "pay", kind="epc")
    assert form.form is not None
    assert form.form.command == "epc"


async def test_a_strict_kind_keeps_its_look(core: Core) -> None:
    """Black on white, at its level, whatever the person's style; no colours are offered; and it is said."""
    await said(core, "/style navy on white, level H")
    reply = await said(core, f"/{COMMANDS['swiss'].example}")
    assert reply.picture is not None
    assert (reply.picture.style.dark, reply.picture.style.level) == ("#000000", "M")
    assert "black on white" in reply.body
    assert "Colours" not in labels(reply)
    slip = await pressed(core, await pressed(core, reply, "More"), "Payment slip")
    assert [(file.name, file.picture and file.picture.format) for file in slip.files] == [
        (f"qr-{reply.code.lower()}.pdf", "slip")
    ]
    other = await said(core, "hello")
    refused = await said(core, f"/show {other.code} format=slip")
    assert "Only Swiss" in refused.body


async def test_a_place_has_a_map_link_too(core: Core) -> None:
    """For iPhones, which do not know geo."""
    reply = await said(core, "/place 48.8584 2.2945 Eiffel Tower")
    assert payload(await pressed(core, await pressed(core, reply, "More"), "Map link")).startswith(
        "https://maps.apple.com/?ll=48.8584,2.2945"
    )


async def test_what_is_wrong_with_a_pasted_payment_is_said(core: Core) -> None:
    """The code is made as it stands, since it was asked for."""
    text = "BCD\n002\n1\nSCT\n\nRed Cross\nDE88370400440532013000"
    reply = await said(core, text)
    assert payload(reply) == text
    assert "check digits" in reply.body


async def test_the_other_reading_is_the_makers_own(core: Core) -> None:
    """Somebody else cannot press it."""
    reply = await said(core, "readme.md", where=GROUP)
    offer = await pressed(core, reply, "More", where=GROUP)
    refused: Reply = await pressed(core, offer, "As: Link", BEA, GROUP)
    assert refused.body == "Only whoever made this code can change it."
