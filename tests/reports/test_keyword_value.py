"""Where there is no keyword reports say why, in Python as in the database, and in words that no keyword has."""

from itertools import product
from typing import get_args

import pytest
from sqlalchemy import Engine, Text, literal, select

from swapboard.reports.dimension import NOBODY, UNKNOWN, Dimension
from swapboard.reports.keyword_column import keyword_column
from swapboard.reports.keyword_value import (
    NO_KEYWORD,
    NOT_PROVIDED,
    is_keyword,
    keyword_of_cost,
    keyword_value,
)
from swapboard.reports.names import value_name
from swapboard.storage.engine import reading
from swapboard.visits.channel import Channel
from swapboard.visits.source import classify

KEYWORDS = ("", "plumber", "not provided", "No keyword", NOT_PROVIDED, NO_KEYWORD)
CHANNELS = ("", UNKNOWN, NOBODY, "Offline", "Radio", *get_args(Channel))


def test_the_database_says_the_same(engine: Engine) -> None:
    with reading(engine) as connection:
        for keyword, channel in product(KEYWORDS, CHANNELS):
            column = keyword_column(literal(keyword, Text()), literal(channel, Text()))
            again = keyword_column(column, literal(channel, Text()))
            told = connection.execute(select(column, again)).one()
            assert told == (keyword_value(keyword, channel),) * 2, (keyword, channel)


@pytest.mark.parametrize(
    ("url", "referrer", "expected"),
    [
        ("https://www.example.com/", "https://www.google.com/", "Not provided"),
        ("https://www.example.com/?gclid=1", "https://www.google.com/", "Not known"),
        ("https://www.example.com/", "", "No keyword"),
        ("https://www.example.com/", "https://blog.example.org/", "No keyword"),
        ("https://www.example.com/?utm_medium=cpc&utm_term=plumber", "", "plumber"),
        ("https://www.example.com/?utm_medium=organic&utm_source=google&utm_term=(not+set)", "", "Not provided"),
        ("https://www.example.com/?utm_medium=email&utm_source=news&utm_term=(not+provided)", "", "No keyword"),
        ("https://www.example.com/", "https://yandex.ru/yandsearch?text=(not+set)", "Not provided"),
        ("https://www.example.com/", "https://yandex.ru/yandsearch?text=leak", "leak"),
    ],
)
def test_what_people_read(url: str, referrer: str, expected: str) -> None:
    source = classify(url, referrer)
    value = keyword_value(source.term or "", source.channel)
    assert value_name(Dimension.KEYWORD, value, "US") == expected
    assert is_keyword(value) is (source.term is not None)


@pytest.mark.parametrize(
    ("keyword", "channel", "expected"),
    [
        ("", "", "No keyword"),
        ("leak", "", "leak"),
        ("", "Paid Search", "Not known"),
        ("", "Offline", "No keyword"),
        ("", "Organic Search", "Not provided"),
    ],
)
def test_money_without_a_channel_is_not_that_of_ads_whose_keyword_may_be_told(
    keyword: str, channel: str, expected: str
) -> None:
    assert value_name(Dimension.KEYWORD, keyword_of_cost(keyword, channel), "US") == expected
