"""Scopes only take away, and no key hands on more than it has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.accounts.rights import Resource
from swapboard.accounts.scopes import AREA_OF, SCOPES, allow, are_within, read_scopes, wanted_scopes

scopes = st.sets(st.sampled_from(SCOPES), max_size=4).map(read_scopes)
methods = st.sampled_from(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"])


def test_every_resource_is_in_one_area() -> None:
    assert set(AREA_OF) == set(Resource)


def test_what_is_no_scope_is_told_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no scope 'reed'; there are: read, write, read:calls"):
        read_scopes(["read", "reed"])


@given(scopes, methods, st.sampled_from(Resource))
def test_reading_is_less_than_changing_and_one_area_less_than_all(
    held: tuple[str, ...], method: str, resource: Resource
) -> None:
    is_look = method in {"GET", "HEAD"}
    area = AREA_OF[resource].value
    expected = not held or any(
        (deed == "write" or is_look) and (not of or of == area)
        for deed, _colon, of in (scope.partition(":") for scope in held)
    )
    assert allow(held, method, resource) is expected
    assert not held or allow(held, method, resource) == bool({*wanted_scopes(method, resource)} & {*held})


@given(scopes, scopes)
def test_within_means_nothing_is_gained(inner: tuple[str, ...], outer: tuple[str, ...]) -> None:
    gained = [
        (method, resource)
        for method in ("GET", "DELETE")
        for resource in Resource
        if allow(inner, method, resource) and not allow(outer, method, resource)
    ]
    # Without scopes a key may also what will be added to the API one day.
    assert are_within(inner, outer) is (not gained and (bool(inner) or not outer))
