"""What Schemathesis is taught of our API; it loads this module by the variable `SCHEMATHESIS_HOOKS`."""

import json
import os
import re
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

KNOWN = json.loads(Path(os.environ["SWAPBOARD_FUZZ_KNOWN"]).read_text())


def _every(path: str) -> list[str]:
    with httpx.Client(base_url=KNOWN["address"], headers=KNOWN["headers"]) as client:
        return [each["id"] for each in client.get(path, params={"limit": 100}).json()["data"]]


FILLER = Filler(KNOWN["ids"], _every)
ONCE = "Idempotency-Key"
_OTHERS = {"value_error", "enum", "literal_error"}
"""Rules of our own in their own words, and sentences that could be anything."""
_COULD_BE_SAID = re.compile(
    "|".join(
        re.sub(r"\\\{\w+\\\}", ".*", re.escape(each)) for kind, each in SENTENCES.items() if kind not in _OTHERS
    )
)


@schemathesis.check
def refused_for_a_reason_that_stands_in_the_description(
    ctx: CheckContext, response: Response, case: schemathesis.Case
) -> None:
    """What fits the description is never refused by the checks that the description is made from."""
    is_good = case.meta is not None and case.meta.generation.mode.is_positive
    if not is_good or response.status_code != 422:
        return
    said = [error["detail"] for error in response.json()["errors"]]
    laxer = [each for each in said if _COULD_BE_SAID.fullmatch(each)]
    assert not laxer, f"the description allows what is refused: {laxer}"


@schemathesis.check
def never_put_off(ctx: CheckContext, response: Response, case: schemathesis.Case) -> None:
    """Whoever asks too often is told so whatever they ask: then nothing of the API itself is tried."""
    assert response.status_code != httpx.codes.TOO_MANY_REQUESTS, "the fuzz is held to the pace of a key"


@schemathesis.hook
def before_call(context: HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """What is good by its description is, each second time, good by the server's own knowledge, too."""
    operation = f"{case.method.upper()} {case.path.removeprefix('/api/v1')}"
    if case.meta is None:
        return
    good = {where for where, each in case.meta.components.items() if each.mode.is_positive}
    if ParameterLocation.HEADER in good and ONCE in (case.headers or {}):
        # Chance says the same of many requests, and a second one is then not looked at.
        case.headers[ONCE] = str(uuid4())
    # What follows from answers to answers is about what was made on the way.
    if case.meta.phase.name == "stateful" or not FILLER.is_turn(operation):
        return
    if case.path_parameters and ParameterLocation.PATH in good:
        case.path_parameters = dict(FILLER.path(operation, case.path_parameters))
    if ParameterLocation.QUERY in good:
        case.query = dict(FILLER.query(operation, case.query or {}))
    if isinstance(case.body, dict) and ParameterLocation.BODY in good:
        case.body = dict(FILLER.body(operation, case.body))
