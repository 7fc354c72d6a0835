"""Asks the company's ad accounts once a day what their ads cost: platforms still correct the last days."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import company_by_id
from swapboard.clock import HOUR, Millis, zone
from swapboard.keywords.click import day_of
from swapboard.keywords.google_ads import AdsError, GoogleAds
from swapboard.keywords.store import PLATFORMS, KeptAccount, accounts_of, note_costs_asked
from swapboard.reports.cost_google import google_costs
from swapboard.reports.cost_meta import meta_costs
from swapboard.reports.cost_microsoft import microsoft_costs
from swapboard.reports.cost_store import feeds_of, put_costs
from swapboard.reports.costs import CostLine
from swapboard.reports.meta_insights import MetaAccount
from swapboard.reports.microsoft_reports import MicrosoftAccount
from swapboard.switchboard.ad_accounts import AGAIN_AFTER, OpenGoogle, Ways, is_passing, open_ways
from swapboard.switchboard.claiming import Due, put_off

CHORE = "costs"
FIRST_DAYS, AGAIN_DAYS = 90, 10
TOLD_LATELY: Millis = 12 * HOUR
"""What told within this time is not asked again with what did not answer."""


@dataclass(frozen=True, slots=True)
class CostQuestion:
    """Which days to ask an account for."""

    platform: str
    account: KeptAccount
    first: date
    last: date

    @property
    def feed(self) -> str:
        return f"{self.platform}:{self.account.customer_id}"


@dataclass(frozen=True, slots=True)
class CostAnswer:
    """What an account told, or in what way it failed."""

    question: CostQuestion
    lines: Sequence[CostLine]
    trouble: str | None = None
    passes: bool = False
    """It may answer soon."""


def cost_questions(connection: Connection, company_id: str, now: Millis) -> list[CostQuestion]:
    """The last days of each account that has not told lately, and all since it last told of one; more of one that
    told nothing yet."""
    told_until = {each.feed: max(each.days) for each in feeds_of(connection, company_id)}
    last = last_day(connection, company_id, now)
    asked = []
    for platform in PLATFORMS:
        for account in accounts_of(connection, company_id, platform):
            if _told_lately(account, now):
                continue
            first = last - timedelta(FIRST_DAYS - 1)
            if known := told_until.get(f"{platform}:{account.customer_id}"):
                # What it did not answer for weeks is asked once it answers again.
                first = max(first, min(known + timedelta(1), last) - timedelta(AGAIN_DAYS - 1))
            asked.append(CostQuestion(platform, account, first, last))
    return asked


def _told_lately(account: KeptAccount, now: Millis) -> bool:
    """What was told in the future was told by a clock that was wrong, and is asked again."""
    asked_at = account.costs_asked_at or 0
    return account.costs_trouble is None and now - TOLD_LATELY < asked_at <= now


def last_day(connection: Connection, company_id: str, now: Millis) -> date:
    """Yesterday by the company's clocks, which are its ad accounts' where both are set alike.

    By UTC's, a morning in Australia would wait for the day before, and an evening in California have half its own.
    """
    company = company_by_id(connection, company_id)
    return day_of(now, zone(company.time_zone) if company else UTC) - timedelta(1)


def ask_costs(
    asked: Sequence[CostQuestion],
    vault: Vault,
    open_google: OpenGoogle = GoogleAds,
    pause: Callable[[float], None] = time.sleep,
    *,
    private_addresses: bool,
) -> Sequence[CostAnswer]:
    """Ask over the network; an account that fails keeps no other from answering."""
    with open_ways(vault, open_google, pause, private_addresses=private_addresses) as ways:
        return [_ask(each, ways) for each in asked]


def keep_costs(connection: Connection, company_id: str, told: Sequence[CostAnswer], now: Millis) -> None:
    """Keep what was told: whole days, so that a day without costs has none."""
    for each in told:
        question = each.question
        note_costs_asked(
            connection, company_id, question.platform, question.account.customer_id, now, each.trouble
        )
        if each.trouble is None:
            days = (question.first, question.last)
            put_costs(connection, company_id, question.feed, each.lines, now, days)
    if any(each.passes for each in told):
        put_off(connection, Due(company_id, CHORE), now + AGAIN_AFTER)


def _ask(question: CostQuestion, ways: Ways) -> CostAnswer:
    days = question.first, question.last
    try:
        match ways.opened(question.platform, question.account):
            case GoogleAds() as ads:
                return CostAnswer(question, google_costs(ads, *days))
            case MicrosoftAccount() as microsoft:
                return CostAnswer(question, microsoft_costs(microsoft, *days, ways.send, ways.pause))
            case MetaAccount() as meta:
                return CostAnswer(question, meta_costs(meta, *days, ways.send))
    except (AdsError, ValueError, KeyError) as error:
        return CostAnswer(question, (), str(error), is_passing(error))
