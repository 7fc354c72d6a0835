"""The forms that a question asks of."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select, case, func, select

from swapboard.reports.asked_calls import names_of, values_of
from swapboard.reports.columns import FormPart, conditions, form_parts
from swapboard.reports.question import Question
from swapboard.reports.sums import Cell
from swapboard.storage.schema import forms


def count_people_by_form(connection: Connection, asked: Question, cells: Collection[Cell] | None = None) -> int:
    """How many of the new people got in touch by a form; none where forms have not what the filter asks of."""
    queries = forms_asked(asked) if asked.counts_visits else ()
    return sum(
        int(leads)
        for each in queries
        for *values, _forms_, leads in connection.execute(each)
        if cells is None or tuple(values) in cells
    )


def forms_asked(asked: Question) -> Sequence[Select[*tuple[Any, ...]]]:
    """How many forms and new people there are in each cell, as statements."""
    return [_forms(asked, part) for part in form_parts()]


def _forms(asked: Question, part: FormPart) -> Select[*tuple[Any, ...]]:
    began = func.coalesce(func.sum(case((forms.c.begins_lead, 1), else_=0)), 0)
    return (
        select(*values_of(asked, part.columns), func.count().label("forms"), began.label("leads"))
        .select_from(part.source)
        .where(
            part.is_part,
            forms.c.company_id == asked.company_id,
            forms.c.sent_at >= asked.from_at,
            forms.c.sent_at < asked.until_at,
            *conditions(asked.terms, part.columns),
        )
        .group_by(*names_of(asked))
    )
