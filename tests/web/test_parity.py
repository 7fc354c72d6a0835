"""Whatever the dashboard shows and changes, an operation of the API does, too: or it says here why not."""

from collections.abc import Mapping

from swapboard.web.api import ROUTES
from tests.web.dashboard.test_rights import MAY, OPEN

OWN = "A person's own log-in: a key is nobody's."
SESSION = "Which company is looked at: a key says it with Swapboard-Company."

IN_THE_API: Mapping[str, str] = {
    "POST /trust/recredit": "POST /recomputes",
    "POST /words": "PATCH /words/settings, POST /words/phrases, DELETE /words/phrases/{phrase_id}",
    "POST /spam/policy": "PATCH /spam/policy",
    "POST /spam/callers": "POST /spam/callers",
    "POST /spam/remove": "DELETE /spam/callers/{word_id}",
    "POST /spam/honeypots": "PUT /spam/honeypots/{number_id}, DELETE /spam/honeypots/{number_id}",
    "POST /calls/{call_id}/spam": "PATCH /calls/{call_id}",
    "POST /calls/{call_id}/verdict": "PATCH /calls/{call_id}",
    "POST /calls/{call_id}/match": "POST /calls/{call_id}/match",
    "POST /calls/{call_id}/recordings/{recording_id}/delete": "DELETE /calls/{call_id}/recordings/{recording_id}",
    "POST /calls/{call_id}/recordings/{recording_id}/again": (
        "POST /calls/{call_id}/recordings/{recording_id}/again"
    ),
    "POST /calls/{call_id}/recordings/{recording_id}/words": (
        "POST /calls/{call_id}/recordings/{recording_id}/transcript"
    ),
    "POST /calls/{call_id}/recording": (
        "POST /calls/{call_id}/recording/pause, POST /calls/{call_id}/recording/resume"
    ),
    "POST /numbers/texts": (
        "PATCH /texts/replies/{number_id}, DELETE /texts/replies/{number_id}, POST /texts/stops"
    ),
    "POST /leads/rules/order": "POST /lead-rules/order",
    "POST /leads/rules/{rule_id}": "POST /lead-rules, PATCH /lead-rules/{lead_rule_id}",
    "POST /leads/rules/{rule_id}/delete": "DELETE /lead-rules/{lead_rule_id}",
    "POST /leads/credit": "PATCH /companies/{company_id}",
    "POST /leads/{lead_id}/join": "POST /leads/{lead_id}/join",
    "POST /leads/{lead_id}/part": "POST /leads/{lead_id}/part",
    "POST /reports/saved": "POST /reports/views",
    "POST /reports/saved/{view_id}": "PATCH /reports/views/{view_id}",
    "POST /reports/saved/{view_id}/delete": "DELETE /reports/views/{view_id}",
    "POST /reports/saved/{view_id}/send": "POST /reports/views/{view_id}/send",
    "POST /reports/saved/{view_id}/links": "POST /reports/views/{view_id}/links",
    "POST /reports/saved/{view_id}/links/revoke": "DELETE /reports/views/{view_id}/links/{link_id}",
    "POST /reports/saved/{view_id}/schedules": "POST /reports/views/{view_id}/schedules",
    "POST /reports/saved/{view_id}/schedules/remove": "DELETE /reports/views/{view_id}/schedules/{schedule_id}",
    "POST /reports/notes": "POST /reports/annotations",
    "POST /reports/notes/{annotation_id}": "PATCH /reports/annotations/{annotation_id}",
    "POST /reports/notes/{annotation_id}/delete": "DELETE /reports/annotations/{annotation_id}",
    "POST /numbers/scaling": "PATCH /pools/{pool_id}/auto-scale",
    "POST /numbers/rehearsal": "POST /pools/{pool_id}/rehearsal",
    "POST /numbers/inventory/act": "POST /numbers/actions",
    "POST /numbers/inventory/return": "POST /numbers/{number_id}/return",
    "POST /numbers/inventory/quarantine": "PATCH /companies/{company_id}",
    "POST /numbers/inventory/point": "POST /numbers/{number_id}/point-here",
    "POST /numbers/inventory/add": "POST /numbers/bulk",
    "POST /numbers/buy": "POST /numbers/orders",
    "POST /numbers/placements/{number_id}": "PATCH /numbers/{number_id}",
    "POST /numbers/flows/sounds": "POST /sounds",
    "POST /numbers/flows/sounds/{sound_id}/replace": "PATCH /sounds/{sound_id}",
    "POST /numbers/flows/sounds/{sound_id}/remove": "DELETE /sounds/{sound_id}",
    "POST /numbers/flows/new": "POST /flows",
    "POST /numbers/flows/{flow_id}/edit": "PATCH /flows/{flow_id}",
    "POST /numbers/flows/{flow_id}/remove": "DELETE /flows/{flow_id}",
    "POST /numbers/recording": (
        "PATCH /recording/policies/{number_id}, DELETE /recording/policies/{number_id}, PATCH /recording/keeping, "
        "POST /callers/forget"
    ),
    "POST /numbers/rules/order": "POST /rules/order",
    "POST /numbers/rules/new": "POST /rules",
    "POST /numbers/rules/{rule_id}": "PATCH /rules/{rule_id}",
    "POST /numbers/rules/{rule_id}/remove": "DELETE /rules/{rule_id}",
    "POST /destinations": "POST /destinations",
    "POST /destinations/{destination_id}": "PATCH /destinations/{destination_id}",
    "POST /destinations/{destination_id}/test": "POST /destinations/{destination_id}/test",
    "POST /destinations/{destination_id}/password": "POST /destinations/{destination_id}/password",
    "POST /destinations/{destination_id}/rotate": "POST /destinations/{destination_id}/rotate",
    "POST /destinations/{destination_id}/replay": "POST /destinations/{destination_id}/replay",
    "POST /destinations/{destination_id}/remove": "DELETE /destinations/{destination_id}",
    "POST /destinations/deliveries/{delivery_id}/again": "POST /conversions/{delivery_id}/again",
    "POST /destinations/{destination_id}/compare": "POST /destinations/{destination_id}/compare",
    "POST /access": "POST /grants",
    "POST /access/{grant_id}": "PATCH /grants/{grant_id}",
    "POST /access/{grant_id}/remove": "DELETE /grants/{grant_id}",
    "POST /costs/files": "POST /costs/files",
    "POST /costs/files/{draft_id}": "POST /costs/files",
    "POST /costs/names": "PUT /costs/campaign-names",
    "POST /costs/rates": "POST /costs/rates",
    "POST /costs/rates/bank": "POST /costs/rates/bank",
    "POST /costs/feeds": "DELETE /costs/feeds",
    "POST /costs/accounts": "POST /costs/ad-accounts",
    "POST /costs/accounts/remove": "DELETE /costs/ad-accounts",
    "POST /setup/carriers": "POST /carriers",
    "POST /setup/carriers/{carrier_id}": "PATCH /carriers/{carrier_id}",
    "POST /setup/carriers/{carrier_id}/remove": "DELETE /carriers/{carrier_id}",
    "POST /setup/sites/{site_id}": "PATCH /sites/{site_id}",
    "POST /setup/start/number": "POST /swap-targets",
    "POST /setup/start/carrier": "POST /carriers",
    "POST /setup/start/numbers": "POST /pools, POST /numbers/bulk, POST /numbers/orders, POST /rules",
    "POST /setup/start/call": "The practice network's own, for somebody who sets it up; `swapboard call` rings.",
    "POST /companies/open": SESSION,
    "POST /companies/new": "POST /companies",
    "POST /company": (
        "PATCH /companies/{company_id}, PUT /companies/{company_id}/logo, DELETE /companies/{company_id}/logo"
    ),
    "POST /people/invite": "POST /invitations",
    "POST /people/withdraw": "DELETE /invitations/{invitation_id}",
    "POST /people/{user_id}/role": "PATCH /people/{user_id}",
    "POST /people/{user_id}/remove": "DELETE /people/{user_id}, DELETE /keys/{key_id}",
    "POST /companies/leave": OWN,
    "POST /keys": "POST /keys",
    "POST /keys/{key_id}/revoke": "DELETE /keys/{key_id}",
    "POST /me/password": OWN,
    "POST /me/language": OWN,
    "POST /me/passkeys": OWN,
    "POST /me/passkeys/new": OWN,
    "POST /me/passkeys/remove": OWN,
    "POST /me/log-ins/end": OWN,
    "POST /me/log-ins/end-others": OWN,
    "POST /me/second-step": OWN,
    "POST /me/second-step/off": OWN,
}
"""What does the same; or, in a sentence, why nothing does. Forms of who is not logged in yet are left out."""

FILE = "A file made for people or for the website; what stands in it is told by operations beside."
HERE = "The way to a form; what it asks for stands in the API's description."

SHOWN_IN_THE_API: Mapping[str, str] = {
    "GET /": "GET /live",
    "GET /live/events": "GET /live",
    "GET /live/wall": "GET /live",
    "GET /calls": "GET /calls, GET /calls/export",
    "GET /reference": "It is the API's own description, for people.",
    "GET /trust": "GET /reports/calibration",
    "GET /trust/recredit": "GET /recomputes",
    "GET /words": "GET /words/settings, GET /words/phrases",
    "GET /spam": "GET /spam/policy, GET /spam/callers, GET /spam/honeypots",
    "GET /spam/callers.csv": "GET /spam/callers",
    "GET /calls/{call_id}": (
        "GET /calls/{call_id}, GET /calls/{call_id}/recordings, GET /calls/{call_id}/transcript, "
        "GET /calls/{call_id}/conversions"
    ),
    "GET /calls/{call_id}/recordings/{recording_id}/sound": (
        "GET /calls/{call_id}/recordings/{recording_id}/sound"
    ),
    "GET /numbers/texts": "GET /texts, GET /texts/replies, GET /texts/stops",
    "GET /visits/{session_id}": "GET /sessions/{session_id}, GET /forms/{form_id}",
    "GET /leads": "GET /leads",
    "GET /leads/rules": "GET /lead-rules",
    "GET /leads/rules/{rule_id}": "GET /lead-rules/{lead_rule_id}",
    "GET /leads/credit": "GET /leads/credit",
    "GET /leads/{lead_id}": "GET /leads/{lead_id}, GET /leads/{lead_id}/credit",
    "GET /reports/notes": "GET /reports/annotations",
    "GET /reports/saved": "GET /reports/views",
    "GET /reports/saved/{view_id}": (
        "GET /reports/views/{view_id}, GET /reports/views/{view_id}/schedules, GET /reports/views/{view_id}/links"
    ),
    "GET /reports/saved/{view_id}/report.pdf": "GET /reports/views/{view_id}/pdf",
    "GET /reports": "GET /reports/overview",
    "GET /reports/missed": "GET /reports/missed",
    "GET /reports/calls": "GET /reports/calls",
    **dict.fromkeys(
        (f"GET /reports/{what}.{kind}" for what in ("days", "hours") for kind in ("csv", "parquet")),
        "GET /reports/overview",
    ),
    "GET /reports/roi": "GET /reports/roi, GET /costs",
    "GET /reports/suggestions": "GET /reports/suggestions",
    "GET /reports/models": "GET /reports/models",
    "GET /reports/paths": "GET /reports/paths",
    "GET /reports/service/agents": "GET /reports/agents",
    "GET /reports/service/spam": "GET /reports/spam",
    "GET /reports/service/pools": "GET /reports/pools",
    "GET /reports/service/deliveries": "GET /reports/deliveries",
    "GET /reports/by": "GET /reports/breakdown",
    "GET /reports/by/{by}": "GET /reports/breakdown",
    "GET /numbers": "GET /pools, GET /swap-targets",
    "GET /numbers/sizing": "GET /pools/{pool_id}/sizing",
    "GET /numbers/scaling": "GET /pools/{pool_id}/auto-scale",
    "GET /numbers/rehearsal": "GET /pools/{pool_id}/rehearsal",
    "GET /numbers/inventory": "GET /numbers, GET /numbers/returns",
    "GET /numbers/inventory.csv": "GET /numbers",
    "GET /numbers/buy": "POST /numbers/search",
    "GET /numbers/placements": "GET /numbers",
    "GET /numbers/placements/{number_id}": "GET /numbers/{number_id}",
    "GET /numbers/placements/{number_id}/print": FILE,
    "GET /numbers/placements/{number_id}/qr.svg": FILE,
    "GET /numbers/flows": "GET /flows, GET /sounds",
    "GET /numbers/flows/new": HERE,
    "GET /numbers/flows/{flow_id}": "GET /flows/{flow_id}, GET /flows/{flow_id}/dry-run",
    "GET /numbers/flows/{flow_id}/edit": "GET /flows/{flow_id}",
    "GET /numbers/flows/sounds/{sound_id}/audio": "GET /sounds/{sound_id}/content",
    "GET /numbers/recording": "GET /recording/policies, GET /recording/keeping",
    "GET /numbers/rules": "GET /rules, GET /rules/explain",
    "GET /numbers/rules/new": HERE,
    "GET /numbers/rules/{rule_id}": "GET /rules/{rule_id}",
    "GET /setup/start": "What is done and left is seen from what there is: sites, numbers, carriers, calls.",
    "GET /setup/start/number": "GET /swap-targets, GET /sites",
    "GET /setup/start/carrier": "GET /carriers, GET /carriers/kinds",
    "GET /setup/start/numbers": "GET /numbers",
    "GET /setup/start/site": "GET /sites/{site_id}",
    "GET /setup/start/call": "GET /calls",
    "GET /setup/start/analytics": "GET /destinations",
    "GET /destinations": "GET /destinations, GET /conversions",
    "GET /destinations/new": "GET /destinations/kinds",
    "GET /destinations/deliveries/{delivery_id}": "GET /conversions/{delivery_id}",
    "GET /destinations/{destination_id}": "GET /destinations/{destination_id}, GET /conversions",
    "GET /destinations/{destination_id}/compare": "GET /destinations/{destination_id}/compare",
    "GET /access": "GET /grants",
    "GET /access/new": HERE,
    "GET /access/callback/{provider}": "The platform's own answer to the person who signs in there.",
    "GET /access/{grant_id}": "GET /grants/{grant_id}",
    "GET /access/{grant_id}/sign-in": "Signing in is a person's, in a browser, at a grant's `sign_in_url`.",
    "GET /costs": "GET /costs/feeds, GET /costs/campaign-names, GET /costs/rates, GET /costs/ad-accounts",
    "GET /costs/files/{draft_id}": "POST /costs/files",
    "GET /setup/carriers/new": "GET /carriers/kinds",
    "GET /setup/carriers/{carrier_id}": "GET /carriers/{carrier_id}",
    "GET /companies": "GET /companies",
    "GET /companies/new": HERE,
    "GET /company": "GET /companies/{company_id}, GET /companies/{company_id}/logo",
    "GET /people": "GET /people, GET /invitations",
    "GET /people/{user_id}/remove": "GET /people/{user_id}, GET /keys",
    "GET /keys": "GET /keys",
    "GET /me": OWN,
    "GET /me/passkeys": OWN,
    "GET /me/log-ins": OWN,
    "GET /me/second-step": OWN,
    "GET /me/second-step/code.svg": OWN,
    "GET /journal": "GET /journal",
    "GET /journal.csv": "GET /journal",
    "GET /setup": "GET /sites, GET /carriers",
    "GET /setup/sites/{site_id}": "GET /sites/{site_id}",
    "GET /setup/sites/{site_id}/wordpress.zip": FILE,
}
"""What tells the same as a page; a report's CSV and Parquet are its page's."""

OPERATIONS = {f"{method} {route.path}" for route in ROUTES for method in route.methods or ()}


def test_every_form_of_the_dashboard_says_what_does_the_same() -> None:
    forms = {door for door in MAY if door.startswith("POST ")}
    assert forms == set(IN_THE_API)
    assert not forms & set(OPEN)


def test_every_page_of_the_dashboard_says_what_tells_the_same() -> None:
    pages = {door for door in MAY if door.startswith("GET ")}
    files = {page + end for page in pages for end in (".csv", ".parquet") if page.startswith("GET /reports/")}
    assert pages - files == set(SHOWN_IN_THE_API)


def test_what_it_names_is_there() -> None:
    both = [*IN_THE_API.values(), *SHOWN_IN_THE_API.values()]
    named = {each for said in both if not said.endswith(".") for each in said.split(", ")}
    assert named - OPERATIONS == set()
