"""The parameters of a landing page's address that say where the visitor came from."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote_plus

from swapboard.visits.click_ids import COMPANIONS, PARAMETERS

# Matomo's names (https://matomo.org/faq/reports/what-is-campaign-tracking/) beside Google's.
_CAMPAIGN = {
    "source": "utm_source mtm_source pk_source piwik_source matomo_source",
    "medium": "utm_medium mtm_medium pk_medium piwik_medium matomo_medium",
    "campaign": "utm_campaign utm_name mtm_campaign pk_campaign pk_cpn piwik_campaign matomo_campaign",
    "campaign_id": "utm_id mtm_cid pk_cid piwik_cid matomo_cid",
    "term": "utm_term mtm_keyword mtm_kwd pk_keyword pk_kwd piwik_keyword piwik_kwd matomo_kwd",
    "content": "utm_content mtm_content pk_content piwik_content matomo_content",
    # Of these only that they are there is kept: the link was tagged.
    "source_platform": "utm_source_platform",
    "creative_format": "utm_creative_format",
    "marketing_tactic": "utm_marketing_tactic",
}

# ValueTrack (https://support.google.com/google-ads/answer/6305348), Microsoft's equals, HubSpot's hsa_ names.
_VALUE_TRACK = {
    "network": "network hsa_src",
    "matchtype": "matchtype match_type hsa_mt",
    "device": "device",
    "devicemodel": "devicemodel",
    "keyword": "keyword hsa_kw",
    "querystring": "querystring",
    "campaignid": "campaignid campaign_id hsa_cam",
    "adgroupid": "adgroupid adgroup_id hsa_grp",
    "creative": "creative adid ad_id hsa_ad",
    "targetid": "targetid target_id hsa_tgt",
    "target": "target",
    "placement": "placement",
    "adposition": "adposition",
    "adtype": "adtype",
    "loc_physical_ms": "loc_physical_ms loc",
    "loc_interest_ms": "loc_interest_ms",
    "extensionid": "extensionid",
    "feeditemid": "feeditemid",
    "merchant_id": "merchant_id",
    "product_id": "product_id",
    "product_partition_id": "product_partition_id",
    "product_channel": "product_channel",
    "store_code": "store_code",
    "account": "hsa_acc",
    "ad_network": "hsa_net",
}

# Plausible, Fathom and Yandex Metrica read these; Swapboard believes them only where nothing better is known.
_HINTS = {"source": "utm_referrer ref source referrer referer"}

_Group: TypeAlias = Mapping[str, str]
# What tags hold when they were never filled in: `{keyword}`, `__CAMPAIGN_NAME__`, `[ad]`, `%%SITE%%`, `null`.
_UNFILLED = re.compile(
    r"(?:null|undefined|\(not (?:set|provided)\)|\{.*\}|__[a-z_]+__|\[[\w-]+\]|%%\w+%%)\Z", re.IGNORECASE
)
_UNFILLED_BEGINS = frozenset("nNuU({_[%")  # asked first: the expression takes as long as all else of a tag
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


class Parameters(NamedTuple):
    """What an address says of its visit's source, by canonical names; values are decoded, never empty."""

    campaign: _Group
    click_ids: _Group
    value_track: _Group
    hints: _Group


def _names(group: str, spellings: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    place = Parameters._fields.index(group)
    return {name: (place, canonical) for canonical, names in spellings.items() for name in names.split()}


_KNOWN = {
    **_names("hints", _HINTS),
    **_names("value_track", _VALUE_TRACK),
    **_names("campaign", _CAMPAIGN),
    **_names("click_ids", {name: name.lower() for name in (*PARAMETERS, *COMPANIONS)}),
}
_TELLS_NOTHING = Parameters({}, {}, {}, {})


def read_parameters(url: str) -> Parameters:
    """The source parameters of an address; names in any case, the first filled value of a name counts.

    The fragment is read too (`#utm_source=…`), as Google Analytics and Matomo allow.
    """
    if "=" not in url:
        return _TELLS_NOTHING
    address, _, fragment = url.partition("#")
    query = address.partition("?")[2]
    if "=" in fragment:
        query = f"{query}&{fragment.rpartition('?')[2]}"
    found: tuple[dict[str, str], ...] = ({}, {}, {}, {})
    for pair in query.split("&"):
        name, _, raw = pair.partition("=")
        known = _KNOWN.get(name) or _KNOWN.get(_folded(name))
        if known and known[1] not in found[known[0]]:
            value = _decoded(raw) if "%" in raw or "+" in raw else raw.strip()
            if is_filled(value):
                found[known[0]][known[1]] = value
    return Parameters(*found)


def without_control(text: str) -> str:
    """The text without control characters and lone surrogates, which no database column takes."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def is_filled(value: str) -> bool:
    """Whether it says something, and is not what a tag holds that nobody filled in."""
    return value != "" and (value[0] not in _UNFILLED_BEGINS or not _UNFILLED.match(value))


def _folded(name: str) -> str:
    """`amp;UTM%5FSource` is `utm_source`: what pages and mail programs make of a link."""
    return (unquote_plus(name) if "%" in name else name).lower().removeprefix("amp;")


def _decoded(value: str) -> str:
    return _remembered(value) if len(value) <= _LONGEST else _unquoted(value)


def _unquoted(value: str) -> str:
    return without_control(unquote_plus(value)).strip()


_LONGEST = 200  # the tags of a campaign come again and again; longer values would fill the cache
_remembered = lru_cache(maxsize=4096)(_unquoted)
