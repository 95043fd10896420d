"""Addresses that open the chat with the bot, and what they bring along."""

from __future__ import annotations

KNOCK = "hello"  # brings nothing along: it only opens the chat


def deep_link(bot_name: str, payload: str) -> str:
    """Give the address that opens the chat with the bot; ``payload``: at most 64 of ``A-Z a-z 0-9 _ -``."""
    return f"https://t.me/{bot_name}{f'?start={payload}' if payload else ''}"
