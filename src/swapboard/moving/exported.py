"""What other services export, as files or by their API: answers in JSON, tables, and what is neither."""

import json
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import zip_longest
from typing import Any

import httpx

from swapboard.spreadsheet import NoTable, read_rows

_LONGEST_TOLD = 200
_TOO_MUCH = (RecursionError, ValueError)
"""What Python raises for JSON that is whole: lists in lists without end, and numbers of thousands of digits."""


class BadExport(ValueError):
    """A file that is no answer or export of theirs, or an API that refused; the message says which and why."""


def refuse_nul(name: str, text: str) -> None:
    """Raises BadExport for a character that no database keeps in a text; UTF-16 is full of them."""
    if "\0" in text or "\\u0000" in text:
        raise BadExport(f"{name} holds NUL characters. Save it as UTF-8, then try again.")


def is_json(text: str) -> bool:
    """Whether it begins as JSON does; else it is a table."""
    return text.lstrip("\ufeff \r\n\t")[:1] in {"{", "["}


def answers_in(name: str, text: str, service: str) -> list[Mapping[str, Any]]:
    """One answer of the service's API, a list of them, or one JSON object a line. Raises BadExport."""
    text = text.lstrip("\ufeff")
    try:
        told = json.loads(text)
    except json.JSONDecodeError as error:
        told = _one_a_line(name, text, service, error)
    except _TOO_MUCH as error:
        raise BadExport(_no_answers(name, service)) from error
    answers = told if isinstance(told, list) else [told]
    if not answers:
        raise BadExport(f"{name} is an empty list.")
    if not all(isinstance(answer, dict) for answer in answers):
        raise BadExport(_no_answers(name, service))
    return answers


def csv_rows(name: str, text: str, times: AbstractSet[str]) -> list[dict[str, str]]:
    """The lines of a CSV of calls, by their headings in small letters with underscores.

    Raises BadExport where none of its columns is one of `times`: when a call began.
    """
    try:
        headings, *rows = read_rows(text.lstrip("\ufeff")) or [()]
    except NoTable as broken:
        raise BadExport(f"{name}: {broken}") from None
    headings = [_heading(each) for each in headings]
    if times.isdisjoint(headings):
        told = ", ".join(headings)[:_LONGEST_TOLD] or "none"
        raise BadExport(f"{name} is no list of calls: no column tells when a call began. Its columns: {told}.")
    return [dict(zip_longest(headings, row[: len(headings)], fillvalue="")) for row in rows if row]


def answer_of(response: httpx.Response, service: str) -> dict[str, Any]:
    """What the API answered; a proxy on the way may say something else. Raises BadExport."""
    try:
        told = response.json()
    except _TOO_MUCH:
        told = None
    if not isinstance(told, dict):
        raise BadExport(f"{service}'s API answers something else than JSON: {response.text[:_LONGEST_TOLD]!r}.")
    return told


def next_address(client: httpx.Client, told: object, service: str) -> str:
    """The next page's address; no other host is asked, for it would be told the key. Raises BadExport."""
    try:
        url = client.base_url.join(str(told))
    except httpx.InvalidURL:
        url = httpx.URL()
    asked = client.base_url
    if (url.scheme, url.host, url.port) != (asked.scheme, asked.host, asked.port):
        raise BadExport(f"{service}'s API names a next page of another host: {str(told)[:_LONGEST_TOLD]!r}.")
    return str(url)


def refuse_again(asked: set[str], page: str, service: str) -> None:
    """A list that leads back to a page which was read has no end. Raises BadExport."""
    if page in asked:
        raise BadExport(f"{service}'s API names a next page that was read already: its list has no end.")
    asked.add(page)


def list_in(answer: Mapping[str, Any], name: str, told_by: str) -> Sequence[Mapping[str, Any]]:
    """The list so called of an answer. Raises BadExport."""
    rows = answer.get(name)
    if not isinstance(rows, list):
        raise BadExport(f"{told_by} holds no {name}.")
    if not all(isinstance(row, dict) for row in rows):
        raise BadExport(f"{told_by} holds {name} that are no objects.")
    return rows


def _no_answers(name: str, service: str) -> str:
    return f"{name} holds no answers of {service}'s API."


def _one_a_line(name: str, text: str, service: str, whole: json.JSONDecodeError) -> list[object]:
    """Raises BadExport with the line that cannot be read; with `whole` where the first could not be either."""
    told: list[object] = []
    # Not splitlines(): JSON may have U+2028 and U+0085 within its texts.
    for place, line in enumerate(text.split("\n"), 1):
        try:
            told += [json.loads(line)] if line.strip() else []
        except json.JSONDecodeError as error:
            # Without one whole line it is one answer over many lines.
            number, why = (place, error.msg) if told else (whole.lineno, whole.msg)
            raise BadExport(f"{name}, line {number}, is no whole JSON ({why}). Was the file cut off?") from error
        except _TOO_MUCH as error:
            raise BadExport(_no_answers(name, service)) from error
    return told


def _heading(text: str) -> str:
    words = "".join(character if character.isalnum() else " " for character in text.casefold()).split()
    return "_".join(words)
