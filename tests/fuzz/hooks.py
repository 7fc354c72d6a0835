"""What Schemathesis is taught of our API; it loads this module by the variable `SCHEMATHESIS_HOOKS`."""

import re

import schemathesis
from schemathesis.checks import CheckContext
from schemathesis.core.transport import Response

from swapboard.web.sentences import SENTENCES

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
