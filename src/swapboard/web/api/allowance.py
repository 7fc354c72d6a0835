"""How often a key may ask, and the headers that say so.

`RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers-10 has them: a quota `q` in a window of
`w` seconds, of which `r` requests are left, and all of them again in `t` seconds.
"""

from collections.abc import Mapping
from math import ceil

from swapboard.clock import Millis
from swapboard.web.limits import RateLimit

_WINDOW_SECONDS = 60


class Allowance:
    """A bucket of requests for each key, that fills up in a minute."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._limit = RateLimit(per_minute / _WINDOW_SECONDS, per_minute)
        self._policy = f'"key";q={per_minute};w={_WINDOW_SECONDS}'

    def take(self, key: str, now: Millis) -> tuple[bool, Mapping[str, str]]:
        """Whether the key may ask now, and the headers for its answer."""
        taken = self._limit.take(key, now)
        headers = {
            "RateLimit-Policy": self._policy,
            "RateLimit": f'"key";r={taken.left};t={ceil(taken.full_in_seconds)}',
        }
        if not taken.is_allowed:
            headers["Retry-After"] = str(max(1, ceil(taken.next_in_seconds)))
        return taken.is_allowed, headers
