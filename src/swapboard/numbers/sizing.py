"""How many numbers a pool needs: Erlang's loss formula on the visits that are live or still resting.

A number is busy while its visit is live, and should then rest for a while, because some visitors call after they
have left. The size is the one that would do if each number were kept back until it has rested: the formula on live
and quiet time. In truth a visit that finds no rested number is given one all the same; only when all are live does
it overflow. So the formula is asked a second time, on live time, for the overflow.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from swapboard.language import _

MOST_NUMBERS = 5_000
DEFAULT_QUIET_MINUTES = 20.0
DEFAULT_PROMISE = 0.01
DEFAULT_NUMBER_CENTS = 115
"""What a local number costs a month at large carriers, in cents."""
LATE_SHARE = 0.2
LATE_MINUTES = 30.0
"""Until a company has calls of its own: one caller in five has left the site, on average half an hour before."""
BUSIEST_HOUR_OF_DAY = 0.1
"""The busiest hour has about a tenth of a day's visits: to compare rules of thumb that count days."""


@dataclass(frozen=True, slots=True)
class Traffic:
    """What is asked of a pool: visits that need a number in the busiest hour, and how long each keeps it."""

    visits_per_hour: float
    live_minutes: float
    quiet_minutes: float = DEFAULT_QUIET_MINUTES

    @property
    def live_load(self) -> float:
        """How many visits are live on average (erlang)."""
        return self.visits_per_hour * self.live_minutes / 60

    @property
    def resting_load(self) -> float:
        """How many numbers are live or resting on average (erlang)."""
        return self.visits_per_hour * (self.live_minutes + self.quiet_minutes) / 60


@dataclass(frozen=True, slots=True)
class Callers:
    """How visitors call: the share that has left the site by then, and how long ago on average."""

    late_share: float = LATE_SHARE
    late_minutes: float = LATE_MINUTES


@dataclass(frozen=True, slots=True)
class Size:
    """What a pool of so many numbers does."""

    numbers: int
    overflow: float
    """The share of visits that find every number live."""
    kept_back: float
    """The share that would find none, were each number kept back until it has rested: what is promised."""
    accuracy: float
    """The share of calls from visits with a number of their own that name the right visit."""
    monthly_cents: int


@dataclass(frozen=True, slots=True)
class Thumb:
    """What a vendor's rule of thumb says, and what it would turn away."""

    name: str
    numbers: int
    overflow: float


def erlang_b(load: float, numbers: int) -> float:
    """The share that finds all `numbers` busy at the load (erlang): B(A, N), by the recursion from N = 0.

    B(A, 0) = 1, B(A, n) = A·B(n-1) / (n + A·B(n-1)): no factorial, so no overflow at any size.
    Raises ValueError for a negative load or number.
    """
    if not load >= 0 or numbers < 0:
        raise ValueError(_("A load and a pool are not negative."))
    lost = 1.0
    for n in range(1, numbers + 1):
        lost = load * lost / (n + load * lost)
    return lost


def smallest_pool(load: float, promise: float) -> int:
    """The fewest numbers that turn away at most `promise` (a share) of the load. Raises ValueError."""
    if not (0 < promise < 1 and load >= 0):
        raise ValueError(_("Promise a share between 0 and 1."))
    lost, n = 1.0, 0
    while lost > promise:
        if n >= MOST_NUMBERS:
            raise ValueError(
                _("More than %(most_numbers)s numbers would be needed; share less of the traffic.")
                % {"most_numbers": MOST_NUMBERS}
            )
        n += 1
        lost = load * lost / (n + load * lost)
    return n


def recommended(traffic: Traffic, promise: float = DEFAULT_PROMISE) -> int:
    """The knee: with this many, at most `promise` of the visits would find none if all are let rest."""
    return max(1, smallest_pool(traffic.resting_load, promise))


def accuracy(traffic: Traffic, callers: Callers, numbers: int) -> float:
    """The share of calls that name the right visit, with `numbers` leased longest-idle first.

    A call during the visit names it. A late one does if nobody was shown the number since: with k numbers free
    when the visit leaves, k more visits come first. At λ visits a minute and exponential delays of mean d, that
    many come before the call with probability (λd / (1 + λd))^k; k follows the truncated Poisson law of Erlang.
    """
    per_minute = traffic.visits_per_hour / 60
    if numbers == 0:
        return 0.0
    busy = per_minute * callers.late_minutes
    next_first = busy / (1 + busy)
    overtaken = sum(
        share * next_first ** (numbers - others)
        for others, share in enumerate(_live_shares(traffic.live_load, numbers - 1))
    )
    return 1 - callers.late_share * min(1.0, overtaken)


def size(traffic: Traffic, callers: Callers, numbers: int, number_cents: int = DEFAULT_NUMBER_CENTS) -> Size:
    """What a pool of `numbers` does with the traffic."""
    return Size(
        numbers=numbers,
        overflow=erlang_b(traffic.live_load, numbers),
        kept_back=erlang_b(traffic.resting_load, numbers),
        accuracy=accuracy(traffic, callers, numbers),
        monthly_cents=numbers * number_cents,
    )


def curve(
    traffic: Traffic, callers: Callers, promise: float, number_cents: int = DEFAULT_NUMBER_CENTS
) -> list[Size]:
    """Sizes from a starving pool to an ample one, the recommended one among them."""
    return [size(traffic, callers, numbers, number_cents) for numbers in pool_sizes(recommended(traffic, promise))]


def pool_sizes(knee: int) -> list[int]:
    """About twenty sizes up to half as many again as the knee, and the knee itself."""
    most = max(4, math.ceil(knee * 1.5))
    step = math.ceil(most / 20)
    return sorted({*range(1, most + 1, step), knee, most})


# Translated where they are shown.
ONE_FOR_20, ONE_FOR_25 = _("one for every 20 daily visitors"), _("one for every 25 daily visitors")
BY_LOAD = _("peak hourly visits ÷ (60 ÷ minutes on site)")


def thumbs(traffic: Traffic, daily_visits: float | None = None) -> list[Thumb]:
    """What vendors advise for the same traffic, with the share of visits that their pool turns away."""
    daily = daily_visits if daily_visits is not None else traffic.visits_per_hour / BUSIEST_HOUR_OF_DAY
    advice = (
        (ONE_FOR_20, daily / 20),
        (ONE_FOR_25, daily / 25),
        (BY_LOAD, traffic.live_load),
    )
    return [_thumb(traffic, name, math.ceil(numbers)) for name, numbers in advice]


def _thumb(traffic: Traffic, name: str, numbers: int) -> Thumb:
    return Thumb(name, max(1, numbers), erlang_b(traffic.live_load, max(1, numbers)))


def _live_shares(load: float, most: int) -> Sequence[float]:
    """How probable it is that n visits are live, for n from 0 to `most` (Erlang's truncated Poisson law)."""
    weights = list(_weights(load, most))
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def _weights(load: float, most: int) -> Iterator[float]:
    """Relative to the largest, so that large loads neither overflow nor vanish."""
    if load <= 0:
        return iter([1.0] + [0.0] * most)
    logs = [n * math.log(load) - math.lgamma(n + 1) for n in range(most + 1)]
    largest = max(logs)
    return (math.exp(each - largest) for each in logs)
