"""What Schemathesis is taught of our API; it loads this module by the variable `SCHEMATHESIS_HOOKS`."""

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import schemathesis
from schemathesis import HookContext
from schemathesis.checks import CheckContext
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response

from swapboard.web.sentences import SENTENCES
from tests.fuzz.filling import Filler
from tests.fuzz.fuzzing import COMPANY_HEADER
from tests.web.api.test_rights import MAY

KNOWN = json.loads(Path(os.environ["SWAPBOARD_FUZZ_KNOWN"]).read_text())


def _every(path: str) -> list[str]:
    with httpx.Client(base_url=KNOWN["address"], headers=KNOWN["headers"], timeout=PATIENCE_SECONDS) as client:
        return [each["id"] for each in client.get(path, params={"limit": 100}).json()["data"]]


FILLER = Filler(KNOWN["ids"], _every)
ONCE = "Idempotency-Key"
PATIENCE_SECONDS = 60
"""As long as Schemathesis waits itself (`request-timeout`)."""
REFUSED = {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}
OFTEN_ENOUGH = 3
_ASKED_BY_STRANGERS: Counter[str] = Counter()
_OTHERS = {"value_error", "enum", "literal_error"}
"""Rules of our own in their own words, and sentences that could be anything."""
_COULD_BE_SAID = re.compile(
    "|".join(
        re.sub(r"\\\{\w+\\\}", ".*", re.escape(each)) for kind, each in SENTENCES.items() if kind not in _OTHERS
    )
)


@schemathesis.check
def refused_for_a_reason_that_stands_in_the_description(
    ctx: CheckContext, response: Response, case: schemathesis.Case[Any]
) -> None:
    """What fits the description is never refused by the checks that the description is made from."""
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_good or response.status_code != 422:
        return
    said = [error["detail"] for error in response.json()["errors"]]
    laxer = [each for each in said if _COULD_BE_SAID.fullmatch(each)]
    assert not laxer, f"the description allows what is refused: {laxer}"


@schemathesis.check
def never_put_off(ctx: CheckContext, response: Response, case: schemathesis.Case[Any]) -> None:
    """Whoever asks too often is told so whatever they ask: then nothing of the API itself is tried."""
    assert response.status_code != httpx.codes.TOO_MANY_REQUESTS, "the fuzz is held to the pace of a key"


@schemathesis.check
def done_for_its_own_company_only(ctx: CheckContext, response: Response, case: schemathesis.Case[Any]) -> None:
    """What is done for us, nobody has done who is of another company; neither with our name nor in theirs."""
    operation = f"{case.method.upper()} {case.path}"
    if not 200 <= response.status_code < 300 or _ASKED_BY_STRANGERS[operation] >= OFTEN_ENOUGH:
        return
    _ASKED_BY_STRANGERS[operation] += 1
    acting = {COMPANY_HEADER: KNOWN["headers"][COMPANY_HEADER]}
    assert _status_for({**KNOWN["strange"], **acting}, response) in REFUSED, "a stranger acts in our company"
    own = KNOWN["strange"][COMPANY_HEADER]
    if case.path_parameters and own not in case.path_parameters.values():
        assert _status_for(KNOWN["strange"], response) in REFUSED, "a stranger finds what is ours"


@schemathesis.check
def done_for_roles_that_may_only(ctx: CheckContext, response: Response, case: schemathesis.Case[Any]) -> None:
    """Nothing is done for a role that the table written by hand does not name, however it is asked."""
    door = f"{case.method.upper()} {case.path.removeprefix('/api/v1')}"
    if 200 <= response.status_code < 300 and door in MAY:
        assert KNOWN["role"] in MAY[door], f"the role {KNOWN['role']} may not"


def _status_for(headers: dict[str, str], response: Response) -> int:
    """What somebody else is answered who asks the same."""
    asked = response.request
    kind = {
        name: value.decode() if isinstance(value, bytes) else value
        for name, value in asked.headers.items()
        if name.lower() == "content-type"
    }
    assert asked.method
    assert asked.url
    assert asked.body is None or isinstance(asked.body, str | bytes)
    with httpx.Client(headers={**kind, **headers}, timeout=PATIENCE_SECONDS) as client:
        return client.request(asked.method, asked.url, content=asked.body).status_code


@schemathesis.hook
def before_call(context: HookContext, case: schemathesis.Case[Any], kwargs: dict[str, Any]) -> None:
    """What is good by its description is, each second time, good by the server's own knowledge, too."""
    operation = f"{case.method.upper()} {case.path.removeprefix('/api/v1')}"
    if case.meta is None:
        return
    good = {where for where, each in case.meta.components.items() if each.mode.is_positive}
    if ParameterLocation.HEADER in good and ONCE in (case.headers or {}):
        # Chance says the same of many requests, and a second one is then not looked at.
        case.headers[ONCE] = str(uuid4())
    if not FILLER.is_turn(operation):
        return
    # What follows from answers to answers is about what was made on the way: another id would be taken for that.
    is_stateful = case.meta.phase.name == "stateful"
    if case.path_parameters and ParameterLocation.PATH in good and not is_stateful:
        case.path_parameters = dict(FILLER.path(operation, case.path_parameters))
    if ParameterLocation.QUERY in good:
        case.query = dict(FILLER.query(operation, case.query or {}))
    if isinstance(case.body, dict) and ParameterLocation.BODY in good:
        case.body = dict(FILLER.body(operation, case.body))
