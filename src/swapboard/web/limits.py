"""How often one address may come: a token bucket for each, the oldest forgotten first."""

from collections import OrderedDict

from swapboard.clock import SECOND, Millis

MOST_BUCKETS = 20_000


class RateLimit:
    """Lets each key through `burst` times at once and `per_second` times from then on."""

    def __init__(self, per_second: float, burst: int) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, tuple[float, Millis]] = OrderedDict()

    def allows(self, key: str, now: Millis) -> bool:
        """Take one token of the key's bucket, if there is one."""
        tokens, filled_at = self._buckets.pop(key, (float(self._burst), now))
        refill = max(0, now - filled_at) / SECOND * self._per_second
        tokens = min(float(self._burst), tokens + refill)
        self._buckets[key] = (max(0.0, tokens - 1), now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return tokens >= 1

    def give_back(self, key: str) -> None:
        """Put back the token that was taken last: the visit need not be counted after all."""
        if key in self._buckets:
            tokens, filled_at = self._buckets[key]
            self._buckets[key] = (min(float(self._burst), tokens + 1), filled_at)
