"""What a set-up's file has wrong is told by the thing's own name, in words."""

import pytest

from swapboard.moving.toml_text import BadSetup, from_toml


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[[numbers]]\nnumber = "+12025550121"\npool = "P"\nstarts_on = "01.12.2026"',
            "number +12025550121, starts_on: write a day like 2026-11-24.",
        ),
        (
            '[[numbers]]\nnumber = "+12025550121"\npool = "P"\nmonthly_cents = "1,15"',
            "number +12025550121, monthly_cents: write cents as a whole number, such as 115.",
        ),
        (
            '[[numbers]]\nnumber = "0120"',
            "number 0120, number: '0120' is not a phone number; write it with its country code, like",
        ),
        ('[[pools]]\ntarget = "+12025550100"', "pool 1, name: this is missing."),
        (
            '[[rules]]\nname = "Night"\noutcome = "poool"',
            "rule Night, outcome: write one of 'pool', 'static' or 'leave'.",
        ),
        (
            '[[rules]]\nname = "Night"\noutcome = "leave"\n[rules.conditions]\nmoon = ["full"]',
            "rule Night, conditions, moon: write one of 'channel', 'source'",
        ),
        (
            "surprise = 1",
            "surprise: there is nothing of this name; there are format, company, sites, swap_targets",
        ),
        ('[calls]\nmood = "blue"', "calls, mood: there is nothing of this name; there are recording"),
        (
            '[[numbers]]\nnumber = "+12025550121"\npool = "P"\nmonthly_price = 115',
            "number +12025550121, monthly_price: there is nothing of this name; there are number, pool, target,",
        ),
        (
            '[[flows]]\nname = "F"\nstart = "a"\n[flows.steps.a]\nkind = "hang_up"\nmood = 1',
            "flow F, steps, a, hang_up, mood: there is nothing of this name in a set-up; it may be misspelt.",
        ),
        (
            '[[numbers]]\nnumber = "+12025550121"\npool = "P"\nmonthly_cents = -1',
            "number +12025550121, monthly_cents: write 0 or more.",
        ),
        (
            '[[numbers]]\nnumber = "+12025550121"\npool = "P"\nstarts_on = "2026-13-01"',
            "number +12025550121, starts_on: write a day like 2026-11-24.",
        ),
        (
            '[[numbers]]\nnumber = "+12025550121"\ntarget = "+12025550100"\nshort_code = "a b"',
            "number +12025550121, short_code: write 4 to 16 letters and digits",
        ),
        ('pools = "none"', "pools: write this as a list, between [ and ]."),
    ],
)
def test_it_is_told_where_and_what(text: str, said: str) -> None:
    with pytest.raises(BadSetup) as refused:
        from_toml(text)
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, f"a = {'9' * 5_000}"])
def test_what_python_cannot_hold_is_told_as_no_toml(text: str) -> None:
    with pytest.raises(BadSetup, match="This is no TOML"):
        from_toml(text)
