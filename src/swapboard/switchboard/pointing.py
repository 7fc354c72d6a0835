"""A number's calls are sent to our doors, on a person's order."""

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from swapboard.carriers.base import Door
from swapboard.numbers.listing import NumberRecord
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.switchboard.adapter_faults import ask_carrier
from swapboard.switchboard.buying import open_carrier
from swapboard.switchboard.fallback import links_to

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange


class NotThere(Exception):
    """The carrier account does not have the number; the message says so."""


async def point_here(exchange: "Exchange", company_id: str, number: NumberRecord, actor: str) -> None:
    """Send the number's calls to our doors. Raises CarrierError, NoSuchCarrier, NotThere."""
    carrier = await open_carrier(exchange, company_id, number.carrier_id or "")
    found = await ask_carrier(carrier.owned, number.number)
    if found is None:
        raise NotThere(f"The account does not have {number.number}: it was given up, or is in another one.")
    links = await links_to(exchange, company_id, number.carrier_id or "", number.number)
    await ask_carrier(carrier.configure, found.carrier_ref or "", links)

    def write(connection: Connection) -> None:
        detail = {"points_at": links.door(Door.VOICE)}
        log_numbers(
            connection, company_id, [number.number_id], NumberEvent.POINTED, actor, exchange.clock(), detail
        )

    await exchange.change(write)
