"""A stand-in for Google's Data Manager API that holds its documented rules.

https://developers.google.com/data-manager/api/devguides/events/google-ads/offline/send-events (required fields),
…/limits (2,000 events), …/conversion-adjustments, …/diagnostics; one bad event rejects the whole request.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from swapboard.conversions.destinations.request import Answer, Request

ACCESS_TOKEN = "ya29.access"  # noqa: S105 the stand-in's own
_HASH = re.compile(r"[0-9a-f]{64}")


class _Said(BaseModel):
    model_config = {"alias_generator": to_camel, "extra": "forbid"}


class _Account(_Said):
    account_type: str = ""
    account_id: str = ""


class _Destination(_Said):
    operating_account: _Account = _Account()
    login_account: _Account | None = None
    product_destination_id: str = ""


class _Clicks(_Said):
    gclid: str = ""
    gbraid: str = ""
    wbraid: str = ""

    @property
    def given(self) -> Sequence[str]:
        return [each for each in (self.gclid, self.gbraid, self.wbraid) if each]


class _Person(_Said):
    phone_number: str = ""
    email_address: str = ""


class _People(_Said):
    user_identifiers: list[_Person] = []


class ToldEvent(_Said):
    """One event as Google's JSON has it, as far as the stand-in knows it."""

    transaction_id: str = ""
    event_timestamp: str = ""
    last_updated_timestamp: str = ""
    event_source: str = ""
    ad_identifiers: _Clicks = _Clicks()
    user_data: _People = _People()
    consent: dict[str, str] = {}
    conversion_value: float | None = None
    currency: str = ""


class _Ingest(_Said):
    destinations: list[_Destination] = []
    events: list[ToldEvent] = []
    encoding: str = ""
    validate_only: bool = False


Fault = tuple[str, str]
"""(field, reason)."""


@dataclass
class DataManager:
    """One project's way to some accounts; `kept` is what it counts, by transaction id, as it was told last."""

    accounts: dict[str, str] = field(default_factory=lambda: {"1234567890": "987654321"})
    """Each account's conversion action."""
    refresh_token: str = "1//refresh"  # noqa: S105 the stand-in's own
    bad_clicks: set[str] = field(default_factory=set)
    names_places: bool = True
    most: int = 2_000
    kept: dict[str, ToldEvent] = field(default_factory=dict)
    requests: list[int] = field(default_factory=list)
    """How many events came with each."""
    refused: list[str] = field(default_factory=list)

    @property
    def conversions(self) -> Mapping[str, float | None]:
        """What each is worth."""
        return {each.transaction_id: each.conversion_value for each in self.kept.values()}

    def __call__(self, request: Request) -> Answer:
        parts = urlsplit(request.url)
        if parts.path == "/token":
            return self._token(request)
        if request.headers.get("Authorization") != f"Bearer {ACCESS_TOKEN}":
            return refusal(401, "Request had invalid authentication credentials.")
        match request.method, parts.path:
            case "GET", "/v1/requestStatus:retrieve":
                return self.retrieve(parse_qs(parts.query).get("requestId", [""])[0])
            case "POST", "/v1/events:ingest":
                return self.ingest(request.body)
        return refusal(404, "The requested URL was not found on this server.")

    def ingest(self, body: bytes) -> Answer:
        """Take all events of a request, or none."""
        try:
            told = _Ingest.model_validate_json(body)
        except ValidationError as error:
            return refusal(400, f"Invalid JSON payload received. {error}")
        self.requests.append(len(told.events))
        if faults := [*self._of_destinations(told), *self._of_events(told)]:
            if not told.validate_only:
                self.refused.append(", ".join(f"{place}: {why}" for place, why in faults))
            return refusal(400, "There was a problem with the request.", faults if self.names_places else ())
        if not told.validate_only:
            self.kept.update({event.transaction_id: event for event in told.events})
        return Answer(200, {}, to_json({"requestId": f"request-{len(self.requests)}"}))

    def retrieve(self, request_id: str) -> Answer:
        """What became of a request."""
        if request_id not in {f"request-{place + 1}" for place in range(len(self.requests))}:
            return refusal(404, "Requested entity was not found.")
        return Answer(200, {}, to_json({"requestStatusPerDestination": [{"requestStatus": "SUCCESS"}]}))

    def _token(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if asked.get("grant_type") != "refresh_token" or asked.get("refresh_token") != self.refresh_token:
            told = {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
            return Answer(400, {}, to_json(told))
        return Answer(200, {}, to_json({"access_token": ACCESS_TOKEN, "expires_in": 3599}))

    def _of_destinations(self, told: _Ingest) -> list[Fault]:
        if not 1 <= len(told.destinations) <= 10:
            return [("destinations", "TOO_MANY_DESTINATIONS")]
        faults = []
        for place, each in enumerate(told.destinations):
            account = each.operating_account
            if account.account_type != "GOOGLE_ADS":
                faults.append((f"destinations[{place}].operating_account", "INVALID_DESTINATION"))
            elif self.accounts.get(account.account_id) != each.product_destination_id:
                faults.append((f"destinations[{place}].product_destination_id", "INVALID_CONVERSION_ACTION_ID"))
        return faults

    def _of_events(self, told: _Ingest) -> list[Fault]:
        if not 1 <= len(told.events) <= self.most:
            return [("events", "TOO_MANY_EVENTS")]
        return [
            (f"events[{place}].{name}", why)
            for place, event in enumerate(told.events)
            for name, why in self._of_event(event, told.encoding)
        ]

    def _of_event(self, event: ToldEvent, encoding: str) -> list[Fault]:
        clicks, people = event.ad_identifiers.given, event.user_data.user_identifiers
        hashes = [each.phone_number or each.email_address for each in people]
        is_worth = event.conversion_value is not None
        wrong = {
            ("event_timestamp", "REQUIRED_FIELD_MISSING"): not event.event_timestamp,
            ("event_source", "REQUIRED_FIELD_MISSING"): not event.event_source,
            ("ad_identifiers", "NO_IDENTIFIERS_PROVIDED"): not clicks and not people,
            ("ad_identifiers", "MULTIPLE_DATA_TYPES_NOT_ALLOWED"): len(clicks) > 1,
            ("ad_identifiers.gclid", "INVALID_FORMAT"): bool(self.bad_clicks & set(clicks)),
            ("currency", "INVALID_CURRENCY_CODE"): is_worth and not re.fullmatch("[A-Z]{3}", event.currency),
            ("encoding", "REQUIRED_FIELD_MISSING"): bool(people) and encoding != "HEX",
            ("user_data", "TOO_MANY_USER_IDENTIFIERS"): len(people) > 10,
            ("user_data", "INVALID_SHA256_FORMAT"): not all(map(_HASH.fullmatch, hashes)),
        }
        return [fault for fault, is_so in wrong.items() if is_so]


def refusal(status: int, message: str, faults: Sequence[Fault] = ()) -> Answer:
    """An answer that says no, in Google's form; with `faults`, each place that is wrong."""
    details = {
        "@type": "type.googleapis.com/google.rpc.BadRequest",
        "fieldViolations": [
            {"field": place, "description": f"{place} is wrong.", "reason": why} for place, why in faults
        ],
    }
    error = {"code": status, "message": message, "status": "INVALID_ARGUMENT"}
    return Answer(status, {}, to_json({"error": error | {"details": [details] if faults else []}}))
