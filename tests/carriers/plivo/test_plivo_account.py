"""The account against a stand-in that keeps Plivo's rules; the official client asks it the same things."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import plivo
import pytest

from swapboard.calls.call import Status
from swapboard.calls.fold import fold
from swapboard.carriers.base import CarrierError, Fault, Links, OfferedNumber
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.plivo import carrier as kind
from swapboard.carriers.plivo.adapter import PlivoCarrier, PlivoKind
from swapboard.carriers.plivo.call_list import listed_call
from swapboard.clock import DAY
from tests.carriers.rest_stand_in import Answer, Asked, StandIn, stand_in

AUTH_ID = "MAAAAAAAAAAAAAAAAAAA"
TOKEN = "b" * 32
LINKS = Links("https://calls.example.com", "c1")
NOON = 1_795_521_600_000
AUDIO = bytes(range(256))
_ACCOUNT = f"/v1/Account/{AUTH_ID}/"
_SEARCHED = {
    "country_iso", "type", "pattern", "region", "services", "lata", "rate_center", "limit", "offset", "city",
    "npanxx",
}  # fmt: skip
_APPLICATION = {
    "app_name", "answer_url", "answer_method", "hangup_url", "hangup_method", "fallback_answer_url",
    "fallback_method", "message_url", "message_method", "default_number_app", "default_endpoint_app",
    "log_incoming_messages",
}  # fmt: skip


class Refusal(Exception):
    """Plivo's own words, with their HTTP status."""

    def __init__(self, status: int, words: object) -> None:
        super().__init__(words)
        self.answer = status, {"api_id": "x", "error": words}


@dataclass
class Plivo:
    """What the stand-in has."""

    numbers: dict[str, str] = field(default_factory=dict)
    """The application of each number that is ours."""
    applications: dict[str, dict[str, Any]] = field(default_factory=dict)
    ended: list[dict[str, Any]] = field(default_factory=list)
    live: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)
    today: datetime = datetime(2026, 11, 24, 12, 10, tzinfo=UTC)
    url: str = ""

    def answer(self, asked: Asked) -> Answer:
        basic = "Basic " + base64.b64encode(f"{AUTH_ID}:{TOKEN}".encode()).decode()
        try:
            if asked.headers.get("authorization") != basic:
                raise Refusal(401, "Could not verify your access level for that URL.")
            return self._answer(asked, asked.path.removeprefix(_ACCOUNT).strip("/").split("/"))
        except Refusal as refusal:
            return refusal.answer

    def _answer(self, asked: Asked, path: list[str]) -> Answer:  # noqa: C901, PLR0911, PLR0912 a table
        match asked.method, path:
            case "GET", ["PhoneNumber"]:
                return self._search(asked)
            case "POST", ["PhoneNumber", number]:
                return self._buy(number, asked.json)
            case "GET", ["Number", number] if number in self.numbers:
                return 200, {"number": number, "application": f"{_ACCOUNT}Application/{self.numbers[number]}/"}
            case "POST", ["Number", number] if number in self.numbers:
                self.numbers[number] = self._known_application(asked.json)
                return 202, {"message": "changed"}
            case "DELETE", ["Number", number] if number in self.numbers:
                del self.numbers[number]
                return 204, b""
            case "GET", ["Application"]:
                found = [app for app in self.applications.values() if asked.query["app_name"] in app["app_name"]]
                return 200, {"meta": {}, "objects": found}
            case "GET", ["Application", app_id] if app_id in self.applications:
                return 200, self.applications[app_id]
            case "POST", ["Application", *app]:
                return self._keep_application(asked.json, app[0] if app else None)
            case "GET", ["Call"]:
                return self._calls(asked)
            case "GET", ["Call", ref] if ref in self.live:
                return 200, self.live[ref]
            case "DELETE", ["Recording", "r1"] if not self.deleted:
                self.deleted.append("r1")
                return 204, b""
            case "GET", ["Recording", "r1"]:
                return 200, {"recording_id": "r1", "recording_url": f"{self.url}{_ACCOUNT}files/r1.mp3"}
            case "GET", ["files", "r1.mp3"]:
                return 200, AUDIO
        raise Refusal(404, "not found")

    def _search(self, asked: Asked) -> Answer:
        assert set(asked.query) <= _SEARCHED
        if asked.query["country_iso"] != "US":
            raise Refusal(400, {"error": "invalid country_iso"})
        if int(asked.query.get("limit", "20")) > 20:
            raise Refusal(400, "invalid limit parameter")
        kind, pattern = asked.query.get("type", "local"), asked.query.get("pattern", "")
        shelf = {"local": ["12025550130", "12025550131", "13055550130"], "tollfree": ["18885550130"]}[kind]
        found = [
            {"number": each, "city": "WASHINGTON" if each.startswith("1202") else None, "region": "United States"}
            for each in shelf
            if each.startswith(f"1{pattern}")
        ]
        return 200, {"meta": {}, "objects": found}

    def _buy(self, number: str, given: dict[str, str]) -> Answer:
        if number == "12025550188" or number in self.numbers:
            raise Refusal(400, "Number not available")
        self.numbers[number] = self._known_application(given)
        return 201, {
            "message": "created",
            # https://docs.plivo.com/docs/numbers/api/phone-number/buy-a-phone-number
            "numbers": [{"number": number, "status": "pending" if number.startswith("49") else "Success"}],
            "status": "fulfilled",
        }

    def _known_application(self, given: dict[str, str]) -> str:
        if given.get("app_id") not in self.applications:
            raise Refusal(404, "application not found")
        return given["app_id"]

    def _keep_application(self, given: dict[str, str], app_id: str | None) -> Answer:
        assert set(given) <= _APPLICATION
        if not given["answer_url"].startswith("https://"):
            raise Refusal(400, {"answer_url": "bad", "error": f"{given['answer_url']} is not a valid answer_url"})
        if app_id is None:
            app_id = f"{len(self.applications) + 1}"
            self.applications[app_id] = {"app_id": app_id}
        self.applications[app_id] |= given
        return (201, {"message": "created", "app_id": app_id}) if app_id else (202, {"message": "changed"})

    def _calls(self, asked: Asked) -> Answer:
        if asked.query.get("status") == "live":
            return 200, {"calls": list(self.live)}
        offset = int(asked.query.get("offset", "0"))
        # https://www.plivo.com/docs/voice/api/call/retrieve-all-calls/: 30 days at a time, of the last 90.
        first = datetime.fromisoformat(asked.query["end_time__gte"] + "+00:00")
        end = first + timedelta(days=30)
        if "end_time__lt" in asked.query:
            if (asked_end := datetime.fromisoformat(asked.query["end_time__lt"] + "+00:00")) > end:
                raise Refusal(400, "the range exceeds the 30-day boundary")
            end = asked_end
        first = max(first, self.today - timedelta(days=90))
        recent = [each for each in self.ended if first <= datetime.fromisoformat(each["end_time"]) < end]
        return 200, {"meta": {}, "objects": recent[offset : offset + int(asked.query.get("limit", "20"))]}


@pytest.fixture
def plivos() -> Plivo:
    return Plivo()


@pytest.fixture
def api(plivos: Plivo) -> Iterator[StandIn]:
    with stand_in(plivos.answer) as made:
        plivos.url = made.url
        yield made


@pytest.fixture
def carrier(api: StandIn, plivos: Plivo) -> PlivoCarrier:
    carrier = PlivoKind(api.url).open({"auth_id": AUTH_ID, "auth_token": TOKEN})
    return replace(carrier, account=replace(carrier.account, now=plivos.today.timestamp))


def test_it_is_installed_under_its_name() -> None:
    assert carrier_kind("plivo") is kind


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"auth_id": ""}, "the auth ID"),
        ({"auth_token": " "}, "the auth token"),
        ({"auth_id": "AC1"}, "begins with MA"),
    ],
)
def test_what_is_missing_or_wrong_is_said(change: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        kind.open({"auth_id": AUTH_ID, "auth_token": TOKEN} | change)


def test_secrets_do_not_show(carrier: PlivoCarrier) -> None:
    assert TOKEN not in repr(carrier)


def test_search(carrier: PlivoCarrier) -> None:
    found = carrier.search("us", "202", 3)
    assert found[0] == OfferedNumber("+12025550130", "Washington", "United States")
    assert [each.number for each in found] == ["+12025550130", "+12025550131"]
    assert [each.number for each in carrier.search("US", "888", 100)] == ["+18885550130"]
    assert len(carrier.search("US", None, 1)) == 1


def test_a_refused_search_has_plivos_words(carrier: PlivoCarrier) -> None:
    with pytest.raises(CarrierError, match=r"Plivo: invalid country_iso \(HTTP 400\)"):
        carrier.search("AQ", None, 5)


def test_buying_points_the_number_at_our_application(carrier: PlivoCarrier, plivos: Plivo) -> None:
    bought = carrier.buy("+12025550130", LINKS)
    assert bought == OfferedNumber("+12025550130", None, None, "12025550130")
    carrier.buy("+12025550131", LINKS)
    [app] = plivos.applications.values()
    assert set(plivos.numbers.values()) == {app["app_id"]}
    assert app["answer_url"] == app["fallback_answer_url"] == "https://calls.example.com/carriers/c1/voice"
    assert app["hangup_url"] == "https://calls.example.com/carriers/c1/status"
    assert (app["answer_method"], app["hangup_method"], app["fallback_method"]) == ("POST", "POST", "POST")


def test_a_number_with_a_static_document_has_its_own_application(carrier: PlivoCarrier, plivos: Plivo) -> None:
    carrier.buy("+12025550130", LINKS)
    carrier.configure("12025550130", Links("https://calls.example.com", "c1", "https://static.example.com/1.xml"))
    app = plivos.applications[plivos.numbers["12025550130"]]
    assert (app["fallback_answer_url"], app["fallback_method"]) == ("https://static.example.com/1.xml", "GET")
    assert len(plivos.applications) == 2


def test_what_somebody_else_bought(carrier: PlivoCarrier, api: StandIn) -> None:
    with pytest.raises(CarrierError, match="Number not available") as raised:
        carrier.buy("+12025550188", LINKS)
    assert raised.value.fault is Fault.REQUEST
    assert api.names[f"POST {_ACCOUNT}PhoneNumber/12025550188/"] == 1


@pytest.mark.parametrize("way", [503, 429])
def test_an_order_is_never_given_twice(carrier: PlivoCarrier, plivos: Plivo, api: StandIn, way: int) -> None:
    carrier.buy("+12025550130", LINKS)
    plain = api.answer
    api.answer = lambda asked: (way, b"") if "/PhoneNumber/" in asked.path else plain(asked)
    with pytest.raises(CarrierError) as raised:
        carrier.buy("+12025550131", LINKS)
    assert not raised.value.permanent
    assert api.names[f"POST {_ACCOUNT}PhoneNumber/12025550131/"] == 1
    assert list(plivos.numbers) == ["12025550130"]


def test_an_order_that_was_carried_out_without_an_answer_is_found(carrier: PlivoCarrier, api: StandIn) -> None:
    plain = api.answer

    def losing(asked: Asked) -> Answer:
        answer = plain(asked)
        return (503, b"") if "/PhoneNumber/" in asked.path else answer

    api.answer = losing
    assert carrier.buy("+12025550130", LINKS).carrier_ref == "12025550130"


def test_an_order_of_unknown_fate_says_so(carrier: PlivoCarrier, api: StandIn) -> None:
    plain = api.answer
    api.answer = lambda asked: (503, b"") if "Number/" in asked.path else plain(asked)
    with pytest.raises(CarrierError, match=r"Whether \+12025550130 was bought is not known"):
        carrier.buy("+12025550130", LINKS)


def test_owned(carrier: PlivoCarrier) -> None:
    assert carrier.owned("+12025550130") is None
    carrier.buy("+12025550130", LINKS)
    owned = carrier.owned("+12025550130")
    assert owned is not None
    assert owned.carrier_ref == "12025550130"
    assert owned.points_at == "https://calls.example.com/carriers/c1/voice"


def test_configure_follows_a_new_address_and_is_tried_again(
    carrier: PlivoCarrier, plivos: Plivo, api: StandIn
) -> None:
    carrier.buy("+12025550130", LINKS)
    api.fail("POST", "503", "drop")
    carrier.configure("12025550130", Links("https://new.example.com", "c1"))
    app = plivos.applications[plivos.numbers["12025550130"]]
    assert app["answer_url"] == "https://new.example.com/carriers/c1/voice"


def test_an_address_that_plivo_refuses(carrier: PlivoCarrier) -> None:
    with pytest.raises(CarrierError, match="not a valid answer_url"):
        carrier.buy("+12025550130", Links("http://calls.example.com", "c1"))


def test_release(carrier: PlivoCarrier, plivos: Plivo) -> None:
    carrier.buy("+12025550130", LINKS)
    carrier.release("12025550130")
    assert plivos.numbers == {}
    carrier.release("12025550130")  # again changes nothing


@pytest.mark.parametrize("ref", ["", "x", "../Application", "1²"])
def test_what_is_no_number(carrier: PlivoCarrier, api: StandIn, ref: str) -> None:
    for ask in (lambda: carrier.release(ref), lambda: carrier.configure(ref, LINKS)):
        with pytest.raises(CarrierError, match="not a number"):
            ask()
    assert not api.asked


def test_a_recording_comes_byte_for_byte(carrier: PlivoCarrier) -> None:
    assert carrier.recording("r1") == AUDIO
    for ref in ("", "../x", "r2"):
        with pytest.raises(CarrierError):
            carrier.recording(ref)


def test_a_recording_is_deleted(carrier: PlivoCarrier, plivos: Plivo) -> None:
    carrier.delete_recording("r1")
    carrier.delete_recording("r1")
    assert plivos.deleted == ["r1"]


def test_a_wrong_token(api: StandIn) -> None:
    stranger = PlivoKind(api.url).open({"auth_id": AUTH_ID, "auth_token": "wrong"})
    for ask in (
        lambda: stranger.search("US", None, 1),
        lambda: stranger.buy("+12025550130", LINKS),
        lambda: stranger.owned("+12025550130"),
        lambda: stranger.release("12025550130"),
        lambda: list(stranger.calls(0)),
        lambda: stranger.recording("r1"),
    ):
        with pytest.raises(CarrierError, match="Could not verify your access level") as raised:
            ask()
        assert raised.value.fault is Fault.ACCOUNT


def listed(ref: str, direction: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {
        "call_uuid": ref,
        "parent_call_uuid": None,
        "call_direction": direction,
        "from_number": "+12125550111",
        "to_number": "12025550143",
        "initiation_time": f"2026-11-24 {start}+00:00",
        "answer_time": f"2026-11-24 {start}+00:00",
        "end_time": f"2026-11-24 {end}+00:00",
        "bill_duration": 68,
        "hangup_cause_name": "Normal Hangup",
    } | more


def test_the_lists_tell_what_webhooks_lost(carrier: PlivoCarrier, plivos: Plivo) -> None:
    leg = {"parent_call_uuid": "a1", "to_number": "12025550101"}
    plivos.ended = [
        listed("z1", "outbound", "12:10:00", "12:11:00"),
        listed("l2", "outbound", "12:00:04", "12:01:07", bill_duration=63, **leg),
        listed("l1", "outbound", "12:00:01", "12:00:03", answer_time=None, hangup_cause_name="Busy Line", **leg),
        listed("a1", "inbound", "12:00:00", "12:01:08"),
        *(listed(f"x{place}", "inbound", "12:02:00", "12:02:10") for place in range(30)),
    ]
    plivos.live = {
        "v1": {
            "call_uuid": "v1", "direction": "inbound", "from": "anonymous", "to": "12025550143",
            "call_status": "in-progress", "session_start": "2026-11-24 12:09:00.123456",
        }
    }  # fmt: skip
    events = list(carrier.calls(NOON))
    assert {event.call_ref for event in events} == {"a1", "v1", *(f"x{place}" for place in range(30))}
    call = fold(event for event in events if event.call_ref == "a1")
    assert (call.status, call.talk_seconds, call.ring_seconds) == (Status.ANSWERED, 63, 4)
    assert (call.started_at, call.ended_at) == (NOON, NOON + 68_000)
    assert [leg.status.value for leg in call.legs] == ["busy", "answered"]
    waiting = fold(event for event in events if event.call_ref == "v1")
    assert (waiting.status, waiting.withheld, waiting.ended_at) == (Status.RINGING, True, None)


def test_after_months_the_list_is_read_as_far_back_as_plivo_keeps_it(carrier: PlivoCarrier, plivos: Plivo) -> None:
    """An account whose token was wrong for so long: what is asked for without an end has 30 days."""

    def days_ago(days: float) -> dict[str, Any]:
        at = f"{plivos.today - timedelta(days=days)}"
        times = {"initiation_time": at, "answer_time": at, "end_time": at}
        return listed(f"x{days}".replace(".", "-"), "inbound", "", "", **times)

    plivos.ended = [days_ago(days) for days in (0, 0.5, 29.5, 30, 31, 58, 60, 89.9, 95)]
    for months in (1, 2, 3, 12):
        since = NOON - months * 30 * DAY
        seen = {event.call_ref for event in carrier.calls(since)}
        reach = min(months * 30, 90)
        kept = {0, 0.5, 29.5, 30, 31, 58, 60, 89.9}
        assert seen == {f"x{days}".replace(".", "-") for days in kept if days <= reach}


def test_a_number_that_wants_papers_does_not_ring_yet(carrier: PlivoCarrier) -> None:
    assert carrier.buy("+4930901820123", LINKS).is_awaited
    assert not carrier.buy("+12025550130", LINKS).is_awaited


@pytest.mark.parametrize(
    ("cause", "status"),
    [
        ("Busy Line", "busy"),
        ("Rejected", "busy"),
        ("No Answer", "no-answer"),
        ("Ring Timeout Reached", "no-answer"),
        ("Canceled", "canceled"),
        ("Cancelled", "canceled"),
        ("Canceled (Out Of Credits)", "failed"),
        ("Cancelled (Out Of Credits)", "failed"),
        ("Destination Out Of Service", "failed"),
        ("Unknown", "no-answer"),
    ],
)
def test_how_a_listed_call_that_nobody_answered_ended(cause: str, status: str) -> None:
    entry = listed("l1", "outbound", "12:00:01", "12:00:03", answer_time=None, hangup_cause_name=cause)
    told = listed_call(entry)
    assert told is not None
    assert told.status == status


def test_the_stand_in_answers_the_official_client(
    api: StandIn, plivos: Plivo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PLIVO_API_BASE_URI", "API_VOICE_BASE_URI"):
        monkeypatch.setattr(f"plivo.rest.client.{name}", f"{api.url}/v1/Account")
    client = plivo.RestClient(AUTH_ID, TOKEN)
    made = client.applications.create(
        "swapboard-c1", "https://calls.example.com/carriers/c1/voice", hangup_url="https://calls.example.com/s"
    )
    assert [each["number"] for each in client.numbers.search("US", type="local", pattern="202")["objects"]] == [
        "12025550130",
        "12025550131",
    ]
    bought = client.numbers.buy("12025550130", app_id=made["app_id"])
    assert bought["numbers"][0]["status"] == "Success"
    assert client.numbers.get("12025550130").number == "12025550130"
    client.numbers.delete("12025550130")
    assert plivos.numbers == {}
    client.session.close()
    client.multipart_session.close()
