"""Many cases on one server, for what changes nothing: most of a case's time went into a server of its own."""

import inspect
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., Awaitable[None]]


def on_one_server(names: str | Sequence[str], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, each case a subtest: what fails is told by itself, and the rest is tried."""
    known = list(cases)
    assert known, "without a case, the test would pass and have tried nothing"

    def decorate(test: Test) -> Test:
        async def with_each(subtests: pytest.Subtests, **fixtures: Any) -> None:
            if "subtests" in wanted:
                fixtures["subtests"] = subtests
            for case in known:
                values = {names: case} if isinstance(names, str) else dict(zip(names, case, strict=True))
                with subtests.test(**values):
                    await test(**fixtures, **values)

        wanted = inspect.signature(test).parameters
        given = {names} if isinstance(names, str) else set(names)
        theirs = [each for name, each in wanted.items() if name not in given | {"subtests"}]
        subtests = inspect.Parameter("subtests", inspect.Parameter.POSITIONAL_OR_KEYWORD)
        with_each.__signature__ = inspect.Signature([subtests, *theirs])  # type: ignore[attr-defined]
        with_each.__name__, with_each.__doc__, with_each.__module__ = test.__name__, test.__doc__, test.__module__
        return with_each

    return decorate
