"""Who may give whom which role: no company is left without an owner, and nobody makes themselves one."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.accounts.company import Role
from swapboard.accounts.membership import GIVEN, Objection, objection

roles = st.sampled_from(GIVEN)
places = st.none() | roles


@given(roles, places, places, st.integers(1, 3))
def test_only_owners_touch_owners(by: Role, before: Role | None, after: Role | None, owners: int) -> None:
    found = objection(by, before, after, owners)

    if found is None and Role.OWNER in {before, after} and before != after:
        assert by is Role.OWNER


@given(st.lists(st.tuples(roles, places), max_size=12), st.integers(1, 3))
def test_there_is_always_an_owner(changes: list[tuple[Role, Role | None]], owners: int) -> None:
    for by, after in changes:
        if objection(by, Role.OWNER, after, owners) is None:
            owners -= after is not Role.OWNER
        assert owners >= 1


def test_it_says_why() -> None:
    assert objection(Role.ADMIN, Role.OWNER, Role.ADMIN, 2) is Objection.OWNERS_ONLY
    assert objection(Role.ADMIN, Role.AGENT, Role.OWNER, 2) is Objection.OWNERS_ONLY
    assert objection(Role.OWNER, Role.OWNER, None, 1) is Objection.LAST_OWNER
    assert objection(Role.OWNER, Role.OWNER, None, 2) is None
    assert objection(Role.ADMIN, Role.ADMIN, Role.AGENT, 1) is None
    assert objection(Role.ADMIN, None, Role.ADMIN, 1) is None
