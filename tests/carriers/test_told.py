import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import EventKind
from swapboard.calls.flow_state import AFTER_CALL, Awaits
from swapboard.carriers.base import BadCarrierRequest
from swapboard.carriers.told import awaited_kind, count, known_ref, needed_ref, pressed_keys


@pytest.mark.parametrize(
    ("text", "number"),
    [("63", 63), ("0", 0), (None, None), ("", None), ("-1", None), ("²", None), ("9" * 9, None)],
)
def test_a_count(text: str | None, number: int | None) -> None:
    assert count(text) == number


@given(st.text(max_size=80))
def test_keys_are_keys(text: str) -> None:
    assert set(pressed_keys(text)) <= set("0123456789*#")
    assert pressed_keys(text) == "" or pressed_keys(text) in "".join(
        each for each in text if each in "0123456789*#"
    )


@pytest.mark.parametrize("ref", ["", " ", "x" * 65, "a b", "<b>", "ĆA1", "../..", "\r\n"])
def test_what_is_no_id(ref: str) -> None:
    assert known_ref(ref) is None
    with pytest.raises(BadCarrierRequest, match="CallUUID"):
        needed_ref({"CallUUID": ref}, "CallUUID")


def test_an_id() -> None:
    assert needed_ref({"uuid": "CON-aaaa_1"}, "uuid") == "CON-aaaa_1"
    with pytest.raises(BadCarrierRequest, match="uuid is missing"):
        needed_ref({}, "uuid")


def test_what_a_state_awaits() -> None:
    assert awaited_kind(Awaits.DIAL) is EventKind.DIAL_ENDED
    for awaits in AFTER_CALL | {Awaits.NOTHING}:
        with pytest.raises(BadCarrierRequest, match=awaits.value):
            awaited_kind(awaits)
