"""What holds for every destination."""

import pytest

from swapboard.conversions.destinations.base import destination_kind, installed

_SIGNS_ONLY = {"webhook"}
"""Its secrets sign what is sent, and are not sent."""


@pytest.mark.parametrize("name", sorted(set(installed()) - _SIGNS_ONLY))
def test_every_address_that_secrets_go_to_is_known_as_one(name: str) -> None:
    fields = destination_kind(name).fields
    if any(field.secret for field in fields):
        addresses = {each for each in fields if each.name.endswith("url") and not each.secret}
        assert all(each.gets_secrets for each in addresses), name
