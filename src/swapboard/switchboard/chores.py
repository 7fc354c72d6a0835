"""Chores: work of each company that comes due by itself, such as learning from the day's calls.

A chore looks (off the event loop, in a transaction that only reads), works on what it found (with no transaction
open, so that it may take its time or ask over the network), then keeps the result. Whoever moves its due time on
does it, so that of several processes one does; after a failure it comes due again soon.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from swapboard.accounts.audit import FORGETTING_EVERY, forget_until, overdue
from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import touch_config
from swapboard.attribution.channel_worth import keep_worth, paths_of
from swapboard.attribution.first_days import EVERY as YOUNG_EVERY
from swapboard.attribution.first_days import learn_if_due, past_while_young
from swapboard.attribution.learned import Learned
from swapboard.attribution.markov import Path, removal_effects
from swapboard.attribution.nightly import keep_learned, learn_from
from swapboard.attribution.past import past_of
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.recordings.shelf import Shelf
from swapboard.reports.filing import EVERY as FILING_EVERY
from swapboard.reports.filing import keep_filed, to_file
from swapboard.reports.pool_days import EVERY as COUNTING_EVERY
from swapboard.reports.pool_days import days_to_count, keep_counted
from swapboard.switchboard.asking import ask, questions, write_down
from swapboard.switchboard.checking import check, keep_checked, to_check
from swapboard.switchboard.costing import ask_costs, cost_questions, keep_costs
from swapboard.switchboard.counting import ask_counts, count_questions, keep_counts
from swapboard.switchboard.exchanging import ask_bank, keep_rates, rates_wanted
from swapboard.switchboard.fetching import fetch, to_fetch, write_fetched
from swapboard.switchboard.lead_filing import EVERY as CREDITING_EVERY
from swapboard.switchboard.lead_filing import keep_credited, to_credit
from swapboard.switchboard.report_mail import reports_due, send_written, write_reports
from swapboard.switchboard.returning import EVERY as RETURN_EVERY
from swapboard.switchboard.returning import give_back, keep_returned, to_return
from swapboard.switchboard.signing_in import keep_looked, look, over_http, to_look_at
from swapboard.visits.form_words import EVERY as WORDING_EVERY
from swapboard.visits.form_words import give_words, wordless

Found = TypeVar("Found")
Result = TypeVar("Result")

AGAIN_AFTER: Millis = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class Chore(Generic[Found, Result]):
    """One kind of such work, for one company at a time."""

    name: str
    every: Millis
    look: Callable[[Connection, str, Millis], Found]
    work: Callable[[Found], Result]
    keep: Callable[[Connection, str, Result, Millis], object]


def all_chores(
    vault: Vault,
    shelf: Shelf,
    public_url: str,
    engine: Engine,
    clock: Callable[[], Millis],
    *,
    hears: bool,
    private_addresses: bool,
    asks_bank: bool = False,
    pause: Callable[[float], None] = time.sleep,
) -> Sequence[Chore[Any, Any]]:
    """Every kind of chore that there is.

    `hears` when what is recorded can be written down here; `asks_bank` when the Central Bank may be asked;
    `private_addresses` as in the settings; `pause` waits for a platform that takes its time.
    """
    send = partial(over_http, private_addresses=private_addresses)
    rates = (Chore("rates", DAY, rates_wanted, ask_bank, keep_rates),) if asks_bank else ()
    return (
        Chore("calls_curve", DAY, past_of, learn_from, _keep_learned),
        Chore("young_curve", YOUNG_EVERY, past_while_young, learn_if_due, _keep_learned),
        Chore("channel_worth", DAY, _ways, removal_effects, keep_worth),
        Chore(
            "access",
            DAY,
            to_look_at,
            partial(look, vault=vault, engine=engine, clock=clock, send=send),
            keep_looked,
        ),
        Chore("number_check", DAY, to_check, partial(check, vault=vault, public_url=public_url), keep_checked),
        Chore(
            "number_returns",
            RETURN_EVERY,
            to_return,
            partial(give_back, vault=vault, public_url=public_url),
            keep_returned,
        ),
        Chore(
            "recordings",
            MINUTE,
            to_fetch,
            partial(fetch, vault=vault, shelf=shelf),
            partial(write_fetched, url=public_url, hears=hears),
        ),
        Chore(
            "report_mail", MINUTE, reports_due, partial(write_reports, vault=vault, url=public_url), send_written
        ),
        Chore("visit_days", FILING_EVERY, to_file, lambda made: made, keep_filed),
        Chore("lead_credits", CREDITING_EVERY, to_credit, lambda made: made, keep_credited),
        Chore("journal", FORGETTING_EVERY, overdue, lambda found: found, forget_until),
        Chore("form_words", WORDING_EVERY, wordless, lambda found: found, give_words),
        Chore("pool_days", COUNTING_EVERY, days_to_count, lambda made: made, keep_counted),
        Chore(
            "costs",
            DAY,
            cost_questions,
            partial(ask_costs, vault=vault, pause=pause, private_addresses=private_addresses),
            keep_costs,
        ),
        Chore(
            "counts",
            DAY,
            partial(count_questions, vault=vault),
            partial(ask_counts, vault=vault, pause=pause, private_addresses=private_addresses),
            keep_counts,
        ),
        *rates,
        Chore("keywords", DAY, questions, partial(ask, vault=vault), write_down),
    )


def _keep_learned(
    connection: Connection, company_id: str, learned: tuple[Learned, int] | None, now: Millis
) -> None:
    """Whoever hands out numbers goes by the new curve from now on, if there is one."""
    if learned and keep_learned(connection, company_id, learned, now):
        touch_config(connection, company_id)


def _ways(connection: Connection, company_id: str, now: Millis) -> list[Path]:
    return list(paths_of(connection, company_id, now))
