"""What only the server can judge, filled in: ids of what is there, numbers that can be, files that are such."""

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from tests.fuzz.furnishing import GRANT, MAILBOX, SANDBOX, SOUND, WEBHOOK

_FRESH = count()
_TURNS: Counter[str] = Counter()
_COUNT = base64.b64encode(b"Day,Conversions\n2026-11-24,3\n").decode()
_COSTS = base64.b64encode(b"Day,Cost\n2026-11-24,3\n").decode()
_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
_AREAS = (212, 303, 312, 404, 503, 602, 617, 702, 713, 808)
GOOD: Mapping[str, Mapping[str, Any]] = {
    "POST /callers/forget": {"number": "{fresh}"},
    "POST /carriers": SANDBOX,
    "POST /costs/ad-accounts": {"platform": "meta", "credentials": {"account_id": "1", "access_token": "hush"}},
    "POST /costs/files": {"content": _COSTS, "layout": None, "feed": None},
    "PATCH /carriers/{carrier_id}": {"credentials": SANDBOX["credentials"]},
    "POST /destinations": {**WEBHOOK, "rule": {}, "grant_id": None},
    "PATCH /destinations/{destination_id}": {"settings": WEBHOOK["settings"], "rule": {}, "grant_id": None},
    "POST /destinations/{destination_id}/compare": {"content": _COUNT},
    "POST /flows": {"start": "mailbox", "steps": MAILBOX},
    "PATCH /flows/{flow_id}": {"start": "mailbox", "steps": MAILBOX},
    "POST /grants": {**GRANT, "addresses": {}},
    "POST /keys": {"role": "analyst", "scopes": [], "expires_at": None},
    "POST /lead-rules/order": {"rule_ids": "{/lead-rules}"},
    "POST /rules/order": {"rule_ids": "{/rules}"},
    "POST /lead-rules": {"outcome": {"qualified": True}},
    "POST /leads/{lead_id}/join": {"lead_id": "{another_lead}"},
    "POST /leads/{lead_id}/part": {"contacts": [{"kind": "{contact_kind}", "id": "{contact_id}"}]},
    "POST /numbers": {"number": "{fresh}", "pool_id": None, "target_id": "{target_id}", "carrier_id": None},
    "POST /numbers/actions": {"action": "pause", "number_ids": ["{static}"], "pool_id": None, "target_id": None},
    "POST /numbers/bulk": {
        "numbers": ["{fresh}"],
        "pool_id": None,
        "target_id": "{target_id}",
        "carrier_id": None,
    },
    "POST /numbers/search": {"carrier_id": "{carrier_id}", "pool_id": "{pool_id}", "target_id": None},
    "POST /pools": {"target_id": "{target_id}", "fallback_number_id": None, "overflow": "leave"},
    "POST /rules": {"outcome": "pool", "pool_id": "{pool_id}", "number_id": None, "conditions": {}},
    "POST /sounds": {"content": SOUND},
    "PATCH /sounds/{sound_id}": {"content": SOUND},
    "POST /spam/callers": {"pattern": "+19005550*"},
    "POST /swap-targets": {"number": "{fresh}", "destination": "+12025550199", "shares_with": None},
    "PATCH /swap-targets/{target_id}": {"destination": "+12025550199"},
    "PUT /companies/{company_id}/logo": {"content": _PNG},
}
"""By operation: the fields of a body that chance does not guess."""


QUERIES: Mapping[str, Mapping[str, str]] = {
    "DELETE /costs/feeds": {"feed": "radio"},
    "DELETE /costs/ad-accounts": {"platform": "meta", "account": "12345"},
}
SUCH: Mapping[str, str] = {
    "DELETE /spam/honeypots/{number_id}": "honeypot",
    "POST /destinations/{destination_id}/password": "fetched",
    "POST /leads/{lead_id}/join": "another_lead",
    "POST /leads/{lead_id}/part": "contact_id",
    "PUT /spam/honeypots/{number_id}": "static",
}
"""What must be known of the thing in the address, for the operation to do anything."""


class Filler:
    """Fills in each second good request; the other stays as it was generated."""

    def __init__(self, known: Sequence[Mapping[str, str]], every: Callable[[str], Sequence[str]]) -> None:
        """`every` asks for all ids of a list."""
        self._known = known
        self._every = every
        self._chosen: Mapping[str, str] = {}

    def is_turn(self, operation: str) -> bool:
        _TURNS[operation] += 1
        self._chosen = {}
        return _TURNS[operation] % 2 == 1

    def path(self, operation: str, named: Mapping[str, Any]) -> Mapping[str, Any]:
        """The address's ids: of whatever is removed always another one, the last first."""
        wanted = {*named, SUCH[operation]} if operation in SUCH else set(named)
        fitting = [each for each in self._known if wanted <= each.keys()]
        if not fitting:
            return named
        place = _TURNS[operation] // 2
        is_last = operation.startswith("DELETE") or operation in SUCH
        self._chosen = fitting[-1 - place % len(fitting)] if is_last else fitting[place % 2 % len(fitting)]
        return {name: self._chosen[name] for name in named}

    def query(self, operation: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**asked, **QUERIES.get(operation, {})}

    def body(self, operation: str, said: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**said, **self._filled(GOOD.get(operation, {}))}

    def _filled(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name: self._filled(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if value == "{fresh}":
            place = next(_FRESH)
            return f"+1{_AREAS[place // 100 % len(_AREAS)]}55501{place % 100:02}"
        if isinstance(value, str) and value.startswith("{"):
            return self._known_as(value[1:-1])
        return value

    def _known_as(self, name: str) -> Any:
        if name.startswith("/"):
            return self._every(name)
        return next((each[name] for each in [self._chosen, *self._known] if name in each), name)
