"""What became of a number's order that had no clear answer: it costs money, and so is never just placed again."""

from collections.abc import Callable

from swapboard.carriers.base import CarrierError, Fault, OfferedNumber


def bought_all_the_same(
    order_error: CarrierError, number: str, carrier: str, owned: Callable[[str], OfferedNumber | None]
) -> OfferedNumber:
    """The number, if a look into the account finds it there; `carrier` as people call it. Raises CarrierError."""
    if order_error.permanent:
        raise order_error
    try:
        found = owned(number)
    except CarrierError as error:
        raise CarrierError(
            f"{order_error} Whether {number} was bought is not known: look into your {carrier} account first.",
            Fault.CARRIER,
        ) from error
    if found is None:
        raise order_error
    return found
