"""Every carrier through the same forty stories, by real HTTP into the real application."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from swapboard.calls.call import Call
from swapboard.calls.flow_state import Awaits, FlowState
from swapboard.calls.step import Dial, Step
from swapboard.carriers.base import Links
from swapboard.carriers.installed import carrier_kind
from tests.carriers.stories.book import STORIES
from tests.carriers.stories.cast import CAST
from tests.carriers.stories.plug import Plug
from tests.carriers.stories.story import Story, Told, Trouble
from tests.carriers.stories.table import PAGE, page
from tests.carriers.stories.theatre import Played, Theatre, theatre
from tests.connections import KEPT
from tests.databases import migrated_postgresql


@contextmanager
def opened(plug: Plug, folder: Path, database_url: str) -> Iterator[tuple[BlockingPortal, Theatre]]:
    """A theatre in a thread of its own, which ends with the block."""
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(theatre(plug, folder, database_url)) as stage,
    ):
        yield portal, stage


@contextmanager
def database(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated one of its own."""
    if kind == "postgresql":
        with migrated_postgresql(request.getfixturevalue("postgresql_url")) as url:
            yield f"{url}&application_name={KEPT}"
    else:
        shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "swapboard.db")
        yield f"sqlite:///{folder / 'swapboard.db'}"


@pytest.fixture(
    scope="module",
    # What a database does differently does not depend on the carrier: one of them is enough.
    params=[*((plug, "sqlite") for plug in CAST), (CAST[0], "postgresql")],
    ids=lambda param: param[0].kind if param[1] == "sqlite" else f"{param[0].kind}-{param[1]}",
)
def stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[BlockingPortal, Theatre]]:
    """One server a carrier, for all its stories."""
    plug: Plug
    plug, kind = request.param
    folder = tmp_path_factory.mktemp(plug.kind)
    with pytest.MonkeyPatch.context() as patch, database(kind, folder, request) as url:
        patch.setattr("swapboard.switchboard.exchange.DRAIN_SECONDS", 0.02)
        patch.setattr("swapboard.switchboard.exchange.REFRESH_SECONDS", 0.02)
        with opened(plug, folder, url) as made:
            yield made


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story(stage: tuple[BlockingPortal, Theatre], story: Story) -> None:
    portal, at = stage
    played = portal.call(at.play, story)
    told = expected(at.plug, story)
    if told is None:
        assert (played.result.completed, played.call, played.row) == (False, None, None)
        return
    assert played.result.completed, played.result.problem
    assert played.call is not None
    assert facts(played.call, told) == asdict(told)
    check_row(played)
    assert story.hears in " ".join(played.result.heard)
    check_trouble(at.plug, story, played)


def expected(plug: Plug, story: Story) -> Told | None:
    """What the book tells, or how it is with this carrier."""
    differs = plug.differs.get(story.name)
    return replace(story.told, **differs.told) if differs and story.told else story.told


def facts(call: Call, told: Told) -> dict[str, object]:
    """The call in the story's words; what the story does not tell of is taken as it is told."""
    legs = tuple(sorted((leg.number or "", leg.status.value) for leg in call.legs))
    return asdict(
        Told(
            status=call.status,
            talk_seconds=call.talk_seconds or 0,
            ring_seconds=call.ring_seconds if told.ring_seconds is not None else None,
            greeting_seconds=call.greeting_seconds or 0,
            voicemail_seconds=call.voicemail_seconds,
            destination=call.destination if told.destination else None,
            path=call.path,
            caller=call.caller,
            caller_name=call.caller_name,
            attestation=call.attestation,
            recorded=call.recording_ref is not None,
            legs=None if told.legs is None else legs,
        )
    )


def check_row(played: Played) -> None:
    """What the database has of the call is what its events fold to."""
    call, row = played.call, played.row
    assert call is not None
    assert row is not None
    names = ("status", "ring_seconds", "talk_seconds", "greeting_seconds", "voicemail_seconds", "destination")
    assert {name: row[name] for name in names} == {name: getattr(call, name) for name in names}
    assert row["ended_at"] is not None
    assert row["caller_withheld"] == call.withheld == (call.caller is None)


def check_trouble(plug: Plug, story: Story, played: Played) -> None:
    """What the trouble was, was there, and what we made of it."""
    if story.trouble is Trouble.REPLAYED:
        assert played.replayed
        fine = {200, 204} if plug.replay_status == 204 else {plug.replay_status}
        assert set(played.replayed) <= fine
    elif story.trouble is not Trouble.ANSWER_LOST:
        assert played.result.problem is None


def test_there_are_forty_stories_each_told_once() -> None:
    assert len(STORIES) == 40
    assert len({story.name for story in STORIES}) == 40


def test_what_differs_is_in_a_story_of_the_book() -> None:
    names = {story.name for story in STORIES}
    for plug in CAST:
        assert set(plug.differs) <= names


@pytest.mark.parametrize("plug", CAST, ids=lambda plug: plug.kind)
def test_no_carrier_is_asked_to_keep_a_line_that_it_ends(plug: Plug) -> None:
    carrier = carrier_kind(plug.kind).open(plug.credentials)
    links, state = Links("https://calls.example.com", "c1"), FlowState(awaits=Awaits.DIAL, told=1)
    plain, keeping = (Step(Dial(("+12025550101",), 20, keeps_leg=keeps)) for keeps in (False, True))
    assert carrier.render(keeping, state, links) == carrier.render(plain, state, links)


def test_the_table_in_the_docs_is_as_it_is_now() -> None:
    assert PAGE.read_text() == page(), "run .venv/bin/python -m tests.carriers.stories.table"
