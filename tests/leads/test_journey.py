"""A person's way: in order, with each milestone once."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.leads.journey import Milestone, Stop, StopKind, journey
from swapboard.leads.lead import ContactKind, Lead

stops = st.builds(Stop, kind=st.just(StopKind.VISIT), at=st.integers(0, 100), ref=st.uuids().map(str))
contacts = st.builds(
    Stop, kind=st.sampled_from([StopKind.CALL, StopKind.FORM]), at=st.integers(0, 100), ref=st.uuids().map(str)
)


@given(st.lists(stops), st.lists(contacts, min_size=1), st.none() | st.integers(0, 200))
def test_milestones_stand_once_each(visits: list[Stop], told: list[Stop], qualified_at: int | None) -> None:
    lead = Lead("l", ContactKind.CALL, min(stop.at for stop in told), 100, qualified_at)
    way = journey(lead, visits, told)
    assert [stop.at for stop in way] == sorted(stop.at for stop in way)
    reached = [milestone for stop in way for milestone in stop.milestones]
    assert len(reached) == len(set(reached))
    assert Milestone.FIRST_TOUCH in way[0].milestones
    made = next(stop for stop in way if Milestone.LEAD_CREATED in stop.milestones)
    assert made.at == lead.created_at
    assert (Milestone.QUALIFIED in reached) == (qualified_at is not None)


def test_the_visit_comes_before_the_call_that_it_made() -> None:
    lead = Lead("l", ContactKind.CALL, 10, 10)
    way = journey(lead, [Stop(StopKind.VISIT, 10, "z")], [Stop(StopKind.CALL, 10, "a")])
    assert [stop.kind for stop in way] == [StopKind.VISIT, StopKind.CALL]


def test_the_call_comes_before_the_verdict_on_it() -> None:
    lead = Lead("l", ContactKind.CALL, 10, 10, qualified_at=10)
    way = journey(lead, [], [Stop(StopKind.CALL, 10, "a")])
    assert [stop.kind for stop in way] == [StopKind.CALL, StopKind.VERDICT]
