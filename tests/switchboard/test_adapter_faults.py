"""Whatever an adapter raises is a carrier's error to who asked it."""

import pytest

from swapboard.carriers.base import CarrierError, Fault, NoCallList
from swapboard.switchboard.adapter_faults import only_carrier_errors


@pytest.mark.parametrize(
    ("raised", "told"),
    [
        (KeyError("price"), "The carrier's answer could not be read."),
        (ValueError("no number: 'free'"), "The carrier's answer could not be read."),
        (
            ConnectionResetError(104, "Connection reset"),
            "The carrier cannot be asked: [Errno 104] Connection reset.",
        ),
    ],
)
def test_what_an_adapter_must_not_raise_may_pass(raised: Exception, told: str) -> None:
    with pytest.raises(CarrierError) as found, only_carrier_errors():
        raise raised
    assert (str(found.value), found.value.fault, found.value.is_undone) == (told, Fault.CARRIER, False)
    assert found.value.__cause__ is raised


@pytest.mark.parametrize("raised", [CarrierError("no such number", Fault.REQUEST), NoCallList()])
def test_what_a_carrier_says_stays_as_it_is(raised: CarrierError) -> None:
    with pytest.raises(CarrierError) as found, only_carrier_errors():
        raise raised
    assert found.value is raised
