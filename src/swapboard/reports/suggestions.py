"""What a person should look at: each by a rule that stands on the screen, with the figures it was drawn from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

import numpy as np

from swapboard.amount import whole_of
from swapboard.reports.dimension import Dimension
from swapboard.reports.figures import NOTHING, Figures
from swapboard.reports.keyword_value import is_keyword
from swapboard.reports.ledger import CALLS, FORMS
from swapboard.reports.roi import Return, Returned

LEAST_EXPECTED_CALLS = 3
"""Where so many calls were to be expected, none at all is chance in one case of twenty (Poisson: e^-3)."""
LEAST_CALLS = 10
"""Of fewer calls a share says little."""
LEAST_UNANSWERED = Fraction(1, 4)
TIMES_USUAL = Fraction(3, 2)
"""So many times the share of all calls."""
MOST = 10
BY_KEYWORD = (Dimension.CAMPAIGN, Dimension.KEYWORD)


class DayKind(StrEnum):
    """Some days of the week: one, or all that people work alike on."""

    WEEKDAY = "weekday"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


DAY_KINDS: Sequence[DayKind] = (*[DayKind.WEEKDAY] * 5, DayKind.SATURDAY, DayKind.SUNDAY)
"""From Monday on: which days are taken together."""
DAYS_OF_WEEK: Sequence[DayKind] = tuple(DayKind)[1:]


@dataclass(frozen=True, slots=True)
class HourOfDays:
    """An hour (0 to 23, on the company's clocks) of such days."""

    days: DayKind
    hour: int

    def has(self, local: datetime) -> bool:
        """Whether an instant, on the company's clocks, lies in it."""
        day = local.weekday()
        return self.days in {DAY_KINDS[day], DAYS_OF_WEEK[day]} and local.hour == self.hour


def read_hour(text: str) -> HourOfDays | None:
    """What an address says as `weekday-9`; None for anything else."""
    days, _dash, digits = text.partition("-")
    hour = whole_of(digits, 23)
    return HourOfDays(DayKind(days), hour) if days in set(DayKind) and hour is not None else None


@dataclass(frozen=True, slots=True)
class Wasted:
    """A keyword that cost something, and of which neither a call nor a form came."""

    campaign: str
    keyword: str
    spent: Return
    expected_calls: Fraction


@dataclass(frozen=True, slots=True)
class UnansweredCampaign:
    """A campaign whose calls go unanswered more often than others."""

    campaign: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class UnansweredHour:
    """An hour (0 to 23, on the company's clocks) in which calls go unanswered more often than in others."""

    days: DayKind
    hour: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Suggestions:
    """At most ten of each, the gravest first, with what is usual in these days."""

    wasted: Sequence[Wasted]
    campaigns: Sequence[UnansweredCampaign]
    hours: Sequence[UnansweredHour]
    currency: str
    usual_per_call: int | None
    """What a call from a keyword costs on average, in millionths; None where there is none."""
    usual_unanswered: Fraction | None


def suggestions(by_keyword: Returned, currency: str, by_hour_of_week: Sequence[Figures]) -> Suggestions:
    """From the returns by campaign and keyword, and the figures of the week's 168 hours."""
    usual = unanswered_share(sum(by_hour_of_week, NOTHING))
    per_call = _of_keywords(by_keyword).total().per_call
    by_campaign = by_keyword.counted.only_by(0).by_cell()
    campaigns = [UnansweredCampaign(cell[0], figures) for cell, figures in by_campaign.items() if cell[0]]
    hours = [UnansweredHour(*key, figures) for key, figures in _by_hour(by_hour_of_week).items()]
    return Suggestions(
        wasted=_wasted(by_keyword, per_call)[:MOST],
        campaigns=sorted((each for each in campaigns if _is_grave(each.figures, usual)), key=_gravity)[:MOST],
        hours=sorted((each for each in hours if _is_grave(each.figures, usual)), key=_gravity)[:MOST],
        currency=currency,
        usual_per_call=per_call,
        usual_unanswered=usual,
    )


def unanswered(figures: Figures) -> int:
    """A message on the voicemail is no answer."""
    return int(figures.missed + figures.voicemail)


def unanswered_share(figures: Figures) -> Fraction | None:
    """Of the calls that are over; None where there is none."""
    over = unanswered(figures) + int(figures.answered)
    return Fraction(unanswered(figures), over) if over else None


def _of_keywords(returned: Returned) -> Returned:
    """What cost something, and has a keyword."""
    words, codes = returned.counted.cells.words[1], returned.counted.cells.codes[:, 1]
    has_word = np.array([is_keyword(word) for word in words], np.bool_)[codes]
    return returned.of(has_word & (returned.spent > 0))


def _wasted(by_keyword: Returned, per_call: int | None) -> Sequence[Wasted]:
    if not per_call:
        return ()
    paid = _of_keywords(by_keyword)
    is_silent = ~paid.counted.amounts[:, (CALLS, FORMS)].any(axis=1)
    silent = paid.of(is_silent & (paid.spent >= per_call * LEAST_EXPECTED_CALLS))
    found = [_wasted_at(silent, place, per_call) for place in range(len(silent.spent))]
    return sorted(found, key=lambda each: (-each.spent.cost_micros, each.campaign, each.keyword))


def _wasted_at(silent: Returned, place: int, per_call: int) -> Wasted:
    (campaign, keyword), spent = silent.counted.cells.at(place), silent.at(place)
    return Wasted(campaign, keyword, spent, Fraction(spent.cost_micros, per_call))


def _is_grave(figures: Figures, usual: Fraction | None) -> bool:
    share = unanswered_share(figures)
    if share is None or usual is None or unanswered(figures) + figures.answered < LEAST_CALLS:
        return False
    return share >= LEAST_UNANSWERED and share >= TIMES_USUAL * usual


def _gravity(each: UnansweredCampaign | UnansweredHour) -> tuple[int, Fraction, str]:
    """How many callers heard nobody."""
    name = each.campaign if isinstance(each, UnansweredCampaign) else f"{each.days} {each.hour:02}"
    return -unanswered(each.figures), -(unanswered_share(each.figures) or Fraction(0)), name


def _by_hour(by_hour_of_week: Sequence[Figures]) -> Mapping[tuple[DayKind, int], Figures]:
    found: dict[tuple[DayKind, int], Figures] = {}
    for place, figures in enumerate(by_hour_of_week):
        key = DAY_KINDS[place // 24], place % 24
        found[key] = found.get(key, NOTHING) + figures
    return found
