"""Cases that share a server are all tried, and each that fails is told."""

import inspect
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.building import run
from tests.one_server import on_one_server


class Told:
    """Stands in for pytest's subtests, whose failures would be this test's own."""

    def __init__(self) -> None:
        self.passed: list[dict[str, object]] = []
        self.failed: list[dict[str, object]] = []

    @contextmanager
    def test(self, **values: object) -> Iterator[None]:
        try:
            yield
        except AssertionError:
            self.failed.append(values)
        else:
            self.passed.append(values)


def test_each_case_is_tried_and_each_failure_told() -> None:
    tried = []

    @on_one_server(("inner", "more"), [(1, "a"), (2, "b")])
    async def checked(server: str, inner: int, more: str) -> None:
        tried.append((server, inner, more))
        assert inner == 1

    assert list(inspect.signature(checked).parameters) == ["subtests", "server"]
    told = Told()
    run(checked(subtests=told, server="one"))
    assert tried == [("one", 1, "a"), ("one", 2, "b")]
    assert (told.passed, told.failed) == ([{"inner": 1, "more": "a"}], [{"inner": 2, "more": "b"}])


def test_one_in_the_other_is_each_with_each() -> None:
    tried = []

    @on_one_server("outer", [1, 2])
    @on_one_server("inner", [3, 4])
    async def checked(outer: int, inner: int) -> None:
        tried.append((outer, inner))

    run(checked(subtests=Told()))
    assert tried == [(1, 3), (1, 4), (2, 3), (2, 4)]


def test_without_a_case_it_would_try_nothing() -> None:
    with pytest.raises(AssertionError, match="without a case"):
        on_one_server("word", [])


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@on_one_server("word", ["one", "two"])
async def test_pytest_runs_it_with_its_fixtures(tmp_path: object, word: str) -> None:
    assert tmp_path
    assert word in {"one", "two"}
