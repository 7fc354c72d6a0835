"""Adapters are asked for many things in a row: what one of them cannot read keeps nothing else waiting."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec, TypeVar

from swapboard.carriers.base import CarrierError, Fault

log = logging.getLogger(__name__)

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


@contextmanager
def only_carrier_errors() -> Iterator[None]:
    """Within, an adapter is asked, maybe somebody else's: what it raises that it must not is a CarrierError."""
    try:
        yield
    except CarrierError:
        raise
    except OSError as error:  # requests' own errors are OSErrors; of own lines it is the disk
        raise CarrierError(f"The carrier cannot be asked: {error}.", Fault.CARRIER) from error
    except Exception as error:
        log.exception("a carrier's adapter broke off")
        raise CarrierError("The carrier's answer could not be read.", Fault.CARRIER) from error


async def ask_carrier(adapter: Callable[Asked, Answer], *asked: Asked.args, **named: Asked.kwargs) -> Answer:
    """Its answer, waited for beside the event loop. Raises CarrierError."""
    with only_carrier_errors():
        return await asyncio.to_thread(adapter, *asked, **named)
