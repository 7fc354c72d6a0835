"""Who is no visitor: crawlers, scripts, and browsers that fetch a page before anybody looks at it.

They see the original number and hold no lease; a search engine that indexed a tracking number would print it.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from crawleruseragents import is_crawler

# Most crawlers say what they are, and this asks seven times faster than the list. CUBOT makes telephones.
_CRAWLER = re.compile(
    r"(?<!cu)bot(?![a-z])|robots|crawl|spider|slurp|scrap(?:er|y)|archiver|headless|lighthouse|phantomjs|selenium"
    r"|puppeteer|pingdom|uptime|\+https?://|^(?:curl|wget|python|java|go-http|okhttp|libwww|axios|node|ruby|php)\b",
    re.IGNORECASE,
)
_LONGEST = 512  # a browser's user agent is shorter; longer ones must not fill the cache
# https://html.spec.whatwg.org/multipage/speculative-loading.html#the-sec-purpose-header; the rest is older
_PURPOSES = frozenset({"sec-purpose", "purpose", "x-purpose", "x-moz"})


def is_bot(user_agent: str) -> bool:
    """Whether a `User-Agent` is a crawler's, a script's or missing; in-app browsers are people's."""
    return _is_bot(user_agent[:_LONGEST])


def is_prefetch(headers: Mapping[str, str]) -> bool:
    """Whether the browser loads the page ahead (prefetch, prerender). Headers by name in lower case."""
    if _PURPOSES.isdisjoint(headers):
        return False
    purposes = [headers[name].lower() for name in _PURPOSES if name in headers]
    return any(purpose.startswith(("prefetch", "prerender", "preview")) for purpose in purposes)


@lru_cache(maxsize=4096)
def _is_bot(user_agent: str) -> bool:
    return not user_agent.strip() or bool(_CRAWLER.search(user_agent)) or is_crawler(user_agent)
