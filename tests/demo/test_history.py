"""The past that the demo makes up holds what its walk-through shows, on whatever day it is started."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from swapboard.accounts.secrets import Vault
from swapboard.clock import DAY, SECOND
from swapboard.demo.business import open_business
from swapboard.demo.history import History
from swapboard.storage.engine import open_engine, writing
from swapboard.storage.schema import calls

DAYS, ZONE = 5, ZoneInfo("America/New_York")


@pytest.mark.parametrize("now", ["2026-11-30T00:05", "2026-11-29T03:30", "2026-03-10T07:30"])
def test_each_day_has_an_answered_call_of_an_ad(sqlite_url: str, tmp_path: Path, now: str) -> None:
    """On the first of these moments, a Monday in London and a Sunday in New York, there was none in five days."""
    end = round(datetime.fromisoformat(now).replace(tzinfo=UTC).timestamp()) * SECOND
    start = end - DAYS * DAY
    engine = open_engine(sqlite_url)
    with writing(engine) as connection:
        vault = Vault.open(tmp_path / "secret.key")
        _, ids = open_business(connection, vault, {"account_sid": "AC0", "auth_token": "x"}, start)
        for write in History(ids, ZONE, seed=start // DAY).write(start, end):
            write(connection)
        paid = (calls.c.company_id == ids.company_id, calls.c.campaign == "emergency-2026")
        answered = connection.scalars(select(calls.c.started_at).where(*paid, calls.c.status == "answered")).all()
    engine.dispose()
    mornings = Counter(
        local.date() for at in answered if (local := datetime.fromtimestamp(at / SECOND, ZONE)).hour in {8, 9, 10}
    )
    assert len(mornings) >= DAYS - 1, "a late one may be put down to nobody, or to the next hour"
