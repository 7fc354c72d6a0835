"""What only a browser can tell: whether the script ran, and what search engines got to see."""

from collections.abc import Iterator, Sequence

from swapboard.sitecheck.business import Business
from swapboard.sitecheck.finding import Finding, problem, warning
from swapboard.sitecheck.occurrence import Fate, Occurrence, Place
from swapboard.sitecheck.occurrences import occurrences
from swapboard.sitecheck.seen import Seen
from swapboard.sitecheck.snippet import Snippet
from swapboard.sitecheck.swapping import Rules


def seen_findings(
    seen: Seen, tags: Sequence[Snippet], found: Sequence[Occurrence], business: Business, rules: Rules
) -> Iterator[Finding]:
    """What is wrong with the page in the browser."""
    if tags and not seen.has_asked:
        yield warning(
            "script_did_not_ask",
            "In the browser the script did not ask for a number within four seconds.",
            "If the site waits for consent, that is right: nobody consented here. Otherwise look at what failed.",
            *seen.trouble,
        )
    elif seen.trouble:
        yield warning(
            "page_trouble",
            "In the browser something on the page failed.",
            "If numbers are missed here, begin with this.",
            *seen.trouble,
        )
    shown = [
        each for each in occurrences(seen.crawler, business, rules) if each.number in business.tracking_numbers
    ]
    given = [*seen.crawler_swaps, *(f"{each.written} ({each.path})" for each in shown)]
    if given:
        yield problem(
            "crawler_sees_tracking_number",
            "A search engine that runs scripts sees a tracking number on this page.",
            "Swapboard shows crawlers your own number. Look for a proxy that hides their user agent,"
            " or a cache that stored the script's answer.",
            *given,
        )
    changed = [each for each in found if each.fate is Fate.SWAPPED and each.place in {Place.SCRIPT, Place.COMMENT}]
    if changed:
        yield problem(
            "structured_data_changed",
            "In the browser the number was replaced in a place that must keep it.",
            "Another script on the page copies the shown number there; let it use your own number.",
            *(f"{each.written} ({each.path})" for each in changed),
        )
