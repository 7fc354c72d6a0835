"""Where the log-loss goes: ours less the oracle's, by kind of call, and what each term of the oracle's would mend.

.venv/bin/python benchmarks/attribution_gap.py --law law-firm --pool 16 --visits 30000

Both weigh the same holders with the same memory of earlier calls. A row with a term's name is ours with that one
term taken from the oracle. A figure is what the calls of that kind add to the mean log-loss beyond the oracle's.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from rich.console import Console

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.replays import ORACLES_HOLDERS
from benchmarks.simulated_logs import law_of, log_of
from swapboard.attribution.backtest import LEAST_PROBABILITY
from swapboard.attribution.evidence import area_of
from swapboard.attribution.hazard import CELLS, PHASE_OF, Phase
from swapboard.attribution.holder import places_of
from swapboard.attribution.law import Law
from swapboard.attribution.outcome import Verdict
from swapboard.attribution.posterior import Posterior
from swapboard.attribution.replay import Switchboard, learned_judge
from swapboard.attribution.replay_pool import Number
from swapboard.attribution.ring import Ring
from swapboard.attribution.traffic import read_traffic
from swapboard.attribution.watch import Watched
from swapboard.clock import SECOND
from tests.attribution.oracle import AREA_SHARES, Oracle

AWAY = (Phase.LEFT, Phase.SILENT)


class Part(NamedTuple):
    """One candidate's weight in its factors, ours and the oracle's, in calls per millisecond."""

    session_id: str
    phase: Phase
    rate: float
    factor: float
    """Beside the area's ratio."""
    area: float
    again: float
    true_rate: float
    true_area: float
    true_again: float


class Call(NamedTuple):
    """What both said of a call."""

    parts: list[Part]
    nobody: float
    true_nobody: float
    rest: float
    known: bool
    oracle: Mapping[str | None, float]
    """The probability of each session, and of nobody (None)."""


def weight(part: Part, away: bool, present: bool, area: bool, again: bool) -> float:
    """A candidate's weight with the oracle's terms where asked for."""
    swapped = away if part.phase in AWAY else present
    first = (part.true_rate if swapped else part.rate) * part.factor * (part.true_area if area else part.area)
    return first + (part.true_again if again else part.again)


TERMS: dict[str, tuple[bool, bool, bool, bool, bool]] = {
    "ours": (False, False, False, False, False),
    "nobody's rate": (True, False, False, False, False),
    "rates after a visit": (False, True, False, False, False),
    "both": (True, True, False, False, False),
    "rates on the page": (False, False, True, False, False),
    "areas": (False, False, False, True, False),
    "calling again": (False, False, False, False, True),
    "all": (True, True, True, True, True),
}
"""Nobody, away, present, area, again: what is taken from the oracle."""


class Both:
    """A judge that goes by ours and keeps what the oracle would have said."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.call: Call | None = None

    def __call__(self, board: Switchboard, ring: Ring, number: Number, also: Sequence[Watched]) -> Posterior:
        # All are named, the hardly possible too: one of them may be the right answer.
        ours, theirs = learned_judge(board, ring, number, also, 0.0), self.oracle(board, ring, number, also)
        unit = float(SECOND)
        if ring.caller is not None and ring.known is None:
            unit *= AREA_SHARES.get(area_of(ring.caller), 1e-6)
        true = {each.holder.session_id: each for each in theirs.weighed}
        parts = []
        for each in ours.weighed:
            holder = each.holder
            mine, flat = true[holder.session_id], ours.curve.flat_at(ring.at)
            place = max(places_of((holder,), ring.at)[0], each.place)
            area = ring.areas.get(holder.region, 1.0) if ring.caller and ring.known is None else 1.0
            true_area = self.oracle.area_ratio(ring, holder) if ring.caller and ring.known is None else 1.0
            parts.append(
                Part(
                    holder.session_id,
                    Phase(PHASE_OF[each.place % CELLS]),
                    flat[place],
                    # Within a cell the rate is in the factor.
                    each.factor * flat[each.place] / flat[place] / area,
                    area,
                    each.again,
                    self.oracle.first_rate(ring, holder) / SECOND,
                    true_area,
                    mine.again / SECOND,
                )
            )
        said = {each.holder.session_id: each.weight / theirs.total for each in theirs.weighed}
        self.call = Call(
            parts,
            ours.nobody_weight,
            theirs.nobody_weight / unit,
            ours.rest_weight,
            ring.known is not None,
            {**said, None: theirs.nobody},
        )
        return ours


def loss(probability: float) -> float:
    return -log(max(LEAST_PROBABILITY, probability))


def probability_of(
    call: Call, truth: str | None, of_rest: float, term: tuple[bool, bool, bool, bool, bool]
) -> float:
    """What the right answer gets with the oracle's terms where asked for; of one of long ago, `of_rest`."""
    nobody = call.true_nobody if term[0] else call.nobody
    weights = {part.session_id: weight(part, *term[1:]) for part in call.parts}
    total = nobody + call.rest + sum(weights.values())
    return (nobody if truth is None else weights.get(truth, of_rest)) / total


def kind_of(verdict: Verdict, called: set[str]) -> str:
    """Which kind of call it really was."""
    truth, ring = verdict.truth, verdict.ring
    withheld = ", withheld" if ring.caller is None else ""
    if truth is None:
        return "nobody's" + withheld
    if truth.session_id in called:
        return "again" + withheld
    if truth.left_at is None and ring.at - truth.heard_at <= 20 * SECOND:
        return "on the page"
    return "late, known caller" if ring.known else "late" + withheld


def gaps(law: Law, pool: int, visits: int, seed: int) -> tuple[Counter[str], dict[str, Counter[str]]]:
    """Calls by kind, and by term the sums of the log-loss by kind."""
    judge = Both(Oracle(law))
    board = Switchboard(pool, judge, considered=1, holders=ORACLES_HOLDERS)
    calls: Counter[str] = Counter()
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    called: set[str] = set()
    for verdict in board.run(read_traffic(log_of(law, visits, seed))):
        assert judge.call is not None
        kind, truth = kind_of(verdict, called), verdict.truth.session_id if verdict.truth else None
        of_rest = verdict.posterior.of_rest(verdict.truth, verdict.ring.at) if verdict.truth else 0.0
        if truth is not None:
            called.add(truth)
        calls[kind] += 1
        sums["oracle"][kind] += loss(judge.call.oracle.get(truth, 0.0))
        for name, term in TERMS.items():
            sums[name][kind] += loss(probability_of(judge.call, truth, of_rest, term))
    return calls, sums


def main() -> None:
    """Print one law's table in Markdown."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--law", required=True)
    parser.add_argument("--pool", type=int, required=True)
    parser.add_argument("--visits", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    law = law_of(asked.law)
    calls, sums = gaps(law, asked.pool, asked.visits, asked.seed)
    say: Callable[[str], None] = Console(width=240, highlight=False).print
    total, kinds = calls.total(), sorted(calls)
    say(f"| {law.name}, {asked.pool} | " + " | ".join(kinds) + " | all |")
    say("|---" * (len(kinds) + 2) + "|")
    say("| calls | " + " | ".join(str(calls[kind]) for kind in kinds) + f" | {total} |")
    for name, found in sums.items():
        base = Counter() if name == "oracle" else sums["oracle"]
        cells = [(found[kind] - base[kind]) / total for kind in kinds]
        say(f"| {name} | " + " | ".join(f"{each:+.4f}" for each in cells) + f" | {sum(cells):+.4f} |")


if __name__ == "__main__":
    main()
