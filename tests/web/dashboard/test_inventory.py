"""All numbers, many at once, lists in and out, buying, placements with their codes: who may, and who may not."""

import re
from codecs import BOM_UTF8
from html import unescape

import pytest
import segno
from sqlalchemy import Connection, Engine, update

from swapboard.clock import DAY
from swapboard.numbers import placements
from swapboard.numbers.number_log import NumberEvent, log_numbers
from swapboard.numbers.scaling import AUTO_SCALE
from swapboard.storage.engine import writing
from swapboard.storage.schema import carriers, companies, numbers
from swapboard.switchboard.buying import ELSEWHERE
from swapboard.switchboard.exchange import Exchange
from swapboard.web.dashboard import inventory_view
from tests.building import rows_of
from tests.one_server import on_one_server
from tests.web.dashboard.shop import BILLBOARD, ORIGIN, POOL, Browser, Clock, Shop

pytestmark = pytest.mark.anyio


@pytest.fixture
def engine(exchange: Exchange) -> Engine:
    return exchange.engine


def ids_of(engine: Engine, *numbers: str) -> list[str]:
    return [str(rows_of(engine, "numbers", number=number)[0]["number_id"]) for number in numbers]


async def test_the_list_and_its_csv(owner: Browser, shop: Shop) -> None:
    shown = await owner.get("/numbers/inventory")
    assert shown.status_code == 200
    assert "4 numbers" in shown.text
    assert "no price is known" in shown.text
    in_order = re.findall(r'name="number_id" value="[^"]*" aria-label="([^"]+)"', shown.text)
    assert len(in_order) == 4
    assert in_order == sorted(in_order), "one looks for a number by its digits"
    assert "no carrier account" in shown.text
    csv = await owner.get("/numbers/inventory.csv")
    assert csv.content.startswith(BOM_UTF8), "Excel takes it for UTF-8 by its mark alone"
    assert csv.headers["content-type"].startswith("text/csv")
    assert f"{BILLBOARD},active,,+12025550100," in csv.text
    lines = csv.text.splitlines()[1:]
    assert len(lines) == 4
    assert lines == sorted(lines), "in the page's order"


async def test_many_at_once_and_the_log(owner: Browser, shop: Shop, engine: Engine) -> None:
    chosen = ids_of(engine, *POOL[:2])
    answer = await owner.send_fields("/numbers/inventory/act", {"action": "quarantine", "number_id": chosen})
    assert answer.status_code == 303
    states = {row["number"]: row["status"] for row in rows_of(engine, "numbers")}
    assert [states[number] for number in POOL] == ["quarantined", "quarantined", "active"]
    shown = await owner.get("/numbers/inventory")
    assert "put in quarantine" in shown.text
    assert "owner@example.com" in shown.text
    target = rows_of(engine, "swap_targets")[0]["target_id"]
    fields = {"action": "assign", "number_id": ids_of(engine, POOL[2]), "where": f"target:{target}"}
    assert (await owner.send_fields("/numbers/inventory/act", fields)).status_code == 303
    assert rows_of(engine, "numbers", number=POOL[2])[0]["kind"] == "static"


async def test_thousands_are_chosen_at_once(owner: Browser, shop: Shop, engine: Engine) -> None:
    chosen = [row["number_id"] for row in rows_of(engine, "numbers") if row["pool_id"]]
    as_many = {"action": "pause", "number_id": chosen * (3_000 // len(chosen))}
    assert (await owner.send_fields("/numbers/inventory/act", as_many)).status_code == 303
    assert {row["status"] for row in rows_of(engine, "numbers") if row["pool_id"]} == {"paused"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "0131"}, [POOL[1]]),
        ({"q": "(202) 555-0131"}, [POOL[1]]),
        ({"q": "VISITORS"}, list(POOL)),
        ({"q": "nowhere"}, []),
        ({"q": "Route 20"}, []),
        ({"state": "paused"}, [POOL[1]]),
        ({"state": "paused", "q": "0130"}, []),
        ({"state": "trouble"}, [*POOL, BILLBOARD]),
        ({"state": "what?"}, [*POOL, BILLBOARD]),
    ],
)
async def test_numbers_are_found_by_digits_words_and_state(
    owner: Browser, shop: Shop, engine: Engine, query: dict[str, str], found: list[str]
) -> None:
    paused = {"action": "pause", "number_id": ids_of(engine, POOL[1])}
    await owner.send_fields("/numbers/inventory/act", paused)
    page = (await owner.get("/numbers/inventory", params=query)).text
    assert re.findall(r'name="number_id" value="([^"]*)"', page) == ids_of(engine, *sorted(found))
    assert ("No number is like that." in page) is (found == [])


async def test_what_was_looked_for_stays_after_something_was_done(
    owner: Browser, shop: Shop, engine: Engine
) -> None:
    page = (await owner.get("/numbers/inventory", params={"q": "a&b", "state": "active"})).text
    [address] = re.findall(r'action="(/numbers/inventory/act[^"]*)"', page)
    fields = {"action": "pause", "number_id": ids_of(engine, POOL[1])}
    done = await owner.send_fields(unescape(address), fields)
    assert done.headers["location"] == "/numbers/inventory?q=a%26b&state=active"


async def test_what_cannot_be_done_says_why_and_does_nothing(owner: Browser, shop: Shop, engine: Engine) -> None:
    before = rows_of(engine, "numbers")
    used = await owner.send_fields(
        "/numbers/inventory/act",
        {"action": "release", "sure": "yes", "number_id": ids_of(engine, POOL[0], BILLBOARD)},
    )
    assert used.status_code == 409
    assert "falls back on" in used.text
    assert "(202) 555-0120: " in used.text
    assert used.text.count(" checked aria-label") == 2
    assert '<option value="release" selected>' in used.text
    for fields in ({"action": "explode", "number_id": ["x"]}, {"action": "pause"}):
        assert (await owner.send_fields("/numbers/inventory/act", fields)).status_code == 422
    assert rows_of(engine, "numbers") == before


async def test_numbers_are_brought_in_all_or_none(owner: Browser, shop: Shop, engine: Engine) -> None:
    fields = {"where": f"pool:{shop.pool_id}", "carrier": shop.carrier_id}
    taken = await owner.send_fields("/numbers/inventory/add", {**fields, "list": f"(202) 555-0170\n{POOL[0]}"})
    assert taken.status_code == 422
    assert "is here already" in taken.text
    assert f"(202) 555-0170\n{POOL[0]}</textarea>" in taken.text
    nowhere = await owner.send_fields(
        "/numbers/inventory/add", {**fields, "list": "number;pool\n+12025550170;Moon"}
    )
    assert "Line 2: There is no pool or target “Moon”." in nowhere.text
    loops = await owner.send_fields("/numbers/inventory/add", {**fields, "list": "+12025550101"})
    assert "circles" in loops.text
    assert len(rows_of(engine, "numbers")) == 4
    target = rows_of(engine, "swap_targets")[0]["number"]
    text = f"number,target,placement,monthly_price\n202-555-0171,{target},Flyer,1.15\n202-555-0172,,,\n"
    assert (await owner.send_fields("/numbers/inventory/add", {**fields, "list": text})).status_code == 303
    [flyer] = rows_of(engine, "numbers", number="+12025550171")
    assert (flyer["kind"], flyer["placement"], flyer["monthly_cents"]) == ("static", "Flyer", 115)
    [pooled] = rows_of(engine, "numbers", number="+12025550172")
    assert (pooled["pool_id"], pooled["carrier_id"]) == (shop.pool_id, shop.carrier_id)
    assert [row["kind"] for row in rows_of(engine, "number_events")] == ["added", "added"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
async def test_a_carriers_list_comes_in_as_a_file_with_words_that_are_its_own(
    owner: Browser, shop: Shop, engine: Engine, encoding: str
) -> None:
    text = "Rufnummer;Friendly name;Status\r\n+12025550170;Café;in-use\r\n+12025550171;Köln;reserviert\r\n"
    answer = await owner.post(
        "/numbers/inventory/add",
        data={"where": f"pool:{shop.pool_id}", "carrier": "", "list": ""},
        files={"file": ("numbers.csv", text.encode(encoding))},
        headers={"Origin": ORIGIN, "Accept": "text/html"},
    )
    assert answer.status_code == 303
    said = unescape((await owner.get("/numbers/inventory", headers={"Accept": "text/html"})).text)
    assert "Numbers brought in: 2. Columns that were not read: “Friendly name”." in said
    assert "Not known here is the status “reserviert”: such numbers came in paused" in said
    states = {row["number"]: row["status"] for row in rows_of(engine, "numbers")}
    assert (states["+12025550170"], states["+12025550171"]) == ("active", "paused")


async def test_however_much_there_is_to_tell_nobody_is_logged_out_by_it(owner: Browser, shop: Shop) -> None:
    words = [letter * 40 for letter in "\N{GRINNING FACE}\N{GRINNING FACE WITH SMILING EYES}абвг"]
    rows = [f"+1202555{number:04},{word}" for number, word in enumerate(words, 140)]
    told = "\n".join([",".join(["number", "status", *words]), *rows])
    fields = {"where": f"pool:{shop.pool_id}", "carrier": "", "list": told}
    page = {"Origin": ORIGIN, "Accept": "text/html"}
    added = await owner.post("/numbers/inventory/add", data=fields, headers=page)
    assert added.status_code == 303
    assert all(len(cookie) < 4_096 for cookie in added.headers.get_list("set-cookie"))
    assert "Numbers brought in: 6." in (await owner.get("/numbers/inventory", headers=page)).text


async def test_a_file_that_is_no_list_is_said_to_be_so(owner: Browser) -> None:
    for content, said in ((b"PK\x03\x04", "Save it as CSV first."), (b"1" * 300_000, "1000 numbers at a time")):
        answer = await owner.post(
            "/numbers/inventory/add", files={"file": ("x.csv", content)}, headers={"Origin": ORIGIN}
        )
        assert answer.status_code == 422
        assert said in answer.text


async def test_a_release_is_asked_once_more(owner: Browser, shop: Shop, engine: Engine) -> None:
    before = rows_of(engine, "numbers")
    chosen = ids_of(engine, POOL[1], POOL[2])
    asked = await owner.send_fields("/numbers/inventory/act", {"action": "release", "number_id": chosen})
    assert asked.status_code == 409
    assert "Release 2 numbers?" in asked.text
    assert rows_of(engine, "numbers") == before
    assert asked.text.count(" checked aria-label") == 2
    assert '<option value="release" selected>' in asked.text
    sure = {"action": "release", "sure": "yes", "number_id": chosen}
    assert (await owner.send_fields("/numbers/inventory/act", sure)).status_code == 303
    assert [row["status"] for row in rows_of(engine, "numbers", number=POOL[1])] == ["released"]


async def test_the_list_says_where_a_number_went(owner: Browser, shop: Shop, engine: Engine) -> None:
    [target] = rows_of(engine, "swap_targets")
    fields = {"action": "assign", "number_id": ids_of(engine, POOL[1]), "where": f"target:{target['target_id']}"}
    await owner.send_fields("/numbers/inventory/act", fields)
    page = (await owner.get("/numbers/inventory")).text
    assert f"assigned: <bdi>{target['name'] or target['number']}</bdi>" in page
    [number_id] = ids_of(engine, POOL[1])
    assert f'<a href="/numbers/placements/{number_id}"><bdi>not said</bdi></a>' in page


@pytest.mark.parametrize("area", ["abc", "٢٠٢"])
async def test_an_area_code_is_digits(owner: Browser, shop: Shop, area: str) -> None:
    query = {"where": f"pool:{shop.pool_id}", "carrier": shop.carrier_id, "area": area}
    assert "Write an area code in digits" in (await owner.get("/numbers/buy", params=query)).text


async def test_many_are_paused_though_one_is_already(owner: Browser, shop: Shop, engine: Engine) -> None:
    one = {"action": "pause", "number_id": ids_of(engine, POOL[1])}
    two = {"action": "pause", "number_id": ids_of(engine, POOL[1], POOL[2])}
    for fields, said in (
        (one, "It is done."),
        (two, "It is done with 1 of 2; the others were so already."),
        (two, "Nothing changed: that is so already."),
    ):
        headers = {"Origin": ORIGIN, "Accept": "text/html"}
        sent = await owner.post("/numbers/inventory/act", data=fields, headers=headers)
        assert sent.status_code == 303
        assert said in (await owner.get("/numbers/inventory", headers={"Accept": "text/html"})).text


async def test_what_is_downloaded_comes_in_as_it_was(owner: Browser, shop: Shop, engine: Engine) -> None:
    for action, number in (("pause", POOL[1]), ("quarantine", POOL[2])):
        fields = {"action": action, "number_id": ids_of(engine, number)}
        assert (await owner.send_fields("/numbers/inventory/act", fields)).status_code == 303
    text = (await owner.get("/numbers/inventory.csv")).text
    others = {number: f"+1202555017{place}" for place, number in enumerate((*POOL, BILLBOARD))}
    for number, other in others.items():
        text = text.replace(f"{number},", f"{other},", 1)
    added = await owner.send_fields("/numbers/inventory/add", {"where": "", "carrier": "", "list": text})
    assert added.status_code == 303
    after = (await owner.get("/numbers/inventory.csv")).text
    assert set(text.splitlines()) <= set(after.splitlines())
    for number, other in others.items():
        [had], [has] = rows_of(engine, "numbers", number=number), rows_of(engine, "numbers", number=other)
        assert (has["status"], has["quarantined_at"] is None) == (had["status"], had["quarantined_at"] is None)


async def test_a_released_number_rests_and_is_ended_or_kept_on_a_persons_word(
    owner: Browser, shop: Shop, engine: Engine
) -> None:
    def at_carrier(connection: Connection) -> None:
        row = numbers.c.company_id == shop.company_id
        connection.execute(update(numbers).where(row).values(carrier_id=shop.carrier_id))

    with writing(engine) as connection:
        at_carrier(connection)
    ids = ids_of(engine, *POOL[1:])
    fields = {"action": "release", "sure": "yes", "number_id": ids}
    assert (await owner.send_fields("/numbers/inventory/act", fields)).status_code == 303
    shown = await owner.get("/numbers/inventory")
    assert "still at the carrier" in shown.text
    assert shown.text.count("goes back on") == 2
    for action, number_id in zip(("now", "keep"), ids, strict=True):
        fields = {"action": action, "number_id": number_id}
        assert (await owner.send_fields("/numbers/inventory/return", fields)).status_code == 303
    states = {row["number_id"]: row["state"] for row in rows_of(engine, "number_returns")}
    assert states == {ids[0]: "waiting", ids[1]: "kept"}
    shown = await owner.get("/numbers/inventory")
    assert "the carrier is asked within a few minutes" in shown.text
    over = await owner.send_fields("/numbers/inventory/return", {"action": "now", "number_id": ids[1]})
    assert over.status_code == 409
    assert "no longer on its way back" in over.text
    odd = await owner.send_fields("/numbers/inventory/return", {"action": "burn", "number_id": ids[0]})
    assert odd.status_code == 422


async def test_a_long_list_is_whole(
    owner: Browser, shop: Shop, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory_view, "MOST_NUMBERS", 2)
    listed = (await owner.get("/numbers/inventory.csv")).text.splitlines()[1:]
    assert {line.split(",")[0] for line in listed} == {BILLBOARD, *POOL}
    shown = (await owner.get("/numbers/inventory")).text
    assert shown.count('name="number_id"') == 4


async def test_how_long_quarantine_lasts_is_the_companys_to_say(
    owner: Browser, shop: Shop, engine: Engine, clock: Clock
) -> None:
    [pooled] = ids_of(engine, POOL[0])
    for wrong in ("0", "366", "ten", ""):
        refused = await owner.send_fields("/numbers/inventory/quarantine", {"days": wrong})
        assert refused.status_code == 422
        field, _told, rest = refused.text.partition(
            '<span class="notice notice-bad" role="alert" id="days-fault">'
        )
        assert rest.startswith("Write a whole number of days, from 1 to 365.")
        assert f'value="{wrong}" autofocus aria-invalid="true" aria-describedby="days-fault">' in field
    assert (await owner.send_fields("/numbers/inventory/quarantine", {"days": "10"})).status_code == 303
    await owner.send_fields("/numbers/inventory/act", {"action": "quarantine", "number_id": pooled})
    assert 'value="10"' in (await owner.get("/numbers/inventory")).text
    clock.now += 9 * DAY
    assert "its quarantine is over" not in (await owner.get("/numbers/inventory")).text
    clock.now += DAY
    assert "its quarantine is over" in (await owner.get("/numbers/inventory")).text
    with writing(engine) as connection:
        account = numbers.c.company_id == shop.company_id
        connection.execute(update(numbers).where(account).values(carrier_id=shop.carrier_id))
    [rested, fresh] = ids_of(engine, POOL[0], POOL[1])
    await owner.send_fields(
        "/numbers/inventory/act", {"action": "release", "sure": "yes", "number_id": [rested, fresh]}
    )
    due = {row["number_id"]: row["due_at"] for row in rows_of(engine, "number_returns")}
    assert due == {rested: clock.now, fresh: clock.now + 10 * DAY}


async def test_a_number_that_points_elsewhere_is_pointed_here(
    owner: Browser, shop: Shop, exchange: Exchange, engine: Engine
) -> None:
    sealed = exchange.vault.seal({"account_sid": "AC1", "auth_token": "t"})
    [number_id] = ids_of(engine, POOL[0])
    with writing(engine) as connection:
        account = carriers.c.company_id == shop.company_id
        connection.execute(update(carriers).where(account).values(credentials=sealed))
        row = numbers.c.company_id == shop.company_id
        connection.execute(update(numbers).where(row).values(carrier_id=shop.carrier_id))
        detail = {"points_at": "https://old.example.com/voice"}
        log_numbers(connection, shop.company_id, [number_id], NumberEvent.ASTRAY, "daily check", 1, detail)
    shown = await owner.get("/numbers/inventory")
    assert "sends its calls elsewhere" in shown.text
    assert "https://old.example.com/voice" in shown.text
    assert (
        'formaction="/numbers/inventory/point?state=' in (await owner.get("/numbers/inventory?state=trouble")).text
    )
    done = await owner.send_fields("/numbers/inventory/point?state=trouble", {"point": number_id})
    assert (done.status_code, done.headers["location"]) == (303, "/numbers/inventory?state=trouble")
    shown = await owner.get("/numbers/inventory")
    assert "sends its calls elsewhere" not in shown.text
    assert rows_of(engine, "number_events", kind="pointed")[0]["actor"] == "owner@example.com"
    assert (await owner.send_fields("/numbers/inventory/point", {"point": "nothing"})).status_code == 404


async def test_why_a_number_is_paused_is_told_in_the_readers_language(
    owner: Browser, shop: Shop, engine: Engine
) -> None:
    number_ids = ids_of(engine, POOL[0])
    with writing(engine) as connection:
        detail = {"problem": ELSEWHERE}
        log_numbers(connection, shop.company_id, number_ids, NumberEvent.BOUGHT, AUTO_SCALE, 1, detail)
    assert ELSEWHERE in (await owner.get("/numbers/inventory")).text
    shown = await owner.get("/numbers/inventory", headers={"accept-language": "de"})
    assert "weigert sich" in shown.text
    assert ELSEWHERE not in shown.text


async def _with_credentials(shop: Shop, exchange: Exchange) -> None:
    sealed = exchange.vault.seal({"account_sid": "AC1", "auth_token": "t"})

    def seal(connection: Connection) -> None:
        row = carriers.c.company_id == shop.company_id
        connection.execute(update(carriers).where(row).values(credentials=sealed))

    await exchange.change(seal)


async def test_a_number_is_looked_for_and_bought_once(
    owner: Browser, shop: Shop, exchange: Exchange, engine: Engine
) -> None:
    await _with_credentials(shop, exchange)
    asked = {"where": f"pool:{shop.pool_id}", "carrier": shop.carrier_id}
    before = len(rows_of(engine, "numbers"))
    shown = await owner.get("/numbers/buy", params=asked)
    assert len(rows_of(engine, "numbers")) == before, "looking buys nothing"
    key = re.findall(r'name="order_key" value="(\w+)"', shown.text)[0]
    number = re.findall(r'name="number" value="(\+\w+)"', shown.text)[0]
    assert number.startswith("+1202")
    for _ in range(3):
        answer = await owner.send_fields("/numbers/buy", {**asked, "order_key": key, "number": number})
        assert answer.status_code == 303
    [bought] = rows_of(engine, "numbers", number=number)
    assert bought["pool_id"] == shop.pool_id
    assert len(rows_of(engine, "number_orders")) == 1
    other = await owner.send_fields("/numbers/buy", {**asked, "order_key": key, "number": "+12025550199"})
    assert other.status_code == 409
    assert (await owner.send_fields("/numbers/buy", {**asked, "number": number})).status_code == 400


async def test_a_number_for_one_place_is_bought_for_it_and_then_named(
    owner: Browser, shop: Shop, exchange: Exchange, engine: Engine
) -> None:
    await _with_credentials(shop, exchange)
    assert 'href="/numbers/buy?where=one-place"' in (await owner.get("/numbers/placements")).text
    [target] = rows_of(engine, "swap_targets", company_id=shop.company_id)
    where = f"target:{target['target_id']}"
    asked = (await owner.get("/numbers/buy?where=one-place")).text
    assert f'<option value="{where}" selected>' in asked, "not a pool's, whose numbers visitors see"
    offered = (await owner.get("/numbers/buy", params={"where": where, "carrier": shop.carrier_id})).text
    fields = {
        name: re.findall(rf'name="{name}" value="([^"]+)"', offered)[0]
        for name in ("order_key", "number", "where", "carrier")
    }
    answer = await owner.send_fields("/numbers/buy", fields)
    [number_id] = ids_of(engine, fields["number"])
    assert answer.headers["Location"] == f"/numbers/placements/{number_id}"
    assert (
        "Now say where it stands."
        in (await owner.get(answer.headers["Location"], headers={"Accept": "text/html"})).text
    )


async def test_a_placement_gets_a_link_and_a_code(owner: Browser, shop: Shop, engine: Engine) -> None:
    [number_id] = ids_of(engine, BILLBOARD)
    path = f"/numbers/placements/{number_id}"
    assert (await owner.get(f"{path}/qr.svg")).status_code == 404
    fields = {
        "placement": "Billboard, Route 9",
        "channel": "Offline",
        "source": "billboard",
        "medium": "outdoor",
        "campaign": "",
        "starts_on": "2026-11-01",
        "ends_on": "2026-12-31",
        "placement_cents": "1,200.50",
        "monthly_cents": "1.15",
        "short_url": "https://shop.example.com/offer",
    }
    assert (await owner.send_fields(path, fields)).status_code == 303
    [row] = rows_of(engine, "numbers", number=BILLBOARD)
    assert (row["placement_cents"], row["monthly_cents"], row["starts_on"]) == (120_050, 115, "2026-11-01")
    shown = await owner.get(path)
    assert f"/go/{row['short_code']}" in shown.text
    code = await owner.get(f"{path}/qr.svg")
    assert code.headers["content-type"].startswith("image/svg+xml")
    assert code.text.startswith("<svg")
    printed = (await owner.get(f"{path}/print")).text
    for said in (f'src="{path}/qr.svg"', f"/go/{row['short_code']}", "(202) 555-0120"):
        assert said in printed
    # The code on paper stays what it was.
    await owner.send_fields(path, {**fields, "short_url": "https://shop.example.com/other"})
    assert rows_of(engine, "numbers", number=BILLBOARD)[0]["short_code"] == row["short_code"]
    link = re.findall(r"http\S+/go/\w+", shown.text)[0]
    [dark] = re.findall(r'class="qrline"[^>]* d="([^"]+)"', code.text)
    assert dark in segno.make_qr(link, error="q").svg_inline(border=4, light="white")
    for ref in ("CA1", "CA2"):
        await shop.ring(BILLBOARD, ref=ref)
    listed = await owner.get("/numbers/placements")
    assert "1,200.50" in listed.text
    assert "600.25" in listed.text, "what each of the two calls cost"
    assert "Google Business Profile" in listed.text


async def test_a_placement_is_written_as_people_type_it_and_its_log_says_what_changed(
    owner: Browser, shop: Shop, engine: Engine
) -> None:
    [number_id] = ids_of(engine, BILLBOARD)
    path = f"/numbers/placements/{number_id}"
    [before] = rows_of(engine, "numbers", number=BILLBOARD)
    same = {name: before[name] or "" for name in ("placement", "channel", "source", "medium", "campaign")}
    assert (await owner.send_fields(path, same)).status_code == 303
    assert rows_of(engine, "number_events") == [], "nothing changed"
    typed = {**same, "placement_cents": "1.200 €", "short_url": "shop.example.com/offer"}
    assert (await owner.send_fields(path, typed)).status_code == 303
    [row] = rows_of(engine, "numbers", number=BILLBOARD)
    assert (row["placement_cents"], row["short_url"]) == (120_000, "https://shop.example.com/offer")
    dear = {**same, "placement_cents": "30.000.000"}
    assert (await owner.send_fields(path, dear)).status_code == 303
    [row] = rows_of(engine, "numbers", number=BILLBOARD)
    assert row["placement_cents"] == 30_000_000_00, "as a billboard costs in rupiah"
    page = (await owner.get(path)).text
    assert "changed: cost, page</span>" in page


@pytest.mark.parametrize(
    ("currency", "cents", "shown"),
    [
        ("JPY", 15_000_000, "150000"),
        ("JPY", 150, "1.50"),
        ("BHD", 125_050, "1250.50"),
        ("USD", 120_000, "1200.00"),
    ],
)
async def test_a_placements_cost_is_shown_as_its_currency_is_written_and_read_again(
    owner: Browser, shop: Shop, engine: Engine, currency: str, cents: int, shown: str
) -> None:
    """Yen stood in the form with two digits behind the point."""
    with writing(engine) as connection:
        connection.execute(
            update(companies).where(companies.c.company_id == shop.company_id).values(currency=currency)
        )
    [number_id] = ids_of(engine, BILLBOARD)
    path = f"/numbers/placements/{number_id}"
    with writing(engine) as connection:
        of_it = numbers.c.company_id == shop.company_id, numbers.c.number_id == number_id
        connection.execute(update(numbers).where(*of_it).values(placement_cents=cents))
    page = (await owner.get(path)).text
    [typed] = re.findall(r'name="placement_cents" value="([^"]*)"', page)
    assert typed == shown
    await owner.send_fields(path, {"placement": "Billboard", "placement_cents": typed})
    assert rows_of(engine, "numbers", number=BILLBOARD)[0]["placement_cents"] == cents


async def test_who_saves_a_placement_second_is_told_and_asked(owner: Browser, shop: Shop, engine: Engine) -> None:
    [number_id] = ids_of(engine, BILLBOARD)
    path = f"/numbers/placements/{number_id}"

    def stamp(page: str) -> str:
        return str(re.findall(r'name="stamp" value="([^"]+)"', page)[0])

    opened = stamp((await owner.get(path)).text)
    assert (await owner.send_fields(path, {"placement": "Mine", "stamp": opened})).status_code == 303
    wrong = await owner.send_fields(path, {"placement": "Yours", "placement_cents": "lots", "stamp": opened})
    assert (wrong.status_code, stamp(wrong.text)) == (422, opened)
    late = await owner.send_fields(path, {"placement": "Yours", "stamp": stamp(wrong.text)})
    assert late.status_code == 409
    assert "Somebody changed this placement since you opened it." in late.text
    assert rows_of(engine, "numbers", number=BILLBOARD)[0]["placement"] == "Mine"
    again = await owner.send_fields(path, {"placement": "Yours", "stamp": stamp(late.text)})
    assert again.status_code == 303
    assert rows_of(engine, "numbers", number=BILLBOARD)[0]["placement"] == "Yours"


@pytest.mark.parametrize(
    ("name", "is_profile"),
    [("Google Business Profile", True), ("GBP", True), ("our GMB listing", True), ("Bakery GmbH, flyer", False)],
)
async def test_the_profile_is_known_by_its_name(
    owner: Browser, shop: Shop, engine: Engine, name: str, is_profile: bool
) -> None:
    [number_id] = ids_of(engine, BILLBOARD)
    await owner.send_fields(f"/numbers/placements/{number_id}", {"placement": name})
    listed = (await owner.get("/numbers/placements")).text
    assert ("Primary phone:" in listed) is is_profile
    done, called = ("is-done", "is-open") if is_profile else ("is-open", "is-open")
    assert re.findall(r'<li class="(is-\w+)">', listed) == [done, done, done, called, *["is-yours"] * 5]
    await shop.ring(BILLBOARD)
    listed = (await owner.get("/numbers/placements")).text
    assert re.findall(r'<li class="(is-\w+)">', listed)[3] == done


async def test_a_pools_calls_are_none_of_the_place_that_a_number_is_put_in_later(
    owner: Browser, shop: Shop, engine: Engine, clock: Clock
) -> None:
    [number_id] = ids_of(engine, POOL[1])
    target_id = rows_of(engine, "swap_targets")[0]["target_id"]
    placed = {"action": "assign", "number_id": [number_id], "where": f"target:{target_id}"}

    async def brought() -> str:
        page = (await owner.get(f"/numbers/placements/{number_id}")).text
        return page.partition('<p class="answer">')[2].partition(" ")[0]

    await shop.ring(POOL[1], ref="CA1")
    clock.pass_by(10)
    await owner.send_fields("/numbers/inventory/act", placed)
    assert await brought() == "0"
    clock.pass_by(10)
    await shop.ring(POOL[1], ref="CA2")
    assert await brought() == "1"
    clock.pass_by(10)
    await owner.send_fields("/numbers/inventory/act", placed)
    assert await brought() == "1", "placed once more, it keeps what it brought there"


@on_one_server(
    ("changed", "said"),
    [
        ({"short_url": "javascript:alert(1)"}, "such as https://www.example.com/offer"),
        ({"starts_on": "soon"}, "Write days"),
        ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "ends before it starts"),
        ({"placement_cents": "lots"}, "Write an amount"),
        ({"placement_cents": "-5"}, "Write an amount"),
        ({"placement": "x" * 501}, "at most 500"),
    ],
)
async def test_what_a_placement_cannot_be(
    owner: Browser, shop: Shop, engine: Engine, changed: dict[str, str], said: str
) -> None:
    [number_id] = ids_of(engine, BILLBOARD)
    before = rows_of(engine, "numbers")
    answer = await owner.send_fields(
        f"/numbers/placements/{number_id}", {"placement": "x", "medium": "out & about", **changed}
    )
    assert answer.status_code == 422
    assert said in answer.text
    for typed in ("out &amp; about", *changed.values()):
        assert f'value="{typed}"' in answer.text, "nothing that was typed is lost"
    assert rows_of(engine, "numbers") == before


async def test_who_may_only_look_and_who_may_not_even(
    browser: Browser, shop: Shop, stranger: Shop, engine: Engine, clock: Clock
) -> None:
    [billboard] = [
        str(row["number_id"]) for row in rows_of(engine, "numbers", company_id=shop.company_id, number=BILLBOARD)
    ]
    doors = {
        "/numbers/inventory/act": {"action": "release", "number_id": billboard},
        "/numbers/inventory/return": {"action": "now", "number_id": billboard},
        "/numbers/inventory/point": {"point": billboard},
        "/numbers/inventory/quarantine": {"days": "1"},
        "/numbers/inventory/add": {"list": "+12025550199", "where": f"pool:{shop.pool_id}"},
        f"/numbers/placements/{billboard}": {"placement": "Mine"},
        "/numbers/buy": {"order_key": "k", "number": "+12025550199", "where": f"pool:{shop.pool_id}"},
    }
    before = rows_of(engine, "numbers")
    await browser.log_in("reader@example.com")
    for path in ("/numbers/inventory", "/numbers/placements", f"/numbers/placements/{billboard}"):
        assert (await browser.get(path)).status_code == 200
    for path, fields in doors.items():
        assert (await browser.send_fields(path, fields)).status_code == 403, path
    await browser.send_fields("/logout", {})
    await browser.log_in("stranger@example.com")
    assert (await browser.get(f"/numbers/placements/{billboard}")).status_code == 404
    for path, fields in doors.items():
        if path != "/numbers/inventory/quarantine":
            assert (await browser.send_fields(path, fields)).status_code in {404, 409, 422}, path
    assert rows_of(engine, "numbers") == before


async def test_a_placement_that_no_list_reaches_shows_its_calls_all_the_same(
    owner: Browser, shop: Shop, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    billboard, flyer = ids_of(engine, BILLBOARD, POOL[0])
    target_id = rows_of(engine, "swap_targets")[0]["target_id"]
    placed = {"action": "assign", "number_id": [flyer], "where": f"target:{target_id}"}
    await owner.send_fields("/numbers/inventory/act", placed)
    first = min(
        (row for row in rows_of(engine, "numbers") if row["number_id"] in (billboard, flyer)),
        key=lambda row: (row["created_at"], row["number_id"]),
    )
    last = BILLBOARD if first["number"] == POOL[0] else POOL[0]
    monkeypatch.setattr(placements, "MOST_PLACEMENTS", 1)
    await shop.ring(last, ref="CA1")
    page = (await owner.get(f"/numbers/placements/{ids_of(engine, last)[0]}")).text
    assert '<p class="answer">1 ' in page
    listed = (await owner.get("/numbers/placements")).text
    [further] = re.findall(r'href="(/numbers/placements\?cursor=[^"]+)"', listed)
    link = f"/numbers/placements/{ids_of(engine, last)[0]}"
    assert (link in listed, link in (await owner.get(further)).text) == (False, True)
