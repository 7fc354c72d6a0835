"""What calls can be filtered by."""

from sqlalchemy import Connection, Engine

from swapboard.calls.call import CallEvent, EventKind, Facts, Outcome
from swapboard.calls.facets import facets
from swapboard.clock import DAY, Millis
from swapboard.storage.engine import writing
from swapboard.switchboard.ringing import Told, receive
from swapboard.switchboard.visiting import admit
from tests.building import BILLBOARD, NOW, Business, a_visit, open_business

AD = "https://www.example.com/?utm_source=google&utm_medium=cpc&utm_campaign="


def call(
    connection: Connection, business: Business, ref: str, dialled: str, at: Millis, ends: bool = False
) -> None:
    """A call arrives, and is missed if it ends."""
    events = [CallEvent(ref, "", EventKind.ARRIVED, 1, at, Facts(dialled=dialled, caller="+442079460123"))]
    if ends:
        events.append(CallEvent(ref, "", EventKind.DIAL_ENDED, 2, at, Facts(outcome=Outcome.NO_ANSWER)))
    receive(connection, [Told(business.company_id, business.carrier_id, tuple(events), {}, at)])


def test_values_are_counted_within_the_period_most_frequent_first(engine: Engine) -> None:
    with writing(engine) as connection:
        business, stranger = open_business(connection), open_business(connection)
        for number, campaign in enumerate(("Spring", "Winter", "Winter")):
            visit = a_visit(business, now=NOW, url=f"{AD}{campaign}")
            [admitted] = admit(connection, [visit])
            call(connection, business, f"ad-{number}", admitted.swaps[0].number, NOW, ends=number == 0)
        call(connection, business, "board", BILLBOARD, NOW + DAY)
        call(connection, business, "nowhere", "+442079460999", NOW + DAY)
        call(connection, stranger, "board", BILLBOARD, NOW)

        every = facets(connection, business.company_id, None, None)
        assert list(every.statuses.items()) == [("ringing", 4), ("missed", 1)]
        assert list(every.channels.items()) == [("Paid Search", 3), ("Offline", 1)]
        assert list(every.campaigns.items()) == [("Winter", 2), ("Billboard", 1), ("Spring", 1)]
        assert every.calls == 5
        first_day = facets(connection, business.company_id, NOW, NOW + DAY)
        assert (first_day.calls, first_day.channels) == (3, {"Paid Search": 3})
        second_day = facets(connection, business.company_id, NOW + DAY, None)
        assert (second_day.calls, second_day.channels) == (2, {"Offline": 1})
        assert facets(connection, stranger.company_id, None, None).channels == {"Offline": 1}
