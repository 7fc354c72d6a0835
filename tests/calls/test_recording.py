"""Who is told what before a call is recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls import step as steps
from swapboard.calls.call import EventKind, Outcome
from swapboard.calls.flow import forward, next_step
from swapboard.calls.flow_event import FlowEvent
from swapboard.calls.flow_state import FlowState
from swapboard.calls.nodes import ConsentNotice, Dial, Flow, Record, Target
from swapboard.calls.recording import (
    ANY_LINE,
    OFF,
    RecordingMode,
    RecordingPolicy,
    is_ours,
    policy_of,
    with_recording,
    with_sound_addresses,
)
from swapboard.calls.recording_law import LAWS, Consent, consent_in
from swapboard.calls.spoken import QUESTION, spoken_language

OFFICE = "+12125550100"
LINE = "+12025550143"
OWN_WORDS = RecordingPolicy(RecordingMode.NOTICE, "Told.")


def _arrive(mode: RecordingMode, region: str | None = None) -> tuple[FlowState, steps.Step]:
    flow = with_recording(forward(OFFICE, 25), RecordingPolicy(mode))
    return next_step(flow, FlowState(), FlowEvent(EventKind.ARRIVED, 0, region=region))


def _press(mode: RecordingMode, state: FlowState, keys: str) -> steps.Act:
    flow = with_recording(forward(OFFICE, 25), RecordingPolicy(mode))
    return next_step(flow, FlowState.parse(state.text), FlowEvent(EventKind.KEYS, 0, keys=keys))[1].act


def test_nothing_is_recorded_unless_somebody_said_so() -> None:
    flow = forward(OFFICE, 25)

    assert with_recording(flow, policy_of({}, LINE)) == flow
    assert policy_of({ANY_LINE: RecordingPolicy(RecordingMode.NOTICE), LINE: OFF}, LINE) is OFF
    assert policy_of({ANY_LINE: RecordingPolicy(RecordingMode.NOTICE)}, LINE).mode is RecordingMode.NOTICE


def test_a_notice_is_heard_before_the_recorded_talk() -> None:
    _state, step = _arrive(RecordingMode.NOTICE)

    assert [prompt.text for prompt in step.prompts] == [RecordingPolicy().notice]
    assert isinstance(step.act, steps.Dial)
    assert step.act.records


@pytest.mark.parametrize(
    ("mode", "file"), [(RecordingMode.NOTICE, "notice"), (RecordingMode.KEYPRESS, "question")]
)
def test_a_sound_is_heard_in_place_of_the_words_which_stay_for_when_it_is_gone(
    mode: RecordingMode, file: str
) -> None:
    told = RecordingPolicy(mode, "Told.", "Asked?", "sound:Told", "sound:Asked")
    assert told.sounds == {"Told", "Asked"}
    there = {"Told": "https://a.example.com/notice.wav", "Asked": "https://a.example.com/question.wav"}
    for addresses, heard in ((there, f"https://a.example.com/{file}.wav"), ({}, "")):
        flow = with_recording(forward(OFFICE, 25), with_sound_addresses(told, addresses))
        arrived = FlowEvent(EventKind.ARRIVED, 0, own_sounds="https://a.example.com/")
        _state, step = next_step(flow, FlowState(), arrived)
        assert [(prompt.text, prompt.file, prompt.is_notice) for prompt in step.prompts] == [
            ({"notice": "Told.", "question": "Asked?"}[file], heard, True)
        ]


@pytest.mark.parametrize("own_sounds", ["", "https://calls.example.com/sounds/"])
@pytest.mark.parametrize(("mode", "words"), [(RecordingMode.NOTICE, "Told."), (RecordingMode.KEYPRESS, "Asked?")])
def test_a_sound_from_elsewhere_is_followed_by_the_words(mode: RecordingMode, words: str, own_sounds: str) -> None:
    """Whether the carrier could fetch it nobody tells us, and the recording goes on."""
    there = "https://a.example.com/sounds/told.wav"
    policy = with_sound_addresses(RecordingPolicy(mode, "Told.", "Asked?", there, there), {})
    flow = with_recording(forward(OFFICE, 25), policy)
    _state, step = next_step(flow, FlowState(), FlowEvent(EventKind.ARRIVED, 0, own_sounds=own_sounds))
    told = [(prompt.text, prompt.file, prompt.is_notice) for prompt in step.prompts]
    assert told == [("", there, False), (words, "", True)]


@pytest.mark.parametrize(("key", "begins"), [(None, "Dieses"), ("1", "Wir"), ("5", "Dieses")])
@pytest.mark.parametrize("file", ["", "sound:Told", "https://a.example.com/told.wav"])
def test_a_flows_own_notice_has_words_in_any_case(file: str, key: str | None, begins: str) -> None:
    """Where its sound was removed, or comes from elsewhere, we have words of our own; they name the key 1 only."""
    notice = ConsentNotice(file=file, agree_key=key, then="record", declined="ring")
    office = Dial(targets=(Target(OFFICE),))
    flow = Flow("told", {"told": notice, "record": Record(then="ring"), "ring": office}, "de-DE")
    _state, step = next_step(flow, FlowState(), FlowEvent(EventKind.ARRIVED, 0))
    *_sounds, told = step.prompts
    assert told.text.startswith(begins)
    assert told.is_notice


@pytest.mark.parametrize(("language", "begins"), [("de-DE", "Dieses"), ("fr-CA", "Cet"), ("ja-JP", "This")])
def test_our_words_are_said_in_the_flows_language_and_the_owners_as_they_stand(language: str, begins: str) -> None:
    flow = forward(OFFICE, 25, language)
    for policy, said in ((RecordingPolicy(RecordingMode.NOTICE), begins), (OWN_WORDS, "Told.")):
        _state, step = next_step(with_recording(flow, policy), FlowState(), FlowEvent(EventKind.ARRIVED, 0))
        assert step.prompts[0].text.startswith(said)
        assert step.prompts[0].language == language


@pytest.mark.parametrize(
    ("language", "country", "spoken"),
    [
        (None, "US", "en-US"),
        (None, "GB", "en-GB"),
        ("de", "AT", "de-DE"),
        ("fr", "CA", "fr-CA"),
        ("xx", "DE", "en-US"),
    ],
)
def test_in_which_voice_a_company_speaks(language: str | None, country: str, spoken: str) -> None:
    assert spoken_language(language, country) == spoken


@pytest.mark.parametrize(("keys", "records"), [("1", True), ("2", False), ("", False)])
def test_only_who_presses_the_key_is_recorded_and_everybody_gets_through(keys: str, records: bool) -> None:
    state, step = _arrive(RecordingMode.KEYPRESS)
    assert isinstance(step.act, steps.Ask)
    assert step.prompts[0].text == QUESTION

    dial = _press(RecordingMode.KEYPRESS, state, keys)

    assert isinstance(dial, steps.Dial)
    assert dial.numbers == (OFFICE,)
    assert dial.records is records


@pytest.mark.parametrize(
    ("region", "is_asked"),
    [("US-NY", False), ("US-CA", True), ("US", False), ("GB", False), ("DE", True), ("BR", True), (None, True)],
)
def test_the_law_of_the_callers_place_decides(region: str | None, is_asked: bool) -> None:
    _state, step = _arrive(RecordingMode.BY_LAW, region)

    assert isinstance(step.act, steps.Ask) is is_asked
    assert step.prompts


@given(st.sampled_from([RecordingMode.NOTICE, RecordingMode.KEYPRESS, RecordingMode.BY_LAW]), st.text(max_size=6))
def test_no_talk_is_recorded_before_something_was_said(mode: RecordingMode, region: str) -> None:
    state, step = _arrive(mode, region)

    assert step.prompts
    if isinstance(step.act, steps.Ask):
        assert not state.records


@pytest.mark.parametrize("mode", [mode for mode in RecordingMode if mode is not RecordingMode.OFF])
def test_the_owners_flow_goes_on_as_it_would(mode: RecordingMode) -> None:
    state, step = _arrive(mode, "US-CA")
    if isinstance(step.act, steps.Ask):
        flow = with_recording(forward(OFFICE, 25), RecordingPolicy(mode))
        state, step = next_step(flow, state, FlowEvent(EventKind.KEYS, 0, keys="1"))
    flow = with_recording(forward(OFFICE, 25), RecordingPolicy(mode))

    after = next_step(flow, state, FlowEvent(EventKind.DIAL_ENDED, 0, outcome=Outcome.ANSWERED))[1]

    assert isinstance(after.act, steps.HangUp)
    assert any(not is_ours(name) for name in step.path)


def test_every_law_names_its_source_and_what_is_unknown_is_treated_strictly() -> None:
    assert all(law.source and law.name for law in LAWS.values())
    assert consent_in("US-WA") is Consent.ALL
    assert consent_in("US-TX") is Consent.ONE
    assert consent_in("XX") is Consent.ALL
