"""Numbers and pools: what each number does, how full the pools are, and the rules that give numbers out."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from swapboard.numbers.board import Board, BoardNumber, board
from swapboard.numbers.exhaustions import Exhausted, latest_exhaustions
from swapboard.numbers.pool_alerts import PoolAlert, pool_alerts
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.rules import Outcome, Rule
from swapboard.numbers.target_listing import TargetRecord, list_targets
from swapboard.web.dashboard import rule_words, words
from swapboard.web.dashboard.guard import Desk, exchange_of
from swapboard.web.dashboard.rendering import page
from swapboard.web.dashboard.translation import _

MOST_TARGETS = 200
MOST_EXHAUSTIONS = 20


@dataclass(frozen=True, slots=True)
class NumbersView:
    """Everything the page shows."""

    board: Board
    targets: Sequence[TargetRecord]
    rules: Sequence[Rule]
    exhaustions: Sequence[Exhausted]
    alerts: Sequence[PoolAlert]

    @property
    def has_numbers(self) -> bool:
        """Whether any pool can give a visitor a number."""
        return any(pool.size for pool in self.board.pools)

    def target(self, target_id: str | None) -> TargetRecord | None:
        """The swap target with this id, or None."""
        return next((each for each in self.targets if each.target_id == target_id), None)

    def number(self, number_id: str | None) -> BoardNumber | None:
        """The tracking number with this id, or None."""
        return self.board.numbers.get(number_id or "")

    def conditions(self, rule: Rule) -> str:
        """When the rule holds, as a sentence."""
        said = [rule_words.condition(asked, values) for asked, values in rule.conditions.items()]
        return _("If the %s") % _(" and the ").join(said) if said else _("Every visit")

    def outcome(self, rule: Rule, country: str) -> str:
        """What the rule gives."""
        pool = next((each for each in self.board.pools if each.pool_id == rule.pool_id), None)
        number = self.number(rule.number_id)
        if rule.outcome is Outcome.POOL and pool:
            return _("A number of its own from “%s”") % pool.name
        if rule.outcome is Outcome.STATIC and number:
            return words.phone(number.number, country)
        return _("The page keeps its own number")


async def numbers_page(request: Request, desk: Desk) -> Response:
    """Pools, static numbers and rules, as of now."""

    def read(connection: Connection) -> NumbersView:
        company_id, today_at = desk.company_id, desk.moments.day_start()
        return NumbersView(
            board=board(connection, company_id, desk.now, desk.company.session_seconds, today_at),
            targets=list_targets(connection, company_id, MOST_TARGETS).rows,
            rules=[record.rule for record in rules_in_order(connection, company_id)],
            exhaustions=latest_exhaustions(connection, company_id, MOST_EXHAUSTIONS),
            alerts=pool_alerts(connection, company_id, desk.company.time_zone, desk.now),
        )

    return page("numbers.html", desk=desk, view=await exchange_of(request).read(read))
