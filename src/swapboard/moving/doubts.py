"""What of a set-up's file comes in though no other door would take it, with what to write instead.

A backup must always come back, also one of older days, and do what it did.
"""

from collections.abc import Iterator, Sequence

from swapboard.moving.setup import Setup
from swapboard.numbers.condition_values import contradiction_of, fault_of
from swapboard.numbers.conditions import Field


def doubts(setup: Setup) -> Iterator[str]:
    """A sentence or two for each: values that no visit could have, and a fallback that rings somewhere else."""
    for rule in setup.rules:
        for asked, values in rule.conditions.items():
            yield from _of_condition(rule.name, asked, values)
    stands_for = {each.number: each.target for each in setup.numbers}
    for pool in setup.pools:
        if pool.fallback and stands_for.get(pool.fallback, pool.target) != pool.target:
            yield f"The pool {pool.name!r} falls back on {pool.fallback}, which does not stand for {pool.target}."


def _of_condition(name: str, asked: Field, values: Sequence[str]) -> Iterator[str]:
    wrong = [(value, said) for value in values if (said := fault_of(asked, value))]
    for value, said in wrong:
        yield f"The rule {name!r} has {asked.value} = {value!r}, which no visit has. {said}"
    if not wrong and (said := contradiction_of(asked, values)):
        yield f"The rule {name!r}, {asked.value}: {said}"
