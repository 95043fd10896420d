"""From a board to the App Home, and there: laying out is pure, publishing is one call.

Limits: docs.slack.dev/reference/views/home-tab-views (100 blocks), reference/methods/views.publish (250 kB),
reference/block-kit/blocks and …/composition-objects/confirmation-dialog-object. What is typed or chosen keeps
standing in a block of the same id, so the id says what stood there before: what changed is shown anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.connection import PictureAddress, Slack
from adapters.slack.faults import why
from adapters.slack.objects import JSON, LABEL, TEXT, VALUE, cut, plain_text
from adapters.slack.pace import rates_of
from adapters.slack.render import ALT
from adapters.slack.tab import HASH
from bot.board import Choice, Heading, Listed, Part, Place, Press, Presses, Rule, Typed, Words
from bot.face import Address, Overtaken, Rate
from bot.i18n import Translator, spoken
from bot.message import Reply

log = structlog.get_logger(__name__)

BLOCKS = 100
HEADING, OPTION, CHOSEN = 150, 75, 150  # characters of a header, of an option's text and value
SURE, TITLE, ANSWER = 300, 100, 30  # characters of what is asked before a press, its title, its answers
HINT, NAME = 150, 2000  # characters of a placeholder, of an input's label
LISTED = 250  # characters of a code's title here: of a hundred blocks, all fit

_POINTER = re.compile(r"/blocks/(\d+)/")
_NO_PICTURE = ("invalid_blocks", "invalid_arguments", "invalid_view")


@dataclass(frozen=True, slots=True)
class _Laid:
    """What laying out needs beside the parts: the language, and where Slack can fetch pictures, if at all."""

    t: Translator
    address: PictureAddress | None


def view(reply: Reply, address: PictureAddress | None = None) -> JSON:
    """Lay a board out as the view of a Home tab."""
    laid = _Laid(Translator(spoken(reply.language)), address)
    blocks = [block for place, part in enumerate(reply.board) for block in _blocks(part, place, laid)]
    return {"type": "home", "callback_id": "home", "blocks": blocks[:BLOCKS]}


def _blocks(part: Part, place: int, laid: _Laid) -> Iterator[JSON]:
    match part:
        case Heading(text):
            yield {"type": "header", "text": _plain(text, HEADING)}
        case Words(text, quiet=False):
            yield _section(text)
        case Words(text):
            yield {"type": "context", "elements": [_plain(text, TEXT)]}
        case Presses():
            yield _row(part.presses, f"row-{place}|{_channel(part.where)}", laid.t)
        case Listed():
            yield _listed(part, laid)
            yield _row(part.presses, f"code-{part.code}|", laid.t)
        case Choice():
            yield _choice(part)
        case Typed():
            yield _typed(part)
        case Place():
            yield _place(part)
        case Rule():
            yield {"type": "divider"}


def _plain(text: str, most: int) -> JSON:
    """Write a text as it is, also where it looks like an emoji's name."""
    return plain_text(text, most) | {"emoji": False}


def _section(text: str) -> JSON:
    return {"type": "section", "text": _plain(text, TEXT)}


def _channel(key: str) -> str:
    """Give the channel of a space's key, ``slack:T1:C2``."""
    return key.rpartition(":")[2]


def _state(text: str) -> str:
    """Name what stands somewhere, so that something else gets another name."""
    return sha256(text.encode()).hexdigest()[:8]


# --- codes and buttons --------------------------------------------------------------------------------------


def _listed(part: Listed, laid: _Laid) -> JSON:
    block = _section(f"{cut(part.title, LISTED)}\n{cut(part.note, LISTED)}")
    if not part.pictured or laid.address is None:
        return block
    told = laid.t("QR code: {title}", title=cut(part.title, ALT))
    url = f"{laid.address(part.code, part.version)}?small=1"
    return block | {"accessory": {"type": "image", "image_url": url, "alt_text": told}}


def _row(presses: tuple[Press, ...], block_id: str, t: Translator) -> JSON:
    buttons = [_button(press, f"{block_id}-{place}", t) for place, press in enumerate(presses)]
    return {"type": "actions", "block_id": block_id, "elements": buttons}


def _button(press: Press, action: str, t: Translator) -> JSON:
    if len(press.line) > VALUE:
        raise ValueError(f"Slack cannot carry the button “{press.label}”")
    made: JSON = {"type": "button", "action_id": action, "text": _plain(press.label, LABEL)}
    made |= {"value": press.line} | ({"style": "primary"} if press.main else {})
    if not press.sure:
        return made
    sure = {
        "title": _plain(press.label, TITLE),
        "text": _plain(press.sure, SURE),
        "confirm": _plain(press.label, ANSWER),
        "deny": _plain(t("Keep"), ANSWER),
        "style": "danger",
    }
    return made | {"style": "danger", "confirm": sure}


# --- what is chosen or typed --------------------------------------------------------------------------------


def _choice(part: Choice) -> JSON:
    options = [{"text": _plain(label, OPTION), "value": line} for line, label in part.options]
    if any(len(str(option["value"])) > CHOSEN for option in options):
        raise ValueError(f"Slack cannot carry the choice “{part.label}”")
    chosen = next((option for option in options if option["value"] == part.chosen), None)
    first = part.options[0][0]
    select: JSON = {"type": "static_select", "action_id": f"choose {first}", "options": options}
    if chosen is not None:
        select["initial_option"] = chosen
    elif part.otherwise:
        select["placeholder"] = _plain(part.otherwise, HINT)
    return _section(part.label) | {"block_id": f"{first}|{_state(part.chosen)}", "accessory": select}


def _typed(part: Typed) -> JSON:
    """Lay out a field whose text is said when Enter is pressed; its action's id is the line before it."""
    element: JSON = {
        "type": "plain_text_input",
        "action_id": part.line,
        "max_length": part.most,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if part.value:
        element["initial_value"] = part.value[: part.most]
    if part.hint:
        element["placeholder"] = _plain(part.hint, HINT)
    return {
        "type": "input",
        "block_id": f"{part.line}|{_channel(part.where)}|{_state(part.value)}",
        "dispatch_action": True,
        "optional": True,
        "label": _plain(part.label, NAME),
        "element": element,
    }


def _place(part: Place) -> JSON:
    """Let a channel be chosen: Slack shows those that the person sees, and asks no scope of us for it."""
    channel = _channel(part.chosen)
    select: JSON = {
        "type": "conversations_select",
        "action_id": part.line,
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        **({"initial_conversation": channel} if channel else {}),
    }
    return _section(part.label) | {"block_id": f"{part.line}|{_state(channel)}", "accessory": select}


# --- publishing ---------------------------------------------------------------------------------------------


def home_rates(address: Address) -> tuple[Rate, ...]:
    """Count publications in a workspace."""
    return rates_of(str(address["team"]), "views.publish")


async def published(slack: Slack, address: Address, reply: Reply, mark: str) -> str:
    """Show a board on somebody's Home tab and give Slack's hash of it.

    ``mark``: the hash of what it takes the place of, empty where anything may stand there. Raises Overtaken
    where something else stands there, and the faults of Slack and the network.
    """
    user, hash = str(address["user"]), mark or None
    client = await slack.client(str(address["team"]))
    try:
        answer = await _with_pictures(client, user, view(reply, slack.picture_address), hash)
    except SlackApiError as error:
        if why(error) == "hash_conflict":
            raise Overtaken from None
        raise
    return str((answer.get("view") or {}).get("hash") or "")[:HASH]


async def _with_pictures(client: AsyncWebClient, user: str, laid: JSON, hash: str | None) -> Any:
    """Publish; without the pictures that Slack names, then without any, where it cannot fetch them."""
    for without in (_named, _all):
        try:
            return await client.views_publish(user_id=user, view=laid, hash=hash)
        except SlackApiError as error:
            pictured = [block for block in laid["blocks"] if _pictured(block)]
            if why(error) not in _NO_PICTURE or not pictured:
                raise
            log.warning("slack does not show a picture on a home", why=why(error))
            laid = _without(laid, without(error))
    return await client.views_publish(user_id=user, view=laid, hash=hash)


def _pictured(block: JSON) -> bool:
    return bool(block.get("accessory", {}).get("type") == "image")


def _named(error: SlackApiError) -> Callable[[int], bool]:
    """Read which blocks Slack complains of; all where it names none."""
    told = (error.response.get("response_metadata") or {}).get("messages") or ()
    places = {int(found[1]) for each in told for found in _POINTER.finditer(str(each))}
    return lambda place: place in places or not places


def _all(error: SlackApiError) -> Callable[[int], bool]:
    return lambda place: True


def _without(laid: JSON, gone: Callable[[int], bool]) -> JSON:
    """Leave pictures out."""
    blocks = [
        (
            {name: held for name, held in block.items() if name != "accessory"}
            if _pictured(block) and gone(place)
            else block
        )
        for place, block in enumerate(laid["blocks"])
    ]
    return laid | {"blocks": blocks}
