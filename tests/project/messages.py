"""`make messages`: collect every string for people into the catalogues, and compile them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.commands import COMMANDS
from bot.i18n import LANGUAGES, LOCALE
from bot.qr.payloads import KINDS
from bot.qr.payloads.kind import entries

ROOT = Path(__file__).parents[2]
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
SPOKEN = {
    "t",
    "translate",
    "Translator()",
    "mark",
    "Arg",
    "Word",
}  # calls whose first argument is said to people
BORN = datetime(2025, 1, 1, tzinfo=UTC)  # fixed, so that what is compiled changes only with its strings
HEAD = """# What qr-gen says. Renewed by: make messages
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

Sentence = str | tuple[str, str]
Trees = Mapping[str, ast.Module]


@cache
def sources() -> Trees:
    """Parse every file that speaks to people, by its path in the checkout."""
    paths = sorted(path for room in ("bot", "adapters") for path in (ROOT / room).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text()) for path in paths}


@cache
def messages() -> dict[Sentence, list[str]]:
    """Map every string, or pair of one and several, to the files that say it."""
    trees = sources()
    spoken = SPOKEN | refusals(trees)
    said = [(message, name) for name, tree in trees.items() for message in said_in(tree, spoken)]
    found: dict[Sentence, list[str]] = {}
    for message, name in (*said, *choices(), *kinds()):
        if name not in found.setdefault(message, []):
            found[message].append(name)
    return found


def refusals(trees: Trees) -> set[str]:
    """Name ``Refused`` and every exception made of it: each is called with a sentence."""
    classes = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    known = {"Refused"}
    while more := {each.name for each in classes if known & set(map(_name, each.bases))} - known:
        known |= more
    return known


def choices() -> Iterator[tuple[str, str]]:
    """Yield the values of closed lists, which forms show translated."""
    for command in COMMANDS.values():
        name = command.run.__module__.replace(".", "/") + ".py"
        for param in command.params:
            yield from ((param.arg.labels.get(choice, choice), name) for choice in param.choices)


def kinds() -> Iterator[tuple[str, str]]:
    """Yield what each kind of content is called, and what it does and asks for."""
    for kind in KINDS.values():
        name = kind.content.__module__.replace(".", "/") + ".py"
        yield from ((said, name) for said in (kind.label, kind.summary))
        for entry in entries(kind.content):
            yield from ((said, name) for said in (entry.value.label, *dict(entry.value.offers).values()))


@cache
def labels() -> frozenset[str]:
    """Collect what stands on buttons and in lists to choose from, where there is little room."""
    params = [param for command in COMMANDS.values() for param in command.params]
    offers = {label for param in params for _, label in param.arg.offers}
    said = {text for tree in sources().values() for text in _labels_in(tree)}
    return frozenset({*said, *offers, *(choice for choice, _ in choices())})


# --- reading the code ---------------------------------------------------------------------------------------


def said_in(tree: ast.Module, spoken: set[str]) -> Iterator[Sentence]:
    """Yield what a module says: its calls' sentences, its commands' summaries, errors for the console."""
    constants = _constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef) and any(map(_is_command, node.decorator_list)):
            yield (ast.get_docstring(node) or "").partition("\n")[0]
        elif isinstance(node, ast.Call) and _name(node.func) == "many":
            pairs = [_texts(arg, constants) for arg in node.args[:2]]
            yield from ((one, several) for one, several in zip(*pairs, strict=True))
        elif isinstance(node, ast.Call) and _name(node.func) in spoken:
            yield from filter(None, _texts(_sentence(node), constants))
        elif isinstance(node, ast.Dict):  # {"error": a sentence}, which the console's shell translates
            errors = [value for key, value in zip(node.keys, node.values, strict=True) if _is(key, "error")]
            yield from (text for error in errors for text in _texts(error, constants))


def _labels_in(tree: ast.Module) -> Iterator[str]:
    """Yield the sentences that buttons are made with, there and then or by a name given before."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) == "Button"]
    first = [_sentence(call) for call in calls]
    named = {_name(node) for node in first if isinstance(node, ast.Name)}
    assigned = [node for node in ast.walk(tree) if isinstance(node, ast.Assign)]
    first += [node.value for node in assigned if named & set(map(_name, node.targets))]
    for said in said_in(ast.Module([ast.Expr(node) for node in first], []), SPOKEN):
        yield said if isinstance(said, str) else said[1]


def unreadable_in(tree: ast.Module, spoken: set[str]) -> Iterator[str]:
    """Yield calls that say what no catalogue can hold: text put together, or a refusal without a sentence."""
    constants = _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or _name(node.func) not in spoken | {"many"}:
            continue
        sentence = _sentence(node)
        glued = any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in ast.walk(sentence))
        again = _name(sentence) == "template" or _name(node.func) in SPOKEN | {"many"}
        if glued or not (again or _texts(sentence, constants)):
            yield ast.unparse(node)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Find what a module's own names stand for."""
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        match node:
            case ast.Assign(targets=targets, value=value):
                found |= {_name(target): value for target in targets}
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                found[_name(target)] = value
    return found


def _texts(node: ast.expr, constants: Mapping[str, ast.expr]) -> list[str]:
    """List the texts that an expression may stand for."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp(body=one, orelse=other):
            return [*_texts(one, constants), *_texts(other, constants)]
        case ast.Name(id=name) if name in constants:
            return _texts(constants[name], {})
    return []


def _sentence(node: ast.Call) -> ast.expr:
    """Take a call's first argument, also where it is given by name."""
    return (*node.args, *(keyword.value for keyword in node.keywords), ast.Constant(None))[0]


def _name(node: ast.expr) -> str:
    match node:
        case ast.Call(func=made):
            return f"{_name(made)}()"
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _is(key: ast.expr | None, text: str) -> bool:
    return isinstance(key, ast.Constant) and key.value == text


def _is_command(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _name(node.func) == "command"


# --- the catalogues -----------------------------------------------------------------------------------------


def folder(language: str) -> Path:
    """Say where a language's catalogue and its compiled form stand."""
    return LOCALE / language / "LC_MESSAGES"


def catalogue(language: str) -> Catalog:
    """Read a language's catalogue as it stands; an empty one where there is none."""
    path = folder(language) / "qr-gen.po"
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=language, abort_invalid=True)


def renewed(old: Catalog, said: Mapping[Sentence, list[str]]) -> Catalog:
    """Bring a catalogue up to date: new strings are empty, those no longer said go."""
    new = Catalog(old.locale, project="qr-gen", creation_date=BORN, revision_date=BORN, fuzzy=False)
    for message, places in said.items():
        known = old.get(message if isinstance(message, str) else message[0])
        same = known is not None and known.pluralizable is not isinstance(message, str)
        locations = [(place, 0) for place in places]
        new.add(message, known.string if known is not None and same else None, locations=locations)
    return new


def written(catalog: Catalog) -> bytes:
    """Write a catalogue for translators, under a head without dates: it changes only with its strings."""
    head, out = HEAD.format(language=catalog.locale, plurals=catalog.plural_forms), BytesIO()
    write_po(out, catalog, width=110, omit_header=True, include_lineno=False, sort_output=True)
    return head.encode() + out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalogue."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def lacking(catalog: Catalog) -> list[str]:
    """List the strings without a translation, or of which one of the forms has none."""
    return [str(each.id) for each in catalog if each.id and not all(forms(each))]


def forms(message: Message) -> tuple[str, ...]:
    """Give what a message is translated to: one form, or as many as the language has."""
    return tuple(message.string) if isinstance(message.string, list | tuple) else (message.string or "",)


def renew(language: str) -> list[str]:
    """Write a language's catalogue and its compiled form; gives what is still to be translated."""
    new = renewed(catalogue(language), messages())
    folder(language).mkdir(parents=True, exist_ok=True)
    (folder(language) / "qr-gen.po").write_bytes(written(new))
    (folder(language) / "qr-gen.mo").write_bytes(compiled(new))
    return lacking(new)


if __name__ == "__main__":
    for language in TRANSLATED:
        for text in renew(language):
            print(f"{language}: still to be translated: {text}")
