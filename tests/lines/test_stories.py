"""The carriers' forty stories on own lines: the conversation, which both engines share, in virtual time.

What SIP itself makes of a call, `test_calls.py` tries with SIPp.
"""

import asyncio
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from swapboard.calls.event_store import events_of_calls
from swapboard.calls.fold import fold
from swapboard.carriers.sandbox.dialling import DialRequest
from swapboard.lines.conversation import Conversation
from swapboard.lines.desk import Desk
from swapboard.lines.side import Arrival
from swapboard.storage.engine import open_engine, reading, writing
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.guidance import Guide
from swapboard.switchboard.keeping import Keeper
from tests.building import NOW, Business, open_business, rows_of, settings_of, without_database
from tests.carriers.stories.book import STORIES
from tests.carriers.stories.own_lines import NOT_HERE
from tests.carriers.stories.story import CALLER, Story, Trouble
from tests.carriers.stories.test_stories import facts
from tests.carriers.stories.theatre import UNKNOWN, _install, number_of
from tests.lines.actors import CallerActor, Network
from tests.lines.virtual_loop import VirtualLoop

PLAYED = [story for story in STORIES if story.name not in NOT_HERE]


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> tuple[Path, Business]:
    """A folder with a database in which every story has its number and flow."""
    folder = tmp_path_factory.mktemp("lines")
    shutil.copy(migrated_sqlite, folder / "swapboard.db")
    engine = open_engine(f"sqlite:///{folder / 'swapboard.db'}")
    with writing(engine) as connection:
        business = open_business(connection, carrier_kind="lines")
        for story in STORIES:
            _install(connection, business, story)
    engine.dispose()
    return folder, business


@pytest.mark.parametrize("story", PLAYED, ids=lambda story: story.name)
def test_a_story(theatre: tuple[Path, Business], story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SWEEP", "REFRESH", "DRAIN", "CHORES", "RECONCILE", "SCALE", "DELIVER"):
        monkeypatch.setattr(f"swapboard.switchboard.exchange.{name}_SECONDS", 1e6)
    folder, business = theatre
    url = f"sqlite:///{folder / 'swapboard.db'}"
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        caller = runner.run(play(folder, url, business, story))
    engine = open_engine(url)
    told = story.told
    assert told is not None
    call_ref = caller.arrival.call_ref
    with reading(engine) as connection:
        events = events_of_calls(connection, business.company_id, business.carrier_id, [call_ref])[call_ref]
    call = fold(events)
    (row,) = rows_of(engine, "calls", company_id=business.company_id, call_ref=call_ref)
    engine.dispose()
    assert facts(call, told) == asdict(told)
    assert (row["status"], row["talk_seconds"]) == (call.status, call.talk_seconds)
    assert story.hears in " ".join(caller.heard)


async def play(folder: Path, url: str, business: Business, story: Story) -> CallerActor:
    """The whole story; the answer is the last call's caller."""
    loop = asyncio.get_running_loop()
    exchange = Exchange(settings_of(folder, url), lambda: NOW + round(loop.time() * 1_000))
    await exchange.start()
    try:
        account = exchange.directory.routes.carriers[business.carrier_id]
        keeper, guide = Keeper(exchange), Guide(exchange)
        for turn in range(story.calls_before + 1):
            caller = CallerActor(arrival(story, turn), DialRequest(**words(story)))
            network = Network(DialRequest(**words(story)))
            conversation = Conversation(caller, network, Desk(exchange, account, guide, keeper))
            if story.trouble is Trouble.DATABASE_AWAY:
                with without_database(url, exchange.engine):
                    await conversation.run()
                    await keeper.finish()
            else:
                await conversation.run()
            await keeper.finish()
        await exchange.drain.look()
        return caller
    finally:
        await exchange.stop()


def words(story: Story) -> dict[str, Any]:
    """What the story's people do; what is told of the caller stands in the arrival."""
    return {"to": number_of(story), "caller": CALLER, "talk_seconds": 60} | dict(story.does)


def arrival(story: Story, turn: int) -> Arrival:
    does = {"caller": CALLER} | dict(story.does)
    return Arrival(
        call_ref=f"{STORIES.index(story)}x{turn}",
        dialled=UNKNOWN if story.trouble is Trouble.UNKNOWN_NUMBER else number_of(story),
        caller=does["caller"],
        withheld=does["caller"] is None,
        caller_name=does.get("caller_name"),
        attestation=does.get("attestation"),
    )


def test_what_is_not_played_stands_in_the_docs_with_its_reason() -> None:
    page = (Path(__file__).parents[2] / "docs/lines.md").read_text()
    for name, why in NOT_HERE.items():
        assert f"| {name} | {why} |" in page
    assert f"{len(PLAYED)} of the {len(STORIES)}" in page
