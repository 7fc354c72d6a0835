"""The European Central Bank's rates, from a stand-in that answers with its file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import Engine

from swapboard.clock import from_iso
from swapboard.reports.cost_store import put_costs
from swapboard.reports.costs import CostLine
from swapboard.reports.rate_store import rates_of
from swapboard.settings import read_settings
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.currency_rates import NoRates, ask_bank, keep_rates, rates_wanted
from tests.building import open_business
from tests.local_server import answering
from tests.reports.test_rates import IN_XML

NOW = from_iso("2026-11-28T12:00:00Z")
FRIDAY = date(2026, 11, 27)


@dataclass
class Bank:
    """What it answers."""

    url: str = ""
    status: int = 200
    content: bytes = IN_XML.encode()


@contextmanager
def open_bank() -> Iterator[Bank]:
    """It answers, for so long."""
    known = Bank()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(known.status)
            self.send_header("Content-Length", str(len(known.content)))
            self.end_headers()
            self.wfile.write(known.content)

        def log_message(self, *_: object) -> None:
            """Nothing to the terminal."""

    with answering(Handler) as server:
        known.url = f"http://127.0.0.1:{server.server_port}/eurofxref-hist-90d.xml"
        yield known


@pytest.fixture
def bank() -> Iterator[Bank]:
    with open_bank() as running:
        yield running


def test_who_pays_in_another_currency_gets_the_rates_and_twice_is_once(engine: Engine, bank: Bank) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        for currency, wanted in (("USD", False), ("EUR", True)):
            line = CostLine(FRIDAY, 1_000_000, currency, "Spring")
            put_costs(connection, company_id, currency, [line], NOW, (FRIDAY, FRIDAY))
            assert rates_wanted(connection, company_id, NOW) is wanted
    assert ask_bank(False, bank.url) == ()
    for _again in range(2):
        with writing(engine) as connection:
            keep_rates(connection, company_id, ask_bank(True, bank.url), NOW)
    with reading(engine) as connection:
        rates = rates_of(connection, company_id, FRIDAY, FRIDAY)
    assert len(rates.known) == 3
    assert rates.convert(1_000_000, "EUR", "USD", FRIDAY) == 1_100_000


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"status": 503}, "HTTP 503"),
        ({"content": b"<html><body>Sorry"}, "cannot be read"),
        ({"content": b"\xff\xfe"}, "cannot be read"),
        ({"url": "http://127.0.0.1:1/"}, "did not answer"),
    ],
)
def test_a_bank_that_fails_says_why(bank: Bank, changes: dict[str, object], told: str) -> None:
    for name, value in changes.items():
        setattr(bank, name, value)
    with pytest.raises(NoRates, match=told):
        ask_bank(True, bank.url)


def test_nobody_asks_the_bank_unless_it_is_wanted() -> None:
    assert not read_settings({}).ecb_rates
    assert read_settings({"SWAPBOARD_ECB_RATES": "1"}).ecb_rates
