"""Contacts and messages for the tests."""

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import strategies as st

from swapboard.conversions.contact import CallFacts, Contact, Origin
from swapboard.conversions.conversion import Rule
from swapboard.conversions.event import Event
from swapboard.conversions.message import Message, Saying, Teller
from swapboard.leads.lead import ContactKind

NOW = 1_795_000_000_000
COOKIES = {"_ga": "GA1.1.1234567890.1700000000", "_ga_AB12CD34EF": "GS2.1.s1760000000$o5$g1$t1760000100$j60$l0$h0"}
ORIGIN = Origin(
    "s" * 32,
    "v" * 32,
    NOW - 60_000,
    "Paid Search",
    "google",
    "cpc",
    "spring",
    "emergency plumber",
    "https://www.example.com/",
    {"gclid": "Cj0example"},
    COOKIES,
    "Mozilla/5.0",
)
FACTS = CallFacts(
    "answered",
    "+12025550120",
    "+12025550101",
    "Ann Lee",
    "New York, NY",
    NOW + 4_000,
    NOW + 67_000,
    4,
    None,
    "https://www.google.com/",
)
CALL = Contact(
    ContactKind.CALL,
    "c" * 32,
    "l" * 32,
    NOW,
    "+12125550111",
    "ann@example.com",
    ORIGIN,
    0.97,
    talk_seconds=63,
    call=FACTS,
    name="Ann Lee",
)
FORM = replace(CALL, kind=ContactKind.FORM, contact_id="f" * 32, talk_seconds=0, confidence=1.0, call=None)
MISSED = replace(
    CALL, answered=False, talk_seconds=0, call=replace(FACTS, status="missed", answered_at=None), name=None
)
COMPANY = Teller("b" * 32, "Brightwater", "America/New_York")


def a_message(
    contact: Contact = CALL, saying: Saying | Event = Saying.CONVERT, value_cents: int | None = 12_300
) -> Message:
    link = f"https://calls.example.com/calls/{contact.contact_id}"
    return Message(saying, "k" * 32, value_cents, "USD", contact, NOW, "d" * 32, company=COMPANY, link=link)


def from_visit(cookies: Mapping[str, str] = COOKIES, **click_ids: str) -> Contact:
    """A call whose visit had these cookies and click ids."""
    return replace(CALL, origin=replace(ORIGIN, cookies=cookies, click_ids=click_ids))


tags = st.lists(st.sampled_from(["sale", "quote", "wrong number"]), unique=True).map(tuple)
cents = st.none() | st.integers(0, 10**9)
contacts = st.builds(
    Contact,
    kind=st.sampled_from(ContactKind),
    contact_id=st.just("c" * 32),
    lead_id=st.none() | st.just("l" * 32),
    happened_at=st.just(NOW),
    phone=st.none() | st.just("+12125550111"),
    email=st.none() | st.just("ann@example.com"),
    origin=st.just(ORIGIN),
    confidence=st.none() | st.floats(0, 1),
    answered=st.booleans(),
    talk_seconds=st.integers(0, 600),
    is_first=st.booleans(),
    qualified=st.none() | st.booleans(),
    tags=tags,
    value_cents=cents,
    is_spam=st.booleans(),
)
rules = st.builds(
    Rule,
    calls=st.just(True),
    forms=st.booleans(),
    answered=st.booleans(),
    least_talk_seconds=st.integers(0, 300),
    first_time_only=st.booleans(),
    qualified_only=st.booleans(),
    tags=tags,
    least_confidence=st.floats(0, 1),
    value_cents=cents,
    tag_cents=st.dictionaries(st.sampled_from(["sale", "quote"]), st.integers(0, 10**6)),
)
