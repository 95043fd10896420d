"""The builder: a form that makes a code of any kind in any look, or changes one; and the values it sends.

A builder's form is that of the kind's own command. Beside the command's values it may send some whose names
begin with "+", which no parameter's does: the code that it changes, and the parts of a look for that code
alone. So they pass through every face's forms, and through questions asked one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.command import Ask, Command, Ready, Understood, form
from bot.designs import SIGNS
from bot.i18n import Translator, mark
from bot.looks import look_of, read_format
from bot.message import Entry, Form, Question, Reply, Status
from bot.qr.output import OUTPUT
from bot.qr.payloads import KINDS
from bot.qr.payloads.kind import filled
from bot.qr.refusal import Refused
from bot.qr.style import Style, load_style, presets, style_text
from bot.qr.style.vocabulary import names
from storage.records import Code

if TYPE_CHECKING:
    from bot.context import Context

ANY = "qr"  # the command that finds out by itself what a text is
KIND, CODE = "+kind", "+code"
SHOWN = "+shown"  # of what is tried: asks for a name by which its picture can be fetched
PRESET, WORDS, CAPTION_OF, FORMAT = "+preset", "+words", "+caption", "+format"
NONE = "none"  # a frame or a logo that is taken away
AS_IT_IS = "-"  # a part that is not touched: some faces let nobody take a choice back
LONGEST = 800  # characters of a look said in words

_PARTS: tuple[tuple[str, str, Callable[[], tuple[str, ...]]], ...] = (
    (PRESET, mark("Looks"), lambda: tuple(presets())),
    ("+modules", mark("Shape"), lambda: names("modules")),
    ("+finder", mark("Eyes, outside"), lambda: names("finder")),
    ("+eyeball", mark("Eyes, inside"), lambda: names("eyeball")),
    ("+dark", mark("colour of the code, such as navy or #1a2b3c"), tuple),
    ("+light", mark("colour of the background"), tuple),
    ("+frame", mark("Frame"), lambda: (NONE, *names("frame"))),
    (CAPTION_OF, mark("Caption"), tuple),
    ("+logo", mark("Logo"), lambda: (NONE, *SIGNS)),
    ("+size", mark("size, such as 800 or 5 cm"), tuple),
    (FORMAT, mark("file format"), lambda: tuple(OUTPUT)),
    (WORDS, mark("how it looks, in words: dots navy on white"), tuple),
)
STYLE = tuple(name for name, _, _ in _PARTS)
_ALL = (*STYLE, CODE)
_GROUPS = (("make", mark("Usual")), ("more", mark("More kinds")), ("pay", mark("Payments")))


# --- the form -----------------------------------------------------------------------------------------------


def kinds(commands: Mapping[str, Command], t: Translator) -> tuple[tuple[str, dict[str, str]], ...]:
    """List what a code can be made of, the usual ones first: groups of commands and what each is called.

    What is switched off is not among them, nor a group of which nothing is left.
    """
    made_by = _made_by(commands).items()
    named = {name: t(KINDS[found.kind].label) for name, found in made_by if not found.hidden}
    listed = []
    for group, label in _GROUPS:
        of = {name: called for name, called in named.items() if commands[name].group == group}
        usual = group == "make"
        first = {ANY: t("Any text or link")} if usual and not commands[ANY].hidden else {}
        in_order = of if usual else dict(sorted(of.items(), key=lambda each: each[1].casefold()))
        listed.append((t(label), first | in_order))
    return tuple((label, found) for label, found in listed if found)


def _made_by(commands: Mapping[str, Command]) -> dict[str, Command]:
    return {name: found for name, found in commands.items() if found.kind and not found.of}


def word_of(commands: Mapping[str, Command], kind: str) -> str:
    """Name the command that makes codes of a kind; one without any goes by its own name."""
    return next((name for name, found in _made_by(commands).items() if found.kind == kind), kind)


def builds(commands: Mapping[str, Command], name: str) -> bool:
    """Tell whether a command makes codes."""
    return name == ANY or (name in commands and bool(commands[name].kind))


def built(
    commands: Mapping[str, Command],
    name: str,
    values: Mapping[str, str],
    t: Translator,
    *,
    wrong: Mapping[str, Refused] | None = None,
    parts: tuple[str, ...] = STYLE,
) -> Form:
    """Lay out the form of a command that makes codes, and below it the parts of a look."""
    wrong = wrong or {}
    asked = form(Ask(commands[name], values, wrong), t)
    own = tuple(each for each in asked.questions if name != ANY or each.name == "text")
    style = tuple(_part(part, label, t, wrong.get(part)) for part, label, _ in _PARTS if part in parts)
    return replace(asked, questions=(*own, *style))


def _part(name: str, label: str, t: Translator, wrong: Refused | None) -> Question:
    choices = offered(name)
    return Question(
        name=name,
        label=t(label),
        entry=Entry.CHOICE if choices else Entry.LONG if name == WORDS else Entry.TEXT,
        required=False,
        choices=tuple((each, _called(each, t)) for each in (AS_IT_IS, *choices)) if choices else (),
        error=t.of(wrong) if wrong is not None else "",
    )


def _called(choice: str, t: Translator) -> str:
    return t("None") if choice == NONE else t("As it is") if choice == AS_IT_IS else choice


def offered(name: str) -> tuple[str, ...]:
    """List what can be chosen for a part of a look; nothing where it is said in one's own words."""
    return next(found() for each, _, found in _PARTS if each == name)


def in_form(context: Context, refused: Refused) -> Reply | None:
    """Say at its field why a builder's values will not do; None for what no builder sent."""
    request = context.request
    if not (set(request.values) & set(_ALL) and builds(context.commands, request.command)):
        return None
    whole = built(context.commands, request.command, request.values, context.t)
    field = refused.field if any(each.name == refused.field for each in whole.questions) else ""
    wrong = {field or whole.questions[0].name: refused}
    filled = built(context.commands, request.command, request.values, context.t, wrong=wrong)
    return Reply(title=filled.title, form=filled, status=Status.INCOMPLETE, private=True)


# --- its values ---------------------------------------------------------------------------------------------


async def tailored(context: Context, meant: Understood) -> Context:
    """Take up what a builder's form says beside its command's values; raises Refused, at its field."""
    said = _said(context, meant)
    given = {name: said[name] for name in _ALL if said.get(name, "").strip() not in ("", AS_IT_IS)}
    if not given:
        return context
    if CODE in given:
        context = replace(context, revised=await _own(context, given[CODE]))
    style, name = context.style, FORMAT
    try:
        format = read_format(given.get(FORMAT, context.format))
        for name, value in _parts(given, style):
            style = await look_of(context, _clause(name, value), style)
    except Refused as refused:
        raise Refused(refused.template, field=name, **refused.values) from None
    return replace(context, worn=(style, format))


def _said(context: Context, meant: Understood) -> Mapping[str, str]:
    """Give the values that a form sent, or that go with the question which was answered just now."""
    request, draft = context.request, context.draft
    if not (isinstance(meant, Ready | Ask) and builds(context.commands, meant.command.name)):
        return {}
    if request.command:
        return request.values
    answers = draft is not None and bool(draft.asked) and draft.command == meant.command.name
    spoken = not (request.pressed or request.uploads or request.text.lstrip().startswith("/"))
    return draft.values if draft is not None and answers and spoken else {}


async def _own(context: Context, id: str) -> Code:
    code = await context.work.codes.any(id)
    if code is None or code.person_id != context.person.id:
        raise Refused("There is no such code of yours any more. /history lists what there is.")
    return code


def _parts(given: Mapping[str, str], base: Style) -> Iterator[tuple[str, str]]:
    """List the parts of a look in the order in which they hold: one with a name, words, then single parts."""
    for name in (PRESET, WORDS, *STYLE[1:-1]):
        value = given.get(name, "").strip()
        if value and name != FORMAT and not (name == WORDS and value == style_text(base)):
            yield name, value


def _clause(name: str, value: str) -> str:
    """Say a part of a look in words; raises Refused."""
    if offered(name) and value not in offered(name):
        raise Refused("“{given}” is not one of: {choices}.", given=value, choices=", ".join(offered(name)))
    if len(value) > LONGEST:
        raise Refused("A look has at most {most} characters.", most=LONGEST)
    match name:
        case "+preset" | "+words":
            return value
        case "+caption":
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'frame "{quoted}"'
        case _ if value == NONE:
            return f"no {name[1:]}"
        case _:
            return f"{name[1:]} {value}"


def filled_in(code: Code) -> dict[str, str]:
    """Write a stored code as a builder's form has it; raises Refused for what nobody can read any more."""
    kind = KINDS.get(code.kind)
    reading = kind.read(code.text) if kind is not None else None
    if reading is None:
        raise Refused("I can no longer take this code apart. Please make it anew.")
    look = style_text(load_style(code.style))
    kept = {CODE: code.id, FORMAT: code.format, WORDS: look if len(look) <= LONGEST else ""}
    return filled(reading.content) | {name: value for name, value in kept.items() if value}
