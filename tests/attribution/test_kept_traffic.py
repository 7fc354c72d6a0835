"""Traffic that is kept aside: the same lines each time, and a database that nobody reads meanwhile."""

from collections.abc import Iterable
from itertools import chain

import pytest
from sqlalchemy import Engine

from swapboard.attribution import backtest
from swapboard.attribution.kept_traffic import kept
from swapboard.attribution.replay import Switchboard
from swapboard.attribution.traffic import BeatLine, CallLine, CopyLine, Line, TapLine, VisitLine
from swapboard.storage.engine import writing
from swapboard.switchboard import rehearsal
from swapboard.switchboard.visiting import admit
from tests.building import NOW, ON_SQLITE, a_visit, open_business

LINES: list[Line] = [
    VisitLine(0.1 + 0.2, "v1", "s1", region="Europe/London"),
    TapLine(31.007, "s1"),
    CopyLine(30.0, "s1"),
    BeatLine(95.0, "s1", "gone"),
    CallLine(99.0, "c1", None),
    CallLine(100.0, "c2", "s1", "+12125550111"),
]


def test_what_is_kept_is_played_as_often_as_wanted() -> None:
    with kept(iter(LINES)) as play:
        assert list(play()) == LINES
        assert list(play()) == LINES


@ON_SQLITE
def test_the_log_of_the_database_can_be_emptied_while_the_past_is_played(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        admit(connection, [a_visit(business)])
    is_busy = []

    def replayed(board: Switchboard, lines: Iterable[Line]) -> backtest.Score:
        playing = iter(lines)
        first = next(playing)
        with writing(engine) as connection:
            admit(connection, [a_visit(business, now=NOW + 1000 * (len(is_busy) + 1))])
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            cursor = connection.connection.cursor()
            is_busy.append(cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0])
            cursor.close()
        return backtest.replayed(board, chain([first], playing))

    monkeypatch.setattr(rehearsal, "replayed", replayed)
    asked = {
        "database_url": engine.url.render_as_string(hide_password=False),
        "company_id": business.company_id,
        "pool_id": business.pools[0].pool_id,
        "since": 0,
        "now": NOW + 1,
        "sizes": [1, 2],
    }
    found = list(rehearsal.rehearse(asked))
    assert [each.visits for each in found] == [1, 1]
    assert is_busy == [0, 0]
