"""CallRail's lists, page by page: from files that hold their answers, or from the API.

Two ways of paging: by offset (`page`, `total_pages`), and for calls relative (`next_page`, `has_next_page`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
import stamina

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

API = "https://api.callrail.com/v3"
PER_PAGE = 250
RESOURCES = ("companies", "trackers", "calls")
MOST_PAGES = 1_000_000
_TIMEOUT_SECONDS = 60
_TIMES = frozenset({"start_time", "datetime", "date", "called_at", "created_at", "unix_time"})
_SERVICE = "CallRail"


@dataclass
class Export:
    """All that was found, by resource, and what is missing."""

    companies: list[Mapping[str, Any]] = field(default_factory=list)
    trackers: list[Mapping[str, Any]] = field(default_factory=list)
    calls: list[Mapping[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, resource: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """More rows of a resource."""
        of_resource: list[Mapping[str, Any]] = getattr(self, resource)
        of_resource.extend(rows)


def read_files(files: Mapping[str, str]) -> Export:
    """The export in some files (name → text), each a JSON answer, several of them, or calls as CSV.

    Raises BadExport.
    """
    export = Export()
    seen: dict[str, tuple[set[int], int]] = {}
    open_ends: dict[str, bool] = {}
    for name, text in files.items():
        refuse_nul(name, text)
        if is_json(text):
            for answer in answers_in(name, text, _SERVICE):
                _take(export, name, answer, seen, open_ends)
        else:
            found = csv_rows(name, text, _TIMES)
            export.add("calls", found)
            export.notes.extend([] if found else [f"{name} has headings, and no call below them."])
    for resource, (pages, total) in seen.items():
        if missing := sorted(set(range(1, total + 1)) - pages):
            told = ", ".join(map(str, missing))
            export.notes.append(f"Of the {total} pages of {resource} these are missing: {told}.")
    still_open = [resource for resource, is_open in open_ends.items() if is_open]
    export.notes.extend(f"The last page of {resource} is missing: it names a next one." for resource in still_open)
    return export


def fetch(client: httpx.Client, account_id: str, resources: Sequence[str] = RESOURCES) -> Export:
    """The whole account by the API; `client` has the key and the address. Raises BadExport."""
    export = Export()
    for resource in resources:
        for answer in answers_of(client, f"a/{account_id}/{resource}.json", relative=resource == "calls"):
            export.add(resource, list_in(answer, resource, f"{_SERVICE}'s API"))
    return export


def api_client(api_key: str, base_url: str = API) -> httpx.Client:
    """A client that may ask for the key's accounts."""
    headers = {"Authorization": f'Token token="{api_key}"'}
    return httpx.Client(base_url=base_url, headers=headers, timeout=_TIMEOUT_SECONDS)


def answers_of(client: httpx.Client, path: str, *, relative: bool) -> Iterator[dict[str, Any]]:
    """Every page of a list. Raises BadExport."""
    asked: dict[str, str | int] = {"per_page": PER_PAGE}
    if relative:
        asked |= {"relative_pagination": "true", "fields": CALL_FIELDS}
    url: str | None = path
    pages: set[str] = set()
    while url is not None:
        refuse_again(pages, f"{url} {asked.get('page', '')}", _SERVICE)
        answer = _get(client, url, asked)
        yield answer
        url, asked = _next(client, answer, path, asked)


CALL_FIELDS = (
    "company_id,source,source_name,medium,campaign,keywords,landing_page_url,referring_url,gclid,fbclid,msclkid,"
    "utm_source,utm_medium,utm_campaign,utm_term,utm_content,tags,value,lead_status,first_call,note,tracker_id"
)


def _next(
    client: httpx.Client, answer: Mapping[str, Any], path: str, asked: dict[str, str | int]
) -> tuple[str | None, dict[str, str | int]]:
    if "has_next_page" in answer:
        # The address of the next page has everything in it that was asked for.
        return (next_address(client, answer.get("next_page"), _SERVICE) if answer["has_next_page"] else None), {}
    page = int(answer.get("page", 1))
    more = page < int(answer.get("total_pages", 1))
    return (path if more else None), {**asked, "page": page + 1}


def _get(client: httpx.Client, url: str, asked: Mapping[str, str | int]) -> dict[str, Any]:
    # They answer 429 without saying when to come back, and 5xx now and then.
    for attempt in stamina.retry_context(on=_Later, attempts=6, wait_initial=1.0, wait_max=60.0, timeout=None):
        with attempt:
            return _once(client, url, asked)
    raise AssertionError("stamina raises the last error")


class _Later(BadExport):
    """The API is busy."""


def _once(client: httpx.Client, url: str, asked: Mapping[str, str | int]) -> dict[str, Any]:
    try:
        response = client.get(url, params=dict(asked) or None)
    except httpx.HTTPError as error:
        raise BadExport(f"CallRail's API does not answer: {error}.") from error
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
        raise _Later(f"CallRail's API is busy ({response.status_code}). Try again in an hour.")
    if response.is_error:
        raise BadExport(f"CallRail's API refuses ({response.status_code}): {response.text[:200]}")
    return answer_of(response, _SERVICE)


def _take(
    export: Export,
    name: str,
    answer: Mapping[str, Any],
    seen: dict[str, tuple[set[int], int]],
    open_ends: dict[str, bool],
) -> None:
    resource = next((each for each in RESOURCES if isinstance(answer.get(each), list)), None)
    if resource is None:
        export.add(_single(name, answer), [answer])
        return
    export.add(resource, list_in(answer, resource, name))
    if "total_pages" in answer:
        pages, _total = seen.setdefault(resource, (set(), 0))
        pages.add(_count(name, answer.get("page", 1)))
        seen[resource] = pages, _count(name, answer["total_pages"])
    if "has_next_page" in answer:
        open_ends[resource] = bool(answer["has_next_page"]) and open_ends.get(resource, True)


def _count(name: str, told: object) -> int:
    """A page's number. Raises BadExport."""
    if isinstance(told, int) and 0 <= told <= MOST_PAGES:
        return told
    raise BadExport(f"{name} says {str(told)[:20]!r} where a page's number should be.")


def _single(name: str, row: Mapping[str, Any]) -> str:
    """What a row without a list around it is."""
    marks = {"trackers": "tracking_numbers", "calls": "start_time", "companies": "script_url"}
    for resource, mark in marks.items():
        if mark in row:
            return resource
    raise BadExport(f"{name} holds none of {', '.join(RESOURCES)}.")
