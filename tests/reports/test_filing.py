"""Whatever is written, filed, changed and forgotten in whatever order: each count is what one finds by hand."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Engine, delete, event, insert, select, update

from swapboard.clock import DAY, HOUR, MINUTE, Millis
from swapboard.reports.cost_campaigns import visited_campaigns
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.reports.filing import check, keep_filed, to_file
from swapboard.reports.question import Question
from swapboard.reports.store import count
from swapboard.reports.unfiling import unfile, unfile_days
from swapboard.reports.visit_count import count_visitors
from swapboard.reports.visit_day_store import Stretch, states
from swapboard.storage.engine import reading, writing
from swapboard.storage.ids import made_at
from swapboard.storage.locks import hold_company
from swapboard.storage.schema import sessions, visit_columns, visit_days
from swapboard.switchboard.forgetting import forget_visitors
from swapboard.switchboard.visiting import admit
from swapboard.visits.keywords import Learned, fill_in
from tests.building import NOW, Business, a_visit, open_business
from tests.reports.random_business import History, file_visits, recount, session_at
from tests.reports.test_store import FILTERS

BEGAN_AT = NOW - 3 * DAY


class _Site:
    """A site in the middle of its days, and what a careful clerk knows of it."""

    def __init__(self, engine: Engine, business: Business, random: Random) -> None:
        self.engine, self.business, self.random = engine, business, random
        self.company_id = business.company_id
        self.history = History()
        self.now = BEGAN_AT

    def visit(self, at: Millis | None = None) -> None:
        """A visit comes, now or by a clock that is behind; the visitor may have been here before."""
        row = session_at(self.business, self.random, self.now if at is None else at)
        known = [each["visitor_id"] for each in self.history.sessions.values()]
        row["visitor_id"] = self.random.choice([row["visitor_id"], *known])
        with writing(self.engine) as connection:
            connection.execute(insert(sessions), row)
            if row["started_at"] < hold_company(connection, self.company_id).visits_filed_until_at:
                unfile(connection, self.company_id, [row["session_id"]])
        self.history.sessions[row["session_id"]] = row

    def come_late(self) -> None:
        self.visit(self.random.randrange(BEGAN_AT - DAY, self.now + HOUR))

    def wait(self) -> None:
        self.now += self.random.choice([MINUTE, HOUR, 7 * HOUR, DAY])

    def file(self) -> None:
        """The chore; what it read may be no longer so when it writes."""
        with reading(self.engine) as connection:
            made = to_file(connection, self.company_id, self.now)
        if self.random.random() < 0.3:
            self.random.choice([self.visit, self.come_late, self.learn, self.delete])()
        with writing(self.engine) as connection:
            keep_filed(connection, self.company_id, made, self.now)

    def learn(self) -> None:
        if session_id := self._any():
            with writing(self.engine) as connection:
                fill_in(connection, self.company_id, {session_id: Learned("learned", "told", "1")})
                unfile(connection, self.company_id, [session_id])
            row = self.history.sessions[session_id]
            row["term"] = "learned" if row["term"] is None else row["term"]
            row["campaign"] = "told" if row["campaign"] is None else row["campaign"]
            row["campaign_id"] = "1" if row["campaign_id"] is None else row["campaign_id"]

    def delete(self) -> None:
        if session_id := self._any():
            with writing(self.engine) as connection:
                is_it = sessions.c.company_id == self.company_id, sessions.c.session_id == session_id
                connection.execute(delete(sessions).where(*is_it))
                unfile(connection, self.company_id, [session_id])
            del self.history.sessions[session_id]

    def forget(self) -> None:
        """By the real door."""
        if session_id := self._any():
            visitor_id = self.history.sessions[session_id]["visitor_id"]
            with writing(self.engine) as connection:
                forget_visitors(connection, self.company_id, [visitor_id], self.now)
            for key, row in self.history.sessions.items():
                if row["visitor_id"] == visitor_id:
                    row |= {"visitor_id": key, "term": None, "referrer": "", "landing_page": "", "value_track": {}}

    def _any(self) -> str | None:
        return self.random.choice([None, *self.history.sessions])

    def compare(self) -> None:
        """Ask for a stretch that begins and ends anywhere."""
        edges = sorted(self.random.choices([BEGAN_AT - DAY, self.now + DAY, *self._moments()], k=2))
        by = tuple(self.random.sample(sorted(OF_VISITS), self.random.randrange(3)))
        terms = self.random.choice([each for each in FILTERS if {term.dimension for term in each} <= OF_VISITS])
        asked = Question(self.company_id, edges[0], edges[1], by, terms)
        with reading(self.engine) as connection:
            assert count(connection, asked) == recount(self.history, *edges, by, terms), asked
            found = count_visitors(connection, Stretch(self.company_id, *edges), terms)
            assert found == len(self._visitors(asked)), asked
            visited = visited_campaigns(connection, self.company_id, *edges)
            assert {(each.name, each.campaign_id): each.visits for each in visited} == self._campaigns(*edges)
            assert not check(connection, self.company_id).wrong

    def _campaigns(self, from_at: Millis, until_at: Millis) -> Counter[tuple[str, str]]:
        return Counter(
            (row["campaign"], row["campaign_id"] or "")
            for row in self.history.sessions.values()
            if row["campaign"] and from_at <= row["started_at"] < until_at
        )

    def _visitors(self, asked: Question) -> set[str]:
        alone = replace(asked, by=())
        return {
            row["visitor_id"]
            for key, row in self.history.sessions.items()
            if recount(History(sessions={key: row}), asked.from_at, asked.until_at, (), alone.terms)[()].visits
        }

    def _moments(self) -> list[Millis]:
        began = [row["started_at"] for row in self.history.sessions.values()]
        return [*began, *(at + 1 for at in began), *range(BEGAN_AT // DAY * DAY, self.now + DAY, DAY)]


@pytest.mark.parametrize("seed", range(2))
def test_counts_are_right_at_every_moment(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        site = _Site(engine, open_business(connection), random)
    steps: list[Callable[[], None]] = [
        *([site.visit] * 8 + [site.wait] * 4 + [site.file] * 3),
        *(site.come_late, site.learn, site.delete, site.forget),
    ]
    for _ in range(50):
        random.choice(steps)()
        site.compare()


def test_nothing_is_left_of_who_is_forgotten_not_even_for_a_minute(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        visit = a_visit(business, url="https://www.example.com/?utm_term=bankruptcy+lawyer&utm_source=x")
        (guest,) = admit(connection, [visit])
    file_visits(engine, business.company_id, NOW + HOUR)
    assert "bankruptcy" in _filed_words(engine)
    with writing(engine) as connection:
        forget_visitors(connection, business.company_id, [guest.visitor_id], NOW + HOUR)
    assert not _filed_words(engine)
    file_visits(engine, business.company_id, NOW + HOUR)
    assert "bankruptcy" not in _filed_words(engine)
    assert "google" not in _filed_words(engine)


def test_a_visit_by_a_clock_that_went_back_is_counted(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        admit(connection, [a_visit(business)])
    file_visits(engine, business.company_id, NOW + HOUR)
    with writing(engine) as connection:
        admit(connection, [a_visit(business, now=NOW - MINUTE), a_visit(business, now=NOW + HOUR)])
    with reading(engine) as connection:
        asked = Question(business.company_id, NOW - DAY, NOW + DAY)
        assert count(connection, asked)[()].visits == 3


def test_a_visit_that_goes_on_throws_nothing_away(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        (guest,) = admit(connection, [a_visit(business)])
    file_visits(engine, business.company_id, NOW + HOUR)
    again = a_visit(business, session_id=guest.session_id, visitor_id=guest.visitor_id, now=NOW + MINUTE)
    with writing(engine) as connection:
        admit(connection, [again])
    assert _filed_words(engine)


def test_what_is_filed_in_another_layout_is_filed_anew(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        admit(connection, [a_visit(business)])
    file_visits(engine, business.company_id, NOW + HOUR)
    with writing(engine) as connection:
        of_company = business.company_id
        older = update(visit_days).where(visit_days.c.company_id == of_company).values(layout="0 channel")
        connection.execute(older)
        connection.execute(
            delete(visit_columns).where(visit_columns.c.company_id == of_company, visit_columns.c.name == "device")
        )
    asked = Question(business.company_id, NOW - DAY, NOW + DAY, (Dimension.DEVICE,))
    for _ in range(2):
        with reading(engine) as connection:
            assert [each.visits for each in count(connection, asked).values()] == [1]
            is_filed = bool(states(connection, business.company_id)[NOW // DAY * DAY].until_at % DAY)
        file_visits(engine, business.company_id, NOW + HOUR)
    assert is_filed


def test_visits_that_went_without_a_word_are_found(engine: Engine) -> None:
    with writing(engine) as connection:
        business = open_business(connection)
        (guest,) = admit(connection, [a_visit(business)])
    file_visits(engine, business.company_id, NOW + HOUR)
    with writing(engine) as connection:
        is_it = sessions.c.company_id == business.company_id, sessions.c.session_id == guest.session_id
        connection.execute(delete(sessions).where(*is_it))
    with reading(engine) as connection:
        assert check(connection, business.company_id).wrong == [made_at(guest.session_id) // DAY * DAY]


def test_the_company_is_held_before_its_days_are_thrown_away(engine: Engine) -> None:
    # In another order, whoever files one of the days and whoever forgets a visitor wait for each other.
    told: list[str] = []
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        event.listen(connection, "before_cursor_execute", lambda *args: told.append(args[2]))
        unfile_days(connection, company_id, [BEGAN_AT // DAY * DAY])
    assert "FROM companies" in told[0]


def _filed_words(engine: Engine) -> str:
    query = select(visit_columns.c.words).execution_options(across_companies="all that is filed anywhere")
    with reading(engine) as connection:
        return " ".join(connection.execute(query).scalars())
