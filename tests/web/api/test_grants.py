"""Accesses to platforms by the API: prepared, changed, taken back; signing in is a person's, in a browser."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from swapboard.access.store import change_grant, grant_by_id
from tests.web.api.house import ANOTHER_HOST, House

pytestmark = pytest.mark.anyio
OURS = {"provider": "google", "name": "Ours", "client_id": "app", "client_secret": "hush", "uses": ["costs"]}


async def signed_in(house: House, grant_id: str) -> None:
    def write(connection: Connection) -> None:
        grant = grant_by_id(connection, house.ids["us"], grant_id)
        assert grant
        change_grant(connection, replace(grant, granted=grant.scopes, signed_in_at=house.clock()))

    await house.exchange.change(write)


async def test_one_is_prepared_changed_and_taken_back(house: House) -> None:
    made = await house.make("/grants", OURS)
    path = f"/grants/{made['id']}"
    assert made["uses"] == ["costs"]
    assert made["scopes"] == ["https://www.googleapis.com/auth/adwords"]
    assert "google_ads" in made["may_be_used_for"]
    assert made["redirect_url"] == f"{ANOTHER_HOST}/access/callback/google"
    assert made["sign_in_url"] == f"{ANOTHER_HOST}/access/{made['id']}"
    assert "hush" not in (await house.ask("GET", path)).text
    assert (await house.get("/grants"))["data"] == [made] == [await house.get(path)]
    await signed_in(house, made["id"])
    # Another name leaves what was agreed to as it is; another app, or another secret, does not.
    renamed = await house.patch(path, {"name": "All of ours"})
    assert (renamed["name"], renamed["signed_in_at"] is not None, renamed["uses"]) == (
        "All of ours",
        True,
        ["costs"],
    )
    assert (await house.patch(path, {"client_id": "another"}))["signed_in_at"] is None
    assert (await house.ask("DELETE", path)).json() == {"left_to_do": None}
    assert (await house.ask("GET", path)).status_code == 404


async def test_what_it_is_for_is_named(house: House) -> None:
    for wrong in (
        {"uses": []},
        {"uses": ["everything"]},
        {"provider": "nobody"},
        {"client_secret": ""},
        {"name": " "},
    ):
        assert (await house.ask("POST", "/grants", OURS | wrong)).status_code == 422, wrong
    for address in ("ftp://example.com", "https://example.com/a b"):
        wrong = {"addresses": {"token": address}}
        assert (await house.ask("POST", "/grants", OURS | wrong)).status_code == 422, address
    assert (await house.get("/grants"))["data"] == []
    both = await house.make("/grants", OURS | {"uses": ["costs", "google_ads"]})
    assert set(both["uses"]) == {"costs", "google_ads"}


async def test_a_secret_is_never_sent_where_it_was_not_meant_to_go(house: House) -> None:
    path = f"/grants/{(await house.make('/grants', OURS))['id']}"
    for addresses in ({"token": "https://example.com/token"}, {"revoke": "https://example.com/revoke"}):
        told = await house.ask("PATCH", path, {"addresses": addresses})
        assert (told.status_code, "type it in once more" in told.text) == (422, True), addresses
        assert (await house.get(path))["addresses"] == {}
        assert (await house.patch(path, {"addresses": addresses, "client_secret": "hush"}))[
            "addresses"
        ] == addresses
        assert (await house.patch(path, {"addresses": {}, "client_secret": "hush"}))["addresses"] == {}
    # Where the person signs in, the secret does not go.
    await house.patch(path, {"addresses": {"authorize": "https://example.com/sign-in"}})
