"""Costs that Microsoft Advertising tells by itself, against a stand-in that holds its rules."""

from collections.abc import Sequence
from datetime import date

import pytest

from swapboard.conversions.destinations.request import Answer, Request, Unreached
from swapboard.keywords.google_ads import AdsError
from swapboard.reports.cost_microsoft import microsoft_costs
from swapboard.reports.costs import CostLine
from swapboard.reports.microsoft_reports import MOST_POLLS, POLL_SECONDS, MicrosoftAccount
from tests.reports.bing_reports import BingReports, Row

DAY = date(2026, 11, 23)
TOLD = {
    "customer_id": "111",
    "account_id": "222",
    "developer_token": "DEV",
    "client_id": "app",
    "client_secret": "app secret",
    "refresh_token": "M.refresh",
    "token_url": "https://bing.example/token",
    "url": "https://bing.example",
}


def row(campaign: str, spend: str, clicks: str = "1", keyword: str = "", group: str = "") -> Row:
    named = {"TimePeriod": "2026-11-23", "CampaignId": campaign, "CampaignName": f"Campaign {campaign}"}
    sums = {"CurrencyCode": "USD", "Spend": spend, "Clicks": clicks, "Impressions": "1,200"}
    return named | sums | {"Keyword": keyword, "AdGroupName": group}


def campaigns(*rows: Row, keywords: Sequence[Row] = ()) -> BingReports:
    return BingReports(
        rows={"CampaignPerformanceReportRequest": rows, "KeywordPerformanceReportRequest": keywords}
    )


def asked(bing: BingReports, **other: str) -> Sequence[CostLine]:
    waits: list[float] = []
    lines = microsoft_costs(MicrosoftAccount.of(TOLD | other), DAY, DAY, bing, waits.append)
    assert set(waits) == {POLL_SECONDS}
    return lines


def test_keywords_and_what_else_a_campaign_cost_come_to_its_own_sum() -> None:
    bing = campaigns(
        row("11", "1,010.00", "10"),
        row("12", "3.00", "4"),
        keywords=[row("11", "1,009.50", "9", "blocked drain", "Drains, north")],
    )
    lines = asked(bing)
    assert [(each.campaign_id, each.ad_group, each.keyword, each.micros, each.clicks) for each in lines] == [
        ("11", "Drains, north", "blocked drain", 1_009_500_000, 9),
        ("11", "", "", 500_000, 1),
        ("12", "", "", 3_000_000, 4),
    ]
    assert {(each.day, each.channel, each.source, each.currency) for each in lines} == {
        (DAY, "Paid Search", "bing", "USD")
    }
    assert bing.spans == [(DAY, DAY)] * 2


def test_days_without_costs_have_none() -> None:
    assert asked(campaigns()) == []


@pytest.mark.parametrize(
    ("fault", "words", "is_permanent"),
    [
        ((400, 2005, "ReportingServiceInvalidScope"), "ReportingServiceInvalidScope", True),
        ((401, 105, "InvalidCredentials"), "InvalidCredentials", False),
        ((400, 117, "CallRateExceeded"), "CallRateExceeded", False),
        ((503, 0, "InternalError"), "InternalError", False),
    ],
)
def test_what_it_refuses_is_told_in_its_own_words(
    fault: tuple[int, int, str], words: str, is_permanent: bool
) -> None:
    bing = campaigns(row("11", "1"))
    bing.fault = fault
    with pytest.raises(AdsError, match=words) as caught:
        asked(bing)
    assert caught.value.permanent is is_permanent


def test_a_report_that_fails_or_is_never_made_is_told() -> None:
    bing = campaigns(row("11", "1"))
    bing.ends = "Error"
    with pytest.raises(AdsError, match="could not make"):
        asked(bing)
    bing = campaigns(row("11", "1"))
    bing.ends = "Pending"
    with pytest.raises(AdsError, match="in time"):
        asked(bing)
    assert bing.polls == MOST_POLLS


def test_access_that_ran_out_is_told_without_the_token() -> None:
    with pytest.raises(AdsError, match="The grant is expired") as caught:
        asked(campaigns(row("11", "1")), refresh_token="M.gone")
    assert "M.gone" not in str(caught.value)
    assert caught.value.permanent, "it is asked the next day, and not every half hour"


def test_a_report_at_an_unsafe_address_or_of_no_table_is_not_read() -> None:
    bing = campaigns(row("11", "1"))
    bing.url = "http://elsewhere.example"
    with pytest.raises(AdsError, match="not safe"):
        asked(bing)
    bing = campaigns(row("11", "a lot"))
    with pytest.raises(AdsError, match="could not be read"):
        asked(bing)

    def silent(_request: Request) -> Answer:
        raise Unreached("No answer.")

    with pytest.raises(AdsError, match="did not answer"):
        microsoft_costs(MicrosoftAccount.of(TOLD), DAY, DAY, silent, lambda _seconds: None)


@pytest.mark.parametrize("wrong", [{"account_id": "F1"}, {"customer_id": ""}, {"developer_token": ""}])
def test_what_is_missing_is_said(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"numbers after|is missing"):
        MicrosoftAccount.of(TOLD | wrong)


def test_a_report_with_a_cell_that_is_too_long_is_told() -> None:
    with pytest.raises(AdsError, match="could not be read"):
        asked(campaigns(row("1" * 200_000, "1.00")))


@pytest.mark.parametrize("place", range(30, 60, 5))
def test_a_report_that_was_damaged_on_its_way_keeps_no_other_account_from_answering(place: int) -> None:
    bing = campaigns(row("11", "1"))

    def damaging(request: Request) -> Answer:
        answer = bing(request)
        if "/made/" not in request.url:
            return answer
        body = bytearray(answer.body)
        body[place + len("report.csv")] ^= 0xFF
        return Answer(answer.status, answer.headers, bytes(body))

    with pytest.raises(AdsError, match="could not be read"):
        microsoft_costs(MicrosoftAccount.of(TOLD), DAY, DAY, damaging, lambda _seconds: None)
