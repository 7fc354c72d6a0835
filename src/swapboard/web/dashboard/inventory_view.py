"""What the list of all numbers shows: their state, spend and health, what may be done, and what was."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, Row

from swapboard.calls.store import carrier_accounts
from swapboard.numbers.health import NEVER, Health, Trouble, call_counts, health
from swapboard.numbers.inventory import NumberStatus
from swapboard.numbers.lifecycle import Action, quarantine_ends_at
from swapboard.numbers.listing import NumberFilter, NumberRecord, PoolRecord, list_numbers, list_pools
from swapboard.numbers.matching import mismatch
from swapboard.numbers.number_log import LoggedEvent, NumberEvent, at_carriers, events_of
from swapboard.numbers.orders import NumberOrder, unclear_orders
from swapboard.numbers.returns import Return, open_returns
from swapboard.numbers.target_listing import TargetRecord, list_targets
from swapboard.switchboard.buying import UNCLEAR_AFTER
from swapboard.web.dashboard.guard import Desk
from swapboard.web.dashboard.translation import Words, _

MOST_NUMBERS = 1_000
MOST_EVENTS = 30

STATUS: Mapping[NumberStatus, str] = Words(
    {
        NumberStatus.ACTIVE: _("Active"),
        NumberStatus.PAUSED: _("Paused"),
        NumberStatus.QUARANTINED: _("Quarantine"),
        NumberStatus.RELEASED: _("Released"),
    }
)
ACTION: Mapping[Action, str] = Words(
    {
        Action.ACTIVATE: _("Activate: show them again"),
        Action.PAUSE: _("Pause: they ring, nobody new sees them"),
        Action.QUARANTINE: _("Quarantine: they ring on for some days, then go"),
        Action.RELEASE: _("Release: give them up now, and at the carrier once they have rested"),
        Action.ASSIGN: _("Assign to the pool or place chosen"),
    }
)
TROUBLE: Mapping[Trouble, str] = Words(
    {
        Trouble.NO_CARRIER: _("no carrier account: nothing says that its calls come here"),
        Trouble.GONE: _("gone: its carrier account no longer has it, so nobody gets through"),
        Trouble.ASTRAY: _("astray: its carrier account sends its calls elsewhere, so they are not seen here"),
        Trouble.OLD_ADDRESS: _(
            "its carrier account sends its calls to this server's old address: they stop when that goes"
        ),
        Trouble.SILENT: _("nobody has called it for three months"),
        Trouble.SPAM: _("mostly spam: most of its calls are blocked or last seconds"),
        Trouble.FAILING: _("its latest calls all failed"),
        Trouble.READY: _("its quarantine is over: it can be released"),
    }
)
LOGGED: Mapping[NumberEvent, str] = Words(
    {
        NumberEvent.ADDED: _("added"),
        NumberEvent.BOUGHT: _("bought"),
        NumberEvent.CHANGED: _("changed"),
        NumberEvent.ASSIGNED: _("assigned"),
        NumberEvent.ACTIVATED: _("activated"),
        NumberEvent.PAUSED: _("paused"),
        NumberEvent.QUARANTINED: _("put in quarantine"),
        NumberEvent.RELEASED: _("released"),
        NumberEvent.LOST: _("no longer at the carrier"),
        NumberEvent.FOUND: _("at the carrier again"),
        NumberEvent.ASTRAY: _("found to point elsewhere at the carrier"),
        NumberEvent.OLD_ADDRESS: _("found to point at this server's old address"),
        NumberEvent.POINTED: _("pointed here at the carrier"),
        NumberEvent.ENDED: _("ended at the carrier: it costs no more"),
        NumberEvent.NOT_ENDED: _("not ended: the carrier refused"),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """A number as the list shows it."""

    record: NumberRecord
    health: Health
    stands_for: str
    """Its pool's name, or its placement."""
    odd: str | None
    """What a caller would find odd about it, compared with the number it stands for."""


TROUBLED = "trouble"
STATES: Mapping[str, str] = Words(
    {
        NumberStatus.ACTIVE: _("Active"),
        NumberStatus.PAUSED: _("Paused"),
        NumberStatus.QUARANTINED: _("Quarantine"),
        TROUBLED: _("Something is wrong"),
    }
)
"""What the list can be held to."""
LONGEST_SOUGHT = 100
_FEWEST_DIGITS = 2
_DIGITS = re.compile(r"\D+")


@dataclass(frozen=True, slots=True)
class Sought:
    """Which numbers are looked for."""

    text: str = ""
    """Some of the number's digits, or words of what it stands for."""
    state: str = ""

    @property
    def query(self) -> str:
        """As an address has it; nothing where all numbers are shown."""
        told = {name: value for name, value in (("q", self.text), ("state", self.state)) if value}
        return f"?{urlencode(told)}" if told else ""

    def fits(self, line: Line) -> bool:
        return self._has_state(line) and self._has_text(line)

    def _has_state(self, line: Line) -> bool:
        if self.state == TROUBLED:
            return bool(line.health.troubles)
        return self.state in {"", line.record.status}

    def _has_text(self, line: Line) -> bool:
        number = line.record
        told = (line.stands_for, number.channel, number.source, number.medium, number.campaign)
        # With the zero that people of many countries dial before it at home; Route 12 is no number.
        digits = "" if any(map(str.isalpha, self.text)) else _DIGITS.sub("", self.text).lstrip("0")
        is_number = len(digits) >= _FEWEST_DIGITS and digits in number.number
        return is_number or self.text.casefold() in " ".join(filter(None, told)).casefold()


EVERYTHING = Sought()


def sought_in(query: Mapping[str, str]) -> Sought:
    """What an address asks for; what nobody can look for is left out."""
    state = query.get("state", "")
    return Sought(query.get("q", "").strip()[:LONGEST_SOUGHT], state if state in STATES else "")


@dataclass(frozen=True, slots=True)
class InventoryView:
    """Everything the page shows."""

    lines: Sequence[Line]
    """Those that were looked for."""
    all_count: int
    sought: Sought
    pools: Sequence[PoolRecord]
    targets: Sequence[TargetRecord]
    carriers: Sequence[Row[*tuple[Any, ...]]]
    events: Sequence[LoggedEvent]
    unclear: Sequence[NumberOrder]
    returns: Sequence[Return]
    """Released, and still at the carrier."""
    quarantine_days: int

    @property
    def monthly_cents(self) -> int:
        """What these numbers cost a month, as far as it is known."""
        return sum(line.record.monthly_cents or 0 for line in self.lines)

    @property
    def unpriced(self) -> int:
        """How many numbers have no price."""
        return sum(line.record.monthly_cents is None for line in self.lines)

    def went_to(self, event: LoggedEvent) -> str:
        """The pool or the line that the number was assigned to, as it is called now; nothing of other events."""
        pool = next((each.name for each in self.pools if each.pool_id == event.detail.get("pool_id")), "")
        found = (
            each.name or each.number for each in self.targets if each.target_id == event.detail.get("target_id")
        )
        return pool or next(found, "")

    def quarantine_ends_at(self, number: NumberRecord) -> int:
        return quarantine_ends_at(number.quarantined_at or 0, self.quarantine_days)


def looked_at(connection: Connection, desk: Desk, sought: Sought = EVERYTHING) -> InventoryView:
    """The company's numbers that are looked for, by their digits, and what goes with them."""
    company_id = desk.company_id
    pools = list_pools(connection, company_id, MOST_NUMBERS).rows
    targets = list_targets(connection, company_id, MOST_NUMBERS).rows
    carriers = carrier_accounts(connection, company_id)
    wrong = at_carriers(connection, company_id)
    counts = call_counts(connection, company_id, desk.now)
    carrier_ids = [row.carrier_id for row in carriers]
    of_pool = {pool.pool_id: pool for pool in pools}
    of_target = {target.target_id: target.number for target in targets}

    def line(number: NumberRecord) -> Line:
        pool = of_pool.get(number.pool_id or "")
        target = of_target.get((pool.target_id if pool else number.target_id) or "")
        return Line(
            record=number,
            health=health(
                number,
                counts.get(number.number, NEVER),
                carrier_ids,
                wrong,
                desk.now,
                desk.company.quarantine_days,
            ),
            stands_for=pool.name if pool else number.placement or number.channel or "",
            odd=mismatch(target, number.number) if target else None,
        )

    found = sorted(every_number(connection, company_id), key=lambda each: each.number)
    lines = [line(each) for each in found]
    return InventoryView(
        lines=[each for each in lines if sought.fits(each)],
        all_count=len(lines),
        sought=sought,
        pools=pools,
        targets=targets,
        carriers=carriers,
        events=events_of(connection, company_id, limit=MOST_EVENTS),
        unclear=unclear_orders(connection, company_id, desk.now - UNCLEAR_AFTER),
        returns=open_returns(connection, company_id),
        quarantine_days=desk.company.quarantine_days,
    )


def every_number(connection: Connection, company_id: str) -> Iterator[NumberRecord]:
    """All but released ones, oldest first, a page at a time."""
    cursor = None
    while True:
        found = list_numbers(connection, company_id, NumberFilter(), MOST_NUMBERS, cursor)
        yield from found.rows
        cursor = found.next_cursor
        if cursor is None:
            return
