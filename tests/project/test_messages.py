"""The catalogues hold what the code says, in every language, as the stdlib reads them at run time."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from html.parser import HTMLParser
from io import BytesIO
from string import Formatter

import pytest
from babel.messages import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from adapters.telegram import menu
from adapters.web.page import STATIC
from adapters.web.words import WORDS, told
from bot.commands import COMMANDS
from bot.i18n import Translator
from tests.project.messages import (
    SPOKEN,
    TRANSLATED,
    Sentence,
    catalogue,
    folder,
    forms,
    labels,
    lacking,
    messages,
    refusals,
    renewed,
    said_in,
    sources,
    unreadable_in,
    written,
)

pytestmark = pytest.mark.no_cover  # reads the code, and runs next to none of it

LABEL = 30  # characters of a button: two stand side by side on a phone
MODAL = 24  # characters of a Slack modal's own buttons
FOREIGN = {  # marks that are not this language's own
    "de": r"[”«»\"']",
    "es": r"[“”„\"']",
    "fr": r"[“”„\"']|[ \u00a0][;!?]|[^\u00a0](»|:(?=\s|$))|«[^\u00a0]",
}
by_language = pytest.mark.parametrize("language", TRANSLATED)


def entries(catalog: Catalog) -> dict[Sentence, Message]:
    """Take a catalogue's strings by what the code says, without its head."""
    found = [each for each in catalog if each.id]
    return {each.id if isinstance(each.id, str) else (each.id[0], each.id[1]): each for each in found}


def places(text: str) -> dict[str, str]:
    """Name a text's placeholders, and something to fill them with."""
    return {name: "x" for _, name, _, _ in Formatter().parse(text) if name is not None}


# --- the catalogues ------------------------------------------


@by_language
def test_a_catalogue_holds_exactly_what_the_code_says(language: str) -> None:
    """No sentence is missing and none stale; `make messages` puts both right."""
    assert sorted(map(str, entries(catalogue(language)))) == sorted(map(str, messages()))


@by_language
def test_every_sentence_is_translated(language: str) -> None:
    """None is empty in any of its forms, and none waits for somebody to look at it again."""
    catalog = catalogue(language)
    assert lacking(catalog) == []
    assert [each.id for each in catalog if each.id and each.fuzzy] == []


@by_language
def test_a_translation_has_the_placeholders_of_its_sentence(language: str) -> None:
    """Each form names the same ones as the English, and can be filled."""
    for said, entry in entries(catalogue(language)).items():
        expected = places(said if isinstance(said, str) else said[1])
        for form in forms(entry):
            assert places(form) == expected, said
            assert "{" not in form.format(**expected), said


@by_language
def test_a_number_has_the_forms_of_its_language(language: str) -> None:
    """Count and rule are those that Babel knows, in the head and in every pair."""
    catalog, rule = catalogue(language), Catalog(language)
    assert catalog.plural_forms == rule.plural_forms
    assert rule.plural_forms in (folder(language) / "qr-gen.po").read_text()
    pairs = [entry for said, entry in entries(catalog).items() if not isinstance(said, str)]
    assert pairs
    assert {len(forms(entry)) for entry in pairs} == {rule.num_plurals}


@by_language
def test_what_is_compiled_is_what_was_translated(language: str) -> None:
    """The .mo that travels holds the .po beside it, as Babel and as the stdlib read it."""
    raw = (folder(language) / "qr-gen.mo").read_bytes()
    translated = {said: forms(entry) for said, entry in entries(catalogue(language)).items()}
    assert {said: forms(entry) for said, entry in entries(read_mo(BytesIO(raw))).items()} == translated
    spoken = GNUTranslations(BytesIO(raw))
    for said, form in translated.items():
        assert (spoken.gettext(said) if isinstance(said, str) else spoken.ngettext(*said, 5)) == form[-1]


@by_language
def test_a_translation_is_set_in_its_languages_own_marks(language: str) -> None:
    """Quotation marks, apostrophes and French spaces are those a printed book has."""
    told = [form for entry in entries(catalogue(language)).values() for form in forms(entry)]
    assert [form for form in told if re.search(FOREIGN[language], form)] == []


@by_language
def test_labels_fit_where_they_are_shown(language: str) -> None:
    """Buttons are short, and nothing that Telegram or Slack limits would be cut."""
    t = Translator(language)
    assert [text for text in map(t, labels()) if len(re.sub(r"\{\w+\}", "", text)) > LABEL] == []
    assert max(len(t(command.summary)) for command in COMMANDS.values()) <= menu.SUMMARY
    assert len(t(menu.LONG_TEXT)) <= menu.DESCRIPTION
    assert len(t(menu.SHORT_TEXT)) <= menu.SHORT
    assert max(len(t("Send")), len(t("Cancel"))) <= MODAL


# --- the translator ------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Your code will appear here."),
        ("de", "Hier erscheint dein Code."),
        ("es", "Aquí aparecerá tu código."),
        ("fr", "Ton code apparaîtra ici."),
        ("xx", "Your code will appear here."),
    ],
)
def test_the_bot_speaks_the_language_it_is_told_to(language: str, sentence: str) -> None:
    """A sentence comes in that language; in English where the bot does not speak it."""
    assert Translator(language)("Your code will appear here.") == sentence


def test_a_number_decides_the_form() -> None:
    """Nothing is several in German and one in French."""
    counts = [(language, count) for language in ("de", "fr") for count in (0, 1, 2)]
    told = [
        Translator(language).many("{count} code", "{count} codes", count).replace("\u00a0", " ")
        for language, count in counts
    ]
    assert told == ["0 Codes", "1 Code", "2 Codes", "0 code", "1 code", "2 codes"]


def test_what_nobody_translated_is_said_in_english() -> None:
    """A sentence that no catalogue holds stays as it is, with its values."""
    assert Translator("de")("Nobody says {what}.", what="this") == "Nobody says this."


# --- the extractor ------------------------------------------


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("t('Hello')", ["Hello"]),
        ("context.t('Hello {name}', name=name)", ["Hello {name}"]),
        ("Translator(spoken(hint))('Hello')", ["Hello"]),
        ("translate('Hello')", ["Hello"]),
        ("LABELS = {'a': mark('Hello')}", ["Hello"]),
        ("raise Refused('No {given}.', field='x', given=text)", ["No {given}."]),
        ("return TooLong('No ' 'way.')", ["No way."]),
        ("Arg('what to say', offers=(('a', mark('Hello')),))", ["what to say", "Hello"]),
        ("Arg(help='what to say', rest=True)", ["what to say"]),
        ("t.many('{count} code', '{count} codes', count)", [("{count} code", "{count} codes")]),
        ("t('One' if one else 'Other')", ["One", "Other"]),
        ("NO = 'No.'\nraise Refused(NO)", ["No."]),
        ("NO: str = 'No.'\nraise Refused(NO)", ["No."]),
        ("WHY = 'Why.'\nanswer = {'error': WHY, 'reply': 'x'}", ["Why."]),
        ("@command('x', group='make')\nasync def x(context):\n    '''Make it.\n\n    More.'''", ["Make it."]),
        ("t('')\nt(label)\nsay('Hello')\nlog.info('Hello')", []),
    ],
)
def test_every_way_of_saying_something_is_caught(source: str, said: list[Sentence]) -> None:
    """The forms that sentences have in the code give those sentences, and nothing else does."""
    assert list(said_in(ast.parse(source), SPOKEN | {"Refused", "TooLong"})) == said


@pytest.mark.parametrize(
    "source",
    ["t(f'Hello {name}')", "t('Hello ' + name)", "raise Refused(why)", "t.many(f'{n} a', 'b', n)"],
)
def test_a_sentence_put_together_is_found_out(source: str) -> None:
    """What no catalogue could hold is named, instead of being said in English to everybody."""
    assert list(unreadable_in(ast.parse(source), SPOKEN | {"Refused"})) == [source.removeprefix("raise ")]


def test_no_sentence_of_ours_is_put_together() -> None:
    """Everything the code says to people is one whole sentence that a catalogue can hold."""
    trees = sources()
    spoken = SPOKEN | refusals(trees)
    assert [call for tree in trees.values() for call in unreadable_in(tree, spoken)] == []


def test_renewing_keeps_what_is_translated_and_drops_what_nobody_says() -> None:
    """A known sentence stays, a new one is empty, a stale one goes; a pair is not what its single was."""
    old = Catalog("de", fuzzy=False)
    old.add("Copy", "Kopieren")
    old.add("Gone", "Weg")
    old.add("{count} code", "{count} Code")
    new = renewed(old, {"Copy": ["a.py"], "New": ["b.py"], ("{count} code", "{count} codes"): ["c.py"]})
    assert {said: forms(entry) for said, entry in entries(new).items()} == {
        "Copy": ("Kopieren",),
        "New": ("",),
        ("{count} code", "{count} codes"): ("", ""),
    }
    assert len(lacking(new)) == 2
    assert written(read_po(BytesIO(written(new)), "de")) == written(new)


# --- the chat page ------------------------------------------


class _Shown(HTMLParser):
    """Collects what a page shows or reads out, but not its name, nor what it says without scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the labels."""
        self.inside.append(tag)
        self.texts |= {value or "" for name, value in attrs if name in ("aria-label", "title", "placeholder")}

    def handle_endtag(self, tag: str) -> None:
        """Leave an element, and those in it that have no end."""
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Take a text."""
        if data.strip() and not {"title", "h1", "noscript"} & set(self.inside):
            self.texts.add(data.strip())


def page_words() -> Iterator[str]:
    """Collect what the page's scripts and its markup say."""
    shown = _Shown()
    shown.feed((STATIC / "index.html").read_text())
    yield from shown.texts
    for script in STATIC.glob("*.js"):
        yield from re.findall(r'\bt\("([^"]+)"', script.read_text())


def test_the_page_is_told_exactly_the_words_it_says() -> None:
    """Its scripts and markup use every word of the table, and no other."""
    assert sorted(set(page_words())) == sorted(WORDS)
    same = {"optional", "Code", "Design", "Logo"}  # in German, too
    assert all(told(Translator("de"))[word] != word for word in WORDS if word not in same)
