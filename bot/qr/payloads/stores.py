"""Apps in their stores: Apple's App Store and Google Play."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from bot.qr.payloads.kind import Kind, Reading, Value
from bot.qr.payloads.web import Address, link_of, link_warnings
from bot.qr.refusal import Refused

# Apple, "App Store Connect": an app's Apple ID, a number. Android, "Set the application ID": two segments or
# more, each beginning with a letter.
_ID = re.compile(r"(?:id)?([0-9]{6,12})", re.IGNORECASE)
_PACKAGE = re.compile(r"([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+)")
_APPLE = re.compile(r"/(?:[a-z]{2}/)?app/(?:[^/]+/)?id([0-9]{6,12})/?", re.IGNORECASE)
_APPLES = ("apps.apple.com", "itunes.apple.com")
# What only says the language, the country or the kind of what is opened; other values, such as those of a
# campaign, make it another link.
_APPLE_SAYS = frozenset({"l", "ls", "mt"})
_GOOGLE_SAYS = frozenset({"id", "hl", "gl"})


@dataclass(frozen=True, slots=True)
class App:
    """An app in one store: its number in Apple's, or its package in Google's."""

    ios: Annotated[str, Value("app in Apple's store: its number or address")] = ""
    android: Annotated[str, Value("app in Google's store: its package or address")] = ""


def build_app(app: App) -> str:
    """Write the app's page in its store; both stores at once need a link that can tell phones apart."""
    ios, android = app.ios.strip(), app.android.strip()
    if not android and _pasted(ios).android:
        ios, android = "", ios
    if ios and android:
        raise Refused(
            "One code leads to one store. Make a code for each: leave one of the two out.", field="android"
        )
    if ios:
        return f"https://apps.apple.com/app/id{_matched(_ID, _pasted(ios).ios or ios, 'ios')}"
    if android:
        package = _matched(_PACKAGE, _pasted(android).android or android, "android")
        return f"https://play.google.com/store/apps/details?id={package}"
    raise Refused("Which app? Give its address in Apple's or in Google's store.", field="ios")


def _matched(pattern: re.Pattern[str], given: str, field: str) -> str:
    match = pattern.fullmatch(given)
    if match is None:
        raise Refused(
            "“{given}” is no app there. Open the app in the store, share its link, and paste it here.",
            field=field,
            given=given[:60],
        )
    return match[1]


def _pasted(given: str) -> App:
    """Read an address as stores share it, whatever else it says; an empty app where it is none."""
    link = _link(given if ":" in given else f"https://{given}")
    return _app(link) if link is not None else App()


def _link(text: str) -> Address | None:
    """Take a store's link apart, also in the forms that open the store at once."""
    web = re.sub(r"^itms-apps(?=://)", "https", text, flags=re.IGNORECASE)
    return link_of(
        re.sub(r"^market://details", "https://play.google.com/store/apps/details", web, flags=re.I)
    )


def _app(link: Address) -> App:
    match = _APPLE.fullmatch(link.path)
    if link.site in _APPLES and match is not None:
        return App(ios=match[1])
    package = link.values.get("id", "")
    if link.site == "play.google.com" and link.path == "/store/apps/details" and _PACKAGE.fullmatch(package):
        return App(android=package)
    return App()


def read_app(text: str) -> Reading[App] | None:
    """Read an app's page in a store; one that says more than the app stays a link."""
    link = _link(text)
    app = _app(link) if link is not None else App()
    known = _APPLE_SAYS if app.ios else _GOOGLE_SAYS
    if link is None or app == App() or link.fragment or not known.issuperset(link.values):
        return None
    return Reading("app", app, link_warnings(text) if text[:4].lower() == "http" else ())


APP = Kind(
    name="app",
    label="App",
    summary="Make a code that opens an app's page in its store.",
    example="app android=org.thoughtcrime.securesms",
    content=App,
    build=build_app,
    read=read_app,
    title=lambda app: app.ios or app.android,
)
