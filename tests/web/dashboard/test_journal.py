"""The journal: what was done is noted, found by its filters, and given as a table that runs no formula."""

import csv
from io import StringIO

import pytest

from swapboard.accounts import audit
from swapboard.accounts.audit import Act, Asked, entries_like, note
from swapboard.clock import DAY, SECOND
from swapboard.web.dashboard import report_files
from swapboard.web.dashboard.journal import ACTS
from tests.building import rows_of
from tests.web.dashboard.shop import Browser, Clock, Shop
from tests.web.dashboard.test_companies import send_company
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio


def test_every_deed_has_its_words() -> None:
    assert set(ACTS) == set(Act)


async def noted(shop: Shop, actor: str, act: Act, subject: str) -> None:
    await shop.exchange.change(
        lambda connection: note(connection, shop.company_id, actor, act, subject, shop.clock())
    )


async def lines(owner: Browser, query: str = "") -> list[list[str]]:
    answer = await owner.get(f"/journal.csv?{query}")
    assert answer.status_code == 200, answer.text
    # That the journal was taken out is told by the next one.
    return [line for line in list(csv.reader(StringIO(answer.text)))[1:] if line[2] != Act.EXPORTED]


async def test_what_a_form_changes_is_noted_and_what_it_does_not_is_not(
    owner: Browser, shop: Shop, stranger: Shop
) -> None:
    fields = {"name": "Brightwater", "time_zone": "UTC", "country": "US"}
    assert (await send_company(owner, fields)).status_code == 303
    assert (await owner.send_form("/leads/rules/none/delete", {})).status_code == 404
    await owner.send_form("/people/invite", {"email": "ada@example.com", "role": "agent"})
    told = [(line[1], line[2], line[3]) for line in await lines(owner)]
    assert ("owner@example.com", "invited", "ada@example.com, agent") in told
    assert ("owner@example.com", "changed", "/company") in told
    assert not any("/leads" in line[2] for line in told)
    page = (await owner.get("/journal")).text
    assert stranger.name not in page
    assert "<bdi>This company</bdi>" in page
    assert "<bdi>/company</bdi>" not in page


async def test_who_takes_a_whole_list_out_is_noted(owner: Browser, clock: Clock) -> None:
    files = ["/spam/callers.csv", "/numbers/inventory.csv", "/reports/missed.csv", "/journal.csv"]
    for path in files:
        clock.pass_by(1)
        assert (await owner.request("HEAD", path)).status_code == 200
        assert (await owner.get(path)).headers["content-type"].startswith("text/csv")
    journal = (await owner.get("/journal.csv?did=exported")).text
    told = [tuple(line[1:]) for line in csv.reader(StringIO(journal))][1:]
    assert told == [("owner@example.com", "exported", path) for path in reversed(files)]
    assert "Took a whole list out as a file" in (await owner.get("/journal")).text


async def test_a_file_that_this_server_cannot_write_was_taken_by_nobody(
    owner: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_files, "can_write_parquet", lambda: False)
    assert (await owner.get("/reports/missed.parquet")).status_code == 409
    journal = (await owner.get("/journal.csv?did=exported")).text
    assert list(csv.reader(StringIO(journal)))[1:] == []


async def test_the_filters_find_what_they_say(owner: Browser, shop: Shop, clock: Clock) -> None:
    await noted(shop, "ada@example.com", Act.HEARD, "call 1")
    clock.pass_by(2 * DAY / SECOND)
    await owner.log_in("owner@example.com")
    await noted(shop, "bob@example.com", Act.HEARD, "call 2")
    clock.pass_by(1)
    await noted(shop, "bob@example.com", Act.READ, "100%_<b>")
    assert [line[3] for line in await lines(owner)] == ["100%_<b>", "call 2", "call 1"]
    assert [line[3] for line in await lines(owner, "who=ADA")] == ["call 1"]
    assert [line[3] for line in await lines(owner, "did=heard")] == ["call 2", "call 1"]
    assert [line[3] for line in await lines(owner, "what=%25_")] == ["100%_<b>"]
    await noted(shop, "ada@example.com", Act.CHANGED, "POST /api/v1/lead-rules/r1")
    for what in ("for+good", "lead-rules"):
        assert [line[3] for line in await lines(owner, f"what={what}")] == ["POST /api/v1/lead-rules/r1"]
    assert [line[3] for line in await lines(owner, "until=2026-11-25")] == ["call 1"]
    assert [line[3] for line in await lines(owner, "since=2026-11-25&who=bob")] == ["100%_<b>", "call 2"]
    assert "100%_&lt;b&gt;" in (await owner.get("/journal?did=read")).text
    assert (await owner.get("/journal?since=yesterday")).status_code == 422
    assert (await owner.get("/journal?who=a%00b")).status_code == 400


async def test_a_long_journal_has_pages_and_a_table_without_formulas(owner: Browser, shop: Shop) -> None:
    for number in range(52):
        await noted(shop, "=1+1", Act.HEARD, f"call {number}")
    first = (await owner.get("/journal?did=heard")).text
    assert first.count("Heard a recording</strong>") == 50
    older = first.split("before=")[1].split('"')[0]
    assert (await owner.get(f"/journal?did=heard&before={older}")).text.count("Heard a recording</strong>") == 2
    assert {line[1] for line in await lines(owner)} == {"'=1+1"}


async def test_what_is_older_than_the_company_keeps_goes_and_the_rest_stays(
    owner: Browser, shop: Shop, stranger: Shop, clock: Clock
) -> None:
    await noted(shop, "ada@example.com", Act.HEARD, "call 1")
    await noted(stranger, "eve@example.com", Act.HEARD, "call 2")
    clock.pass_by(100 * DAY / SECOND)
    await owner.log_in("owner@example.com")
    assert "Kept for 730 days." in words_of((await owner.get("/journal")).text)
    fields = {"name": "Brightwater", "time_zone": "UTC", "country": "US"}
    for days in ("89", "3651", "x", "1e3"):
        refused = await send_company(owner, {**fields, "journal_days": days})
        assert (refused.status_code, "from 90 to 3650" in refused.text) == (422, True)
    assert (await send_company(owner, {**fields, "journal_days": "90"})).status_code == 303
    await shop.exchange.rounds.do_often()
    assert [line[2:] for line in await lines(owner)] == [["changed", "/company"]]
    kept = await shop.exchange.read(lambda connection: entries_like(connection, stranger.company_id, Asked(), 9))
    assert [each.subject for each in kept] == ["call 2"]


async def test_a_long_journal_goes_in_pieces(shop: Shop, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_AT_ONCE", 2)
    for count in range(5):
        await noted(shop, "key Warehouse", Act.CHANGED, f"thing {count}")
    clock.pass_by(731 * DAY / SECOND)
    left = []
    for _ in range(4):
        clock.pass_by(audit.FORGETTING_EVERY / SECOND)
        await shop.exchange.rounds.do_often()
        left.append(len(rows_of(shop.exchange.engine, "audit_entries")))
    assert left == [3, 1, 0, 0]
