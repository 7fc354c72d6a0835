"""A report's counts as people read them."""

from swapboard.language import decimal
from swapboard.reports.figures import Count


def figure(number: Count | float, read: Count | None = None) -> str:
    """`1,234`; counted by probability `1,234.5`, where it is no whole number.

    `read` is what a column rounds it to.
    """
    return decimal(float(number if read is None else read), 0 if number == int(number) else 1)
