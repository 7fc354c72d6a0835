"""What holds for every destination."""

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from swapboard.conversions.destinations import installed as registry
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind, installed, usable
from swapboard.conversions.destinations.request import Answer

_SIGNS_ONLY = {"webhook"}
"""Its secrets sign what is sent, and are not sent."""


@pytest.mark.parametrize("name", sorted(set(installed()) - _SIGNS_ONLY))
def test_every_address_that_secrets_go_to_is_known_as_one(name: str) -> None:
    fields = destination_kind(name).fields
    if any(field.secret for field in fields):
        addresses = {each for each in fields if each.name.endswith("url") and not each.secret}
        assert all(each.gets_secrets for each in addresses), name


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "90"}, 90.0),
        (
            {"retry-after": "Wed, 18 Nov 2026 11:08:10 GMT", "date": "Wed, 18 Nov 2026 11:06:40 GMT"},
            90.0,
        ),
        ({"retry-after": "Wed, 18 Nov 2026 11:00:00 GMT", "date": "Wed, 18 Nov 2026 11:06:40 GMT"}, 0.0),
        ({"retry-after": "Wed, 18 Nov 2026 11:08:10 GMT"}, None),
        ({"retry-after": "soon", "date": "Wed, 18 Nov 2026 11:06:40 GMT"}, None),
        ({"retry-after": "9" * 400}, 604_800.0),
        ({}, None),
    ],
)
def test_a_platform_s_wish_to_wait_is_kept_in_both_its_forms(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert by_status(Answer(429, headers, b"")).retry_after_seconds == seconds


def test_a_package_that_cannot_be_loaded_leaves_the_others_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = next(
        point for point in registry.entry_points(group="swapboard.destinations") if point.name == "webhook"
    )
    theirs = EntryPoint("theirs", "no_such_package:kind", "swapboard.destinations")
    monkeypatch.setattr(registry, "entry_points", lambda **asked: EntryPoints([ours, theirs]).select(**asked))
    monkeypatch.setattr(registry, "installed", registry.installed.__wrapped__)
    assert list(usable()) == ["webhook"]
    with pytest.raises(UnknownDestination, match="its package is broken: ModuleNotFoundError"):
        destination_kind("theirs")
