"""How far one kind of late callers is believed rather than a smooth curve, and that it is not too sure."""

import subprocess
import sys
from math import log

import numpy as np
import pytest

from swapboard.attribution.arrays import Array
from swapboard.attribution.cell_rates import late_smoothed
from swapboard.attribution.curve import ON_PAGE
from swapboard.attribution.delay import Delay, Either, HeavyTailed, LogNormal
from swapboard.attribution.hazard import EDGES, WIDTHS, Phase
from swapboard.attribution.late_evidence import Averaged, averaged, of_smooth
from swapboard.attribution.late_kinds import ALONE, Seen, fit, held
from swapboard.attribution.learning import scaled_prior
from swapboard.clock import SECOND
from tests.attribution.test_late_peak import LEFT, TIMES, VISITS, exposures

SIZE = len(EDGES[Phase.LEFT]) - 1
NOBODY = 1e-12
BEGIN = np.array([log(NOBODY), *ALONE])


def seen(delay: Delay, calls: int) -> Seen:
    """Calls of whom it is known who made them, spread over the ages as the delay says."""
    done = [delay.done(edge / SECOND) for edge in EDGES[Phase.LEFT]]
    counts = np.diff(done) * calls
    return Seen(
        others=np.full(SIZE, 1e-300),
        cells=np.eye(SIZE),
        nobody=np.zeros(SIZE),
        counts=counts,
        times=np.array(TIMES[LEFT : LEFT + SIZE]),
        number_time=1.0,
        calls=float(calls),
    )


def smooth(calls: Seen) -> Array:
    """The smooth curve of such calls."""
    curve = scaled_prior(int(calls.calls), exposures())
    late = [*calls.counts.tolist(), *[0.0] * (len(curve.rates) - ON_PAGE - SIZE)]
    for _ in range(20):
        curve = late_smoothed(curve, late, int(calls.calls), exposures())
    return np.array(curve.rates[ON_PAGE : ON_PAGE + SIZE])


def gain(calls: Seen) -> float:
    return mean(calls).evidence - of_smooth(smooth(calls), NOBODY, calls, held(NOBODY, calls))


def spread(rates: Array) -> float:
    """Of the logarithms of the ages at which such rates have people call."""
    widths = np.array(WIDTHS[LEFT : LEFT + SIZE])
    middles = np.log(np.array(EDGES[Phase.LEFT][1:]))
    shares = rates * widths / (rates * widths).sum()
    mean = float(shares @ middles)
    return float(shares @ (middles - mean) ** 2) ** 0.5


def test_a_log_normal_delay_is_believed_and_another_shape_is_not() -> None:
    assert gain(seen(LogNormal(3 * 86_400.0, 0.8), 300)) > 3.0
    assert gain(seen(HeavyTailed(600.0, 0.65), 300)) < -2.0
    assert gain(seen(Either(((0.5, LogNormal(60.0, 0.5)), (0.5, LogNormal(86_400.0, 0.3)))), 300)) < -10.0


def test_with_few_calls_neither_is_known() -> None:
    for delay in (LogNormal(3600.0, 1.5), HeavyTailed(600.0, 0.65)):
        assert abs(gain(seen(delay, 8))) < 2.5


def test_the_mean_is_less_sure_than_the_likeliest_where_calls_are_few_and_the_same_where_they_are_many() -> None:
    few, many = seen(LogNormal(3600.0, 0.5), 3), seen(LogNormal(3600.0, 0.5), 3000)
    assert spread(mean(few).rates) > 1.05 * spread(likeliest(few))
    assert mean(many).rates[20] == pytest.approx(likeliest(many)[20], rel=0.1)


def mean(calls: Seen) -> Averaged:
    return averaged(fit(BEGIN, calls, 40).found, NOBODY, calls, held(NOBODY, calls))


def likeliest(calls: Seen) -> Array:
    return fit(BEGIN, calls, 40).rates


def test_as_many_call_as_there_are_calls() -> None:
    calls = seen(LogNormal(3600.0, 1.5), 200)
    assert float(mean(calls).rates @ calls.times) == pytest.approx(200.0, rel=0.05)
    assert calls.times[0] == VISITS * WIDTHS[LEFT]


def test_the_same_calls_give_the_same_mean() -> None:
    calls = seen(LogNormal(3600.0, 1.5), 50)
    assert mean(calls).rates.tolist() == mean(calls).rates.tolist()


def test_where_nobody_made_most_of_the_calls_late_callers_did_not() -> None:
    """Nobody's rate is taken as it is known: calls that it explains are no late caller's."""
    calls = seen(LogNormal(3600.0, 1.5), 200)._replace(nobody=np.full(SIZE, 1.0))
    few = averaged(BEGIN, 1e-3, calls, held(1e-3, calls))
    assert float(few.rates @ calls.times) < 2.0


def test_the_server_starts_without_what_numpy_draws_with() -> None:
    """It takes 7 MB, and is needed when calls are weighed: by a night's learning, and by no door."""
    told = "import swapboard.web.app, sys; sys.exit('numpy.random' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
