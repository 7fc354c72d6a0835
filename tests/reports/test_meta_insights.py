"""What Meta's insights answer, and whether it may pass."""

from datetime import date

import pytest
from pydantic import BaseModel
from pydantic_core import to_json

from swapboard.conversions.destinations.request import Answer
from swapboard.keywords.google_ads import AdsError
from swapboard.reports.meta_insights import MetaAccount, days_asked, insights

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("status", "error", "permanent"),
    [
        (400, {"message": "There have been too many calls from this ad-account.", "code": 80000}, False),
        (403, {"message": "(#4) Application request limit reached", "code": 4, "is_transient": True}, False),
        (400, {"message": "Please retry your request later.", "code": 5, "is_transient": True}, False),
        (500, {"message": "Please reduce the amount of data you're asking for", "code": 1}, False),
        (400, {"message": "Error validating access token", "code": 190}, True),
    ],
)
def test_too_many_questions_may_pass_and_no_access_does_not(
    status: int, error: dict[str, object], permanent: bool
) -> None:
    answer = Answer(status, {}, to_json({"error": error}))
    with pytest.raises(AdsError, match="Meta: ") as refused:
        list(insights(MetaAccount("77", "token"), days_asked(DAY, DAY), BaseModel, lambda _request: answer))
    assert refused.value.permanent is permanent
