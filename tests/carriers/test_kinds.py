"""Packages of carriers and destinations are loaded when somebody first asks for them, in whatever language."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from types import ModuleType, SimpleNamespace

import pytest

from swapboard.carriers import installed as carriers
from swapboard.conversions.destinations import installed as destinations
from swapboard.language import current, speaking


@dataclass
class _Adapter:
    """A third party's, of which we ask one thing only; `loaded` stands for its package."""

    loaded: object
    name: str = "fake"

    def load(self) -> object:
        return self.loaded


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


@pytest.mark.parametrize(
    ("adapter", "by_line"),
    [
        (SimpleNamespace(), False),
        (SimpleNamespace(rings_by_line=False), False),
        (SimpleNamespace(rings_by_line=True), True),
    ],
    ids=["of before", "with doors", "line"],
)
def test_a_package_says_whether_it_rings_by_line(
    adapter: object, by_line: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "entry_points", lambda **_asked: [_Adapter(adapter)])
    carriers.carrier_kind.cache_clear()
    assert carriers.rings_by_line("fake") is by_line
    carriers.carrier_kind.cache_clear()


def test_a_package_that_cannot_be_loaded_leaves_the_others_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = next(point for point in entry_points(group="swapboard.carriers") if point.name == "twilio")
    theirs = EntryPoint("theirs", "no_such_package:carrier", "swapboard.carriers")
    monkeypatch.setattr(carriers, "entry_points", lambda **asked: EntryPoints([ours, theirs]).select(**asked))
    monkeypatch.setattr(carriers, "installed", carriers.installed.__wrapped__)
    assert list(carriers.usable()) == ["twilio"]
    assert not carriers.rings_by_line("theirs")
    with pytest.raises(carriers.BrokenCarrier, match="its package is broken: ModuleNotFoundError"):
        carriers.carrier_kind("theirs")


def test_which_of_ours_ring_by_line() -> None:
    assert [kind for kind in carriers.installed() if carriers.rings_by_line(kind)] == ["asterisk", "lines"]
    assert not carriers.rings_by_line("one that is not installed any more")
