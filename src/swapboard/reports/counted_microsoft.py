"""Conversions as Microsoft Advertising counted them, by its report of goals: on the day of the click."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError
from pydantic.alias_generators import to_pascal

from swapboard.conversions.destinations.request import Post
from swapboard.keywords.google_ads import AdsError
from swapboard.reports.counted import Count
from swapboard.reports.microsoft_reports import UNREAD, MicrosoftAccount, fetch_reports, plain_number

_REPORT = {"GoalsAndFunnelsReportRequest": ("TimePeriod", "Goal", "AllConversions")}


class _Row(BaseModel):
    model_config = ConfigDict(alias_generator=to_pascal)

    time_period: date
    goal: str = ""
    all_conversions: Annotated[Decimal, BeforeValidator(plain_number)] = Decimal()


_ROWS = TypeAdapter(list[_Row])


def microsoft_counts(
    account: MicrosoftAccount, first: date, last: date, post: Post, pause: Callable[[float], None]
) -> Sequence[Count]:
    """What the account counted on these days, by goal; `pause` waits so many seconds. Raises AdsError."""
    (rows,) = fetch_reports(account, _REPORT, (first, last), post, pause)
    try:
        told = _ROWS.validate_python(rows)
    except ValidationError as error:
        raise AdsError(UNREAD, permanent=False) from error
    return [Count(row.time_period, frozenset((row.goal,)), row.all_conversions) for row in told]
