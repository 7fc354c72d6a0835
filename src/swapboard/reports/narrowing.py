"""What each report can be narrowed by: one that counts visits too knows nothing of what only calls have."""

from collections.abc import Mapping, Sequence

from swapboard.language import _
from swapboard.reports.dimension import OF_VISITS, Dimension
from swapboard.reports.filter import BadFilter, Term
from swapboard.reports.report_kind import Kind

_EVERYTHING = tuple(Dimension)
_OF_SOME: Mapping[Kind, Sequence[Dimension]] = {
    Kind.POOLS: [each for each in Dimension if each in OF_VISITS or each is Dimension.POOL],
}


def narrowed_by(kind: Kind) -> Sequence[Dimension]:
    """What a filter of the report can ask of."""
    return _OF_SOME.get(kind, _EVERYTHING)


def fitting(kind: Kind, terms: Sequence[Term]) -> tuple[Term, ...]:
    """The terms, if the report knows all that they ask of. Raises BadFilter."""
    known = narrowed_by(kind)
    if strange := next((each.dimension for each in terms if each.dimension not in known), None):
        raise BadFilter(
            _("This report counts visits, which have no %(name)r; it can be narrowed by: %(known)s.")
            % {"name": strange.value, "known": ", ".join(known)}
        )
    return tuple(terms)
