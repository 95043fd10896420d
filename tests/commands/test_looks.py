"""How codes look: a style of one's own, logos, a space's kit, and the look of one code."""

from dataclasses import replace
from io import BytesIO

import PIL.Image
import pytest

from bot.looks import PICTURES
from bot.message import Actor, Reply, Status, Upload
from bot.qr.style import DEFAULT, Frame, Style, load_style, parse_style, presets
from bot.wire import load_request
from storage.changes import AddAsset, Unit
from storage.records import Asset, Why
from tests.core.talking import (
    ADA,
    BEA,
    GROUP,
    Core,
    asked,
    button,
    labels,
    payload,
    person_of,
    pressed,
    rows,
    said,
)

NAVY = "navy on white, size 600, level Q, margin 6"


def looks(reply: Reply) -> str:
    """Give the dark colour of a reply's picture."""
    return str(style_of(reply).dark)


def style_of(reply: Reply) -> Style:
    """Give the style of a reply's picture."""
    assert reply.picture is not None
    return reply.picture.style


def picture(colour: str = "teal", side: int = 60) -> Upload:
    """Send a picture of one colour."""
    out = BytesIO()
    PIL.Image.new("RGB", (side, side), colour).save(out, "PNG")
    return Upload("F1", "logo.png", "image/png", len(out.getvalue()), out.getvalue())


# --- style --------------------------------------------------------------------------------------------------


async def test_a_style_is_kept_and_used_for_what_is_made_since(both: Core) -> None:
    """Shown on a sample; older codes keep theirs."""
    old = await said(both, "older")
    reply = await said(both, f"/style {NAVY}")
    assert reply.body == "Your codes look like this: navy on white, size 600, level Q, margin 6"
    assert (payload(reply), looks(reply)) == ("https://example.com", "#000080")
    new = await said(both, "newer")
    assert new.picture is not None
    assert new.picture.style == parse_style(NAVY)
    assert looks(await said(both, f"/show {old.code}")) == "#000000"


async def test_a_style_is_changed_part_by_part_and_put_back(core: Core) -> None:
    """Each button changes one thing; "default" clears what was chosen."""
    reply = await said(core, f"/style {NAVY}")
    level = await pressed(core, reply, "Level H")
    assert "navy on white, size 600, level H" in level.body
    for word in ("default", "Default", " default "):
        await said(core, "/style red on white")
        assert looks(await said(core, f"/style {word}")) == "#000000"
        assert (await person_of(core)).preferences.style == ""


async def test_every_button_of_the_style_works(core: Core) -> None:
    """None is refused."""
    reply = await said(core, "/style")
    for label in [each.label for row in reply.buttons for each in row if each.line]:
        assert (await pressed(core, reply, label)).status is Status.OK


async def test_a_style_that_is_only_shown_changes_nothing(core: Core) -> None:
    """Nothing is kept about who looks."""
    assert looks(await said(core, "/style")) == DEFAULT.dark
    assert await rows(core.store) == {}


async def test_a_wrong_style_is_asked_again_with_the_reason(core: Core) -> None:
    """Also what is wrong inside it: a size, a level."""
    for look, reason in (("navvy", "navy"), ("size 9", "64 to 4096"), ("level X", "L, M, Q and H")):
        reply = await said(core, f"/style {look}")
        assert reply.form is not None
        assert reason in reply.form.questions[0].error
    [question] = await asked(core, "/style size 9")
    assert question.body.startswith("The size goes from 64 to 4096.")
    [changed] = await asked(core, "navy on white")
    assert looks(changed) == "#000080"


async def test_colours_too_close_to_my_own_style_are_refused(core: Core) -> None:
    """And the style stays."""
    await said(core, "/style white on black")
    refused = await said(core, "/style black on black")
    assert ("too close" in refused.body, refused.status) == (True, Status.REFUSED)
    assert looks(await said(core, "/style")) == "#ffffff"


async def test_looks_with_names_are_shown_as_one_picture_with_a_button_each(core: Core) -> None:
    """Each button wears one; size and logo stay."""
    await said(core, "/style size 600, logo ⭐")
    offer = await said(core, "/style presets")
    assert offer.picture is not None
    assert offer.picture.format == "gallery"
    assert len([label for label in labels(offer) if label[0].isdigit()]) == len(presets()) >= 24
    chosen = style_of(await pressed(core, offer, "ocean"))
    assert (chosen.modules, chosen.size) == (presets()["ocean"].modules, 600)
    assert chosen.logo is not None


async def test_a_surprise_is_another_one_each_time(core: Core) -> None:
    """And kept until something else is chosen."""
    seen = {style_of(await said(core, "/style surprise")) for _ in range(8)}
    assert len(seen) > 4
    assert load_style((await person_of(core)).preferences.style) in seen


async def test_a_style_is_shared_by_a_code_that_somebody_else_says(core: Core) -> None:
    """Copied from a button; a wrong one is told."""
    reply = await said(core, '/style dots navy on white, frame bubble "Scan me"')
    line = button(reply, "Copy to share").copy
    assert len(line) < 80
    assert style_of(await said(core, line, BEA)) == style_of(reply)
    wrong = await said(core, f"{line[:-1]}{'A' if line[-1] != 'A' else 'B'}", BEA)
    assert wrong.form is not None


# --- the look of one code -----------------------------------------------------------------------------------


async def test_other_looks_are_offered_and_change_the_code_in_place(core: Core) -> None:
    """Every offered look is legal; its content stays."""
    code = await said(core, "hello")
    offer = await pressed(core, code, "Style")
    assert offer.replace
    for label in labels(offer):
        changed = await pressed(core, offer, label)
        assert (payload(changed), changed.code, changed.replace) == ("hello", code.code, True)
    assert labels(await said(core, f"/colours {code.code}")) == labels(offer)


async def test_a_code_is_left_exactly_as_asked_at_a_press(core: Core) -> None:
    """What the button under a mended picture says."""
    code = await said(core, '/qr look="white on navy" hello')
    exact = await said(core, f"restyle {code.code} exact", pressed=True)
    assert style_of(exact) == replace(parse_style("white on navy"), exact=True)


async def test_plain_takes_all_back(core: Core) -> None:
    """Shapes, colours, frame, logo and size."""
    code = await said(core, '/qr look="hearts red on white, frame “Yes”, logo ⭐, size 600" hello')
    plain = await said(core, f"/restyle {code.code} default")
    assert style_of(plain) == DEFAULT


# --- logos --------------------------------------------------------------------------------------------------


async def test_a_picture_sent_with_the_word_becomes_the_logo(both: Core) -> None:
    """Of the sample, and of all that is made since; it is kept as a small PNG of ours."""
    reply = await said(both, "/logo", uploads=(picture(),))
    logo = style_of(reply).logo
    assert logo is not None
    assert style_of(await said(both, "hello")).logo == logo
    async with both.store.reading() as work:
        [kept] = await work.assets.of((await person_of(both)).id)
    assert logo.source == f"asset:{kept.id}"
    assert PIL.Image.open(BytesIO(kept.data)).format == "PNG"


async def test_a_file_that_was_not_fetched_yet_is_fetched_first(core: Core) -> None:
    """By a job; a profile photo is asked for by name."""
    await asked(core, "logo", uploads=(replace(picture(), data=b""),))
    await asked(core, "/logo photo")
    refs = [load_request(job.body).uploads[0].ref for unit in core.woken for job in unit.requests]
    assert refs == ["F1", "profile:person"]


async def test_where_no_platform_has_a_photo_it_is_refused(core: Core) -> None:
    """On the page and in the console."""
    reply = await said(core, "/logo photo", Actor("web", "guest"))
    assert (reply.status, "Send me one" in reply.body) == (Status.REFUSED, True)


async def test_a_logo_is_an_emoji_has_a_shape_and_goes(core: Core) -> None:
    """By its buttons too."""
    offer = await said(core, "/logo")
    assert style_of(await pressed(core, offer, "☕")).logo is not None
    shaped = await said(core, "/logo round 20%")
    logo = style_of(shaped).logo
    assert logo is not None
    assert (logo.source, logo.shape, logo.size) == ("emoji:☕", "round", 20)
    assert style_of(await pressed(core, shaped, "Remove")).logo is None
    assert (await person_of(core)).preferences.style == ""


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.4"])
async def test_what_is_no_picture_is_refused_and_nothing_kept(core: Core, data: bytes) -> None:
    """With a sentence about what to send."""
    reply = await said(core, "/logo", uploads=(replace(picture(), data=data or b"x"),))
    assert (reply.status, "PNG" in reply.body) == (Status.REFUSED, True)
    assert await rows(core.store) == {}


async def test_somebody_elses_picture_cannot_be_worn(core: Core) -> None:
    """Though its id was seen."""
    await said(core, "/logo", uploads=(picture(),))
    source = load_style((await person_of(core)).preferences.style).logo
    assert source is not None
    refused = await said(core, f"/style logo {source.source}", BEA)
    assert (refused.status, "no such picture" in refused.body) == (Status.REFUSED, True)
    assert style_of(await said(core, f"/style logo {source.source}")).logo is not None


async def test_only_so_many_pictures_are_kept(core: Core) -> None:
    """One more is refused."""
    await said(core, "/logo ⭐")
    owner = (await person_of(core)).id
    many = [AddAsset(Asset(f"L{number:09}", owner, b"x", core.app.clock())) for number in range(PICTURES)]
    await core.store.commit(Unit("r", core.app.clock(), tuple(many)))
    reply = await said(core, "/logo", uploads=(picture(),))
    assert (reply.status, str(PICTURES) in reply.body) == (Status.REFUSED, True)


async def test_a_picture_sent_with_style_lies_behind_the_codes(core: Core) -> None:
    """Faded as far as it takes; the other words hold too; it goes by its name."""
    reply = await said(core, "style navy on white", uploads=(picture("gold"),))
    style = style_of(reply)
    assert (style.dark, style.backdrop is not None) == ("#000080", True)
    assert style_of(await said(core, "hello")).backdrop == style.backdrop
    assert style_of(await said(core, "/style no backdrop")).backdrop is None


@pytest.mark.parametrize("look", ["frame “🧿𒀀”", "logo 🯿"])
async def test_what_no_font_can_show_is_refused_before_it_is_kept(core: Core, look: str) -> None:
    """A style that no code could be drawn in helps nobody."""
    reply = await said(core, f"/style {look}")
    assert reply.form is not None or reply.status is Status.REFUSED
    assert await rows(core.store) == {}


async def test_pictures_are_forgotten_on_request(core: Core) -> None:
    """The style goes on without; a kit's go with the kit."""
    await said(core, "/logo", uploads=(picture(),))
    reply = await said(core, "/logo forget")
    assert (reply.private, "deleted" in reply.body) == (True, True)
    assert style_of(await said(core, "hello")).logo is None
    await said(core, "/kit", where=GROUP, admin=True, uploads=(picture(),))
    await said(core, "/kit clear", where=GROUP, admin=True)
    assert "assets" not in await rows(core.store)


async def test_a_caption_that_would_hardly_be_seen_is_refused_before_it_is_kept(core: Core) -> None:
    """Also when another colour makes it so."""
    await said(core, "/style frame “Scan me” ink #888888")
    refused = await said(core, "/style #808080 on white")
    assert (refused.status, "hardly be seen" in refused.body) == (Status.REFUSED, True)


async def test_a_picture_with_other_words_is_read_for_codes(core: Core) -> None:
    """As before."""
    reply = await said(core, "look at this", uploads=(picture(),))
    assert "no code in this picture" in reply.body


# --- kits ---------------------------------------------------------------------------------------------------


async def test_a_kit_is_set_by_an_admin_and_used_by_all_in_its_space(both: Core) -> None:
    """Elsewhere everybody keeps their own."""
    await said(both, "/style red on white", BEA)
    reply = await said(both, f"/kit {NAVY}", where=GROUP, admin=True)
    assert reply.body == "The look of codes made here: navy on white, size 600, level Q, margin 6"
    assert looks(await said(both, "hello", BEA, GROUP)) == "#000080"
    assert looks(await said(both, "hello", BEA)) == "#ff0000"
    assert "navy" in (await said(both, "/kit", BEA, GROUP)).body
    await said(both, "/kit green on white", where=GROUP, admin=True)
    assert looks(await said(both, "hello", BEA, GROUP)) == "#008000"


async def test_a_kit_leaves_the_format_to_the_person(core: Core) -> None:
    """It says how codes look, not what they are sent as."""
    await said(core, "/settings format=svg")
    await said(core, f"/kit {NAVY}", where=GROUP, admin=True)
    reply = await said(core, "hello", where=GROUP)
    assert reply.picture is not None
    assert reply.picture.format == "svg"


@pytest.mark.parametrize("word", ["clear", "Clear", " clear "])
async def test_a_kit_is_cleared_by_an_admin(core: Core, word: str) -> None:
    """Then everybody's own style is used again."""
    await said(core, f"/kit {NAVY}", where=GROUP, admin=True)
    assert "gone" in (await said(core, f"/kit {word}", where=GROUP, admin=True)).body
    assert "none" in (await said(core, "/kit", where=GROUP)).body
    assert looks(await said(core, "hello", where=GROUP)) == "#000000"


async def test_who_is_no_admin_cannot_touch_the_kit(core: Core) -> None:
    """Neither set nor clear it; they are told in private."""
    await said(core, f"/kit {NAVY}", where=GROUP, admin=True)
    for line in ("/kit red on white", "/kit clear"):
        refused = await said(core, line, BEA, GROUP, admin=False)
        assert (refused.body, refused.private) == ("Only admins of this place can set its kit.", True)
    assert looks(await said(core, "hello", where=GROUP)) == "#000080"


async def test_whether_somebody_is_an_admin_is_looked_up_first(core: Core) -> None:
    """A job that goes through the door again once it is known."""
    assert await asked(core, f"/kit {NAVY}", where=GROUP) == []
    [unit] = core.woken
    [job] = unit.requests
    assert (job.why, job.lane, job.person_id) == (Why.JOB, GROUP.key, (await person_of(core)).id)
    assert load_request(job.body).text == f"/kit {NAVY}"
    assert "kits" not in await rows(core.store)


async def test_a_private_chat_has_no_kit(core: Core) -> None:
    """One's own look is the style."""
    reply = await said(core, f"/kit {NAVY}", admin=True)
    assert ("/style" in reply.body, reply.status) == (True, Status.REFUSED)


async def test_a_wrong_kit_is_asked_again(core: Core) -> None:
    """With the reason at its field."""
    reply = await said(core, "/kit navvy on white", where=GROUP, admin=True)
    assert reply.form is not None
    assert "navy" in reply.form.questions[0].error
    assert reply.form.command == "kit"


async def test_an_admin_sends_the_kits_logo_and_it_is_worn_by_all(core: Core) -> None:
    """It belongs to the space; the rest of the kit stays."""
    await said(core, "/kit navy on white", where=GROUP, admin=True)
    await said(core, "/kit", where=GROUP, admin=True, uploads=(picture(),))
    style = style_of(await said(core, "hello", BEA, GROUP))
    assert (style.dark, style.logo is not None) == ("#000080", True)
    async with core.store.reading() as work:
        assert len(await work.assets.of(GROUP.key)) == 1


async def test_an_admins_logo_in_a_group_is_worn_by_all_there(both: Core) -> None:
    """And taken off again; what else the kit says stays, and so does the admin's own look."""
    await said(both, "/kit navy on white", where=GROUP, admin=True)
    reply = await said(both, "/logo 15%", where=GROUP, admin=True, uploads=(picture(),))
    assert (reply.private, "made here" in reply.body) == (False, True)
    style = style_of(await said(both, "hello", BEA, GROUP))
    assert (style.dark, style.logo is not None) == ("#000080", True)
    assert style_of(await said(both, "hello")).logo is None
    await said(both, "/logo forget", where=GROUP, admin=True)
    assert style_of(await said(both, "hello", BEA, GROUP)).logo is None
    assert "assets" not in await rows(both.store)
    await said(both, "/logo ⭐", where=GROUP, admin=True)
    assert style_of(await said(both, "hello", BEA, GROUP)).logo is not None
    await said(both, "/kit clear", where=GROUP, admin=True)
    await said(both, "/logo ⭐", where=GROUP, admin=True)
    await said(both, "/logo remove", where=GROUP, admin=True)
    assert "kits" not in await rows(both.store)


async def test_anybody_elses_logo_in_a_group_is_their_own(core: Core) -> None:
    """Told to them alone; who is an admin is looked up first."""
    assert await asked(core, "/logo ⭐", BEA, GROUP) == []
    [job] = core.woken[-1].requests
    assert load_request(job.body).text == "/logo ⭐"
    reply = await said(core, "/logo ⭐", BEA, GROUP, admin=False)
    assert reply.private
    assert style_of(await said(core, "hello", ADA, GROUP)).logo is None
    assert style_of(await said(core, "hello", BEA)).logo is not None


async def test_a_kits_frame_has_a_caption(core: Core) -> None:
    """As a style may have."""
    await said(core, '/kit frame banner "Reading room"', where=GROUP, admin=True)
    assert style_of(await said(core, "hello", ADA, GROUP)).frame == Frame("banner", "Reading room")
