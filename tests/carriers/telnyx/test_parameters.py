"""What TeXML calls otherwise than Twilio."""

import pytest

from swapboard.carriers.telnyx.parameters import by_twilios_names

MOMENT = "2024-01-15T10:30:15Z"


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"CallStatus": "completed", "CallDuration": "63", "HangupCause": "normal_clearing"}, "completed"),
        ({"CallStatus": "completed", "HangupCause": "user_busy"}, "busy"),
        ({"CallStatus": "completed", "CallDuration": "0", "HangupCause": "timeout"}, "no-answer"),
        ({"CallStatus": "completed", "HangupCause": "originator_cancel"}, "canceled"),
        ({"CallStatus": "completed", "HangupCause": "unallocated_number"}, "failed"),
        (
            {"CallStatus": "completed", "AnsweredTime": "2024-01-15T10:30:15Z", "HangupCause": "timeout"},
            "completed",
        ),
        ({"CallStatus": "no-answer", "HangupCause": "user_busy"}, "no-answer"),
    ],
)
def test_how_a_leg_ended(told: dict[str, str], status: str) -> None:
    assert by_twilios_names(told)["CallStatus"] == status


def test_a_moment() -> None:
    told = by_twilios_names({"Timestamp": "2024-01-15T10:30:00.250Z"})
    assert told["Timestamp"] == "Mon, 15 Jan 2024 10:30:00 +0000"
    assert by_twilios_names({"Timestamp": "yesterday"})["Timestamp"] == ""


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ({"ShakenStirAttestation": "B", "ShakenStirValidated": "true"}, "TN-Validation-Passed-B"),
        ({"ShakenStirAttestation": "A", "ShakenStirValidated": "false"}, None),
        ({}, None),
    ],
)
def test_who_vouches_for_the_number(told: dict[str, str], verdict: str | None) -> None:
    assert by_twilios_names(told).get("StirVerstat") == verdict


@pytest.mark.parametrize(
    ("caller_id", "name"),
    [("John Doe", "John Doe"), ("+12125550111", None), ("12125550111", None), ("anonymous", None)],
)
def test_the_callers_name(caller_id: str, name: str | None) -> None:
    assert by_twilios_names({"CallerId": caller_id}).get("CallerName") == name
