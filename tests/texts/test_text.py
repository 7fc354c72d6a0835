"""Whether, and what, a missed caller is written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.calls.call import Status
from swapboard.clock import HOUR
from swapboard.texts.text import MissedCall, WhyNot, filled_in, is_missed, stops, text_for, why_not
from tests.building import NOW

LINE, CALLER, LANDLINE = "+12025550120", "+12125550111", "+442079460123"
MISSED = (Status.MISSED, Status.BUSY, Status.FAILED, Status.ABANDONED)


@given(st.sampled_from(sorted(Status)), st.booleans(), st.booleans())
def test_only_an_ended_call_that_nobody_and_no_mailbox_took_is_missed(
    status: Status, has_ended: bool, is_known: bool
) -> None:
    call = MissedCall(status, LINE if is_known else None, CALLER, NOW if has_ended else None)
    assert is_missed(call) == (status in MISSED and has_ended and is_known)


@pytest.mark.parametrize(
    ("caller", "is_spam", "late", "reason"),
    [
        (CALLER, False, 0, None),
        (None, False, 0, WhyNot.WITHHELD),
        (CALLER, True, 0, WhyNot.SPAM),
        (LANDLINE, False, 0, WhyNot.NO_TEXTS),
        ("+447911123456", False, 0, None),
        ("+18005550100", False, 0, WhyNot.NO_TEXTS),
        (CALLER, False, HOUR + 1, WhyNot.LATE),
    ],
)
def test_who_is_not_written(caller: str | None, is_spam: bool, late: int, reason: WhyNot | None) -> None:
    assert why_not(MissedCall(Status.MISSED, LINE, caller, NOW - late, is_spam), NOW) is reason


@given(st.dictionaries(st.sampled_from(["", LINE, "+12025550121"]), st.text(max_size=20)), st.text(max_size=20))
def test_a_numbers_own_words_go_before_its_flows_and_these_before_all_others(
    texts: dict[str, str], of_flow: str
) -> None:
    said = text_for(texts, LINE, of_flow)
    if LINE in texts:
        assert said == texts[LINE].strip()
    else:
        assert said == (of_flow.strip() or texts.get("", "").strip())


def test_the_number_that_was_called_is_filled_in() -> None:
    assert filled_in("Missed you at {number}.", LINE) == "Missed you at +1 202-555-0120."


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("STOP", True),
        (" stop. ", True),
        ("Stop!!", True),
        ("STOP ALL", True),
        ("stop texting me", True),
        ("Unsubscribe please", True),
        ("QUIT", True),
        ("Cancel", True),
        ("OPT-OUT", True),
        ("Remove", True),
        ("ARRET", True),
        ("Arrêt.", True),
        ("arre\N{COMBINING CIRCUMFLEX ACCENT}t", True),
        ("Stopp", True),
        ("Stopp!! Bitte nicht mehr schreiben", True),
        ("Baja", True),
        ("Please remove the old boiler", None),
        ("Start", False),
        ("UNSTOP", False),
        ("Cancel my appointment on Friday", None),
        ("At the end of the day", None),
        ("Nonstop", None),
        ("", None),
        ("\u0000☎", None),
    ],
)
def test_stop_is_understood(body: str, wanted: bool | None) -> None:
    assert stops(body) is wanted


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(body: str) -> None:
    assert stops(body) in {True, False, None}
