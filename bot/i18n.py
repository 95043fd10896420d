"""The languages the bot speaks: gettext catalogues, chosen per person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from bot.qr.refusal import Refused, Word

LOCALE = Path(__file__).parent / "locale"
LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español", "fr": "Français"}


@cache
def _catalogue(language: str) -> NullTranslations:
    path = LOCALE / language / "LC_MESSAGES" / "qr-gen.mo"
    if language not in LANGUAGES or not path.is_file():
        return NullTranslations()
    with path.open("rb") as file:
        return GNUTranslations(file)


def spoken(*hints: str) -> str:
    """Choose a language the bot speaks from hints such as "pt-BR", best first; English otherwise."""
    for hint in hints:
        base = hint.replace("_", "-").split("-", maxsplit=1)[0].lower()
        if base in LANGUAGES:
            return base
    return "en"


@dataclass(frozen=True, slots=True)
class Translator:
    """Says English source strings in one language; ``{name}`` placeholders are filled afterwards."""

    language: str = "en"

    def __call__(self, text: str, **values: object) -> str:
        """Translate a sentence."""
        said = _catalogue(self.language).gettext
        told = said(text) if text else ""
        spoken = {name: said(value) if isinstance(value, Word) else value for name, value in values.items()}
        return told.format(**spoken) if values else told

    def of(self, refused: Refused) -> str:
        """Translate a sentence that comes with its values."""
        return self(refused.template, **refused.values)

    def many(self, one: str, several: str, count: int, **values: object) -> str:
        """Translate a sentence that depends on a number, given as ``{count}``."""
        return _catalogue(self.language).ngettext(one, several, count).format(count=count, **values)


def mark(text: str) -> str:
    """Mark a string for the catalogues where it is translated later, elsewhere."""
    return text


def capital(label: str) -> str:
    """Begin a label with a capital, leaving those it has: "IBAN of the payee" stays as it is."""
    return label[:1].upper() + label[1:]
