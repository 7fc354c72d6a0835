"""What the script on the page is told of its site: which numbers, how they are written, what to leave alone."""

from collections.abc import Container, Iterable, Mapping

import phonenumbers
from phonenumbers import PhoneMetadata

from swapboard.accounts.company import Consent, Site
from swapboard.accounts.page import Declined, PageOptions
from swapboard.numbers.e164 import calling_code, national, same_shape
from swapboard.switchboard.directory import SiteEntry
from swapboard.visits.hosts import is_same_site, registrable_domain

ATTRIBUTES = ("href", "aria-label", "title", "alt", "placeholder")
CHANGES = {"subtree": True, "childList": True, "characterData": True}
"""The changes of a page that the script looks at, beside those of attributes (MutationObserver's options)."""
UNTOUCHABLE = (
    "textarea",
    "head",
    "script",
    "style",
    "noscript",
    "link",
    "meta",
    "[itemprop=telephone]",
    "[contenteditable]",
    "[data-swapboard=off]",
)
LINKS = "^(?:href)?([tT][eE][lL]|[sS][mM][sS]):"
"""Links that reach a number; the script puts the attribute's name before its value."""
WHATSAPP = "|/wa\\.me/"
APPS = ",".join(
    (
        "[id^=__]>*",
        "#root>*",
        "#react-root>*",
        "#app>*",
        "#q-app>*",
        "#page-view>*",
        "[data-reactroot]",
        "[data-react-class]",
        "[data-server-rendered]",
        "astro-island[ssr]",
        'script[src*="/_next/"]',
        'link[href*="entry.client"]',
    )
)
"""What shows that React or Vue may hydrate the page: servers' renderings, or the frameworks' own scripts.

Left alone until they have. Frameworks: Next, Nuxt, Gatsby, Vite's templates, Quasar, Vike, React on Rails, Vue 2,
Astro, Remix.
"""
MARKS = (" ", "/$", "[")
"""The comments that servers' renderings leave: React's ` ` between two texts and `/$`, and Vue's `[`."""
COOKIES = (
    r"\b(_ga(?:_\w+)?|_fb[pc]|_gcl_aw|_gcl_gb|_uetmsclkid|_ttp|li_fat_id|_pk_id[.\w]*|ph_\w+_posthog)="
    r"(?:%7B[^;]*?distinct_id%22%3A%22)?((?:(?!%22)[^;])+)"
)
"""Analytics' and ad platforms' own ids (facts: each platform's page on its cookies); of PostHog's JSON its id."""

_GAP = r"(?:[^\w,:+%]|%2\w){0,60}"
"""What may stand between two digits of one number: spaces, hyphens, dots, brackets, also percent-encoded.

Not without end, or a long text of nothing else (`%20%20…`) would be read anew from each of its digits.
"""
_OPEN = r"(?:\((?=\W?\d{1,5}\W?\)))?"
"""A bracket belongs to the number where it closes within it: (020) 7946 0958, not (020 7946 0958)."""
_BEFORE = r"(^|[^-.\w#=]|(?:^|\D)[-.]|[a-z](?=\W))"
"""What stands before a number: nothing that would make it a part of an identifier or of more digits."""
_AFTER = r"(?![-.]?\d|_)"
LONGER = r"\+(\d[\W\d]{0,7})?\0|\0\d{4}\s\d{4}\b[^\0]*\0\s\d{4}|\d\d\s\0\d{4}\s\d{4}\b"
"""Another country's number, or a piece of a card or account number in groups of four."""


def configuration(entry: SiteEntry, host: str) -> dict[str, object]:
    """The script's configuration (tracker/src/config.ts) for a script that is loaded from `host`."""
    site, page = entry.site, entry.site.page
    known = {**entry.shown, **{number: number for number in entry.plan.targets}}
    told: dict[str, object] = {
        "key": site.site_key,
        "targets": list(entry.plan.targets),
        "shapes": [shape(code, length) for code, length in _shapes(known)],
        "not": LONGER,
        "known": known,
        "beat": site.beat_seconds,
        "session": entry.session_seconds,
        "consent": site.consent,
        "piece": _piece(entry.plan.targets, entry.shown),
        "links": f"^(?!href)|{LINKS}{WHATSAPP if page.whatsapp else ''}",
        "apps": APPS,
        "marks": MARKS,
        "watch": {**CHANGES, "attributeFilter": list(dict.fromkeys((*ATTRIBUTES, *page.attributes)))},
        "skip": ",".join(_untouchable(page)),
        "credentials": "include" if is_first_party(site, host) else "omit",
        "parts": list(_parts(entry)),
    }
    return {**told, **_optional(site, entry.plan.targets)}


def is_first_party(site: Site, host: str) -> bool:
    """Whether a cookie that the server sets at this host is one of the site's own."""
    return site.consent is not Consent.COOKIELESS and any(is_same_site(host, own) for own in site.hosts)


def shape(code: str, length: int) -> tuple[str, int, str]:
    """How numbers with this calling code and so many digits after it are written, for JavaScript's RegExp.

    With or without the code, and with the country's trunk prefix (libphonenumber). Its groups are what stands
    before the number, and the number.
    """
    trunk = _trunk_prefix(code)
    international = rf"(?:(?:(?:\+|%2B|00|011){_GAP})?{code}{_GAP})?"
    national = (f"(?:{trunk}{_GAP})?" if trunk else "") + rf"\d(?:{_GAP}\d){{{length - 1}}}"
    return f"+{code}", length, rf"{_BEFORE}({_OPEN}{international}{national}){_AFTER}"


def _shapes(known: Iterable[str]) -> list[tuple[str, int]]:
    """The longest first, so that a number is not taken for a shorter one that it begins with."""
    found = {(code, len(number) - 1 - len(code)) for number in known for code in (calling_code(number),)}
    return sorted(found, key=lambda each: (-each[1], each[0]))


def _trunk_prefix(code: str) -> str:
    metadata = PhoneMetadata.metadata_for_region(phonenumbers.region_code_for_country_code(int(code)), None)
    prefix = metadata.national_prefix if metadata else None
    # In North America the trunk prefix is the calling code.
    return prefix if prefix and prefix != code else ""


def _piece(targets: Iterable[str], shown: Iterable[str]) -> str:
    """The end of successive texts (with NULs between) that a number may be spread over.

    Its last text's only digits are two to six successive ones of a target, or the ends of a tracking number; or
    its last seven digits stand apart, each from the next, as a target's do that has an element for each.
    """
    found = {
        target[start:end]
        for target in targets
        for start in range(1, len(target))
        for end in range(start + 2, min(start + 6, len(target)) + 1)
    }
    for number in shown:
        subscriber = number.removeprefix(f"+{calling_code(number)}")
        found |= {subscriber[:3], subscriber[:4], subscriber[-4:]}
    apart = (r"\D+".join(target[-7:]) for target in targets)
    return "|".join((rf"(^|\0)\D*({'|'.join(sorted(found)) or '(?!)'})\D*$", *(rf"{each}\D*$" for each in apart)))


def _untouchable(page: PageOptions) -> Iterable[str]:
    allowed = {"[itemprop=telephone]"} if page.microdata else set()
    yield from (each for each in UNTOUCHABLE if each not in allowed)
    if page.calltrk:
        yield "[data-calltrk-noswap]"
    yield from page.skip


def _parts(entry: SiteEntry) -> Iterable[str]:
    site, page = entry.site, entry.site.page
    wanted: Mapping[str, bool] = {
        "choices": site.consent is Consent.WAIT,
        "vanity": bool(page.vanity),
        "forms": page.forms or page.calltrk,
        "compat": page.calltrk,
        "handover": bool(page.linked_hosts),
        "abroad": page.whatsapp and not all(same_shape(*pair) for pair in entry.shown.items()),
    }
    return (name for name, is_wanted in wanted.items() if is_wanted)


def _vanity(site: Site, targets: Container[str]) -> list[tuple[str, str, str, str]]:
    vanity = (each for each in site.page.vanity if each.target in targets)
    return [(each.text, each.target, each.template, national(each.target)) for each in vanity]


def _optional(site: Site, targets: Container[str]) -> dict[str, object]:
    page = site.page
    optional: Mapping[str, object] = {
        "cookies": COOKIES if site.consent is not Consent.COOKIELESS else None,
        "denied": 1 if page.declined is Declined.CHANNEL_STATIC else None,
        "forms": list(page.form_fields) if page.forms or page.calltrk else None,
        "auto": 1 if page.forms else None,
        "vanity": _vanity(site, targets) or None,
        "hosts": list(page.linked_hosts) or None,
        "domains": list(dict.fromkeys(registrable_domain(host) or host for host in site.hosts)) or None,
    }
    return {name: value for name, value in optional.items() if value is not None}
