"""Where calls go: one value that answers for every carrier and number, with or without the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from swapboard.calls.flow import Forward


@dataclass(frozen=True, slots=True)
class CarrierAccount:
    """A company's account at a carrier; the credentials are sealed."""

    carrier_id: str
    company_id: str
    kind: str
    credentials: str


@dataclass(frozen=True, slots=True)
class CompanyRoutes:
    """A company's way for each tracking number, and for all others."""

    company_id: str
    default_destination: str | None
    ring_timeout_seconds: int
    destinations: Mapping[str, str]
    """By tracking number, both E.164."""


@dataclass(frozen=True, slots=True)
class Routes:
    """Every way that every carrier's calls can take."""

    carriers: Mapping[str, CarrierAccount]
    companies: Mapping[str, CompanyRoutes]

    def flow(self, carrier_id: str, dialled: str | None) -> Forward | None:
        """The flow for a call to this number; for an unknown one, to the company's default destination.

        None when there is nowhere to send it, because the company has set up no number at all.
        """
        account = self.carriers.get(carrier_id)
        company = self.companies.get(account.company_id) if account else None
        if company is None:
            return None
        destination = company.destinations.get(dialled or "") or company.default_destination
        return Forward(destination, company.ring_timeout_seconds) if destination else None


NO_ROUTES = Routes({}, {})
