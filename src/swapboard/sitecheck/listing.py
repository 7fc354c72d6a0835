"""Name, address and phone: what pages tell search engines, held against the verified number and each other."""

from collections.abc import Iterator, Sequence

import phonenumbers

from swapboard.numbers.e164 import NotANumber, international, parse_number
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.finding import Finding, problem, warning
from swapboard.sitecheck.structured import Listing, StructuredData, comparable


def listing_findings(data: StructuredData, business: Business) -> Iterator[Finding]:
    """What is wrong with one page's structured data."""
    if data.broken:
        yield warning(
            "structured_data_broken",
            "The page's JSON-LD cannot be read, so search engines do not read it either.",
            "Repair it: a missing comma or an unescaped quotation mark is the usual cause.",
            *data.broken,
        )
    for listing in data.listings:
        number = telephone(listing, business)
        if number not in business.numbers:
            yield _different(listing, number, business)


def telephone(listing: Listing, business: Business) -> str | None:
    """The listing's number as E.164, or None when it is no phone number."""
    country = business.country or phonenumbers.region_code_for_number(phonenumbers.parse(business.numbers[0]))
    try:
        return parse_number(listing.telephone.removeprefix("tel:"), country)
    except NotANumber:
        return None


def consistency_findings(listings: Sequence[tuple[str, Listing]], business: Business) -> Iterator[Finding]:
    """Names and addresses that differ between pages, though the phone is the same; `listings` with their pages."""
    by_number: dict[str, list[tuple[str, Listing]]] = {}
    for url, listing in listings:
        by_number.setdefault(telephone(listing, business) or listing.telephone, []).append((url, listing))
    for number, same in by_number.items():
        for what in ("name", "address"):
            variants: dict[str, list[str]] = {}
            for url, listing in same:
                written = getattr(listing, what)
                if written:
                    variants.setdefault(comparable(written) or "", []).append(f"{written} ({url})")
            if len(variants) > 1:
                yield warning(
                    f"{what}_differs",
                    f"Your pages give search engines different {what}s for {number}.",
                    f"Write the {what} in the same way everywhere, as in your Google Business Profile.",
                    *(pages[0] for pages in variants.values()),
                )


def _different(listing: Listing, number: str | None, business: Business) -> Finding:
    verified = " or ".join(international(each) for each in business.numbers)
    where = f"{listing.telephone} ({listing.source}, {listing.kind} {listing.name or ''})".replace(" )", ")")
    if number in business.tracking_numbers:
        return problem(
            "structured_data_tracking_number",
            "The page tells search engines a tracking number instead of your own.",
            f"Write {verified} in the page's {listing.source}.",
            where,
        )
    if number is None:
        return problem(
            "structured_data_no_number",
            "What the page tells search engines as your telephone is no phone number.",
            f"Write {verified} in the page's {listing.source}.",
            where,
        )
    return problem(
        "structured_data_different",
        "The page tells search engines another number than your verified one.",
        f"Write {verified} in the page's {listing.source}; if the other number is yours too, add --number for it.",
        where,
    )
