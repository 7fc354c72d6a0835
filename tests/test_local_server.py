"""What a test starts ends with it."""

import threading
from http.server import BaseHTTPRequestHandler

import pytest

from tests.local_server import answering


def test_a_server_ends_with_a_test_that_fails() -> None:
    before = threading.active_count()
    with pytest.raises(AssertionError, match="the test's"), answering(BaseHTTPRequestHandler):
        raise AssertionError("the test's")
    assert threading.active_count() == before
