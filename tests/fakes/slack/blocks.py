"""What Block Kit takes: docs.slack.dev/reference/block-kit, and slack_sdk's own limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.fakes.ledger import JSON
from tests.fakes.slack.valid import validated, validated_view
from tests.fakes.slack.world import Refused

KEYS = {
    "section": {"text", "fields", "accessory"},
    "header": {"text"},
    "divider": set[str](),
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "actions": {"elements"},
    "context": {"elements"},
    "input": {"label", "element", "optional", "hint", "dispatch_action"},
    "rich_text": {"elements"},
}
ELEMENTS = {
    "button": {"text", "action_id", "value", "url", "style", "confirm", "accessibility_label"},
    "static_select": {"action_id", "options", "option_groups", "initial_option", "placeholder"},
    "checkboxes": {"action_id", "options", "initial_options"},
    "plain_text_input": {
        "action_id",
        "multiline",
        "initial_value",
        "placeholder",
        "min_length",
        "max_length",
        "dispatch_action_config",
    },
    "conversations_select": {"action_id", "initial_conversation", "placeholder", "filter"},
}
BESIDE = {"button", "static_select", "conversations_select"}  # a section's text, and pictures
INPUTS = {"static_select", "checkboxes", "plain_text_input"}


def need(right: bool, why: str, code: str = "invalid_blocks") -> None:
    """Refuse what breaks a rule."""
    if not right:
        raise Refused(code, why)


def check(blocks: Any, most: int, kinds: Iterable[str]) -> None:
    """Refuse blocks that Slack would not take in a message (50) or a view (100)."""
    need(isinstance(blocks, list) and len(blocks) <= most, f"no more than {most} blocks")
    ids: list[str] = []
    actions: list[str] = []
    for block in blocks:
        kind = block.get("type")
        need(kind in set(kinds), f"unsupported block type: {kind}")
        need(set(block) <= {"type", "block_id", *KEYS[kind]}, f"unknown keys in {kind}: {sorted(block)}")
        if "block_id" in block:
            need(0 < len(block["block_id"]) <= 255, "block_id must be less than 256 characters")
            ids.append(block["block_id"])
        CHECKS[kind](block, actions)
    need(len(set(ids)) == len(ids), "block_id is not unique")
    need(len(set(actions)) == len(actions), "action_id is not unique")
    validated(blocks)


def text(held: Any, most: int, kinds: tuple[str, ...] = ("plain_text",)) -> None:
    """Refuse a text object that is none, is empty, or is too long."""
    need(isinstance(held, Mapping) and held.get("type") in kinds, f"must be {kinds}")
    words = held.get("text")
    need(isinstance(words, str) and 0 < len(words) <= most, f"must be 1 to {most} characters")
    need(bool(words.strip()), "must not be blank")
    need(set(held) <= {"type", "text", "emoji", "verbatim"}, "unknown keys in text")


def _section(block: JSON, actions: list[str]) -> None:
    need("text" in block or "fields" in block, "section needs text or fields")
    if "text" in block:
        text(block["text"], 3000, ("plain_text", "mrkdwn"))
    beside = block.get("accessory")
    if beside is not None and beside.get("type") == "image":
        need(set(beside) <= {"type", "image_url", "alt_text"}, "unknown keys in image")
        _image(beside, actions)
    elif beside is not None:
        _element(beside, BESIDE, actions)


def _image(block: JSON, actions: list[str]) -> None:
    need(("image_url" in block) != ("slack_file" in block), "image needs one of image_url, slack_file")
    need(0 < len(block.get("image_url", "x")) <= 3000, "image_url must be less than 3001 characters")
    need(
        isinstance(block.get("alt_text"), str) and 0 < len(block["alt_text"]) <= 2000, "alt_text is required"
    )


def _actions(block: JSON, actions: list[str]) -> None:
    need(1 <= len(block["elements"]) <= 25, "no more than 25 elements")
    for element in block["elements"]:
        _element(element, {"button", "static_select"}, actions)


def _element(element: JSON, kinds: set[str], actions: list[str] | None) -> None:
    kind = str(element.get("type"))
    need(kind in kinds, f"unsupported element: {kind}")
    need(set(element) <= {"type", *ELEMENTS[kind]}, f"unknown keys in {kind}: {sorted(element)}")
    need(0 < len(element.get("action_id", "")) <= 255, "action_id is required")
    if actions is not None:
        actions.append(element["action_id"])
    if kind == "button":
        text(element["text"], 75)
        need(len(element.get("value", "")) <= 2000, "value must be less than 2001 characters")
        need(len(element.get("url", "")) <= 3000, "url must be less than 3001 characters")
        need(element.get("style", "primary") in {"primary", "danger"}, "no such style")
        _confirm(element.get("confirm"))
    if kind == "static_select":
        _options(element)
    if kind == "plain_text_input":
        most = element.get("max_length", 3000)
        need(1 <= most <= 3000, "max_length must be 1 to 3000")
        need(
            0 < len(element.get("initial_value", "x")) <= most,
            f"initial_value must have 1 to {most} characters",
        )
        told = element.get("dispatch_action_config", {"trigger_actions_on": ["on_enter_pressed"]})
        need(
            set(told["trigger_actions_on"]) <= {"on_enter_pressed", "on_character_entered"}, "no such trigger"
        )


def options(element: JSON) -> list[JSON]:
    """List what a select offers, in groups or without."""
    groups = element.get("option_groups")
    return element["options"] if groups is None else [each for group in groups for each in group["options"]]


def _options(element: JSON) -> None:
    need(("options" in element) != ("option_groups" in element), "either options or option_groups")
    groups = element.get("option_groups", [{"options": element.get("options")}])
    need(1 <= len(groups) <= 100, "1 to 100 groups")
    for group in groups:
        if "label" in group:
            text(group["label"], 75)
        need(1 <= len(group["options"]) <= 100, "1 to 100 options")
        for option in group["options"]:
            text(option["text"], 75)
            need(0 < len(option["value"]) <= 150, "an option's value has 1 to 150 characters")
    known = options(element)
    need(element.get("initial_option", known[0]) in known, "initial_option must match")


def _confirm(asked: Any) -> None:
    """Refuse a question before a press that Slack would not ask."""
    if asked is not None:
        need(set(asked) <= {"title", "text", "confirm", "deny", "style"}, "unknown keys in confirm")
        for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
            text(asked.get(name), most)


def _context(block: JSON, actions: list[str]) -> None:
    need(1 <= len(block["elements"]) <= 10, "1 to 10 elements")
    for element in block["elements"]:
        text(element, 3000, ("plain_text", "mrkdwn"))


def _input(block: JSON, actions: list[str]) -> None:
    text(block["label"], 2000)
    if "hint" in block:
        text(block["hint"], 2000)
    _element(block["element"], INPUTS, None)


def _rich(block: JSON, actions: list[str]) -> None:
    for section in block["elements"]:
        need(section["type"] in {"rich_text_section", "rich_text_preformatted"}, "unsupported rich text")
        need(bool(section["elements"]), "rich text holds nothing")
        for piece in section["elements"]:
            need(piece["type"] == "text" and bool(piece["text"]), "rich text wants text")
            need(set(piece) <= {"type", "text", "style"}, "unknown keys in rich text")
            need(len(piece["text"]) <= 3000, "rich text is too long")


def _nothing(block: JSON, actions: list[str]) -> None:
    pass


CHECKS: dict[str, Callable[[JSON, list[str]], None]] = {
    "section": _section,
    "header": lambda block, actions: text(block["text"], 150),
    "divider": _nothing,
    "image": _image,
    "actions": _actions,
    "context": _context,
    "input": _input,
    "rich_text": _rich,
}
IN_MESSAGES = ("section", "header", "divider", "image", "actions", "context", "rich_text")
IN_VIEWS = (*IN_MESSAGES, "input")


def check_view(view: Any) -> None:
    """Refuse a modal that Slack would not open."""
    need(isinstance(view, dict) and view.get("type") == "modal", "view must be a modal", "invalid_arguments")
    known = {
        "type",
        "title",
        "blocks",
        "close",
        "submit",
        "private_metadata",
        "callback_id",
        "clear_on_close",
    }
    need(
        set(view) <= known | {"notify_on_close", "external_id"},
        f"unknown keys: {sorted(view)}",
        "invalid_arguments",
    )
    for name in ("title", "submit", "close"):
        if name in view or name == "title":
            text(view.get(name), 24)
    need(len(view.get("private_metadata", "")) <= 3000, "private_metadata is too long", "invalid_arguments")
    need(len(view.get("callback_id", "")) <= 255, "callback_id is too long", "invalid_arguments")
    check(view.get("blocks"), 100, IN_VIEWS)
    validated_view(view)
    if any(block["type"] == "input" for block in view["blocks"]):
        need("submit" in view, "a view with inputs needs submit", "invalid_arguments")
