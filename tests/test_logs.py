"""What is written to the log, and what is not."""

import logging

import httpx
import pytest

from swapboard.conversions.destinations.request import Request
from swapboard.logs import begin_log
from swapboard.switchboard.telling import post


def test_no_address_of_a_request_gets_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    begin_log()
    caplog.set_level(logging.INFO)
    with httpx.Client(transport=httpx.MockTransport(lambda _request: httpx.Response(204))) as client:
        post(client, Request("POST", "https://example.com/mp/collect?api_secret=s3cr3t", {}, b"{}"))
    assert "s3cr3t" not in caplog.text
