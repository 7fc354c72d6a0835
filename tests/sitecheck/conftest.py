"""What the tests of a site's check share."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.sitecheck.local_site import LocalSite, serving

# A busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


@pytest.fixture
def site() -> Iterator[LocalSite]:
    """An empty website on this machine."""
    with serving() as running:
        yield running
