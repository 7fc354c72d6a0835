"""What people fill in for a destination: looked at, and its secrets sealed."""

from collections.abc import Mapping, Sequence, Set

from swapboard.accounts.secrets import Vault
from swapboard.clock import Millis
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.base import DestinationKind, Hearing, Making
from swapboard.conversions.destinations.fields import SettingField
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind
from swapboard.conversions.outbox import State
from swapboard.conversions.sending_again import BADLY, HOWEVER
from swapboard.conversions.store import DestinationRecord
from swapboard.language import _
from swapboard.switchboard.telling import house_key, only_our_faults


class SettingFault(ValueError):
    """A setting cannot be; `name` is empty where it is about all of them."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


def sealed(
    kind: DestinationKind, given: Mapping[str, str], vault: Vault, before: DestinationRecord | None = None
) -> tuple[Mapping[str, str], str]:
    """(what may be shown, the sealed secrets); a secret that is not given stays as it was before.

    Raises SettingFault.
    """
    is_secret = {field.name: field.secret for field in kind.fields}
    for name in given:
        if name not in is_secret:
            raise SettingFault(
                name, _("It has no such setting; there are: %(all)s.") % {"all": ", ".join(is_secret)}
            )
    shown, typed = apart(kind, given)
    kept = _kept(before, vault)
    _stays_where_it_was_meant_to_go(kind, before.settings if before else shown, shown, kept.keys() - typed.keys())
    secrets = kept | typed
    try:
        with only_our_faults(kind.name):
            kind.open({**shown, **secrets, **house_key(kind, vault)})
    except ValueError as error:
        raise SettingFault("", str(error)) from None
    return shown, vault.seal(secrets)


def _stays_where_it_was_meant_to_go(
    kind: DestinationKind, was: Mapping[str, str], shown: Mapping[str, str], untyped: Set[str]
) -> None:
    """Raises SettingFault where a secret would be sent to another address than when it was typed in."""
    leads_elsewhere = any(
        field.gets_secrets and _address(was, field) != _address(shown, field) for field in kind.fields
    )
    labels = [_(field.label) for field in kind.fields if field.secret and field.name in untyped]
    if leads_elsewhere and labels:
        told = _("What is secret goes to another address now: type it in once more (%(secrets)s).")
        raise SettingFault("", told % {"secrets": ", ".join(labels)})


def _address(settings: Mapping[str, str], field: SettingField) -> str:
    return settings.get(field.name, "").strip().rstrip("/")


def _kept(before: DestinationRecord | None, vault: Vault) -> dict[str, str]:
    """The secrets as they are."""
    unsealed = vault.unseal(before.credentials) if before and before.credentials else {}
    return {name: value for name, value in unsealed.items() if value}


def apart(kind: DestinationKind, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(what may be shown, what is secret) of settings that the kind knows."""
    hidden = {field.name for field in kind.fields if field.secret}
    shown = {name: value for name, value in given.items() if name not in hidden}
    return shown, {name: value for name, value in given.items() if name in hidden}


def made_for(
    kind: DestinationKind, given: Mapping[str, str], vault: Vault, before: DestinationRecord | None = None
) -> Mapping[str, str]:
    """What a kind makes because it was left empty. Raises SettingFault."""
    if not isinstance(kind, Making):
        return {}
    try:
        return kind.made({**_kept(before, vault), **{name: value for name, value in given.items() if value}})
    except ValueError as error:
        raise SettingFault("", str(error)) from None


def renewed(kind: DestinationKind, record: DestinationRecord, vault: Vault, now: Millis) -> Mapping[str, str]:
    """The settings with new secrets, the old ones beside them for a while. Raises SettingFault."""
    if not isinstance(kind, Making):
        raise SettingFault("", _("This destination has no secret of ours: make a new one at the platform."))
    return kind.replaced({**record.settings, **_kept(record, vault)}, now)


def to_show(kind: DestinationKind, made: Mapping[str, str]) -> Mapping[str, str]:
    """Of what was made, the secrets that the receiver needs, by their labels: they are shown only once."""
    return {field.label: made[field.name] for field in kind.fields if field.shown_once and field.name in made}


def check_events(kind: DestinationKind, rule: Rule) -> None:
    """Raises SettingFault for a rule that asks for what this kind cannot be told of."""
    hears = set(kind.hears) if isinstance(kind, Hearing) else set()
    if not hears.issuperset(rule.events):
        raise SettingFault(
            "events", _("%(name)s is told of what counts, not of what happens to each call.") % {"name": kind.name}
        )


def may_end(record: DestinationRecord | None) -> Sequence[State]:
    """How a delivery may have ended that can be sent once more: what advertising was told would count twice."""
    try:
        return HOWEVER if record and not destination_kind(record.kind).is_advertising else BADLY
    except UnknownDestination:
        return BADLY
