"""What is wrong with values that were sent, in sentences, and never with the values themselves in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

MOST, LONGEST = 20, 100  # errors that are listed, and characters of a field's name: some are the client's
_JSON, _FORM = "application/json", "multipart/form-data"

_SENTENCES = {
    "missing": "This is missing. Please send it.",
    "extra_forbidden": "There is no such field. Please leave it out.",
    "string_type": "This has to be a text.",
    "string_too_short": "This has to have {min_length} characters at least.",
    "string_too_long": "This can have {max_length} characters at most.",
    "string_pattern_mismatch": "This does not have the form it should have.",
    "string_unicode": "Half a character is in this text. Please send whole ones.",
    "bytes_type": "This has to be a text.",
    "int_type": "This has to be a whole number.",
    "int_parsing": "This has to be a whole number.",
    "int_parsing_size": "This number is too large.",
    "int_from_float": "This has to be a whole number.",
    "float_type": "This has to be a number.",
    "float_parsing": "This has to be a number.",
    "finite_number": "This has to be a number, and a finite one.",
    "decimal_type": "This has to be a number.",
    "decimal_parsing": "This has to be a number.",
    "decimal_max_places": "This can have {decimal_places} digits after the point at most.",
    "bool_type": "This has to be true or false.",
    "bool_parsing": "This has to be true or false.",
    "greater_than": "This has to be more than {gt}.",
    "greater_than_equal": "This has to be {ge} at least.",
    "less_than": "This has to be less than {lt}.",
    "less_than_equal": "This can be {le} at most.",
    "literal_error": "This has to be one of {expected}.",
    "enum": "This has to be one of {expected}.",
    "union_tag_invalid": "There is no such type. There are {expected_tags}.",
    "union_tag_not_found": "Please say which type it is.",
    "list_type": "This has to be a list.",
    "set_type": "This has to be a list.",
    "tuple_type": "This has to be a list.",
    "too_short": "This has to have {min_length} entries at least.",
    "too_long": "This can have {max_length} entries at most.",
    "dict_type": "This has to be an object.",
    "model_type": "This has to be an object.",
    "model_attributes_type": "This has to be an object.",
    "dataclass_type": "This has to be an object.",
    "date_type": "This has to be a day such as 2030-05-17.",
    "date_parsing": "This has to be a day such as 2030-05-17.",
    "date_from_datetime_parsing": "This has to be a day such as 2030-05-17.",
    "datetime_type": "This has to be a moment such as 2030-05-17T12:00:00Z.",
    "datetime_parsing": "This has to be a moment such as 2030-05-17T12:00:00Z.",
    "datetime_from_date_parsing": "This has to be a moment such as 2030-05-17T12:00:00Z.",
    "timezone_aware": "Please say in which timezone, as in 2030-05-17T12:00:00Z.",
    "time_parsing": "This has to be a time such as 12:00.",
    "recursion_loop": "This is nested too deeply.",
}  # by pydantic's names of what is wrong; what is in braces is the schema's, never the client's


def errors_of(wrong: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Name each field that will not do, and say what it should be."""
    return [{"field": _named(each["loc"]), "detail": _said(each)} for each in wrong[:MOST]]


def wanted(request: Request, wrong: Sequence[Mapping[str, Any]]) -> str:
    """Name the kind of body that a route takes, where the body is wrong for being of another kind."""
    field = getattr(request.scope.get("route"), "body_field", None)
    if field is None or not any(each["loc"][:1] == ("body",) for each in wrong):
        return ""
    media = getattr(field.field_info, "media_type", _JSON)
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media == _JSON:
        fits = sent.startswith("application/") and sent.endswith(("/json", "+json"))
    else:
        fits = sent in (media, _FORM)
    length = request.headers.get("content-length", "")
    empty = length == "0" or not (length or "transfer-encoding" in request.headers)
    return "" if fits or (empty and not sent) else media


def _named(place: Sequence[str | int]) -> str:
    return ".".join(map(str, place)).encode("utf-8", "replace").decode()[:LONGEST]


def _said(each: Mapping[str, Any]) -> str:
    try:
        return _SENTENCES.get(each["type"], "This will not do.").format(**each.get("ctx", {}))
    except (KeyError, IndexError):
        return "This will not do."
