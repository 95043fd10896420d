"""What a code says: one module a family, each building text from values and reading text back to values."""

from bot.qr.payloads.payload import Level, Payload, Reading
from bot.qr.payloads.text import build_text
from bot.qr.payloads.wifi import read_wifi


def interpret(text: str) -> Reading:
    """Take a text apart by what it turns out to be."""
    network = read_wifi(text)
    if network is None:
        return Reading(
            "url" if text.lower().startswith(("http://", "https://")) else "text", (("text", text),)
        )
    hidden = (("hidden", "yes"),) if network.hidden else ()
    password = (("password", network.password),) if network.password else ()
    named = (("ssid", network.ssid), *password, ("security", network.security.value))
    return Reading("wifi", (*named, *hidden))


__all__ = ["Level", "Payload", "Reading", "build_text", "interpret"]
