"""People's ways: each counted once, and the drawing loses nobody."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from swapboard.attribution.lead_paths import LONGEST_WAY, LeadPath, laid_together, links_of, path_of, sizes_of
from swapboard.web.dashboard.sankey import HEIGHT, WIDTH, sankey

WAYS = st.lists(st.tuples(st.lists(st.sampled_from("abc"), max_size=7), st.sampled_from(["call", "form"])))


def _paths(ways: list[tuple[list[str], str]]) -> Sequence[LeadPath]:
    return laid_together(path_of(steps, ended_as, "Offline") for steps, ended_as in ways)


@given(WAYS)
def test_everybody_is_on_one_way(ways: list[tuple[list[str], str]]) -> None:
    paths = _paths(ways)
    assert sum(path.leads for path in paths) == len(ways)
    assert [path.leads for path in paths] == sorted((path.leads for path in paths), reverse=True)
    for path in paths:
        assert path.otherwise == ("" if path.steps else "Offline")
        told = [tuple(steps) for steps, ended_as in ways if ended_as == path.ended_as]
        cut = [steps for steps in told if len(steps) > LONGEST_WAY]
        alike = [steps for steps in (cut if path.is_cut else told) if steps[-LONGEST_WAY:] == path.steps]
        assert path.leads == len([steps for steps in alike if (len(steps) > LONGEST_WAY) == path.is_cut])


@given(WAYS)
def test_the_drawing_loses_nobody_and_stays_on_the_sheet(ways: list[tuple[list[str], str]]) -> None:
    links = links_of(_paths(ways))
    visited = [steps for steps, _ended_as in ways if steps]
    ends = sum(size for (place, _name), size in sizes_of(links).items() if place == 0)
    assert ends == len(visited)
    assert sum(link.leads for link in links) == sum(min(len(steps), LONGEST_WAY) for steps in visited)
    drawn = sankey(links)
    assert len(drawn.bands) == len(links)
    # From its left edge on, however few stops there are.
    assert min((node.x for node in drawn.nodes), default=0) == 0
    for node in drawn.nodes:
        assert 0 <= node.x <= drawn.width <= WIDTH
        assert node.y + node.height <= HEIGHT + 0.1
