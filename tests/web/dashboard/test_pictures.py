"""docs/pages.md shows every page; a page that was added since is missed here (`make pages` takes it)."""

import re
from pathlib import Path

from starlette.routing import Route

from benchmarks.tour import name_of
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import dashboard
from tests.building import settings_of

DOCS = Path(__file__).parents[3] / "docs"
NO_PAGE = re.compile(
    r"\.(csv|css|js|parquet|pdf|svg|zip)$|/(audio|callback|events|healthz|sign-in|sound|sso)\b|/logos/"
)
NOT_PICTURED = {
    "/destinations/deliveries/{delivery_id}": "needs a destination that was told; test_destinations looks at it",
    "/forgotten/{token}": "a link that was mailed; the form is that of an invitation",
    "/login/passkey": "no passkeys for the demo's address, which is no name; test_passkeys looks at it",
    "/people/{user_id}/remove": "is there as people-remove",
    "/reports/by": "a form's answer, which leads to a report",
}


def test_every_page_has_its_picture(tmp_path: Path) -> None:
    app = dashboard(Exchange(settings_of(tmp_path, f"sqlite:///{tmp_path}/unused.db")))
    paths = [each.path for each in app.routes if isinstance(each, Route) and "GET" in (each.methods or {"GET"})]
    shown = pictured()
    missing = [
        path for path in paths if not NO_PAGE.search(path) and not any(map(shape_of(path).fullmatch, shown))
    ]
    assert sorted(missing) == sorted(NOT_PICTURED)


def test_the_page_of_pictures_shows_all_of_them_and_no_other() -> None:
    kept = [each.stem for each in (DOCS / "images" / "pages").glob("*.webp")]
    assert sorted(kept) == sorted(pictured())


def pictured() -> list[str]:
    return re.findall(r"\(images/pages/([a-z0-9-]+)\.webp\)", (DOCS / "pages.md").read_text("utf-8"))


def shape_of(path: str) -> re.Pattern[str]:
    """What its picture may be called: `/calls/{call_id}` is `calls-one`, a report by something has its name."""
    named = name_of(re.sub(r"\{[^}]*\}", "anything", path))
    return re.compile(named.replace("anything", "[a-z]+"))
