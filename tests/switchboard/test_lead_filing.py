"""Whatever happens to leads, calls and visits, what is filed of their credits stays what a recount finds."""

from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, or_, select

from swapboard.attribution.posterior import Candidate
from swapboard.attribution.recompute import Recredit, credited
from swapboard.attribution.store import Attribution, session_row
from swapboard.clock import DAY, HOUR
from swapboard.leads.lead import Contact, ContactKind, keys_of
from swapboard.leads.listing import leads_by_id
from swapboard.leads.store import drop_contact, join
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.reports.question import Question
from swapboard.reports.store import count
from swapboard.storage.engine import reading, writing
from swapboard.storage.schema import call_candidates, calls, companies, forms, lead_credits, leads, sessions
from swapboard.switchboard.click_keywords import Told, write_down
from swapboard.switchboard.crediting import Span, channel_credit
from swapboard.switchboard.forgetting import forget_visitors
from swapboard.switchboard.joining_by_hand import join_people, part_people
from swapboard.switchboard.lead_filing import credit_all, keep_credited, to_credit, wrongly_credited
from swapboard.switchboard.recrediting import recredit
from swapboard.switchboard.visiting import admit
from swapboard.switchboard.wayfaring import lead_paths
from swapboard.visits.form_words import give_words, wordless, wrongly_worded
from swapboard.visits.keywords import Learned
from swapboard.visits.words import WORDS
from tests.building import NOW, Business, a_visit, open_business
from tests.reports.random_business import VISITORS, a_call_at, a_form_at, happen

LATER = NOW + 2 * DAY


class House:
    """A company with a random past, and what may happen in it."""

    def __init__(self, connection: Connection, random: Random) -> None:
        self._random = random
        self.business: Business = open_business(connection)
        self.company_id = self.business.company_id
        happen(connection, self.business, random, (NOW - 7 * DAY, NOW))

    def happen(self, connection: Connection) -> str:
        """One thing, at random; says which."""
        deeds: list[Callable[[Connection], None]] = [
            self.join_two,
            self.part_one,
            self.forget,
            self.come_late,
            self.learn_keywords,
            self.credit_anew,
            self.drop_call,
            self.call_again,
            self.write,
        ]
        deed = self._random.choice(deeds)
        deed(connection)
        return deed.__name__

    def _some(self, connection: Connection, column: ColumnElement[str], of: Table, most: int = 1) -> list[str]:
        mine = select(column).where(of.c.company_id == self.company_id)
        found = sorted(connection.execute(mine).scalars())
        return self._random.sample(found, min(most, len(found)))

    def join_two(self, connection: Connection) -> None:
        one, other = self._some(connection, leads.c.lead_id, leads, 2)
        assert join_people(connection, self.company_id, (one, other), "they", LATER)

    def part_one(self, connection: Connection) -> None:
        ids = self._some(connection, leads.c.lead_id, leads, 100)
        several = [each for each in leads_by_id(connection, self.company_id, ids) if len(each.contacts) > 1]
        if several:
            record = self._random.choice(several)
            first = record.contacts[0]
            chosen = [(first.kind, first.contact_id)]
            part_people(connection, self.company_id, record.lead.lead_id, chosen, "they", LATER)

    def forget(self, connection: Connection) -> None:
        forget_visitors(connection, self.company_id, [self._random.choice(VISITORS)], LATER)

    def come_late(self, connection: Connection) -> None:
        at = NOW - self._random.randrange(7 * DAY)
        admit(connection, [a_visit(self.business, now=at, visitor_id=self._random.choice(VISITORS))])

    def learn_keywords(self, connection: Connection) -> None:
        some = self._some(connection, sessions.c.session_id, sessions, 5)
        told = Told("1", {each: Learned("learned", "a campaign", "9") for each in some})
        write_down(connection, self.company_id, [told], LATER)

    def credit_anew(self, connection: Connection) -> None:
        (call_id,) = self._some(connection, calls.c.call_id, calls)
        some = self._some(connection, sessions.c.session_id, sessions, 3)
        best = session_row(connection, self.company_id, some[0])
        assert best
        known = Attribution(
            "session",
            confidence=0.8,
            session_id=best.session_id,
            visitor_id=best.visitor_id,
            channel=best.channel,
            device=best.device,
        )
        candidates = tuple(Candidate(each, 0.8 if each == some[0] else 0.09) for each in some)
        became = self._random.choice(
            [(known, candidates), (Attribution("unknown"), ()), (Attribution("static"), ())]
        )
        change = Recredit(call_id, NOW, credited(connection, self.company_id, call_id), *became)
        recredit(connection, self.company_id, 1, [change], "they", LATER)

    def drop_call(self, connection: Connection) -> None:
        (call_id,) = self._some(connection, calls.c.call_id, calls)
        drop_contact(connection, self.company_id, ContactKind.CALL, call_id)

    def call_again(self, connection: Connection) -> None:
        call = a_call_at(self.business, self._random, NOW - self._random.randrange(7 * DAY))
        call |= {"caller_number": "+12025550111", "visitor_id": self._random.choice([None, *VISITORS])}
        connection.execute(calls.insert(), [call])
        keys = keys_of(phone=call["caller_number"], visitor_id=call["visitor_id"], confidence=1.0)
        contact = Contact(ContactKind.CALL, call["call_id"], call["started_at"], keys)
        join(connection, self.company_id, contact, LATER)

    def write(self, connection: Connection) -> None:
        at = NOW + HOUR
        (come,) = admit(connection, [a_visit(self.business, now=at, visitor_id=self._random.choice(VISITORS))])
        form = a_form_at(self.business, come._asdict(), at)
        connection.execute(forms.insert(), [form])
        contact = Contact(ContactKind.FORM, form["form_id"], at, keys_of(visitor_id=come.visitor_id))
        join(connection, self.company_id, contact, LATER)


@pytest.mark.parametrize("seed", range(2))
def test_nothing_that_happens_makes_it_wrong(engine: Engine, seed: int) -> None:
    random = Random(seed)
    with writing(engine) as connection:
        house = House(connection, random)
    for _ in range(12):
        credit_all(engine, house.company_id, LATER)
        with writing(engine) as connection:
            give_words(connection, house.company_id, wordless(connection, house.company_id))
        counted(engine, house.company_id, warm=True)
        with writing(engine) as connection:
            deeds = [house.happen(connection) for _ in range(2)]
        with reading(engine) as connection:
            assert wrongly_credited(connection, house.company_id) == [], deeds
            assert wrong_words(connection, house.company_id) == [], deeds
            assert wrongly_worded(connection, house.company_id) == [], deeds
        assert counted(engine, house.company_id, warm=True) == counted(engine, house.company_id, warm=False), deeds


def test_a_lead_in_another_s_place_is_not_taken_for_it(engine: Engine) -> None:
    """The first is forgotten; another came at the same moment, by another keyword."""
    with writing(engine) as connection:
        business = open_business(connection)
    for visitor_id, keyword in zip(VISITORS, ("leak", "boiler"), strict=False):
        with writing(engine) as connection:
            url = f"https://www.example.com/?utm_medium=cpc&utm_term={keyword}"
            (come,) = admit(connection, [a_visit(business, url=url, visitor_id=visitor_id)])
            form = a_form_at(business, come._asdict(), NOW)
            connection.execute(forms.insert(), [form])
            contact = Contact(ContactKind.FORM, form["form_id"], NOW, keys_of(visitor_id=come.visitor_id))
            join(connection, business.company_id, contact, LATER)
        credit_all(engine, business.company_id, LATER)
        warm = counted(engine, business.company_id, warm=True)
        assert keyword in str(warm)
        assert warm == counted(engine, business.company_id, warm=False)
        with writing(engine) as connection:
            forget_visitors(connection, business.company_id, [come.visitor_id], LATER)


def counted(engine: Engine, company_id: str, *, warm: bool) -> tuple[object, ...]:
    """By the keyword of whoever may have called: only in a transaction that only reads it may have been known."""
    by, dimension = CountedBy.PROBABILITY, Dimension.KEYWORD
    asked = Question(company_id, NOW - 9 * DAY, LATER, (dimension,), counted_by=by)
    with reading(engine) if warm else writing(engine) as connection:
        span = Span(NOW - 9 * DAY, LATER, 90)
        credit = channel_credit(connection, company_id, span, by, dimension)
        return count(connection, asked), credit.rows(), credit.leads, lead_paths(connection, company_id, span)


def wrong_words(connection: Connection, company_id: str) -> list[str]:
    """The calls with a candidate, not what it is credited to itself, that says something else than its visit."""
    same = and_(
        sessions.c.company_id == call_candidates.c.company_id,
        sessions.c.session_id == call_candidates.c.session_id,
    )
    of_call = and_(
        calls.c.company_id == call_candidates.c.company_id, calls.c.call_id == call_candidates.c.call_id
    )
    query = (
        select(call_candidates.c.call_id)
        .select_from(call_candidates.join(sessions, same).join(calls, of_call))
        .where(
            call_candidates.c.company_id == company_id,
            call_candidates.c.session_id.is_distinct_from(calls.c.session_id),
            or_(*(call_candidates.c[name] != word for name, word in WORDS.items())),
        )
    )
    return list(connection.execute(query).scalars())


def test_what_changes_while_it_is_worked_out_is_not_filed(engine: Engine) -> None:
    with writing(engine) as connection:
        house = House(connection, Random(1))
    credit_all(engine, house.company_id, NOW - 8 * DAY)
    with writing(engine) as connection:
        mine = companies.c.company_id == house.company_id
        connection.execute(companies.update().where(mine).values(leads_credited_until_at=LATER))
    with reading(engine) as connection:
        found = to_credit(connection, house.company_id, LATER)
    changed = found.made[0].lead_id
    with writing(engine) as connection:
        (record,) = leads_by_id(connection, house.company_id, [changed])
        first = record.contacts[0]
        join(connection, house.company_id, Contact(first.kind, first.contact_id, first.happened_at, ()), LATER)
    with writing(engine) as connection:
        assert keep_credited(connection, house.company_id, found, LATER) == len(found.made) - 1
        filed = set(connection.execute(select(lead_credits.c.lead_id)).scalars())
    assert changed not in filed
    assert filed == {each.lead_id for each in found.made} - {changed}


def test_what_is_learned_of_visits_meanwhile_stands_in_all_that_is_filed(engine: Engine) -> None:
    with writing(engine) as connection:
        house = House(connection, Random(1))
        mine = companies.c.company_id == house.company_id
        connection.execute(companies.update().where(mine).values(leads_credited_until_at=LATER))
    with reading(engine) as connection:
        found = to_credit(connection, house.company_id, LATER)
        visits = list(connection.execute(select(sessions.c.session_id)).scalars())
    with writing(engine) as connection:
        told = Told("1", {each: Learned("learned", "a campaign", "9") for each in visits})
        write_down(connection, house.company_id, [told], LATER)
    with writing(engine) as connection:
        keep_credited(connection, house.company_id, found, LATER)
    with reading(engine) as connection:
        assert wrongly_credited(connection, house.company_id) == []
    assert credit_all(engine, house.company_id, LATER) > 0
