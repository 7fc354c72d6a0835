"""CallTrackingMetrics' calls, from its API or a CSV with the same names, as calls of the past.

Pages of the API hold `calls` and the address of the `next_page`. Source: https://www.calltrackingmetrics.com/docs.
"""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

import httpx

from swapboard.calls.call import Status
from swapboard.clock import Millis
from swapboard.moving.call_history import (
    BadCall,
    PastCall,
    cents_of,
    channel_of,
    number_of,
    seconds_of,
    true_of,
)
from swapboard.moving.call_times import day_order, moment_of
from swapboard.moving.exported import (
    BadExport,
    answer_of,
    answers_in,
    csv_rows,
    is_json,
    list_in,
    next_address,
    refuse_again,
    refuse_nul,
)

API = "https://api.calltrackingmetrics.com/api/v1"
PER_PAGE = 150
"""More than that is refused: "per_page limit is 150"."""
_TIMEOUT_SECONDS = 60
_SERVICE = "CallTrackingMetrics"
_TIMES = frozenset({"unix_time", "called_at"})
_ANSWERED = {"answered", "completed", "in progress"}


def read_files(files: Mapping[str, str]) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The calls in some files (name → text), and a note when pages are missing. Raises BadExport."""
    rows: list[Mapping[str, Any]] = []
    waiting: list[str] = []
    for name, text in files.items():
        refuse_nul(name, text)
        if is_json(text):
            answers = answers_in(name, text, _SERVICE)
            for answer in answers:
                rows.extend([answer] if answer.keys() & _TIMES else list_in(answer, "calls", name))
            waiting.append(str(answers[-1].get("next_page") or ""))
        else:
            rows.extend(csv_rows(name, text, _TIMES))
    notes = ["The last page is missing: it names a next one."] if waiting and all(waiting) else []
    return rows, notes


def fetch(client: httpx.Client, account_id: str) -> list[Mapping[str, Any]]:
    """All calls of an account, page after page. Raises BadExport."""
    rows: list[Mapping[str, Any]] = []
    url: str | None = f"accounts/{account_id}/calls"
    asked: dict[str, int] | None = {"per_page": PER_PAGE}
    pages: set[str] = set()
    while url:
        refuse_again(pages, url, _SERVICE)
        try:
            response = client.get(url, params=asked)
        except httpx.HTTPError as error:
            raise BadExport(f"CallTrackingMetrics' API does not answer: {error}.") from error
        if response.is_error:
            raise BadExport(f"CallTrackingMetrics' API refuses ({response.status_code}): {response.text[:200]}")
        told = answer_of(response, _SERVICE)
        rows.extend(list_in(told, "calls", f"{_SERVICE}'s API"))
        more = told.get("next_page")
        url, asked = (next_address(client, more, _SERVICE) if more else None), None
    return rows


def api_client(access_key: str, secret_key: str, base_url: str = API) -> httpx.Client:
    """A client that may ask for the keys' accounts."""
    return httpx.Client(base_url=base_url, auth=(access_key, secret_key), timeout=_TIMEOUT_SECONDS)


def past_calls(
    rows: Iterable[Mapping[str, Any]], country: str, zone: tzinfo, now: Millis
) -> tuple[list[PastCall], list[str]]:
    """The inbound calls among the rows, and a note for each that could not be read."""
    found: list[PastCall] = []
    rows = list(rows)
    order = day_order(map(_began, rows), country)
    notes = order.notes
    for place, row in enumerate(rows, 1):
        if str(row.get("direction") or "inbound").casefold() not in {"inbound", "in"}:
            continue
        try:
            found.append(_call(row, country, zone, now, order.month_first))
        except BadCall as error:
            notes.append(
                f"Call {place} ({row.get('sid') or row.get('id') or 'without id'}) stays behind: {error}."
            )
    return found, notes


def _began(row: Mapping[str, Any]) -> str:
    return str(row.get("unix_time") or row.get("called_at") or "")


def _call(row: Mapping[str, Any], country: str, zone: tzinfo, now: Millis, month_first: bool) -> PastCall:
    paid, ga, sale = _part(row, "paid"), _part(row, "ga"), _part(row, "sale")
    caller = number_of(row.get("caller_number_complete") or row.get("caller_number"), country)
    started_at = moment_of(_began(row), zone, now, month_first)
    landing_page, referrer = str(row.get("location") or ""), str(row.get("referrer") or "")
    talked = seconds_of(row.get("talk_time"))
    status = _status(row, talked)
    tagged = {**row, "utm_source": paid.get("source"), "utm_medium": paid.get("medium") or row.get("medium")}
    return PastCall(
        ref=str(row.get("sid") or row.get("id") or f"{started_at}-{caller or 'withheld'}"),
        started_at=started_at,
        tracking_number=number_of(row.get("tracking_number_bare") or row.get("tracking_number"), country),
        destination=number_of(row.get("business_number"), country),
        caller=caller,
        withheld=caller is None,
        status=status,
        duration_seconds=talked if status is Status.ANSWERED else seconds_of(row.get("duration")),
        caller_name=_first(row.get("name"), row.get("cnam")),
        caller_place=", ".join(str(row[part]) for part in ("city", "state") if row.get(part)) or None,
        first_time_caller=true_of(row.get("is_new_caller")),
        channel=channel_of(tagged, landing_page, referrer),
        source=_first(row.get("source"), paid.get("source"), row.get("web_source")),
        medium=_first(paid.get("medium"), row.get("medium"), ga.get("medium")),
        campaign=_first(paid.get("campaign"), row.get("campaign"), ga.get("campaign")),
        keyword=_first(paid.get("keyword"), row.get("keyword"), row.get("search")),
        landing_page=landing_page or None,
        referrer=referrer or None,
        click_ids={name: str(ga[name]) for name in ("gclid", "gbraid", "wbraid") if ga.get(name)},
        tags=_tags(row.get("tag_list")),
        value_cents=cents_of(sale.get("value")),
        qualified=true_of(sale["conversion"]) if sale.get("conversion") is not None else None,
    )


def _part(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object within the call; in a CSV its fields stand beside the others as `paid_source`."""
    told = row.get(name)
    if isinstance(told, Mapping):
        return told
    return {key[len(name) + 1 :]: value for key, value in row.items() if key.startswith(f"{name}_")}


def _status(row: Mapping[str, Any], talked: int) -> Status:
    words = {str(row.get(name) or "").casefold() for name in ("dial_status", "call_status", "status")}
    if any("voicemail" in word for word in words):
        return Status.VOICEMAIL
    if "busy" in words:
        return Status.BUSY
    return Status.ANSWERED if talked > 0 and words & _ANSWERED else Status.MISSED


def _tags(told: object) -> list[str]:
    each = told if isinstance(told, list) else str(told or "").split(",")
    return [name for tag in each if tag and (name := str(tag).strip())]


def _first(*told: object) -> str | None:
    return next((str(each) for each in told if each and not isinstance(each, list | Mapping)), None)
