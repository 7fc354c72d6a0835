"""What platforms say that they counted: asked once a day, kept for the destinations that it is of."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from swapboard.accounts.secrets import Vault
from swapboard.clock import HOUR
from swapboard.conversions.conversion import Rule
from swapboard.conversions.destinations.base import CountedAs
from swapboard.conversions.destinations.meta.actions import action_types
from swapboard.conversions.store import DestinationRecord, add_destination, remove_destination
from swapboard.reports.counted_store import Counted, counted_of
from swapboard.storage.engine import reading, writing
from swapboard.switchboard import telling
from swapboard.switchboard.claiming import Claim, Due, claim, note_done
from swapboard.switchboard.counting import CHORE, DAYS, ask_counts, count_questions, keep_counts
from tests.building import Business, rows_of
from tests.switchboard.test_costing import NOW, Platforms, business, platforms, vault

__all__ = ["business", "platforms", "vault"]

DAY = date(2026, 11, 23)
_SIGNED_IN = {"client_id": "client.example.com", "client_secret": "s", "refresh_token": "r"}
GOOGLE = ("google_ads", {"customer_id": "123-456-7890", "conversion_action_id": "42", **_SIGNED_IN})
FEED = ("google_ads_feed", {"conversion_name": "Phone call"})
BING = (
    "microsoft_ads",
    {"customer_id": "111", "account_id": "222", "goal": "Calls", "developer_token": "DEV", **_SIGNED_IN},
)
META = ("meta", {"dataset_id": "9", "access_token": "t"})
HOOK = ("webhook", {"url": "https://example.com/", "secret": "whsec_" + "c2VjcmV0" * 4})


def add(engine: Engine, business: Business, kind: str, settings: Mapping[str, str]) -> str:
    destination_id = f"{len(kind):032x}"
    record = DestinationRecord(destination_id, business.company_id, kind, kind, settings, "", Rule(), True, NOW)
    with writing(engine) as connection:
        add_destination(connection, record)
    return destination_id


def ask(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms, now: int = NOW, *, reach: bool = True
) -> int:
    with reading(engine) as connection:
        asked = count_questions(connection, business.company_id, now, vault)
    told = ask_counts(asked, vault, platforms.opened, lambda _seconds: None, private_addresses=reach)
    with writing(engine) as connection:
        keep_counts(connection, business.company_id, told, now)
    return len(asked)


def known(engine: Engine, business: Business, destination_id: str) -> Counted | None:
    with reading(engine) as connection:
        return counted_of(connection, business.company_id, destination_id)


def google_row(day: str, action_id: str, name: str, count: float) -> dict[str, object]:
    action = {
        "conversionAction": f"customers/1234567890/conversionActions/{action_id}",
        "conversionActionName": name,
    }
    return {"segments": {"date": day, **action}, "metrics": {"allConversionsByConversionDate": count}}


def test_google_s_conversions_are_told_by_action(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    platforms.counted = [
        google_row("2026-11-23", "42", "Phone call", 2.5),
        google_row("2026-11-22", "42", "Phone call", 1),
        google_row("2026-11-23", "43", "A purchase", 7),
    ]
    by_id, by_name = add(engine, business, *GOOGLE), add(engine, business, *FEED)
    assert ask(engine, business, vault, platforms) == 1
    for destination_id in (by_id, by_name):
        told = known(engine, business, destination_id)
        assert told is not None
        assert (told.by_day[DAY], told.by_day[date(2026, 11, 22)], told.by_day[date(2026, 11, 21)]) == (
            Decimal("2.5"),
            1,
            0,
        )
        assert (len(told.by_day), told.told_at, told.trouble) == (DAYS, NOW, None)
    assert platforms.spans == [(min(told.by_day), DAY)]


def test_microsoft_s_goals_and_meta_s_actions(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    goals = [("Calls", "1,002.00"), ("Other", "9")]
    platforms.bing.rows["GoalsAndFunnelsReportRequest"] = [
        {"TimePeriod": "2026-11-23", "Goal": goal, "AllConversions": count} for goal, count in goals
    ]
    platforms.actions = [
        {"action_type": "contact_total", "value": "3"},
        {"action_type": "offline_conversion.lead", "value": "1"},
        {"action_type": "link_click", "value": "80"},
    ]
    bing, meta = add(engine, business, *BING), add(engine, business, *META)
    assert ask(engine, business, vault, platforms) == 2
    told = [known(engine, business, each) for each in (bing, meta)]
    assert [each and each.by_day[DAY] for each in told] == [1002, 4]


def test_an_account_that_does_not_tell_leaves_what_it_told_before(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    platforms.counted = [google_row("2026-11-23", "42", "Phone call", 2)]
    destination_id = add(engine, business, *GOOGLE)
    ask(engine, business, vault, platforms)
    with writing(engine) as connection:
        claim(connection, [Claim(NOW + 1, ((CHORE, 24 * HOUR),))])
    platforms.is_down = True
    ask(engine, business, vault, platforms, NOW + 1)
    with writing(engine) as connection:
        note_done(connection, Due(business.company_id, CHORE), NOW + 1, 24 * HOUR)
    (chore,) = rows_of(engine, "chores")
    assert chore["due_at"] == NOW + 1 + HOUR // 2, "it may tell soon"
    told = known(engine, business, destination_id)
    assert told is not None
    assert (told.by_day[DAY], told.told_at) == (2, NOW)
    assert told.trouble is not None
    assert "The service is unavailable." in told.trouble
    with writing(engine) as connection:
        remove_destination(connection, business.company_id, destination_id)
    assert known(engine, business, destination_id) is None


def test_where_a_company_typed_a_private_address_of_its_access_nobody_is_asked(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    destination_id = add(engine, business, *BING)
    assert ask(engine, business, vault, platforms, reach=False) == 1
    told = known(engine, business, destination_id)
    assert told is not None
    assert "private network" in str(told.trouble)


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        HOOK,
        ("google_ads", GOOGLE[1] | {"customer_id": "999-999-9999"}),
        ("google_ads", {}),
        ("no_such_kind", {}),
    ],
)
def test_nobody_is_asked_for_what_they_do_not_know(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms, kind: str, settings: Mapping[str, str]
) -> None:
    destination_id = add(engine, business, kind, settings)
    assert ask(engine, business, vault, platforms) == 0
    assert known(engine, business, destination_id) is None


@pytest.mark.parametrize("breaks", ["open", "counted_as"])
def test_somebody_else_s_package_that_breaks_keeps_no_other_from_being_asked(
    engine: Engine,
    business: Business,
    vault: Vault,
    platforms: Platforms,
    monkeypatch: pytest.MonkeyPatch,
    breaks: str,
) -> None:
    class Theirs:
        def open(self, _settings: Mapping[str, str]) -> "Theirs":
            if breaks == "open":
                raise RuntimeError("not our day")
            return self

        @property
        def counted_as(self) -> CountedAs:
            raise RuntimeError("not our day")

    own = telling.destination_kind
    monkeypatch.setattr(telling, "destination_kind", lambda name: Theirs() if name == "theirs" else own(name))
    add(engine, business, "theirs", {})
    add(engine, business, *FEED)
    assert ask(engine, business, vault, platforms) == 1


@pytest.mark.parametrize(
    ("event", "first"),
    [
        ("Lead", "offsite_conversion.fb_pixel_lead"),
        ("CompleteRegistration", "offsite_conversion.fb_pixel_complete_registration"),
        ("Contact", "contact_total"),
        ("SubmitApplication", "submit_application_total"),
        ("Our call", "offsite_conversion.fb_pixel_custom"),
    ],
)
def test_what_meta_s_insights_call_an_event(event: str, first: str) -> None:
    assert action_types(event)[0] == first
