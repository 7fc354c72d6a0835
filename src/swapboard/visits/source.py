"""Where a visit came from: `classify(url, referrer)` → channel, source, medium, campaign, keyword, click ids.

Three things can tell, and each fills in what the one before it left open: the UTM tags of the landing page's
address, the click identifier that an ad platform added to it, and the referrer. docs/sources.md explains.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from swapboard.visits.channel import DIRECT, NONE, NOT_SET, Channel, Network, Traffic, channel_of, is_paid
from swapboard.visits.click_ids import ClickId, best_click
from swapboard.visits.hosts import host_of, is_public
from swapboard.visits.known_sites import Kind, KnownSite, site_called
from swapboard.visits.parameters import Parameters, read_parameters, without_control
from swapboard.visits.referrer import Referrer, medium_of, referrer_from, search_term

_NONE: Mapping[str, str] = {}


class Source(NamedTuple):
    """Where a visit came from. Source and medium are written as GA4 writes them; None is "not known".

    Made for every page view, so it is a tuple: a frozen dataclass of so many fields takes three times as long.
    """

    channel: Channel
    source: str
    medium: str
    campaign: str | None = None
    campaign_id: str | None = None
    term: str | None = None
    """The keyword: of the ad, or what was searched for where the search engine still tells."""
    content: str | None = None
    click_ids: Mapping[str, str] = _NONE
    value_track: Mapping[str, str] = _NONE
    referrer: str = ""
    """The whole address; empty for none, for the company's own site and for payment pages."""
    landing_page: str = ""
    """The address without its fragment."""


def classify(url: str, referrer: str = "", *, own_hosts: Collection[str] = ()) -> Source:
    """The source of a visit that begins on `url` (the full address) with `document.referrer` = `referrer`.

    `own_hosts` are the company's other hosts (`example.com`, or whole addresses); a link from one, or from
    beneath one, is no referrer. Never raises: what is no address tells nothing.
    """
    url, referrer = without_control(url).strip(), without_control(referrer).strip()
    told, page_host = read_parameters(url), host_of(url)
    came_from = referrer_from(referrer, page_host, own_hosts)
    click = best_click(told.click_ids)
    if told.campaign:
        source, medium = _tagged(told.campaign, click, came_from)
    else:
        source, medium = _seen(click, came_from) or _hinted(told.hints, page_host, own_hosts)
    value_track = told.value_track if told.campaign or (click and click.is_proof) else _NONE
    campaign_id = value_track.get("campaignid") or told.click_ids.get("gad_campaignid")
    tag = told.campaign.get
    return Source(
        channel=_channel(source, medium, told, click, came_from),
        source=source,
        medium=medium,
        campaign=tag("campaign"),
        campaign_id=tag("campaign_id") or campaign_id,
        term=tag("term") or value_track.get("keyword") or search_term(came_from),
        content=tag("content"),
        click_ids=told.click_ids,
        value_track=value_track,
        referrer=came_from.url,
        landing_page=url.partition("#")[0],
    )


def _tagged(tags: Mapping[str, str], click: ClickId | None, came_from: Referrer) -> tuple[str, str]:
    seen = _seen(click, came_from)
    source, medium = tags.get("source"), tags.get("medium")
    if seen and not medium and (not source or seen[1] != "referral"):
        medium = seen[1]
    source = source or (seen[0] if seen else NOT_SET)
    return source, medium or _own_medium(source) or NOT_SET


def _seen(click: ClickId | None, came_from: Referrer) -> tuple[str, str] | None:
    """Source and medium without any UTM tag: a paid click, else the referrer, else a link's id."""
    if click and (click.is_proof or not came_from.host):
        return click.source, click.medium
    return (came_from.source, came_from.medium) if came_from.host else None


def _own_medium(source: str) -> str | None:
    """Assistants and mailing services put their name in utm_source, and nothing in utm_medium."""
    site, _ = site_called(source)
    return medium_of(site) if site and site.kind in (Kind.ASSISTANT, Kind.MAIL) else None


def _hinted(hints: Mapping[str, str], page_host: str, own_hosts: Collection[str]) -> tuple[str, str]:
    """`?ref=producthunt`: believed of known names and of hosts only, as shops use ref= for other things."""
    hint = hints.get("source", "")
    if is_public(host_of(hint)):
        hint = referrer_from(hint, page_host, own_hosts).source
    elif not site_called(hint)[0]:
        hint = ""
    return (hint, NOT_SET) if hint else (DIRECT, NONE)


def _channel(source: str, medium: str, told: Parameters, click: ClickId | None, came_from: Referrer) -> Channel:
    site, says_ad = site_called(source)
    is_ad = says_ad or (click is not None and click.is_proof)
    return channel_of(
        Traffic(
            source=source.lower(),
            medium=medium.lower(),
            campaign=told.campaign.get("campaign", "").lower(),
            kind=site.kind if site else None,
            network=_network(site, told, came_from) if is_ad or is_paid(medium.lower()) else "",
            is_ad=is_ad,
            is_referred=came_from.host != "",
        )
    )


# {network} of ValueTrack: search ("g", partners "s") is what a Google ad is anyway.
_NETWORKS: Mapping[str, Network] = {
    "x": "cross-network",
    "u": "cross-network",
    "d": "display",
    "ytv": "video",
    "vp": "video",
    "gtv": "video",
}
_NETWORK_OF_REFERRER: Mapping[Kind, Network] = {Kind.VIDEO: "video", Kind.ADS: "display"}


def _network(site: KnownSite | None, told: Parameters, came_from: Referrer) -> Network:
    """The Google Ads network of a click: GA4 knows it from the linked account, we from the address."""
    if site is None or site.name != "google":
        return ""
    said = told.value_track.get("network", "").lower()
    if said:
        return _NETWORKS.get(said, "")
    return _NETWORK_OF_REFERRER.get(came_from.site.kind, "") if came_from.site else ""
