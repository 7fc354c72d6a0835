"""Reports at the API."""

from datetime import date

import pytest

from swapboard.reports.cost_store import put_costs
from swapboard.reports.costs import CostLine
from tests.web.api.house import BILLBOARD, CALLER, House

pytestmark = pytest.mark.anyio


async def _one_call_and_one_missed(house: House) -> None:
    ids = await house.furnish()
    visit = await house.visit(ids["company"], ids["site"])
    await house.ring(ids["company"], visit.swaps[0].number, ref="CA1")
    house.clock.pass_by(3600)
    await house.ring(ids["company"], BILLBOARD, ref="CA2", talk_seconds=0)


async def test_an_overview_stands_beside_the_days_before(house: House) -> None:
    await _one_call_and_one_missed(house)
    found = await house.get("/reports/overview", **{"from": "2026-11-20", "to": "2026-11-24"})
    assert found["days"] == {
        "from": "2026-11-20",
        "to": "2026-11-24",
        "before_from": "2026-11-15",
        "before_to": "2026-11-19",
    }
    assert (found["now"]["calls"], found["now"]["leads"], found["now"]["visits"]) == (2, 1, 1)
    assert found["before"]["calls"] == 0
    assert [each["day"] for each in found["by_day"]][-1] == "2026-11-24"
    assert found["by_day"][-1]["calls"] == sum(found["by_hour_of_week"]) == 2


async def test_calls_are_broken_down_and_filtered(house: House) -> None:
    await _one_call_and_one_missed(house)
    found = await house.get("/reports/breakdown", by=["channel", "number"])
    assert found["counts_visits"] is False
    assert {line["values"]["number"] for line in found["lines"]} >= {BILLBOARD}
    assert found["total"]["now"]["calls"] == 2
    narrow = await house.get("/reports/breakdown", by="number", filter=f"number={BILLBOARD}")
    assert [(line["values"], line["now"]["calls"]) for line in narrow["lines"]] == [({"number": BILLBOARD}, 1)]


async def test_missed_calls_are_listed(house: House) -> None:
    await _one_call_and_one_missed(house)
    missed = await house.get("/reports/missed")
    listed = (await house.get("/calls"))["data"]
    lost = [call["id"] for call in listed if call["status"] in {"missed", "busy", "failed", "voicemail"}]
    assert [each["call_id"] for each in missed["calls"]] == lost != []
    assert all(each["caller"] == CALLER for each in missed["calls"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("/reports/overview?from=2026-11-24&to=2026-11-20", "must not come before"),
        ("/reports/overview?from=2016-11-24&to=2026-11-20", "at most"),
        ("/reports/overview?from=0001-01-01", "from 1980"),
        ("/reports/overview?filter=spring", "stands alone"),
        ("/reports/breakdown?by=colour", "by"),
        ("/reports/breakdown?by=channel&by=source&by=medium", "at most 2"),
    ],
)
async def test_what_cannot_be_asked_is_explained(house: House, query: str, words: str) -> None:
    await house.furnish()
    answer = await house.ask("GET", query)
    assert answer.status_code == 422
    assert words in answer.text


async def test_costs_meet_their_calls(house: House) -> None:
    await _one_call_and_one_missed(house)
    line = {"day": "2026-11-24", "micros": 12_500_000, "currency": "USD"}
    lines = [line | {"campaign": "Ghost", "channel": "Paid Search"}]
    told = await house.ask("POST", "/costs", {"feed": "google_ads", "lines": lines})
    assert told.status_code == 201, told.text
    found = await house.get("/reports/roi", by="campaign")
    (ghost,) = [line for line in found["lines"] if line["values"] == {"campaign": "Ghost"}]
    assert (ghost["now"]["cost_micros"], ghost["now"]["cost_per_call_micros"], ghost["now"]["roas"]) == (
        12_500_000,
        None,
        "0.00",
    )
    assert found["total"]["now"]["cost_per_call_micros"] == 6_250_000
    assert found["paid"]["now"]["figures"]["calls"] == 0
    assert (await house.ask("GET", "/reports/roi?by=device")).status_code == 422


async def test_calls_are_counted_by_probability(house: House) -> None:
    await _one_call_and_one_missed(house)
    best = await house.get("/reports/breakdown", by="channel")
    shared = await house.get("/reports/breakdown", by="channel", counted_by="probability")
    assert shared["total"]["now"]["calls"] == best["total"]["now"]["calls"] == 2
    assert max(line["now"]["calls"] for line in shared["lines"]) <= 1


async def test_suggestions_have_the_shape_of_every_report(house: House) -> None:
    await house.furnish()
    found = await house.get("/reports/suggestions")
    assert [found[name] for name in ("wasted", "campaigns", "hours")] == [[], [], []]
    assert found["usual_per_call_micros"] is None


async def test_behind_each_figure_stand_its_calls(house: House) -> None:
    await _one_call_and_one_missed(house)
    now = (await house.get("/reports/overview"))["now"]
    for of, figure in (("", "calls"), ("answered", "answered"), ("missed", "missed"), ("new", "leads")):
        behind = await house.get("/reports/calls", of=of)
        assert sum(each["share"] for each in behind["calls"]) + behind["people_by_form"] == now[figure] > 0
    (phone,) = (await house.get("/reports/agents"))["agents"]
    picked_up = await house.get("/reports/calls", of="picked-up", phone=phone["number"])
    assert len(picked_up["calls"]) == phone["answered"] == 1
    assert phone["before"] == {"rang": 0, "answered": 0}
    assert len((await house.get("/reports/calls", limit=1))["calls"]) == 1
    (pool,) = (await house.get("/reports/pools"))["pools"]
    of_pool = await house.get("/reports/calls", pool_id=pool["pool_id"])
    assert len(of_pool["calls"]) == pool["calls"] == 1
    assert (await house.get("/reports/calls", pool_id="nothing"))["calls"] == []
    assert (await house.get("/reports/calls", of="new", pool_id="nothing"))["people_by_form"] == 0
    assert (await house.get("/reports/calls", of="spam"))["calls"] == []
    assert (await house.ask("GET", "/reports/calls?of=loud")).status_code == 422
    assert (await house.get("/reports/overview"))["by_day"][-1]["calls_before"] == 0


async def test_every_report_takes_the_filter(house: House) -> None:
    await _one_call_and_one_missed(house)
    for text, people, shown in (("channel:paid", 1, 1), ("-channel:paid", 0, 0), ("device:phone", None, None)):
        asked = {"filter": text}
        found = (await house.get("/reports/models", **asked))["leads"]
        assert sum(each["leads"] for each in (await house.get("/reports/paths", **asked))["paths"]) == found
        assert people is None or found == people, text
        (pool,) = (await house.get("/reports/pools", **asked))["pools"]
        assert shown is None or pool["shown"] == shown, text
        assert (await house.get("/reports/deliveries", **asked))["destinations"] == []
    assert (await house.get("/reports/pools", filter="pool:nothing"))["pools"] == []
    for path in ("models", "paths", "pools", "deliveries"):
        wrong = await house.ask("GET", f"/reports/{path}?filter=spring")
        assert wrong.status_code == 422, path
    strange = await house.ask("GET", "/reports/pools?filter=outcome:missed")
    assert strange.status_code == 422
    assert "it can be narrowed by: channel, source" in strange.text


async def test_what_cost_something_has_its_calls(house: House) -> None:
    await _one_call_and_one_missed(house)
    assert (await house.get("/reports/calls", paid_by="campaign"))["calls"] == []
    (line,) = (await house.get("/reports/breakdown", by="campaign"))["lines"][:1]
    cost = CostLine(date(2026, 11, 24), 5_000_000, "USD", line["values"]["campaign"], channel="Paid Search")
    company_id, now = house.ids["us"], house.clock()
    await house.exchange.change(lambda connection: put_costs(connection, company_id, "google_ads", [cost], now))
    behind = await house.get("/reports/calls", paid_by="campaign")
    assert len(behind["calls"]) == line["now"]["calls"] > 0
    assert (await house.ask("GET", "/reports/calls?paid_by=outcome")).status_code == 422


async def test_the_other_reports_have_their_shape(house: House) -> None:
    await _one_call_and_one_missed(house)
    models = await house.get("/reports/models", by="campaign", look_back_days=7)
    assert models["leads"] == 1
    for model in models["lines"][0]["credit_millionths"]:
        assert sum(line["credit_millionths"][model] for line in models["lines"]) == 1_000_000
    assert sum(each["leads"] for each in (await house.get("/reports/paths"))["paths"]) == 1
    assert sum(each["answered"] for each in (await house.get("/reports/agents"))["agents"]) == 1
    assert (await house.get("/reports/spam"))["all_calls"] == 2
    assert [each["shown"] for each in (await house.get("/reports/pools"))["pools"]] == [1]
    assert (await house.get("/reports/deliveries"))["destinations"] == []
    assert (await house.ask("GET", "/reports/models?by=outcome")).status_code == 422
    # As far back as a company's own look-back may reach.
    assert (await house.get("/reports/models", look_back_days=730))["look_back_days"] == 730
    assert (await house.ask("GET", "/reports/models?look_back_days=731")).status_code == 422
