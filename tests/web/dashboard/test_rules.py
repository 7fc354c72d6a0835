"""The rules' pages: order, editor and tester, for those who may change and those who may only look."""

import re
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import Connection

from swapboard.accounts.store import add_site, sites_of
from swapboard.moving.doubts import doubts
from swapboard.moving.house_reading import read_setup
from swapboard.moving.house_writing import write_setup
from swapboard.moving.setup import RuleSetup, Setup
from swapboard.numbers.conditions import Field
from swapboard.numbers.rule_listing import rules_in_order
from swapboard.numbers.rules import Outcome, Rule
from swapboard.web.dashboard.rule_lines import Line, lines_of, value_of
from tests.one_server import on_one_server
from tests.web.dashboard.shop import AD, Browser, Shop

pytestmark = pytest.mark.anyio


async def rules_of(shop: Shop) -> list[Rule]:
    def read(connection: Connection) -> list[Rule]:
        return [record.rule for record in rules_in_order(connection, shop.company_id)]

    return await shop.exchange.read(read)


async def test_the_tester_names_the_rule_and_the_reasons(owner: Browser) -> None:
    answer = await owner.get("/numbers/rules", params={"url": AD, "referrer": "https://www.google.com/"})
    assert answer.status_code == 200
    assert "Paid Search" in answer.text
    assert "because rule 2, “Everybody else”, is the first that fits." in answer.text
    assert "does not fit: the channel is “Paid Search”, not “Organic Social”." in answer.text


async def test_the_tester_goes_by_the_referrer_too(owner: Browser, shop: Shop) -> None:
    page = "https://shop.example.com/drains"
    for referrer, channel in (
        ("", "Direct"),
        ("https://www.google.com/", "Organic Search"),
        ("google.com", "Organic Search"),
        ("android-app://com.google.android.gm/", "Email"),
    ):
        answer = await owner.get("/numbers/rules", params={"url": page, "referrer": referrer})
        assert f"<strong><bdi>{channel}</bdi></strong>" in answer.text


@pytest.mark.parametrize("more", ["", "&back=https://www.example.org/"])
async def test_the_tester_takes_an_address_as_people_write_it(owner: Browser, shop: Shop, more: str) -> None:
    fields = {"name": "Here", "asked": ["landing_page"], "how": ["begins"], "value": [urlsplit(AD).path or "/"]}
    await owner.send_fields("/numbers/rules/new", fields | {"gives": "leave"})
    page = (await owner.get("/numbers/rules", params={"url": AD.removeprefix("https://") + more})).text
    assert "<strong><bdi>Paid Search</bdi></strong>" in page
    assert 'class="notice notice-warn"' not in page
    assert "does not fit: the landing page" not in page


async def test_an_address_anywhere_may_be_on_a_site_without_hosts(owner: Browser, shop: Shop) -> None:
    elsewhere = {"url": "https://www.example.org/"}
    assert "on none of your sites" in (await owner.get("/numbers/rules", params=elsewhere)).text

    def write(connection: Connection) -> None:
        site, *_others = sites_of(connection, shop.company_id)
        add_site(connection, replace(site, site_id="anywhere", site_key="0" * 32, hosts=()))

    await shop.exchange.change(write)
    assert "on none of your sites" not in (await owner.get("/numbers/rules", params=elsewhere)).text


@pytest.mark.parametrize(
    ("typed", "doubt"),
    [
        ({"url": "rubbish"}, "This address is on none of your sites"),
        ({"url": "/emergency?utm_medium=social"}, "This address is on none of your sites"),
        ({"url": "https://www.example.org/"}, "This address is on none of your sites"),
        ({"url": AD, "zone": "Mars"}, "Mars is no time zone and no region that is known"),
        ({"url": AD, "zone": "<b>-"}, "&lt;b&gt;- is no time zone"),
        ({"url": AD, "zone": "UK"}, "UK is no time zone and no region that is known"),
        ({"url": AD, "zone": "US-Texas"}, "US-Texas is no time zone and no region that is known"),
        ({"url": AD, "zone": "XK"}, ""),
        ({"url": AD, "zone": "GB-Eire"}, ""),
        ({"url": AD, "zone": "US"}, ""),
        ({"url": AD, "zone": "us-tx"}, ""),
        ({"url": AD, "zone": "America/Port-au-Prince"}, ""),
    ],
)
async def test_the_tester_doubts_what_no_visit_can_have(owner: Browser, typed: dict[str, str], doubt: str) -> None:
    page = (await owner.get("/numbers/rules", params=typed)).text
    assert "This visit would count as" in page
    assert (doubt in page) if doubt else ('class="notice notice-warn"' not in page)


async def test_who_saves_second_is_told_and_asked(owner: Browser, shop: Shop) -> None:
    rule = (await rules_of(shop))[0]
    address = f"/numbers/rules/{rule.rule_id}"

    def stamp(page: str) -> str:
        return re.findall(r'name="stamp" value="([^"]+)"', page)[0]

    opened = stamp((await owner.get(address)).text)
    mine = {"name": "Mine", "gives": "leave", "stamp": opened}
    assert (await owner.send_fields(address, mine)).status_code == 303
    late = await owner.send_fields(address, {**mine, "name": "Yours"})
    assert late.status_code == 422
    assert "Somebody changed this rule since you opened it." in late.text
    assert 'value="Yours"' in late.text
    assert (await rules_of(shop))[0].name == "Mine"
    again = await owner.send_fields(address, {**mine, "name": "Yours", "stamp": stamp(late.text)})
    assert again.status_code == 303
    assert (await rules_of(shop))[0].name == "Yours"


async def test_a_rule_is_made_changed_and_removed(owner: Browser, shop: Shop) -> None:
    fields = {
        "name": "Phones at night",
        "asked": ["device", "hour", "landing_page", "landing_page", "campaign", ""],
        "how": ["is", "is", "begins", "contains", "is_not", "is"],
        "value": ["phone", "22-6", "/drains", "offer", "Old", ""],
        "gives": f"pool:{shop.pool_id}",
    }
    made = await owner.send_fields("/numbers/rules/new", fields)
    assert (made.status_code, made.headers["location"]) == (303, "/numbers/rules")
    # Last, it would never be asked: the rule for everybody else stands there.
    *_, rule, everybody = await rules_of(shop)
    assert everybody.conditions == {}
    assert rule.conditions == {
        Field.DEVICE: ("phone",),
        Field.HOUR: ("22-6",),
        Field.LANDING_PAGE: ("/drains*", "*offer*"),
        Field.CAMPAIGN: ("!Old",),
    }
    assert (rule.name, rule.outcome, rule.pool_id) == ("Phones at night", Outcome.POOL, shop.pool_id)

    shown = await owner.get(f"/numbers/rules/{rule.rule_id}")
    assert 'value="Phones at night"' in shown.text
    changed = await owner.send_fields(
        f"/numbers/rules/{rule.rule_id}", {**fields, "name": "Owls", "gives": "leave"}
    )
    assert changed.status_code == 303
    assert [(each.name, each.outcome) for each in await rules_of(shop)][-2] == ("Owls", Outcome.LEAVE)
    await owner.send_fields("/numbers/rules/order", {"rule": rule.rule_id, "move": "down"})
    listed = await owner.get("/numbers/rules")
    assert listed.text.count("Never asked: “Everybody else” comes before it and fits every visit.") == 1

    removed = await owner.send_fields(f"/numbers/rules/{rule.rule_id}/remove", {})
    assert removed.status_code == 303
    assert rule.rule_id not in [each.rule_id for each in await rules_of(shop)]


async def test_what_cannot_stand_is_said_and_nothing_is_lost(owner: Browser, shop: Shop) -> None:
    before = await rules_of(shop)
    fields = {"name": "", "asked": ["hour"], "how": ["is"], "value": ["noon"], "gives": "pool:nowhere"}
    answer = await owner.send_fields("/numbers/rules/new", fields)
    assert answer.status_code == 422
    for said in ("Give the rule a name", "Write an hour from 0 to 23", "Name one of your pools."):
        assert said in answer.text
    assert 'value="noon"' in answer.text
    assert await rules_of(shop) == before


@on_one_server("asked", ["campaign", "landing_page"])
@on_one_server("how", ["is", "is_not", "begins", "contains"])
async def test_a_condition_without_a_value_is_not_dropped(
    owner: Browser, shop: Shop, asked: str, how: str
) -> None:
    """Without it the rule would be for every visit."""
    before = await rules_of(shop)
    fields = {"name": "Spring", "asked": [asked], "how": [how], "value": [""], "gives": "leave"}
    answer = await owner.send_fields("/numbers/rules/new", fields)
    assert answer.status_code == 422
    assert "Write a value, or choose “(no condition)”." in answer.text
    assert f'value="{asked}" selected' in answer.text
    assert await rules_of(shop) == before


async def test_a_value_without_its_condition_is_not_dropped(owner: Browser, shop: Shop) -> None:
    before = await rules_of(shop)
    fields = {"name": "Spring", "asked": ["", ""], "how": ["is", "is"], "value": ["spring", ""], "gives": "leave"}
    answer = await owner.send_fields("/numbers/rules/new", fields)
    assert answer.status_code == 422
    assert "Say what “spring” is, or leave it out." in answer.text
    assert 'value="spring"' in answer.text
    assert await rules_of(shop) == before


async def test_a_region_is_a_time_zone_or_a_code(owner: Browser, shop: Shop) -> None:
    fields = {"name": "South", "asked": ["region"], "how": ["is"], "gives": "leave"}
    refused = await owner.send_fields("/numbers/rules/new", {**fields, "value": ["Texas"]})
    assert refused.status_code == 422
    assert "Write a time zone (America/Chicago, Europe/*)" in refused.text
    for value in ("US-TX", "America/Chicago", "Europe/*", "UTC"):
        assert (await owner.send_fields("/numbers/rules/new", {**fields, "value": [value]})).status_code == 303


async def test_the_tester_knows_places_and_hours(owner: Browser, shop: Shop) -> None:
    fields = {
        "name": "Texan nights",
        "asked": ["region", "hour"],
        "how": ["is", "is"],
        "value": ["America/Chicago", "20-6"],
        "gives": "leave",
    }
    await owner.send_fields("/numbers/rules/new", fields)
    for zone, hour, is_fit in (
        ("America/Chicago", "21", True),
        ("America/Chicago", "12", False),
        ("", "21", False),
    ):
        answer = await owner.get("/numbers/rules", params={"url": AD, "zone": zone, "hour": hour})
        assert ("“Texan nights”, is the first that fits." in answer.text) is is_fit, (zone, hour)
    await owner.send_fields(
        "/numbers/rules/new",
        {"name": "Texas", "asked": ["region"], "how": ["is"], "value": ["US-TX"], "gives": "leave"},
    )
    for zone, is_fit in (("US-TX", True), ("us-tx", True), ("US-NY", False), ("America/Chicago", False)):
        answer = await owner.get("/numbers/rules", params={"url": AD, "zone": zone, "hour": "12"})
        assert ("“Texas”, is the first that fits." in answer.text) is is_fit, zone
    assert (await owner.get("/numbers/rules", params={"url": AD, "hour": "99", "zone": "Mars"})).status_code == 200


async def test_the_order_by_arrows_and_by_drag(owner: Browser, shop: Shop) -> None:
    first, second = [rule.rule_id for rule in await rules_of(shop)]
    for fields, expected in (
        ({"rule": second, "move": "up"}, [second, first]),
        ({"rule": second, "move": "up"}, [second, first]),
        ({"rule": second, "move": "down"}, [first, second]),
        ({"order": [second, "unknown", first, first]}, [second, first]),
        ({"order": [first]}, [first, second]),
        ({"rule": "unknown", "move": "up"}, [first, second]),
    ):
        answer = await owner.send_fields("/numbers/rules/order", fields)
        assert answer.status_code == 303
        assert [rule.rule_id for rule in await rules_of(shop)] == expected, fields


async def test_who_may_only_look_changes_nothing(browser: Browser, shop: Shop) -> None:
    await browser.log_in("reader@example.com")
    before = await rules_of(shop)
    looked = await browser.get("/numbers/rules")
    assert looked.status_code == 200
    assert "Add a rule" not in looked.text
    assert "data-order" not in looked.text
    rule_id = before[0].rule_id
    for path in ("new", "order", rule_id, f"{rule_id}/remove"):
        answer = await browser.send_fields(
            f"/numbers/rules/{path}", {"name": "x", "gives": "leave", "rule": rule_id}
        )
        assert answer.status_code == 403, path
    assert (await browser.get("/numbers/rules/new")).status_code == 403
    assert await rules_of(shop) == before


async def test_a_strangers_rule_is_not_there(owner: Browser, stranger: Shop) -> None:
    theirs = (await rules_of(stranger))[0].rule_id
    assert (await owner.get(f"/numbers/rules/{theirs}")).status_code == 404
    await owner.send_fields(f"/numbers/rules/{theirs}", {"name": "Mine now", "gives": "leave"})
    await owner.send_fields(f"/numbers/rules/{theirs}/remove", {})
    kept = (await rules_of(stranger))[0]
    assert (kept.rule_id, kept.name) == (theirs, "Social keeps its number")


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("x", Line("campaign", "is", "x")),
        ("!x", Line("campaign", "is_not", "x")),
        ("x*", Line("campaign", "begins", "x")),
        ("*x*", Line("campaign", "contains", "x")),
        ("*x", Line("campaign", "is", "*x")),
        ("*", Line("campaign", "is", "*")),
        ("!x*", Line("campaign", "is_not", "x*")),
        ("a*b", Line("campaign", "is", "a*b")),
    ],
)
def test_every_value_comes_back_from_the_editor_as_it_was(value: str, line: Line) -> None:
    rule = Rule("r", "r", Outcome.LEAVE, {Field.CAMPAIGN: (value,)})
    assert lines_of(rule) == [line]
    assert value_of(line) == value


async def test_rules_of_older_days_that_came_in_by_a_file_harm_no_page(owner: Browser, shop: Shop) -> None:
    odd = ["!", "*", "!*", "**", "UK", "25", "-", "8-", "[", "\\", "50%s", "%(n)s", "{0}", "<b>", "http://[", "²"]

    def write(connection: Connection) -> list[str]:
        had = read_setup(connection, shop.company_id)
        rules = [RuleSetup(name=f"Old {asked}", outcome=Outcome.LEAVE, conditions={asked: odd}) for asked in Field]
        setup = Setup(rules=[*rules, *had.rules])
        write_setup(connection, shop.company_id, setup, shop.exchange.clock())
        return list(doubts(setup))

    assert await shop.exchange.configure(shop.company_id, write)
    shown = (await owner.get("/numbers/rules", params={"url": AD})).text
    assert all(f"Old {asked}" in shown for asked in Field)
    assert "because rule" in shown
    for rule in await rules_of(shop):
        assert (await owner.get(f"/numbers/rules/{rule.rule_id}")).status_code == 200
