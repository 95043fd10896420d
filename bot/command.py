"""One definition of a command: from a function's signature to parsing, forms, help and completion. All pure.

The argument language: ``name=value`` options first, straight or curly double quotes group, an apostrophe is a
letter, only names the command declares are options, a ``rest`` parameter is the remaining text verbatim,
``--`` ends the options. It is not shlex, since a payload must not be changed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from bot.message import Entry, Form, Outcome, Question
from bot.qr.refusal import Refused

Run = Callable[..., Awaitable[Outcome]]
Check = Callable[[Mapping[str, Any]], object]

_YES = {"yes", "true", "on", "1", "y"}
_NO = {"no", "false", "off", "0", "n", ""}
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»"}
_COMMAND = re.compile(r"\s*(/?)([A-Za-z][A-Za-z0-9_]*)(?:@\w+)?(?=\s|$)\s?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arg:
    """What an annotation adds to a parameter.

    ``rest``: the remaining text, verbatim. ``slash``: words fill it only after a slash (else "history of
    rome" would be a search). ``read``: text to value, raising Refused. ``offers``: (answer, label) pairs
    that a question shows as buttons beside the free answer.
    """

    help: str
    rest: bool = False
    secret: bool = False
    slash: bool = False
    long: bool = False
    read: Callable[[str], object] | None = None
    suggest: tuple[str, ...] = ()
    offers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a command, derived once from the signature."""

    name: str
    type: type
    default: object
    arg: Arg

    @property
    def required(self) -> bool:
        """Tell whether the command cannot run without it."""
        return self.default is inspect.Parameter.empty

    @property
    def choices(self) -> tuple[str, ...]:
        """Name the values of a closed list."""
        if issubclass(self.type, StrEnum):
            return tuple(member.value for member in self.type)
        return ("yes", "no") if self.type is bool else self.arg.suggest

    def convert(self, text: str) -> object:
        """Turn what was typed into the value the function takes; Refused names this parameter."""
        try:
            return _convert(self, text)
        except Refused as refused:
            if refused.field:
                raise
            raise Refused(refused.template, field=self.name, **refused.values) from None


def _convert(param: Param, text: str) -> object:
    if param.arg.read is not None:
        return param.arg.read(text)
    if issubclass(param.type, StrEnum):
        for member in param.type:
            if text.casefold() == member.value.casefold():
                return member
        raise Refused("“{given}” is not one of: {choices}.", given=text, choices=", ".join(param.choices))
    if param.type is bool:
        if text.casefold() in _YES | _NO:
            return text.casefold() in _YES
        raise Refused("Please say yes or no instead of “{given}”.", given=text)
    if param.type is int:
        if re.fullmatch(r"\d{1,9}", text, re.ASCII):
            return int(text)
        raise Refused("“{given}” is not a whole number.", given=text)
    return text


@dataclass(frozen=True, slots=True)
class Command:
    """What people can say: a word, its parameters, and the function that decides the outcome."""

    name: str
    summary: str
    params: tuple[Param, ...]
    run: Run
    group: str
    example: str = ""
    hidden: bool = False  # pressed, not typed: left out of menus and help
    check: Check | None = None  # raises Refused where values that read well do not go together

    def param(self, name: str) -> Param | None:
        """Find a parameter by its name."""
        return next((param for param in self.params if param.name == name), None)


def command(
    name: str, *, group: str, example: str = "", hidden: bool = False, check: Check | None = None
) -> Callable[[Run], Command]:
    """Turn a function ``(context, values…) -> Outcome`` into a Command; registers nothing.

    The docstring's first line is the summary; parameters are annotated ``Annotated[type, Arg("help")]``.
    """

    def build(run: Run) -> Command:
        summary = (inspect.getdoc(run) or "").partition("\n")[0]
        return Command(name, summary, _params(run), run, group, example, hidden, check)

    return build


def _params(run: Run) -> tuple[Param, ...]:
    hints = get_type_hints(run, localns={"Context": object}, include_extras=True)
    return tuple(
        _param(parameter, hints[parameter.name])
        for parameter in list(inspect.signature(run).parameters.values())[1:]
    )


def _param(parameter: inspect.Parameter, hint: Any) -> Param:
    if get_origin(hint) is not Annotated:
        raise TypeError(f"parameter {parameter.name} wants Annotated[type, Arg(...)]")
    kind, arg = get_args(hint)[:2]
    return Param(parameter.name, kind, parameter.default, arg)


# --- reading a line -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """A command with all its values: it can run."""

    command: Command
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """A command with values missing or wrong: a form is the reply."""

    command: Command
    given: Mapping[str, str]
    errors: Mapping[str, Refused] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word after a slash that is no command, and the nearest that is."""

    word: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text to make a code of, exactly as typed; ``other`` is the command it might have been."""

    text: str
    other: Command | None = None


Understood = Ready | Ask | Unknown | Literal


def understand(commands: Mapping[str, Command], text: str) -> Understood:
    """Decide what a line means: a command, an incomplete one, or a text.

    With a slash it is always a command. A lone word is one too; a word plus text only where the whole of it
    parses, else the text is made into a code.
    """
    match = _COMMAND.match(text)
    if match is None:
        return Literal(text)
    slash, word = bool(match[1]), match[2].lower()
    found = commands.get(word)
    if found is None:
        return Unknown(word, nearest(commands, word)) if slash else Literal(text)
    remainder = text[match.end() :]
    if slash or not remainder.strip():
        return complete(found, *split(found, remainder))
    return _spoken(found, text, remainder)


def _spoken(found: Command, text: str, remainder: str) -> Understood:
    given, errors = split(found, remainder, slash=False)
    understood = complete(found, given, errors)
    return understood if isinstance(understood, Ready) else Literal(text, other=found)


def nearest(commands: Mapping[str, Command], word: str) -> str:
    """Name the command a typing slip probably meant; empty when none is near."""
    visible = [name for name, entry in commands.items() if not entry.hidden]
    return next(iter(get_close_matches(word, visible, n=1, cutoff=0.6)), "")


def split(found: Command, text: str, *, slash: bool = True) -> tuple[dict[str, str], dict[str, Refused]]:
    """Cut a line's remainder into the texts of the command's parameters; left-over words are an error."""
    given: dict[str, str] = {}
    waiting = [param for param in found.params if slash or not param.arg.slash]
    options = True
    while text.strip():
        rest = next((param for param in waiting if param.name not in given), None)
        word, after = _word(text)
        if options and word == "--":
            options, text = False, after
            continue
        name, equals, _ = word.partition("=")
        if options and equals and found.param(name) and name not in given:
            given[name], text = _option(text.lstrip(), name)
        elif rest is None:
            return given, {"": Refused("I do not understand “{word}” here.", word=word)}
        elif rest.arg.rest:
            given[rest.name], text = text.strip(), ""
        else:
            given[rest.name], text = word, after
            options = options and not any(param.arg.rest for param in found.params)
    return given, {}


def _word(text: str) -> tuple[str, str]:
    """Take the first word or quoted group off a text."""
    text = text.lstrip()
    closing = _QUOTES.get(text[:1])
    if closing:
        end = text.find(closing, 1)
        if end > 0 and (end + 1 == len(text) or text[end + 1].isspace()):
            return text[1:end], text[end + 1 :]
    word = re.match(r"\S*", text)
    assert word is not None  # \S* matches everywhere
    return word[0], text[word.end() :]


def _option(text: str, name: str) -> tuple[str, str]:
    return (
        _word(text[len(name) + 1 :])
        if not text[len(name) + 1 :][:1].isspace()
        else ("", text[len(name) + 1 :])
    )


def complete(
    found: Command, given: Mapping[str, str], errors: Mapping[str, Refused] | None = None
) -> Ready | Ask:
    """Convert what was given; Ready when nothing is missing or wrong, else Ask."""
    wrong = dict(errors or {})
    values: dict[str, Any] = {}
    for param in found.params:
        text = given.get(param.name, "")
        if text == "" and param.required:
            wrong.setdefault(param.name, Refused("Please fill this in."))
        elif text != "":
            try:
                values[param.name] = param.convert(text)
            except Refused as refused:
                wrong[param.name] = refused
    if not wrong and found.check is not None:
        try:
            found.check({param.name: param.default for param in found.params} | values)
        except Refused as refused:
            wrong[refused.field] = refused
    return Ask(found, dict(given), wrong) if wrong else Ready(found, values)


# --- forms, help, completion --------------------------------------------------------------------------------


def form(ask: Ask, translate: Callable[..., str]) -> Form:
    """Lay out the form that asks for a command's values, with what is known filled in."""
    return Form(
        command=ask.command.name,
        title=translate(ask.command.summary),
        questions=tuple(_question(param, ask, translate) for param in ask.command.params),
        values=dict(ask.given),
    )


def _question(param: Param, ask: Ask, translate: Callable[..., str]) -> Question:
    error = ask.errors.get(param.name)
    told = error is not None and (param.name in ask.given or not param.required)
    return Question(
        name=param.name,
        label=translate(param.arg.help),
        entry=_entry(param),
        required=param.required,
        default="" if param.required else _default(param.default),
        choices=tuple((choice, translate(choice)) for choice in param.choices),
        offers=tuple((answer, translate(label)) for answer, label in param.arg.offers),
        error=translate(error.template, **error.values) if told and error else "",
    )


def _default(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _entry(param: Param) -> Entry:
    if param.type is bool:
        return Entry.SWITCH
    if issubclass(param.type, StrEnum):
        return Entry.CHOICE
    if param.arg.secret:
        return Entry.SECRET
    return Entry.LONG if param.arg.rest or param.arg.long else Entry.TEXT


def usage(found: Command) -> str:
    """Write how a command is said: ``wifi <ssid> [password] [security=WPA/WEP/…] [hidden=yes/no]``."""
    return " ".join([found.name, *(_usage(param) for param in found.params)])


def _usage(param: Param) -> str:
    if param.required:
        return f"<{param.name}>"
    if param.choices:
        return f"[{param.name}={'/'.join(param.choices)}]"
    return f"[{param.name}]"


def completions(commands: Mapping[str, Command], line: str) -> tuple[str, ...]:
    """List how the last word of a line might go on: command words, then ``name=``, then choices."""
    match = _COMMAND.match(line)
    if match is None or match.end() == match.end(2):
        start = line.strip().lstrip("/").lower()
        return tuple(name for name, entry in commands.items() if name.startswith(start) and not entry.hidden)
    found = commands.get(match[2].lower())
    last = line.rpartition(" ")[2]
    if found is None:
        return ()
    name, equals, value = last.partition("=")
    if equals:
        param = found.param(name)
        return tuple(f"{name}={each}" for each in (param.choices if param else ()) if each.startswith(value))
    named = tuple(f"{param.name}=" for param in found.params if param.name.startswith(last))
    words = tuple(each for param in found.params for each in param.choices if last and each.startswith(last))
    return named + words
