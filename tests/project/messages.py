"""`make messages`: collect every string for people into the catalogues, and compile them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "bot" / "locale"
SPOKEN = {"t", "mark", "Refused", "Arg", "say"}  # calls whose first argument is said to people
Message = str | tuple[str, str]


def messages() -> dict[Message, list[str]]:
    """Map every string, or pair of one and several, to the files that say it."""
    found: dict[Message, list[str]] = {}
    for path in sorted(file for room in ("bot", "adapters") for file in (ROOT / room).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for message in _said(ast.parse(path.read_text())):
            if name not in found.setdefault(message, []):
                found[message].append(name)
    return found


def _said(tree: ast.Module) -> Iterator[Message]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef) and any(map(_is_command, node.decorator_list)):
            yield (ast.get_docstring(node) or "").partition("\n")[0]
        if not isinstance(node, ast.Call):
            continue
        texts = [
            arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
        ]
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "many" and len(texts) == 2:
            yield (texts[0], texts[1])
        elif name in SPOKEN and texts and texts[0]:
            yield texts[0]


def _is_command(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "command"


def catalogue(language: str) -> Catalog:
    """Read a language's catalogue as it stands."""
    path = LOCALE / language / "LC_MESSAGES" / "qr-gen.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalogue."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def update(language: str) -> None:
    """Bring a catalogue up to date: new strings are empty, those no longer said go."""
    folder = LOCALE / language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "qr-gen.po"
    old = catalogue(language) if path.exists() else Catalog(locale=language)
    new = Catalog(locale=language, project="qr-gen", header_comment="# qr-gen", fuzzy=False)
    for message, places in messages().items():
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known else None, locations=[(place, 0) for place in places])
    with path.open("wb") as file:
        write_po(file, new, width=110, omit_header=False, include_lineno=False, sort_output=True)
    (folder / "qr-gen.mo").write_bytes(compiled(new))


if __name__ == "__main__":
    from bot.i18n import LANGUAGES

    for language in LANGUAGES:
        if language != "en":
            update(language)
