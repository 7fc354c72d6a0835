"""A provider that wants to be told where we are is told, with the password; one that is away is tried again."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosipua import SipRequest, SipResponse
from sqlalchemy import Engine

from swapboard.carriers.lines.trunk import trunk_of
from swapboard.lines.sip import registration
from swapboard.lines.sip.answers import Address
from swapboard.lines.sip.line import Means
from swapboard.lines.sip.registration import Registration
from swapboard.settings import Settings
from tests.building import ON_SQLITE, Business, run, until
from tests.lines.sipp import NEEDS_SIPP, sipp
from tests.lines.test_calls import Opened


@pytest.fixture
def trunk_extras() -> dict[str, str]:
    return {"register": "yes"}


@NEEDS_SIPP
@ON_SQLITE
def test_a_trunk_is_told_where_we_are(
    lines: Opened, tmp_path: Path, trunk_port: int, engine: Engine, business: Business, settings: Settings
) -> None:
    del engine, business, settings

    async def use() -> None:
        async with sipp("registrar", tmp_path, port=trunk_port) as registrar, lines():
            assert await registrar.finished() == 0

    run(use())


@ON_SQLITE
def test_a_trunk_that_does_not_answer_is_said(
    lines: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("swapboard.lines.sip.transactions.GIVE_UP_SECONDS", 0.6)
    monkeypatch.setattr(registration, "AGAIN_SECONDS", 0.1)

    async def use() -> None:
        async with lines():
            await until(lambda: caplog.text.count("does not register us: no answer") > 1)

    run(use())


class Registrar:
    """In place of an endpoint and the provider behind it: says one thing after another, and then no more."""

    address = ("203.0.113.9", 5060)

    def __init__(self, *answers: tuple[int, dict[str, list[str]]]) -> None:
        self.answers = list(answers)
        self.asked: list[str | None] = []
        self.contacts: list[str | None] = []

    def ask(
        self, request: SipRequest, to: Address, on_answer: Callable[[SipResponse | None], None]
    ) -> SimpleNamespace:
        del to
        self.asked.append(request.get_header("Expires"))
        self.contacts.append(request.get_header("Contact"))
        if not self.answers:
            raise asyncio.CancelledError
        status, headers = self.answers.pop(0)
        response = SipResponse(status_code=status, reason_phrase="")
        for name, values in headers.items():
            for value in values:
                response.headers.append(name, value)
        on_answer(response)
        return SimpleNamespace()


def registered(
    monkeypatch: pytest.MonkeyPatch,
    *answers: tuple[int, dict[str, list[str]]],
    means: Callable[[Registrar], Means] = lambda there: Means(there, "203.0.113.9", None),  # type: ignore[arg-type]
) -> tuple[Registrar, list[float]]:
    """What was asked, and how long it was waited between."""
    there, waited = Registrar(*answers), []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    async def use() -> None:
        monkeypatch.setattr(
            registration, "asyncio", SimpleNamespace(sleep=sleep, get_running_loop=asyncio.get_running_loop)
        )
        trunk = trunk_of(
            {
                "server": "203.0.113.5",
                "username": "u",
                "password": "p",
                "register": "yes",
                "numbers": "+12025550100",
            }
        )
        with pytest.raises(asyncio.CancelledError):
            await Registration(trunk, lambda: means(there), ("203.0.113.5", 5060)).run()

    asyncio.run(use())
    return there, waited


def test_after_the_network_was_down_our_address_of_the_moment_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hosts: list[str] = ["203.0.113.9", "", "203.0.113.77"]

    def means(there: Registrar) -> Means:
        host = hosts.pop(0) if hosts else "203.0.113.77"
        if not host:
            raise OSError(101, "Network is unreachable")
        return Means(there, host, None)  # type: ignore[arg-type]

    there, waited = registered(monkeypatch, *[(200, {"Expires": ["60"]})] * 2, means=means)

    assert there.contacts[:2] == ["<sip:203.0.113.9:5060>", "<sip:203.0.113.77:5060>"]
    assert waited == [48, registration.AGAIN_SECONDS, 48]


def test_a_provider_that_finds_our_time_too_brief_is_asked_for_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    too_brief = [(423, {"Min-Expires": ["3600"]})]
    there, waited = registered(monkeypatch, *too_brief, *too_brief, (200, {"Expires": ["3600"]}))

    assert there.asked == ["600", "3600", "3600", "3600"]
    assert waited == [0, registration.AGAIN_SECONDS, 2_880]


def test_we_tell_again_before_the_first_contact_of_the_account_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other is of a telephone, or of our server before it had moved."""
    others, ours = "<sip:u@203.0.113.77:5060>;expires=3600", "<sip:u@198.51.100.2:31000>;expires=60"
    _there, waited = registered(monkeypatch, (200, {"Contact": [others, ours]}))

    assert waited == [48]


@pytest.mark.parametrize("contact", ["<sip:u@203.0.113.9>;expires=\u00b2", "<sip:u@203.0.113.9>;expires=soon"])
def test_an_answer_that_makes_no_sense_is_not_the_last(monkeypatch: pytest.MonkeyPatch, contact: str) -> None:
    there, _waited = registered(monkeypatch, (200, {"Contact": [contact]}), (200, {"Expires": ["60"]}))

    assert len(there.asked) == 3


def test_a_fault_of_ours_is_not_the_end_of_it_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(registration, "answer_challenge", broken)
    there, waited = registered(monkeypatch, (401, {}), (200, {"Expires": ["60"]}))

    assert len(there.asked) == 3
    assert waited == [registration.AGAIN_SECONDS, 48]
