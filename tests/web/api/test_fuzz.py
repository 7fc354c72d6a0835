"""Whatever is sent to whatever door, nothing is answered with a 5xx, and every refusal is a problem."""

import asyncio
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.api.house import House

pytestmark = pytest.mark.anyio

TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["+12025550177", "(202) 555-0178", "US", "UTC", "pool", "static", "leave", "fallback", "*"]),
    st.sampled_from(["\0", "'; --", "<b>", "💥", "x" * 600, "0" * 32, "Paid Search", "active", "2026-11-24"]),
)
NUMBERS = st.one_of(st.integers(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False))
LEAVES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        *["name", "time_zone", "country", "default_destination", "session_seconds", "ring_timeout_seconds"],
        *["hosts", "consent", "beat_seconds", "number", "numbers", "destination", "target_id", "pool_id"],
        *["overflow", "fallback_number_id", "carrier_id", "placement", "channel", "source", "medium", "campaign"],
        *["status", "conditions", "outcome", "number_id", "rule_ids", "role", "url", "user_agent", "cookies"],
    ]
)
BODIES = st.one_of(st.dictionaries(FIELDS, JSON, max_size=6), JSON)
RAW = st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
POSTS = [
    "/companies",
    "/sites",
    "/swap-targets",
    "/pools",
    "/numbers",
    "/numbers/bulk",
    "/rules",
    "/rules/order",
    "/keys",
    "/sites/{site}/visit",
]
PATCHES = ["/companies/{company}", "/sites/{site}", "/swap-targets/{target}", "/pools/{pool}", "/rules/{rule}"]
PATCHES += ["/numbers/{number}", "/numbers/{billboard}", "/keys/{key}"]
LISTS = ["/companies", "/sites", "/swap-targets", "/pools", "/numbers", "/rules", "/calls", "/sessions", "/keys"]
PARAMETERS = st.sampled_from(
    ["limit", "cursor", "from", "to", "status", "channel", "campaign", "caller", "q", "tracking_number", "number"]
)
RELAXED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given]
)


async def check(house: House, method: str, path: str, **request: Any) -> None:
    answer = await house.ask(method, path, **request)
    assert answer.status_code < 500, (method, path, request, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"]


async def drive(house: House, strategy: st.SearchStrategy[tuple[str, str, dict[str, Any]]]) -> None:
    """Hypothesis runs on a thread of its own and asks on the test's event loop."""
    ids = await house.furnish()
    ids["key"] = house.ids["key of agent"]
    loop = asyncio.get_running_loop()

    @RELAXED
    @given(strategy)
    def fuzz(asked: tuple[str, str, dict[str, Any]]) -> None:
        method, path, request = asked
        asking = check(house, method, path.format(**ids), **request)
        asyncio.run_coroutine_threadsafe(asking, loop).result(60)

    await asyncio.to_thread(fuzz)


async def test_bodies_of_known_fields(house: House) -> None:
    doors = st.one_of(
        st.tuples(st.just("POST"), st.sampled_from(POSTS)), st.tuples(st.just("PATCH"), st.sampled_from(PATCHES))
    )
    await drive(house, st.builds(lambda door, body: (*door, {"json": body}), doors, BODIES))


async def test_bodies_of_any_bytes(house: House) -> None:
    headers = {"Content-Type": "application/json"}
    await drive(
        house,
        st.builds(
            lambda path, body: ("POST", path, {"content": body, "headers": headers}), st.sampled_from(POSTS), RAW
        ),
    )


async def test_any_question(house: House) -> None:
    await drive(
        house,
        st.builds(
            lambda path, params: ("GET", path, {"params": params}),
            st.sampled_from(LISTS),
            st.dictionaries(PARAMETERS, TEXTS, max_size=4),
        ),
    )


async def test_any_address(house: House) -> None:
    await drive(
        house,
        st.builds(
            lambda method, path, more: (
                method,
                f"{path}/{quote(more, safe='')}".replace("{", "(").replace("}", ")"),
                {},
            ),
            st.sampled_from(["GET", "DELETE", "PUT"]),
            st.sampled_from(LISTS),
            st.text(max_size=40),
        ),
    )
