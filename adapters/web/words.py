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
    mark("Close"),
    mark("Use it"),
    mark("A scanned code"),
    mark("Please open it again from Telegram."),
    mark("Scan check: {score} of 100, grade {grade}."),
    mark("Looks"),
    mark("Shape"),
    mark("Eyes"),
    mark("Outside"),
    mark("Inside"),
    mark("Colours"),
    mark("Code"),
    mark("Background"),
    mark("Eyes, outside"),
    mark("Eyes, inside"),
    mark("Frame"),
    mark("Logo"),
    mark("None"),
    mark("Colour of the frame"),
    mark("Caption"),
    mark("Another emoji"),
    mark("Design"),
    mark("Scan a code"),
    mark("Send to our chat"),
    mark("It is on its way to our chat."),
    mark("Preview"),
    mark("What to change"),
    mark("Words to look for"),
    mark("Your codes"),
    mark("What it is for"),
    mark("All my new codes"),
    mark("This code"),
    mark("★ Favourites"),
)


def told(t: Translator) -> dict[str, str]:
    """Say the page's words in a language, by the English ones; placeholders stay, the page fills them."""
    return {word: t(word) for word in WORDS}
