"""The carrier account that a call came by, opened."""

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.calls.store import carrier_accounts
from swapboard.carriers.base import Carrier, CarrierError, Fault
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.opening import open_account
from swapboard.language import _


def call_account(connection: Connection, vault: Vault, company_id: str, carrier_id: str) -> tuple[str, Carrier]:
    """(the carrier's name, the account). Raises CarrierError."""
    accounts = {row.carrier_id: row for row in carrier_accounts(connection, company_id)}
    known = accounts.get(carrier_id)
    if known is None:
        raise CarrierError(_("The call's carrier account is no longer here."), Fault.ACCOUNT)
    carrier = open_account(known.kind, known.credentials, vault)
    return carrier_kind(known.kind).name, carrier
