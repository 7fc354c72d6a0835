"""What the dashboard can reach besides the database: each is given by whoever starts the server."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from swapboard.accounts.company import Site
from swapboard.carriers.sandbox.network import PhoneNetwork


@dataclass(frozen=True, slots=True)
class LineSeen:
    """What was read of a site's first page."""

    url: str
    """Where it was read; empty when it could not be."""
    is_there: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """None for what there is not."""

    network_of: Callable[[str], PhoneNetwork] | None = None
    """A company's practice network, by its id."""
    look_for_line: Callable[[Site, str], LineSeen] | None = None
    """Reads a site's page; the second is this server's public address. It takes its time: on a thread."""


NO_REACH = Reach()


def reach_of(request: Request) -> Reach:
    """What this dashboard can reach."""
    reach: Reach = request.app.state.reach
    return reach
