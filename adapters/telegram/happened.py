"""What an update says of the chat itself, not of anybody's wishes: blocked, put out, let in, moved. Pure."""

from __future__ import annotations

from datetime import datetime

from telegram import ChatMember, ChatMemberRestricted, ChatMemberUpdated, Message, Update

from storage.changes import CloseSpace, MoveSpace, OpenSpace

Happened = CloseSpace | OpenSpace | MoveSpace


def happened(update: Update, at: datetime) -> tuple[Happened, ...]:
    """Read what has to be kept of a chat's changes; empty for everything else."""
    if update.my_chat_member is not None:
        return (_membership(update.my_chat_member, at),)
    if update.message is not None:
        return _moved(update.message, at)
    return ()


def _membership(ours: ChatMemberUpdated, at: datetime) -> CloseSpace | OpenSpace:
    """Tell whether the bot can still be heard; in private it is "kicked" by who blocks it."""
    space, now = f"telegram:{ours.chat.id}", ours.new_chat_member
    outside = isinstance(now, ChatMemberRestricted) and not now.is_member
    if outside or now.status in (ChatMember.BANNED, ChatMember.LEFT):
        return CloseSpace(space, f"the bot is {now.status} there", at)
    return OpenSpace(space)


def _moved(message: Message, at: datetime) -> tuple[MoveSpace, ...]:
    """Read a group's growth into a supergroup, which both of them tell of."""
    here, to, back = message.chat.id, message.migrate_to_chat_id, message.migrate_from_chat_id
    before, after = (here, to) if to else (back, here)
    if not (before and after):
        return ()
    return (MoveSpace(f"telegram:{before}", f"telegram:{after}", elsewhere(after), at),)


def elsewhere(chat: int) -> dict[str, str | int]:
    """Say what an address becomes in a supergroup that was a group.

    It numbers its messages anew: what was to answer or change one of the group's stands alone.
    """
    return {"chat": chat, "message": 0, "callback": "", "thread": 0}
