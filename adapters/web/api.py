"""What the routes of the HTTP API work with."""

from __future__ import annotations

from dataclasses import dataclass

from bot.accounts.caller import Accounts
from bot.app import App
from bot.face import Draw


@dataclass(frozen=True, slots=True)
class Api:
    """The core, and how this installation is reached. ``guests``: strangers may draw, read and prove.

    ``picture_key`` signs the addresses of pictures. ``public_url`` is empty where nobody set it.
    """

    app: App
    draw: Draw
    accounts: Accounts
    picture_key: bytes
    public_url: str
    guests: bool
