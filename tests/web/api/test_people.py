"""People by the API: the same rules as on the page, told apart by what they are."""

import inspect
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from swapboard.accounts.actor import Actor
from swapboard.accounts.company import Role, User
from swapboard.accounts.keys import Wish, end_key, key_by_id, make_key
from swapboard.accounts.people import add_user
from swapboard.storage.engine import writing
from swapboard.storage.ids import new_id
from tests.building import NOW, open_business
from tests.web.api.house import House

pytestmark = pytest.mark.anyio


async def enter(house: House, who: str, role: Role) -> str:
    now, company_id = house.clock(), house.ids["us"]
    user = User(new_id(now), company_id, f"{who}@example.com", who, role, now)

    def write(connection: Connection) -> None:
        add_user(connection, user, None)

    await house.exchange.change(write)
    return user.user_id


async def test_people_are_listed_turned_and_removed_but_never_the_last_owner(house: House) -> None:
    olga = await enter(house, "olga", Role.OWNER)
    house.clock.pass_by(1)
    ada = await enter(house, "ada", Role.ANALYST)
    first = await house.get("/people", limit=1)
    rest = await house.get("/people", limit=1, cursor=first["next_cursor"])
    assert [each["email"] for each in [*first["data"], *rest["data"]]] == ["olga@example.com", "ada@example.com"]
    assert (await house.patch(f"/people/{ada}", {"role": "agent"}))["role"] == "agent"
    assert (await house.get(f"/people/{ada}"))["name"] == "ada"
    for method, body in (("PATCH", {"role": "admin"}), ("DELETE", None)):
        last = await house.ask(method, f"/people/{olga}", body)
        assert (last.status_code, last.json()["code"]) == (409, "last_owner")
        lesser = await house.ask(method, f"/people/{olga}", body, who="admin")
        assert lesser.status_code == 403
    assert (await house.ask("PATCH", f"/people/{ada}", {"role": "owner"}, who="admin")).status_code == 403
    for role in ("site", "boss", None):
        assert (await house.ask("PATCH", f"/people/{ada}", {"role": role})).status_code == 422
    await house.delete(f"/people/{ada}")
    assert (await house.ask("GET", f"/people/{ada}")).status_code == 404


async def test_with_a_key_go_the_keys_that_it_made_and_what_they_made(house: House) -> None:
    asked, made = (
        {"name": "deploy", "role": "admin"},
        [await house.make("/keys", {"name": "deploy", "role": "admin"})],
    )
    for _each in range(2):
        bearer = {"Authorization": f"Bearer {made[-1]['key']}"}
        answer = await house.client.post("/api/v1/keys", json=asked, headers=bearer)
        assert answer.status_code == 201
        made.append(answer.json())
    beside = await house.make("/keys", asked)
    # An owner's key makes more in another company of its account: they go, too.
    other = await house.make("/companies", {"name": "Another", "time_zone": "UTC", "country": "US"})
    owner = await house.make("/keys", {"name": "all", "role": "owner"})
    there = {"Authorization": f"Bearer {owner['key']}", "Swapboard-Company": other["id"]}
    answer = await house.client.post("/api/v1/keys", json=asked, headers=there)
    assert answer.status_code == 201, answer.text
    asked_in = {"email": "ada@example.com", "role": "analyst"}
    assert (await house.client.post("/api/v1/invitations", json=asked_in, headers=there)).status_code == 201
    made += [owner, answer.json()]
    await house.delete(f"/keys/{owner['id']}")
    invited = await house.ask("GET", "/invitations", headers={"Swapboard-Company": other["id"]})
    assert invited.json()["data"] == []
    await house.delete(f"/keys/{made[0]['id']}")
    for key, status in (*((each, 401) for each in made), (beside, 200)):
        bearer = {"Authorization": f"Bearer {key['key']}"}
        assert (await house.client.get("/api/v1/keys", headers=bearer)).status_code == status


async def test_a_key_gives_nobody_more_than_its_scopes_let_it_do_itself(house: House) -> None:
    ada = await enter(house, "ada", Role.READ_ONLY)

    async def ask(scopes: list[str], method: str, path: str, role: str) -> int:
        key = await house.make("/keys", {"name": " ".join(scopes), "role": "admin", "scopes": scopes})
        body = {"role": role, **({"email": "bo@example.com"} if method == "POST" else {})}
        bearer = {"Authorization": f"Bearer {key['key']}"}
        answer = await house.client.request(method, f"/api/v1{path}", json=body, headers=bearer)
        return answer.status_code

    for scopes, role, status in (
        (["write:people"], "read_only", 403),
        (["read", "write:people"], "read_only", 201),
        (["read", "write:people"], "agent", 403),
        (["read", "write:calls", "write:people"], "agent", 201),
        (["read", "write:calls", "write:people"], "analyst", 403),
        (["read", "write:calls", "write:reports", "write:people"], "analyst", 201),
        (["read", "write:calls", "write:reports", "write:people"], "admin", 403),
        (["write"], "admin", 201),
        (["write"], "owner", 403),
    ):
        assert await ask(scopes, "POST", "/invitations", role) == status, (scopes, role)
    assert await ask(["read", "write:people"], "PATCH", f"/people/{ada}", "admin") == 403
    assert await ask(["write"], "PATCH", f"/people/{ada}", "admin") == 200
    # To take something away, or leave it, needs no more than to change people.
    assert await ask(["write:people"], "PATCH", f"/people/{ada}", "admin") == 200
    assert await ask(["write:people"], "PATCH", f"/people/{ada}", "analyst") == 200
    assert await ask(["write:people"], "PATCH", f"/people/{ada}", "admin") == 403


async def test_who_made_a_key_or_an_invitation_is_known_by_id(house: House) -> None:
    maker = house.ids["key of admin"]
    made = await house.make("/keys", {"name": "spare"}, who="admin")
    assert (made["made_by"], made["made_by_key_id"]) == ("key admin", maker)
    invitation = await house.make("/invitations", {"email": "bo@example.com", "role": "agent"}, who="admin")
    assert (invitation["invited_by"], invitation["invited_by_key_id"]) == ("key admin", maker)


@pytest.fixture
def shallow() -> Iterator[None]:
    """What calls itself for each of two hundred keys fails, as it otherwise would for a thousand."""
    deepest = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 150)
    yield
    sys.setrecursionlimit(deepest)


@pytest.mark.usefixtures("shallow")
def test_a_long_line_of_keys_ends_with_its_first(engine: Engine) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        by = Actor("the command line", Role.OWNER)
        first = made_by = make_key(connection, company_id, Wish("first", Role.ADMIN), by, NOW)[0]
        for _each in range(200):
            maker = Actor(made_by.known_as, Role.ADMIN, key=made_by)
            made_by = make_key(connection, company_id, Wish("next", Role.ADMIN), maker, NOW)[0]
        end_key(connection, first, by, NOW)
        last = key_by_id(connection, company_id, made_by.key_id)
    assert last
    assert last[0].revoked_at == NOW


async def test_an_invitation_shows_its_link_once_and_ends_with_its_key(house: House) -> None:
    asked = {"email": " Ada@Example.com", "role": "analyst"}
    made = await house.make("/invitations", asked)
    assert (made["email"], made["invited_by"]) == ("ada@example.com", "key owner")
    assert "/join/" in made["link"]
    assert "link" not in (await house.get("/invitations"))["data"][0]
    # Sent twice is done once.
    headers = {"Idempotency-Key": "once"}
    twice = [await house.make("/invitations", asked, headers=headers) for _ in range(2)]
    assert twice[0] == twice[1]
    assert [each["id"] for each in (await house.get("/invitations"))["data"]] == [twice[0]["id"]]
    await house.delete(f"/invitations/{twice[0]['id']}")
    assert (await house.ask("DELETE", f"/invitations/{twice[0]['id']}")).status_code == 404
    await enter(house, "grace", Role.AGENT)
    for wrong, status in (
        ({"email": "grace@example.com"}, 409),
        ({"email": "nobody"}, 422),
        ({"role": "site"}, 422),
        ({"send_email": True}, 422),
    ):
        assert (await house.ask("POST", "/invitations", asked | wrong)).status_code == status, wrong
    assert (await house.ask("POST", "/invitations", asked | {"role": "owner"}, who="admin")).status_code == 403
    await house.make("/invitations", asked, who="admin")
    # Another name is no way to keep them, and a key that is called the same takes none along.
    namesake = await house.make("/keys", {"name": "admin", "role": "read_only"})
    await house.patch(f"/keys/{house.ids['key of admin']}", {"name": "another"})
    await house.delete(f"/keys/{namesake['id']}")
    assert (await house.get("/invitations"))["data"][0]["invited_by"] == "key admin"
    await house.delete(f"/keys/{house.ids['key of admin']}")
    assert (await house.get("/invitations"))["data"] == []
