"""Reads Google Ads' upload templates as strictly as their help pages say, and refuses what they do not name:
https://support.google.com/google-ads/answer/7014069 and …/7686280.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_ZONE = re.compile(r"Parameters:TimeZone=(?:([+-])(\d\d)(\d\d)|([A-Za-z_]+(?:/[A-Za-z_]+)+))")
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_CLICKS = ("Google Click ID", "GBRAID", "WBRAID")
_PEOPLE = ("Email", "Phone Number")
_NEEDED = {"Conversion Name", "Conversion Time"}
_ALLOWED = {
    *_CLICKS,
    *_PEOPLE,
    *_NEEDED,
    "Conversion Value",
    "Conversion Currency",
    "Order ID",
    "Ad User Data",
    "Ad Personalization",
}
_ADJUSTMENT = [
    "Order ID",
    "Conversion Name",
    "Adjustment Time",
    "Adjustment Type",
    "Adjusted Value",
    "Adjusted Value Currency",
]


def read_conversions(text: str, now: datetime) -> list[dict[str, str]]:
    """The rows of a file of conversions. Raises AssertionError in Google's place."""
    zone, columns, rows = _lines(text)
    assert set(columns) <= _ALLOWED, f"columns that are not in the template: {set(columns) - _ALLOWED}"
    assert set(columns) >= _NEEDED
    assert set(columns) & {*_CLICKS, *_PEOPLE}
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        _check_conversion(row, zone, now)
        key = (*(row.get(click, "") for click in _CLICKS), row["Conversion Name"], row["Conversion Time"])
        assert key not in seen or not any(key[:3]), f"the same click at the same time twice: {key}"
        seen.add(key)
    orders = [row["Order ID"] for row in rows if row.get("Order ID")]
    assert len(orders) == len(set(orders)), "an order stands in the file twice"
    return rows


def read_adjustments(text: str, now: datetime) -> list[dict[str, str]]:
    """The rows of a file of adjustments. Raises AssertionError in Google's place."""
    zone, columns, rows = _lines(text)
    assert columns == _ADJUSTMENT
    for row in rows:
        assert 0 < len(row["Order ID"]) <= 64
        assert row["Conversion Name"]
        assert _at(row["Adjustment Time"], zone) <= now
        if row["Adjustment Type"] == "RETRACT":
            assert not row["Adjusted Value"], "a retraction has no value"
        else:
            assert row["Adjustment Type"] == "RESTATE", row["Adjustment Type"]
            _check_amount(row["Adjusted Value"], row["Adjusted Value Currency"])
            assert row["Adjusted Value"]
    return rows


def _lines(text: str) -> tuple[ZoneInfo | timedelta, list[str], list[dict[str, str]]]:
    first, _, rest = text.partition("\n")
    match = _ZONE.fullmatch(first)
    assert match, f"the first line must name the time zone: {first!r}"
    sign, hours, minutes, name = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone: ZoneInfo | timedelta = ZoneInfo(name) if name else (-offset if sign == "-" else offset)
    columns, *rows = list(csv.reader(io.StringIO(rest), strict=True))
    assert len(columns) == len(set(columns))
    assert all(len(row) == len(columns) for row in rows), "a row has another number of fields"
    return zone, columns, [dict(zip(columns, row, strict=True)) for row in rows]


def _check_conversion(row: dict[str, str], zone: ZoneInfo | timedelta, now: datetime) -> None:
    clicks: Sequence[str] = [click for click in _CLICKS if row.get(click)]
    people = [row[column] for column in _PEOPLE if row.get(column)]
    assert len(clicks) <= 1, "more than one click in a row"
    assert clicks or people, "nothing to find the click by"
    assert all(re.fullmatch("[0-9a-f]{64}", hashed) for hashed in people), "personal data that is not hashed"
    assert row["Conversion Name"]
    assert timedelta() <= now - _at(row["Conversion Time"], zone) <= timedelta(days=90)
    _check_amount(row.get("Conversion Value", ""), row.get("Conversion Currency", ""))
    assert len(row.get("Order ID", "")) <= 64
    for column in ("Ad User Data", "Ad Personalization"):
        assert row.get(column, "") in {"", "Granted", "Denied"}


def _check_amount(value: str, currency: str) -> None:
    assert re.fullmatch(r"(\d+(\.\d+)?)?", value), value
    assert not value or re.fullmatch("[A-Z]{3}", currency), "a value needs its currency"


def _at(text: str, zone: ZoneInfo | timedelta) -> datetime:
    assert _TIME.fullmatch(text), f"{text!r} is not yyyy-MM-dd HH:mm:ss"
    told = datetime.fromisoformat(text)
    if isinstance(zone, timedelta):
        return told.replace(tzinfo=UTC) - zone
    return told.replace(tzinfo=zone)
