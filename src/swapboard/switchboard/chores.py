"""The chores that there are: what each company has done for it by itself, and how often."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection

from swapboard.accounts.audit import FORGETTING_EVERY, forget_until, overdue
from swapboard.accounts.store import touch_config
from swapboard.attribution.channel_worth import keep_worth, paths_of
from swapboard.attribution.first_days import EVERY as YOUNG_EVERY
from swapboard.attribution.first_days import learn_if_due, past_while_young
from swapboard.attribution.learned import Learned
from swapboard.attribution.markov import Path, removal_effects
from swapboard.attribution.nightly import keep_learned, learn_from
from swapboard.attribution.past import past_of
from swapboard.clock import DAY, MINUTE, Millis
from swapboard.mail.outbox import DROPPING_EVERY, drop_letters, over_until
from swapboard.reports.filing import EVERY as FILING_EVERY
from swapboard.reports.filing import keep_filed, to_file
from swapboard.reports.pool_days import EVERY as COUNTING_EVERY
from swapboard.reports.pool_days import days_to_count, keep_counted
from swapboard.switchboard.ageing import EVERY as AGEING_EVERY
from swapboard.switchboard.ageing import forget_contacts, forget_visits, old_contacts, old_visits
from swapboard.switchboard.checking import check, keep_checked, to_check
from swapboard.switchboard.chore import Chore
from swapboard.switchboard.claiming import HELD, Due, put_off
from swapboard.switchboard.click_keywords import CHORE as KEYWORD_CHORE
from swapboard.switchboard.click_keywords import ask, questions, write_down
from swapboard.switchboard.costing import CHORE as COST_CHORE
from swapboard.switchboard.costing import ask_costs, cost_questions, keep_costs
from swapboard.switchboard.counting import CHORE as COUNT_CHORE
from swapboard.switchboard.counting import ask_counts, count_questions, keep_counts
from swapboard.switchboard.currency_rates import ask_bank, keep_rates, rates_wanted
from swapboard.switchboard.fetching import fetch, to_fetch, write_fetched
from swapboard.switchboard.lead_filing import EVERY as CREDITING_EVERY
from swapboard.switchboard.lead_filing import keep_credited, to_credit
from swapboard.switchboard.platform_sign_in import keep_looked, look, to_look_at
from swapboard.switchboard.report_mail import reports_due, send_written, write_reports
from swapboard.switchboard.returning import EVERY as RETURN_EVERY
from swapboard.switchboard.returning import give_back, keep_returned, to_return
from swapboard.visits.form_words import EVERY as WORDING_EVERY
from swapboard.visits.form_words import give_words, wordless

if TYPE_CHECKING:
    from swapboard.switchboard.exchange import Exchange

Found = TypeVar("Found")


def _keep_learned(
    connection: Connection, company_id: str, learned: tuple[Learned, int] | None, now: Millis
) -> bool:
    """Whoever hands out numbers goes by the new curve from now on, if there is one."""
    is_kept = learned is not None and keep_learned(connection, company_id, learned, now)
    if is_kept:
        touch_config(connection, company_id)
    return is_kept


def _keep_young(connection: Connection, company_id: str, learned: tuple[Learned, int] | None, now: Millis) -> None:
    """One that cannot be kept would be learned of the same calls again at once, and again."""
    if learned and not _keep_learned(connection, company_id, learned, now):
        put_off(connection, Due(company_id, YOUNG_CURVE.name), now + HELD)


def _ways(connection: Connection, company_id: str, now: Millis) -> list[Path]:
    return list(paths_of(connection, company_id, now))


def _as_found(found: Found) -> Found:
    """The work of a chore that only reads and writes."""
    return found


CALLS_CURVE = Chore("calls_curve", DAY, past_of, learn_from, _keep_learned)
YOUNG_CURVE = Chore("young_curve", YOUNG_EVERY, past_while_young, learn_if_due, _keep_young)


def all_chores(exchange: "Exchange", pause: Callable[[float], None]) -> Sequence[Chore[Any, Any]]:
    """Every kind of chore that there is; `pause` waits for a platform that takes its time."""
    vault, public_url = exchange.vault, exchange.settings.public_url
    private_addresses = exchange.settings.private_addresses
    look_at_access = partial(look, vault=vault, engine=exchange.engine, clock=exchange.clock, send=exchange.send)
    hears = exchange.transcriber.engine is not None
    rates = (Chore("rates", DAY, rates_wanted, ask_bank, keep_rates),) if exchange.settings.ecb_rates else ()
    return (
        CALLS_CURVE,
        YOUNG_CURVE,
        Chore("channel_worth", DAY, _ways, removal_effects, keep_worth),
        Chore("access", DAY, to_look_at, look_at_access, keep_looked),
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
            partial(fetch, vault=vault, shelf=exchange.shelf),
            partial(write_fetched, url=public_url, hears=hears),
        ),
        Chore(
            "report_mail", MINUTE, reports_due, partial(write_reports, vault=vault, url=public_url), send_written
        ),
        Chore("visit_days", FILING_EVERY, to_file, _as_found, keep_filed),
        Chore("lead_credits", CREDITING_EVERY, to_credit, _as_found, keep_credited),
        Chore("journal", FORGETTING_EVERY, overdue, _as_found, forget_until),
        Chore("old_visits", AGEING_EVERY, old_visits, _as_found, forget_visits),
        Chore("old_contacts", AGEING_EVERY, old_contacts, _as_found, forget_contacts),
        Chore("old_letters", DROPPING_EVERY, over_until, _as_found, drop_letters),
        Chore("form_words", WORDING_EVERY, wordless, _as_found, give_words),
        Chore("pool_days", COUNTING_EVERY, days_to_count, _as_found, keep_counted),
        Chore(
            COST_CHORE,
            DAY,
            cost_questions,
            partial(ask_costs, vault=vault, pause=pause, private_addresses=private_addresses),
            keep_costs,
        ),
        Chore(
            COUNT_CHORE,
            DAY,
            partial(count_questions, vault=vault),
            partial(ask_counts, vault=vault, pause=pause, private_addresses=private_addresses),
            keep_counts,
        ),
        *rates,
        Chore(KEYWORD_CHORE, DAY, questions, partial(ask, vault=vault), write_down),
    )
