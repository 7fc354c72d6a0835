"""Invariant 5: events in any order, repeated any number of times, fold to the same call."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import Call, CallEvent, EventKind, Facts, Leg, LegStatus, Outcome, Status
from swapboard.calls.fold import fold

TRACKING = "+12025550143"
CALLER = "+12125550111"
SHOP = "+12025550101"
HOME = "+12025550102"
ARRIVED_AT = 1_795_500_000_000

STATUS_OF = {
    Outcome.ANSWERED: Status.ANSWERED,
    Outcome.BUSY: Status.BUSY,
    Outcome.NO_ANSWER: Status.MISSED,
    Outcome.FAILED: Status.FAILED,
    Outcome.CANCELED: Status.MISSED,
}
FINAL = {*STATUS_OF.values(), Status.VOICEMAIL, Status.BLOCKED, Status.ABANDONED}


def own(kind: EventKind, after_seconds: float, **facts: object) -> CallEvent:
    known = {"dialled": TRACKING, "caller": CALLER} | facts
    return CallEvent("CA1", "", kind, 0, at(after_seconds), Facts(**known))  # type: ignore[arg-type]


def of_leg(kind: EventKind, after_seconds: float, leg_ref: str = "CA2", **facts: object) -> CallEvent:
    sequence = {EventKind.LEG_STARTED: 0, EventKind.LEG_RINGING: 1, EventKind.LEG_ANSWERED: 2}.get(kind, 3)
    known = {"leg_number": SHOP} | facts
    return CallEvent("CA1", leg_ref, kind, sequence, at(after_seconds), Facts(**known))  # type: ignore[arg-type]


def at(after_seconds: float) -> int:
    return ARRIVED_AT + round(after_seconds * 1000)


ANSWERED_STORY = (
    own(EventKind.ARRIVED, 0),
    of_leg(EventKind.LEG_STARTED, 0.2),
    of_leg(EventKind.LEG_RINGING, 1),
    of_leg(EventKind.LEG_ANSWERED, 4),
    of_leg(EventKind.LEG_ENDED, 67, outcome=Outcome.ANSWERED, talk_seconds=63),
    own(EventKind.DIAL_ENDED, 67, outcome=Outcome.ANSWERED, talk_seconds=63),
    own(EventKind.CALL_ENDED, 68),
)


def without(story: Sequence[CallEvent], *kinds: EventKind) -> list[CallEvent]:
    return [event for event in story if event.kind not in kinds]


def missed_story(outcome: Outcome) -> list[CallEvent]:
    return [
        own(EventKind.ARRIVED, 0),
        of_leg(EventKind.LEG_STARTED, 0.2),
        of_leg(EventKind.LEG_RINGING, 1),
        of_leg(EventKind.LEG_ENDED, 26, outcome=outcome),
        own(EventKind.DIAL_ENDED, 26, outcome=outcome),
        own(EventKind.CALL_ENDED, 27),
    ]


def test_an_answered_call() -> None:
    assert fold(ANSWERED_STORY) == Call(
        call_ref="CA1",
        status=Status.ANSWERED,
        tracking_number=TRACKING,
        caller=CALLER,
        withheld=False,
        caller_name=None,
        destination=SHOP,
        started_at=at(0),
        answered_at=at(4),
        ended_at=at(67),
        ring_seconds=4,
        talk_seconds=63,
        legs=(Leg("CA2", SHOP, LegStatus.ANSWERED, at(0.2), at(4), at(67)),),
    )


@pytest.mark.parametrize(
    ("told", "status", "leg"),
    [
        (1, Status.RINGING, None),
        (2, Status.RINGING, LegStatus.STARTED),
        (3, Status.RINGING, LegStatus.RINGING),
        (4, Status.IN_PROGRESS, LegStatus.TALKING),
        (5, Status.IN_PROGRESS, LegStatus.ANSWERED),
        (6, Status.ANSWERED, LegStatus.ANSWERED),
        (7, Status.ANSWERED, LegStatus.ANSWERED),
    ],
)
def test_an_answered_call_as_it_goes(told: int, status: Status, leg: LegStatus | None) -> None:
    call = fold(ANSWERED_STORY[:told])
    assert call.status is status
    assert [each.status for each in call.legs] == ([leg] if leg else [])
    assert (call.talk_seconds is None) == (status in {Status.RINGING, Status.IN_PROGRESS})


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.ANSWERED])
def test_a_call_that_nobody_answered(outcome: Outcome) -> None:
    call = fold(missed_story(outcome))
    assert (call.status, call.talk_seconds, call.ring_seconds) == (STATUS_OF[outcome], 0, 26)
    assert call.answered_at is None
    assert call.legs[0].status == LegStatus(outcome.value)


@pytest.mark.parametrize(
    ("lost", "answered_after", "talk_seconds"),
    [
        ({EventKind.ARRIVED}, 4, 63),
        ({EventKind.LEG_ANSWERED}, 4, 63),
        ({EventKind.LEG_ENDED}, 4, 63),
        ({EventKind.DIAL_ENDED}, 4, 63),
        ({EventKind.LEG_ENDED, EventKind.DIAL_ENDED}, 4, 64),
        ({EventKind.LEG_STARTED, EventKind.LEG_RINGING, EventKind.LEG_ANSWERED, EventKind.LEG_ENDED}, 4, 63),
        ({EventKind.LEG_STARTED, EventKind.LEG_RINGING, EventKind.LEG_ANSWERED, EventKind.DIAL_ENDED}, 4, 63),
    ],
)
def test_a_lost_event_leaves_a_gap_not_a_wrong_call(
    lost: set[EventKind], answered_after: int, talk_seconds: int
) -> None:
    call = fold(without(ANSWERED_STORY, *lost))
    assert call.status is Status.ANSWERED
    assert call.answered_at == at(answered_after)
    assert call.talk_seconds == talk_seconds


def test_two_legs_ring_and_the_destination_is_the_one_that_answered() -> None:
    story = [
        own(EventKind.ARRIVED, 0),
        of_leg(EventKind.LEG_STARTED, 0.1, "CA2"),
        of_leg(EventKind.LEG_STARTED, 0.2, "CA3", leg_number=HOME),
        of_leg(EventKind.LEG_ANSWERED, 5, "CA3", leg_number=HOME),
        of_leg(EventKind.LEG_ENDED, 5, "CA2", outcome=Outcome.CANCELED),
        of_leg(EventKind.LEG_ENDED, 15, "CA3", leg_number=HOME, outcome=Outcome.ANSWERED, talk_seconds=10),
        own(EventKind.DIAL_ENDED, 15, outcome=Outcome.ANSWERED, talk_seconds=10),
    ]
    call = fold(story)
    assert (call.destination, call.talk_seconds, call.ring_seconds) == (HOME, 10, 5)
    assert [leg.status for leg in call.legs] == [LegStatus.CANCELED, LegStatus.ANSWERED]


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        ([Outcome.BUSY, Outcome.BUSY], Status.BUSY),
        ([Outcome.FAILED], Status.FAILED),
        ([Outcome.BUSY, Outcome.NO_ANSWER], Status.MISSED),
        ([Outcome.BUSY, Outcome.FAILED], Status.MISSED),
        ([Outcome.CANCELED], Status.MISSED),
    ],
)
def test_when_the_dialling_tells_nothing_the_legs_do(outcomes: list[Outcome], status: Status) -> None:
    ended = [of_leg(EventKind.LEG_ENDED, 9, f"CA{n}", outcome=each) for n, each in enumerate(outcomes, 2)]
    assert fold([own(EventKind.ARRIVED, 0), *ended, own(EventKind.CALL_ENDED, 10)]).status is status


@pytest.mark.parametrize(
    ("outcome", "status"),
    [(None, Status.MISSED), (Outcome.FAILED, Status.FAILED), (Outcome.CANCELED, Status.MISSED)],
)
def test_a_call_that_ended_before_anybody_was_dialled(outcome: Outcome | None, status: Status) -> None:
    assert fold([own(EventKind.ARRIVED, 0), own(EventKind.CALL_ENDED, 2, outcome=outcome)]).status is status


def test_a_short_answer_is_an_answer() -> None:
    story = [own(EventKind.ARRIVED, 0), own(EventKind.DIAL_ENDED, 9, outcome=Outcome.ANSWERED, talk_seconds=0)]
    call = fold(story)
    assert (call.status, call.talk_seconds, call.answered_at) == (Status.ANSWERED, 0, at(9))


@pytest.mark.parametrize(
    ("heard", "status", "leg"),
    [(1, Status.MISSED, None), (3, Status.MISSED, LegStatus.NO_ANSWER), (4, Status.ANSWERED, LegStatus.ANSWERED)],
)
def test_a_call_whose_end_was_never_heard_is_over_but_not_longer_than_we_know(
    heard: int, status: Status, leg: LegStatus | None
) -> None:
    call = fold([*ANSWERED_STORY[:heard], own(EventKind.GIVEN_UP, 18_000)])
    assert (call.status, call.ended_at, call.talk_seconds) == (status, None, None)
    assert [each.status for each in call.legs] == ([leg] if leg else [])


@pytest.mark.parametrize("story", [ANSWERED_STORY, missed_story(Outcome.BUSY)])
def test_an_end_that_is_heard_after_all_is_the_calls_end(story: Sequence[CallEvent]) -> None:
    assert fold([own(EventKind.GIVEN_UP, 18_000), *story]) == fold(story)


def test_a_withheld_number_stays_unknown_even_if_another_event_names_it() -> None:
    story = [own(EventKind.ARRIVED, 0, caller=None, withheld=True), own(EventKind.CALL_ENDED, 9)]
    call = fold(story)
    assert (call.caller, call.withheld) == (None, True)


def test_times_that_the_carrier_rounds_down_do_not_ring_before_the_call() -> None:
    call = fold([own(EventKind.ARRIVED, 0.7), of_leg(EventKind.LEG_ANSWERED, 0)])
    assert call.started_at == call.answered_at == at(0.7)
    assert call.ring_seconds == 0


def test_a_call_at_the_epoch_starts_there() -> None:
    story = [
        replace(own(EventKind.ARRIVED, 0), happened_at=0),
        replace(own(EventKind.CALL_ENDED, 0), happened_at=5),
    ]
    assert fold(story).started_at == 0


def test_no_event_is_no_call() -> None:
    with pytest.raises(ValueError, match="at least one event"):
        fold([])


numbers = st.sampled_from([TRACKING, CALLER, SHOP, HOME])
any_facts = st.builds(
    Facts,
    dialled=st.none() | numbers,
    caller=st.none() | numbers,
    withheld=st.booleans(),
    caller_name=st.none() | st.sampled_from(["ANN", "BEN"]),
    leg_number=st.none() | numbers,
    outcome=st.none() | st.sampled_from(Outcome),
    talk_seconds=st.none() | st.integers(0, 7200),
    joined_leg=st.none() | st.sampled_from(["CA2", "CA3"]),
    goes_on=st.booleans(),
    message_seconds=st.none() | st.integers(0, 60),
    step=st.none() | st.sampled_from(["dial", "ask", "message", "hang_up", "reject", "join"]),
    is_heard=st.booleans(),
)
any_event = st.builds(
    CallEvent,
    call_ref=st.just("CA1"),
    leg_ref=st.sampled_from(["", "CA2", "CA3"]),
    kind=st.sampled_from(EventKind),
    sequence=st.integers(0, 3),
    happened_at=st.integers(0, 20_000),
    facts=any_facts,
)


@st.composite
def stories(draw: st.DrawFn) -> list[CallEvent]:
    """What a carrier tells of one call, in the order in which it happens."""
    outcome = draw(st.sampled_from(Outcome))
    withheld = draw(st.booleans())
    caller = None if withheld else CALLER
    refs = draw(st.sampled_from([["CA2"], ["CA2", "CA3"], ["CA2", "CA3", "CA4"]]))
    ring, talk = draw(st.floats(0.5, 60)), draw(st.integers(0, 7200)) if outcome is Outcome.ANSWERED else 0
    by = {"caller": caller, "withheld": withheld}
    story = [own(EventKind.ARRIVED, 0, **by)]
    story += [of_leg(EventKind.LEG_STARTED, 0.1 + n / 100, ref) for n, ref in enumerate(refs)]
    story += [of_leg(EventKind.LEG_RINGING, 0.3 + n / 100, ref) for n, ref in enumerate(refs)]
    first, *others = refs
    if outcome is Outcome.ANSWERED:
        story.append(of_leg(EventKind.LEG_ANSWERED, ring, first))
    unanswered = Outcome.CANCELED if outcome is Outcome.ANSWERED else outcome
    story += [of_leg(EventKind.LEG_ENDED, ring, ref, outcome=unanswered) for ref in others]
    counted = talk if outcome is Outcome.ANSWERED else None
    told = {"outcome": outcome, "talk_seconds": counted}
    story.append(of_leg(EventKind.LEG_ENDED, ring + talk, first, **told))
    story.append(own(EventKind.DIAL_ENDED, ring + talk + 0.1, **by, **told))
    story.append(own(EventKind.CALL_ENDED, ring + talk + 0.2, **by))
    return story


@st.composite
def flow_stories(draw: st.DrawFn) -> list[CallEvent]:
    """What is told of one call through a flow: menus, phones one after the other, screened or not, a message."""
    moment, told = 0.0, 0
    story = [own(EventKind.ARRIVED, 0)]

    def ask(kind: EventKind, step: str, **facts: object) -> None:
        nonlocal told
        goes_on = {"goes_on": step != "hang_up"} if kind is EventKind.DIAL_ENDED else {}
        heard = step in {"ask", "message"}
        story.append(replace(own(kind, moment, **facts, **goes_on), sequence=told))
        story.append(
            replace(own(EventKind.ROUTED, moment, step=step, is_heard=heard, path=(step,)), sequence=told)
        )
        told += 1

    story.pop()
    ask(EventKind.ARRIVED, "ask")
    for _ in range(draw(st.integers(0, 2))):
        moment += draw(st.integers(1, 20))
        ask(EventKind.KEYS, "ask", keys="9")
    moment += 2
    ask(EventKind.KEYS, "dial", keys="1")
    screened, takes = draw(st.booleans()), draw(st.integers(0, 2))
    for number in range(2):
        ref, joined = f"CA{number + 2}", number == takes
        facts = {"screened": screened}
        moment += 1
        story.append(of_leg(EventKind.LEG_STARTED, moment, ref, **facts))
        moment += draw(st.integers(1, 20))
        if joined or screened:
            story.append(of_leg(EventKind.LEG_ANSWERED, moment, ref, **facts))
        if screened:
            step = "join" if joined else "hang_up"
            story.append(of_leg(EventKind.LEG_KEYS, moment, ref, **facts))
            story.append(replace(of_leg(EventKind.ROUTED, moment, ref, step=step, **facts), sequence=1))
        talk = draw(st.integers(1, 600)) if joined else 0
        moment += talk
        ended = Outcome.ANSWERED if joined or screened else Outcome.NO_ANSWER
        seconds = {"talk_seconds": talk + 3 * screened} if joined or screened else {}
        story.append(of_leg(EventKind.LEG_ENDED, moment, ref, outcome=ended, **seconds, **facts))
        if joined:
            done = {"outcome": Outcome.ANSWERED, "talk_seconds": talk, "joined_leg": ref}
            ask(EventKind.DIAL_ENDED, "hang_up", **done)
            break
        ask(EventKind.DIAL_ENDED, "dial" if number == 0 else "message", outcome=Outcome.NO_ANSWER)
    else:
        length = draw(st.integers(0, 60))
        moment += length
        ask(EventKind.MESSAGE, "hang_up", message_seconds=length, recording_ref="RE1")
    story.append(own(EventKind.CALL_ENDED, moment + 0.1))
    return story


@st.composite
def shuffled(
    draw: st.DrawFn, events: st.SearchStrategy[list[CallEvent]]
) -> tuple[list[CallEvent], list[CallEvent]]:
    """Events, and the same ones in another order, each told once or more often, the repeats heard later."""
    once = draw(events)
    repeats = draw(st.lists(st.sampled_from(once), max_size=6))
    late = [replace(event, happened_at=event.happened_at + draw(st.integers(0, 5_000))) for event in repeats]
    return once, draw(st.permutations([*once, *late]))


@given(shuffled(stories()))
def test_a_story_in_any_order_and_told_again_is_the_same_call(
    told: tuple[list[CallEvent], list[CallEvent]],
) -> None:
    once, again = told
    assert fold(again) == fold(once)


@given(
    st.lists(any_event, min_size=1, max_size=12).flatmap(
        lambda events: st.tuples(st.just(events), st.permutations(events))
    )
)
def test_even_nonsense_folds_alike_in_any_order(told: tuple[list[CallEvent], list[CallEvent]]) -> None:
    events, again = told
    assert fold([*again, *events]) == fold(events)


@given(shuffled(flow_stories()))
def test_a_call_through_a_flow_in_any_order_and_told_again_is_the_same_call(
    told: tuple[list[CallEvent], list[CallEvent]],
) -> None:
    once, again = told
    assert fold(again) == fold(once)


@given(flow_stories())
def test_a_call_through_a_flow_ends_as_it_went(story: list[CallEvent]) -> None:
    call = fold(story)
    talked = [event.facts.talk_seconds for event in story if event.kind is EventKind.DIAL_ENDED]
    messages = [event.facts.message_seconds for event in story if event.kind is EventKind.MESSAGE]
    talk, message = next(filter(None, talked), 0), next(filter(None, messages), None)
    assert (call.talk_seconds, call.voicemail_seconds) == (talk, message)
    expected = Status.ANSWERED if talk else Status.VOICEMAIL if message else Status.MISSED
    assert call.status is expected
    assert sum(leg.status is LegStatus.ANSWERED for leg in call.legs) == (talk > 0)


@given(flow_stories(), st.data())
def test_a_call_in_a_flow_goes_on_until_it_is_over(story: list[CallEvent], data: st.DataObject) -> None:
    """A dialling that nobody answered is not the call's end: there was more for the caller."""
    ends = [place for place, event in enumerate(story) if event.facts.step == "hang_up" and not event.leg_ref]
    before = story[: data.draw(st.integers(1, ends[0] - 1))]
    assert fold(before).ended_at is None


@given(stories())
def test_a_whole_story_ends_as_its_outcome_says(story: list[CallEvent]) -> None:
    call = fold(story)
    outcome = story[-2].facts.outcome
    assert outcome is not None
    assert call.status is STATUS_OF[outcome]
    assert call.talk_seconds == (story[-2].facts.talk_seconds or 0)
    assert call.caller == story[0].facts.caller


@given(stories(), st.data())
def test_a_beginning_never_contradicts_the_end(story: list[CallEvent], data: st.DataObject) -> None:
    before = fold(story[: data.draw(st.integers(1, len(story)))])
    after = fold(story)
    for field in ("call_ref", "tracking_number", "caller", "withheld", "started_at"):
        assert getattr(before, field) == getattr(after, field)
    for field in ("answered_at", "ended_at", "talk_seconds"):
        assert getattr(before, field) in {None, getattr(after, field)}
    assert before.status in _before(after.status)
    begun = {leg.leg_ref: leg for leg in before.legs}
    for leg in after.legs:
        earlier = begun.get(leg.leg_ref, leg)
        assert earlier.started_at == leg.started_at
        assert earlier.answered_at in {None, leg.answered_at}
        assert earlier.ended_at in {None, leg.ended_at}


def _before(status: Status) -> set[Status]:
    return {Status.RINGING, status} | ({Status.IN_PROGRESS} if status is Status.ANSWERED else set())


@given(st.lists(any_event, min_size=1, max_size=12), any_event)
def test_a_late_event_undoes_nothing(events: list[CallEvent], late: CallEvent) -> None:
    before, after = fold(events), fold([*events, late])
    if before.status in {Status.IN_PROGRESS, Status.ANSWERED}:
        assert after.status in {Status.IN_PROGRESS, Status.ANSWERED}
    if before.status in FINAL:
        assert after.status in FINAL
        assert (after.ended_at is not None) >= (before.ended_at is not None)
    assert {leg.leg_ref for leg in before.legs} <= {leg.leg_ref for leg in after.legs}
    assert after.withheld >= before.withheld


@given(st.lists(any_event, min_size=1, max_size=12))
def test_a_call_is_never_at_odds_with_itself(events: list[CallEvent]) -> None:
    call = fold(events)
    given_up = any(event.kind is EventKind.GIVEN_UP and not event.leg_ref for event in events)
    assert (call.status in FINAL) == (call.ended_at is not None or given_up)
    if call.status in FINAL:
        assert {leg.status for leg in call.legs}.isdisjoint(
            {LegStatus.STARTED, LegStatus.RINGING, LegStatus.TALKING}
        )
    assert (call.talk_seconds is None) == (call.ended_at is None)
    assert not (call.withheld and call.caller)
    assert call.ring_seconds is None or call.ring_seconds >= 0
    assert call.answered_at is None or call.answered_at >= call.started_at
    for leg in call.legs:
        assert (leg.answered_at is not None) == (leg.status in {LegStatus.TALKING, LegStatus.ANSWERED})


def test_an_answer_before_the_key_is_no_answer_yet() -> None:
    """A mailbox answers too: until somebody presses 1, the caller talks to nobody."""
    screened = {"screened": True}
    story = [
        own(EventKind.ARRIVED, 0),
        of_leg(EventKind.LEG_STARTED, 1, **screened),
        of_leg(EventKind.LEG_ANSWERED, 4, **screened),
    ]
    assert (fold(story).status, fold(story).legs[0].status) == (Status.RINGING, LegStatus.RINGING)
    ended = of_leg(EventKind.LEG_ENDED, 12, outcome=Outcome.ANSWERED, talk_seconds=8, **screened)
    missed = fold([*story, ended, own(EventKind.DIAL_ENDED, 12, outcome=Outcome.NO_ANSWER)])
    assert (missed.status, missed.talk_seconds, missed.destination) == (Status.MISSED, 0, SHOP)
    joined = of_leg(EventKind.ROUTED, 7, step="join", **screened)
    talking = fold([*story, joined])
    assert (talking.status, talking.answered_at) == (Status.IN_PROGRESS, at(7))


def test_two_diallings_of_a_call_are_told_apart() -> None:
    first = own(EventKind.DIAL_ENDED, 20, outcome=Outcome.BUSY, goes_on=True)
    second = replace(own(EventKind.DIAL_ENDED, 60, outcome=Outcome.ANSWERED, talk_seconds=30), sequence=1)
    call = fold([own(EventKind.ARRIVED, 0), first, second])
    assert (call.status, call.talk_seconds, call.ended_at) == (Status.ANSWERED, 30, at(60))


def test_a_refused_call_is_blocked() -> None:
    refused = own(EventKind.ROUTED, 0, step="reject")
    assert fold([own(EventKind.ARRIVED, 0), refused, own(EventKind.CALL_ENDED, 0)]).status is Status.BLOCKED


def test_who_leaves_during_the_greeting_has_abandoned_the_call() -> None:
    greeting = own(EventKind.ROUTED, 0, step="dial", is_heard=True)
    call = fold([own(EventKind.ARRIVED, 0), greeting, own(EventKind.CALL_ENDED, 6)])
    assert (call.status, call.greeting_seconds, call.ring_seconds) == (Status.ABANDONED, 6, 0)


def test_news_of_a_leg_that_comes_after_the_talk_does_not_say_when_it_was_answered() -> None:
    told = [
        CallEvent("c1", "", EventKind.ARRIVED, 0, 1_000),
        CallEvent("c1", "l1", EventKind.LEG_ANSWERED, 1, 99_000),
        CallEvent("c1", "", EventKind.DIAL_ENDED, 1, 68_000, Facts(outcome=Outcome.ANSWERED, talk_seconds=63)),
        CallEvent("c1", "", EventKind.CALL_ENDED, 0, 68_000),
    ]
    call = fold(told)
    assert (call.ring_seconds, call.talk_seconds, call.answered_at) == (4, 63, 5_000)
