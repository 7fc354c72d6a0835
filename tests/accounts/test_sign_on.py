"""Two processes that let in the same new person at one moment make one person of them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import Engine

from swapboard.accounts.company import Role, User
from swapboard.accounts.id_token import Identity
from swapboard.accounts.people import add_user, members_of, person_by_email, places_of
from swapboard.accounts.person import Person
from swapboard.accounts.sign_on import Policy, admit
from swapboard.accounts.store import change_company, company_by_id
from swapboard.storage.engine import reading, writing
from tests.building import ON_POSTGRESQL, open_business, run, until
from tests.storage.test_locks import someone_waits

ADA = Identity("https://id.example.com 1", "ada@example.com", "Ada", {})
NOW = 1_790_000_000_000


@ON_POSTGRESQL
def test_by_single_sign_on_and_by_an_invitation(engine: Engine) -> None:
    with writing(engine) as connection:
        business, other = open_business(connection), open_business(connection)
        company = company_by_id(connection, business.company_id)
        assert company
        change_company(connection, replace(company, name="Only one is called so"))
    policy = Policy((), "Only one is called so", Role.ANALYST, "", {})

    def come_in() -> Person:
        with writing(engine) as connection:
            return admit(connection, policy, ADA, NOW)

    with ThreadPoolExecutor(1) as thread:
        with writing(engine) as connection:
            add_user(connection, User("a" * 32, other.company_id, ADA.email, "Ada", Role.AGENT, NOW), None)
            second = thread.submit(come_in)
            run(until(lambda: someone_waits(engine)))
            assert not second.done()
        assert second.result(20).email == ADA.email
    with reading(engine) as connection:
        person = person_by_email(connection, ADA.email)
        assert person
        assert person.subject == ADA.subject
        places = {place.company_id: place.role for place in places_of(connection, ADA.email)}
        assert places == {business.company_id: Role.ANALYST, other.company_id: Role.AGENT}
        assert [user.email for user in members_of(connection, other.company_id)].count(ADA.email) == 1
