"""Where calls go: one value that answers for every carrier and number, with or without the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from swapboard.calls.flow import forward
from swapboard.calls.nodes import Flow
from swapboard.calls.recording import RecordingPolicy, policy_of, with_recording
from swapboard.calls.spam import Policy, Word
from swapboard.calls.spoken import ENGLISH


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
    flows: Mapping[str, Flow] = field(default_factory=dict)
    """By id; only those that some call goes through."""
    flow_of: Mapping[str, str] = field(default_factory=dict)
    """By tracking number (E.164), the id of its flow."""
    recording: Mapping[str, RecordingPolicy] = field(default_factory=dict)
    """By tracking number (E.164), and for all others."""
    policy: Policy = field(default_factory=Policy)
    words: Mapping[str, Word] = field(default_factory=dict)
    """What people said of callers, by number or beginning (`calls/spam.py`)."""
    honeypots: frozenset[str] = frozenset()
    language: str = ENGLISH
    """In which callers without a flow are spoken to."""

    def forward(self, destination: str) -> Flow:
        """The plain way there."""
        return forward(destination, self.ring_timeout_seconds, self.language)


@dataclass(frozen=True, slots=True)
class Way:
    """The flow of a call, and where the dialled number's calls go by default (E.164)."""

    flow_id: str
    """Empty for the plain way."""
    flow: Flow
    """The owner's, and before it what callers hear of being recorded."""
    destination: str

    @property
    def is_plain(self) -> bool:
        """True when nothing happens but that one number rings."""
        return not self.flow_id and len(self.flow.steps) == 1


@dataclass(frozen=True, slots=True)
class Routes:
    """Every way that every carrier's calls can take."""

    carriers: Mapping[str, CarrierAccount]
    companies: Mapping[str, CompanyRoutes]

    def way(self, carrier_id: str, dialled: str | None, flow_id: str | None = None) -> Way | None:
        """The way of a call to this number, in the flow it is in already, else in the number's own.

        For an unknown number, to the company's default destination. None when there is nowhere to send it,
        because the company has set up no number at all.
        """
        company = self.company(carrier_id)
        destination = company.destinations.get(dialled or "") or company.default_destination if company else None
        if company is None or destination is None:
            return None
        wanted = company.flow_of.get(dialled or "", "") if flow_id is None else flow_id
        flow = company.flows.get(wanted)
        taken = wanted if flow else ""
        flow = flow or company.forward(destination)
        return Way(taken, with_recording(flow, policy_of(company.recording, dialled)), destination)

    def plain_way(self, carrier_id: str) -> Way | None:
        """The way to the company's default destination, whatever was dialled; None when there is none."""
        return self.way(carrier_id, None, "")

    def company(self, carrier_id: str) -> CompanyRoutes | None:
        """The company that has this carrier account."""
        account = self.carriers.get(carrier_id)
        return self.companies.get(account.company_id) if account else None


NO_ROUTES = Routes({}, {})
