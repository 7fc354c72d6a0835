"""Whatever a form of the dashboard changes, an operation of the API changes, too: or it says here why not."""

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

OPERATIONS = {f"{method} {route.path}" for route in ROUTES for method in route.methods or ()}


def test_every_form_of_the_dashboard_says_what_does_the_same() -> None:
    forms = {door for door in MAY if door.startswith("POST ")}
    assert forms == set(IN_THE_API)
    assert not forms & set(OPEN)


def test_what_it_names_is_there() -> None:
    named = {each for said in IN_THE_API.values() if not said.endswith(".") for each in said.split(", ")}
    assert named - OPERATIONS == set()
