"""An area's numbers are looked for as they stand in E.164, however people there write its code."""

from collections.abc import Callable
from typing import Any

import pytest

from swapboard.carriers.plivo.adapter import PlivoKind
from swapboard.carriers.signalwire.account import Account as SignalWireAccount
from swapboard.carriers.telnyx.account import Account as TelnyxAccount
from swapboard.carriers.twilio.adapter import TwilioKind
from swapboard.carriers.vonage.adapter import VonageKind
from tests.carriers.rest_stand_in import Asked, stand_in
from tests.carriers.vonage.network import CREDENTIALS as VONAGE
from tests.twilio_stand_in import SID, TOKEN

_NOTHING: dict[str, object] = {"numbers": [], "objects": [], "data": []}
_NO_PAGE: dict[str, object] = {"available_phone_numbers": [], "uri": "/2010-04-01"}
CARRIERS: dict[str, tuple[Callable[[str], Any], Callable[[Asked], str], str]] = {
    "twilio": (
        lambda url: TwilioKind(url).open({"account_sid": SID, "auth_token": TOKEN}),
        lambda asked: asked.query["Contains"],
        "+{country}{code}",
    ),
    "signalwire": (
        lambda url: SignalWireAccount(SID, TOKEN, url),
        lambda asked: asked.query["Contains"],
        "+{country}{code}",
    ),
    "telnyx": (
        lambda url: TelnyxAccount("a", "1", "KEY", f"{url}/v2/"),
        lambda asked: asked.query["filter[national_destination_code]"],
        "{code}",
    ),
    "plivo": (
        lambda url: PlivoKind(url).open({"auth_id": "MAAAAAAAAAAAAAAAAAAA", "auth_token": TOKEN}),
        lambda asked: asked.query["pattern"],
        "{code}",
    ),
    "vonage": (
        lambda url: VonageKind(url, url).open(VONAGE),
        lambda asked: asked.query["pattern"],
        "{country}{code}",
    ),
}
_BY_PAGES = frozenset(("twilio", "signalwire"))


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize(
    ("country", "written", "abroad", "code"),
    [("GB", "020", 44, "20"), ("GB", "20", 44, "20"), ("IT", "06", 39, "06"), ("DE", "030", 49, "30")],
)
def test_the_beginning_of_its_numbers_is_asked_for(
    name: str, country: str, written: str, abroad: int, code: str
) -> None:
    """Rome's nought belongs to its numbers: asked for as `+396`, a carrier has none."""
    opened, asked_for, form = CARRIERS[name]
    with stand_in(lambda _asked: (200, _NO_PAGE if name in _BY_PAGES else _NOTHING)) as made:
        assert opened(made.url).search(country, written, 5) == []
    [asked] = made.asked
    assert asked_for(asked) == form.format(country=abroad, code=code)
