"""What the chat page itself says: its scripts name the English, and show what ``told`` makes of it."""

from __future__ import annotations

from bot.i18n import Translator, mark

WORDS = (
    mark("QR codes that scan"),
    mark("Help"),
    mark("Conversation"),
    mark("Latest code"),
    mark("Your code will appear here."),
    mark("Suggestions"),
    mark("Send a picture to read"),
    mark("Message"),
    mark("Text, link, or / for commands"),
    mark("Send"),
    mark("Drop the picture to read it"),
    mark("Working"),
    mark("Try again"),
    mark("I could not be reached. Is the bot still running?"),
    mark(
        "Something went wrong here, not with you. Please try again; if it stays, "
        "name this number: {incident}."
    ),
    mark("{name} is larger than 10 MB. Please send a smaller one."),
    mark("A picture"),
    mark("Go on"),
    mark("optional"),
    mark("Show"),
    mark("Hide"),
    mark("Please choose"),
    mark("Show this code"),
    mark("Save picture"),
    mark("Save {name}"),
    mark("Copy picture"),
    mark("Copied"),
    mark("Please copy by hand"),
    mark("Please save it instead"),
)


def told(t: Translator) -> dict[str, str]:
    """Say the page's words in a language, by the English ones; placeholders stay, the page fills them."""
    return {word: t(word) for word in WORDS}
