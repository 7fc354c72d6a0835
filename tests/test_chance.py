"""Each test's chance is its own, and so is that of what several tests share."""

import secrets

import pytest

from swapboard.storage.ids import new_id
from tests import chance

pytestmark = pytest.mark.skipif(bool(chance.SEED), reason="other chance was asked for")


@pytest.fixture(scope="module")
def shared() -> tuple[str, int]:
    return new_id(0), secrets.randbits(16)


@pytest.fixture
def before() -> str:
    """The test's first id, drawn before what is shared is made."""
    return new_id(0)


def test_what_is_shared_is_the_same_whichever_test_ran_before(before: str, request: pytest.FixtureRequest) -> None:
    assert request.getfixturevalue("shared") == ("000000000000baaa0b835b23c440623e", 11753)
    after = new_id(0)
    chance.begin(request.node.nodeid)
    assert [new_id(0), new_id(0)] == [before, after]
