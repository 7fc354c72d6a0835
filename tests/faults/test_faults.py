"""Every fault, short (`make faults` runs them in full): calls go on, and in the end none is missing or twice."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from swapboard.bench.postgresql import throwaway
from swapboard.calls.spam import Policy, Ringing, assess
from swapboard.storage.migrate import migrate
from tests.building import ON_SQLITE, pool_number, run
from tests.faults import outbox, trials
from tests.faults.fire_ends import ADS, HOOK, Sent
from tests.faults.outbox import Fired, Named
from tests.faults.phone_side import CALLERS
from tests.faults.trials import STEPS, Finding, told


def well(trial: Coroutine[Any, Any, Finding]) -> Finding:
    finding = run(trial, 240)
    assert finding.is_well, told(finding)
    return finding


@pytest.mark.slow  # servers are started again and again
def test_killed(migrated_url: str, tmp_path: Path) -> None:
    finding = well(trials.killed(tmp_path, migrated_url, 5))
    assert finding.dialled_by_server, "it was up at times"


@pytest.mark.slow
@ON_SQLITE
def test_killed_with_the_scribe(migrated_url: str, tmp_path: Path) -> None:
    well(trials.killed(tmp_path, migrated_url, 2, writer_process=True))


@pytest.mark.slow  # a database is started again
def test_postgresql_is_stopped(tmp_path: Path) -> None:
    with throwaway() as server:
        migrate(server.url)
        well(trials.database_stopped(tmp_path, server.url, server, 3))


@ON_SQLITE
def test_the_disk_is_full(migrated_url: str, tmp_path: Path) -> None:
    finding = well(trials.disk_full(tmp_path, migrated_url, 2))
    assert not finding.dialled_by_fallback, "the server itself dialled all the time"


@ON_SQLITE
def test_the_clock_is_stepped(migrated_url: str, tmp_path: Path) -> None:
    well(trials.clock_stepped(tmp_path, migrated_url, STEPS, 1))


@ON_SQLITE
def test_a_destination_hangs(migrated_url: str, tmp_path: Path) -> None:
    finding = well(trials.destination_hangs(tmp_path, migrated_url, 2))
    assert not finding.dialled_by_fallback


@ON_SQLITE
def test_the_carriers_api_hangs(migrated_url: str, tmp_path: Path) -> None:
    finding = well(trials.carrier_hangs(tmp_path, migrated_url, 2))
    assert not finding.dialled_by_fallback


@ON_SQLITE
def test_a_carrier_is_slow(migrated_url: str, tmp_path: Path) -> None:
    finding = well(trials.slow_carrier(tmp_path, migrated_url, 1))
    assert not finding.dialled_by_fallback


def test_a_storm_of_duplicates(migrated_url: str, tmp_path: Path) -> None:
    finding = well(trials.duplicate_storm(tmp_path, migrated_url, 2))
    assert not finding.dialled_by_fallback


@pytest.mark.slow  # servers and workers are started again and again
@ON_SQLITE
def test_the_outbox_under_fire(migrated_url: str, tmp_path: Path) -> None:
    fired = run(outbox.under_fire(tmp_path, migrated_url, 4), 240)
    assert fired.is_well, outbox.told(fired)


def test_fire_that_did_any_harm_is_not_well() -> None:
    """The counting can fail: each harm by itself is seen, and a trial in which nothing was tried is none."""
    good = {"calls": 3, "valued": 2, "taken_back": 1, "messages": 12, "refused": 2, "withheld": 1}
    assert Fired(**good).is_well
    assert not Fired().is_well
    for name in good:
        assert not Fired(**{**good, name: 0}).is_well
    for name in ("lost", "renamed", "forbidden", "disordered"):
        assert not Fired(**good, **{name: ["x"]}).is_well


def test_what_is_told_before_what_waits_longer_is_seen() -> None:
    messages = {(HOOK, name): Named(lead, name) for name, lead in (("1", "a"), ("2", "a"), ("3", "b"))}
    messages[ADS, "9"] = Named("a", "9")

    def heard(*names: str) -> list[Sent]:
        return [Sent(HOOK, name, f"call {name}", at) for at, name in enumerate(names, 10)]

    assert outbox.disordered(heard("3", "1", "1", "2", "2"), messages, {}) == []
    assert outbox.disordered(heard("2", "3", "1"), messages, {"1": 9.0}) == ["a"]
    assert outbox.disordered(heard("2", "3", "1"), messages, {"1": 11.0}) == [], "it was put there afterwards"
    assert outbox.renamed([*heard("1", "2"), Sent(HOOK, "4", "call 2", 0.0)]) == ["call 2"]
    elsewhere = Sent(ADS, "9", "call 2", 0.0)
    assert outbox.renamed([*heard("2"), elsewhere]) == []
    assert outbox.disordered([elsewhere, *heard("2")], messages, {"2": -1.0}) == []


def test_a_trial_that_lost_something_is_not_well() -> None:
    """The counting can fail: each loss by itself is seen."""
    good = {"calls": 3, "dialled_by_server": 3, "recorded": 3, "conversions": 3, "told": 3}
    assert Finding(**good).is_well
    assert not Finding().is_well
    for name in ("recorded", "conversions", "told"):
        assert not Finding(**{**good, name: 2}).is_well
        assert not Finding(**{**good, name: 4}).is_well
    assert not Finding(**good, not_dialled=1).is_well
    assert not Finding(**good, wrong=["CA1"]).is_well


def test_no_caller_of_a_trial_is_held_to_be_spam() -> None:
    """Spam makes no conversion, which looked like one that was lost."""
    assert len(set(CALLERS)) == len(CALLERS)
    scores = [assess(Ringing(at=0, dialled=pool_number(0, 0), caller=caller)).score for caller in CALLERS]
    assert max(scores) < Policy().mark_from
