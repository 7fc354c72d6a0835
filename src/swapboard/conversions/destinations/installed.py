"""Which destinations there are: ours and those of other people's packages."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.metadata import entry_points

from swapboard.conversions.destinations.base import DestinationKind
from swapboard.language import ENGLISH, speaking

log = logging.getLogger(__name__)


class UnknownDestination(ValueError):
    """No installed destination has that name, or its package is broken."""

    def __init__(self, kind: str, why: str = "") -> None:
        told = f"The destination {kind!r} cannot be used, for its package is broken: {why}"
        super().__init__(
            told if why else f"There is no destination {kind!r}; installed are: {', '.join(installed())}."
        )


@cache
def installed() -> Sequence[str]:
    """The entry-point names of every destination there is; looked for once, since that reads every package."""
    return tuple(sorted(point.name for point in entry_points(group="swapboard.destinations")))


@cache
def destination_kind(kind: str) -> DestinationKind:
    """The destination with this entry-point name, ours or a third party's. Raises UnknownDestination."""
    for point in entry_points(group="swapboard.destinations", name=kind):
        try:
            # Its tables of texts are made now, for all who ask later, too.
            with speaking(ENGLISH):
                loaded: DestinationKind = point.load()
        except Exception as error:  # somebody else's package may raise anything, and must stop nothing of ours
            log.exception("the package of the destination %s cannot be loaded", kind)
            raise UnknownDestination(kind, repr(error)) from error
        return loaded
    raise UnknownDestination(kind)


def usable() -> Mapping[str, DestinationKind]:
    """Every destination whose package works, by its name."""
    found = {}
    for name in installed():
        with suppress(UnknownDestination):
            found[name] = destination_kind(name)
    return found
