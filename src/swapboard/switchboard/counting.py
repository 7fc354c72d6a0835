"""Asks the company's ad accounts once a day how many conversions they counted of what they were told."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.clock import Millis
from swapboard.conversions.destinations.base import CountedAs
from swapboard.conversions.store import list_destinations
from swapboard.keywords.google_ads import AdsError, GoogleAds
from swapboard.keywords.store import PLATFORMS, KeptAccount, accounts_of
from swapboard.reports.counted import Count, by_day
from swapboard.reports.counted_google import google_counts
from swapboard.reports.counted_meta import meta_counts
from swapboard.reports.counted_microsoft import microsoft_counts
from swapboard.reports.counted_store import keep_counted, keep_trouble
from swapboard.reports.meta_insights import MetaAccount
from swapboard.reports.microsoft_reports import MicrosoftAccount
from swapboard.switchboard.ad_accounts import AGAIN_AFTER, OpenGoogle, Ways, is_passing, open_ways
from swapboard.switchboard.claiming import Due, put_off
from swapboard.switchboard.costing import last_day
from swapboard.switchboard.telling import counted_as

CHORE = "counts"
DAYS = 45
"""So far back: what is told today of a click of a month ago counts on a day of then."""


@dataclass(frozen=True, slots=True)
class CountQuestion:
    """Which days to ask an account for, and what of its answer each destination (by id) is."""

    platform: str
    account: KeptAccount
    first: date
    last: date
    wanted: Mapping[str, CountedAs]


@dataclass(frozen=True, slots=True)
class CountAnswer:
    """What an account told, or in what way it failed."""

    question: CountQuestion
    counts: Sequence[Count]
    trouble: str | None = None
    passes: bool = False
    """It may answer soon."""


def count_questions(connection: Connection, company_id: str, now: Millis, vault: Vault) -> list[CountQuestion]:
    """One for each account of which a destination's conversions can be asked."""
    names = _counted(connection, company_id, vault)
    last = last_day(connection, company_id, now)
    first = last - timedelta(DAYS - 1)
    asked = []
    for platform in PLATFORMS if names else ():
        for account in accounts_of(connection, company_id, platform):
            wanted = {
                destination_id: each
                for destination_id, each in names.items()
                if each.platform == platform and each.account_id in {"", account.customer_id}
            }
            if wanted:
                asked.append(CountQuestion(platform, account, first, last, wanted))
    return asked


def ask_counts(
    asked: Sequence[CountQuestion],
    vault: Vault,
    open_google: OpenGoogle = GoogleAds,
    pause: Callable[[float], None] = time.sleep,
    *,
    private_addresses: bool,
) -> Sequence[CountAnswer]:
    """Ask over the network; an account that fails keeps no other from answering."""
    with open_ways(vault, open_google, pause, private_addresses=private_addresses) as ways:
        return [_ask(each, ways) for each in asked]


def keep_counts(connection: Connection, company_id: str, told: Sequence[CountAnswer], now: Millis) -> None:
    """Keep what was told of each destination that still is; accounts that share one add up."""
    known = {each.destination_id for each in list_destinations(connection, company_id).rows}
    for destination_id in sorted({name for each in told for name in each.question.wanted} & known):
        answers = [each for each in told if destination_id in each.question.wanted]
        trouble = next((each.trouble for each in answers if each.trouble), None)
        if trouble:
            keep_trouble(connection, company_id, destination_id, trouble)
            continue
        question = answers[0].question
        names = question.wanted[destination_id].names
        counts = [count for each in answers for count in each.counts]
        days = by_day(counts, names, question.first, question.last)
        keep_counted(connection, company_id, destination_id, days, now)
    if any(each.passes for each in told):
        put_off(connection, Due(company_id, CHORE), now + AGAIN_AFTER)


def _counted(connection: Connection, company_id: str, vault: Vault) -> Mapping[str, CountedAs]:
    """The destinations (by id) whose platforms say what they counted."""
    records = list_destinations(connection, company_id).rows
    counted = ((each.destination_id, counted_as(vault, each)) for each in records)
    return {destination_id: known for destination_id, known in counted if known}


def _ask(question: CountQuestion, ways: Ways) -> CountAnswer:
    days = question.first, question.last
    try:
        match ways.opened(question.platform, question.account):
            case GoogleAds() as ads:
                return CountAnswer(question, google_counts(ads, *days))
            case MicrosoftAccount() as microsoft:
                return CountAnswer(question, microsoft_counts(microsoft, *days, ways.send, ways.pause))
            case MetaAccount() as meta:
                return CountAnswer(question, meta_counts(meta, *days, ways.send))
    except (AdsError, ValueError, KeyError) as error:
        return CountAnswer(question, (), str(error), is_passing(error))
