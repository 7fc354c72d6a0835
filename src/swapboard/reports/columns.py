"""Where the database keeps what a report is broken down by: for calls, and for visits (which forms go by too)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Column, ColumnElement, FromClause, and_, func, literal_column, not_
from sqlalchemy.sql.expression import ColumnCollection

from swapboard.reports.dimension import Dimension
from swapboard.reports.filter import Term
from swapboard.reports.keyword_column import keyword_column
from swapboard.storage.schema import call_candidates, calls, forms, numbers, pools, sessions
from swapboard.storage.text_parts import host_in, in_small, path_of, region_in
from swapboard.visits.words import WORDS


def known(column: ColumnElement[str]) -> ColumnElement[str]:
    """What is not known is the empty text, so that it is one value and can be asked for."""
    return func.coalesce(column, literal_column("''"))


OF_CALLS: Mapping[Dimension, ColumnElement[str]] = {
    Dimension.CHANNEL: known(calls.c.channel),
    Dimension.SOURCE: known(calls.c.source),
    Dimension.MEDIUM: known(calls.c.medium),
    Dimension.CAMPAIGN: known(calls.c.campaign),
    Dimension.KEYWORD: keyword_column(known(calls.c.keyword), known(calls.c.channel)),
    Dimension.AD_GROUP: known(calls.c.ad_group),
    Dimension.AD: known(calls.c.ad),
    Dimension.LANDING_PAGE: path_of(known(calls.c.landing_page)),
    Dimension.REFERRER: host_in(known(calls.c.referrer)),
    Dimension.DEVICE: known(calls.c.device),
    Dimension.PLACE: known(calls.c.caller_place),
    Dimension.REGION: region_in(known(calls.c.caller_place)),
    Dimension.NUMBER: known(calls.c.tracking_number),
    Dimension.PLACEMENT: known(numbers.c.placement),
    Dimension.POOL: known(pools.c.name),
    Dimension.ANSWERED_BY: known(calls.c.destination),
    Dimension.OUTCOME: known(calls.c.status),
}
WORDS_OF: Mapping[Dimension, str] = {
    Dimension.CHANNEL: "channel",
    Dimension.SOURCE: "source",
    Dimension.MEDIUM: "medium",
    Dimension.CAMPAIGN: "campaign",
    Dimension.KEYWORD: "keyword",
    Dimension.AD_GROUP: "ad_group",
    Dimension.AD: "ad",
    Dimension.LANDING_PAGE: "landing_page",
    Dimension.REFERRER: "referrer",
    Dimension.DEVICE: "device",
}
"""By what name it stands beside something else (`visits/words.py`)."""


def said_by(
    words: Mapping[str, ColumnElement[str]] | ColumnCollection[str, Column[Any]],
) -> Mapping[Dimension, ColumnElement[str]]:
    """What the columns of these names say of a visit."""
    found = {dimension: words[name] for dimension, name in WORDS_OF.items()}
    return {**found, Dimension.KEYWORD: keyword_column(found[Dimension.KEYWORD], found[Dimension.CHANNEL])}


OF_VISITS: Mapping[Dimension, ColumnElement[str]] = said_by(WORDS)
OF_CANDIDATES: Mapping[Dimension, ColumnElement[str]] = said_by(call_candidates.c)
"""The same of the other visits that may have made a call."""
OF_FORMS: Mapping[Dimension, ColumnElement[str]] = said_by(forms.c)
"""The same of forms that have their words."""
_OF_THE_NUMBER = frozenset({Dimension.PLACEMENT, Dimension.POOL})


def calls_with(dimensions: Iterable[Dimension], source: FromClause = calls) -> FromClause:
    """The calls, or a join of theirs, joined with their numbers and pools where these dimensions need them."""
    asked, joined = frozenset(dimensions), source
    if asked & _OF_THE_NUMBER:
        same = and_(numbers.c.company_id == calls.c.company_id, numbers.c.number_id == calls.c.number_id)
        joined = joined.outerjoin(numbers, same)
    if Dimension.POOL in asked:
        same = and_(pools.c.company_id == numbers.c.company_id, pools.c.pool_id == numbers.c.pool_id)
        joined = joined.outerjoin(pools, same)
    return joined


class FormPart(NamedTuple):
    """Forms whose words stand in one place."""

    source: FromClause
    is_part: ColumnElement[bool]
    columns: Mapping[Dimension, ColumnElement[str]]


def form_parts(source: FromClause = forms) -> Sequence[FormPart]:
    """The forms, or a join of theirs: those that have their words, and those whose visits must be asked."""
    same = and_(sessions.c.company_id == forms.c.company_id, sessions.c.session_id == forms.c.session_id)
    return (
        FormPart(source, forms.c.channel.is_not(None), OF_FORMS),
        FormPart(source.outerjoin(sessions, same), forms.c.channel.is_(None), OF_VISITS),
    )


def conditions(
    terms: Sequence[Term], columns: Mapping[Dimension, ColumnElement[str]]
) -> Sequence[ColumnElement[bool]]:
    """The filter's conditions, on these columns."""
    return [_condition(term, columns[term.dimension]) for term in terms]


def _condition(term: Term, column: ColumnElement[str]) -> ColumnElement[bool]:
    sought = term.value.lower()
    contains = in_small(column, sought).contains(sought, autoescape=True)
    is_so = column == term.value if term.is_exact else contains
    return not_(is_so) if term.is_turned else is_so
