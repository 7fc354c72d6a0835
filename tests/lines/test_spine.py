"""One call, from one SIPp through us to another: both ends hear the other, and it stands with its visit."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from sqlalchemy import Engine

from tests.building import ON_SQLITE, rows_of, run, until
from tests.lines.conftest import Lines
from tests.lines.sipp import NEEDS_SIPP, sipp
from tests.lines.tone_phone import share_of, tone_phone

OF_CALLER, OF_AGENT = 440, 1_000


@NEEDS_SIPP
@ON_SQLITE
def test_a_call_is_heard_at_both_ends_and_stands_with_its_visit(
    lines: Callable[[], AbstractAsyncContextManager[Lines]], tmp_path: Path, engine: Engine
) -> None:
    async def use() -> None:
        async with lines() as open_lines, tone_phone(OF_CALLER) as caller, tone_phone(OF_AGENT) as agent:
            seen = (await open_lines.server.visit(open_lines.business)).json()
            number = next(iter(seen["swaps"].values()))["number"]
            trunk = sipp("trunk", tmp_path, port=open_lines.trunk_port, audio_port=agent.port)
            async with trunk as answering:
                calling = sipp("caller", tmp_path, to=open_lines.port, audio_port=caller.port, dialled=number)
                async with calling as dialling:
                    agent.to = await answering.partner()
                    caller.to = await dialling.partner()
                    assert await dialling.finished() == 0
                assert await answering.finished() == 0
            await until(lambda: bool(rows_of(engine, "calls", status="answered")))
            (call,) = rows_of(engine, "calls")
            assert (call["tracking_number"], call["caller_number"]) == (number, "+12125550111")
            assert 1 <= call["talk_seconds"] <= 3
            assert (call["attribution_kind"], call["session_id"]) == ("session", seen["session"])
            assert share_of(caller.samples[800:8_000], OF_AGENT) > 0.99
            assert share_of(agent.samples[800:8_000], OF_CALLER) > 0.99
            assert (caller.lost, agent.lost) == (0, 0)

    run(use())
