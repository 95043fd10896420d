"""Opening a Mini App as Telegram's apps do: signed launch data, the address, and a stand-in for its script.

Rules: core.telegram.org/bots/webapps#webappinitdata, #validating-data-received-via-the-mini-app. Where it
stands in the address: core.telegram.org/api/bots/webapps.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import quote, urlencode

from tests.fakes.telegram.things import Person

SCRIPT = "https://telegram.org/js/telegram-web-app.js"
STAND_IN = (Path(__file__).parent / "webapp.js").read_text()
DAY = {
    "bg_color": "#ffffff", "secondary_bg_color": "#f0f0f0", "text_color": "#000000", "hint_color": "#707579",
    "button_color": "#2481cc", "button_text_color": "#ffffff", "destructive_text_color": "#d1303a",
    "section_separator_color": "#d9dce0",
}  # fmt: skip
NIGHT = {
    "bg_color": "#18222d", "secondary_bg_color": "#0e1621", "text_color": "#ffffff", "hint_color": "#8b9aa8",
    "button_color": "#5eb5f7", "button_text_color": "#0b1a29", "destructive_text_color": "#ff8a80",
    "section_separator_color": "#2b3945",
}  # fmt: skip


def user_of(person: Person) -> str:
    """Write a person as the ``user`` field has them."""
    about = {"id": person.id, "first_name": person.first_name, "last_name": person.last_name}
    return json.dumps(about | {"language_code": person.language_code, "allows_write_to_pm": True})


def init_data(token: str, fields: dict[str, str]) -> str:
    """Sign fields as Telegram does for the bot with this token, with those beside them that it always has."""
    whole = {"chat_instance": "-42", "chat_type": "sender", "signature": "c2ln", **fields}
    secret = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()
    checked = "\n".join(f"{name}={whole[name]}" for name in sorted(whole))
    return urlencode(whole | {"hash": hmac.new(secret, checked.encode(), hashlib.sha256).hexdigest()})


def opened(token: str, person: Person, at: float) -> str:
    """Sign what says that a person opened the Mini App at a time."""
    return init_data(token, {"user": user_of(person), "auth_date": str(int(at))})


def address(url: str, data: str, *, dark: bool = False, platform: str = "android") -> str:
    """Write the address that an app opens, with everything behind the hash sign."""
    theme = json.dumps(NIGHT if dark else DAY)
    said = {
        "tgWebAppData": data,
        "tgWebAppVersion": "8.0",
        "tgWebAppPlatform": platform,
        "tgWebAppThemeParams": theme,
    }
    return f"{url}#{urlencode(said, quote_via=quote)}"
