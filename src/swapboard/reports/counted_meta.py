"""Events as Meta counted them for an account's ads, on the days of the events themselves.

https://developers.facebook.com/docs/marketing-api/insights: `actions`, with `action_report_time=conversion`. What
an event is called there is said by the destination (`counted_as`).
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from pydantic import BaseModel

from swapboard.conversions.destinations.request import Post
from swapboard.reports.counted import Count
from swapboard.reports.meta_insights import MetaAccount, days_asked, insights


class _Action(BaseModel):
    action_type: str
    value: Decimal = Decimal()


class _Insight(BaseModel):
    date_start: date
    actions: list[_Action] = []


def meta_counts(account: MetaAccount, first: date, last: date, post: Post) -> Sequence[Count]:
    """What the account's ads brought on these days, by the type of action. Raises AdsError."""
    asked = {
        "level": "account",
        "fields": "actions",
        "action_report_time": "conversion",
        **days_asked(first, last),
    }
    return [
        Count(row.date_start, frozenset((action.action_type,)), action.value)
        for row in insights(account, asked, _Insight, post)
        for action in row.actions
    ]
