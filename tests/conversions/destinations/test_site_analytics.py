"""Plausible, PostHog and Matomo: what goes there is kept there, and what they could not use does not go."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from posthog import Posthog

from swapboard.clock import DAY, from_iso
from swapboard.conversions.contact import Contact
from swapboard.conversions.destinations.base import Destination
from swapboard.conversions.destinations.installed import destination_kind
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.message import Message, Saying
from swapboard.conversions.outbox import Outcome
from tests.conversions.destinations.site_analytics import MatomoSite, PlausibleSite, PostHogProject, over_http
from tests.conversions.people import CALL, FORM, NOW, ORIGIN, a_message, from_visit

KEY = "phc_0123456789abcdef"
SETTINGS = {
    "plausible": {"domain": "example.com"},
    "posthog": {"project_key": KEY},
    "matomo": {"url": "https://example.com/", "site_id": "3"},
}
NOBODY = replace(CALL, origin=replace(ORIGIN, session_id=None, visitor_id=None, started_at=None, cookies={}))
DOWN = Answer(503, {}, b"<h1>Maintenance</h1>")
UUID_TEXT = "01a20e80-0280-d734-3e33-013c3ac53789"


def opened(kind: str, **changes: str) -> Destination:
    return destination_kind(kind).open(SETTINGS[kind] | changes)


def told(contact: Contact = CALL) -> Message:
    return replace(a_message(contact), conversion_id=UUID_TEXT.replace("-", ""))


def test_plausible_counts_a_call_by_its_landing_page() -> None:
    site = PlausibleSite()
    (result,) = opened("plausible").send([a_message()], NOW, site)
    assert result.outcome is Outcome.TAKEN
    (event,) = site.kept
    assert (event["name"], event["url"]) == ("Phone call", "https://www.example.com/")
    assert event["revenue"] == {"currency": "USD", "amount": "123.00"}
    assert event["props"]["keyword"] == "emergency plumber"
    assert "+12125550111" not in str(event)
    long = replace(CALL, origin=replace(ORIGIN, landing_page="https://www.example.com/?" + "x" * 3_000))
    (result,) = opened("plausible").send([a_message(long, value_cents=None)], NOW, site)
    assert result.outcome is Outcome.TAKEN
    assert site.kept[1]["url"] == "https://www.example.com/"


def test_two_callers_with_the_same_browser_are_two_visitors() -> None:
    plausible, matomo = PlausibleSite(), MatomoSite(NOW)
    other = replace(CALL, contact_id="d" * 32, origin=replace(ORIGIN, visitor_id="w" * 32))
    for contact in (CALL, other, CALL):
        opened("plausible").send([a_message(contact)], NOW, plausible)
        opened("matomo").send([a_message(contact)], NOW, matomo)
    assert len(plausible.visitors) == len(matomo.visits) == 2
    assert not any(address.is_global for _browser, address in plausible.visitors), "nobody's address"


def test_plausible_says_what_it_dropped() -> None:
    (result,) = opened("plausible", domain="other.example.com").send([a_message()], NOW, PlausibleSite())
    assert (result.outcome, "dropped it" in result.words) == (Outcome.REFUSED, True)


@pytest.mark.parametrize(
    "cookie",
    [
        "01890a5d",
        json.dumps({"distinct_id": "01890a5d"}),
        quote(json.dumps({"$sesid": [1], "distinct_id": "01890a5d"})),
    ],
)
def test_posthog_joins_the_person_of_its_cookie(cookie: str) -> None:
    project = PostHogProject(NOW)
    contact = from_visit({f"ph_{KEY}_posthog": cookie})
    for _twice in range(2):
        (result,) = opened("posthog").send([told(contact)], NOW, project)
        assert result.outcome is Outcome.TAKEN, result
    (((uuid, person, name), event),) = project.kept.items()
    assert (uuid, person, name) == (UUID_TEXT, "01890a5d", "phone_call")
    assert event["timestamp"] == "2026-11-18T11:06:40.000Z"
    assert (event["properties"]["value"], event["properties"]["talk_seconds"]) == (123.0, 63)


def test_posthog_s_other_people_are_our_visitors() -> None:
    project = PostHogProject(NOW)
    opened("posthog").send([told(FORM), told(from_visit({f"ph_{KEY}_posthog": "{"}))], NOW, project)
    assert {person for _uuid, person, _name in project.kept} == {"v" * 32}


def test_posthog_is_tried_again_where_that_helps() -> None:
    (busy,) = opened("posthog").send([told()], NOW, PostHogProject(NOW, limited=True))
    assert (busy.outcome, busy.retry_after_seconds) == (Outcome.FAILED, 7)
    (wrong,) = opened("posthog").send([told()], NOW, PostHogProject(NOW, key="phc_other"))
    assert (wrong.outcome, "API key invalid" in wrong.words) == (Outcome.FAILED, True)


def test_posthog_refuses_only_the_one_that_is_wrong() -> None:
    project = PostHogProject(NOW)
    ahead = replace(told(replace(CALL, happened_at=NOW + DAY)), conversion_id="f" * 32)
    results = opened("posthog").send([told(), ahead, replace(told(FORM), conversion_id="e" * 32)], NOW, project)
    assert [each.outcome for each in results] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN]
    assert len(project.kept) == 2


def test_posthog_s_own_package_writes_the_same_event() -> None:
    """The official client's request over HTTP, beside ours: the same address, the same fields, the same key."""
    ours, theirs = PostHogProject(NOW), PostHogProject(NOW)
    opened("posthog").send([told()], NOW, ours)
    with over_http(theirs) as url:
        client = Posthog(KEY, host=url, sync_mode=True, gzip=False)
        when = datetime.fromtimestamp(NOW / 1000, UTC)
        client.capture("phone_call", distinct_id="v" * 32, properties={}, timestamp=when, uuid=UUID_TEXT)
        client.shutdown()
    assert list(ours.kept) == list(theirs.kept)
    (mine,), (official,) = ours.kept.values(), theirs.kept.values()
    assert set(mine) == set(official)
    assert from_iso(mine["timestamp"]) == from_iso(official["timestamp"])


def test_matomo_joins_the_visitor_of_its_cookie() -> None:
    site = MatomoSite(NOW)
    cookies = {"_pk_id.2.1fff": "aaaaaaaaaaaaaaaa.17", "_pk_id.3.1fff": "8d4b5c6e7f8a9b0c.1700000000."}
    (event,) = opened("matomo").send([a_message(from_visit(cookies))], NOW, site)
    (goal,) = opened("matomo", goal_id="7").send([a_message(FORM)], NOW, site)
    assert event.outcome is goal.outcome is Outcome.TAKEN
    by_event, by_goal = site.kept
    assert (by_event["cid"], by_event["e_c"], by_event["e_a"]) == ("8d4b5c6e7f8a9b0c", "Calls", "Phone call")
    assert (by_event["e_v"], by_event["cdt"]) == ("123.00", str(NOW // 1000))
    assert (by_goal["idgoal"], by_goal["revenue"], "e_c" in by_goal) == ("7", "123.00", False)
    assert len(by_goal["cid"]) == 16, "a visitor of our own, where Matomo sets no cookies"


def test_matomo_takes_what_is_old_with_a_token_only() -> None:
    site = MatomoSite(NOW)
    old = replace(CALL, happened_at=NOW - 2 * DAY)
    assert "only with an auth token" in str(opened("matomo").objection(a_message(old), NOW))
    trusted = opened("matomo", token="f" * 32)
    assert trusted.objection(a_message(old), NOW) is None
    assert trusted.send([a_message(old)], NOW, site)[0].outcome is Outcome.TAKEN


def test_what_matomo_refuses_is_known_one_by_one() -> None:
    """It tells which of many it refused to super users only, and has counted the others."""
    assert opened("matomo", token="f" * 32).most_at_once == 1
    (refused,) = opened("matomo", goal_id="8").send([a_message()], NOW, MatomoSite(NOW))
    assert (refused.outcome, "the website and the goal" in refused.words) == (Outcome.REFUSED, True)


def test_a_matomo_that_is_down_or_does_not_know_the_token_loses_nothing() -> None:
    (down,) = opened("matomo").send([a_message()], NOW, MatomoSite(NOW, is_down=True))
    assert down.outcome is Outcome.FAILED
    old = a_message(replace(CALL, happened_at=NOW - 2 * DAY))
    (wrong,) = opened("matomo", token="a" * 32).send([old], NOW, MatomoSite(NOW))
    assert (wrong.outcome, "does not know the auth token" in wrong.words) == (Outcome.FAILED, True)


def test_each_test_leaves_nothing_behind() -> None:
    plausible, posthog, matomo = PlausibleSite(), PostHogProject(NOW), MatomoSite(NOW)
    assert opened("plausible").test(NOW, plausible).outcome is Outcome.TAKEN
    assert opened("posthog").test(NOW, posthog).outcome is Outcome.TAKEN
    assert opened("matomo").test(NOW, matomo).outcome is Outcome.TAKEN
    assert [plausible.kept, posthog.kept, matomo.kept] == [[], {}, []]
    assert opened("posthog", project_key="phc_anotherproject").test(NOW, posthog).outcome is Outcome.FAILED
    assert opened("matomo", site_id="4").test(NOW, matomo).outcome is Outcome.REFUSED
    assert "does not look like Plausible" in opened("plausible").test(NOW, lambda _request: DOWN).words


@pytest.mark.parametrize("kind", SETTINGS)
def test_what_they_could_not_use_is_not_sent(kind: str) -> None:
    assert "takes no changes" in str(opened(kind).objection(a_message(saying=Saying.RESTATE), NOW))
    assert opened(kind).objection(a_message(), NOW) is None
    assert not destination_kind(kind).is_advertising
    if kind == "plausible":
        yesterday = a_message(replace(CALL, happened_at=NOW - DAY - 1))
        assert "more than a day ago" in str(opened(kind).objection(yesterday, NOW))
    else:
        assert "No visit to the site" in str(opened(kind).objection(a_message(NOBODY), NOW))


@pytest.mark.parametrize(
    ("kind", "wrong", "words"),
    [
        ("plausible", {"domain": "https://example.com"}, "site's name only"),
        ("plausible", {"call_event": "x" * 101}, "at most 100"),
        ("posthog", {"project_key": "phx_secret"}, "begins with phc_"),
        ("matomo", {"site_id": "first"}, "is a number"),
        ("matomo", {"url": "example.com"}, "must begin with https://"),
    ],
)
def test_settings_that_cannot_be(kind: str, wrong: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        opened(kind, **wrong)


def test_the_token_is_marked_and_not_shown() -> None:
    matomo = opened("matomo", token="f" * 32)
    (request,) = matomo.preview([a_message()], NOW)
    assert request.secrets == ("f" * 32,)
    assert "f" * 32 not in repr(matomo)
