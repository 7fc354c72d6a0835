"""What people fill in for a destination: looked at, and its secrets sealed."""

from collections.abc import Mapping

from swapboard.accounts.secrets import Vault
from swapboard.conversions.destinations.base import DestinationKind


class SettingFault(ValueError):
    """A setting cannot be; `name` is empty where it is about all of them."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(words)
        self.name = name


def sealed(
    kind: DestinationKind, given: Mapping[str, str], vault: Vault, kept: str = ""
) -> tuple[Mapping[str, str], str]:
    """(what may be shown, the sealed secrets); a secret that is not given stays as it is in `kept`.

    Raises SettingFault.
    """
    is_secret = {field.name: field.secret for field in kind.fields}
    for name in given:
        if name not in is_secret:
            raise SettingFault(name, f"It has no such setting; there are: {', '.join(is_secret)}.")
    shown, typed = apart(kind, given)
    secrets = (vault.unseal(kept) if kept else {}) | typed
    try:
        kind.open({**shown, **secrets})
    except ValueError as error:
        raise SettingFault("", str(error)) from None
    return shown, vault.seal(secrets)


def apart(kind: DestinationKind, given: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """(what may be shown, what is secret) of settings that the kind knows."""
    hidden = {field.name for field in kind.fields if field.secret}
    shown = {name: value for name, value in given.items() if name not in hidden}
    return shown, {name: value for name, value in given.items() if name in hidden}
