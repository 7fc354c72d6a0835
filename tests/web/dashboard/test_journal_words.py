"""The journal has a page's name for every address that it may keep."""

from pathlib import Path

import pytest
from starlette.routing import Route

from swapboard.accounts.audit import Act, Entry
from swapboard.language import speaking
from swapboard.switchboard.exchange import Exchange
from swapboard.web.api import PREFIX, ROUTES
from swapboard.web.dashboard.app import dashboard
from swapboard.web.dashboard.journal_words import addresses, told
from tests.building import settings_of


def deed(subject: str, act: Act = Act.CHANGED) -> Entry:
    return Entry("e1", 0, "ada@example.com", act, subject)


API = [
    f"{method} {PREFIX}{route.path.removeprefix(PREFIX)}"
    for route in ROUTES
    for method in route.methods or ()
    if method not in {"GET", "HEAD"}
]
BEFORE_ANYBODY = ("/login", "/logout", "/forgotten", "/join", "/welcome", "/healthz")


@pytest.mark.parametrize("subject", API)
def test_what_the_api_changes_has_a_name(subject: str) -> None:
    assert told(deed(subject)).address == subject
    assert "/" not in told(deed(subject)).what


def test_what_a_form_changes_has_a_name(tmp_path: Path) -> None:
    app = dashboard(Exchange(settings_of(tmp_path, f"sqlite:///{tmp_path}/unused.db")))
    forms = {each.path for each in app.routes if isinstance(each, Route) and "POST" in (each.methods or ())}
    nameless = {path for path in forms if not told(deed(path)).address}
    assert {path for path in nameless if not path.startswith(BEFORE_ANYBODY)} == set()


@pytest.mark.parametrize(
    ("subject", "what", "is_removal"),
    [
        ("DELETE /api/v1/spam/callers/w1", "Spam", True),
        ("POST /api/v1/numbers", "All numbers", False),
        ("/numbers/rules/r1/remove", "Rules", True),
        ("/numbers/rules/r1", "Rules", False),
        ("/company", "This company", False),
        ("ada@example.com, agent", "ada@example.com, agent", False),
        ("/no-such-page", "/no-such-page", False),
        ("GET / HTTP/1.1", "GET / HTTP/1.1", False),
    ],
)
def test_a_pages_name_stands_for_its_address(subject: str, what: str, is_removal: bool) -> None:
    said = told(deed(subject))
    assert (said.what, said.is_removal) == (what, is_removal)


@pytest.mark.parametrize(
    ("subject", "what"),
    [("/calls.csv", "Calls"), ("/reports/missed.parquet", "Reports"), ("/journal.csv", "Journal")],
)
def test_a_file_is_of_its_page(subject: str, what: str) -> None:
    assert told(deed(subject, Act.EXPORTED)).what == what


def test_a_page_is_found_by_the_name_that_the_reader_sees() -> None:
    assert {"/rules", "/numbers/rules"} <= set(addresses("ruLES"))
    assert not addresses("no such page")
    with speaking("de"):
        assert {"/rules", "/numbers/rules"} <= set(addresses("regeln"))
