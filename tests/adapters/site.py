"""What the HTTP application of a test is put together from."""

from typing import Any, cast

from bot.accounts.caller import Accounts, SignUp
from bot.app import App

COOKIE_KEY, PICTURE_KEY, TOKEN_KEY = b"c" * 32, b"p" * 32, b"t" * 32


def accounts_on(app: Any, sign_up: SignUp = "open") -> Accounts:
    """Let people make accounts on a core."""
    return Accounts(cast(App, app), (TOKEN_KEY,), "qr-gen", sign_up)
