"""Profiles and apps are written as their networks and stores write them, and only theirs are read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.qr.payloads import interpret
from bot.qr.payloads.kind import Reading
from bot.qr.payloads.profiles import Network, Social, build_social, read_social
from bot.qr.payloads.stores import App, build_app, read_app
from bot.qr.refusal import Refused

KNOWN = [
    # (network, handle, address): each a profile the network itself links to, or the example of its help
    (Network.INSTAGRAM, "nasa", "https://www.instagram.com/nasa"),
    (Network.FACEBOOK, "nasa.earth", "https://www.facebook.com/nasa.earth"),
    (Network.X, "NASA", "https://x.com/NASA"),
    (Network.LINKEDIN, "williamhgates", "https://www.linkedin.com/in/williamhgates"),
    (Network.LINKEDIN, "company/nasa", "https://www.linkedin.com/company/nasa"),
    (Network.YOUTUBE, "NASA", "https://www.youtube.com/@NASA"),
    (Network.YOUTUBE, "gőzgép", "https://www.youtube.com/@g%C5%91zg%C3%A9p"),
    (Network.TIKTOK, "tiktok", "https://www.tiktok.com/@tiktok"),
    (Network.GITHUB, "torvalds", "https://github.com/torvalds"),
    (Network.MASTODON, "Gargron@mastodon.social", "https://mastodon.social/@Gargron"),
    (Network.BLUESKY, "bsky.app", "https://bsky.app/profile/bsky.app"),
    (Network.THREADS, "zuck", "https://www.threads.com/@zuck"),
    (Network.SNAPCHAT, "teamsnapchat", "https://www.snapchat.com/add/teamsnapchat"),
    (Network.PINTEREST, "pinterest", "https://www.pinterest.com/pinterest"),
    (Network.TWITCH, "twitch", "https://www.twitch.tv/twitch"),
    (Network.REDDIT, "spez", "https://www.reddit.com/user/spez"),
    (Network.REDDIT, "r/QRcode", "https://www.reddit.com/r/QRcode"),
    (Network.MEDIUM, "ev", "https://medium.com/@ev"),
    (Network.SOUNDCLOUD, "soundcloud", "https://soundcloud.com/soundcloud"),
]


def test_every_network_has_an_example_here() -> None:
    """So that each is built and read below."""
    assert {network for network, _, _ in KNOWN} == set(Network)


@pytest.mark.parametrize(("network", "handle", "url"), KNOWN)
def test_a_profile_is_written_and_read_as_its_network_does(network: Network, handle: str, url: str) -> None:
    """With and without @, and from its own address with what a browser adds to it."""
    social = Social(network, handle)
    for typed in (
        handle,
        f"@{handle}",
        f" {url}/ ",
        url.removeprefix("https://"),
        f"{url}?utm_source=qr#top",
    ):
        assert build_social(Social(network, typed)) == url
    assert read_social(url) == Reading("social", social)
    assert interpret(f"{url}/") == Reading("social", social)


@pytest.mark.parametrize(
    ("text", "social"),
    [
        ("https://twitter.com/NASA", Social(Network.X, "NASA")),
        ("https://mobile.twitter.com/NASA", Social(Network.X, "NASA")),
        ("https://instagram.com/nasa/", Social(Network.INSTAGRAM, "nasa")),
        ("https://m.facebook.com/nasa.earth", Social(Network.FACEBOOK, "nasa.earth")),
        ("https://de.linkedin.com/in/ada-lovelace", Social(Network.LINKEDIN, "ada-lovelace")),
        ("https://www.threads.net/@zuck", Social(Network.THREADS, "zuck")),
        ("https://www.reddit.com/u/spez", Social(Network.REDDIT, "spez")),
        ("https://bsky.app/profile/Ada.Bsky.Social", Social(Network.BLUESKY, "ada.bsky.social")),
        ("https://bücher.example/@ada", Social(Network.MASTODON, "ada@xn--bcher-kva.example")),
    ],
)
def test_other_addresses_of_a_profile_are_read(text: str, social: Social) -> None:
    """Older ones, those for phones and of countries."""
    reading = interpret(text)
    assert (reading.kind, reading.content) == ("social", social)


@pytest.mark.parametrize(
    "text",
    [
        "https://www.instagram.com/",
        "https://www.instagram.com/explore/",
        "https://www.instagram.com/p/ABC/",
        "https://www.instagram.com/nasa?igsh=abc",
        "https://www.facebook.com/profile.php?id=100000000000001",
        "https://www.facebook.com/marketplace",
        "https://x.com/home",
        "https://x.com/NASA/status/1",
        "https://x.com/NASA#top",
        "https://github.com/torvalds/linux",
        "https://github.com/features",
        "https://www.linkedin.com/jobs",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://medium.com/topic",
        "https://odysee.com/@ada",
        "https://192.0.2.1/@ada",
        "https://localhost/@ada",
        "https://mastodon.social/@Gargron/1",
        "https://mastodon.social/@ada@other.example",
        "https://mastodon.social:8443/@ada",
        "https://x.com.bad.example/NASA",
        "https://x.com@bad.example/NASA",
        "https://www.linkedin.com/company%2Fnasa",
    ],
)
def test_other_pages_stay_links(text: str) -> None:
    """Posts, the networks' own pages, addresses that say more, other hosts."""
    assert interpret(text).kind == "url"


@given(st.sampled_from(Network), st.text())
def test_whatever_is_typed_one_profile_comes_out(network: Network, text: str) -> None:
    """Or a refusal at its field; what comes out is read as that network's."""
    fields = {"handle"}
    for typed in (text, f"ada@{text}", f"https://x.com/{text}", f"{text}@example.org"):
        try:
            url = build_social(Social(network, typed))
        except Refused as refused:
            fields.add(refused.field)
            continue
        reading = read_social(url)
        assert reading is not None
        assert reading.content.network is network
        assert build_social(reading.content) == url
    assert fields == {"handle"}


@given(st.text())
def test_reading_never_fails(text: str) -> None:
    """Whatever stands in the address."""
    for start in (
        "",
        "https://x.com/",
        "https://a.example/@",
        "https://apps.apple.com/",
        "market://details?",
    ):
        assert getattr(read_social(start + text), "kind", "social") == "social"
        assert getattr(read_app(start + text), "kind", "app") == "app"


@pytest.mark.parametrize(
    ("network", "typed", "says"),
    [
        (Network.INSTAGRAM, "", "It looks like ada_lovelace"),
        (Network.INSTAGRAM, "a..b", "is no name on instagram"),
        (Network.INSTAGRAM, "a b", "is no name on instagram"),
        (Network.INSTAGRAM, "explore", "is no name on instagram"),
        (Network.INSTAGRAM, "https://x.com/NASA", "is no name on instagram"),
        (Network.X, "a" * 16, "is no name on x"),
        (Network.X, "NASA/status", "is no name on x"),
        (Network.X, "NASA?x", "is no name on x"),
        (Network.GITHUB, "a--b", "is no name on github"),
        (Network.GITHUB, "-a", "is no name on github"),
        (Network.BLUESKY, "ada", "It looks like ada.bsky.social"),
        (Network.MASTODON, "ada", "It looks like @ada@mastodon.social"),
        (Network.MASTODON, "ada@localhost", "is no name on mastodon"),
        (Network.MASTODON, "ada@medium.com", "is no name on mastodon"),
        (Network.MASTODON, "ada/x@mastodon.social", "is no name on mastodon"),
        (Network.MASTODON, "ada@mastodon.social/x", "is no name on mastodon"),
        (Network.TIKTOK, "ada.", "is no name on tiktok"),
        (Network.YOUTUBE, "../watch", "is no name on youtube"),
    ],
)
def test_what_is_no_name_there_is_refused(network: Network, typed: str, says: str) -> None:
    """And the sentence shows one."""
    with pytest.raises(Refused) as refused:
        build_social(Social(network, typed))
    assert says in str(refused.value)
    assert refused.value.field == "handle"


# --- apps ---------------------------------------------------------------------------------------------------

APPLE = "https://apps.apple.com/app/id686449807"
GOOGLE = "https://play.google.com/store/apps/details?id=org.telegram.messenger"


@pytest.mark.parametrize(
    ("app", "url"),
    [
        # Apple, "App Store marketing guidelines"; Android, "Linking to Google Play"
        (App("686449807"), APPLE),
        (App(" id686449807 "), APPLE),
        (App("https://apps.apple.com/us/app/telegram-messenger/id686449807?pt=1&ct=x"), APPLE),
        (App("apps.apple.com/app/id686449807"), APPLE),
        (App("https://itunes.apple.com/app/id686449807?mt=8"), APPLE),
        (App(android="org.telegram.messenger"), GOOGLE),
        (App(android=f"{GOOGLE}&hl=de&referrer=x"), GOOGLE),
        (App(android="market://details?id=org.telegram.messenger"), GOOGLE),
        (App(GOOGLE), GOOGLE),
    ],
)
def test_an_app_is_written_as_its_store_does(app: App, url: str) -> None:
    """From its number or package, or from what the store's own share button gives."""
    assert build_app(app) == url


@pytest.mark.parametrize(
    ("app", "field", "says"),
    [
        (App(), "ios", "Which app?"),
        (App("686449807", "org.telegram.messenger"), "android", "Make a code for each"),
        (App("store"), "ios", "is no app there"),
        (App("12"), "ios", "is no app there"),
        (App("https://example.com/app/id686449807"), "ios", "is no app there"),
        (App(android="telegram"), "android", "is no app there"),
        (App(android="org.1telegram"), "android", "is no app there"),
        (App(android="org.telegram.messenger&hl=de"), "android", "is no app there"),
        (App(android=APPLE), "android", "is no app there"),
    ],
)
def test_an_app_that_cannot_be_linked_is_refused_at_its_field(app: App, field: str, says: str) -> None:
    """Both stores at once, none, and what is in neither."""
    with pytest.raises(Refused) as refused:
        build_app(app)
    assert says in str(refused.value)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("text", "app"),
    [
        (APPLE, App("686449807")),
        ("https://apps.apple.com/de/app/telegram-messenger/id686449807?l=en&mt=8", App("686449807")),
        ("itms-apps://itunes.apple.com/app/id686449807", App("686449807")),
        (GOOGLE, App(android="org.telegram.messenger")),
        (f"{GOOGLE}&hl=de&gl=DE", App(android="org.telegram.messenger")),
        ("market://details?id=org.telegram.messenger", App(android="org.telegram.messenger")),
    ],
)
def test_an_app_is_read_back(text: str, app: App) -> None:
    """In the forms of both stores."""
    assert read_app(text) == Reading("app", app)
    assert interpret(text).kind == "app"


@pytest.mark.parametrize(
    "text",
    [
        "https://apps.apple.com/us/developer/telegram/id686449810",
        "https://apps.apple.com/us/app/telegram-messenger/id686449807?pt=1&ct=campaign",
        f"{GOOGLE}&referrer=campaign",
        "https://play.google.com/store/apps/developer?id=Telegram+FZ-LLC",
        "https://play.google.com.bad.example/store/apps/details?id=org.telegram.messenger",
    ],
)
def test_other_pages_of_a_store_stay_links(text: str) -> None:
    """Makers, campaigns, other hosts."""
    assert interpret(text).kind == "url"
