"""Asks the company's ad accounts which keywords its visitors' clicks were for, and writes down what they tell.

Google Ads answers for one day at a time, at most 90 days back, and knows a click a few hours after it was made:
so yesterday and the day before are asked once more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from swapboard.accounts.secrets import Vault
from swapboard.attribution.candidate_words import renew_words
from swapboard.calls import keywords as call_keywords
from swapboard.clock import DAY, Millis
from swapboard.keywords.click import DAYS_BACK, Click, day_of
from swapboard.keywords.google_ads import AdsAccount, AdsError, GoogleAds
from swapboard.keywords.store import KeptAccount, accounts_of, note_asked, note_trouble
from swapboard.leads.uncrediting import uncredit_visits
from swapboard.reports.unfiling import unfile
from swapboard.storage.locks import hold_company
from swapboard.switchboard.ad_accounts import AGAIN_AFTER, OpenGoogle, is_passing
from swapboard.switchboard.claiming import Due, put_off
from swapboard.visits import keywords as visit_keywords
from swapboard.visits.form_words import take_words
from swapboard.visits.keywords import Learned

CHORE = "keywords"
ASKED_AGAIN_DAYS = 2


@dataclass(frozen=True, slots=True)
class Question:
    """Which clicks to ask an account for: the days, and the visits' GCLIDs by the visits' ids."""

    account: KeptAccount
    days: Sequence[date]
    gclids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """What an account answered, by visit; and in what way it failed, if it did."""

    customer_id: str
    learned: Mapping[str, Learned]
    trouble: str | None = None
    passes: bool = False
    """It may answer soon."""


def questions(connection: Connection, company_id: str, now: Millis) -> list[Question]:
    """What to ask each account of the company; nothing where no visit lacks a keyword."""
    asked = []
    for account in accounts_of(connection, company_id):
        # Where the account's clocks are ahead of ours, its ninetieth day back is our eighty-ninth.
        first = now - (DAYS_BACK - 1) * DAY
        if account.asked_at is not None:
            first = max(first, account.asked_at - ASKED_AGAIN_DAYS * DAY)
        # A day more on each side: the account's days begin by its own time zone.
        gclids = visit_keywords.without_keyword(connection, company_id, first - DAY, now + DAY)
        if gclids:
            asked.append(Question(account, tuple(_days(first, now)), gclids))
    return asked


def ask(asked: Sequence[Question], vault: Vault, opened: OpenGoogle = GoogleAds) -> list[Told]:
    """Ask over the network; an account that fails keeps no other from answering."""
    return [_ask(question, vault, opened) for question in asked]


def write_down(connection: Connection, company_id: str, told: Sequence[Told], now: Millis) -> int:
    """Keep what was told; the answer is how many visits know their keyword now."""
    if any(each.learned for each in told):
        # Before the visits, as whoever admits and hears them: else the two wait for each other.
        hold_company(connection, company_id)
    for each in told:
        visit_keywords.fill_in(connection, company_id, each.learned)
        unfile(connection, company_id, each.learned)
        uncredit_visits(connection, company_id, each.learned)
        renew_words(connection, company_id, each.learned)
        take_words(connection, company_id, each.learned)
        for session_id, learned in each.learned.items():
            call_keywords.fill_in(connection, company_id, session_id, learned.keyword, learned.campaign)
        if each.trouble is None:
            note_asked(connection, company_id, each.customer_id, now)
        else:
            note_trouble(connection, company_id, each.customer_id, each.trouble)
    if any(each.passes for each in told):
        put_off(connection, Due(company_id, CHORE), now + AGAIN_AFTER)
    return sum(learned.keyword is not None for each in told for learned in each.learned.values())


def _ask(question: Question, vault: Vault, opened: OpenGoogle) -> Told:
    """The latest days first: what was told before one is refused is kept."""
    customer_id = question.account.customer_id
    known: dict[str, Click] = {}
    trouble, passes = None, False
    try:
        platform = opened(AdsAccount.of(vault.unseal(question.account.credentials)))
        for day in reversed(question.days):
            known |= {click.gclid: click for click in platform.clicks_of(day)}
    except (AdsError, ValueError) as error:
        trouble, passes = str(error), is_passing(error)
    learned = {
        session_id: _learned(known[gclid]) for session_id, gclid in question.gclids.items() if gclid in known
    }
    return Told(customer_id, learned, trouble, passes)


def _learned(click: Click) -> Learned:
    return Learned(click.keyword, click.campaign, click.campaign_id)


def _days(first: Millis, last: Millis) -> Iterator[date]:
    day, end = day_of(first), day_of(last)
    while day <= end:
        yield day
        day += timedelta(days=1)
