"""People's ways as bands of an SVG, drawn by the server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from swapboard.attribution.lead_paths import Link, sizes_of

Stop = tuple[int, str]
WIDTH, HEIGHT = 860.0, 360.0
NODE_WIDTH, GAP = 12.0, 10.0
_LABEL_WIDTH = 130.0
END_LETTERS = 13
"""So many fit beside the last bars, also in a telephone's larger letters: a longer name takes two lines."""
_LONGEST_BAND = (WIDTH - _LABEL_WIDTH) / 2
"""Where people came once only, the sheet is as narrow as that needs."""


@dataclass(frozen=True, slots=True)
class Node:
    """A stop: a bar with its name to its right. `place` is how many stops before the end it is."""

    name: str
    place: int
    leads: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Band:
    """So many people from one stop to the next: a path of this width."""

    start: str
    end: str
    leads: int
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Sankey:
    """The whole drawing, as wide as its columns need."""

    width: float
    nodes: Sequence[Node]
    bands: Sequence[Band]


def sankey(links: Sequence[Link]) -> Sankey:
    """Stops in columns, the earliest leftmost; heights go with the people."""
    sizes = sizes_of(links)
    columns: dict[int, list[Stop]] = {}
    for stop in sorted(sizes, key=lambda each: (-sizes[each], each[1])):
        columns.setdefault(stop[0], []).append(stop)
    scale = min((_room(stops) / sum(sizes[each] for each in stops) for stops in columns.values()), default=0.0)
    first = max(columns, default=1)
    step = min(_LONGEST_BAND, (WIDTH - _LABEL_WIDTH) / first)
    nodes = {
        stop: node
        for place, stops in columns.items()
        for stop, node in _stacked(stops, sizes, scale, (first - place) * step).items()
    }
    return Sankey(first * step + _LABEL_WIDTH, list(nodes.values()), _bands(links, nodes, scale))


def _room(stops: Sequence[Stop]) -> float:
    return HEIGHT - _gap(stops) * (len(stops) - 1)


def _gap(stops: Sequence[Stop]) -> float:
    """Narrower where there are many, so that half of the sheet is theirs."""
    return min(GAP, HEIGHT / 2 / len(stops))


def _stacked(stops: Sequence[Stop], sizes: Mapping[Stop, int], scale: float, x: float) -> dict[Stop, Node]:
    found, y = {}, 0.0
    for place, name in stops:
        height = sizes[place, name] * scale
        found[place, name] = Node(name, place, sizes[place, name], round(x, 1), round(y, 1), round(height, 1))
        y += height + _gap(stops)
    return found


def _bands(links: Sequence[Link], nodes: Mapping[Stop, Node], scale: float) -> Sequence[Band]:
    """Bands leave and arrive in the order of the stops at their other ends, so that few cross."""
    left: dict[Stop, float] = {stop: node.y for stop, node in nodes.items()}
    arrived: dict[Stop, float] = dict(left)
    found = []
    for link in sorted(links, key=lambda each: (nodes[each.start].y, nodes[each.end].y)):
        start, end, width = nodes[link.start], nodes[link.end], link.leads * scale
        y1, y2 = left[link.start] + width / 2, arrived[link.end] + width / 2
        left[link.start] += width
        arrived[link.end] += width
        x1, x2 = start.x + NODE_WIDTH, end.x
        middle = (x1 + x2) / 2
        path = f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {middle:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
        found.append(Band(start.name, end.name, link.leads, path, round(max(width, 1.0), 1)))
    return found
