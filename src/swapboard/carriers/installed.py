"""Which carriers there are: ours and those of other people's packages."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import entry_points

from swapboard.carriers.base import CarrierKind, LineKind
from swapboard.language import ENGLISH, speaking

log = logging.getLogger(__name__)


class UnknownCarrier(ValueError):
    """No installed adapter has that name, or its package is broken."""

    def __init__(self, kind: str, told: str = "") -> None:
        super().__init__(told or f"There is no carrier {kind!r}; installed are: {', '.join(installed())}.")


class BrokenCarrier(UnknownCarrier):
    """Its package is broken: whoever runs the server can mend it, so nothing is given up for that."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(kind, f"The carrier {kind!r} cannot be used, for its package is broken: {why}")


@cache
def installed() -> Sequence[str]:
    """The entry-point names of every carrier there is; looked for once, since that reads every package."""
    return tuple(sorted({point.name for point in entry_points(group="swapboard.carriers")}))


@cache
def carrier_kind(kind: str) -> CarrierKind:
    """The adapter with this entry-point name, ours or a third party's. Raises UnknownCarrier, BrokenCarrier."""
    for point in entry_points(group="swapboard.carriers", name=kind):
        try:
            # Its tables of texts are made now, for all who ask later, too.
            with speaking(ENGLISH):
                loaded: CarrierKind = point.load()
        except Exception as error:  # somebody else's package may raise anything, and must stop nothing of ours
            log.exception("the package of the carrier %s cannot be loaded", kind)
            raise BrokenCarrier(kind, repr(error)) from error
        return loaded
    raise UnknownCarrier(kind)


def usable() -> Mapping[str, CarrierKind]:
    """Every carrier whose package works, by its name."""
    found = {}
    for name in installed():
        with suppress(UnknownCarrier):
            found[name] = carrier_kind(name)
    return found


def rings_by_line(kind: str) -> bool:
    """Whether calls of this carrier come over a line, and not to our doors; not where nothing tells it."""
    try:
        known: object = carrier_kind(kind)
    except UnknownCarrier:
        return False
    return isinstance(known, LineKind) and known.rings_by_line
