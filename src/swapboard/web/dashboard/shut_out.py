"""Whether a line of one's own leads where this server does not ask, so that no call comes or goes by it."""

from anyio import move_on_after
from anyio.to_thread import run_sync

from swapboard.calls.carrier_accounts import CarrierRecord
from swapboard.carriers.installed import rings_by_line
from swapboard.outward import is_in_private_network
from swapboard.switchboard.carrier_settings import line_host
from swapboard.switchboard.exchange import Exchange

LOOK_UP_SECONDS = 2


async def is_shut_out(exchange: Exchange, record: CarrierRecord) -> bool:
    """False also while nobody can tell: names are looked up for a moment only."""
    if exchange.settings.private_addresses or not rings_by_line(record.kind):
        return False
    host = line_host(record.kind, record.credentials, exchange.vault)
    with move_on_after(LOOK_UP_SECONDS):
        return await run_sync(is_in_private_network, host, abandon_on_cancel=True)
    return False
