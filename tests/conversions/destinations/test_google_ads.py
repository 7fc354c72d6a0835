"""Google Ads: its own messages read what we send, its own client speaks to the same stand-in."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import pytest
from google.ads.datamanager_v1 import Destination as TheirDestination
from google.ads.datamanager_v1 import (
    ErrorCount,
    ErrorInfo,
    Event,
    EventSource,
    IngestEventsRequest,
    IngestionServiceClient,
    ProcessingErrorReason,
    RequestStatusPerDestination,
)
from google.ads.datamanager_v1.services.ingestion_service.transports.rest import IngestionServiceRestTransport
from google.ads.datamanager_v1.types import ConsentStatus
from google.auth.credentials import AnonymousCredentials
from hypothesis import given
from hypothesis import strategies as st

from swapboard.clock import DAY, HOUR
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Confirming, Destination
from swapboard.conversions.destinations.hashing import google_email
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome, Result
from tests.conversions.destinations.data_manager import DataManager, over_http
from tests.conversions.people import CALL, FORM, NOW, ORIGIN, a_message, from_visit

SETTINGS = {
    "customer_id": "123-456-7890",
    "conversion_action_id": "987654321",
    "client_id": "client.example.com",
    "client_secret": "the-secret",
    "refresh_token": "1//refresh",
    "url": "https://datamanager.example.com",
    "token_url": "https://datamanager.example.com/token",
}


def action(**changes: str) -> Destination:
    return destination_kind("google_ads").open(SETTINGS | changes)


def clicked(click: str, contact: Contact = CALL) -> Contact:
    return replace(contact, origin=replace(ORIGIN, click_ids={"gclid": click}))


def messages(*clicks: str) -> list[Message]:
    return [
        replace(a_message(clicked(click)), conversion_id=f"{place:032x}") for place, click in enumerate(clicks)
    ]


def outcomes(results: Sequence[Result]) -> list[Outcome]:
    return [each.outcome for each in results]


def told(contact: Contact = CALL, saying: Saying = Saying.CONVERT, **settings: str) -> Event:
    """The event that Google reads."""
    google = DataManager()
    results = action(**settings).send([a_message(contact, saying)], NOW, google)
    assert outcomes(results) == [Outcome.TAKEN], results
    (event,) = google.events
    return event


def test_a_call_is_an_event_of_its_click() -> None:
    event = told()
    assert event.event_source == EventSource.PHONE
    assert event.ad_identifiers.gclid == "Cj0example"
    assert (event.conversion_value, event.currency, event.transaction_id) == (123.0, "USD", "k" * 32)
    assert round(event.event_timestamp.timestamp() * 1000) == NOW
    assert not event.user_data.user_identifiers
    assert event.consent.ad_user_data == ConsentStatus.CONSENT_STATUS_UNSPECIFIED
    assert told(clicked("Cj0", FORM)).event_source == EventSource.WEB


def test_who_they_are_is_told_hashed_when_asked_for_and_consent_when_it_is_sure() -> None:
    event = told(people="yes", consent="granted")
    assert [each.phone_number or each.email_address for each in event.user_data.user_identifiers] == [
        hashlib.sha256(b"+12125550111").hexdigest(),
        hashlib.sha256(b"ann@example.com").hexdigest(),
    ]
    assert event.consent.ad_user_data == ConsentStatus.CONSENT_GRANTED


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (" Ann.Lee+shop@GMail.com ", "annlee@gmail.com"),
        ("a.b@googlemail.com", "ab@googlemail.com"),
        ("Ann.Lee+shop@Example.com", "ann.lee+shop@example.com"),
    ],
)
def test_addresses_are_written_as_google_hashes_them(address: str, expected: str) -> None:
    assert google_email(address) == expected


def test_of_several_clicks_the_surest_is_told() -> None:
    assert told(from_visit(wbraid="w", gbraid="b", gclid="c")).ad_identifiers.gclid == "c"
    assert told(from_visit(wbraid="w")).ad_identifiers.wbraid == "w"


def test_another_value_and_a_retraction_go_under_the_same_id() -> None:
    google = DataManager()
    for saying, value in ((Saying.CONVERT, 100), (Saying.RESTATE, 9_900), (Saying.RETRACT, None)):
        action().send([a_message(saying=saying, value_cents=value)], NOW, google)
    assert google.conversions == {"k" * 32: 0.0}
    assert [event.conversion_value for event in google.events] == [1.0, 99.0, 0.0]


def test_one_bad_event_spoils_no_other() -> None:
    google = DataManager(bad_clicks={"bad"})
    results = action().send(messages("a", "bad", "b", "bad", "c"), NOW, google)
    assert outcomes(results) == [
        Outcome.TAKEN,
        Outcome.REFUSED,
        Outcome.TAKEN,
        Outcome.REFUSED,
        Outcome.TAKEN,
    ]
    assert results[1].words == "INVALID_FORMAT events[1].ad_identifiers.gclid is wrong."
    assert google.requests == [5, 3]
    assert len(google.conversions) == 3


@given(st.lists(st.sampled_from(["good", "bad"]), min_size=1, max_size=12), st.booleans())
def test_each_bad_event_is_found_even_if_google_does_not_say_which(clicks: list[str], names_places: bool) -> None:
    google = DataManager(bad_clicks={"bad"}, names_places=names_places)
    results = action().send(messages(*clicks), NOW, google)
    assert outcomes(results) == [Outcome.REFUSED if click == "bad" else Outcome.TAKEN for click in clicks]
    assert len(google.conversions) == clicks.count("good")


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (a_message(from_visit()), "no Google click"),
        (a_message(replace(CALL, origin=replace(ORIGIN, started_at=NOW - 91 * DAY))), "more than 90 days before"),
        (a_message(replace(CALL, happened_at=NOW - 91 * DAY)), "more than 90 days ago"),
    ],
)
def test_what_google_could_not_use_is_not_sent(message: Message, words: str) -> None:
    assert words in str(action().objection(message, NOW))
    assert action().objection(a_message(), NOW) is None
    assert action(people="yes").objection(a_message(from_visit()), NOW) is None


def test_a_click_rests_before_it_is_told() -> None:
    assert action().not_before(a_message()) == NOW - 60_000 + 6 * HOUR
    assert action(people="yes").not_before(a_message(from_visit())) == 0


def test_without_access_everything_waits() -> None:
    results = action(refresh_token="1//old").send(messages("a", "b"), NOW, DataManager())
    assert outcomes(results) == [Outcome.FAILED] * 2
    assert "Token has been expired or revoked." in results[0].words


@pytest.mark.parametrize(
    ("answer", "outcome", "retry"),
    [
        (Answer(429, {"retry-after": "30"}, b'{"error": {"message": "Quota"}}'), Outcome.FAILED, 30.0),
        (Answer(503, {}, b"<html>"), Outcome.FAILED, None),
        (Answer(403, {}, b'{"error": {"message": "The API is not enabled."}}'), Outcome.FAILED, None),
        (Answer(404, {}, b""), Outcome.REFUSED, None),
    ],
)
def test_other_answers(answer: Answer, outcome: Outcome, retry: float | None) -> None:
    google = DataManager()

    def post(request: Request) -> Answer:
        return google(request) if request.url.endswith("/token") else answer

    (result,) = action().send([a_message()], NOW, post)
    assert (result.outcome, result.retry_after_seconds) == (outcome, retry)


def test_the_test_leaves_nothing_there_and_says_what_is_wrong() -> None:
    google = DataManager()
    assert action().test(NOW, google).outcome is Outcome.TAKEN
    assert google.conversions == {}
    wrong = action(conversion_action_id="1").test(NOW, google)
    assert wrong.outcome is not Outcome.TAKEN
    assert "INVALID_CONVERSION_ACTION_ID" in wrong.words
    assert action(refresh_token="1//old").test(NOW, google).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"customer_id": "123"}, "ten digits"),
        ({"login_customer_id": "x"}, "ten digits"),
        ({"conversion_action_id": "sale"}, "is a number"),
        ({"refresh_token": ""}, "Fill in Refresh token"),
        ({"people": "maybe"}, "is one of: no, yes"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        action(**wrong)


def test_secrets_are_not_shown() -> None:
    (request,) = action().preview([a_message()], NOW)
    assert "the-secret" not in repr(action()) + repr(request)
    assert request.secrets == ("ACCESS_TOKEN",)


Reason = ProcessingErrorReason
Status = RequestStatusPerDestination.RequestStatus
INVALID = ErrorInfo(error_counts=[ErrorCount(record_count=2, reason=Reason.PROCESSING_ERROR_REASON_INVALID_GCLID)])


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (RequestStatusPerDestination(request_status=Status.SUCCESS), (Outcome.TAKEN, "Google counted it.")),
        (
            RequestStatusPerDestination(request_status=Status.FAILED, error_info=INVALID),
            (Outcome.REFUSED, "Google did not count it: INVALID_GCLID (2)."),
        ),
        (
            RequestStatusPerDestination(
                request_status=Status.PARTIAL_SUCCESS,
                error_info=INVALID,
                events_ingestion_status={"record_count": 5},
            ),
            (Outcome.TAKEN, "Of the 5 that went together, Google did not count some: INVALID_GCLID (2)."),
        ),
        (RequestStatusPerDestination(request_status=Status.PROCESSING), None),
        (None, None),
    ],
)
def test_google_is_asked_later_what_became_of_it(
    status: RequestStatusPerDestination | None, expected: tuple[Outcome, str] | None
) -> None:
    google = DataManager()
    (taken,) = action().send([a_message()], NOW, google)
    assert taken.receipt == "request-1"
    google.statuses = {taken.receipt: status} if status else {}
    ads = action()
    assert isinstance(ads, Confirming)
    said = ads.confirm(taken.receipt, NOW, google)
    assert (said and (said.outcome, said.words)) == expected


def test_google_s_own_client_is_understood_as_we_are() -> None:
    """Its real transport, over HTTP: what it sends is kept the same as what we send."""
    google, ours = DataManager(), DataManager()
    assert outcomes(action().send([a_message()], NOW, ours)) == [Outcome.TAKEN]
    with over_http(google) as host:
        transport = IngestionServiceRestTransport(host=host, url_scheme="http", credentials=AnonymousCredentials())
        with IngestionServiceClient(transport=transport) as client:
            destination = TheirDestination(
                operating_account={"account_type": "GOOGLE_ADS", "account_id": "1234567890"},
                product_destination_id="987654321",
            )
            answer = client.ingest_events(
                IngestEventsRequest(destinations=[destination], events=ours.events, encoding="HEX")
            )
    assert answer.request_id == "request-1"
    assert google.events == ours.events
    assert google.conversions == {"k" * 32: 123.0}
