"""What a carrier does with calls while no server of ours answers: it dials where they go by default."""

from collections.abc import Iterator
from dataclasses import dataclass

from swapboard.calls.routes import CarrierAccount, Routes
from swapboard.calls.step import Dial, Step

ANY_NUMBER = "any"


@dataclass(frozen=True, slots=True)
class WayOut:
    """The step for a number's calls (E.164), or for calls to any other number of the account (`ANY_NUMBER`)."""

    account: CarrierAccount
    number: str
    step: Step

    @property
    def name(self) -> str:
        """The document's name, without what its kind adds: it can be told from the number alone."""
        return document_name(self.account.carrier_id, self.number)


def document_name(carrier_id: str, number: str) -> str:
    """Where a number's document stands in the folder; digits only, which no web server reads as anything else."""
    return f"{carrier_id}/{number.removeprefix('+')}"


def ways_out(routes: Routes) -> Iterator[WayOut]:
    """A way for every number, at every carrier account of its company: each speaks a language of its own."""
    for account in routes.carriers.values():
        company = routes.companies.get(account.company_id)
        if company is None:
            continue
        destinations = dict(company.destinations)
        if company.default_destination:
            destinations[ANY_NUMBER] = company.default_destination
        for number, destination in destinations.items():
            yield WayOut(account, number, Step(Dial((destination,), company.ring_timeout_seconds)))
