"""What people fill in for a carrier: looked at, and sealed."""

from collections.abc import Mapping

from swapboard.accounts.secrets import Vault
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.lines.own import OwnLines
from swapboard.language import _


class CredentialFault(ValueError):
    """A credential cannot be; `name` is empty where it is about all of them."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


def sealed_credentials(kind: str, given: Mapping[str, str], vault: Vault, kept: str = "") -> str:
    """The credentials, sealed; a secret that is not given stays as it is in `kept`.

    They are looked at, not tried at the carrier. Raises CredentialFault, UnknownCarrier.
    """
    known = carrier_kind(kind)
    is_secret = {field.name: field.secret for field in known.credential_fields}
    for name in given:
        if name not in is_secret:
            raise CredentialFault(
                name,
                _("%(name)s has no such credential; it has %(all)s.")
                % {"name": known.name, "all": ", ".join(is_secret)},
            )
    before = _unsealed(kept, vault)
    credentials = {name: value for name, value in before.items() if is_secret.get(name)} | dict(given)
    try:
        known.open(credentials)
    except ValueError as error:
        raise CredentialFault("", str(error)) from None
    return vault.seal(credentials)


def shown_credentials(kind: str, credentials: str, vault: Vault) -> tuple[Mapping[str, str], frozenset[str]]:
    """(those that are no secrets, the names of the secrets that are there). Raises UnknownCarrier."""
    is_secret = {field.name: field.secret for field in carrier_kind(kind).credential_fields}
    kept = _unsealed(credentials, vault)
    shown = {name: value for name, value in kept.items() if not is_secret.get(name, True)}
    return shown, frozenset(name for name, value in kept.items() if value and is_secret.get(name, True))


def line_host(kind: str, credentials: str, vault: Vault) -> str:
    """The other end of a line of one's own; empty where a carrier has none, or its account cannot be opened."""
    try:
        carrier = carrier_kind(kind).open(_unsealed(credentials, vault))
    except ValueError:
        return ""
    return carrier.host if isinstance(carrier, OwnLines) else ""


def _unsealed(credentials: str, vault: Vault) -> Mapping[str, str]:
    """Nothing of what was sealed with a secret that is lost: they can be typed in again."""
    try:
        return vault.unseal(credentials) if credentials else {}
    except ValueError:
        return {}
