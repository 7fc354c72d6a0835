"""Which way a call goes by where its caller is from, or by the visit that made it."""

from swapboard.calls.flow_event import Visit
from swapboard.calls.nodes import Branch, GeoRoute


def way_from(node: GeoRoute, caller: str | None, region: str | None) -> str:
    """Where a caller from there goes: by the longest beginning of the number, then by state, then by country."""
    begins = [area for area in node.areas if area.startswith("+") and (caller or "").startswith(area)]
    if begins:
        return node.areas[max(begins, key=len)]
    country = (region or "").partition("-")[0]
    return next((node.areas[area] for area in (region, country) if area and area in node.areas), node.otherwise)


def way_by(node: Branch, visit: Visit) -> str:
    """Where a call of this visit goes."""
    fitting = (case.then for case in node.cases if fits(case.value, getattr(visit, case.asked)))
    return next(fitting, node.otherwise)


def fits(wanted: str, fact: str | None) -> bool:
    """True when the fact is the text, whatever the case; `*` at an end stands for anything."""
    if fact is None:
        return False
    wanted, fact = wanted.lower(), fact.lower()
    inner = wanted.strip("*")
    if wanted.startswith("*") and wanted.endswith("*"):
        return inner in fact
    if wanted.startswith("*"):
        return fact.endswith(inner)
    return fact.startswith(inner) if wanted.endswith("*") else fact == wanted
