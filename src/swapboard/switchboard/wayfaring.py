"""The ways that people took before they got in touch, from the database."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection

from swapboard.attribution.lead_paths import LeadPath, laid_together, path_of
from swapboard.reports.counting import CountedBy
from swapboard.reports.dimension import Dimension
from swapboard.switchboard.crediting import Asked, Span, ways_to_leads
from swapboard.switchboard.filed_credits import not_filed
from swapboard.switchboard.filed_ways import filed_paths


def lead_paths(
    connection: Connection, company_id: str, span: Span, dimension: Dimension = Dimension.CHANNEL
) -> Sequence[LeadPath]:
    """Of all leads of the span, by best match; without steps are those of whom no visit is known."""
    by = CountedBy.BEST_MATCH
    filed = span.filed(company_id, by)
    asked = Asked(company_id, span.look_back_days, by, (dimension,))

    def others() -> Iterator[LeadPath]:
        for each in ways_to_leads(connection, asked, not_filed(connection, filed)):
            touches = each.ways[0].touches if each.ways else ()
            steps = [touch.counts_for for touch in touches]
            yield path_of(steps, each.record.lead.began_as.value, each.otherwise[0])

    return laid_together([*filed_paths(connection, filed, dimension), *others()])
