"""What a file leaves out and a company's things keep: auto-scale, what is printed, since when a number rests."""

from collections.abc import Collection, Mapping, Sequence

from swapboard.moving.setup import NumberSetup, PoolSetup
from swapboard.numbers.inventory import NumberStatus


def pools_kept(had: Sequence[PoolSetup], wanted: Sequence[PoolSetup]) -> list[PoolSetup]:
    """A pool without `auto_scale` keeps its own."""
    scaled = {pool.name: pool.auto_scale for pool in had}
    return [
        pool if pool.auto_scale else pool.model_copy(update={"auto_scale": scaled.get(pool.name)})
        for pool in wanted
    ]


def numbers_kept(
    had: Sequence[NumberSetup], wanted: Sequence[NumberSetup], taken: Collection[str]
) -> list[NumberSetup]:
    """Numbers with the codes of their short links, which are printed, and the beginning of their quarantine.

    `taken` are the codes of other companies: one leads to one place only, and theirs stays theirs.
    """
    known = {each.number: each for each in had}
    return [_kept(known.get(each.number), each, taken) for each in wanted]


def _kept(had: NumberSetup | None, wanted: NumberSetup, taken: Collection[str]) -> NumberSetup:
    code = None if wanted.short_code in taken else wanted.short_code
    rests_since = wanted.quarantined_at or (had.quarantined_at if had else None)
    kept: Mapping[str, str | None] = {
        "short_code": code or (had.short_code if had else None),
        "quarantined_at": rests_since if wanted.status is NumberStatus.QUARANTINED else None,
    }
    return wanted.model_copy(update=kept)
