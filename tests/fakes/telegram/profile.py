"""The bot's own settings and what it may ask about chats: commands, descriptions, members, webhook.

Rules: core.telegram.org/bots/api#setmycommands, #setmydescription, #getchat, #getchatmember,
#getuserprofilephotos, #setchatmenubutton (what is refused: tdlib/td, BotMenuButton.cpp), #setwebhook.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.ledger import JSON, Call
from tests.fakes.outside import inside
from tests.fakes.telegram.sending import flag, number
from tests.fakes.telegram.things import Chat, Refused
from tests.fakes.telegram.world import World

COMMANDS, COMMAND, DESCRIPTION = 100, re.compile(r"[a-z0-9_]{1,32}"), 256
LIMITS = {"name": 64, "description": 512, "short_description": 120}  # characters
SCOPES = {
    "default", "all_private_chats", "all_group_chats", "all_chat_administrators", "chat",
    "chat_administrators", "chat_member",
}  # fmt: skip
PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def _language(call: Call) -> str:
    code: str = call.fields.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", code):
        raise Refused("invalid language code specified")
    return code


# --- commands -----------------------------------------------------------------------------------------------


def _scope(tg: World, call: Call) -> str:
    scope = call.fields.get("scope") or {"type": "default"}
    if not isinstance(scope, dict) or scope.get("type") not in SCOPES:
        raise Refused("can't parse BotCommandScope: Unsupported type specified")
    if scope["type"] in ("chat", "chat_administrators", "chat_member"):
        tg.chat(scope.get("chat_id"))
    return json.dumps(scope, sort_keys=True)


def set_my_commands(tg: World, call: Call) -> bool:
    """Answer setMyCommands: 100 at most, for one scope and one language; an empty list takes them away."""
    commands = call.fields.get("commands") or []
    if not isinstance(commands, list):
        raise Refused("can't parse commands JSON object")
    if len(commands) > COMMANDS:
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", "")).removeprefix("/")):
            raise Refused("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= DESCRIPTION:
            raise Refused("BOT_COMMAND_DESCRIPTION_INVALID")
    tg.commands[_scope(tg, call), _language(call)] = commands
    return True


def get_my_commands(tg: World, call: Call) -> list[JSON]:
    """Answer getMyCommands for exactly this scope and language."""
    return tg.commands.get((_scope(tg, call), _language(call)), [])


def delete_my_commands(tg: World, call: Call) -> bool:
    """Answer deleteMyCommands."""
    tg.commands.pop((_scope(tg, call), _language(call)), None)
    return True


def menu(tg: World, chat: Chat, language: str) -> list[str]:
    """List the commands that a client shows in a chat: the narrowest scope first, in it the language first.

    core.telegram.org/bots/api#determining-list-of-commands
    """
    wide = "all_private_chats" if chat.type == "private" else "all_group_chats"
    scopes: list[JSON] = [{"type": "chat", "chat_id": chat.id}, {"type": wide}, {"type": "default"}]
    for scope in scopes:
        for code in (language, ""):
            if found := tg.commands.get((json.dumps(scope, sort_keys=True), code)):
                return [str(command["command"]) for command in found]
    return []


# --- texts --------------------------------------------------------------------------------------------------


def set_text(name: str, tg: World, call: Call) -> bool:
    """Answer setMyName, setMyDescription and setMyShortDescription."""
    value = call.fields.get(name, "")
    if len(value) > LIMITS[name]:
        raise Refused(f"BOT_{'ABOUT' if name == 'short_description' else name.upper()}_TOO_LONG")
    tg.profile[name, _language(call)] = value
    return True


def get_text(name: str, tg: World, call: Call) -> JSON:
    """Answer getMyName and its kin; without a text of its own a language has the common one."""
    common = tg.profile.get((name, ""), tg.bot["first_name"] if name == "name" else "")
    return {name: tg.profile.get((name, _language(call))) or common}


# --- the menu button ----------------------------------------------------------------------------------------


def _for_whom(tg: World, call: Call) -> int:
    """Tell whose button is meant: that of one private chat, or, as 0, of all who have none of their own."""
    if "chat_id" not in call.fields:
        return 0
    user = number(call.fields["chat_id"])
    if user <= 0:
        raise Refused("invalid chat_id specified")
    if user not in tg.people:
        raise Refused("user not found")
    return user


def set_chat_menu_button(tg: World, call: Call) -> bool:
    """Answer setChatMenuButton; a Mini App has a text, and an https address."""
    button = call.fields.get("menu_button", {"type": "default"})
    wrong = "can't parse menu button: "
    if not isinstance(button, dict):
        raise Refused(f"{wrong}MenuButton must be an Object")
    if button.get("type") not in ("default", "commands", "web_app"):
        raise Refused(f"{wrong}MenuButton has unsupported type")
    if button["type"] == "web_app":
        app = button.get("web_app")
        if not isinstance(button.get("text"), str) or not isinstance(app, dict):
            raise Refused(f"{wrong}Can't find field")
        if not button["text"].strip():
            raise Refused("menu button text must be non-empty")
        url = urlsplit(str(app.get("url", "")))
        if url.scheme != "https" or not url.hostname:
            raise Refused(
                f"menu button Web App URL '{app.get('url', '')}' is invalid: Only HTTPS links are allowed"
            )
    tg.buttons[_for_whom(tg, call)] = button
    return True


def get_chat_menu_button(tg: World, call: Call) -> JSON:
    """Answer getChatMenuButton; where none was set, the menu of commands."""
    return tg.buttons.get(_for_whom(tg, call)) or tg.buttons.get(0) or {"type": "commands"}


# --- chats --------------------------------------------------------------------------------------------------


def get_me(tg: World, call: Call) -> JSON:
    """Answer getMe."""
    del call
    return tg.bot | tg.powers | {"can_connect_to_business": False, "has_main_web_app": False}


def _readable(tg: World, call: Call) -> Chat:
    chat = tg.chat(call.fields.get("chat_id"))
    if chat.type in ("supergroup", "channel") and chat.bot in ("left", "kicked"):
        done = "was kicked from" if chat.bot == "kicked" else "is not a member of"
        raise Refused(f"bot {done} the {chat.type} chat", 403)
    return chat


def get_chat(tg: World, call: Call) -> JSON:
    """Answer getChat."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    chat = _readable(tg, call)
    seen = chat.person.emblem if chat.person is not None and not chat.person.shy else chat.emblem
    photo = {"photo": seen} if seen else {}
    return (
        chat.as_json()
        | photo
        | {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": gifts}
    )


def get_user_profile_photos(tg: World, call: Call) -> JSON:
    """Answer getUserProfilePhotos: those that the bot may see, newest first; 1 to 100."""
    user = number(call.fields.get("user_id"))
    if user <= 0:
        raise Refused("invalid user_id specified")
    person = tg.people.get(user)
    if person is None:
        raise Refused("user not found")
    photos = [] if person.shy else person.photos
    first = max(0, number(call.fields.get("offset")))
    limit = max(1, min(number(call.fields.get("limit"), 100), 100))
    return {"total_count": len(photos), "photos": [each.json for each in photos[first : first + limit]]}


def _member(user: JSON, status: str) -> JSON:
    rights: tuple[str, ...] = (
        "manage_chat",
        "delete_messages",
        "manage_video_chats",
        "restrict_members",
        "promote_members",
    )
    rights += ("change_info", "invite_users", "post_stories", "edit_stories", "delete_stories")
    about: JSON = {"user": user, "status": status}
    if status == "kicked":
        about["until_date"] = 0
    if status in ("creator", "administrator"):
        about["is_anonymous"] = False
    if status == "administrator":
        about |= {"can_be_edited": False} | {f"can_{right}": True for right in rights}
    return about


def get_chat_member(tg: World, call: Call) -> JSON:
    """Answer getChatMember; somebody who was never there has "left"."""
    chat = _readable(tg, call)
    user = number(call.fields.get("user_id"))
    if user == tg.bot["id"]:
        own = _member(tg.bot, chat.bot)
        if (
            chat.type == "channel" and chat.bot == "administrator"
        ):  # channels only, says #chatmemberadministrator
            own |= {"can_post_messages": chat.posts, "can_edit_messages": chat.posts}
        return own
    person = tg.people.get(user)
    if person is None:
        raise Refused("PARTICIPANT_ID_INVALID" if user > 0 else "invalid user_id specified")
    return _member(person.as_json(), chat.members.get(user, "left"))


def get_chat_administrators(tg: World, call: Call) -> list[JSON]:
    """Answer getChatAdministrators: other bots are left out."""
    chat = _readable(tg, call)
    if chat.type == "private":
        raise Refused("there are no administrators in the private chat")
    leading = [(user, s) for user, s in chat.members.items() if s in ("creator", "administrator")]
    listed = [_member(tg.people[user].as_json(), status) for user, status in leading]
    return listed + ([_member(tg.bot, chat.bot)] if chat.bot == "administrator" else [])


def leave_chat(tg: World, call: Call) -> bool:
    """Answer leaveChat."""
    chat = tg.writable(call.fields.get("chat_id"))
    if chat.type == "private":
        raise Refused("chat member status can't be changed in private chats")
    chat.bot = "left"
    return True


# --- webhook ------------------------------------------------------------------------------------------------


def webhook_address(tg: World, call: Call) -> tuple[str, str]:
    """Check a webhook's address and secret, and give both; only a local server posts over http."""
    url, secret = call.fields.get("url", ""), call.fields.get("secret_token", "")
    if len(secret) > 256:
        raise Refused("secret token is too long")
    if secret and not SECRET.fullmatch(secret):
        raise Refused("secret token contains unallowed characters")
    parts = urlsplit(url)
    if not parts.hostname:
        raise Refused("invalid webhook URL specified")
    if not tg.local:
        if parts.scheme != "https":
            raise Refused("bad webhook: An HTTPS URL must be provided for webhook")
        if (parts.port or 443) not in PORTS:
            raise Refused("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if inside(url, tg.public) is None:
            raise Refused("bad webhook: Failed to resolve host: Name or service not known")
    return url, secret


def allow(tg: World, value: Any) -> None:
    """Keep the kinds of updates to make from now on; not given: as before."""
    if isinstance(value, list):
        tg.updates.allowed = [str(kind) for kind in value]


def drop_pending(tg: World, call: Call) -> None:
    """Forget what waits, if the call says so."""
    if flag(call.fields.get("drop_pending_updates")):
        tg.updates.waiting.clear()
