"""The App Home: what stands there, what can be done there, and that it stays up to date."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.slack_living import Living, actor, does, living, makes, opened
from tests.core.talking import Core, person_of, said
from tests.fakes import FakeSlack
from tests.fakes.drawn import qr
from tests.fakes.slack import Person
from tests.fakes.slack.home import chooses, home, picks, presses, types, words


@pytest.fixture
async def one(core: Core, slack: FakeSlack) -> AsyncIterator[Living]:
    """A process of ours, to which Slack posts."""
    async with living(core.store, slack) as opened:
        yield opened


@pytest.fixture
def ada(slack: FakeSlack) -> Person:
    """Let somebody join."""
    return slack.person("ada")


# --- what is done there -------------------------------------------------------------------------------------


async def test_a_code_is_sent_marked_and_deleted_from_the_home(one: Living, ada: Person) -> None:
    """What is sent goes to the direct messages; the rest is seen where it was pressed."""
    await makes(one, ada, "alpha", "omega")
    await opened(one, ada)
    direct = one.slack.dm(ada)
    await does(one, presses(one.slack, ada, "Send me", beside="alpha"))
    assert [code for message in direct.messages for code in message.decode()] == ["alpha"]
    before = len(direct.messages)
    await does(one, presses(one.slack, ada, "☆ Favourite", beside="alpha"))
    assert "★ alpha" in words(one.slack, ada)
    await does(one, presses(one.slack, ada, "★ Favourites"))
    assert "omega" not in words(one.slack, ada)
    await does(one, presses(one.slack, ada, "Delete", beside="alpha"))
    assert "Nothing found." in words(one.slack, ada)
    await does(one, presses(one.slack, ada, "All"))
    assert "omega" in words(one.slack, ada)
    assert len(direct.messages) == before
    asked = next(b for b in home(one.slack, ada) if b.get("block_id", "").startswith("code-"))["elements"][-1]
    assert asked["confirm"]["text"]["text"] == "Delete “omega”?"


async def test_a_press_on_a_home_of_yesterday_says_that_the_code_is_gone(one: Living, ada: Person) -> None:
    """In the direct messages; a press is not lost and not wrong."""
    await makes(one, ada, "alpha")
    await opened(one, ada)
    standing = one.slack.homes[ada.id]
    await does(one, presses(one.slack, ada, "Delete", beside="alpha"))
    one.slack.homes[ada.id] = standing
    await does(one, presses(one.slack, ada, "Delete", beside="alpha"))
    assert "There is no such code of yours" in one.slack.dm(ada).messages[-1].words()


async def test_settings_and_look_are_changed_where_they_stand(one: Living, ada: Person) -> None:
    """In the language that is chosen, at once."""
    await makes(one, ada, "alpha")
    await opened(one, ada)
    await does(one, chooses(one.slack, ada, "File format", "SVG"))
    await does(one, chooses(one.slack, ada, "Answers in groups", "Private answers"))
    await does(one, presses(one.slack, ada, "Surprise me"))
    person = await person_of(one.core, actor(one.slack, ada))
    assert (person.preferences.format, person.preferences.replies) == ("svg", "private")
    assert "look like this: black on white" not in words(one.slack, ada)
    selects = [block["accessory"] for block in home(one.slack, ada) if block.get("accessory")]
    assert [each.get("initial_option", {}).get("value") for each in selects] == [
        "/language en", "/settings format=svg", "/settings replies=private",
    ]  # fmt: skip
    await does(one, chooses(one.slack, ada, "Language", "Deutsch"))
    assert "Einstellungen" in words(one.slack, ada)
    assert one.slack.dm(ada).messages == []


async def test_more_about_the_look_goes_to_the_direct_messages(one: Living, ada: Person) -> None:
    """With its picture and its buttons."""
    await opened(one, ada)
    await does(one, presses(one.slack, ada, "Change the style"))
    assert "Your codes look like this" in one.slack.dm(ada).messages[-1].words()


async def test_the_builder_opens_from_the_home_and_its_code_is_sent(one: Living, ada: Person) -> None:
    """A form of the Home has no channel; what it makes is in the direct messages, and on the Home."""
    await opened(one, ada)
    await does(one, presses(one.slack, ada, "Make a QR code"))
    await does(one, one.slack.submit(ada, text="made at home"))
    codes = [code for message in one.slack.dm(ada).messages for code in message.decode()]
    assert codes == ["made at home"]
    assert "made at home" in words(one.slack, ada)


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        ("GRÖSSE", "Größe 7"),
        ("favourites=yes", "a favourites=yes b"),
        ('say "hi" --', 'say "hi" -- there'),
        ("<!channel> & co", "<!channel> & co"),
        ("🎉", "party 🎉"),
        ("   ", "Größe 7"),
    ],
)
async def test_a_search_takes_what_is_typed_as_it_is(one: Living, ada: Person, odd: str, found: str) -> None:
    """Whatever it looks like; nothing is markup, nothing is an option."""
    kept = ("Größe 7", "a favourites=yes b", 'say "hi" -- there', "<!channel> & co", "party 🎉")
    await makes(one, ada, *kept)
    await opened(one, ada)
    await does(one, types(one.slack, ada, "Search your codes", odd))
    listed = words(one.slack, ada).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert f"{found}\nText" in listed
    if odd.strip():
        assert "1 code" in listed
        await does(one, presses(one.slack, ada, "Clear the search"))
    assert "5 codes" in words(one.slack, ada)


async def test_pages_follow_each_other_and_end(one: Living, ada: Person) -> None:
    """A search begins at the first; where codes went, the last page there is stands there."""
    await makes(one, ada, *(f"code {number}" for number in range(21)))
    stands = await opened(one, ada)
    assert ("code 20" in stands, "code 10" in stands, "[Newer]" in stands) == (True, False, False)
    await does(one, presses(one.slack, ada, "Older"))
    await does(one, presses(one.slack, ada, "Older"))
    stands = words(one.slack, ada)
    assert "Page 3 of 3" in stands
    assert ("code 0" in stands, "[Older]" in stands) == (True, False)
    await does(one, presses(one.slack, ada, "Delete", beside="code 0"))
    assert "Page 2 of 2" in words(one.slack, ada)
    await does(one, types(one.slack, ada, "Search your codes", "code 1"))
    assert "Page 1 of 2" in words(one.slack, ada)  # 1 and 10 to 19


# --- a channel's kit ----------------------------------------------------------------------------------------


async def test_admins_set_the_kit_of_a_channel_from_their_home(one: Living, slack: FakeSlack) -> None:
    """Chosen from a list that Slack fills; it holds for what is made there."""
    boss = slack.person("boss", admin=True)
    team = slack.channel("team", boss)
    await opened(one, boss)
    await does(one, picks(slack, boss, "Channel", team))
    assert "none; everybody's own style is used" in words(slack, boss)
    await does(one, types(slack, boss, "Its look in words", "navy on white"))
    assert "codes made there: navy on white" in words(slack, boss)
    async with one.core.store.reading() as work:
        kit = await work.people.kit(f"slack:{slack.team}:{team.id}")
    assert kit is not None
    [select] = [b["accessory"] for b in home(slack, boss) if b.get("accessory", {}).get("filter")]
    assert select["initial_conversation"] == team.id
    await does(one, presses(slack, boss, "Use my style there"))
    assert "codes made there: black on white" in words(slack, boss)
    await does(one, presses(slack, boss, "Remove the kit"))
    assert "none; everybody's own style is used" in words(slack, boss)
    assert slack.dm(boss).messages == []


async def test_a_look_that_will_not_do_is_mended_for_the_channel_it_was_meant_for(
    one: Living, slack: FakeSlack
) -> None:
    """The form that says what is wrong knows which one that is."""
    boss = slack.person("boss", admin=True)
    team = slack.channel("team", boss)
    await opened(one, boss)
    await does(one, picks(slack, boss, "Channel", team))
    await does(one, types(slack, boss, "Its look in words", "dotz navy"))
    assert "Did you mean dot" in str(slack.view(boss).payload)
    await does(one, slack.submit(boss, look="dots navy on white"))
    assert "The look of codes made there: dot navy on white" in words(slack, boss)
    assert "dot navy on white" in slack.dm(boss).messages[-1].words()
    assert slack.visible(team, boss) == []


async def test_who_is_no_admin_any_more_sets_no_kit(one: Living, slack: FakeSlack) -> None:
    """What stands on their Home is pressed in vain, and goes with the next change."""
    boss = slack.person("boss", admin=True)
    team = slack.channel("team", boss)
    await opened(one, boss)
    await does(one, picks(slack, boss, "Channel", team))
    boss.admin = False
    await does(one, types(slack, boss, "Its look in words", "navy on white"))
    assert "Only admins" in slack.dm(boss).messages[-1].words()
    async with one.core.store.reading() as work:
        assert await work.people.kit(f"slack:{slack.team}:{team.id}") is None
    await makes(one, boss, "one")
    await one.goes()
    assert "Kit" not in words(slack, boss)


async def test_nobody_sees_what_somebody_else_has_made(one: Living, ada: Person) -> None:
    """Not among theirs, not in a search, not by a button."""
    bea = one.slack.person("bea")
    await makes(one, ada, "of ada")
    await makes(one, bea, "of bea")
    assert "of bea" not in await opened(one, ada)
    assert "of ada" not in await opened(one, bea)
    await does(one, types(one.slack, ada, "Search your codes", "of"))
    assert ("of ada" in words(one.slack, ada), "of bea" in words(one.slack, ada)) == (True, False)
    before = len(one.published())
    await makes(one, bea, "another")
    await one.goes()
    assert len(one.published()) == before + 1  # hers alone


async def test_secrets_stand_there_by_their_title_alone(core: Core, slack: FakeSlack, ada: Person) -> None:
    """Also where Slack could fetch pictures; those of others have one."""
    async with living(core.store, slack, _address) as one:
        slack.public["https://qr.example"] = f"{slack.url}/avatars"
        ada.photo = qr("any")
        slack.people["any"] = ada
        await said(one.core, '/wifi Home "long enough"', actor(slack, ada))
        await makes(one, ada, "open to all")
        stands = await opened(one, ada)
        pictured = [b for b in home(slack, ada) if b.get("accessory", {}).get("type") == "image"]
        assert [block["text"]["text"].split("\n")[0] for block in pictured] == ["open to all"]
        assert [block["accessory"]["alt_text"] for block in pictured] == ["QR code: open to all"]
        assert "long enough" not in str(home(slack, ada))
        assert "Wi-Fi: Home" in stands


def _address(code: str, version: int) -> str:
    return "https://qr.example/any_48.jpg"


async def test_a_home_whose_pictures_slack_cannot_fetch_is_published_without_them(
    core: Core, slack: FakeSlack, ada: Person
) -> None:
    """Rather than never."""
    async with living(core.store, slack, _address) as one:
        await makes(one, ada, "alpha", "omega")
        stands = await opened(one, ada)
        assert "alpha" in stands
        assert "omega" in stands
        assert "any_48" not in str(home(slack, ada))
