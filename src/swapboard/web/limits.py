"""How often one address may come: a token bucket for each, the oldest forgotten first."""

from collections import OrderedDict
from dataclasses import dataclass

from starlette.requests import Request

from swapboard.clock import SECOND, Millis

MOST_BUCKETS = 20_000


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of asking for a token, and when there will be one again, and all of them."""

    is_allowed: bool
    left: int
    next_in_seconds: float
    full_in_seconds: float


class RateLimit:
    """Lets each key through `burst` times at once and `per_second` times from then on."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, Millis]] = OrderedDict()

    def allows(self, key: str, now: Millis) -> bool:
        """Take one token of the key's bucket, if there is one."""
        # Asked for each visit, which needs no record of it: that took longer than the bucket itself.
        return self._draw(key, now) >= 1

    def take(self, key: str, now: Millis) -> Taken:
        """The same, and what is left in the bucket."""
        tokens = self._draw(key, now)
        is_allowed = tokens >= 1
        left = tokens - 1 if is_allowed else tokens
        return Taken(
            is_allowed=is_allowed,
            left=int(left),
            next_in_seconds=max(0.0, 1 - left) / self._per_second,
            full_in_seconds=(self._burst - left) / self._per_second,
        )

    def _draw(self, key: str, now: Millis) -> float:
        """How much was in the key's bucket; a whole token is taken out of it."""
        tokens, filled_at = self._buckets.pop(key, (float(self._burst), now))
        if now > filled_at:
            tokens = min(float(self._burst), tokens + (now - filled_at) / SECOND * self._per_second)
        # A refusal costs nothing: who asks again too soon still gets through at the rate.
        self._buckets[key] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return tokens

    def give_back(self, key: str) -> None:
        """Put back the token that was taken last: the visit need not be counted after all."""
        if key in self._buckets:
            tokens, filled_at = self._buckets[key]
            self._buckets[key] = (min(float(self._burst), tokens + 1), filled_at)
