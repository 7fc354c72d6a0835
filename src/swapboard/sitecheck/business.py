"""What the check knows of the business before it looks at a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Business:
    """The numbers, all E.164, and the script that belongs on the site."""

    numbers: tuple[str, ...]
    """The business's own, verified numbers: what the script replaces."""
    tracking_numbers: frozenset[str] = frozenset()
    """Numbers that ring through Swapboard; empty when they are not known."""
    site_key: str | None = None
    country: str | None = None
    """ISO 3166; reads numbers without a country code. None takes the first number's country."""

    @property
    def known(self) -> tuple[str, ...]:
        """Every number worth finding on a page."""
        return (*self.numbers, *sorted(self.tracking_numbers.difference(self.numbers)))
