"""A fixed cast before every door: who may read, who may change, and that a stranger finds nothing of ours."""

import base64
from collections.abc import Mapping
from typing import get_args

import pytest
from sqlalchemy import Connection, select

from swapboard.accounts.company import Role, User
from swapboard.accounts.people import add_user
from swapboard.recordings.wave import wave_file
from swapboard.storage.engine import reading
from swapboard.storage.ids import new_id
from swapboard.storage.schema import metadata
from swapboard.web.api import ROUTES
from tests.one_server import on_one_server
from tests.recordings.kept import keep_sound
from tests.recordings.sounds import RATE, voice
from tests.web.api.house import BILLBOARD, House

pytestmark = pytest.mark.anyio

READERS = {"owner", "admin", "analyst", "read_only"}
CHANGERS = {"owner", "admin"}
EVERYBODY = {*READERS, "agent", "site"}

MAY: Mapping[str, set[str]] = {
    "GET /companies": READERS,
    "POST /companies": {"owner"},
    "GET /companies/{company_id}": READERS,
    "PATCH /companies/{company_id}": CHANGERS,
    "GET /companies/{company_id}/logo": READERS,
    "PUT /companies/{company_id}/logo": CHANGERS,
    "DELETE /companies/{company_id}/logo": CHANGERS,
    "GET /sites": READERS,
    "POST /sites": CHANGERS,
    "GET /sites/{site_id}": READERS,
    "PATCH /sites/{site_id}": CHANGERS,
    "DELETE /sites/{site_id}": CHANGERS,
    "GET /swap-targets": READERS,
    "POST /swap-targets": CHANGERS,
    "GET /swap-targets/{target_id}": READERS,
    "PATCH /swap-targets/{target_id}": CHANGERS,
    "DELETE /swap-targets/{target_id}": CHANGERS,
    "GET /pools": READERS,
    "POST /pools": CHANGERS,
    "GET /pools/{pool_id}": READERS,
    "PATCH /pools/{pool_id}": CHANGERS,
    "DELETE /pools/{pool_id}": CHANGERS,
    "GET /pools/{pool_id}/auto-scale": READERS,
    "PATCH /pools/{pool_id}/auto-scale": CHANGERS,
    "GET /pools/{pool_id}/sizing": READERS,
    "GET /pools/{pool_id}/rehearsal": READERS,
    "POST /pools/{pool_id}/rehearsal": CHANGERS,
    "GET /numbers": READERS,
    "POST /numbers": CHANGERS,
    "POST /numbers/bulk": CHANGERS,
    "POST /numbers/search": CHANGERS,
    "POST /numbers/orders": CHANGERS,
    "POST /numbers/actions": CHANGERS,
    "GET /numbers/{number_id}": READERS,
    "PATCH /numbers/{number_id}": CHANGERS,
    "DELETE /numbers/{number_id}": CHANGERS,
    "GET /numbers/returns": READERS,
    "POST /numbers/{number_id}/return": CHANGERS,
    "POST /numbers/{number_id}/point-here": CHANGERS,
    "GET /rules": READERS,
    "POST /rules": CHANGERS,
    "POST /rules/order": CHANGERS,
    "GET /rules/explain": READERS,
    "GET /rules/{rule_id}": READERS,
    "PATCH /rules/{rule_id}": CHANGERS,
    "DELETE /rules/{rule_id}": CHANGERS,
    "GET /flows": READERS,
    "POST /flows": CHANGERS,
    "GET /flows/{flow_id}": READERS,
    "GET /flows/{flow_id}/dry-run": READERS,
    "PATCH /flows/{flow_id}": CHANGERS,
    "DELETE /flows/{flow_id}": CHANGERS,
    "GET /sounds": READERS,
    "POST /sounds": CHANGERS,
    "GET /sounds/{sound_id}": READERS,
    "GET /sounds/{sound_id}/content": READERS,
    "PATCH /sounds/{sound_id}": CHANGERS,
    "DELETE /sounds/{sound_id}": CHANGERS,
    "GET /calls": EVERYBODY - {"site"},
    "GET /calls/export": EVERYBODY - {"site"},
    "GET /calls/{call_id}": EVERYBODY - {"site"},
    "PATCH /calls/{call_id}": {*CHANGERS, "analyst", "agent"},
    "GET /calls/{call_id}/recordings": EVERYBODY - {"site"},
    "GET /calls/{call_id}/recordings/{recording_id}/sound": {*CHANGERS, "analyst", "agent"},
    "DELETE /calls/{call_id}/recordings/{recording_id}": CHANGERS,
    "POST /calls/{call_id}/recordings/{recording_id}/again": CHANGERS,
    "POST /calls/{call_id}/recordings/{recording_id}/transcript": CHANGERS,
    "POST /calls/{call_id}/recording/pause": {*CHANGERS, "analyst", "agent"},
    "POST /calls/{call_id}/recording/resume": {*CHANGERS, "analyst", "agent"},
    "POST /callers/forget": CHANGERS,
    "GET /leads": EVERYBODY - {"site"},
    "GET /leads/{lead_id}": EVERYBODY - {"site"},
    "DELETE /visitors/{visitor_id}": CHANGERS,
    "POST /calls/{call_id}/match": {*CHANGERS, "analyst", "agent"},
    "GET /leads/credit": READERS,
    "GET /leads/{lead_id}/credit": EVERYBODY - {"site"},
    "POST /leads/{lead_id}/join": CHANGERS,
    "POST /leads/{lead_id}/part": CHANGERS,
    "GET /live": READERS,
    "GET /reports/overview": READERS,
    "GET /reports/breakdown": READERS,
    "GET /reports/calls": READERS,
    "GET /reports/missed": READERS,
    "GET /reports/roi": READERS,
    "GET /reports/suggestions": READERS,
    "GET /reports/models": READERS,
    "GET /reports/paths": READERS,
    "GET /reports/agents": READERS,
    "GET /reports/spam": READERS,
    "GET /reports/pools": READERS,
    "GET /reports/deliveries": READERS,
    "GET /reports/calibration": READERS,
    "GET /reports/annotations": READERS,
    "POST /reports/annotations": {*CHANGERS, "analyst"},
    "GET /reports/annotations/{annotation_id}": READERS,
    "PATCH /reports/annotations/{annotation_id}": {*CHANGERS, "analyst"},
    "DELETE /reports/annotations/{annotation_id}": {*CHANGERS, "analyst"},
    "GET /reports/views": READERS,
    "POST /reports/views": {*CHANGERS, "analyst"},
    "GET /reports/views/{view_id}": READERS,
    "PATCH /reports/views/{view_id}": {*CHANGERS, "analyst"},
    "DELETE /reports/views/{view_id}": {*CHANGERS, "analyst"},
    "GET /reports/views/{view_id}/schedules": READERS,
    "POST /reports/views/{view_id}/schedules": {*CHANGERS, "analyst"},
    "GET /reports/views/{view_id}/schedules/{schedule_id}": READERS,
    "PATCH /reports/views/{view_id}/schedules/{schedule_id}": {*CHANGERS, "analyst"},
    "DELETE /reports/views/{view_id}/schedules/{schedule_id}": {*CHANGERS, "analyst"},
    "GET /reports/views/{view_id}/pdf": READERS,
    "POST /reports/views/{view_id}/send": {*CHANGERS, "analyst"},
    "GET /reports/views/{view_id}/links": READERS,
    "POST /reports/views/{view_id}/links": {*CHANGERS, "analyst"},
    "GET /reports/views/{view_id}/links/{link_id}": READERS,
    "DELETE /reports/views/{view_id}/links/{link_id}": {*CHANGERS, "analyst"},
    "GET /recomputes": READERS,
    "POST /recomputes": CHANGERS,
    "GET /forms": READERS,
    "GET /forms/{form_id}": READERS,
    "GET /sessions": READERS,
    "GET /sessions/export": READERS,
    "GET /sessions/{session_id}": READERS,
    "POST /sites/{site_id}/visit": {*CHANGERS, "site"},
    "GET /calls/{call_id}/transcript": {*CHANGERS, "analyst", "agent"},
    "GET /words/settings": READERS,
    "PATCH /words/settings": CHANGERS,
    "GET /words/phrases": READERS,
    "POST /words/phrases": CHANGERS,
    "DELETE /words/phrases/{phrase_id}": CHANGERS,
    "GET /lead-rules": READERS,
    "POST /lead-rules": CHANGERS,
    "POST /lead-rules/order": CHANGERS,
    "GET /lead-rules/{lead_rule_id}": READERS,
    "PATCH /lead-rules/{lead_rule_id}": CHANGERS,
    "DELETE /lead-rules/{lead_rule_id}": CHANGERS,
    "GET /spam/callers": READERS,
    "POST /spam/callers": CHANGERS,
    "GET /spam/callers/{word_id}": READERS,
    "DELETE /spam/callers/{word_id}": CHANGERS,
    "GET /spam/policy": READERS,
    "PATCH /spam/policy": CHANGERS,
    "GET /spam/honeypots": READERS,
    "PUT /spam/honeypots/{number_id}": CHANGERS,
    "DELETE /spam/honeypots/{number_id}": CHANGERS,
    "GET /recording/policies": READERS,
    "PATCH /recording/policies/{number_id}": CHANGERS,
    "DELETE /recording/policies/{number_id}": CHANGERS,
    "GET /recording/keeping": READERS,
    "PATCH /recording/keeping": CHANGERS,
    "GET /texts": READERS,
    "GET /texts/replies": READERS,
    "PATCH /texts/replies/{number_id}": CHANGERS,
    "DELETE /texts/replies/{number_id}": CHANGERS,
    "GET /texts/stops": READERS,
    "POST /texts/stops": CHANGERS,
    "GET /carriers": READERS,
    "GET /carriers/kinds": READERS,
    "POST /carriers": CHANGERS,
    "GET /carriers/{carrier_id}": READERS,
    "PATCH /carriers/{carrier_id}": CHANGERS,
    "DELETE /carriers/{carrier_id}": CHANGERS,
    "GET /destinations": READERS,
    "GET /destinations/kinds": READERS,
    "POST /destinations": CHANGERS,
    "GET /destinations/{destination_id}": READERS,
    "PATCH /destinations/{destination_id}": CHANGERS,
    "DELETE /destinations/{destination_id}": CHANGERS,
    "POST /destinations/{destination_id}/replay": CHANGERS,
    "POST /destinations/{destination_id}/rotate": CHANGERS,
    "POST /destinations/{destination_id}/test": CHANGERS,
    "POST /destinations/{destination_id}/password": CHANGERS,
    "GET /destinations/{destination_id}/compare": READERS,
    "POST /destinations/{destination_id}/compare": CHANGERS,
    "GET /grants": READERS,
    "POST /grants": CHANGERS,
    "GET /grants/{grant_id}": READERS,
    "PATCH /grants/{grant_id}": CHANGERS,
    "DELETE /grants/{grant_id}": CHANGERS,
    "GET /costs": READERS,
    "POST /costs": CHANGERS,
    "POST /costs/files": CHANGERS,
    "GET /costs/feeds": READERS,
    "DELETE /costs/feeds": CHANGERS,
    "GET /costs/campaign-names": READERS,
    "PUT /costs/campaign-names": CHANGERS,
    "GET /costs/rates": READERS,
    "POST /costs/rates": CHANGERS,
    "POST /costs/rates/bank": CHANGERS,
    "GET /costs/ad-accounts": READERS,
    "POST /costs/ad-accounts": CHANGERS,
    "DELETE /costs/ad-accounts": CHANGERS,
    "GET /conversions": READERS,
    "GET /calls/{call_id}/conversions": EVERYBODY - {"site"},
    "GET /forms/{form_id}/conversions": READERS,
    "GET /conversions/{delivery_id}": READERS,
    "POST /conversions/{delivery_id}/again": CHANGERS,
    "GET /people": CHANGERS,
    "GET /people/{user_id}": CHANGERS,
    "PATCH /people/{user_id}": CHANGERS,
    "DELETE /people/{user_id}": CHANGERS,
    "GET /invitations": CHANGERS,
    "POST /invitations": CHANGERS,
    "DELETE /invitations/{invitation_id}": CHANGERS,
    "GET /journal": CHANGERS,
    "GET /keys": CHANGERS,
    "POST /keys": CHANGERS,
    "GET /keys/{key_id}": CHANGERS,
    "PATCH /keys/{key_id}": CHANGERS,
    "DELETE /keys/{key_id}": CHANGERS,
}
"""Written out by hand: docs/api.md promises it."""


SOUND = wave_file(RATE, [voice(1)])
DAILY = {"cadence": "daily", "hour": 8, "recipients": ["grace@example.com"]}
"""To one of the company's people, whom an analyst may write to."""
SANDBOX = {
    "kind": "sandbox",
    "name": "Sandbox",
    "credentials": {"account_sid": "AC1", "auth_token": "any secret"},
}
WEBHOOK = {
    "kind": "webhook",
    "name": "Nobody",
    "settings": {"url": "http://127.0.0.1:1/", "secret": "whsec_" + "c2" * 20},
}


def test_the_table_names_every_door() -> None:
    assert {f"{method} {route.path}" for route in ROUTES for method in route.methods or ()} == set(MAY)


async def furnished(house: House) -> dict[str, str]:
    ids: dict[str, str] = await house.furnish()
    destination = await house.make("/destinations", WEBHOOK)
    carrier = await house.make("/carriers", SANDBOX)
    admitted = await house.visit(ids["company"], ids["site"])
    call_id = await house.ring(ids["company"], admitted.swaps[0].number)
    exchange, company_id = house.exchange, ids["company"]
    carrier_id, now = house.ids[f"carrier of {company_id}"], exchange.clock()
    recording = await exchange.change(
        lambda connection: keep_sound(connection, exchange.shelf, company_id, carrier_id, call_id, SOUND, now)
    )
    key = await house.make("/keys", {"name": "Spare"})
    invitation = await house.make("/invitations", {"email": "ada@example.com", "role": "agent"})
    user = User(new_id(now), company_id, "grace@example.com", "Grace", Role.ANALYST, now)
    await exchange.change(lambda connection: add_user(connection, user, None))
    grant = await house.make("/grants", GRANT)
    mailbox = {"mailbox": {"kind": "voicemail", "text": "Speak."}}
    word = await house.make("/spam/callers", {"pattern": "+1900*"})
    phrase = await house.make("/words/phrases", {"phrase": "appointment"})
    view = await house.make("/reports/views", {"name": "Paid", "address": "/reports?filter=channel%3Apaid"})
    note = await house.make("/reports/annotations", {"day": "2026-11-24", "text": "New page"})
    schedule = await house.make(f"/reports/views/{view['id']}/schedules", DAILY)
    link = await house.make(f"/reports/views/{view['id']}/links", {"days": 7})
    lead_rule = await house.make("/lead-rules", {"name": "Booked", "outcome": {"qualified": True}})
    sound = await house.make("/sounds", {"name": "Hello", "content": base64.b64encode(SOUND).decode()})
    flow = await house.make("/flows", {"name": "Closed", "start": "mailbox", "steps": mailbox})
    return {
        "{company_id}": ids["company"],
        "{site_id}": ids["site"],
        "{target_id}": ids["target"],
        "{pool_id}": ids["pool"],
        "{number_id}": ids["number"],
        "{rule_id}": ids["rule"],
        "{call_id}": call_id,
        "{recording_id}": recording.recording_id,
        "{lead_id}": (await house.get("/leads"))["data"][0]["id"],
        "{session_id}": admitted.session_id,
        "{visitor_id}": admitted.visitor_id,
        "{form_id}": await house.send_form(ids["company"], ids["site"], admitted.session_id, {"name": "Ada"}),
        "{key_id}": key["id"],
        "{user_id}": user.user_id,
        "{invitation_id}": invitation["id"],
        "{flow_id}": flow["id"],
        "{sound_id}": sound["id"],
        "{word_id}": word["id"],
        "{phrase_id}": phrase["id"],
        "{view_id}": view["id"],
        "{annotation_id}": note["id"],
        "{schedule_id}": schedule["id"],
        "{link_id}": link["id"],
        "{lead_rule_id}": lead_rule["id"],
        "{carrier_id}": carrier["id"],
        "{destination_id}": destination["id"],
        "{grant_id}": grant["id"],
        "{delivery_id}": (await house.get("/conversions"))["data"][0]["id"],
    }


GRANT = {"provider": "google", "name": "Ours", "client_id": "app", "client_secret": "hush", "uses": ["costs"]}
COUNT = base64.b64encode(b"Day,Conversions\n2026-11-24,3\n").decode()
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
BODIES: Mapping[str, object] = {
    "PUT /companies/{company_id}/logo": {"content": PNG},
    "POST /destinations/{destination_id}/compare": {"content": COUNT},
    "POST /reports/views/{view_id}/send": {"recipients": ["ada@example.com"]},
    "POST /reports/views/{view_id}/schedules": DAILY,
    "POST /reports/views/{view_id}/links": {"days": 7},
}
"""What a stranger has to say to be told that there is no such thing."""


def address(door: str, ids: Mapping[str, str]) -> tuple[str, str, object]:
    method, path = door.split(" ")
    for name, value in ids.items():
        path = path.replace(name, value)
    return method, path, BODIES.get(door, {} if method in {"POST", "PATCH"} else None)


_BY_CHORES = {"chores", "channel_worth", "lead_credits", "pool_days", "visit_columns", "visit_days"}


def everything(house: House) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables, but for what goes on by itself, and how often the set-up was read anew."""
    filed = {"visits_filed_until_at", "leads_credited_until_at", "credited_days"}
    by_itself = {"last_used_at", "config_version", "listed_until_at", *filed}

    def rows(connection: Connection, name: str) -> list[tuple[object, ...]]:
        table = metadata.tables[name]
        columns = [column for column in table.columns if column.name not in by_itself]
        query = select(*columns)
        if name == "audit_entries":
            # A stranger may do something in their own company, even if nothing comes of it: that is noted there.
            query = query.where(table.c.company_id == house.ids["us"])
        return sorted((tuple(row) for row in connection.execute(query)), key=repr)

    with reading(house.exchange.engine) as connection:
        # Whoever looks from the dashboard has to log in first, which is noted.
        left_out = {*_BY_CHORES, "log_ins"}
        return {name: rows(connection, name) for name in metadata.tables if name not in left_out}


async def test_who_may_not_is_refused_and_changes_nothing(house: House) -> None:
    ids = await furnished(house)
    before = everything(house)
    for door, allowed in MAY.items():
        method, path, body = address(door, ids)
        for who in ("nobody", "revoked"):
            answer = await house.ask(method, path, body, who=who)
            assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized"), (door, who)
            assert answer.headers["www-authenticate"].startswith("Bearer")
        for who in EVERYBODY - allowed:
            answer = await house.ask(method, path, body, who=who)
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), (door, who)
            assert answer.headers["content-type"] == "application/problem+json"
    assert everything(house) == before


async def test_a_stranger_finds_nothing_and_changes_nothing(house: House) -> None:
    ids = await furnished(house)
    before = everything(house)
    for door in MAY:
        method, path, body = address(door, ids)
        answer = await house.ask(method, path, body, who="stranger")
        if "{" in door:
            assert answer.status_code == 404, (door, answer.text)
        elif method == "GET":
            # Not every answer is a list: whatever it is, it names nothing of ours.
            assert not [known for known in ids.values() if known in answer.text], (door, answer.text)
        acting = {"Swapboard-Company": house.ids["us"]}
        as_us = await house.ask(method, path, body, who="stranger", headers=acting)
        assert as_us.status_code == 404, (door, as_us.text)
    assert everything(house) == before


async def test_a_strangers_ids_in_a_question_find_nothing(house: House) -> None:
    ids = await furnished(house)
    asked = [
        (route.path, f"{{{field}}}")
        for route in ROUTES
        if route.methods == {"GET"} and "{" not in route.path
        for each in route.dependant.query_params
        for field in getattr(each.field_info.annotation, "model_fields", {})
        if f"{{{field}}}" in ids
    ]
    assert len(asked) >= 8
    for path, field in asked:
        question = {field.strip("{}"): ids[field]}
        mine = await house.ask("GET", path, params=question)
        theirs = await house.ask("GET", path, who="stranger", params=question)
        # It is the company that makes the difference, and not the question.
        assert mine.status_code == theirs.status_code == 200, (path, field)
        if path.endswith("/export"):
            assert (bool(mine.text), theirs.text) == (True, ""), (path, field)
        else:
            listed = "calls" if path == "/reports/calls" else "data"
            assert theirs.json()[listed] == [], (path, field)
            assert mine.json()[listed] or path == "/recomputes", (path, field)


async def test_a_strangers_ids_below_our_own_are_not_found(house: House) -> None:
    ids = await furnished(house)
    await house.furnish("stranger")
    call_id = await house.ring(house.ids["them"], BILLBOARD)
    for door in MAY:
        if door.count("{") < 2:
            continue
        method, path, body = address(door, {**ids, "{call_id}": call_id})
        assert (await house.ask(method, path, body, who="stranger")).status_code == 404, door


KNOWN_ELSEWHERE: Mapping[str, tuple[str, dict[str, object]]] = {
    "POST /pools target_id": ("target", {"name": "x"}),
    "POST /pools fallback_number_id": ("billboard", {"name": "x", "target_id": "{target}"}),
    "PATCH /pools/{pool_id} fallback_number_id": ("billboard", {}),
    "POST /numbers pool_id": ("pool", {"number": "+12025550161"}),
    "POST /numbers target_id": ("target", {"number": "+12025550161"}),
    "POST /numbers carrier_id": ("carrier", {"number": "+12025550161", "pool_id": "{pool}"}),
    "POST /numbers/bulk pool_id": ("pool", {"numbers": ["+12025550161"]}),
    "POST /numbers/bulk target_id": ("target", {"numbers": ["+12025550161"]}),
    "POST /numbers/bulk carrier_id": ("carrier", {"numbers": ["+12025550161"], "pool_id": "{pool}"}),
    "POST /numbers/search carrier_id": ("carrier", {"pool_id": "{pool}"}),
    "POST /numbers/search pool_id": ("pool", {"carrier_id": "{carrier}"}),
    "POST /numbers/search target_id": ("target", {"carrier_id": "{carrier}"}),
    "POST /numbers/orders carrier_id": ("carrier", {"number": "+12025550161", "pool_id": "{pool}"}),
    "POST /numbers/orders pool_id": ("pool", {"number": "+12025550161", "carrier_id": "{carrier}"}),
    "POST /numbers/orders target_id": ("target", {"number": "+12025550161", "carrier_id": "{carrier}"}),
    "POST /numbers/actions number_ids": ("number", {"action": "pause"}),
    "POST /numbers/actions pool_id": ("pool", {"action": "assign", "number_ids": ["{number}"]}),
    "POST /numbers/actions target_id": ("target", {"action": "assign", "number_ids": ["{billboard}"]}),
    "PATCH /numbers/{number_id} target_id": ("target", {}),
    "POST /rules pool_id": ("pool", {"name": "x", "outcome": "pool"}),
    "POST /rules number_id": ("billboard", {"name": "x", "outcome": "static"}),
    "PATCH /rules/{rule_id} pool_id": ("pool", {}),
    "PATCH /rules/{rule_id} number_id": ("billboard", {"outcome": "static", "pool_id": None}),
    "POST /rules/order rule_ids": ("rule", {}),
    "POST /lead-rules/order rule_ids": ("lead_rule", {}),
    "POST /costs/ad-accounts grant_id": ("grant", {"platform": "google_ads", "credentials": {}}),
    "POST /leads/{lead_id}/join lead_id": ("lead", {}),
    "POST /leads/{lead_id}/part contacts": ("call", {}),
    "POST /destinations grant_id": ("grant", {"kind": "google_ads", "name": "Ads", "settings": {}}),
    "PATCH /destinations/{destination_id} grant_id": ("grant", {}),
}
"""Each field of a body that names something by its id: what of a stranger's is put there, and the rest."""


def _names_ids(field: str, annotation: object) -> bool:
    """Whether the field, or one in what stands in it, names something by its id."""
    inner = [part for part in get_args(annotation) if part is not type(None)]
    fields = getattr(annotation, "model_fields", {})
    deeper = [_names_ids(name, said.annotation) for name, said in fields.items()]
    # What stands for an app or a campaign at its platform is none of ours.
    is_one = field == "id" or (field.endswith(("_id", "_ids")) and field not in {"client_id", "campaign_id"})
    return is_one or any(deeper) or any(_names_ids("", part) for part in inner)


def test_the_ids_that_bodies_name_are_all_known() -> None:
    named = {
        f"{method} {route.path} {field}"
        for route in ROUTES
        for method in route.methods or ()
        for each in route.dependant.body_params
        for field, said in getattr(each.field_info.annotation, "model_fields", {}).items()
        if _names_ids(field, said.annotation)
    }
    assert named == set(KNOWN_ELSEWHERE)


async def test_a_strangers_ids_in_a_body_are_unknown(house: House) -> None:
    named = {name.strip("{}").removesuffix("_id"): value for name, value in (await furnished(house)).items()}
    ours = {**named, "billboard": (await house.get("/numbers", number=BILLBOARD))["data"][0]["id"]}
    theirs = await house.furnish("stranger")
    await house.visit(house.ids["them"], theirs["site"])
    await house.ring(house.ids["them"], BILLBOARD, ref="CA2")
    rule = await house.make("/lead-rules", {"name": "Theirs", "outcome": {"qualified": True}}, "stranger")
    theirs |= {"lead_rule": rule["id"], "lead": (await house.get("/leads", "stranger"))["data"][0]["id"]}
    theirs |= {"grant": (await house.make("/grants", GRANT, "stranger"))["id"]}
    theirs |= {"call": (await house.get("/calls", "stranger"))["data"][0]["id"]}
    theirs |= {"carrier": house.ids[f"carrier of {house.ids['them']}"]}
    before = everything(house)
    for where, (what, rest) in KNOWN_ELSEWHERE.items():
        method, path, field = where.split(" ")
        if path == "/numbers/{number_id}":
            path = f"/numbers/{ours['billboard']}"
        for name, value in ours.items():
            path = path.replace(f"{{{name}_id}}", value)
        body = {name: _filled(value, ours) for name, value in rest.items()}
        body[field] = [theirs[what]] if field.endswith("_ids") else theirs[what]
        if field == "contacts":
            body[field] = [{"kind": "call", "id": theirs[what]}]
        answer = await house.ask(method, path, body, headers={"Idempotency-Key": where.replace(" ", "-")})
        assert answer.status_code in {404, 409, 422}, (where, answer.text)
        assert answer.status_code != 422 or field in answer.text, (where, answer.text)
    assert everything(house) == before


def _filled(value: object, ids: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_filled(each, ids) for each in value]
    return ids.get(value[1:-1], value) if isinstance(value, str) else value


GOOD: Mapping[str, set[int]] = {
    "POST": {200, 201, 202, 204, 409, 422},
    "PUT": {200, 404, 422},
    "DELETE": {200, 204, 404, 409, 422},
}


async def test_who_may_is_served(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("swapboard.switchboard.currency_rates.ask_bank", lambda _wanted: ())
    ids = await furnished(house)
    removals_last = sorted(MAY, key=lambda door: door.startswith("DELETE"))
    for door in removals_last:
        for who in sorted(MAY[door]):
            method, path, body = address(door, ids)
            answer = await house.ask(method, path, body, who=who)
            assert answer.status_code in GOOD.get(method, {200}), (door, who, answer.text)


@on_one_server(
    "header",
    [
        *["", "Bearer", "Bearer ", "Basic {key}", "{key}", "Bearer sb_", "Bearer sb_a_b_c", "Bearer {key}x"],
        *["Bearer sb_{them}_{id}_{secret}", "Bearer {key} {key}", "Bearer sb_'; DROP TABLE api_keys--_b_c"],
        *["Bearer " + "x" * 10_000, "Bearer sb___", "Bearer sb_é_b_c"],
    ],
)
async def test_what_is_no_key_is_refused(house: House, header: str) -> None:
    key = house.keys["owner"]
    _, _, key_id, secret = key.split("_", 3)
    text = header.format(key=key, them=house.ids["them"], id=key_id, secret=secret)
    answer = await house.client.get("/api/v1/calls", headers={b"Authorization": text.encode()})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


async def test_the_scheme_is_read_in_any_case(house: House) -> None:
    headers = {"Authorization": f"bearer {house.keys['owner']}"}
    assert (await house.client.get("/api/v1/calls", headers=headers)).status_code == 200
