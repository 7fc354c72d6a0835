"""Carriers in the dashboard: connected, changed, removed; secrets are never shown again."""

import re
from dataclasses import replace
from threading import Event

import pytest
from anyio import fail_after

from swapboard.carriers.installed import carrier_kind, installed
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import shut_out
from tests.carriers.stories.cast import CAST
from tests.carriers.telnyx.network import TELNYX
from tests.web.dashboard.shop import Browser, Shop, stamp_on

pytestmark = pytest.mark.anyio

FORM = {"kind": "telnyx", "name": "Our Telnyx"} | {
    f"credential-{name}": value for name, value in TELNYX.credentials.items()
}


async def connected(owner: Browser, **changes: str) -> str:
    """The address of an account that was connected."""
    answer = await owner.send_form("/setup/carriers", FORM | changes)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


async def test_every_installed_carrier_is_offered_with_its_fields(owner: Browser) -> None:
    setup = (await owner.get("/setup")).text
    for kind in installed():
        assert f'href="/setup/carriers/new?kind={kind}"' in setup
        form = (await owner.get(f"/setup/carriers/new?kind={kind}")).text
        for field in carrier_kind(kind).credential_fields:
            assert f'name="credential-{field.name}"' in form
    assert {plug.kind for plug in CAST} <= set(installed())


async def test_it_is_connected_and_shows_its_addresses_but_no_secret(owner: Browser) -> None:
    where = await connected(owner)
    page = (await owner.get(where)).text
    carrier_id = where.rpartition("/")[2]
    assert f"/carriers/{carrier_id}/voice" in page
    assert f"/carriers/{carrier_id}/status" in page
    assert f'value="{TELNYX.credentials["application_id"]}"' in page
    assert TELNYX.credentials["api_key"] not in page
    assert "Our Telnyx" in (await owner.get("/setup")).text


async def test_a_secret_that_is_not_typed_in_stays(owner: Browser) -> None:
    where = await connected(owner)
    answer = await owner.send_form(where, FORM | {"credential-api_key": "", "name": "Main"})
    assert answer.status_code == 303, answer.text
    assert "Main" in (await owner.get(where)).text


TRUNK = {"kind": "lines", "name": "Our trunk"} | {
    f"credential-{name}": value
    for name, value in {
        "server": "sip.example.com",
        "username": "us",
        "password": "secret words",
        "register": "yes",
        "numbers": "+12025550143",
    }.items()
}


async def test_what_may_stay_empty_is_marked_and_a_choice_is_chosen(owner: Browser) -> None:
    for path in ("/setup/carriers/new?kind=lines", "/setup/start/carrier?kind=lines"):
        form = (await owner.get(path)).text
        optional = [each for each in carrier_kind("lines").credential_fields if not each.required]
        assert form.count("May stay empty.") == len([each for each in optional if not each.choices]) == 3
        assert re.search(r'<select name="credential-register"><option value="no">no<', form)
    # In a field for any text, as it was before, people wrote it in capitals, too.
    for typed in ("yes", " Yes"):
        answer = await owner.send_form("/setup/carriers", TRUNK | {"credential-register": typed})
        where = answer.headers["location"].partition("?")[0]
        assert '<option value="yes" selected>' in (await owner.get(where)).text


async def test_an_optional_secret_can_be_taken_back(owner: Browser) -> None:
    where = (await owner.send_form("/setup/carriers", TRUNK)).headers["location"].partition("?")[0]
    open_trunk = TRUNK | {"credential-username": "", "credential-password": "", "credential-register": "no"}
    refused = await owner.send_form(where, open_trunk)
    assert "A user name needs its password" in refused.text
    box = '<input type="checkbox" name="forget-password" value="yes"'
    assert f"{box}>" in refused.text
    nameless = await owner.send_form(where, open_trunk | {"forget-password": "yes", "name": ""})
    assert f"{box} checked>" in nameless.text

    assert (await owner.send_form(where, open_trunk | {"forget-password": "yes"})).status_code == 303
    page = (await owner.get(where)).text
    assert 'name="forget-password"' not in page


async def test_a_line_of_ones_own_has_no_address_to_copy(owner: Browser) -> None:
    answer = await owner.send_form("/setup/carriers", TRUNK)
    page = (await owner.get(answer.headers["location"])).text
    assert "Its calls come over the line itself" in page
    assert "sets SWAPBOARD_LINES_LISTEN" in page
    assert "/voice" not in page
    assert "two addresses below" not in page

    setup = (await owner.get("/setup")).text.partition('id="carriers"')[2]
    assert "Its calls come over the line itself" in setup
    where = answer.headers["location"].partition("?")[0]
    assert f"/{where.rpartition('/')[2]}/voice" not in setup


ASTERISK = {"kind": "asterisk", "name": "Our Asterisk"} | {
    f"credential-{name}": value
    for name, value in {
        "url": "http://127.0.0.1:8088",
        "username": "us",
        "password": "secret words",
        "endpoint": "PJSIP/{number}@trunk",
        "numbers": "+12025550143",
    }.items()
}


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (TRUNK | {"credential-server": "10.1.2.3:5062"}, True),
        (TRUNK | {"credential-server": "93.184.215.14"}, False),
        (ASTERISK, True),
    ],
    ids=["private trunk", "public trunk", "Asterisk here"],
)
async def test_a_line_into_a_private_network_says_where_that_is_not_allowed(
    owner: Browser, exchange: Exchange, form: dict[str, str], told: bool
) -> None:
    where = (await owner.send_form("/setup/carriers", form)).headers["location"]
    assert "SWAPBOARD_PRIVATE_ADDRESSES" not in (await owner.get(where)).text

    exchange.settings = replace(exchange.settings, private_addresses=False)
    assert ("SWAPBOARD_PRIVATE_ADDRESSES=1" in (await owner.get(where)).text) is told


async def test_a_slow_name_server_holds_the_page_up_for_a_moment_only(
    owner: Browser, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = (await owner.send_form("/setup/carriers", TRUNK)).headers["location"]
    exchange.settings = replace(exchange.settings, private_addresses=False)
    answered = Event()
    monkeypatch.setattr(shut_out, "is_in_private_network", lambda _host: answered.wait(20))
    monkeypatch.setattr(shut_out, "LOOK_UP_SECONDS", 0.05)
    try:
        with fail_after(10):
            assert "SWAPBOARD_PRIVATE_ADDRESSES" not in (await owner.get(where)).text
    finally:
        answered.set()


async def test_what_is_wrong_is_said_beside_what_was_typed(owner: Browser) -> None:
    answer = await owner.send_form("/setup/carriers", FORM | {"credential-public_key": "<x>"})
    assert answer.status_code == 422
    assert "not a public key" in answer.text
    assert "&lt;x&gt;" in answer.text
    assert (
        "Please give the API key."
        in (await owner.send_form("/setup/carriers", FORM | {"credential-api_key": ""})).text
    )
    assert (await owner.get("/setup/carriers/new?kind=pigeon")).status_code == 404


async def test_it_is_removed_unless_calls_are_its(owner: Browser, shop: Shop) -> None:
    where = await connected(owner)
    assert (await owner.send_form(f"{where}/remove", {})).status_code == 303
    assert (await owner.get(where)).status_code == 404
    await shop.ring(shop_number := "+12025550101", ref="CA1")
    del shop_number
    known = (await owner.get("/setup")).text.partition('href="/setup/carriers/')[2].partition('"')[0]
    assert (await owner.send_form(f"/setup/carriers/{known}/remove", {})).status_code == 409


async def test_strangers_see_nothing_of_it(owner: Browser, browser: Browser, shop: Shop, stranger: Shop) -> None:
    del shop, stranger
    where = await connected(owner)
    await browser.log_in("stranger@example.com")
    assert (await browser.get(where)).status_code == 404
    assert (await browser.send_form(where, FORM)).status_code == 404


async def test_who_saves_a_carrier_second_is_asked_and_not_obeyed(owner: Browser) -> None:
    where = await connected(owner)
    opened = stamp_on((await owner.get(where)).text)
    assert (await owner.send_form(where, FORM | {"name": "Mine", "stamp": opened})).status_code == 303
    late = await owner.send_form(where, FORM | {"name": "Yours", "stamp": opened})
    assert late.status_code == 422
    assert "Somebody changed this since you opened it." in late.text
    assert "Mine" in (await owner.get("/setup")).text
    again = await owner.send_form(where, FORM | {"name": "Yours", "stamp": stamp_on(late.text)})
    assert again.status_code == 303


async def test_a_new_secret_beside_a_mistake_is_said_to_be_typed_once_more(owner: Browser) -> None:
    where = await connected(owner)
    asked = "Type the secrets once more"
    assert asked in (await owner.send_form(where, FORM | {"name": ""})).text
    secrets = {
        f"credential-{field.name}": "" for field in carrier_kind("telnyx").credential_fields if field.secret
    }
    assert asked not in (await owner.send_form(where, FORM | secrets | {"name": ""})).text
