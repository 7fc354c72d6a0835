"""The second step: set up with a code that fits, asked for after the password, each code once, and off again."""

import base64
import re

import pytest
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Connection, update
from starlette.applications import Starlette

from swapboard.accounts.people import person_by_email, set_second_factor
from swapboard.accounts.secrets import Vault
from swapboard.clock import SECOND
from swapboard.storage.schema import people
from swapboard.web.dashboard.login import TRIES_AT_ONCE
from swapboard.web.dashboard.second_step import HALF_LASTS, SETTING_UP_LASTS
from tests.building import ON_SQLITE
from tests.web.dashboard.shop import PASSWORD, Browser, Clock, Shop
from tests.web.dashboard.test_members import another_browser

pytestmark = [pytest.mark.anyio, ON_SQLITE]


def code_of(secret: str, clock: Clock) -> str:
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(clock() // SECOND).decode()


async def set_up(owner: Browser, clock: Clock) -> tuple[str, list[str]]:
    """The secret, and the recovery codes."""
    found = re.search(r"<code>([A-Z2-7]{32})</code>", (await owner.get("/me/second-step")).text)
    assert found
    secret = found[1]
    picture = await owner.get("/me/second-step/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert (await owner.send_form("/me/second-step", {"code": "000000", "now": PASSWORD})).status_code == 422
    done = await owner.send_form("/me/second-step", {"code": code_of(secret, clock), "now": PASSWORD})
    codes = re.findall(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}", done.text)
    assert len(codes) == 10
    return secret, codes


async def test_after_the_password_the_code_is_asked_for_and_fits_once(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    secret, _codes = await set_up(owner, clock)
    half = await owner.log_in("owner@example.com", wanted="/calls")
    assert half.headers["location"] == "/login/code"
    assert (await owner.get("/calls")).headers["location"].startswith("/login")
    # The code of the set-up was used.
    assert (await owner.send_form("/login/code", {"code": code_of(secret, clock)})).status_code == 401
    clock.pass_by(30)
    code = code_of(secret, clock)
    done = await owner.send_form("/login/code", {"code": code})
    assert done.headers["location"] == "/calls"
    assert (await owner.get("/calls")).status_code == 200
    await owner.log_in("owner@example.com")
    assert (await owner.send_form("/login/code", {"code": code})).status_code == 401


async def test_a_recovery_code_lets_in_once(owner: Browser, shop: Shop, clock: Clock) -> None:
    _secret, codes = await set_up(owner, clock)
    await owner.log_in("owner@example.com")
    assert (await owner.send_form("/login/code", {"code": codes[0].lower()})).status_code == 303
    assert "9 recovery codes" in (await owner.get("/me")).text
    await owner.log_in("owner@example.com")
    assert (await owner.send_form("/login/code", {"code": codes[0]})).status_code == 401


async def test_without_the_password_there_is_no_code_to_type(browser: Browser, shop: Shop) -> None:
    assert (await browser.get("/login/code")).headers["location"] == "/login"
    assert (await browser.send_form("/login/code", {"code": "000000"})).headers["location"] == "/login"


async def test_codes_cannot_be_tried_for_ever_and_not_too_late(owner: Browser, shop: Shop, clock: Clock) -> None:
    secret, _codes = await set_up(owner, clock)
    await owner.log_in("owner@example.com")
    answers = [(await owner.send_form("/login/code", {"code": "000000"})).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]
    clock.pass_by(HALF_LASTS / SECOND + 1)
    late = await owner.send_form("/login/code", {"code": code_of(secret, clock)})
    assert late.headers["location"] == "/login"


async def test_it_is_switched_on_with_the_password_only(owner: Browser, shop: Shop, clock: Clock) -> None:
    found = re.search(r"<code>([A-Z2-7]{32})</code>", (await owner.get("/me/second-step")).text)
    assert found
    answer = await owner.send_form("/me/second-step", {"code": code_of(found[1], clock), "now": "wrong"})
    assert (answer.status_code, "not your current password" in answer.text) == (422, True)
    assert (await owner.log_in("owner@example.com")).headers["location"] == "/"


async def test_the_code_stays_while_it_is_set_up(owner: Browser, shop: Shop, clock: Clock) -> None:
    """A telephone may load the page anew when one comes back from the app."""

    async def shown() -> str:
        return re.findall(r"<code>([A-Z2-7]{32})</code>", (await owner.get("/me/second-step")).text)[0]

    secret = await shown()
    clock.pass_by(60)
    assert await shown() == secret
    clock.pass_by(SETTING_UP_LASTS / SECOND)
    assert await shown() != secret


async def test_it_is_switched_off_with_the_password_only(owner: Browser, shop: Shop, clock: Clock) -> None:
    await set_up(owner, clock)
    assert (await owner.send_form("/me/second-step/off", {"now": "wrong"})).status_code == 422
    assert (await owner.send_form("/me/second-step/off", {"now": PASSWORD})).status_code == 303
    assert (await owner.log_in("owner@example.com")).headers["location"] == "/"


async def test_the_right_password_is_no_wrong_try(owner: Browser, shop: Shop, clock: Clock) -> None:
    await set_up(owner, clock)
    for _each in range(TRIES_AT_ONCE - 1):
        assert (await owner.send_form("/me/second-step/off", {"now": "wrong"})).status_code == 422
    assert (await owner.send_form("/me/second-step/off", {"now": PASSWORD})).headers["location"] == "/me"
    assert (await owner.log_in("owner@example.com")).headers["location"] == "/"


async def test_of_two_browsers_that_set_it_up_the_first_one_counts(owner: Browser, shop: Shop) -> None:
    before = await shop.exchange.read(lambda connection: person_by_email(connection, "owner@example.com"))
    assert before

    def set_up_twice(connection: Connection) -> list[bool]:
        return [set_second_factor(connection, before, sealed, 1, ()) for sealed in ("first", "second")]

    assert await shop.exchange.change(set_up_twice) == [True, False]
    after = await shop.exchange.read(lambda connection: person_by_email(connection, "owner@example.com"))
    assert after
    assert after.totp == "first"


async def test_switching_it_on_or_off_ends_all_other_log_ins(
    owner: Browser, app: Starlette, shop: Shop, clock: Clock
) -> None:
    async with another_browser(app) as other:
        await other.log_in("owner@example.com")
        await set_up(owner, clock)
        assert [(await each.get("/me")).status_code for each in (owner, other)] == [200, 303]
    await owner.send_form("/me/second-step/off", {"now": PASSWORD})
    assert (await owner.get("/me")).status_code == 200


async def test_the_secret_is_sealed(owner: Browser, shop: Shop, clock: Clock) -> None:
    secret, codes = await set_up(owner, clock)
    person = await shop.exchange.read(lambda connection: person_by_email(connection, "owner@example.com"))
    assert person
    assert person.totp
    kept = f"{person.totp} {person.recovery}"
    assert secret not in kept
    assert not any(code in kept for code in codes)
    assert secret not in repr(person)


async def test_two_browsers_cannot_use_one_code(owner: Browser, shop: Shop, clock: Clock) -> None:
    secret, _codes = await set_up(owner, clock)
    clock.pass_by(30)
    await owner.log_in("owner@example.com")
    step = clock() // SECOND // 30
    used = update(people).where(people.c.company_id == shop.company_id, people.c.email == "owner@example.com")
    await shop.exchange.change(lambda connection: connection.execute(used.values(totp_step=step)))
    assert (await owner.send_form("/login/code", {"code": code_of(secret, clock)})).status_code == 401


async def test_under_another_secret_key_a_recovery_code_lets_in_and_the_app_is_told_why_not(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    secret, codes = await set_up(owner, clock)
    shop.exchange.vault = Vault(Fernet.generate_key())
    clock.pass_by(30)
    assert (await owner.log_in("owner@example.com")).headers["location"] == "/login/code"
    told = await owner.send_form("/login/code", {"code": code_of(secret, clock)})
    assert (told.status_code, "secret.key" in told.text, "--drop-second-step" in told.text) == (401, True, True)
    assert (await owner.send_form("/login/code", {"code": codes[0]})).headers["location"] == "/"
