"""The text form of a flow's state: whatever a state holds, the carrier brings it back unharmed."""

import contextlib
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.flow_state import Awaits, BadState, FlowState

counts = st.integers(0, 99_999)
names = st.text(max_size=40)
states = st.builds(
    FlowState,
    awaits=st.sampled_from(Awaits),
    flow_id=names,
    node=names,
    part=counts,
    first=counts,
    told=counts,
    records=st.booleans(),
    plays=st.dictionaries(names, counts, max_size=5).map(lambda plays: tuple(plays.items())),
)


@given(states)
def test_a_state_comes_back_as_it_went(state: FlowState) -> None:
    query = urlencode({"state": state.text})
    assert FlowState.parse(parse_qs(query)["state"][0]) == state


@given(st.text(max_size=60))
def test_whatever_else_comes_is_told(text: str) -> None:
    with contextlib.suppress(BadState):
        assert FlowState.parse(FlowState.parse(text).text)


@pytest.mark.parametrize(
    "text", ["", "dialling", "dial~~~0~0~0~0", "dial~~~-1~0~0~0~", "dial~~~0~0~0~0~a:x", "~" * 9]
)
def test_what_is_no_state(text: str) -> None:
    with pytest.raises(BadState):
        FlowState.parse(text)


def test_a_menu_that_is_heard_again_counts_on() -> None:
    state = FlowState().hears("main").hears("other").hears("main")
    assert (state.heard("main"), state.heard("other"), state.heard("none")) == (2, 1, 0)
