"""Web addresses as pages write them: nonsense among them."""

from urllib.parse import SplitResult, urljoin, urlsplit

_NOWHERE = SplitResult("", "", "", "", "")


def join(base: str, address: str) -> str:
    """What a relative address means; empty when it means nothing."""
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""


def split(address: str) -> SplitResult:
    """An address's parts; all empty when it is none."""
    try:
        parts = urlsplit(address)
        # A port that is no number is noticed only when it is asked for.
        return parts if parts.port != 0 else _NOWHERE
    except ValueError:
        return _NOWHERE
