"""Pages and the API on SQLite, and every second test of them on PostgreSQL: what asks a database has both.

All of it on both was a sixth of the processor time of all tests. `SWAPBOARD_TEST_SEED` chooses others.
"""

from collections.abc import Container
from pathlib import Path
from zlib import crc32

import pytest

from tests import chance

_HERE = Path(__file__).parent
_SHARED_OUT = (_HERE / "dashboard", _HERE / "api", _HERE / "test_rubbish.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    collected = {each.nodeid for each in items}
    left_out = [each for each in items if _is_for_another_seed(each, collected)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        is_left_out = set(left_out)
        items[:] = [each for each in items if each not in is_left_out]


def _is_for_another_seed(item: pytest.Item, collected: Container[str]) -> bool:
    """Never what is not run on SQLite as well, be it of PostgreSQL alone or asked for by its name."""
    on = getattr(item, "callspec", None)
    if on is None or on.params.get("database_url") != "postgresql":
        return False
    is_shared_out = isinstance(item, pytest.Function) and any(map(item.path.is_relative_to, _SHARED_OUT))
    is_on_both = is_shared_out and item.nodeid.replace("postgresql", "sqlite") in collected
    return is_on_both and crc32(f"{chance.SEED}{item.nodeid}".encode()) % 2 == 1
