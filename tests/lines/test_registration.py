"""A provider that wants to be told where we are is told, with the password; one that is away is tried again."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from swapboard.lines.sip import registration
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
