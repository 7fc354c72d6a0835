"""Pages and the API on SQLite, and every second test of them on PostgreSQL: what asks a database has both.

All of it on both was a sixth of the processor time of all tests. `SWAPBOARD_TEST_SEED` chooses others.
"""

from pathlib import Path
from zlib import crc32

import pytest

from tests import chance

_HERE = Path(__file__).parent
_SHARED_OUT = (_HERE / "dashboard", _HERE / "api", _HERE / "test_rubbish.py")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = [each for each in items if _is_for_another_seed(each)]
    if left_out and len(left_out) < len(items):
        config.hook.pytest_deselected(items=left_out)
        items[:] = [each for each in items if not _is_for_another_seed(each)]


def _is_for_another_seed(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function) or not any(map(item.path.is_relative_to, _SHARED_OUT)):
        return False
    on = getattr(item, "callspec", None)
    is_postgresql = on is not None and on.params.get("database_url") == "postgresql"
    return is_postgresql and crc32(f"{chance.SEED}{item.nodeid}".encode()) % 2 == 1
