"""What the tests of a site's check share."""

from collections.abc import Iterator

import pytest

from tests.sitecheck.local_site import LocalSite, serving


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """An empty website on this machine."""
    with serving() as running:
        yield running
