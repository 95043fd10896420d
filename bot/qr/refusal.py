"""How the generator says that a person can mend something."""

from __future__ import annotations


class Word(str):
    """A word that stands in a sentence as a value, and is translated with it."""

    __slots__ = ()


class Refused(ValueError):
    """Something a person can mend: a sentence to translate, its values, and the parameter it concerns."""

    def __init__(self, template: str, *, field: str = "", **values: object) -> None:
        super().__init__(template.format(**values))
        self.template = template
        self.field = field
        self.values = values
