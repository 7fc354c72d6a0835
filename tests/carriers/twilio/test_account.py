"""The account through Twilio's own client, against a stand-in that keeps Twilio's rules (conftest.py)."""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from swapboard.calls.call import Status
from swapboard.calls.fold import fold
from swapboard.carriers.base import CarrierError, Links, OfferedNumber, Text, TextStopped
from swapboard.carriers.twilio.adapter import TwilioCarrier, TwilioKind

Twilio = Any  # the stand-in, which lives in conftest.py

SID = "AC" + "a" * 32
TOKEN = "b" * 32
LINKS = Links("https://calls.example.com", "c1")
VOICE = "https://calls.example.com/carriers/c1/voice"
STATUS = "https://calls.example.com/carriers/c1/status"
MESSAGE = "https://calls.example.com/carriers/c1/message"
NOON = 1_795_521_600_000


@pytest.fixture
def carrier(twilio: Twilio) -> TwilioCarrier:
    return TwilioKind(twilio.url).open({"account_sid": SID, "auth_token": TOKEN})


def test_search_by_area_code(carrier: TwilioCarrier) -> None:
    found = carrier.search("us", "202", 3)
    assert [each.number for each in found] == ["+12025550130", "+12025550131", "+12025550132"]
    assert found[0] == OfferedNumber("+12025550130", "Washington", "DC")


def test_search_for_toll_free_numbers_asks_the_other_shelf(carrier: TwilioCarrier, twilio: Twilio) -> None:
    # The simulated Twilio has none for sale: what counts is where they are looked for.
    with suppress(CarrierError):
        carrier.search("US", "888", 3)
    assert twilio.asked["GET /AvailablePhoneNumbers/US/TollFree.json"] == 1
    assert twilio.asked["GET /AvailablePhoneNumbers/US/Local.json"] == 0


def test_search_anywhere(carrier: TwilioCarrier) -> None:
    assert len(carrier.search("US", None, 100)) == 11


@pytest.mark.parametrize("area_code", ["20", "020"])
def test_search_where_there_are_no_area_codes_goes_by_the_beginning(
    carrier: TwilioCarrier, area_code: str
) -> None:
    assert carrier.search("GB", area_code, 5) == [OfferedNumber("+442079460123", None, None)]


def test_search_in_a_country_without_numbers(carrier: TwilioCarrier) -> None:
    with pytest.raises(CarrierError, match=r"was not found .*HTTP 404, error 20404") as raised:
        carrier.search("AQ", None, 5)
    assert raised.value.permanent


def test_a_wrong_area_code(carrier: TwilioCarrier) -> None:
    with pytest.raises(CarrierError, match="Invalid Area Code: 20x") as raised:
        carrier.search("US", "20x", 5)
    assert raised.value.permanent


def test_buy_points_the_number_at_our_doors(carrier: TwilioCarrier, twilio: Twilio) -> None:
    bought = carrier.buy("+12025550133", LINKS)
    assert bought.number == "+12025550133"
    assert twilio.owned[bought.carrier_ref]["given"] == {
        "PhoneNumber": "+12025550133",
        "VoiceUrl": VOICE,
        "VoiceMethod": "POST",
        "VoiceFallbackUrl": VOICE,
        "VoiceFallbackMethod": "POST",
        "StatusCallback": STATUS,
        "StatusCallbackMethod": "POST",
        "SmsUrl": MESSAGE,
        "SmsMethod": "POST",
    }


def test_buy_what_somebody_else_bought(carrier: TwilioCarrier, twilio: Twilio) -> None:
    with pytest.raises(CarrierError, match=r"\+12025550188 is not available \(HTTP 400, error 21422\)") as raised:
        carrier.buy("+12025550188", LINKS)
    assert raised.value.permanent
    assert twilio.asked["POST /IncomingPhoneNumbers.json"] == 1


@pytest.mark.parametrize("way", ["503", "429", "plain-500", "html", "drop"])
def test_an_order_is_never_given_twice(carrier: TwilioCarrier, twilio: Twilio, way: str) -> None:
    twilio.fail("POST", way)
    with pytest.raises(CarrierError) as raised:
        carrier.buy("+12025550133", LINKS)
    assert not raised.value.permanent
    assert twilio.asked["POST /IncomingPhoneNumbers.json"] == 1
    assert twilio.owned == {}


@pytest.mark.parametrize("way", ["after-503", "after-html", "after-drop"])
def test_an_order_that_was_carried_out_without_an_answer_is_found(
    carrier: TwilioCarrier, twilio: Twilio, way: str
) -> None:
    twilio.fail("POST", way)
    bought = carrier.buy("+12025550133", LINKS)
    assert list(twilio.owned) == [bought.carrier_ref]
    assert twilio.asked["POST /IncomingPhoneNumbers.json"] == 1


def test_an_order_of_unknown_fate_says_so(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.fail("POST", "after-drop")
    twilio.fail("GET", "503", "503", "503")
    with pytest.raises(CarrierError, match=r"Whether \+12025550133 was bought is not known"):
        carrier.buy("+12025550133", LINKS)


def test_configure_takes_a_number_away_from_applications_and_trunks(
    carrier: TwilioCarrier, twilio: Twilio
) -> None:
    twilio.owned["PN1"] = {"sid": "PN1", "phone_number": "+12025550133"}
    carrier.configure("PN1", Links("https://new.example.com", "c1"))
    given = twilio.owned["PN1"]["given"]
    assert given["VoiceUrl"] == "https://new.example.com/carriers/c1/voice"
    assert (given["VoiceApplicationSid"], given["TrunkSid"]) == ("", "")


def test_configure_is_tried_again(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.owned["PN1"] = {"sid": "PN1", "phone_number": "+12025550133"}
    twilio.fail("POST", "503", "drop")
    carrier.configure("PN1", LINKS)
    assert twilio.asked["POST /IncomingPhoneNumbers/PN1.json"] == 3
    assert twilio.owned["PN1"]["given"]["VoiceUrl"] == VOICE


def test_an_address_that_twilio_refuses(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.owned["PN1"] = {"sid": "PN1", "phone_number": "+12025550133"}
    with pytest.raises(CarrierError, match="StatusCallback is not valid: calls") as raised:
        carrier.configure("PN1", Links("calls.example.com", "c1"))
    assert raised.value.permanent
    assert twilio.asked["POST /IncomingPhoneNumbers/PN1.json"] == 1


def test_release(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.owned["PN1"] = {"sid": "PN1", "phone_number": "+12025550133"}
    carrier.release("PN1")
    assert twilio.owned == {}


@pytest.mark.parametrize("change", [lambda carrier: carrier.release("PN9"), lambda c: c.configure("PN9", LINKS)])
def test_a_number_that_is_not_ours(carrier: TwilioCarrier, change: Callable[[TwilioCarrier], None]) -> None:
    with pytest.raises(CarrierError, match="PN9 was not found") as raised:
        change(carrier)
    assert raised.value.permanent


def test_a_wrong_token(twilio: Twilio) -> None:
    stranger = TwilioKind(twilio.url).open({"account_sid": SID, "auth_token": "wrong"})
    for ask in (
        lambda: stranger.search("US", None, 1),
        lambda: stranger.buy("+12025550133", LINKS),
        lambda: stranger.configure("PN1", LINKS),
        lambda: stranger.release("PN1"),
        lambda: list(stranger.calls(0)),
        lambda: stranger.recording("RE" + "c" * 32),
    ):
        with pytest.raises(CarrierError, match=r"HTTP 401") as raised:
            ask()
        assert raised.value.permanent
    assert twilio.owned == {}


@pytest.mark.parametrize("ways", [["503"], ["429", "plain-500"], ["html", "drop"]])
def test_reading_is_tried_again(carrier: TwilioCarrier, twilio: Twilio, ways: list[str]) -> None:
    twilio.fail("GET", *ways)
    assert len(carrier.search("US", "202", 3)) == 3
    assert twilio.asked["GET /AvailablePhoneNumbers/US/Local.json"] == len(ways) + 1


def test_reading_gives_up(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.fail("GET", "503", "503", "503")
    with pytest.raises(CarrierError, match=r"Try again .*HTTP 503") as raised:
        carrier.search("US", "202", 3)
    assert not raised.value.permanent


def test_nobody_answers() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        carrier = TwilioKind(f"http://127.0.0.1:{taken.getsockname()[1]}").open(
            {"account_sid": SID, "auth_token": TOKEN}
        )
        with pytest.raises(CarrierError, match="Twilio did not answer") as raised:
            carrier.release("PN1")
    assert not raised.value.permanent


def test_a_recording_comes_byte_for_byte(carrier: TwilioCarrier, twilio: Twilio) -> None:
    ref = "RE" + "c" * 32
    assert carrier.recording(ref) == twilio.recordings[ref]


def test_a_recording_is_tried_again(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.fail("GET", "503", "drop")
    assert carrier.recording("RE" + "c" * 32)


@pytest.mark.parametrize("ref", ["", "RE1", "../Calls", "RE/../../x", "https://example.com/RE1", "RE" + "d" * 32])
def test_what_is_no_recording(carrier: TwilioCarrier, twilio: Twilio, ref: str) -> None:
    with pytest.raises(CarrierError) as raised:
        carrier.recording(ref)
    assert raised.value.permanent


def listed(
    sid: str, direction: str, status: str, start: str, end: str | None, **more: str | None
) -> dict[str, Any]:
    day = "Tue, 24 Nov 2026"
    return {
        "sid": sid,
        "parent_call_sid": None,
        "direction": direction,
        "status": status,
        "from": "+12125550111",
        "to": "+12025550143",
        "start_time": f"{day} {start} +0000",
        "end_time": f"{day} {end} +0000" if end else None,
        "date_created": f"{day} {start} +0000",
        "duration": None,
        "caller_name": None,
    } | more


LEG = {"parent_call_sid": "CA1", "to": "+12025550101"}


def test_the_call_list_tells_what_webhooks_lost(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.calls = [
        listed("CA9", "outbound-api", "completed", "12:10:00", "12:11:00"),
        listed("CA8", "outbound-dial", "completed", "12:10:00", "12:11:00", parent_call_sid="CA7"),
        listed("CA4", "inbound", "ringing", "12:09:00", None, **{"from": "Anonymous"}),
        listed("CA3", "outbound-dial", "completed", "12:00:04", "12:01:07", duration="63", **LEG),
        listed("CA2", "outbound-dial", "busy", "12:00:01", "12:00:02", duration="0", **LEG),
        listed("CA1", "inbound", "completed", "12:00:00", "12:01:08", duration="68"),
    ]
    events = list(carrier.calls(NOON))
    assert {event.call_ref for event in events} == {"CA1", "CA4"}
    call = fold(event for event in events if event.call_ref == "CA1")
    assert (call.status, call.talk_seconds, call.ring_seconds) == (Status.ANSWERED, 63, 4)
    assert (call.caller, call.tracking_number, call.destination) == (
        "+12125550111",
        "+12025550143",
        "+12025550101",
    )
    assert (call.started_at, call.ended_at, len(call.legs)) == (NOON, NOON + 68_000, 2)
    waiting = fold(event for event in events if event.call_ref == "CA4")
    assert (waiting.status, waiting.withheld) == (Status.RINGING, True)
    assert twilio.asked["GET /Calls.json"] == 3


def test_the_call_list_may_have_the_parent_first(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.calls = [
        listed("CA1", "inbound", "completed", "12:00:00", "12:00:26"),
        listed("CA2", "outbound-dial", "no-answer", "12:00:01", None, duration=None, **LEG),
    ]
    call = fold(carrier.calls(NOON))
    assert (call.status, call.talk_seconds, len(call.legs)) == (Status.MISSED, 0, 1)


def test_the_call_list_leaves_out_what_is_older(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.calls = [
        listed("CA5", "inbound", "completed", "12:00:00", "12:01:00"),
        listed("CA1", "inbound", "completed", "11:59:59", "12:00:20"),
    ]
    assert {event.call_ref for event in carrier.calls(NOON)} == {"CA5"}


def test_a_page_of_the_call_list_is_tried_again(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.calls = [
        listed(f"CA{minute}", "inbound", "completed", f"12:{minute}:00", f"12:{minute}:30")
        for minute in range(30, 25, -1)
    ]
    events = carrier.calls(NOON)
    seen = {next(events).call_ref}
    twilio.fail("GET", "503", "drop")
    seen |= {event.call_ref for event in events}
    assert seen == {f"CA{minute}" for minute in range(26, 31)}


def test_the_list_and_the_webhooks_agree_on_the_callers_side(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.calls = [listed("CA1", "inbound", "completed", "12:00:00", "12:01:08", duration="68")]
    kinds = {(event.kind.value, event.sequence) for event in carrier.calls(NOON)}
    assert kinds == {("arrived", 0), ("call_ended", 0)}


def test_a_deleted_recording_is_gone_and_may_be_deleted_again(carrier: TwilioCarrier, twilio: Twilio) -> None:
    ref = next(iter(twilio.recordings))

    carrier.delete_recording(ref)
    carrier.delete_recording(ref)

    assert ref not in twilio.recordings


def test_a_recording_pauses_and_goes_on(carrier: TwilioCarrier, twilio: Twilio) -> None:
    twilio.recorded_now["CA1"] = "in-progress"

    carrier.pause_recording("CA1")
    assert twilio.recorded_now["CA1"] == "paused"
    carrier.resume_recording("CA1")
    assert twilio.recorded_now["CA1"] == "in-progress"

    with pytest.raises(CarrierError) as raised:
        carrier.pause_recording("CA2")
    assert raised.value.permanent


def test_a_text_is_sent_once_and_refused_in_twilios_words(carrier: TwilioCarrier, twilio: Twilio) -> None:
    assert carrier.send_text(Text("+12025550120", "+12125550111", "Sorry.")).startswith("SM")
    assert twilio.texts == [{"From": "+12025550120", "To": "+12125550111", "Body": "Sorry."}]
    twilio.stopped.add("+12125550111")
    with pytest.raises(TextStopped, match="unsubscribed recipient"):
        carrier.send_text(Text("+12025550120", "+12125550111", "Sorry."))
    for way, is_undone in (("429", True), ("500", False), ("drop", False)):
        twilio.fail("POST", way)
        with pytest.raises(CarrierError) as failed:
            carrier.send_text(Text("+12025550120", "+13105550112", "Sorry."))
        assert failed.value.is_undone == is_undone, way
    assert len(twilio.texts) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}", "http://api.twilio.invalid"])
def test_nothing_was_done_where_nobody_was_reached(url: str) -> None:
    """So that a text is sent once the name is found again, as by every other carrier."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    cut_off = TwilioKind(url.format(port=port)).open({"account_sid": SID, "auth_token": TOKEN})
    with pytest.raises(CarrierError, match="Twilio did not answer") as failed:
        cut_off.send_text(Text("+12025550120", "+12125550111", "Sorry."))
    assert failed.value.is_undone


def test_only_a_new_numbers_texts_are_pointed_here(carrier: TwilioCarrier, twilio: Twilio) -> None:
    ref = carrier.buy("+12025550130", LINKS).carrier_ref or ""
    given = twilio.owned[ref]["given"]
    given["SmsUrl"] = "https://somebody.example.net"
    carrier.configure(ref, LINKS)
    assert twilio.owned[ref]["given"]["SmsUrl"] == "https://somebody.example.net"
