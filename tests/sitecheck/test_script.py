"""The set-up in a site's script, as the server really writes it."""

from dataclasses import replace

import pytest

from swapboard.sitecheck.script import read_setup
from swapboard.sitecheck.swapping import DEFAULT_RULES, Rules


def test_what_a_site_can_set() -> None:
    setup = read_setup(
        'x();(function(c){})({"key":"k","targets":["+12025550100"],"known":{"+12025550143":"+12025550100"},'
        '"watch":{"attributeFilter":["href","data-tel"]},"skip":"head,code","links":"^tel:",'
        '"vanity":[["202-555-CALL","+12025550100","#"]]});'
    )
    assert setup is not None
    assert setup.targets == ("+12025550100",)
    assert setup.rules == Rules(
        ("+12025550143",),
        ("href", "data-tel"),
        ("head", "code"),
        whatsapp=False,
        vanity=(("202-555-CALL", "+12025550100"),),
    )


@pytest.mark.parametrize("text", ["", "var a = 1", '{"key":', '{"key":1}', '{"key":"k","targets":', "<html>"])
def test_what_is_not_ours(text: str) -> None:
    assert read_setup(text) is None


def test_no_more_than_the_least() -> None:
    setup = read_setup('{"key":"k","targets":[],"vanity":"x","watch":5}')
    assert setup is not None
    assert setup.rules == replace(DEFAULT_RULES, numbers=())
