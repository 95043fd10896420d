"""From a form to a view: pure.

Limits: docs.slack.dev/reference/views/modal-views, reference/block-kit/block-elements.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from adapters.slack.objects import JSON, TEXT, VALUE, plain_text
from bot.builder import CODE
from bot.face import Address
from bot.i18n import Translator, capital
from bot.message import Button, Entry, Form, Question, Tone

HINT = 2000  # characters of a label, and of what stands below a field
TITLE, OPTION, OPTIONS = 24, 75, 100


def opener(form: Form, t: Translator) -> Button:
    """Make the button that opens a form, with what was given already as far as a button can carry it."""
    line = f"/{form.command}"
    if CODE in form.values:  # the code itself holds the rest
        return Button(t("Open the form"), f"edit {form.values[CODE]}", tone=Tone.MAIN)
    for question in form.questions:
        value = form.values.get(question.name, "")
        more = f' {question.name}="{value}"'
        if value and _carried(question, value) and len(line + more) <= VALUE:
            line += more
    return Button(t("Open the form"), line, tone=Tone.MAIN)


def _carried(question: Question, value: str) -> bool:
    """Tell whether a value may stand in a button: no secret, nothing that would end it or be escaped."""
    return question.entry is not Entry.SECRET and not set(value) & set('"“”„«»&<>')


def view(form: Form, address: Address, t: Translator) -> JSON:
    """Lay a form out as a modal; its metadata holds the command, and where the answer goes."""
    kept = {key: value for key, value in address.items() if key not in ("picture", "message")}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain_text(f"/qr {form.command}", TITLE),
        "submit": plain_text(t("Send"), TITLE),
        "close": plain_text(t("Cancel"), TITLE),
        "private_metadata": json.dumps({"command": form.command, "address": kept}),
        "blocks": [
            {"type": "section", "text": plain_text(form.title, TEXT)},
            *(field(question, form.values, t) for question in form.questions),
        ],
    }


def field(question: Question, values: Mapping[str, str], t: Translator) -> JSON:
    """Lay a question out as an input."""
    value = values.get(question.name, question.default)
    hint = question.error
    if len(value) > TEXT:  # cut, it would be another value
        value, hint = "", hint or t("What you said is too long for a form: {most} characters fit.", most=TEXT)
    block: JSON = {
        "type": "input",
        "block_id": question.name,
        "optional": not question.required,
        "label": plain_text(capital(question.label), HINT),
        "element": _element(question, value),
    }
    return block | ({"hint": plain_text(hint, HINT)} if hint else {})


def _element(question: Question, value: str) -> JSON:
    if question.choices:
        return _select(question.choices, value)
    long = question.entry is Entry.LONG
    element: JSON = {"type": "plain_text_input", "action_id": "value", "multiline": long}
    return element | ({"initial_value": value} if value else {})


def _select(choices: tuple[tuple[str, str], ...], value: str) -> JSON:
    options = [{"text": plain_text(label, OPTION), "value": choice} for choice, label in choices[:OPTIONS]]
    chosen = next((option for option in options if str(option["value"]).casefold() == value.casefold()), None)
    element: JSON = {"type": "static_select", "action_id": "value", "options": options}
    return element | ({"initial_option": chosen} if chosen else {})


def errors(form: Form) -> JSON:
    """Answer a submission with what is wrong, at the fields; all else at the first."""
    first = form.questions[0].name
    wrong = {question.name: question.error for question in form.questions if question.error}
    return {"response_action": "errors", "errors": wrong or {first: form.title}}
