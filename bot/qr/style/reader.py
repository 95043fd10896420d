"""A style's text in pieces: captions in quotation marks, numbers with their units, and words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.qr.refusal import Refused

LONGEST = 500  # characters, captions apart
PHRASE = 3  # words that a name has at most

_UNITS = {"cm": 10.0, "in": 25.4, "inch": 25.4, "inches": 25.4, "mm": 1.0}  # in millimetres
_SAME_UNITS = {"pixel": "px", "pixels": "px", "percent": "%", "deg": "°", "degree": "°", "degrees": "°"}
_TOKENS = re.compile(
    r"""
      (?P<typed>"(?:[^"\\]|\\.)*")
    | (?P<quoted>[“„][^“”]*[“”]|[“„”"][^"“”„]*["“”]|«[^»]*»
      |‘(?:[^’]|’(?=\w))*’|(?<![^\s,=:])'(?:[^']|'(?=\w))*')
    | (?P<function>(?:rgb|hs[lvb])\s{0,3}\([^)]{0,60}\))
    | (?P<number>[-+]?\d+(?:[.,]\d+)?)\s*
      (?P<unit>mm|cm|inch(?:es)?|in|px|pixels?|dpi|%|percent|°|deg(?:rees?)?)(?![^\W_])
    | (?P<bare>[-+]?\d+(?:\.\d+)?)(?![^\s,;=%])
    | (?P<stop>[,;\n])
    | (?P<word>[^\s,;="“”„«»]+)
    | (?P<sign>[="“”„«»])
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a style's text: ``kind`` is "word", "quoted", "number" or "stop"; ``unit`` of a number.

    ``sets``: an equals sign or colon follows, so that the word is the name of what comes next.
    """

    kind: str
    text: str
    number: float = 0.0
    unit: str = ""
    sets: bool = False


@dataclass(slots=True)
class Reader:
    """Where in a style's text reading has come to."""

    tokens: list[Token]
    at: int = field(default=0)

    @property
    def next(self) -> Token:
        """The token that comes next; a stop at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else Token("stop", "")

    @property
    def done(self) -> bool:
        """Nothing is left."""
        return self.at >= len(self.tokens)

    def take(self) -> Token:
        """Give the next token and go on."""
        token = self.next
        self.at += 1
        return token

    def phrase(self, known: Callable[[str], object], skip: int = 0) -> int:
        """Count the words, at most three, that lie ahead and are known together; 0 for none.

        A word that ``sets`` ends its phrase.
        """
        length, words = 0, ""
        for count, token in enumerate(self.tokens[self.at + skip : self.at + skip + PHRASE], 1):
            if token.kind != "word":
                break
            words = f"{words} {token.text.lower()}".strip()
            if known(words):
                length = count
            if token.sets:
                break
        return length

    def words(self, count: int) -> str:
        """Give the next words in small letters and go on behind them."""
        return " ".join(self.take().text.lower() for _ in range(count))

    def said(self, *phrases: str) -> bool:
        """Go on behind one of these phrases where it comes next; tell whether it did."""
        length = self.phrase(phrases.__contains__)
        self.at += length
        return length > 0


def read(text: str) -> Reader:
    """Split a style's text; Refused for one too long, or a caption whose quotation mark is never closed."""
    if len(text) > 2 * LONGEST:
        raise Refused("A style has at most {most} characters.", most=LONGEST)
    tokens: list[Token] = []
    captions = 0
    for match in _TOKENS.finditer(text):
        if match["sign"] == "=" or (match["word"] == ":" and tokens):
            tokens[-1:] = [_setting(token) for token in tokens[-1:]]
        elif match["sign"]:
            raise Refused(
                "A quotation mark is not closed. Put the caption between two of them.", field="frame"
            )
        else:
            tokens.append(_token(match))
        captions += len(match["typed"] or match["quoted"] or "")
    if len(text) - captions > LONGEST:
        raise Refused("A style has at most {most} characters.", most=LONGEST)
    return Reader(tokens)


def _setting(token: Token) -> Token:
    return Token(token.kind, token.text, token.number, token.unit, sets=True)


def _token(match: re.Match[str]) -> Token:
    if match["typed"]:
        return Token("quoted", re.sub(r'\\(["\\])', r"\1", match["typed"][1:-1]))
    if match["quoted"]:
        return Token("quoted", match["quoted"][1:-1])
    if match["number"] or match["bare"]:
        unit = (match["unit"] or "").lower()
        number = float((match["number"] or match["bare"]).replace(",", "."))
        if unit in _UNITS:
            number, unit = number * _UNITS[unit], "mm"
        return Token("number", match[0].strip(), number, _SAME_UNITS.get(unit, unit))
    if match["stop"]:
        return Token("stop", match["stop"])
    word = match["function"] or match["word"]
    return Token("word", word.rstrip(":") or word, sets=word.endswith(":"))
