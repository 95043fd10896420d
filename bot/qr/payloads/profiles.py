"""Profiles on social networks: the addresses that the networks themselves give them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote, unquote

from bot.qr.payloads.hosts import host_name, is_number
from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.web import Address, link_of, link_warnings
from bot.qr.refusal import Refused

# How a network's host begins on a phone or in a country: m.facebook.com, de.linkedin.com.
_VARIANT = re.compile(r"(?:www|m|mobile|[a-z]{2})\.(?=[^.]+\.)")
# Mastodon, Account::USERNAME_RE, and 30 characters where people sign up.
_USER = re.compile(r"(?=.{1,30}$)[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_])?", re.IGNORECASE)
# Other places whose profiles look like Mastodon's: https://…/@name.
_NO_SERVERS = frozenset(
    {
        "clubhouse.com", "glitch.com", "hashnode.com", "hive.blog", "odysee.com", "peakd.com",
        "producthunt.com", "steemit.com", "substack.com", "unsplash.com",
    }
)  # fmt: skip


class Network(StrEnum):
    """Where a profile is."""

    INSTAGRAM = "instagram"
    FACEBOOK = "facebook"
    X = "x"
    LINKEDIN = "linkedin"
    YOUTUBE = "youtube"
    TIKTOK = "tiktok"
    GITHUB = "github"
    MASTODON = "mastodon"
    BLUESKY = "bluesky"
    THREADS = "threads"
    SNAPCHAT = "snapchat"
    PINTEREST = "pinterest"
    TWITCH = "twitch"
    REDDIT = "reddit"
    MEDIUM = "medium"
    SOUNDCLOUD = "soundcloud"


@dataclass(frozen=True, slots=True)
class Social:
    """A profile on a social network: the name there without @; on Mastodon ``name@server``."""

    network: Annotated[Network, Value("social network")]
    handle: Annotated[str, Value("name there")]


@dataclass(frozen=True, slots=True)
class _Site:
    """How a network writes profiles: what stands before the name, and the names it allows.

    ``others``: older and shorter addresses, which are read. ``pages``: its own pages, which look like names.
    """

    network: Network
    address: str
    names: str
    others: tuple[str, ...] = ()
    pages: str = ""


_DOTTED = r"(?!.*\.\.)[A-Za-z0-9_](?:[A-Za-z0-9_.]{0,28}[A-Za-z0-9_])?"  # Instagram's, which Threads shares
# AT Protocol, "Handle": a domain.
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
# Addresses and names as each network's own help describes them.
_SITES = (
    _Site(
        Network.INSTAGRAM, "www.instagram.com/", _DOTTED, ("instagr.am/",),
        "about accounts challenge developer direct explore legal p reel reels stories tv web",
    ),
    _Site(
        Network.FACEBOOK, "www.facebook.com/", r"[A-Za-z0-9.]{5,50}", ("fb.com/",),
        "about business events friends gaming groups hashtag login marketplace messages notifications "
        "pages people permalink.php photo photo.php photos policies privacy profile.php recover reels "
        "search settings share sharer sharer.php signup stories story.php terms videos watch",
    ),
    _Site(
        Network.X, "x.com/", r"[A-Za-z0-9_]{1,15}", ("twitter.com/",),
        "compose explore hashtag home i intent jobs login logout messages notifications privacy search "
        "settings share signup tos",
    ),
    _Site(Network.LINKEDIN, "www.linkedin.com/in/", r"[\w-]{3,100}"),
    _Site(Network.LINKEDIN, "www.linkedin.com/", r"(?:company|school)/[\w-]{1,100}"),
    _Site(Network.YOUTUBE, "www.youtube.com/@", r"[\w.·-]{3,30}"),
    _Site(Network.YOUTUBE, "www.youtube.com/", r"channel/UC[A-Za-z0-9_-]{22}"),
    _Site(Network.TIKTOK, "www.tiktok.com/@", r"[A-Za-z0-9_.]{1,23}[A-Za-z0-9_]"),
    _Site(
        Network.GITHUB, "github.com/", r"[A-Za-z0-9](?:-?[A-Za-z0-9]){0,38}", (),
        "about apps codespaces collections contact customer-stories dashboard enterprise events explore "
        "features issues join login logout marketplace mobile new notifications orgs organizations "
        "pricing pulls readme search security sessions settings signup site sponsors stars team topics "
        "trending watching",
    ),
    _Site(Network.BLUESKY, "bsky.app/profile/", _DOMAIN),
    _Site(Network.THREADS, "www.threads.com/@", _DOTTED, ("threads.net/@",)),
    _Site(
        Network.SNAPCHAT, "www.snapchat.com/add/", r"[A-Za-z][A-Za-z0-9_.-]{1,13}[A-Za-z0-9]",
        ("snapchat.com/@",),
    ),
    _Site(
        Network.PINTEREST, "www.pinterest.com/", r"[A-Za-z0-9_]{3,30}", (),
        "about business ideas login password pin search settings signup today",
    ),
    _Site(
        Network.TWITCH, "www.twitch.tv/", r"[A-Za-z0-9][A-Za-z0-9_]{3,24}", (),
        "directory downloads drops inventory jobs login messages moderator popout prime search settings "
        "signup store subscriptions turbo videos wallet",
    ),
    _Site(Network.REDDIT, "www.reddit.com/user/", r"[A-Za-z0-9_-]{3,20}", ("reddit.com/u/",)),
    _Site(Network.REDDIT, "www.reddit.com/", r"r/[A-Za-z0-9_]{2,21}"),
    _Site(Network.MEDIUM, "medium.com/@", r"[A-Za-z0-9_.-]{1,30}"),
    _Site(
        Network.SOUNDCLOUD, "soundcloud.com/", r"[a-z0-9](?:[a-z0-9_-]{1,23}[a-z0-9])", (),
        "charts discover download feed jobs login logout messages mobile notifications pages people "
        "popular search settings signin signup stations stream terms-of-use tracks upload you",
    ),
)  # fmt: skip
_EXAMPLES = {
    Network.MASTODON: "@ada@mastodon.social",
    Network.BLUESKY: "ada.bsky.social",
    Network.LINKEDIN: "ada-lovelace",
}
_LOWER = (Network.BLUESKY, Network.SOUNDCLOUD)


def _starts(site: _Site) -> tuple[str, ...]:
    return (site.address.removeprefix("www."), *site.others)


_KNOWN = _NO_SERVERS | {start.partition("/")[0] for site in _SITES for start in _starts(site)}


def build_social(social: Social) -> str:
    """Write a profile's address; its name may be given with @, or as an address."""
    given = social.handle.strip()
    link = link_of(given if "://" in given else f"https://{given}")
    pasted = _found(link) if link is not None else None
    name = pasted.handle if pasted and pasted.network == social.network else given.removeprefix("@")
    address = _mastodon(name) if social.network == Network.MASTODON else _address(social.network, name)
    if not address:
        raise Refused(
            "“{given}” is no name on {network}. It looks like {example}.",
            field="handle",
            given=given[:60],
            network=str(social.network),
            example=_EXAMPLES.get(social.network, "ada_lovelace"),
        )
    return f"https://{address}"


def _address(network: Network, given: str) -> str:
    names = ((site, _name(site, given)) for site in _SITES if site.network == network)
    return next((f"{site.address}{quote(name)}" for site, name in names if name), "")


def _name(site: _Site, text: str) -> str:
    """Give a name back as the network writes it; empty where it is none."""
    name = text.lower() if site.network in _LOWER else text
    return name if re.fullmatch(site.names, name) and name.lower() not in site.pages.split() else ""


def _mastodon(name: str) -> str:
    """Write the address of a name on Mastodon, which has its server's name in it; empty where it is none."""
    user, _, host = name.partition("@")
    try:
        server = host_name(host)
    except Refused:
        return ""
    return f"{server}/@{user}" if _USER.fullmatch(user) and _is_server(server) else ""


def _is_server(host: str) -> bool:
    known = host in _KNOWN or _VARIANT.sub("", host, count=1) in _KNOWN
    return "." in host.strip(".") and not (known or is_number(host))


def _found(link: Address) -> Social | None:
    """Find the network and the name in a profile's address."""
    variant = _VARIANT.match(link.site)
    where = link.site[variant.end() if variant else 0 :] + link.path.removesuffix("/")
    for site in _SITES:
        start = next((each for each in _starts(site) if where.startswith(each)), "")
        name = _name(site, unquote(where.removeprefix(start))) if start and "%2F" not in where.upper() else ""
        if name:
            return Social(site.network, name)
    user = link.path.removesuffix("/").removeprefix("/@")
    if not link.path.startswith("/@") or not _mastodon(f"{user}@{link.site}"):
        return None
    return Social(Network.MASTODON, f"{user}@{link.site}")


def read_social(text: str) -> Reading[Social] | None:
    """Read a profile's address; other pages, and addresses that say more than the name, stay links."""
    link = link_of(text)
    social = _found(link) if link is not None and not (link.query or link.fragment) else None
    return Reading("social", social, link_warnings(text)) if social is not None else None


SOCIAL = Kind(
    name="social",
    label="Social profile",
    summary="Make a code that opens a profile on a social network.",
    example="social instagram @nasa",
    content=Social,
    build=build_social,
    read=read_social,
    title=lambda social: f"{social.handle} ({social.network})",
)
