"""Card numbers: a recording pauses and goes on, from the key to the door to whoever records, at every carrier."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection

from swapboard.accounts.audit import entries_of
from swapboard.calls.call import CallEvent, EventKind, Facts
from swapboard.calls.store import add_carrier
from swapboard.carriers.bandwidth.account import Account as BandwidthAccount
from swapboard.carriers.bandwidth.adapter import BandwidthCarrier
from swapboard.carriers.bandwidth.signature import CallbackLogin
from swapboard.carriers.base import Carrier
from swapboard.carriers.installed import carrier_kind
from swapboard.carriers.lines.g711 import SILENCE
from swapboard.carriers.signalwire.account import Account as SignalWireAccount
from swapboard.carriers.signalwire.adapter import SignalWireCarrier
from swapboard.carriers.telnyx.adapter import TelnyxKind
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.lines.media.tape import Tape
from swapboard.storage.ids import new_id
from swapboard.switchboard.ringing import RECEIVE, Told
from tests.building import rows_of
from tests.carriers.rest_stand_in import Answer, Asked, StandIn, stand_in
from tests.carriers.stories.cast import CAST
from tests.web.api.house import BILLBOARD, CALLER, DESTINATION, House

pytestmark = pytest.mark.anyio
CALL, LEG, REC = "call1", "leg1", "rec1"
CREDENTIALS = {plug.kind: plug.credentials for plug in CAST}


@dataclass
class Recording:
    """The carrier's, of one call or leg."""

    of: str = CALL
    status: str = "in-progress"


def twilio(recording: Recording, asked: Asked) -> Answer:
    found = re.fullmatch(r"/2010-04-01/Accounts/\w+/Calls/(\w+)/Recordings/Twilio\.CURRENT\.json", asked.path)
    if not found or found[1] != recording.of or asked.method != "POST":
        return 404, {"code": 20404, "message": "The requested resource was not found", "status": 404}
    return _set(recording, asked)


def listed(recording: Recording, asked: Asked) -> Answer:
    """SignalWire's and Telnyx's: the recording is looked up in the call's list, then changed by its id."""
    found = re.fullmatch(r"/.*/Accounts/[^/]+/Calls/(\w+)/Recordings(?:/(\w+))?\.json", asked.path)
    if not found:
        return 404, {"message": "nothing here", "errors": [{"title": "Not found", "detail": asked.path}]}
    if asked.method == "GET" and found[2] is None:
        going = [{"sid": REC, "status": recording.status}] if found[1] == recording.of else []
        return 200, {"recordings": [{"sid": "old", "status": "completed"}, *going]}
    if asked.method == "POST" and (found[1], found[2]) == (recording.of, REC):
        return _set(recording, asked)
    return 404, {"message": "no such recording", "errors": [{"title": "Not found", "detail": "recording"}]}


def bandwidth(recording: Recording, asked: Asked) -> Answer:
    words = {"paused": "paused", "recording": "in-progress"}
    if asked.method != "PUT" or asked.path != f"/api/v2/accounts/1234567/calls/{recording.of}/recording":
        return 404, {"type": "not-found", "description": "The call is not being recorded"}
    if set(asked.json) != {"state"} or asked.json["state"] not in words:
        return 400, {"type": "validation", "description": "state must be paused or recording"}
    recording.status = words[asked.json["state"]]
    return 200, b""


def _set(recording: Recording, asked: Asked) -> Answer:
    told = dict(part.split("=") for part in asked.body.decode().split("&"))
    if set(told) - {"Status", "PauseBehavior"} or told["Status"] not in {"paused", "in-progress"}:
        return 400, {"code": 21220, "message": "Invalid recording state", "status": 400}
    recording.status = told["Status"]
    return 200, {"sid": REC, "status": recording.status}


def opened(kind: str, url: str) -> Carrier:
    """The account, at the stand-in."""
    match kind:
        case "twilio":
            return TwilioKind(url).open(CREDENTIALS[kind])
        case "telnyx":
            return TelnyxKind(f"{url}/v2/").open(CREDENTIALS[kind])
        case "signalwire":
            return SignalWireCarrier(("PSK",), SignalWireAccount("p1", "token", url))
        case _:
            login = CallbackLogin("us", "x" * 20)
            ids = ("1234567", "api", "secret", "1", "2", "3")
            return BandwidthCarrier(BandwidthAccount(*ids, login, voice_url=url))


ANSWERS: dict[str, Callable[[Recording, Asked], Answer]] = {
    "twilio": twilio,
    "telnyx": listed,
    "signalwire": listed,
    "bandwidth": bandwidth,
}


@pytest.fixture
def recording() -> Recording:
    return Recording()


@pytest.fixture
def carrier(
    request: pytest.FixtureRequest, recording: Recording, monkeypatch: pytest.MonkeyPatch
) -> Iterator[StandIn]:
    kind: str = request.param
    with stand_in(lambda asked: ANSWERS[kind](recording, asked)) as there:

        class Kind:
            name = carrier_kind(kind).name

            def open(self, _credentials: object) -> Carrier:
                return opened(kind, there.url)

        monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: Kind())
        yield there


async def ringing(house: House, kind: str) -> str:
    """A call by such a carrier that goes on: somebody has answered. The answer is its id."""
    await house.furnish()
    company_id, now = house.ids["us"], house.clock()
    carrier_id, sealed = new_id(now), house.exchange.vault.seal({"a": "b"})
    events = (
        CallEvent(CALL, "", EventKind.ARRIVED, 0, now, Facts(dialled=BILLBOARD, caller=CALLER)),
        CallEvent(CALL, LEG, EventKind.LEG_ANSWERED, 1, now + 4_000, Facts(leg_number=DESTINATION)),
    )

    def add(connection: Connection) -> None:
        add_carrier(connection, company_id, carrier_id, kind, kind, sealed, now)

    await house.exchange.configure(company_id, add)
    [call_id] = await house.exchange.writer.submit(RECEIVE, Told(company_id, carrier_id, events, {}, now))
    return call_id


@pytest.mark.parametrize(
    ("carrier", "of"),
    [*((kind, CALL) for kind in ANSWERS), ("telnyx", LEG), ("signalwire", LEG)],
    indirect=["carrier"],
)
async def test_it_pauses_and_goes_on_and_who_did_it_is_written_down(
    house: House, carrier: StandIn, recording: Recording, of: str
) -> None:
    recording.of = of
    call_id = await ringing(house, "twilio")
    paused = await house.ask("POST", f"/calls/{call_id}/recording/pause", {}, who="agent")
    assert (paused.status_code, recording.status) == (204, "paused"), paused.text
    resumed = await house.ask("POST", f"/calls/{call_id}/recording/resume", {}, who="owner")
    assert (resumed.status_code, recording.status) == (204, "in-progress"), resumed.text
    noted = await house.exchange.read(
        lambda connection: entries_of(connection, house.ids["us"], call_id, limit=10)
    )
    assert {(each.act.value, each.actor) for each in noted} == {("paused", "key agent"), ("resumed", "key owner")}


@pytest.mark.parametrize("carrier", ANSWERS, indirect=True)
async def test_where_nothing_is_recorded_it_says_so(house: House, carrier: StandIn, recording: Recording) -> None:
    recording.of = "another"
    call_id = await ringing(house, "twilio")
    answer = await house.ask("POST", f"/calls/{call_id}/recording/pause", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "carrier")
    assert recording.status == "in-progress"


@pytest.mark.parametrize("carrier", ["bandwidth", "telnyx"], indirect=True)
async def test_a_carrier_that_fails_is_tried_again_and_then_told(
    house: House, carrier: StandIn, recording: Recording
) -> None:
    call_id = await ringing(house, "twilio")
    carrier.fail("PUT", "500")
    carrier.fail("GET", "503")
    assert (await house.ask("POST", f"/calls/{call_id}/recording/pause", {})).status_code == 204
    carrier.fail("PUT", *["500"] * 3)
    carrier.fail("GET", *["503"] * 3)
    answer = await house.ask("POST", f"/calls/{call_id}/recording/resume", {})
    assert (answer.status_code, recording.status) == (502, "paused")


@pytest.mark.parametrize(("kind", "words"), [("plivo", "Plivo cannot pause"), ("vonage", "Vonage cannot pause")])
async def test_who_cannot_says_so(house: House, kind: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    call_id = await ringing(house, kind)
    account = carrier_kind(kind).open(CREDENTIALS[kind])

    class Kind:
        name = carrier_kind(kind).name

        def open(self, _credentials: object) -> Carrier:
            return account

    monkeypatch.setattr("swapboard.carriers.opening.carrier_kind", lambda _kind: Kind())
    answer = await house.ask("POST", f"/calls/{call_id}/recording/pause", {})
    assert answer.status_code == 409
    assert words in answer.json()["detail"]


class Shelf:
    """Keeps what a tape writes."""

    ref = "r1"

    def __init__(self) -> None:
        self.sound = b""

    def add(self, sound: bytes) -> None:
        self.sound += sound


async def test_on_own_lines_the_paused_span_is_silent_and_the_rest_keeps_its_time(house: House) -> None:
    call_id = await ringing(house, "lines")
    shelf = Shelf()
    tape = Tape(shelf, 1, 0.0)  # type: ignore[arg-type]

    def speaks(second: int) -> None:
        tape.put(0, b"\x12" * 8_000, second * 8_000, float(second))

    [call] = rows_of(house.exchange.engine, "calls", call_id=call_id)
    with house.exchange.recorders.during(call["company_id"], call["carrier_id"], CALL, tape):
        speaks(0)
        assert (await house.ask("POST", f"/calls/{call_id}/recording/pause", {})).status_code == 204
        speaks(1)
        assert (await house.ask("POST", f"/calls/{call_id}/recording/resume", {})).status_code == 204
        speaks(2)
    tape.close(3.0)
    assert shelf.sound == b"\x12" * 8_000 + SILENCE * 8_000 + b"\x12" * 8_000
