"""Whose visit a call counts for."""

from enum import StrEnum


class CountedBy(StrEnum):
    """Whose visits count: of the best match, or of everybody who may have called, as far as that is probable."""

    BEST_MATCH = "best_match"
    PROBABILITY = "probability"
