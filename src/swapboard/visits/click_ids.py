"""Click identifiers: the parameters by which ad and mail platforms recognise their own clicks.

The first row that is in the address names source and medium where no UTM tag does. *Proof* means that the
platform adds the parameter to clicks on ads only, so that the visit was paid for; the others only say where a
link stood. docs/sources.md has the same table with the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClickId:
    """What a click identifier says of the visit that carries it."""

    parameter: str
    source: str
    medium: str
    is_proof: bool


def _ad(parameter: str, source: str, medium: str = "cpc") -> ClickId:
    return ClickId(parameter, source, medium, is_proof=True)


def _link(parameter: str, source: str, medium: str) -> ClickId:
    return ClickId(parameter, source, medium, is_proof=False)


CLICK_IDS = (
    _ad("gclid", "google"),
    _ad("gbraid", "google"),
    _ad("wbraid", "google"),
    _ad("msclkid", "bing"),
    _ad("dclid", "dfa", "cpm"),
    _ad("ttclid", "tiktok"),
    _ad("twclid", "twitter"),
    _ad("li_fat_id", "linkedin"),
    _ad("rdt_cid", "reddit"),
    _ad("ScCid", "snapchat"),
    _ad("epik", "pinterest"),
    _ad("yclid", "yandex"),
    _ad("oppref", "chatgpt.com"),
    _ad("ndclid", "nextdoor"),
    _ad("qclid", "quora"),
    _ad("tblci", "taboola"),
    _ad("dicbo", "outbrain"),
    _ad("obclid", "outbrain"),
    _ad("vmcid", "yahoo"),
    _ad("sznclid", "seznam"),
    _ad("bd_vid", "baidu"),
    _ad("irclickid", "impact", "affiliate"),
    _ad("cjevent", "cj", "affiliate"),
    _ad("awc", "awin", "affiliate"),
    _ad("zanpid", "awin", "affiliate"),
    _ad("ranSiteID", "rakuten-affiliate", "affiliate"),
    _ad("sscid", "shareasale", "affiliate"),
    _ad("tduid", "tradedoubler", "affiliate"),
    _ad("gad_source", "google"),
    _ad("gad_campaignid", "google"),
    _ad("gad", "google"),
    _link("fbclid", "facebook", "referral"),
    _link("igshid", "instagram", "referral"),
    _link("igsh", "instagram", "referral"),
    _link("srsltid", "google", "organic"),
    _link("ysclid", "yandex", "organic"),
    _link("mc_cid", "mailchimp", "email"),
    _link("mc_eid", "mailchimp", "email"),
    _link("_hsenc", "hubspot", "email"),
    _link("_hsmi", "hubspot", "email"),
    _link("_kx", "klaviyo", "email"),
    _link("mkt_tok", "marketo", "email"),
    _link("ck_subscriber_id", "convertkit", "email"),
)

PARAMETERS = tuple(click.parameter for click in CLICK_IDS)

# Kept beside the identifiers, though they say nothing of the source by themselves.
COMPANIONS = ("gclsrc", "s_kwcid", "ef_id")

# Search Ads 360 makes a gclid for other engines too (https://support.google.com/searchads/answer/7342044).
_OTHER_ENGINE = frozenset({"3p.ds", "ds"})
# Yahoo! JAPAN Ads names its click identifier as Yandex does, but begins it so.
_YAHOO_JAPAN = ("YSS.", "YJAD.")
_SEARCH_ADS_360 = _ad("gclid", "sa360")


def best_click(found: Mapping[str, str]) -> ClickId | None:
    """The identifier that says most of the visit, of those found in its address (by their own spelling)."""
    if not found:
        return None
    for click in CLICK_IDS:
        if click.parameter in found:
            return _corrected(click, found)
    return None


def _corrected(click: ClickId, found: Mapping[str, str]) -> ClickId:
    if click.parameter == "gclid" and found.get("gclsrc") in _OTHER_ENGINE:
        return _of_another_engine(found)
    if click.parameter == "yclid" and found["yclid"].startswith(_YAHOO_JAPAN):
        return _ad("yclid", "yahoo")
    return click


def _of_another_engine(found: Mapping[str, str]) -> ClickId:
    others = (click for click in CLICK_IDS if click.is_proof and click.parameter != "gclid")
    return next((click for click in others if click.parameter in found), _SEARCH_ADS_360)
