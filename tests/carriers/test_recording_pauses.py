"""A recording pauses while a card's number is said: asked as the carriers' packages and pages ask it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import bandwidth
import pytest
from twilio.rest import Client

from swapboard.carriers.bandwidth.adapter import BandwidthKind
from swapboard.carriers.base import CarrierError, NothingRecorded, RecordingPauser
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.lines.own import OwnLines
from swapboard.carriers.recording_state import PAUSED, RESUMED
from swapboard.carriers.signalwire.account import Account as SignalWireAccount
from swapboard.carriers.telnyx.account import Account as TelnyxAccount
from tests.carriers.bandwidth.network import CREDENTIALS
from tests.carriers.rest_stand_in import Answer, Asked, stand_in
from tests.carriers.stories.cast import CAST

PROJECT, TOKEN = "AC" + "0" * 32, "t" * 16
ACCOUNT = CREDENTIALS["account_id"]
OVER, GOES_ON = {"sid": "r-over", "status": "completed"}, {"sid": "r-1", "status": "in-progress"}


@dataclass
class Recorder:
    """What is recorded of the call c-1, and what it was told to do."""

    of_call: list[Mapping[str, str]] = field(default_factory=lambda: [OVER, GOES_ON])
    told: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def answer(self, asked: Asked) -> Answer:
        if asked.method == "GET":
            return 200, {"recordings": self.of_call, "meta": {"key": "recordings"}}
        if not self.of_call:
            return 404, {"type": "validation", "description": "No active recording"}
        form = asked.json if asked.method == "PUT" else dict(parse_qsl(asked.body.decode()))
        self.told.append((f"{asked.method} {asked.path}", form))
        return 200, GOES_ON


def telnyx(url: str, state: str) -> None:
    TelnyxAccount("acc", "app", "KEY", url).change_recording("c-1", state)


def signalwire(url: str, state: str) -> None:
    SignalWireAccount(PROJECT, TOKEN, url).change_recording("c-1", state)


def of_bandwidth(url: str, state: str) -> None:
    carrier = BandwidthKind(url, url).open(CREDENTIALS)
    (carrier.pause_recording if state == PAUSED else carrier.resume_recording)("c-1")


def said(change: Callable[[str, str], None], state: str) -> list[tuple[str, dict[str, str]]]:
    recorder = Recorder()
    with stand_in(recorder.answer) as made:
        change(made.url, state)
    return recorder.told


@pytest.mark.parametrize("state", [PAUSED, RESUMED])
def test_telnyx_is_asked_as_its_page_says(state: str) -> None:
    """https://developers.telnyx.com/api-reference/texml-rest-commands/update-recording-on-a-call"""
    assert said(telnyx, state) == [("POST /texml/Accounts/acc/Calls/c-1/Recordings/r-1.json", {"Status": state})]


@pytest.mark.parametrize("state", [PAUSED, RESUMED])
def test_signalwire_is_asked_as_the_official_package_asks(state: str) -> None:
    def official(url: str, wanted: str) -> None:
        client = Client(PROJECT, TOKEN)
        client.api.base_url = f"{url}/api/laml"
        more: dict[str, Any] = {"pause_behavior": "silence"} if wanted == PAUSED else {}
        client.calls("c-1").recordings("r-1").update(status=wanted, **more)

    assert said(signalwire, state) == said(official, state)


@pytest.mark.parametrize(("state", "theirs"), [(PAUSED, "paused"), (RESUMED, "recording")])
def test_bandwidth_is_asked_in_the_official_packages_words(state: str, theirs: str) -> None:
    body = bandwidth.UpdateCallRecording(state=theirs).to_dict()
    assert said(of_bandwidth, state) == [(f"PUT /api/v2/accounts/{ACCOUNT}/calls/c-1/recording", body)]


@pytest.mark.parametrize("change", [telnyx, signalwire, of_bandwidth])
@pytest.mark.parametrize("state", [PAUSED, RESUMED])
def test_where_nothing_is_recorded_it_is_said(change: Callable[[str, str], None], state: str) -> None:
    with stand_in(Recorder([]).answer) as made, pytest.raises(NothingRecorded):
        change(made.url, state)


@pytest.mark.parametrize("change", [telnyx, signalwire, of_bandwidth])
def test_a_carrier_that_is_busy_is_asked_again(change: Callable[[str, str], None]) -> None:
    recorder = Recorder()

    with stand_in(recorder.answer) as made:
        made.fail("POST", "503")
        made.fail("PUT", "503")
        change(made.url, PAUSED)
    assert len(recorder.told) == 1


@pytest.mark.parametrize("ref", ["../Accounts", "c-1/Recordings", ""])
def test_what_is_no_call_is_not_asked_about(ref: str) -> None:
    with stand_in(Recorder().answer) as made:
        carrier = BandwidthKind(made.url, made.url).open(CREDENTIALS)
        for ask in (carrier.pause_recording, carrier.resume_recording):
            with pytest.raises(CarrierError, match="no call of Bandwidth"):
                ask(ref)
        assert not made.asked


def test_who_can_pause() -> None:
    """As docs/recordings.md says: Plivo's and Vonage's APIs only end a recording."""
    opened = {plug.kind: carrier_kind(plug.kind).open(plug.credentials) for plug in CAST}
    can = {kind for kind, carrier in opened.items() if isinstance(carrier, RecordingPauser)}
    assert can == {"bandwidth", "signalwire", "telnyx", "twilio"}
    assert isinstance(OwnLines((), "sip.example.com"), RecordingPauser)
