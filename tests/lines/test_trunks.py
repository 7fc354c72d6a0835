"""Whose servers are looked up, and which of them are spoken to."""

import pytest

from swapboard.calls.routes import CarrierAccount, Routes
from swapboard.carriers.lines.adapter import KIND
from swapboard.lines import trunks as trunks_module
from swapboard.lines.trunks import KnownTrunk, Trunks
from tests.building import run

ACCOUNT = CarrierAccount("trunk", "company", KIND, "sealed")


def routes() -> Routes:
    return Routes({ACCOUNT.carrier_id: ACCOUNT}, {})


def of_server(server: str, *, private_addresses: bool) -> Trunks:
    credentials = {"server": server, "numbers": "+12025550143"}
    trunks = Trunks(lambda _sealed: credentials, private_addresses=private_addresses)
    run(trunks.refresh(routes()))
    return trunks


@pytest.mark.parametrize("server", ["127.0.0.1", "10.1.2.3:5062", "localhost", "::1"])
def test_a_server_in_a_private_network_is_spoken_to_where_that_is_allowed_only(
    server: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert [each.account for each in of_server(server, private_addresses=True).known] == [ACCOUNT]

    assert of_server(server, private_addresses=False).known == ()
    assert "is in a private network, which this server does not ask" in caplog.text


def test_a_server_that_moves_to_a_private_network_is_known_no_more() -> None:
    credentials = {"server": "93.184.215.14", "numbers": "+12025550143"}
    trunks = Trunks(lambda _sealed: credentials, private_addresses=False)
    run(trunks.refresh(routes()))
    assert trunks.may_speak("93.184.215.14")

    credentials["server"] = "10.1.2.3"
    run(trunks.refresh(routes()))
    assert not trunks.may_speak("93.184.215.14")
    assert not trunks.may_speak("10.1.2.3")


@pytest.mark.parametrize("server", ["sip..example.com", f"{'x' * 64}.example.com"])
def test_a_server_that_no_host_can_be_called_leaves_other_companies_trunks_alone(
    server: str, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = CarrierAccount("theirs", "another", KIND, server)
    trunks = Trunks(lambda sealed: {"server": "127.0.0.1" if sealed == "sealed" else sealed})
    run(trunks.refresh(Routes({each.carrier_id: each for each in (theirs, ACCOUNT)}, {})))
    assert [each.account for each in trunks.known] == [ACCOUNT]
    assert f"a trunk cannot be used: {server!r} is no SIP server" in caplog.text


def test_a_name_whose_addresses_come_in_turning_order_is_the_same_trunk(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([("192.0.2.1", "192.0.2.2"), ("192.0.2.2", "192.0.2.1"), ("192.0.2.3", "192.0.2.2")])

    async def addresses(_trunk: object) -> tuple[str, ...]:
        return next(told)

    monkeypatch.setattr(trunks_module, "_addresses", addresses)
    trunks = Trunks(lambda _sealed: {"server": "sip.example.com", "numbers": "+12025550143"})
    known: list[KnownTrunk] = []
    for _ in range(3):
        run(trunks.refresh(routes()))
        known.append(*trunks.known)
    assert known[0] == known[1]
    assert known[2].addresses == ("192.0.2.2", "192.0.2.3")
