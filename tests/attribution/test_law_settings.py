"""What can be set of a law ends in traffic, and what cannot is told."""

import json
from itertools import islice
from math import inf, isfinite, nan, nextafter
from random import Random

import pytest
from typer.testing import CliRunner, Result

from swapboard.attribution.law import law_named
from swapboard.attribution.law_settings import LIMITS, changed, parameters
from swapboard.attribution.simulation import Simulation
from swapboard.cli.app import app

ENDLESS = 150_000
"""More lines than twenty visits can have between the limits."""


def ran(*options: str) -> Result:
    return CliRunner(env={"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}).invoke(app, ["simulate", *options])


def simulated(*options: str) -> bytes:
    result = ran(*options)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_every_number_of_a_law_has_limits() -> None:
    assert tuple(LIMITS) == parameters()
    for law in ("corner-shop", "emergency", "clinic", "law-firm", "vanishing"):
        for name, (least, most) in LIMITS.items():
            assert least <= getattr(law_named(law), name) <= most


@pytest.mark.parametrize("name", LIMITS)
def test_traffic_at_the_limits_ends_and_has_times(name: str) -> None:
    for value in LIMITS[name]:
        lines = list(
            islice(Simulation(changed(law_named("law-firm"), {name: value}), Random(1)).lines(20), ENDLESS)
        )
        assert len(lines) < ENDLESS
        assert all(isfinite(json.loads(line)["t"]) for line in lines)


@pytest.mark.parametrize("late_share", [0.0, 0.5])
def test_where_everybody_calls_from_the_page_nobody_is_left_to_call_late(late_share: float) -> None:
    """Its chance was far below zero, and strangers called a third more often than was set."""
    everybody = {"phone_share": 1.0, "phone_factor": 100.0, "stay_seconds": 86_400.0, "stay_spread": 0.01}
    law = changed(law_named("law-firm"), {**everybody, "late_share": late_share})
    assert law.live_probability == 1.0
    assert 0.0 <= law.late_probability <= 0.9
    assert law.calls_a_visit == pytest.approx(1.0 / (1.0 - law.repeat_share))


@pytest.mark.parametrize("name", LIMITS)
def test_what_lies_beyond_is_refused(name: str) -> None:
    least, most = LIMITS[name]
    for value in (nextafter(least, -inf), nextafter(most, inf), -1.0, nan, inf, -inf, 1e300):
        with pytest.raises(ValueError, match=f"^{name} must lie between "):
            changed(law_named("law-firm"), {name: value})


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e999", "1"])
def test_the_command_tells_what_may_be_set(value: str) -> None:
    result = ran("--set", f"late_share={value}")
    assert result.exit_code == 2
    said = " ".join(result.output.replace("│", " ").split())
    assert "late_share must lie between 0 and 0.99, not" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("text", ["late_share=", "late_share=half", "late_share", "=1", "weather=1"])
def test_the_command_tells_what_is_no_setting(text: str) -> None:
    assert ran("--set", text).exit_code == 2


def test_the_list_shows_each_name_in_full_with_its_limits() -> None:
    told = simulated("--list").decode()
    for name in parameters():
        assert name in told
    assert "0.01 to 1,000,000" in told
    assert "…" not in told
