"""The page each visitor is on."""

from sqlalchemy import Engine

from swapboard.clock import SECOND
from swapboard.storage.engine import writing
from swapboard.switchboard.beating import Happening, hear
from swapboard.switchboard.visiting import admit
from swapboard.visits.pages import OpenPage, open_pages
from swapboard.visits.visit import EventKind
from tests.building import NOW, PAGE, a_beat, a_visit, open_business


def test_the_page_opened_last_is_open(engine: Engine) -> None:
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        visits = [
            a_visit(business, now=NOW, url=f"{PAGE}landing-{number}", title=f"Landing {number}")
            for number in range(2)
        ]
        stays, moves = (each.session_id for each in admit(connection, visits))
        happenings = (
            Happening(EventKind.PAGE, 2 * SECOND, f"{PAGE}second", "Second"),
            Happening(EventKind.PAGE, 5 * SECOND, f"{PAGE}first", "First"),
            Happening(EventKind.TAP, 0),
        )
        hear(connection, [a_beat(business, moves, now=NOW + 10 * SECOND, happenings=happenings)])

        ids = [stays, moves, "nobody"]
        assert open_pages(connection, business.company_id, ids) == {
            stays: OpenPage(f"{PAGE}landing-0", "Landing 0", NOW),
            moves: OpenPage(f"{PAGE}second", "Second", NOW + 8 * SECOND),
        }
        assert open_pages(connection, stranger.company_id, ids) == {}
        assert open_pages(connection, business.company_id, []) == {}
