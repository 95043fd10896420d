"""The App Home and the whole process: opened, changed from elsewhere, with pictures that Slack fetches."""

from pathlib import Path

from tests.fakes import FakeSlack
from tests.fakes.outside import decode
from tests.fakes.slack.home import home, opens, presses, words
from tests.processes.test_slack import serving

PUBLIC = "https://qr.example"


async def test_a_home_shows_what_is_made_with_pictures_that_scan(slack: FakeSlack, tmp_path: Path) -> None:
    """Opened, acknowledged, then published; a code made in a channel is there a moment later."""
    ada = slack.person("ada")
    general = slack.channel("general", ada)
    async with serving(slack, tmp_path, PUBLIC_URL=PUBLIC) as bot:
        slack.public[PUBLIC] = bot.url
        assert (await opens(slack, ada)).status == 200
        await slack.until(lambda: "You have made no codes yet." in words(slack, ada), 20, "an empty home")
        await slack.command(ada, general, "https://example.com/menu")
        await slack.command(ada, general, 'wifi Home "long enough"')
        await slack.until(lambda: "2 codes" in words(slack, ada), 20, "two codes")
        shown = [b["accessory"]["image_url"] for b in home(slack, ada) if "image_url" in str(b)]
        assert [decode(slack.fetched[address]) for address in shown] == [["https://example.com/menu"]]
        await presses(slack, ada, "☆ Favourite", beside="menu")
        await slack.until(lambda: "★ https://example.com/menu" in words(slack, ada), 20, "a star")
        assert slack.refused == []
