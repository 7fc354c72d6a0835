"""Packages of carriers and destinations are loaded when somebody first asks for them, in whatever language."""

from collections.abc import Callable
from types import ModuleType

import pytest

from swapboard.carriers import base as carriers
from swapboard.conversions.destinations import installed as destinations
from swapboard.language import current, speaking


class _Package:
    """Of which we want to know the language in which its tables of texts would be made."""

    name = "fake"

    def load(self) -> str:
        return current()


@pytest.mark.parametrize(
    ("base", "kind"), [(carriers, carriers.carrier_kind), (destinations, destinations.destination_kind)]
)
def test_the_first_who_asks_does_not_decide_the_language_of_all(
    base: ModuleType, kind: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "entry_points", lambda **_asked: [_Package()])
    with speaking("de"):
        assert kind("fake") == "en"
        assert current() == "de"


@pytest.mark.parametrize("base", [carriers, destinations])
def test_what_is_installed_is_looked_for_once(base: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    told = base.installed()
    monkeypatch.setattr(base, "entry_points", lambda **_asked: [_Package()])
    assert base.installed() == told != ()
