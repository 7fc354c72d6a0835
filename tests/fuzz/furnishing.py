"""One of each thing in the demo, and more: what an address or a body names is then there to be found."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import httpx

from swapboard.recordings.wave import wave_file
from tests.recordings.sounds import RATE, voice

SPARE = 8
"""So many of each: what is removed is not missed."""
SOUND = base64.b64encode(wave_file(RATE, [voice(0.2)])).decode()
GRANT = {"provider": "google", "name": "Ours", "client_id": "app", "client_secret": "hush", "uses": ["costs"]}
SANDBOX = {"kind": "sandbox", "name": "Spare", "credentials": {"account_sid": "AC1", "auth_token": "a secret"}}
WEBHOOK = {
    "kind": "webhook",
    "name": "Nobody",
    "settings": {"url": "http://127.0.0.1:1/", "secret": "whsec_" + "c2" * 20},
}
FEED = {"kind": "google_ads_feed", "name": "Fetched", "settings": {"conversion_name": "Call"}}
MAILBOX = {"mailbox": {"kind": "voicemail", "text": "Speak."}}


def furnish(client: httpx.Client, environment: Mapping[str, str]) -> list[Mapping[str, str]]:
    """Sets of ids, by their names in addresses; those in one set belong together.

    Commands find the data by `environment`.
    """
    _people(client, environment)
    _told(client)
    return [one for turn in range(SPARE) for one in [*_made(client, turn), *_found(client, turn)]]


def _made(client: httpx.Client, turn: int) -> Iterator[Mapping[str, str]]:
    """What the demo has none of, or not enough to remove."""

    def make(path: str, **said: Any) -> str:
        answer = client.post(path, json=said)
        assert answer.is_success, f"{path}: {answer.text}"
        made: str = answer.json()["id"]
        return made

    def number(place: int) -> str:
        return f"+1415555{100 + 10 * place + turn:04}"

    target = make("/swap-targets", number=number(0), destination="+12025550199")
    pool = make("/pools", name=f"Spare {turn}", target_id=target)
    yield {"target_id": make("/swap-targets", number=number(1), destination="+12025550199")}
    yield {"pool_id": make("/pools", name=f"Empty {turn}", target_id=target)}
    yield {"number_id": make("/numbers", number=number(2), pool_id=pool)}
    trap = make("/numbers", number=number(3), target_id=target)
    yield {"number_id": trap, "static": trap}
    honeypot = make("/numbers", number=number(4), target_id=target)
    client.put(f"/spam/honeypots/{honeypot}").raise_for_status()
    yield {"number_id": honeypot, "honeypot": honeypot}
    yield {"site_id": make("/sites", name=f"Spare {turn}", hosts=[])}
    yield {"rule_id": make("/rules", name=f"Spare {turn}", outcome="leave")}
    yield {"flow_id": make("/flows", name=f"Spare {turn}", start="mailbox", steps=MAILBOX)}
    yield {"sound_id": make("/sounds", name=f"Spare {turn}", content=SOUND)}
    yield {"word_id": make("/spam/callers", pattern=f"+190{turn}*")}
    yield {"phrase_id": make("/words/phrases", phrase=f"spare {turn}")}
    yield {"lead_rule_id": make("/lead-rules", name=f"Spare {turn}", outcome={"qualified": True})}
    yield {"key_id": make("/keys", name=f"Spare {turn}", role="agent")}
    yield {"invitation_id": make("/invitations", email=f"asked{turn}@example.com", role="agent")}
    yield {"annotation_id": make("/reports/annotations", day="2026-11-24", text="Spare")}
    yield {"carrier_id": make("/carriers", **SANDBOX)}
    yield {"destination_id": make("/destinations", **WEBHOOK)}
    yield {"destination_id": (fetched := make("/destinations", **FEED)), "fetched": fetched}
    yield {"grant_id": make("/grants", **GRANT)}
    view = make("/reports/views", name=f"Spare {turn}", address="/reports?days=7d")
    daily = {"cadence": "daily", "hour": 8, "recipients": ["ada@example.com"]}
    schedule = make(f"/reports/views/{view}/schedules", **daily)
    yield {"view_id": view, "schedule_id": schedule, "link_id": make(f"/reports/views/{view}/links", days=7)}


def _found(client: httpx.Client, turn: int) -> Iterator[Mapping[str, str]]:
    """What only happens: calls, visits, forms, people."""

    def nth(path: str, **asked: Any) -> Mapping[str, Any] | None:
        data = client.get(path, params={"limit": SPARE, **asked}).raise_for_status().json()["data"]
        return data[turn] if turn < len(data) else None

    names = {
        "/calls": "call_id",
        "/sessions": "session_id",
        "/forms": "form_id",
        "/leads": "lead_id",
        "/people": "user_id",
    }
    for path, name in {**names, "/conversions": "delivery_id", "/numbers": "number_id"}.items():
        if one := nth(path):
            yield {name: one["id"]} | ({"visitor_id": one["visitor_id"]} if path == "/sessions" else {})
    leads = client.get("/leads", params={"limit": 100}).json()["data"]
    for lead, another in pairwise(leads[2 * turn : 2 * turn + 2]):
        yield {"lead_id": lead["id"], "another_lead": another["id"]}
    for lead in leads:
        if len(lead["contacts"]) > 1:
            one = lead["contacts"][0]
            yield {"lead_id": lead["id"], "contact_kind": one["kind"], "contact_id": one["id"]}
    heard = [each for each in client.get("/calls", params={"limit": 100}).json()["data"] if each["recording"]]
    for call in heard[turn : turn + 1]:
        yield {"call_id": call["id"], "recording_id": call["recording"]["id"]}


def _told(client: httpx.Client) -> None:
    """Costs of a feed, and an account that is asked for them."""
    line = {"day": "2026-11-24", "micros": 1_000_000, "currency": "USD"}
    meta = {"platform": "meta", "credentials": {"account_id": "12345", "access_token": "hush"}}
    for path, said in (("/costs", {"feed": "radio", "lines": [line]}), ("/costs/ad-accounts", meta)):
        answer = client.post(path, json=said)
        assert answer.is_success, f"{path}: {answer.text}"


def _people(client: httpx.Client, environment: Mapping[str, str]) -> None:
    """Nobody is made by the API: they join by an invitation, or are made by command."""
    company_id = client.headers["Swapboard-Company"]
    name = client.get(f"/companies/{company_id}").raise_for_status().json()["name"]
    for turn in range(2):
        command = [sys.executable, "-m", "swapboard", "user", "add", f"spare{turn}@example.com"]
        told = [*command, "--company", name, "--role", "agent", "--password", "a long password"]
        subprocess.run(told, env={**os.environ, **environment}, check=True, capture_output=True)
