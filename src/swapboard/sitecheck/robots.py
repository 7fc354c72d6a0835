"""What a site's robots.txt lets us fetch, by RFC 9309."""

from dataclasses import dataclass

from protego import Protego

from swapboard import __version__

PRODUCT = "SwapboardBot"
"""What a `User-agent` line in robots.txt calls us."""
USER_AGENT = (
    f"Mozilla/5.0 (compatible; {PRODUCT}/{__version__}; checks a site for its owner: swapboard check-site)"
)
LONGEST_ROBOTS_BYTES = 512_000
"""Standard, 2.5: at least 500 kibibytes are read."""
_LONGEST_DELAY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Robots:
    """One host's rules."""

    rules: Protego | None
    """None lets nothing be fetched."""
    why: str = ""
    """Why nothing may be fetched."""

    def allows(self, url: str) -> bool:
        """Whether the page may be fetched."""
        return self.rules is not None and self.rules.can_fetch(url, PRODUCT)

    def delay_seconds(self, least: float) -> float:
        """Seconds between two requests: ours, or theirs if it is longer, up to half a minute."""
        asked = self.rules.crawl_delay(PRODUCT) if self.rules else None
        return max(least, min(asked or 0.0, _LONGEST_DELAY_SECONDS))

    @property
    def sitemaps(self) -> list[str]:
        """The addresses of sitemaps it names."""
        return list(self.rules.sitemaps) if self.rules else []


def read_robots(status: int | None, text: str, trouble: str = "") -> Robots:
    """The rules from the answer to `/robots.txt`; `status` is None when there was no answer, `trouble` says why.

    By the standard (2.3.1) a file that is not there (4xx) allows everything, and one that cannot be reached (5xx,
    or no answer) nothing.
    """
    if status is None:
        return Robots(None, f"its robots.txt is asked for first, and {trouble or 'it cannot be reached'}")
    if status >= 500:
        return Robots(None, f"its robots.txt cannot be reached (HTTP {status})")
    return Robots(Protego.parse(text if status < 300 else ""))
