"""What can wait takes turns, and what cannot comes in between."""

import asyncio

from swapboard.web.giving_way import StepsAside
from tests.building import run


def test_between_two_pieces_the_loop_turns_to_others() -> None:
    async def use() -> list[str]:
        aside, done = StepsAside(), []

        async def piece(name: str) -> None:
            await aside.turn()
            done.append(name)
            if name == "first":
                # As a request that comes in meanwhile.
                asyncio.get_running_loop().call_soon(done.append, "a question")

        await asyncio.gather(*(piece(name) for name in ("first", "second", "third")))
        return done

    assert run(use()) == ["first", "a question", "second", "third"]


def test_who_goes_away_keeps_nobody_waiting() -> None:
    async def use() -> None:
        aside = StepsAside()
        waiting = [asyncio.create_task(aside.turn()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[1].cancel()
        await waiting[2]

    run(use())


def test_where_too_many_wait_nobody_else_does() -> None:
    async def use() -> list[str]:
        aside, done = StepsAside(most_waiting=2), []

        async def piece(name: str) -> None:
            await aside.turn()
            done.append(name)

        await asyncio.gather(*(piece(name) for name in ("first", "second", "third", "fourth")))
        await piece("later")
        return done

    assert run(use()) == ["third", "fourth", "first", "second", "later"]
