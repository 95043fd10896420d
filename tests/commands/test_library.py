"""What people have made: listed, found, shown, changed, marked, deleted, and by whom."""

import pytest

from bot.message import Actor, Reply, Space, SpaceKind, Status
from storage.records import Code
from tests.core.talking import (
    ADA,
    BEA,
    GROUP,
    Core,
    asked,
    button,
    codes_of,
    labels,
    passed,
    payload,
    pressed,
    said,
)

MINE = "There is no such code of yours any more. /history lists what there is."
OWNER = "Only whoever made this code can change it."


async def made(core: Core, *texts: str, who: Actor = ADA, where: Space | None = None) -> list[Reply]:
    """Make codes, a second after each other."""
    replies = []
    for text in texts:
        replies.append(await said(core, f"/text {text}", who, where))
        passed(core, seconds=1)
    return replies


def listed(reply: Reply) -> list[str]:
    """Name the titles of a list."""
    return [entry.value for entry in reply.fields]


async def only(core: Core, who: Actor = ADA) -> Code:
    """Read somebody's only code."""
    [code] = await codes_of(core, who)
    return code


# --- lists --------------------------------------------------------------------------------------------------


async def test_history_lists_the_newest_first_and_a_button_shows_each(core: Core) -> None:
    """For the person alone; a button shows the code again."""
    await made(core, "one", "two", "three")
    reply = await said(core, "/history")
    assert (reply.title, listed(reply), reply.private) == ("3 codes", ["three", "two", "one"], True)
    assert labels(reply) == ["three", "two", "one", "★ Favourites"]
    shown = await pressed(core, reply, "two")
    assert (payload(shown), shown.code) == ("two", reply.fields[1].label)


async def test_history_has_pages(core: Core) -> None:
    """Five codes each; past the last there is nothing more, before the first is the first."""
    await made(core, *(f"code {number}" for number in range(12)))
    first = await said(core, "/history")
    second = await pressed(core, first, "Older")
    third = await pressed(core, second, "Older")
    assert listed(first) + listed(second) + listed(third) == [
        f"code {number}" for number in reversed(range(12))
    ]
    assert "Older" not in labels(third)
    assert (await said(core, "/history page=4")).body == "There are no more."
    assert listed(await said(core, "/history page=0")) == listed(first)


async def test_search_finds_words_in_content_and_title_page_by_page(core: Core) -> None:
    """Whatever case and accents; the rest of the line is what is searched."""
    await made(core, *(f"Café {number}" for number in range(7)), "tea")
    first = await said(core, "/history CAFE")
    assert (first.title, listed(first)) == ("7 codes", [f"Café {number}" for number in (6, 5, 4, 3, 2)])
    assert listed(await pressed(core, first, "Older")) == ["Café 1", "Café 0"]
    assert listed(await said(core, "/history search=tea")) == ["tea"]
    assert (await said(core, "/history coffee")).body == "Nothing found."


async def test_a_search_too_long_for_a_button_has_no_next_page(core: Core) -> None:
    """Telegram would refuse the whole message."""
    words = "a very long search with many words"
    await made(core, *(f"{words} {number}" for number in range(6)))
    assert "Older" in labels(await said(core, f"/history {words}"))
    assert "Older" not in labels(await said(core, f"/history {words} {words}"[:60]))
    assert "Older" not in labels(
        await said(core, f"/history page=1 favourites=no {words} {words[:1]} a a a a a")
    )


async def test_favourites_are_marked_listed_and_searched(core: Core) -> None:
    """The star toggles in place; their list and its pages hold no others."""
    codes = await made(core, *(f"plan {number}" for number in range(7)), "other")
    for code in codes[:6]:
        starred = await pressed(core, code, "☆ Favourite")
        assert (starred.replace, "★ Unfavourite" in labels(starred)) == (True, True)
    reply = await pressed(core, await said(core, "/history"), "★ Favourites")
    assert (reply.title, labels(reply)[-1]) == ("6 codes", "Older")
    assert reply.fields[0].label.startswith("★ ")
    assert listed(await pressed(core, reply, "Older")) == ["plan 0"]
    assert (await said(core, "/history favourites=yes plan")).title == "6 codes"
    assert (await said(core, "/history favourites=yes other")).body == "Nothing found."
    again = await pressed(core, await said(core, f"/show {codes[0].code}"), "★ Unfavourite")
    assert "☆ Favourite" in labels(again)
    assert (await said(core, "/history favourites=yes")).title == "5 codes"


async def test_an_empty_history_says_what_to_do(core: Core) -> None:
    """For somebody new, and for who has no favourites."""
    assert (await said(core, "/history")).body == "You have made no codes yet. Send me a text."
    assert (await said(core, "/history favourites=yes")).body == "Nothing found."


async def test_a_long_title_is_cut_on_its_button(core: Core) -> None:
    """The field says more of it."""
    await made(core, "x" * 50)
    reply = await said(core, "/history")
    assert (labels(reply)[0], listed(reply)) == ("x" * 39 + "…", ["x" * 50])


async def test_history_in_a_group_is_for_the_person_alone_and_only_theirs(core: Core) -> None:
    """Whatever they prefer for other answers."""
    await made(core, "a plan of Ada's", where=GROUP)
    await said(core, "/settings replies=shared", BEA)
    await made(core, "a plan of Bea's", who=BEA, where=GROUP)
    for line in ("/history", "/history plan"):
        reply = await said(core, line, BEA, GROUP)
        assert (listed(reply), reply.private, reply.shared) == (["a plan of Bea's"], True, False)


# --- one code -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spelled", ["{id}", "{low}", "{hyphens}"])
async def test_an_id_is_read_as_people_type_it(core: Core, spelled: str) -> None:
    """In any case, with hyphens, the letters that look like digits taken for those."""
    [code] = await made(core, "hello")
    id = code.code
    typed = spelled.format(
        id=id, low=id.lower().replace("1", "l").replace("0", "o"), hyphens=f"{id[:5]}-{id[5:]}"
    )
    assert payload(await said(core, f"/show {typed}")) == "hello"


@pytest.mark.parametrize("line", ["/show {id} size=9", "/show {id} size=99999", "/restyle {id} size 9"])
async def test_a_size_out_of_bounds_is_refused(core: Core, line: str) -> None:
    """With the bounds."""
    [code] = await made(core, "hello")
    reply = await said(core, line.format(id=code.code))
    errors = [each.error for each in reply.form.questions if each.error] if reply.form else [reply.body]
    assert errors == ["The size goes from 64 to 4096."]


async def test_a_look_that_its_content_does_not_fit_is_refused_and_nothing_changes(core: Core) -> None:
    """A long text at level H; colours too close to what the code has."""
    [code] = await made(core, "x" * 2000)
    before = await only(core)
    for look in ("level H", "yellow on white"):
        refused = await said(core, f"/restyle {code.code} {look}")
        assert (refused.status, refused.picture) == (Status.REFUSED, None)
    assert await only(core) == before


async def test_deleting_asks_first(core: Core) -> None:
    """All in one place: Keep shows it again; only the second press deletes."""
    [code] = await made(core, "hello")
    question = await pressed(core, await pressed(core, code, "More"), "Delete")
    assert (question.body, labels(question), question.replace) == (
        "Delete “hello”?",
        ["Delete", "Keep"],
        True,
    )
    kept = await pressed(core, question, "Keep")
    assert (payload(kept), kept.replace) == ("hello", True)
    deleted = await pressed(core, question, "Delete")
    assert (deleted.body, deleted.replace) == ("“hello” is deleted.", True)
    assert await codes_of(core) == ()
    assert (await pressed(core, question, "Delete")).body == MINE
    assert (await said(core, f"/show {code.code}")).body == MINE


@pytest.mark.parametrize("line", ["/show hello", "/delete 123", "/favourite ----------"])
async def test_what_is_no_id_is_told(core: Core, line: str) -> None:
    """With where to find one."""
    reply = await said(core, line)
    assert reply.form is not None
    assert "is not the id of a code. /history lists yours." in reply.form.questions[0].error


# --- whose it is --------------------------------------------------------------------------------------------

CHANGES = ("/favourite {id}", "/delete {id}", "/delete {id} confirm=yes", "/instead {id}", "/exactly {id} x")
MENUS = ("/card {id}", "/files {id}", "/more {id}", "/download {id} svg")


async def test_somebody_elses_code_can_be_neither_seen_nor_changed_in_private(core: Core) -> None:
    """As if it were not there."""
    [code] = await made(core, "for Ada")
    before = await only(core)
    for line in ("/show {id}", "/looks {id}", "/colours {id}", "/prove {id}", "/restyle {id} red on white"):
        assert (await said(core, line.format(id=code.code), BEA)).body == MINE
    for line in (*CHANGES, *MENUS):
        assert (await said(core, line.format(id=code.code), BEA)).body == MINE
    assert await only(core) == before


async def test_in_a_group_all_may_see_a_code_made_there_and_only_its_owner_change_it(core: Core) -> None:
    """Others get a copy in the look they want."""
    [code] = await made(core, "for all", where=GROUP)
    before = await only(core)
    files = await pressed(core, code, "File", BEA, GROUP)
    assert (payload(files), files.replace) == ("for all", False)
    assert (await pressed(core, files, "SVG", BEA, GROUP)).files[0].name.endswith(".svg")
    offer = await pressed(core, code, "Style", BEA, GROUP)
    copy = await pressed(core, offer, "ocean", BEA, GROUP)
    assert (offer.replace, payload(copy), copy.replace) == (False, "for all", False)
    assert copy.code != code.code
    for line in CHANGES:
        assert (await said(core, line.format(id=code.code), BEA, GROUP)).body == OWNER
    assert await only(core) == before
    theirs = await only(core, BEA)
    assert (theirs.id, theirs.space, theirs.favourite) == (copy.code, GROUP.key, False)


async def test_a_code_of_another_space_stays_there(core: Core) -> None:
    """Also where the same people are together in a second group."""
    [code] = await made(core, "for all", where=GROUP)
    other = Space("telegram", "-501", SpaceKind.GROUP)
    assert (await said(core, f"/show {code.code}", BEA, other)).body == MINE
    assert payload(await said(core, f"/show {code.code}", ADA, other)) == "for all"


async def test_a_network_made_in_a_group_is_seen_by_its_owner_alone(core: Core) -> None:
    """Its id is no way in; what its owner does with it is private, too."""
    reply = await said(core, '/wifi Home "long enough"', ADA, GROUP)
    for line in ("/show {id}", "/looks {id}", "/colours {id}", "/prove {id}", "/restyle {id} red on white"):
        refused = await said(core, line.format(id=reply.code), BEA, GROUP)
        assert (refused.body, refused.picture) == (MINE, None)
        assert (await said(core, line.format(id=reply.code), ADA, GROUP)).private
    question = await said(core, f"/delete {reply.code}", ADA, GROUP)
    assert question.private
    assert (await pressed(core, question, "Delete", ADA, GROUP)).private


async def test_every_button_of_a_code_fits_telegram(core: Core) -> None:
    """At most 64 bytes, whatever was typed."""
    code = await said(core, "example.com/" + "ä" * 11)
    menus = [await pressed(core, code, label) for label in ("Style", "File", "More")]
    for reply in (code, *menus, await said(core, "/history")):
        assert all(len(button(reply, label).line.encode()) <= 64 for label in labels(reply))


async def test_where_no_form_is_shown_the_list_is_delivered_as_it_is(core: Core) -> None:
    """The same reply, read back from its row."""
    await asked(core, "hello")
    [reply] = await asked(core, "/history")
    assert listed(reply) == ["hello"]
