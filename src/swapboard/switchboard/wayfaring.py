"""The ways that people took before they got in touch, from the database."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from swapboard.attribution.lead_paths import LeadPath, paths_of
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.switchboard.crediting import Span, ways_to_leads


def lead_paths(
    connection: Connection, company_id: str, span: Span, dimension: Dimension = Dimension.CHANNEL
) -> Sequence[LeadPath]:
    """Of all leads that began in the span, by best match; without steps are those of whom no visit is known."""

    def ways() -> Iterator[tuple[Sequence[str], str]]:
        for each in ways_to_leads(connection, company_id, span, CountedBy.BEST_MATCH, dimension):
            touches = each.ways[0].touches if each.ways else ()
            yield [touch.counts_for for touch in touches], each.record.lead.began_as.value

    return paths_of(ways())
