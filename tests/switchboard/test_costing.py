"""Costs that Google Ads, Microsoft and Meta tell by themselves, from stand-ins that keep their rules."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import stamina
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.clock import DAY, HOUR, from_iso
from swapboard.conversions.destinations.request import Request
from swapboard.keywords.google_ads import AdsAccount, GoogleAds
from swapboard.keywords.store import GOOGLE_ADS, META, MICROSOFT, PLATFORMS, accounts_of, keep_account
from swapboard.reports.cost_store import list_costs
from swapboard.reports.costs import CostLine, whole
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import companies
from swapboard.switchboard.claiming import Claim, Due, claim, note_done
from swapboard.switchboard.costing import ask_costs, cost_questions, keep_costs
from tests.building import Business, open_business, rows_of
from tests.keywords.stand_in import CREDENTIALS
from tests.local_server import answering
from tests.reports.bing_reports import BingReports
from tests.reports.test_cost_microsoft import TOLD, row

NOW = from_iso("2026-11-24T12:00:00Z")
TOKEN = "a system user's token"
_GAQL = re.compile(
    r"SELECT ([a-z_., ]+) FROM (campaign|keyword_view) "
    r"WHERE segments\.date BETWEEN '(\d{4}-\d\d-\d\d)' AND '(\d{4}-\d\d-\d\d)'"
)


_COUNTS = re.compile(
    r"SELECT segments\.date, segments\.conversion_action, segments\.conversion_action_name, "
    r"metrics\.all_conversions_by_conversion_date FROM customer "
    r"WHERE segments\.date BETWEEN '(\d{4}-\d\d-\d\d)' AND '(\d{4}-\d\d-\d\d)'"
)


@dataclass
class Platforms:
    """Both platforms' addresses: what a search campaign (11), and one without keywords (12), cost."""

    url: str = ""
    spans: list[tuple[date, date]] = field(default_factory=list)
    is_down: bool = False
    bing: BingReports = field(default_factory=BingReports)
    counted: list[dict[str, object]] = field(default_factory=list)
    """Rows that Google Ads answers to a question for conversions."""
    actions: list[dict[str, str]] = field(default_factory=list)
    """What Meta's insights of each day tell."""

    def opened(self, account: AdsAccount) -> GoogleAds:
        return GoogleAds(account, self.url, f"{self.url}/token")

    def search(self, query: str) -> tuple[int, object]:
        if counted := _COUNTS.fullmatch(query):
            self.spans.append((date.fromisoformat(counted[1]), date.fromisoformat(counted[2])))
            return 200, {"results": self.counted}
        asked = _GAQL.fullmatch(query)
        if not asked or "metrics.cost_micros" not in asked[1]:
            return 400, {"error": {"message": "Error in query."}}
        self.spans.append((date.fromisoformat(asked[3]), date.fromisoformat(asked[4])))
        if asked[2] == "campaign":
            rows = [self.row("11", 10_000_000, 10), self.row("12", 3_000_000, 4)]
        else:
            drain = {"adGroup": {"name": "Drains"}, "adGroupCriterion": {"keyword": {"text": "blocked drain"}}}
            rows = [self.row("11", 9_500_000, 9) | drain]
        return 200, {"results": rows}

    @staticmethod
    def row(campaign_id: str, micros: int, clicks: int) -> dict[str, object]:
        return {
            "segments": {"date": "2026-11-23"},
            "customer": {"currencyCode": "USD"},
            "campaign": {"id": campaign_id, "name": f"Campaign {campaign_id}"},
            "metrics": {"costMicros": str(micros), "clicks": str(clicks), "impressions": "100"},
        }

    def insights(self, path: str, authorization: str) -> tuple[int, object]:
        parts = urlsplit(path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if authorization != f"Bearer {TOKEN}":
            return 401, {"error": {"message": f"Error validating {authorization}", "code": 190}}
        if parts.path != "/v24.0/act_77/insights" or asked.get("time_increment") != "1":
            return 400, {"error": {"message": "Unsupported get request."}}
        if asked.get("fields") == "actions":
            if (asked.get("level"), asked.get("action_report_time")) != ("account", "conversion"):
                return 400, {"error": {"message": "(#100) Tried accessing nonexisting field."}}
            return 200, {
                "data": [{"date_start": "2026-11-23", "date_stop": "2026-11-23", "actions": self.actions}]
            }
        rows = _spent(asked["level"], is_second=bool(asked.get("after")))
        goes_on = asked["level"] == "adset" and "after" not in asked
        return 200, {"data": rows, "paging": {"next": f"{self.url}{path}&after=x"} if goes_on else {}}


def _spent(level: str, *, is_second: bool) -> list[dict[str, object]]:
    """What Meta says of a level; one ad set of Old houses was deleted since, and another campaign."""
    day = {"date_start": "2026-11-23", "account_currency": "EUR"}
    spring, old = (day | {"campaign_id": name[0], "campaign_name": name} for name in ("Spring", "Old houses"))
    match level:
        case "account":
            return [day | _sum("60.04", 17, 170)]
        case "campaign":
            return [spring | _sum("12.35", 5, 50), old | _sum("22.34", 7, 70)]
        case _:
            return [(old if is_second else spring) | {"adset_name": "Owners"} | _sum("12.34", 5, 50)]


def _sum(spend: str, clicks: int, impressions: int) -> dict[str, object]:
    return {"spend": spend, "clicks": str(clicks), "impressions": str(impressions)}


class Doors(BaseHTTPRequestHandler):
    """All three platforms' doors."""

    platforms: Platforms

    def do_GET(self) -> None:
        if self.path.startswith("/made/"):
            self.ask_bing(b"")
        else:
            self.say(*self.platforms.insights(self.path, self.headers.get("authorization", "")))

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["content-length"]))
        if self.path.startswith("/Reporting/") or b"M.refresh" in content:
            self.ask_bing(content)
        elif self.platforms.is_down:
            self.say(503, {"error": {"message": "The service is unavailable."}})
        elif self.path == "/token":
            self.say(200, {"access_token": "an access token"})
        else:
            self.say(*self.platforms.search(json.loads(content)["query"]))

    def ask_bing(self, body: bytes) -> None:
        self.platforms.bing.url = self.platforms.url
        answer = self.platforms.bing(Request(self.command, self.path, dict(self.headers), body))
        self.put(answer.status, answer.body)

    def say(self, status: int, document: object) -> None:
        self.put(status, json.dumps(document).encode())

    def put(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Platforms]:
    platforms = Platforms()
    with answering(type("Doors", (Doors,), {"platforms": platforms})) as server:
        platforms.url = f"http://127.0.0.1:{server.server_port}"
        yield platforms


@pytest.fixture
def platforms() -> Iterator[Platforms]:
    with serving() as running, stamina.set_testing(True, attempts=2):
        yield running


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault.open(tmp_path / "secret.key")


@pytest.fixture
def business(engine: Engine, vault: Vault, platforms: Platforms) -> Business:
    with writing(engine) as connection:
        made = open_business(connection)
        keep_account(connection, made.company_id, "1234567890", vault.seal(CREDENTIALS), NOW)
        meta = vault.seal({"access_token": TOKEN, "url": platforms.url})
        keep_account(connection, made.company_id, "77", meta, NOW, META)
        told = TOLD | {"url": platforms.url, "token_url": f"{platforms.url}/token"}
        keep_account(connection, made.company_id, "222", vault.seal(told), NOW, MICROSOFT)
    platforms.bing.rows = {"CampaignPerformanceReportRequest": [row("11", "3.50")]}
    return made


def fetch(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms, now: int = NOW, *, reach: bool = True
) -> None:
    with reading(engine) as connection:
        asked = cost_questions(connection, business.company_id, now)
    told = ask_costs(asked, vault, platforms.opened, lambda _seconds: None, private_addresses=reach)
    with writing(engine) as connection:
        keep_costs(connection, business.company_id, told, now)


def kept(engine: Engine, business: Business) -> dict[str, list[CostLine]]:
    with reading(engine) as connection:
        page = list_costs(connection, business.company_id, (date.min, date.max), 100)
    found: dict[str, list[CostLine]] = {}
    for each in page.rows:
        found.setdefault(each.feed, []).append(each.line)
    return found


def test_keywords_and_what_else_a_campaign_cost_come_to_its_own_sum(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms)
    lines = kept(engine, business)["google_ads:1234567890"]
    assert [(each.campaign_id, each.ad_group, each.keyword, each.micros, each.clicks) for each in lines] == [
        ("11", "Drains", "blocked drain", 9_500_000, 9),
        ("11", "", "", 500_000, 1),
        ("12", "", "", 3_000_000, 4),
    ]
    assert {(each.channel, each.source, each.currency) for each in lines} == {("Paid Search", "google", "USD")}


def test_a_campaign_that_is_told_in_two_lines_costs_both() -> None:
    day = date(2026, 11, 23)
    sums = [CostLine(day, micros, "USD", "Spring", "11", clicks=1) for micros in (3_000_000, 4_000_000)]
    drains = CostLine(day, 5_000_000, "USD", "Spring", "11", keyword="blocked drain", clicks=1)
    assert [(each.keyword, each.micros, each.clicks) for each in whole(sums, [drains])] == [
        ("blocked drain", 5_000_000, 1),
        ("", 2_000_000, 1),
    ]


def test_meta_tells_all_pages(engine: Engine, business: Business, vault: Vault, platforms: Platforms) -> None:
    fetch(engine, business, vault, platforms)
    lines = kept(engine, business)["meta:77"]
    assert [(each.campaign, each.ad_group, each.micros, each.currency) for each in lines[:2]] == [
        ("Spring", "Owners", 12_340_000, "EUR"),
        ("Old houses", "Owners", 12_340_000, "EUR"),
    ]


def test_what_meta_tells_of_no_ad_set_since_it_was_deleted_was_spent_all_the_same(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms)
    _spring, _old, *more = kept(engine, business)["meta:77"]
    assert [(each.campaign, each.ad_group, each.micros, each.clicks) for each in more] == [
        ("Old houses", "", 10_000_000, 2),
        ("", "", 25_360_000, 5),
    ], "a cent between a campaign and its ad sets is their rounding"


def test_microsoft_s_reports_are_waited_for_and_fetched(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms)
    (line,) = kept(engine, business)["microsoft:222"]
    assert (line.campaign, line.micros, line.currency) == ("Campaign 11", 3_500_000, "USD")
    with reading(engine) as connection:
        (account,) = accounts_of(connection, business.company_id, MICROSOFT)
    assert (account.costs_asked_at, account.costs_trouble) == (NOW, None)


def test_asked_again_it_is_counted_once_and_only_the_last_days_are_asked(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms)
    before = kept(engine, business)
    fetch(engine, business, vault, platforms, NOW + DAY)
    assert kept(engine, business) == before
    yesterday = date(2026, 11, 23)
    assert platforms.spans[0] == (yesterday - timedelta(89), yesterday)
    assert platforms.spans[-1] == (yesterday - timedelta(8), yesterday + timedelta(1))


@pytest.mark.parametrize(
    ("time_zone", "now", "yesterday"),
    [
        ("Australia/Sydney", "2026-11-23T21:00:00Z", date(2026, 11, 23)),
        ("America/Los_Angeles", "2026-11-24T06:00:00Z", date(2026, 11, 22)),
        ("Europe/London", "2026-11-24T12:00:00Z", date(2026, 11, 23)),
    ],
)
def test_the_last_day_that_is_asked_for_is_over_by_the_companys_clocks(
    engine: Engine, business: Business, time_zone: str, now: str, yesterday: date
) -> None:
    with writing(engine) as connection:
        is_it = companies.c.company_id == business.company_id
        connection.execute(update(companies).where(is_it).values(time_zone=time_zone))
        asked = cost_questions(connection, business.company_id, from_iso(now))
    assert {each.last for each in asked} == {yesterday}


def test_an_account_that_answers_again_after_weeks_is_asked_for_all_of_them(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms)
    told_until = date(2026, 11, 23)
    for days, first in ((30, told_until - timedelta(8)), (300, told_until + timedelta(300 - 89))):
        with reading(engine) as connection:
            asked = cost_questions(connection, business.company_id, NOW + days * DAY)
        assert {(each.first, each.last) for each in asked} == {(first, told_until + timedelta(days))}


def test_an_account_that_did_not_answer_is_asked_again_soon_and_no_other(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    with writing(engine) as connection:
        claim(connection, [Claim(NOW, (("costs", DAY),))])
    platforms.is_down = True
    fetch(engine, business, vault, platforms)
    with writing(engine) as connection:
        note_done(connection, Due(business.company_id, "costs"), NOW, DAY)
    (chore,) = rows_of(engine, "chores")
    assert chore["due_at"] == NOW + HOUR // 2
    with reading(engine) as connection:
        asked = cost_questions(connection, business.company_id, NOW + HOUR)
    assert [each.platform for each in asked] == [GOOGLE_ADS]
    platforms.is_down = False
    fetch(engine, business, vault, platforms, NOW + HOUR)
    assert "google_ads:1234567890" in kept(engine, business)


def test_a_clock_that_was_ahead_keeps_no_account_from_being_asked(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms, NOW + 365 * DAY)
    with reading(engine) as connection:
        assert len(cost_questions(connection, business.company_id, NOW)) == len(PLATFORMS)
        assert cost_questions(connection, business.company_id, NOW + 365 * DAY) == []


def test_an_account_that_fails_says_why_and_loses_nothing(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms)
    before = kept(engine, business)
    platforms.is_down = True
    with writing(engine) as connection:
        wrong = vault.seal({"access_token": "another token", "url": platforms.url})
        keep_account(connection, business.company_id, "77", wrong, NOW, META)
    fetch(engine, business, vault, platforms, NOW + DAY)
    assert kept(engine, business) == before
    with reading(engine) as connection:
        (google,) = accounts_of(connection, business.company_id)
        (meta,) = accounts_of(connection, business.company_id, META)
    assert "The service is unavailable." in str(google.costs_trouble)
    assert meta.costs_trouble == "Meta: Error validating Bearer … (HTTP 401)", "the token is not repeated"


def test_where_a_company_typed_a_private_address_of_its_access_nobody_is_asked(
    engine: Engine, business: Business, vault: Vault, platforms: Platforms
) -> None:
    fetch(engine, business, vault, platforms, reach=False)
    assert set(kept(engine, business)) == {"google_ads:1234567890"}, "whose addresses nobody types"
    for platform in (MICROSOFT, META):
        with reading(engine) as connection:
            (account,) = accounts_of(connection, business.company_id, platform)
        assert "private network" in str(account.costs_trouble)
