"""Where settings come from: a file named by ``NAME_FILE``, the environment, ``.env``; the strongest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from pydantic_settings import BaseSettings, DotEnvSettingsSource, EnvSettingsSource

_NEAR = 0.75  # how alike two names have to be, of 1


@dataclass(frozen=True, slots=True)
class Source:
    """A place where a setting is set. ``path``: of the file with the value, where it does not stand there."""

    where: str
    path: str = ""


def sources(settings: type[BaseSettings]) -> dict[str, tuple[Source, ...]]:
    """Name the places where each setting is set; the first one counts, and none means the default."""
    environment, written = EnvSettingsSource(settings).env_vars, DotEnvSettingsSource(settings).env_vars
    return {
        name: (*_set(name, environment, "environment"), *_set(name, written, ".env"))
        for name in settings.model_fields
    }


def _set(name: str, values: Mapping[str, str | None], where: str) -> Iterator[Source]:
    if path := values.get(f"{name}_file"):
        yield Source(f"file, by {name.upper()}_FILE in {where}", path)
    if name in values:
        yield Source(where)


def slips(settings: type[BaseSettings]) -> dict[str, str]:
    """Find names in ``.env`` that are no settings but look like one, each with that one.

    Others are let alone: Compose and others read that file, too.
    """
    names = [*settings.model_fields, *(f"{name}_file" for name in settings.model_fields)]
    written = DotEnvSettingsSource(settings).env_vars
    near = {name: get_close_matches(name, names, n=1, cutoff=_NEAR) for name in set(written) - set(names)}
    return {name.upper(): found[0].upper() for name, found in sorted(near.items()) if found}
