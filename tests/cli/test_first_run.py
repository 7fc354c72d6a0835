"""Whoever starts a new server is told where it is set up: an address that works where they sit."""

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from swapboard.cli.first_run import greet_the_first
from tests.building import settings_of


@pytest.mark.parametrize(
    ("host", "public_url", "first", "also"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001", "http://127.0.0.1:8001", ""),
        ("::1", "http://localhost:8001", "http://[::1]:8001", ""),
        # Behind a proxy, as on most servers.
        ("127.0.0.1", "https://calls.example.com", "https://calls.example.com", "http://127.0.0.1:8001"),
        ("0.0.0.0", "https://calls.example.com", "https://calls.example.com", ""),
    ],
)
def test_the_first_page_is_told_where_a_browser_reaches_it(
    tmp_path: Path,
    migrated_sqlite: Path,
    caplog: pytest.LogCaptureFixture,
    host: str,
    public_url: str,
    first: str,
    also: str,
) -> None:
    settings = replace(settings_of(tmp_path, f"sqlite:///{migrated_sqlite}"), public_url=public_url)
    with caplog.at_level(logging.INFO, "swapboard.cli.first_run"):
        greet_the_first(settings, host, 8001, opens=False)
    [told] = caplog.messages
    assert f"Set the server up at {first}/welcome?code=" in told
    assert told.count("/welcome?code=") == (2 if also else 1)
    assert f"on this machine also: {also}" in told if also else "also" not in told
