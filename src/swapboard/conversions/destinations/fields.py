"""What a destination asks the user for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swapboard.language import _


@dataclass(frozen=True, slots=True)
class SettingField:
    """One thing to ask the user for."""

    name: str
    label: str
    hint: str
    secret: bool = False
    required: bool = True
    choices: tuple[str, ...] = ()
    rare: bool = False
    """Few people need to see it."""
    shown_once: bool = False
    """A secret that we may make, which the other side needs as well."""
    many: bool = False
    """Any of the choices, with commas between."""
    default: str = ""
    """What a form begins with."""
    value: str = ""
    """What stands for `{value}` in the hint: an address or a name, the same in every language."""
    gets_secrets: bool = False
    """An address that the secrets are sent to: to another one they go only when they are typed in anew."""

    @property
    def help(self) -> str:
        """The hint, in the language that is spoken now."""
        return _(self.hint).replace("{value}", self.value)


def required(settings: Mapping[str, str], fields: Sequence[SettingField]) -> None:
    """Raises ValueError for the first field that must be filled in and is not."""
    for each in fields:
        value = settings.get(each.name, "").strip()
        if each.required and not value:
            raise ValueError(_("Fill in %(label)s.") % {"label": _(each.label)})
        chosen = picked(value) if each.many else [value]
        if value and each.choices and not set(chosen) <= set(each.choices):
            said = _("%(label)s is any of: %(choices)s.") if each.many else _("%(label)s is one of: %(choices)s.")
            raise ValueError(said % {"label": _(each.label), "choices": ", ".join(each.choices)})


def picked(value: str) -> Sequence[str]:
    """The choices of a field that takes many."""
    return [each.strip() for each in value.split(",") if each.strip()]
