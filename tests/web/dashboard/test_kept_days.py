"""How long it is known whose a visit or a call was, as somebody sets it for their company."""

import pytest

from swapboard.accounts.store import company_by_id
from swapboard.clock import DAY, SECOND
from tests.building import rows_of
from tests.web.dashboard.shop import Browser, Clock, Shop
from tests.web.dashboard.test_companies import send_company

pytestmark = pytest.mark.anyio
FIELDS = {"name": "Brightwater", "time_zone": "UTC", "country": "US", "journal_days": "90"}


async def kept(shop: Shop) -> tuple[int | None, int | None]:
    company = await shop.exchange.read(lambda connection: company_by_id(connection, shop.company_id))
    assert company
    return company.visits_kept_days, company.contacts_kept_days


async def test_all_is_kept_until_somebody_sets_days(owner: Browser, shop: Shop) -> None:
    assert await kept(shop) == (None, None)
    days = {"visits_kept_days": "400", "contacts_kept_days": "90"}
    assert (await send_company(owner, {**FIELDS, **days})).status_code == 303
    assert await kept(shop) == (400, 90)
    page = (await owner.get("/company")).text
    assert ('name="visits_kept_days"' in page, 'value="400"' in page) == (True, True)

    for_good = {"visits_kept_days": "", "contacts_kept_days": ""}
    assert (await send_company(owner, {**FIELDS, **for_good})).status_code == 303
    assert await kept(shop) == (None, None)


@pytest.mark.parametrize("name", ["visits_kept_days", "contacts_kept_days"])
async def test_other_days_are_refused_and_stay_in_the_form(owner: Browser, shop: Shop, name: str) -> None:
    for days in ("89", "3651", "x", "1e3", "-90", "0"):
        refused = await send_company(owner, {**FIELDS, name: days})
        assert (refused.status_code, "from 90 to 3650" in refused.text) == (422, True)
        assert f'value="{days}"' in refused.text
    assert await kept(shop) == (None, None)


async def test_the_worker_forgets_by_itself(owner: Browser, shop: Shop, clock: Clock) -> None:
    visitor_id = (await shop.visit()).visitor_id
    await send_company(owner, {**FIELDS, "visits_kept_days": "90", "contacts_kept_days": "90"})
    await shop.exchange.rounds.do_often()
    assert [row["visitor_id"] for row in rows_of(shop.exchange.engine, "sessions")] == [visitor_id]
    clock.pass_by(91 * DAY / SECOND)
    await shop.exchange.rounds.do_often()
    assert visitor_id not in [row["visitor_id"] for row in rows_of(shop.exchange.engine, "sessions")]
