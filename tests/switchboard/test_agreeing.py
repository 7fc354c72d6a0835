"""What of a click the platform knows it by, where our conversions stand beside theirs."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from swapboard.accounts.secrets import Vault
from swapboard.accounts.store import company_by_id
from swapboard.clock import DAY
from swapboard.conversions.conversion import Rule
from swapboard.conversions.deliveries import put_in
from swapboard.conversions.outbox import State
from swapboard.conversions.store import DestinationRecord, add_destination
from swapboard.reports.agreement import Theirs
from swapboard.storage.engine import writing
from swapboard.storage.schema import deliveries
from swapboard.switchboard.agreeing import agreement_with
from tests.building import open_business
from tests.conversions.people import CALL, NOW, ORIGIN, a_message

_OF_THE_AD = {"gad_campaignid": "23", "gad_source": "1"}
"""What Google adds to every click on it."""


@pytest.mark.parametrize(
    ("one", "other", "is_shared"),
    [
        ({"gclid": "Cj0a"}, {"gclid": "Cj0b"}, False),
        ({"gclid": "Cj0a"}, {"gclid": "Cj0a"}, True),
        ({"gbraid": "0Aa"}, {"wbraid": "0Aa"}, False),
        ({}, {}, False),
    ],
)
def test_two_calls_share_a_click_by_its_own_name_and_not_by_their_campaign_s(
    engine: Engine, tmp_path: Path, one: Mapping[str, str], other: Mapping[str, str], is_shared: bool
) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        settings = {"conversion_name": "Phone call"}
        record = DestinationRecord("d" * 32, company_id, "google_ads_feed", "Ads", settings, "", Rule(), True, NOW)
        add_destination(connection, record)
        for place, clicks in enumerate((one, other)):
            contact = replace(
                CALL, origin=replace(ORIGIN, click_ids={**_OF_THE_AD, **clicks}), contact_id=f"{place}" * 32
            )
            put_in(
                connection,
                company_id,
                record.destination_id,
                replace(a_message(contact), conversion_id=f"{place}"),
            )
        connection.execute(update(deliveries).values(state=State.SENT))
        company = company_by_id(connection, company_id)
        assert company
        theirs = Theirs({date(2026, 11, 1): Decimal(0), date(2026, 11, 30): Decimal(0)}, "Conversions")
        vault = Vault.open(tmp_path / "secret.key")
        agreed = agreement_with(connection, vault, company, record, theirs, NOW + DAY)
    reasons = [str(reason) for day in agreed.days for reason in day.reasons]
    assert any("share their click" in each for each in reasons) is is_shared
    assert any("were taken but are not shown" in each for each in reasons)
