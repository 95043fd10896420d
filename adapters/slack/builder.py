"""The builder as a modal: what a code is made of, its look folded below, its picture at the end. All pure.

Slack hands over only the inputs that a view has just now. So the content is always in it, as it may be long
or secret, and only the look is ever folded away: its values are short and wait in the view's metadata. Slack
keeps what somebody is typing where an input has the same ids in the view that follows
(docs.slack.dev/reference/methods/views.update); an input of another kind has other ids.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from adapters.slack.objects import JSON, LABEL, TEXT, cut, plain_text
from adapters.slack.places import Body, actor_of, request_id, slack_id, space_at, team_of
from adapters.slack.views import HINT, OPTION, TITLE, field
from bot.builder import ANY, CAPTION_OF, CODE, KIND
from bot.builder import LONGEST as WORDED
from bot.builder import STYLE, WORDS, built, kinds
from bot.command import Command
from bot.face import Address
from bot.i18n import Translator, capital
from bot.message import Asking, Form, Question, Request
from bot.qr.style.limits import CAPTION

CALLBACK = "builder"
TABS, PREVIEW = "+tabs", "preview"  # the block with the buttons, and the button that asks for a picture
CONTENT, LOOK = "content", "look"
_SHORT = 40  # characters of a part of a look
_ERROR = 1000

_LENGTHS = {WORDS: WORDED, CAPTION_OF: CAPTION}


@dataclass(frozen=True, slots=True)
class Held:
    """What a builder holds: a kind of content, its values and those of its look, and how it is shown.

    ``address``: where the answer goes. ``styling``: the look is unfolded. ``file``: an upload that the view
    shows.
    """

    kind: str
    values: Mapping[str, str]
    address: Address
    language: str
    styling: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True)
class Below:
    """What stands below the form: a picture by its address or its file, and lines about it.

    ``by_hand``: a picture is shown only where somebody asks for it.
    """

    lines: tuple[str, ...] = ()
    image_url: str = ""
    file: str = ""
    alt: str = ""
    by_hand: bool = False


# --- from a form, and from what Slack sends -----------------------------------------------------------------


def is_builder(form: Form) -> bool:
    """Tell whether a form is shown as the builder: one that makes a code of anything, or that changes one.

    Where a look or a format was said already, and will not do, it is the command's own form that says so.
    """
    return CODE in form.values or (form.command == ANY and set(form.values) <= {"text"})


def begun(form: Form, address: Address, t: Translator) -> Held:
    """Begin with a form."""
    kept = {name: each for name, each in address.items() if name != "picture"}
    if CODE not in form.values:
        kept.pop("message", None)  # a new code takes no message's place
    return Held(form.command, form.values, kept, t.language)


def about(body: Body) -> bool:
    """Tell whether a body is about a builder."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("callback_id") == CALLBACK


def held(body: Body) -> Held:
    """Read what a builder holds; raises what a wrong shape raises."""
    view = body["view"]
    kept, state = json.loads(view["private_metadata"]), view["state"]["values"]
    entered = {name: entered_in(*inner.values()) for name, inner in state.items() if name != TABS}
    kind = entered.pop(KIND, "") or str(kept["command"])
    code = {CODE: str(kept["code"])} if kept.get("code") else {}
    values = {**{str(name): str(each) for name, each in kept["style"].items()}, **entered, **code}
    if kept["styling"]:
        values = {name: each for name, each in values.items() if name not in STYLE or name in entered}
    address = {name: each if isinstance(each, int) else str(each) for name, each in kept["address"].items()}
    given = {name: each for name, each in values.items() if each}
    return Held(
        kind, given, address, str(kept["language"]), bool(kept["styling"]), str(kept.get("file") or "")
    )


def entered_in(element: Mapping[str, Any]) -> str:
    """Read what was entered or chosen."""
    if element["type"] == "static_select":
        return str((element.get("selected_option") or {}).get("value", ""))
    return str(element.get("value") or "")


def pressed(body: Body) -> str:
    """Name what was pressed among a builder's buttons; empty for a change of an input."""
    action = body["actions"][0]
    return str(action.get("value") or "") if action.get("block_id") == TABS else ""


def chose_kind(body: Body) -> bool:
    """Tell whether another kind was chosen."""
    return bool(body["actions"][0].get("block_id") == KIND)


def built_of(body: Body) -> Request:
    """Read a builder that was sent: the same as its kind's own form would say, and its look."""
    now, team, user = held(body), team_of(body), body["user"]
    return Request(
        id=request_id(body),
        actor=actor_of(body, slack_id(user["id"]), str(user.get("name", ""))),
        space=space_at(team, now.address),
        command=now.kind,
        values=now.values,
        asking=Asking.FORM,
        address=now.address,
        aside=bool(now.address.get("aside")),
    )


# --- to a view ----------------------------------------------------------------------------------------------


def laid_out(commands: Mapping[str, Command], now: Held, below: Below, t: Translator) -> JSON:
    """Lay a builder out as a modal."""
    form = built(commands, now.kind, now.values, t, parts=STYLE if now.styling else ())
    content = [each for each in form.questions if each.name not in STYLE]
    look = [each for each in form.questions if each.name in STYLE]
    changing = CODE in now.values
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "notify_on_close": True,
        "title": plain_text(t("Change a code") if changing else t("Make a QR code"), TITLE),
        "submit": plain_text(t("Save") if changing else t("Make it now"), TITLE),
        "close": plain_text(t("Cancel"), TITLE),
        "private_metadata": _metadata(now, below),
        "blocks": [
            _kinds(commands, now.kind, t),
            {"type": "section", "text": plain_text(form.title, TEXT)},
            *(_watched(field(each, now.values, t), now.kind) for each in content),
            _tabs(now, below, t),
            *(_watched(_bounded(field(each, now.values, t), each), "value") for each in look),
            *_shown(below, t),
        ],
    }


def _metadata(now: Held, below: Below) -> str:
    style = {name: now.values[name] for name in STYLE if name in now.values}
    kept = {"command": now.kind, "address": dict(now.address), "language": now.language, "style": style}
    more = {"styling": now.styling, "code": now.values.get(CODE, ""), "file": below.file}
    return json.dumps(kept | more, ensure_ascii=False, separators=(",", ":"))


def _kinds(commands: Mapping[str, Command], kind: str, t: Translator) -> JSON:
    groups: list[JSON] = [
        {
            "label": plain_text(label, LABEL),
            "options": [{"text": plain_text(called, OPTION), "value": name} for name, called in held.items()],
        }
        for label, held in kinds(commands, t)
    ]
    named = [
        option
        for group in groups
        for option in group["options"]
        if option["value"] == _listed(commands, kind)
    ]
    element: JSON = {"type": "static_select", "action_id": "value", "option_groups": groups}
    return {
        "type": "input",
        "block_id": KIND,
        "label": plain_text(t("What the code holds"), HINT),
        "dispatch_action": True,
        "element": element | ({"initial_option": named[0]} if named else {}),
    }


def _listed(commands: Mapping[str, Command], name: str) -> str:
    """Name the command in the list that another word stands for."""
    return commands[name].of or name


def _watched(block: JSON, action_id: str) -> JSON:
    """Let each change of an input be told; an input of another kind of content is another one."""
    element = {**block["element"], "action_id": action_id}
    if element["type"] == "plain_text_input":
        element["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    return {**block, "dispatch_action": True, "element": element}


def _bounded(block: JSON, question: Question) -> JSON:
    """Keep a part of a look so short that the view can carry it along."""
    element = block["element"]
    if element["type"] != "plain_text_input":
        return block
    most = _LENGTHS.get(question.name, _SHORT)
    return {**block, "element": {**element, "max_length": most}}


def _tabs(now: Held, below: Below, t: Translator) -> JSON:
    """Lay out the buttons that fold and unfold the look, and the one that asks for a picture."""
    named = [(CONTENT, t("Content only"))] if now.styling else [(LOOK, t("Style"))]
    named += [(PREVIEW, t("Preview"))] if below.by_hand else []
    buttons = [
        {"type": "button", "action_id": value, "value": value, "text": plain_text(label, LABEL)}
        for value, label in named
    ]
    return {"type": "actions", "block_id": TABS, "elements": buttons}


def _shown(below: Below, t: Translator) -> list[JSON]:
    """Show the picture, and in words how surely it scans."""
    source: JSON = {"image_url": below.image_url} if below.image_url else {"slack_file": {"id": below.file}}
    image = {"type": "image", **source, "alt_text": below.alt or t("QR code")}
    words = {"type": "section", "text": plain_text("\n".join(below.lines), TEXT)}
    return [*([image] if below.image_url or below.file else []), *([words] if below.lines else [])]


def turned(now: Held, tab: str) -> Held:
    """Fold or unfold the look."""
    return replace(now, styling=tab == LOOK) if tab in (LOOK, CONTENT) else now


def refused(body: Body, form: Form, t: Translator) -> JSON:
    """Answer a builder with what is wrong: each at its field, and at the first what is not in the view."""
    shown = [str(block["block_id"]) for block in body["view"]["blocks"] if block["type"] == "input"]
    told = {each.name: each.error for each in form.questions if each.error}
    missing = [each for each in form.questions if each.required and not form.values.get(each.name)]
    told |= {each.name: t("Please fill this in.") for each in missing}
    errors = {name: cut(why, _ERROR) for name, why in told.items() if name in shown}
    named = {each.name: capital(each.label) for each in form.questions}
    hidden = "\n".join(f"{named[name]}: {why}" for name, why in told.items() if name not in shown)
    if hidden or not errors:
        errors[shown[0]] = cut(hidden or form.title, _ERROR)
    return {"response_action": "errors", "errors": errors}


def unknown_kind(body: Body) -> JSON:
    """Answer a builder whose kind is none of the list."""
    t = Translator(held(body).language)
    return {
        "response_action": "errors",
        "errors": {KIND: t("I make no such codes. Please choose from the list.")},
    }
