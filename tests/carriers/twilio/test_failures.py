"""Whose fault it is when Twilio does not do what it was asked, and so whether to try again."""

import pytest

from swapboard.carriers.base import CarrierError, Fault
from swapboard.carriers.twilio.failures import refuse


@pytest.mark.parametrize(
    ("status", "fault", "permanent"),
    [
        (400, Fault.REQUEST, True),
        (404, Fault.REQUEST, True),
        (401, Fault.ACCOUNT, True),
        (402, Fault.ACCOUNT, True),
        (403, Fault.ACCOUNT, True),
        (408, Fault.CARRIER, False),
        (429, Fault.CARRIER, False),
        (500, Fault.CARRIER, False),
        (503, Fault.CARRIER, False),
    ],
)
def test_whose_fault_it_is(status: int, fault: Fault, permanent: bool) -> None:
    with pytest.raises(CarrierError, match="its own words") as refused:
        refuse(status, "its own words", 20003)
    assert (refused.value.fault, refused.value.permanent) == (fault, permanent)
