"""Writes each visitor's own phone number into pages that a Python server makes."""

from swapboard_client.client import Swapboard
from swapboard_client.page import PageVisit, current_visit
from swapboard_client.record import Answer, Arrival, Swap

__all__ = ["Answer", "Arrival", "PageVisit", "Swap", "Swapboard", "current_visit"]
