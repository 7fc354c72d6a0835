"""Troubles begin once, last until they are over, and one company's are nobody else's."""

from swapboard.switchboard.condition import Condition, Standing, Trouble
from tests.building import NOW, StillClock


def test_a_trouble_lasts_from_its_beginning_until_it_is_over() -> None:
    clock = StillClock()
    condition = Condition(clock)
    condition.note(Trouble.NOT_WRITTEN, True)
    clock.now += 5_000
    condition.note(Trouble.NOT_WRITTEN, True)
    assert condition.standing("c") == [Standing(Trouble.NOT_WRITTEN, NOW)]
    condition.note(Trouble.NOT_WRITTEN, False)
    assert condition.standing("c") == []
    condition.note(Trouble.NOT_WRITTEN, True)
    assert condition.standing("c") == [Standing(Trouble.NOT_WRITTEN, NOW + 5_000)]


def test_the_worst_comes_first_and_one_companys_is_nobody_elses() -> None:
    condition = Condition(StillClock())
    condition.note(Trouble.LISTS_UNREAD, True, "c")
    condition.note(Trouble.DATABASE_SILENT, True)
    troubles = [each.trouble for each in condition.standing("c")]
    assert troubles == [Trouble.DATABASE_SILENT, Trouble.LISTS_UNREAD]
    assert [each.trouble for each in condition.standing("other")] == [Trouble.DATABASE_SILENT]
