"""What pydantic finds wrong with what was sent, in our own sentences and the language that is spoken now."""

from collections.abc import Mapping
from typing import Any

from swapboard.language import _

SENTENCES: Mapping[str, str] = {
    "missing": _("This is needed."),
    "extra_forbidden": _("There is no such field; leave it out."),
    "string_type": _("Write a text."),
    "string_too_short": _("Write at least {min_length} character(s)."),
    "string_too_long": _("Write at most {max_length} characters."),
    "too_short": _("Give at least {min_length}."),
    "too_long": _("Give at most {max_length}."),
    "int_type": _("Write a whole number."),
    "int_parsing": _("Write a whole number."),
    "int_from_float": _("Write a whole number."),
    "greater_than_equal": _("Write {ge} or more."),
    "less_than_equal": _("Write {le} or less."),
    "enum": _("Write {expected}."),
    "literal_error": _("Write {expected}."),
    "list_type": _("Write a list: […]."),
    "dict_type": _("Write an object: {{…}}."),
    "model_type": _("Write an object: {{…}}."),
    "model_attributes_type": _("Write an object: {{…}}."),
    "value_error": "{error}",
    "string_pattern_mismatch": _("This cannot be written so; it must match {pattern}."),
    "union_tag_not_found": _("Say which kind it is, as `kind`."),
}
"""By pydantic's names of errors."""


def said_of(error: Mapping[str, Any]) -> str:
    """What is wrong; in pydantic's own words where we have none."""
    say = SENTENCES.get(error["type"])
    return _(say).format(**error.get("ctx", {})) if say else f"{error['msg']}."
