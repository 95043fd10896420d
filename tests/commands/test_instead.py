"""The other reading of a text that might have been a command; commands that are pressed more than typed."""

from bot.message import Asking, Entry
from tests.commands.test_make import MADE
from tests.core.talking import ADA, BEA, GROUP, Core, codes_of, labels, pressed, said


async def test_a_text_may_have_been_meant_as_a_command(core: Core) -> None:
    """One press takes the code back and does what was meant."""
    await said(core, "a map of rome")
    reply = await said(core, "history of rome")
    assert (labels(reply), reply.body) == (MADE, "Did you mean something else? See More.")
    meant = await pressed(core, await pressed(core, reply, "More"), "I meant the command “history”")
    assert "a map of rome" in [entry.value for entry in meant.fields]
    assert [code.text for code in await codes_of(core)] == ["a map of rome"]


async def test_a_command_that_was_not_meant_after_all_leaves_the_code(core: Core) -> None:
    """Refused, or still asking: the code is all there is."""
    for text, told in (("help me out", "“out”"), ("wifi is down", "")):
        reply = await said(core, text)
        meant = await pressed(core, await pressed(core, reply, "More"), "I meant")
        assert told in meant.body
        assert reply.code in [code.id for code in await codes_of(core)]


async def test_the_other_reading_belongs_to_whoever_made_the_code(core: Core) -> None:
    """Somebody else in the group cannot take it away."""
    reply = await said(core, "history of rome", ADA, GROUP)
    offer = await pressed(core, reply, "More", ADA, GROUP)
    assert "I meant" not in str(labels(await pressed(core, reply, "More", BEA, GROUP)))
    refused = await pressed(core, offer, "I meant", BEA, GROUP)
    assert refused.body == "Only whoever made this code can change it."
    assert len(await codes_of(core, ADA)) == 1


async def test_words_that_lead_in_a_circle_are_refused(core: Core) -> None:
    """A code whose text asks to be read instead."""
    first = await said(core, "hello")
    again = f"instead {first.code}"
    second = await said(core, f"/text {again}")
    third = await said(core, f"/text instead {second.code}")
    fourth = await said(core, f"/text instead {third.code}")
    refused = await said(core, f"instead {fourth.code}")
    assert "circle" in refused.body
    assert len(await codes_of(core)) == 4


async def test_a_hidden_command_asked_for_by_name_shows_its_form(core: Core) -> None:
    """With a slash it is a command like any other."""
    reply = await said(core, "/show", asking=Asking.FORM)
    assert reply.form is not None
    first = reply.form.questions[0]
    assert (first.name, first.entry) == ("code", Entry.TEXT)
