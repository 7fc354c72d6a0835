"""Which reports there are; the words are their addresses."""

from enum import StrEnum


class Kind(StrEnum):
    """Which report."""

    OVERVIEW = "/reports"
    MISSED = "/reports/missed"
    ROI = "/reports/roi"
    SUGGESTIONS = "/reports/suggestions"
    MODELS = "/reports/models"
    PATHS = "/reports/paths"
    AGENTS = "/reports/service/agents"
    SPAM = "/reports/service/spam"
    POOLS = "/reports/service/pools"
    DELIVERIES = "/reports/service/deliveries"
    BREAKDOWN = "/reports/by/"
