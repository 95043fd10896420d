"""What the routes of the HTTP API work with."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.accounts.caller import Accounts
from bot.app import App
from bot.face import Draw
from bot.jobs import Running


@dataclass(frozen=True, slots=True)
class Api:
    """The core, and how this installation is reached. ``guests``: strangers may draw, read and prove.

    ``picture_key`` signs the addresses of pictures. ``public_url`` is empty where nobody set it. ``running``:
    work that takes longer than a call.
    """

    app: App
    draw: Draw
    accounts: Accounts
    picture_key: bytes
    public_url: str
    guests: bool
    running: Running = field(default_factory=Running)
