"""Google's templates: a line with the time zone, a line with the columns, then a row for each.

Times are `yyyy-MM-dd HH:mm:ss` in the zone of the first line, here UTC. Columns that no row needs are left out, as
Google asks for no more columns than are used. A row names one click, in the column of its kind.
"""

from collections.abc import Iterable, Sequence

from swapboard.conversions.destinations.feed import Standing, amount, comma_lines, utc_time
from swapboard.conversions.destinations.google_ads.clicks import click_of, hashed_email, hashed_phone
from swapboard.conversions.message import Message, Saying

ZONE_LINE = "Parameters:TimeZone=+0000"
ADJUSTMENT_COLUMNS = (
    "Order ID",
    "Conversion Name",
    "Adjustment Time",
    "Adjustment Type",
    "Adjusted Value",
    "Adjusted Value Currency",
)
_CLICK_COLUMNS = {"gclid": "Google Click ID", "gbraid": "GBRAID", "wbraid": "WBRAID"}


def conversions(name: str, standing: Sequence[Standing], *, with_people: bool, with_consent: bool) -> str:
    """The file of conversions, as they are worth now; what was retracted is not in it."""
    rows = [_row(name, each, with_people, with_consent) for each in standing if not each.is_retracted]
    used = {column for row in rows for column in row}
    columns = [column for column in _columns(with_people, with_consent) if column not in _BRAIDS or column in used]
    return comma_lines(ZONE_LINE, [columns, *([row.get(column, "") for column in columns] for row in rows)])


def adjustments(name: str, standing: Iterable[Standing]) -> str:
    """The file of adjustments: the last of each conversion."""
    changed = (each.latest for each in standing if each.latest.saying is not Saying.CONVERT)
    return comma_lines(ZONE_LINE, [ADJUSTMENT_COLUMNS, *(_adjustment(name, message) for message in changed)])


_BRAIDS = ("GBRAID", "WBRAID")


def _columns(with_people: bool, with_consent: bool) -> Sequence[str]:
    return (
        *_CLICK_COLUMNS.values(),
        *(("Email", "Phone Number") if with_people else ()),
        "Conversion Name",
        "Conversion Time",
        "Conversion Value",
        "Conversion Currency",
        "Order ID",
        *(("Ad User Data", "Ad Personalization") if with_consent else ()),
    )


def _row(name: str, standing: Standing, with_people: bool, with_consent: bool) -> dict[str, str]:
    contact, latest = standing.conversion.contact, standing.latest
    row = {_CLICK_COLUMNS[kind]: click for kind, click in click_of(contact).items()}
    if with_people:
        row |= {"Email": hashed_email(contact) or "", "Phone Number": hashed_phone(contact) or ""}
    if with_consent:
        row |= {"Ad User Data": "Granted", "Ad Personalization": "Granted"}
    return row | {
        "Conversion Name": name,
        "Conversion Time": utc_time(contact.happened_at),
        "Conversion Value": amount(latest.value_cents),
        "Conversion Currency": latest.currency if latest.value_cents is not None else "",
        "Order ID": standing.conversion.conversion_id,
    }


def _adjustment(name: str, message: Message) -> Sequence[str]:
    order, when = message.conversion_id, utc_time(message.said_at)
    if message.saying is Saying.RETRACT:
        return (order, name, when, "RETRACT", "", "")
    return (order, name, when, "RESTATE", amount(message.value_cents or 0), message.currency)
