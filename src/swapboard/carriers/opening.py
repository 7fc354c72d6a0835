"""A company's account at its carrier, opened by the credentials that are kept sealed."""

from swapboard.accounts.secrets import Vault
from swapboard.carriers.base import Carrier, CarrierError, Fault
from swapboard.carriers.installed import BrokenCarrier, carrier_kind


def open_account(kind: str, credentials: str, vault: Vault) -> Carrier:
    """Ready to be asked. Raises CarrierError, a permanent one unless only the adapter's package is broken."""
    try:
        return carrier_kind(kind).open(vault.unseal(credentials))
    except BrokenCarrier as error:
        raise CarrierError(str(error), Fault.CARRIER) from error
    except ValueError as error:
        raise CarrierError(str(error), Fault.ACCOUNT) from error
