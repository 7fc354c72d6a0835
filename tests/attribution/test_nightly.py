"""A company's own calls are learned from each night; what was credited changes only when somebody asks."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, nan
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from swapboard.accounts.secrets import Vault
from swapboard.attribution import store
from swapboard.attribution.attribute import attribute
from swapboard.attribution.curve import Curve
from swapboard.attribution.ending import Ending
from swapboard.attribution.evidence import MOST_NAMELESS, Known
from swapboard.attribution.exposures import Exposures
from swapboard.attribution.hazard import LONGEST_AGE
from swapboard.attribution.heard import heard_of
from swapboard.attribution.holder import CALLED
from swapboard.attribution.hours import HOURS, hour_of, time_by_hour
from swapboard.attribution.known_callers import known_caller, withheld_callers
from swapboard.attribution.learned import Evidence, Learned, evidence_from_json, from_json
from swapboard.attribution.nightly import keep_learned, learn_from
from swapboard.attribution.online import FIRST_LESSONS
from swapboard.attribution.past import count_lease, past_of
from swapboard.attribution.recompute import apply, review
from swapboard.attribution.time_again import with_time_again
from swapboard.attribution.watch import Watch
from swapboard.calls.call import Call, Status
from swapboard.clock import DAY, HOUR, MINUTE, SECOND, Millis
from swapboard.demo.business import Ids, open_business
from swapboard.demo.history import History
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.storage.schema import (
    attribution_changes,
    call_candidates,
    call_evidence,
    calls,
    exhaustions,
    leases,
    metadata,
    numbers,
    sessions,
)

START: Millis = 1_790_000_000_000
END = START + 12 * DAY
LATER = END + 2 * DAY


@dataclass(frozen=True, slots=True)
class Fortnight:
    """A business after two weeks of visits and calls, as rows for any database."""

    ids: Ids
    rows: Mapping[Table, Sequence[Mapping[str, Any]]]


@pytest.fixture(scope="module")
def fortnight(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Fortnight:
    """The invented business, made once: it takes twenty times as long as to copy it."""
    folder = tmp_path_factory.mktemp("fortnight")
    engine = open_engine(f"sqlite:///{shutil.copy(migrated_sqlite, folder / 'swapboard.db')}")
    with writing(engine) as connection:
        _, ids = open_business(
            connection, Vault.open(folder / "secret.key"), {"account_sid": "AC0", "auth_token": "x"}, START
        )
    for write_day in History(ids, ZoneInfo("America/New_York"), seed=3).write(START, END):
        with writing(engine) as connection:
            write_day(connection)
    with reading(engine) as connection:
        rows = {table: connection.execute(select(table)).mappings().all() for table in metadata.sorted_tables}
    engine.dispose()
    return Fortnight(ids, rows)


@pytest.fixture
def ids(engine: Engine, fortnight: Fortnight) -> Ids:
    """The invented business, in this test's database."""
    with writing(engine) as connection:
        for table, rows in fortnight.rows.items():
            if rows:
                connection.execute(insert(table), [dict(row) for row in rows])
    return fortnight.ids


def recompute(connection: Connection, ids: Ids) -> tuple[int, int]:
    """How many calls were weighed, and how many changed."""
    found = review(connection, ids.company_id, START, LATER)
    applied = apply(connection, ids.company_id, found.version, found.changes, "somebody", LATER)
    return found.weighed, len(applied)


def credited(connection: Connection, ids: Ids) -> dict[str, tuple[object, ...]]:
    rows = connection.execute(select(calls).where(calls.c.company_id == ids.company_id))
    return {row.call_id: (row.attribution_kind, row.session_id, row.confidence) for row in rows}


def check_evidence(connection: Connection, ids: Ids) -> None:
    """It sums to one, and survives being kept."""
    curve = store.learned(connection, ids.company_id).curve
    query = select(call_evidence).where(call_evidence.c.company_id == ids.company_id)
    kept = connection.execute(query).all()
    assert kept
    for each in kept:
        evidence = evidence_from_json(each.evidence, each.happened_at)
        probabilities, nobody = evidence.weigh(curve)
        assert sum(probabilities.values()) + nobody <= 1.0 + 1e-9
        assert evidence.rest or sum(probabilities.values()) + nobody == pytest.approx(1.0)
        assert evidence_from_json(evidence.as_json(), evidence.at) == evidence


def check_a_later_call_takes_no_time(connection: Connection, ids: Ids) -> None:
    """Whoever called twice counts as a caller from the first call on."""
    mine = calls.c.company_id == ids.company_id
    first = connection.execute(
        select(calls)
        .where(mine, calls.c.confidence > CALLED, calls.c.session_id.is_not(None))
        .order_by("started_at")
    ).first()
    other = connection.execute(
        select(calls).where(mine, calls.c.attribution_kind == "static").order_by(calls.c.started_at.desc())
    ).first()
    assert first is not None
    assert other is not None
    assert first.started_at < other.started_at
    places = past_of(connection, ids.company_id, LATER).exposures.places
    of_other = (mine, calls.c.call_id == other.call_id)
    connection.execute(update(calls).where(*of_other).values(session_id=first.session_id))
    assert past_of(connection, ids.company_id, LATER).exposures.places == pytest.approx(places)
    connection.execute(update(calls).where(*of_other).values(session_id=None))


@pytest.mark.parametrize("called", [None, (3 * MINUTE, 0.9)])
def test_a_lease_counts_to_the_end_and_less_after_a_call(called: tuple[int, float] | None) -> None:
    watch = Watch()
    row: Any = SimpleNamespace(
        session_id="s", visitor_id="v", started_at=0, from_at=0, device="", is_returning=False
    )
    count_lease(watch, row, Ending(4 * MINUTE, 4 * MINUTE, 4 * MINUTE), [2 * MINUTE], called, 20 * MINUTE)
    after_tap, later = 9 * MINUTE, 8 * MINUTE
    less = (0.1, 1.0 - 0.9 * (1.0 - Curve.after_call)) if called else (1.0, 1.0)
    assert sum(watch.exposures(20 * MINUTE)) == pytest.approx(3 * MINUTE + after_tap * less[0] + later * less[1])


def test_nobody_who_withheld_the_number_is_not_waited_for() -> None:
    evidence = Evidence((), (), 1.0, 0.0, 0, START)
    heard = [heard_of(caller, evidence, {}) for caller in ("+12125550111", None)]
    found = with_time_again(Exposures(), heard, [0.25, 0.75], START + DAY)
    assert sum(found.again) == pytest.approx(1.25 * DAY)
    assert sum(found.nobody_again) == pytest.approx(0.25 * DAY)


def test_all_sessions_that_are_hardly_possible_count_where_many_stand_at_one_place() -> None:
    rest = ((3, 0.5), (3, 0.5), (9, 1.0))
    found = heard_of(None, Evidence((("s1", 3, 0.25, 0.0, ""),), rest, 1.0, 0.0, 0, START), {}).lesson
    assert dict(zip(found.places, found.factors, strict=True)) == {3: 1.25, 9: 1.0}


def test_each_visit_counts_once_among_those_that_came_with_a_number_or_without(engine: Engine, ids: Ids) -> None:
    """Where a pool is too small most find none when most people come; who comes back comes at other hours."""
    none_free = {"company_id": ids.company_id, "pool_id": "p", "target_id": "t"}
    with writing(engine) as connection:
        before = past_of(connection, ids.company_id, LATER).exposures.came
        shown = connection.scalar(select(func.count(leases.c.session_id.distinct())))
        assert shown
        assert sum(before) >= shown
        lease = connection.execute(select(leases).order_by(leases.c.from_at).limit(1)).one()._asdict()
        for what in ({"from_at": LATER - HOUR}, {"target_id": "another", "from_at": lease["from_at"] + HOUR}):
            connection.execute(insert(leases).values(lease | what))
        for at, name, session in ((END, "e1", "s"), (END + HOUR, "e2", "s"), (END, "e3", lease["session_id"])):
            connection.execute(
                insert(exhaustions).values(**none_free, exhaustion_id=name, session_id=session, happened_at=at)
            )
        after = past_of(connection, ids.company_id, LATER).exposures.came
    assert sum(after) == sum(before) + 1
    assert after[hour_of(END)] == before[hour_of(END)] + 1


def test_visits_are_counted_against_the_time_since_the_first_and_not_since_the_numbers(
    engine: Engine, ids: Ids
) -> None:
    """Visits of weeks at hours that new numbers have hardly seen made nobody many times too likely then."""
    with writing(engine) as connection:
        first = connection.scalar(select(func.min(leases.c.from_at)))
        assert first is not None
        found = past_of(connection, ids.company_id, LATER).exposures
        none = past_of(connection, ids.company_id, LATER + 200 * DAY).exposures
    assert found.counted == time_by_hour(first, LATER)
    assert none.counted == none.came == [0.0] * HOURS


def test_a_night_makes_a_version_and_calls_change_only_when_asked(engine: Engine, ids: Ids) -> None:
    with writing(engine) as connection:
        before = credited(connection, ids)
        past = past_of(connection, ids.company_id, LATER)
        found = learn_from(past)
        assert found is not None
        assert found[1] == len(past.heard) >= FIRST_LESSONS
        keep_learned(connection, ids.company_id, found, LATER)
        assert store.learned(connection, ids.company_id) == found[0] == from_json(1, found[0].as_json())
        assert credited(connection, ids) == before
        check_evidence(connection, ids)
        check_a_later_call_takes_no_time(connection, ids)

        weighed, changed = recompute(connection, ids)
        after = credited(connection, ids)
        assert weighed == sum(1 for kind, *_ in before.values() if kind != "static")
        assert changed == sum(1 for key in before if before[key] != after[key]) > 0
        written = select(func.count()).where(attribution_changes.c.company_id == ids.company_id)
        assert connection.execute(written).scalar_one() == changed
        assert recompute(connection, ids) == (weighed, 0)


def test_a_visitor_who_may_have_called_from_the_number_is_no_stranger_to_the_night(
    engine: Engine, ids: Ids
) -> None:
    """Its later visit's first call would be taken for a stranger's from a known number."""
    with writing(engine) as connection:
        kept = connection.execute(
            select(calls.c.call_id, calls.c.started_at, call_candidates.c.session_id)
            .join_from(calls, call_candidates, calls.c.call_id == call_candidates.c.call_id)
            .where(calls.c.company_id == ids.company_id, call_candidates.c.probability > CALLED)
            .order_by(calls.c.started_at, calls.c.call_id)
        ).all()
        first, last = kept[0], kept[-1]
        evidence = connection.execute(
            select(call_evidence.c.evidence).where(call_evidence.c.call_id == last.call_id)
        ).scalar_one()
        sure = evidence | {"candidates": [[last.session_id, 0, 1.0, 0.0, ""]], "rest": [], "nobody_again": 0.5}
        connection.execute(
            update(call_evidence).where(call_evidence.c.call_id == last.call_id).values(evidence=sure)
        )
        visitor = select(sessions.c.visitor_id).where(sessions.c.session_id == first.session_id).scalar_subquery()
        for same in (False, True):
            mine = calls.c.call_id.in_([first.call_id, last.call_id])
            connection.execute(update(calls).where(mine).values(caller_number="+12125550177"))
            if same:
                returned = sessions.c.session_id == last.session_id
                connection.execute(update(sessions).where(returned).values(visitor_id=visitor))
            [early, late] = [
                each for each in past_of(connection, ids.company_id, LATER).heard if each.caller == "+12125550177"
            ]
            visitors, strangers, _ = late.first(Curve.prior())
            assert late.known
            assert strangers == (0.0 if same else visitors)
            assert not early.acquainted


@pytest.mark.parametrize("wrong", [nan, inf, -inf])
def test_a_curve_that_is_not_finite_is_not_kept(
    wrong: float, engine: Engine, tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    vault = Vault.open(tmp_path_factory.mktemp("vault") / "secret.key")
    with writing(engine) as connection:
        _, ids = open_business(connection, vault, {"account_sid": "AC0", "auth_token": "x"}, START)
        good, prior = Learned(1, known_callers=3), Curve.prior()
        assert keep_learned(connection, ids.company_id, (good, 40), START)
        for curve in (replace(prior, nobody=wrong), replace(prior, rates=(*prior.rates[:-1], wrong))):
            assert not keep_learned(connection, ids.company_id, (Learned(2, curve), 41), LATER)
        assert store.learned(connection, ids.company_id) == good
    assert caplog.text.count("is not finite; version 1 stays") == 2


def test_too_few_calls_teach_nothing(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    vault = Vault.open(tmp_path_factory.mktemp("vault") / "secret.key")
    with writing(engine) as connection:
        _, ids = open_business(connection, vault, {"account_sid": "AC0", "auth_token": "x"}, START)
        assert learn_from(past_of(connection, ids.company_id, LATER)) is None
        assert store.learned(connection, ids.company_id).version == 0


def test_a_past_that_is_older_than_its_numbers_does_not_make_nobody_the_likeliest_caller(
    engine: Engine, ids: Ids
) -> None:
    """The demo's, and one that was brought in: the numbers' rows are made in the end."""
    with writing(engine) as connection:
        whole = past_of(connection, ids.company_id, LATER).exposures.numbers
        connection.execute(
            update(numbers).where(numbers.c.company_id == ids.company_id).values(created_at=LATER - SECOND)
        )
        past = past_of(connection, ids.company_id, LATER)
        assert whole / 2 < past.exposures.numbers <= whole
        found = learn_from(past)
        assert found is not None
        keep_learned(connection, ids.company_id, found, LATER)
        recompute(connection, ids)
        kinds = [kind for kind, *_ in credited(connection, ids).values() if kind != "static"]
    assert kinds.count("session") > 0.8 * len(kinds)


def test_what_a_known_caller_s_unlikely_sessions_had_is_not_nobody_s(engine: Engine, ids: Ids) -> None:
    with writing(engine) as connection:
        curve = store.learned(connection, ids.company_id).curve
        query = (
            select(calls, call_evidence.c.happened_at, call_evidence.c.evidence)
            .join_from(
                calls,
                call_evidence,
                (calls.c.company_id == call_evidence.c.company_id) & (calls.c.call_id == call_evidence.c.call_id),
            )
            .where(calls.c.company_id == ids.company_id, calls.c.attribution_kind == "session")
            .where(calls.c.caller_number.is_not(None))
            .order_by(calls.c.started_at.desc())
        )
        last = connection.execute(query).first()
        assert last is not None
        evidence = evidence_from_json(last.evidence, last.happened_at)
        _sessions, nobody = evidence.weigh(curve)
        of_call = (call_candidates.c.company_id == ids.company_id, call_candidates.c.call_id == last.call_id)
        connection.execute(
            update(call_candidates).where(*of_call).values(probability=call_candidates.c.probability / 2)
        )

        def known() -> Known:
            asked = (last.caller_number, last.started_at + SECOND, "another", curve)
            found = known_caller(connection, ids.company_id, *asked)
            assert found is not None
            return found

        assert known().heard < 0.6
        assert known().nobody == pytest.approx(nobody)
        assert known().nobody < 1.0 - known().heard
        connection.execute(
            delete(call_evidence).where(
                call_evidence.c.company_id == ids.company_id, call_evidence.c.call_id == last.call_id
            )
        )
        assert known().nobody == pytest.approx(1.0 - known().heard)


def test_earlier_callers_who_withheld_their_numbers_are_read_the_latest_first(engine: Engine, ids: Ids) -> None:
    with writing(engine) as connection:
        mine = (calls.c.company_id == ids.company_id) & (calls.c.attribution_kind == "session")
        number_id = connection.execute(select(calls.c.number_id).where(mine).limit(1)).scalar_one()
        connection.execute(update(calls).where(mine).values(caller_number=None, number_id=number_id))
        rows = connection.execute(select(calls).where(mine).order_by(calls.c.started_at, calls.c.call_id)).all()
        assert len(rows) > 3
        last = rows[-1]
        found = withheld_callers(connection, ids.company_id, str(number_id), last.started_at, last.call_id)
        assert [each.last_at for each in found] == [row.started_at for row in reversed(rows[:-1])][:MOST_NAMELESS]
        sessions = [share.session_id for each in found for share in each.shares]
        assert sessions
        # One visit may have made the last two: it is waited for after the earlier as far as it did not ring later.
        two = [row.call_id for row in rows[-3:-1]]
        of_both = (call_candidates.c.company_id == ids.company_id) & call_candidates.c.call_id.in_(two)
        connection.execute(delete(call_candidates).where(of_both))
        both = [{"call_id": call_id, "session_id": sessions[0], "rank": 0} for call_id in two]
        likely = {"company_id": ids.company_id, "probability": 0.75, "because": ""}
        connection.execute(insert(call_candidates), [{**each, **likely} for each in both])
        found = withheld_callers(connection, ids.company_id, str(number_id), last.started_at, last.call_id)
        assert [[share.belief for share in each.shares] for each in found[:2]] == [[0.75], [0.75 * 0.25]]
        connection.execute(update(calls).where(mine).values(caller_number="+12125550111"))
        assert withheld_callers(connection, ids.company_id, str(number_id), last.started_at, last.call_id) == ()


@pytest.mark.parametrize("withholds", [False, True])
def test_who_called_is_a_candidate_however_long_ago_the_visit_was(
    engine: Engine, ids: Ids, withholds: bool
) -> None:
    """The replay remembered the visit; the switchboard looked only among the number's latest holders."""
    with writing(engine) as connection:
        mine = (
            (calls.c.company_id == ids.company_id)
            & (calls.c.confidence > 0.9)
            & calls.c.caller_number.is_not(None)
        )
        latest = (
            select(calls).where(mine, calls.c.attribution_kind == "session").order_by(calls.c.started_at.desc())
        )
        last = connection.execute(latest.limit(1)).one()
        caller = None if withholds else last.caller_number
        # As far from the visit as the match looks back for holders, and the call not quite.
        at = last.started_at + LONGEST_AGE - SECOND
        later = last._asdict() | {
            "call_id": "later",
            "call_ref": "later",
            "started_at": at,
            "caller_number": caller,
        }
        connection.execute(insert(calls).values(later))
        if withholds:
            connection.execute(update(calls).where(calls.c.call_id == last.call_id).values(caller_number=None))
        visit = (leases.c.company_id == ids.company_id, leases.c.session_id == last.session_id)
        connection.execute(update(leases).where(*visit).values(from_at=last.started_at - DAY))
        number = store.number_rows(connection, ids.company_id, [last.tracking_number])[last.tracking_number]
        call = Call(
            "later", Status.ANSWERED, last.tracking_number, caller, withholds, None, None, at, at, at, 1, 1, ()
        )
        found = attribute(connection, ids.company_id, "later", call, number, None, is_new=False)
        kept = connection.execute(select(call_evidence).where(call_evidence.c.call_id == "later")).one()
        evidence = evidence_from_json(kept.evidence, at)
    assert last.session_id in [each[0] for each in evidence.candidates]
    assert found.session_id == last.session_id


def test_a_night_learns_of_the_latest_calls_and_of_all_time_since(
    engine: Engine, ids: Ids, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of 300,000 calls it took gigabytes; visits of before the calls may have made them."""
    with writing(engine) as connection:
        whole = past_of(connection, ids.company_id, LATER)
        most = len(whole.heard) // 2
        monkeypatch.setattr("swapboard.attribution.past.MOST_CALLS", most)
        latest = past_of(connection, ids.company_id, LATER)
    assert [each.at for each in latest.heard] == [each.at for each in whole.heard[-most:]]
    assert latest.known_callers == whole.known_callers
    assert 0.2 < latest.exposures.numbers / whole.exposures.numbers < 0.9
    # Long after a visit there is nearly as much time as before, for most visits were long ago already.
    for name in ("places", "away"):
        both = zip(getattr(latest.exposures, name), getattr(whole.exposures, name), strict=True)
        assert all(-1.0 <= some <= everything + 1.0 for some, everything in both)
    assert sum(latest.exposures.places) > 0.5 * sum(whole.exposures.places)
    assert all(
        some <= everything for some, everything in zip(latest.exposures.away, whole.exposures.away, strict=True)
    )
