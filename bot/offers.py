"""What somebody may choose from while they still type: pictures as what to draw, and hints in words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.qr.picture import Picture


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to choose. ``id``: at most 64 bytes, said again by who chooses it.

    ``words``: what is said in its place where no picture is shown. ``name``: what a signed address of the
    picture names; empty where there is none.
    """

    id: str
    title: str
    about: str = ""
    words: str = ""
    picture: Picture | None = None
    name: str = ""
    width: int = 0  # pixels
    height: int = 0
