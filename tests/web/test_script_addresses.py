"""The addresses that the script asks, with the eyes of a block list."""

import re
from importlib.resources import files

from swapboard.settings import read_settings
from swapboard.web.script import tracker_source

_BLOCKED = re.compile(
    r"track|analytic|telemetry|pixel|beacon|metric|collect|stat(?!ic)|(?<![a-z])(?:ads?|log|hit|event)(?![a-z])"
    r"|/visit/init\?|call[-_]?(?:track|rail)|dni"
)
"""Words that block lists look for in addresses (EasyPrivacy's general rules, and those of call tracking)."""


def test_no_address_that_a_page_asks_has_a_word_that_block_lists_look_for() -> None:
    parts = [file.name for file in (files("swapboard.web") / "static" / "parts").iterdir()]
    doors = ["visit", "beat", "amp"]
    core = tracker_source()
    assert "hydration.js" in parts
    assert all(f'"/{door}"' in core for door in doors[:2])
    prefix = read_settings({}).path_prefix
    addresses = [f"{prefix}/0123456789abcdef{rest}" for rest in (".js", *(f"/{name}" for name in parts + doors))]
    assert [each for each in addresses if _BLOCKED.search(each)] == []
    assert all(
        _BLOCKED.search(each)
        for each in ("/call-tracking.js", "/tracker.min.js", "/beacon.js", "/t/track?event=x")
    )
