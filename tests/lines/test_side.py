"""What an INVITE tells of the caller, and what is negotiated for the sound."""

from collections.abc import Collection

import pytest
from aiosipua import SipMessage, SipRequest

from swapboard.carriers.lines.g711 import A_LAW, MU_LAW
from swapboard.lines.media.terms import NoCommonCodec, Terms, describe, read_terms
from swapboard.lines.side import Arrival
from swapboard.lines.sip.caller import arrival_of

CALLER, DIALLED = "+12125550111", "+12025550100"


def arrival(
    uri: str = f"sip:{DIALLED}@203.0.113.9",
    caller: str = f"sip:{CALLER}@203.0.113.5",
    ours: Collection[str] = (),
    **more: str,
) -> Arrival:
    """Of an INVITE to this address, with more headers."""
    headers = {"From": f"<{caller}>;tag=a", "To": f"<{uri}>", "Call-ID": "one", "CSeq": "1 INVITE"}
    headers |= {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"INVITE {uri} SIP/2.0", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    request = SipMessage.parse("\r\n".join(lines).encode())
    assert isinstance(request, SipRequest)
    return arrival_of(request, ours)


def test_numbers_with_their_plus_and_without_are_the_same() -> None:
    with_it = arrival()
    without = arrival(f"sip:{DIALLED[1:]}@203.0.113.9;user=phone", f"sip:{CALLER[1:]}@203.0.113.5")

    assert (with_it.caller, with_it.dialled) == (without.caller, without.dialled) == (CALLER, DIALLED)


@pytest.mark.parametrize(
    ("told", "caller"),
    [("02079460123", "+442079460123"), ("0012125550111", "+12125550111"), ("00", None), ("0shop", None)],
)
def test_a_caller_is_read_as_people_dial_where_our_number_is(told: str, caller: str | None) -> None:
    assert arrival("sip:+442079460999@203.0.113.9", f"sip:{told}@203.0.113.5").caller == caller


@pytest.mark.parametrize(
    ("called", "told", "caller"),
    [
        pytest.param("2025550100", "3125550143", "+13125550143", id="read as Dutch, +31 25550143"),
        pytest.param("12025550100", "3125550143", "+13125550143", id="nobody in the Netherlands has that"),
        pytest.param("2025550100", "9175550143", "+19175550143", id="read as nobody's"),
        pytest.param("2025550100", "4930123456", "+4930123456", id="Berlin: no area code is 493"),
        pytest.param("2025550100", "+3125550143", "+3125550143", id="what says its country is of there"),
        pytest.param("12025550100", "6564567890", "+6564567890", id="Singapore, by a trunk with country codes"),
        pytest.param("2025550100", "6564567890", "+16564567890", id="Tampa, by one without"),
    ],
)
def test_ten_digits_from_a_north_american_trunk(called: str, told: str, caller: str) -> None:
    said = arrival(f"sip:{called}@203.0.113.9", f"sip:{told}@203.0.113.5", {DIALLED})

    assert (said.dialled, said.caller) == (DIALLED, caller)


@pytest.mark.parametrize(
    ("called", "ours", "dialled"),
    [
        ("3125550143", {"+13125550143", "+12025550100"}, "+13125550143"),
        ("02079460999", {"+442079460999"}, "+442079460999"),
        ("3125550143", {"+3125550143", "+13125550143"}, "+3125550143"),
        ("+3125550143", {"+13125550143"}, "+3125550143"),
    ],
)
def test_a_number_called_without_its_country_is_one_of_ours(called: str, ours: set[str], dialled: str) -> None:
    assert arrival(f"sip:{called}@203.0.113.9", ours=ours).dialled == dialled


def test_the_number_is_in_to_when_the_address_has_a_user_of_the_trunk() -> None:
    told = arrival("sip:account17@203.0.113.9", To=f"<sip:{DIALLED}@203.0.113.9>")

    assert told.dialled == DIALLED


def test_an_account_of_digits_is_not_the_number_called() -> None:
    assert (
        arrival("sip:4930123456@203.0.113.9", ours={DIALLED}, To=f"<sip:{DIALLED}@203.0.113.9>").dialled == DIALLED
    )


def test_what_the_network_asserts_counts_more_than_what_the_caller_says() -> None:
    told = arrival(
        caller="sip:+442079460999@203.0.113.5", P_Asserted_Identity=f'"A Shop" <sip:{CALLER}@203.0.113.5>'
    )

    assert (told.caller, told.caller_name) == (CALLER, "A Shop")


@pytest.mark.parametrize(
    "more",
    [
        {"caller": "sip:anonymous@anonymous.invalid"},
        {"Privacy": "id"},
        {"caller": "sip:anonymous@anonymous.invalid", "P_Asserted_Identity": f"<sip:{CALLER}@203.0.113.5>"},
    ],
)
def test_a_withheld_number_is_nobodys(more: dict[str, str]) -> None:
    told = arrival(**more)

    assert (told.caller, told.withheld, told.caller_name) == (None, True, None)


@pytest.mark.parametrize(("header", "level"), [("Attestation_Info", "A"), ("P_Attestation_Indicator", "B")])
def test_how_far_the_number_is_vouched_for(header: str, level: str) -> None:
    assert arrival(**{header: level}).attestation == level
    assert arrival(**{header: "no word"}).attestation is None


def test_two_calls_have_two_names_and_one_has_one() -> None:
    assert arrival().call_ref == arrival().call_ref
    assert arrival().call_ref != arrival(Call_ID="two").call_ref


@pytest.mark.parametrize("law", [MU_LAW, A_LAW])
def test_an_answer_agrees_with_the_offer(law: int) -> None:
    offered = Terms("203.0.113.5", 4_000, law, 101)
    answered = read_terms(describe("203.0.113.9", 21_000, 1, offered))

    assert answered == Terms("203.0.113.9", 21_000, law, 101)


def test_our_offer_has_both_laws_and_keys() -> None:
    assert read_terms(describe("203.0.113.9", 21_000, 1)) == Terms("203.0.113.9", 21_000, MU_LAW, 101)


def test_whoever_puts_us_on_hold_is_not_spoken_to() -> None:
    held = describe("203.0.113.9", 21_000, 1).replace("a=sendrecv", "a=sendonly")

    assert not read_terms(held).listens


@pytest.mark.parametrize(
    "offer",
    [
        "",
        "v=0\r\nc=IN IP4 203.0.113.5\r\nm=audio 4000 RTP/AVP 9 18\r\n",
        "v=0\r\nc=IN IP4 203.0.113.5\r\nm=audio 4000 RTP/SAVP 0\r\n",
        "v=0\r\nc=IN IP4 203.0.113.5\r\nm=audio 0 RTP/AVP 0\r\n",
    ],
)
def test_sound_that_we_do_not_know_is_refused(offer: str) -> None:
    with pytest.raises(NoCommonCodec):
        read_terms(offer)
