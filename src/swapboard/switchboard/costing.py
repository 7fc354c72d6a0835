"""Asks the company's ad accounts once a day what their ads cost: platforms still correct the last days."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Event
from typing import NamedTuple

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.clock import DAY, HOUR, Millis
from swapboard.conversions.destinations.request import Post
from swapboard.keywords.click import day_of
from swapboard.keywords.google_ads import AdsAccount, AdsError, GoogleAds
from swapboard.keywords.store import GOOGLE_ADS, MICROSOFT, PLATFORMS, KeptAccount, accounts_of, note_costs_asked
from swapboard.outward import open_http
from swapboard.reports.cost_google import google_costs
from swapboard.reports.cost_meta import meta_costs
from swapboard.reports.cost_microsoft import microsoft_costs
from swapboard.reports.cost_store import feeds_of, put_costs
from swapboard.reports.costs import CostLine
from swapboard.reports.meta_insights import URL as META_URL
from swapboard.reports.meta_insights import MetaAccount
from swapboard.reports.microsoft_reports import MicrosoftAccount
from swapboard.switchboard.claiming import Due, put_off
from swapboard.switchboard.telling import post

CHORE = "costs"
FIRST_DAYS, AGAIN_DAYS = 90, 10
AGAIN_AFTER: Millis = HOUR // 2
"""What did not answer is asked again so soon;"""
TOLD_LATELY: Millis = 12 * HOUR
"""what told within this time is not, with it."""
TIMEOUT_SECONDS = 60.0
OpenGoogle = Callable[[AdsAccount], GoogleAds]


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
    last = day_of(now - DAY)
    asked = []
    for platform in PLATFORMS:
        for account in accounts_of(connection, company_id, platform):
            if account.costs_trouble is None and now - (account.costs_asked_at or 0) < TOLD_LATELY:
                continue
            first = last - timedelta(FIRST_DAYS - 1)
            if known := told_until.get(f"{platform}:{account.customer_id}"):
                # What it did not answer for weeks is asked once it answers again.
                first = max(first, min(known + timedelta(1), last) - timedelta(AGAIN_DAYS - 1))
            asked.append(CostQuestion(platform, account, first, last))
    return asked


def ask_costs(
    asked: Sequence[CostQuestion],
    vault: Vault,
    opened: OpenGoogle = GoogleAds,
    pause: Callable[[float], None] = time.sleep,
    *,
    private_addresses: bool,
) -> Sequence[CostAnswer]:
    """Ask over the network; an account that fails keeps no other from answering."""
    with open_http(TIMEOUT_SECONDS, private_addresses=private_addresses) as client:
        ways = Ways(vault, opened, lambda request: post(client, request), pause)
        return [_ask(each, ways) for each in asked]


def pause(stopping: Event, seconds: float) -> None:
    """Wait so long for a platform. Raises AdsError as soon as this server stops: it is asked anew then."""
    if stopping.wait(seconds):
        raise AdsError("This server was stopped meanwhile.", permanent=False)


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


class Ways(NamedTuple):
    """How accounts are opened and asked."""

    vault: Vault
    opened: OpenGoogle
    send: Post
    pause: Callable[[float], None]


def _ask(question: CostQuestion, ways: Ways) -> CostAnswer:
    days = question.first, question.last
    try:
        told = ways.vault.unseal(question.account.credentials)
        if question.platform == GOOGLE_ADS:
            return CostAnswer(question, google_costs(ways.opened(AdsAccount.of(told)), *days))
        if question.platform == MICROSOFT:
            lines = microsoft_costs(MicrosoftAccount.of(told), *days, ways.send, ways.pause)
            return CostAnswer(question, lines)
        account = MetaAccount(question.account.customer_id, told["access_token"], told.get("url") or META_URL)
        return CostAnswer(question, meta_costs(account, *days, ways.send))
    except (AdsError, ValueError, KeyError) as error:
        return CostAnswer(question, (), str(error), isinstance(error, AdsError) and not error.permanent)
