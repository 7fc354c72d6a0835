"""Every door of the server: the dashboard's and the API's have tables of their own, all others stand here."""

import re
from collections.abc import Mapping
from pathlib import Path

from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from swapboard.assistant.door import assistant_routes
from swapboard.settings import read_settings
from swapboard.switchboard.exchange import Exchange
from swapboard.web.app import create_app

TESTS = Path(__file__).parents[1]
LETS_IN: Mapping[str, str] = {
    "/t/{site_key}/visit": "web/test_collector.py::test_ids_of_another_company_are_nobodys_here",
    "/t/{site_key}/beat": "web/test_collector.py::test_ids_of_another_company_are_nobodys_here",
    "/t/{site_key}.js": "web/test_collector.py::test_an_unknown_site_is_a_404",
    "/t/{site_key}/{part}.js": "web/test_collector.py::test_an_unknown_site_is_a_404",
    "/t/{site_key}/amp": "web/test_amp.py::test_an_unknown_key_is_told",
    "/carriers/{carrier_id}/{door}": "carriers/test_doors.py::test_who_is_not_the_carrier_is_told_so",
    "/go/{code}": "web/test_short_links.py::test_a_link_that_is_none_or_no_more",
    "/feeds/{destination_id}/{file}": (
        "web/dashboard/test_feeds.py::test_only_the_newest_password_opens_and_wrong_ones_are_limited"
    ),
    "/shared/{secret}": "web/test_shared_reports.py::test_it_shows_that_report_and_nothing_else",
    "/unsubscribe/{token}": "web/dashboard/test_report_mail.py::test_a_recipient_ends_it_for_themselves",
    "/sounds/{company_id}/{sound_id}/{token}/{version}.wav": (
        "web/api/test_sounds.py::test_a_flow_plays_it_from_an_address_that_nobody_guesses"
    ),
    "/mcp": "assistant/test_http.py::test_a_key_may_do_what_its_scopes_and_role_say_and_nothing_else",
    "/sandbox/calls": "web/dashboard/test_start.py::test_a_program_rings_with_the_key_of_an_admin_only",
    "/sandbox/calls/{call_ref}": "web/dashboard/test_start.py::test_a_program_rings_with_the_key_of_an_admin_only",
    "/sandbox/texts": "web/test_sandbox.py::test_a_network_shows_no_texts_of_another_companys_account",
    "/api/v1/openapi.json": "It is the same for everybody, and names nobody.",
}
"""Who is let in by what, and who is not, by address: the test that tries it."""


def test_no_other_door_is_open(tmp_path: Path) -> None:
    exchange = Exchange(read_settings({"SWAPBOARD_DATA_DIR": str(tmp_path), "SWAPBOARD_MCP": "read"}))
    app = create_app(exchange, assistant_routes("read"))
    routes = [each for each in app.router.routes if isinstance(each, Route) and not isinstance(each, APIRoute)]
    assert {each.path for each in routes} == set(LETS_IN)
    # All else is the API's, of which every route is in its own table, and the dashboard, likewise.
    others = [each for each in app.router.routes if not isinstance(each, Route)]
    assert [each.path for each in others if isinstance(each, Mount)] == [""]
    api = [each.path for each in app.router.routes if isinstance(each, APIRoute)]
    assert [path for path in api if not path.startswith("/api/v1/")] == []


def test_each_has_a_test_that_is_there() -> None:
    for named in LETS_IN.values():
        if not named.endswith("."):
            file, _, test = named.partition("::")
            assert re.search(rf"def {test}\(", (TESTS / file).read_text()), named
