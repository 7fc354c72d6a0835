"""What `keyword_value.py` says, said by the database."""

from sqlalchemy import ColumnElement, Text, case, literal_column

from swapboard.reports.keyword_value import KEPT_BACK, NO_KEYWORD, NOT_KNOWN, NOT_PROVIDED


def keyword_column(keyword: ColumnElement[str], channel: ColumnElement[str]) -> ColumnElement[str]:
    """The keyword, or why there is none; of what it made it makes the same again."""
    # Written out: PostgreSQL takes a parameter in what is grouped by for another thing each time.
    return case(
        (keyword != _text(""), keyword),
        (channel.in_([_text(each) for each in NOT_KNOWN]), _text("")),
        (channel == _text(KEPT_BACK), _text(NOT_PROVIDED)),
        else_=_text(NO_KEYWORD),
    )


def _text(word: str) -> ColumnElement[str]:
    return literal_column(f"'{word}'", Text())
