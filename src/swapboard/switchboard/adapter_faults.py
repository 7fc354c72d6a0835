"""Adapters are asked for many things in a row: what one of them cannot read keeps nothing else waiting."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from swapboard.carriers.base import CarrierError, Fault

log = logging.getLogger(__name__)


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
