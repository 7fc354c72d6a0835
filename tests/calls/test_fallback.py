"""The ways out: every number of every account has one, to where its calls go."""

from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.fallback import ANY_NUMBER, ways_out
from swapboard.calls.routes import NO_ROUTES, CarrierAccount, CompanyRoutes, Routes
from swapboard.calls.step import Dial, Step

NUMBERS = st.integers(100, 199).map(lambda last: f"+12025550{last}")


@given(
    destinations=st.dictionaries(NUMBERS, NUMBERS, max_size=8),
    default=st.none() | NUMBERS,
    ring_seconds=st.integers(5, 600),
)
def test_every_number_dials_where_its_calls_go(
    destinations: dict[str, str], default: str | None, ring_seconds: int
) -> None:
    accounts = {key: CarrierAccount(key, "c", "sandbox", "") for key in ("k1", "k2")}
    routes = Routes(accounts, {"c": CompanyRoutes("c", default, ring_seconds, destinations)})
    told = {(way.account.carrier_id, way.number): way.step for way in ways_out(routes)}
    wanted = destinations | ({ANY_NUMBER: default} if default else {})
    assert told == {
        (key, number): Step(Dial((to,), ring_seconds)) for key in accounts for number, to in wanted.items()
    }


def test_without_routes_or_company_there_is_none() -> None:
    assert list(ways_out(NO_ROUTES)) == []
    assert list(ways_out(Routes({"k": CarrierAccount("k", "gone", "sandbox", "")}, {}))) == []
