"""Whether the script is on a page once, with the right key, and may run and talk there."""

from collections.abc import Iterator, Mapping, Sequence

from swapboard.sitecheck.address import split
from swapboard.sitecheck.business import Business
from swapboard.sitecheck.document import Element, elements
from swapboard.sitecheck.finding import Finding, note, problem, warning
from swapboard.sitecheck.policy import (
    Block,
    Directives,
    blocks_connection,
    blocks_script,
    parse_header,
    parse_meta,
)
from swapboard.sitecheck.snippet import Snippet, metas_before, snippets_held_back, tag_managers

_HEADER = "content-security-policy"


def installation_findings(
    url: str, headers: Mapping[str, str], root: Element, tags: Sequence[Snippet], business: Business
) -> Iterator[Finding]:
    """What is wrong with the script's tag and with what may keep it from working. Headers in lower case."""
    if _is_amp(root):
        yield from _amp_findings(root, business)
        return
    if not tags:
        yield _missing(root, url, business)
        return
    yield from _tag_findings(url, tags, business)
    yield from policy_findings(url, headers, root, tags[0])


def policy_findings(url: str, headers: Mapping[str, str], root: Element, tag: Snippet) -> Iterator[Finding]:
    """What the page's Content Security Policy forbids the script."""
    from_header = parse_header(headers.get(_HEADER, ""))
    before = [policy for content in metas_before(root, tag, url) for policy in parse_meta(content)]
    everywhere = [policy for content in metas_before(root, None, url) for policy in parse_meta(content)]
    host = _origin(tag.load.url)
    if block := blocks_script([*from_header, *before], url, tag.load):
        yield problem(
            "script_blocked",
            "The page's Content Security Policy keeps the script from loading, so nothing is swapped.",
            _how_to_allow(block, host),
            str(block),
        )
    policies: list[Directives] = [*from_header, *everywhere]
    if block := blocks_connection(policies, url, tag.collector):
        yield problem(
            "connection_blocked",
            "The page's Content Security Policy keeps the script from asking its server for a number.",
            f"Add {host} to connect-src.",
            str(block),
        )


def _tag_findings(url: str, tags: Sequence[Snippet], business: Business) -> Iterator[Finding]:
    addresses = [tag.load.url for tag in tags]
    if len(tags) > 1:
        yield problem(
            "script_twice",
            f"The script is on the page {len(tags)} times. Only the first one works, and the others cost time.",
            "Remove all but one: look in the theme, in plugins and in the tag manager.",
            *addresses,
        )
    wrong = [tag.load.url for tag in tags if business.site_key and tag.site_key != business.site_key]
    if wrong:
        yield problem(
            "script_wrong_key",
            "The script on the page belongs to another site of yours, or to somebody else.",
            f"Use the line from your set-up page; its address ends with {business.site_key}.js.",
            *wrong,
        )
    insecure = [address for address in addresses if split(url).scheme == "https" and address.startswith("http:")]
    if insecure:
        yield problem(
            "script_insecure",
            "The page is encrypted and the script's address is not, so browsers do not load it.",
            "Write https:// in the script's address.",
            *insecure,
        )


def _missing(root: Element, url: str, business: Business) -> Finding:
    if held := snippets_held_back(root, url, business.site_key):
        return note(
            "script_waits",
            "A consent tool holds the script back until the visitor agrees, so others keep your own number.",
            "Nothing to do if you meant it. The script can wait for consent by itself: see the site's settings.",
            *(tag.load.url for tag in held),
        )
    if managers := tag_managers(root):
        return warning(
            "script_not_in_source",
            "The script is not in the page's source; a tag manager may add it in the browser.",
            "Check with --render whether it does.",
            *managers,
        )
    return problem(
        "script_missing",
        "The script is not on this page, so visitors who come in here are not followed and see your own number.",
        "Put the line from your set-up page into the template that all pages share.",
    )


def _is_amp(root: Element) -> bool:
    return any("amp" in each.attributes or "⚡" in each.attributes for each in elements(root, "html"))


def _amp_findings(root: Element, business: Business) -> Iterator[Finding]:
    configured = [each.attributes.get("config", "") for each in elements(root, "amp-call-tracking")]
    if not any((business.site_key or "/amp") in address for address in configured):
        yield warning(
            "amp_not_tracked",
            "This is an AMP page, which runs no scripts of one's own, and it does not use AMP's call tracking.",
            "Wrap the number's link in <amp-call-tracking> with your site's AMP address.",
        )


def _how_to_allow(block: Block, host: str) -> str:
    if any(source.lower() == "'strict-dynamic'" for source in block.sources):
        return "The policy has 'strict-dynamic': put the page's nonce on the script's tag too."
    return f"Add {host} to {block.directive}." if block.directive != "sandbox" else "Add allow-scripts to sandbox."


def _origin(url: str) -> str:
    parts = split(url)
    return f"{parts.scheme}://{parts.netloc}"
