"""The journal is searched alike on both engines."""

import pytest
from sqlalchemy import Engine

from swapboard.accounts.audit import Act, Asked, entries_like, note
from swapboard.storage.engine import reading, writing
from tests.building import NOW, open_business


@pytest.mark.parametrize(
    "asked",
    [
        Asked(actor="key märz"),
        Asked(actor="MÄRZ"),
        Asked(subject="über"),
        Asked(subject="ÜBERSICHT"),
        Asked(subject="10%_"),
        Asked(subject="nowhere", addresses=("übersicht",)),
    ],
)
def test_a_part_is_found_in_any_case_beyond_ascii_too(engine: Engine, asked: Asked) -> None:
    with writing(engine) as connection:
        company_id = open_business(connection).company_id
        note(connection, company_id, "key März", Act.CHANGED, "Übersicht, 10%_", NOW)
        note(connection, company_id, "key April", Act.CHANGED, "Liste, 10 %", NOW)
    with reading(engine) as connection:
        [found] = entries_like(connection, company_id, asked, 9)
    assert found.actor == "key März"
