"""The channel of a visit, by Google Analytics 4's default channel group.

The rules and their order are those of https://support.google.com/analytics/answer/9756891 (case does not
matter). Where GA4 tries the rule of its AI Assistant channel (May 2026) is not published: here it comes
before the organic lists, so that none of them takes an assistant's visit.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple, TypeAlias, get_args

from swapboard.visits.known_sites import Kind

PaidChannel: TypeAlias = Literal[
    "Cross-network",
    "Paid Shopping",
    "Paid Search",
    "Paid Social",
    "Paid Video",
    "Display",
    "Paid Other",
]
Channel: TypeAlias = Literal[
    "Direct",
    PaidChannel,
    "AI Assistant",
    "Organic Shopping",
    "Organic Social",
    "Organic Video",
    "Organic Search",
    "Referral",
    "Email",
    "Affiliates",
    "Audio",
    "SMS",
    "Mobile Push Notifications",
    "Unassigned",
]
CHANNELS: tuple[Channel, ...] = get_args(Channel)
PAID: tuple[PaidChannel, ...] = get_args(PaidChannel)
"""Those of ads."""
_BY_NAME = {channel.casefold(): channel for channel in CHANNELS}
Network: TypeAlias = Literal["", "cross-network", "video", "display"]

DIRECT, NONE, NOT_SET = "(direct)", "(none)", "(not set)"


class Traffic(NamedTuple):
    """What the rules look at: source, medium and campaign in lower case, and what is known beside them."""

    source: str
    medium: str
    campaign: str = ""
    kind: Kind | None = None
    """The kind of site that the source is; None when it is on no list."""
    network: Network = ""
    """The Google Ads network of the click, where it is known and is not search."""
    is_ad: bool = False
    """Proof of a paid click, other than by its medium."""
    is_referred: bool = False
    """The visit came by a link from another site."""


Rule: TypeAlias = tuple[Channel, Callable[[Traffic], bool]]

_SHOP = re.compile(r"(?:^|[^a-df-z])shop|shopping")
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL = frozenset({"social", "social-network", "social-media", "sm", "social network", "social media"})
_EMAIL = re.compile(r"e[-_ ]?mail")
_WORD = re.compile(r"[^\W_]+")
_LOOKS_LIKE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}")


def in_its_spelling(text: str | None) -> str | None:
    """A channel of the list as the list writes it, so that overflowing visits find it; others are free."""
    return _BY_NAME.get(text.casefold(), text) if text is not None else None


def is_paid(medium: str) -> bool:
    """GA4: medium (in lower case) matches `^(.*cp.*|ppc|retargeting|paid.*)$`."""
    return "cp" in medium or medium in ("ppc", "retargeting") or medium.startswith("paid")


def _is_shop(traffic: Traffic) -> bool:
    """GA4: a shopping site, or campaign name matches `^(.*(([^a-df-z]|^)shop|shopping).*)$`."""
    return traffic.kind is Kind.SHOPPING or _SHOP.search(traffic.campaign) is not None


def _is_push(traffic: Traffic) -> bool:
    medium = traffic.medium
    told = medium.endswith("push") or "mobile" in medium or "notification" in medium
    return told or traffic.source == "firebase"


GA4_RULES: tuple[Rule, ...] = (
    ("Direct", lambda t: t.source == DIRECT and t.medium in (NONE, NOT_SET)),
    ("Cross-network", lambda t: "cross-network" in t.campaign or t.network == "cross-network"),
    ("Paid Shopping", lambda t: _is_shop(t) and is_paid(t.medium)),
    ("Paid Search", lambda t: t.kind is Kind.SEARCH and is_paid(t.medium) and not t.network),
    ("Paid Social", lambda t: t.kind is Kind.SOCIAL and is_paid(t.medium)),
    ("Paid Video", lambda t: (t.kind is Kind.VIDEO and is_paid(t.medium)) or t.network == "video"),
    ("Display", lambda t: t.medium in _DISPLAY or t.network == "display"),
    ("Paid Other", lambda t: is_paid(t.medium)),
    ("AI Assistant", lambda t: t.medium == "ai-assistant" or t.kind is Kind.ASSISTANT),
    ("Organic Shopping", _is_shop),
    ("Organic Social", lambda t: t.kind is Kind.SOCIAL or t.medium in _SOCIAL),
    ("Organic Video", lambda t: t.kind is Kind.VIDEO or "video" in t.medium),
    ("Organic Search", lambda t: t.kind is Kind.SEARCH or t.medium == "organic"),
    ("Referral", lambda t: t.medium in ("referral", "app", "link")),
    ("Email", lambda t: bool(_EMAIL.search(t.medium) or _EMAIL.search(t.source))),
    ("Affiliates", lambda t: t.medium == "affiliate"),
    ("Audio", lambda t: t.medium == "audio"),
    ("SMS", lambda t: "sms" in (t.source, t.medium)),
    ("Mobile Push Notifications", _is_push),
)


def _says(traffic: Traffic, *words: str) -> bool:
    """Whether source or medium has one of the words as a whole word."""
    return not {*_WORD.findall(traffic.source), *_WORD.findall(traffic.medium)}.isdisjoint(words)


def _is_plain_link(traffic: Traffic) -> bool:
    named = traffic.kind is Kind.REFERRAL or _LOOKS_LIKE_HOST.fullmatch(traffic.source)
    return traffic.medium == NOT_SET and bool(traffic.is_referred or named)


# Tried only where GA4 says Unassigned: what a person would call these visits.
FURTHER_RULES: tuple[Rule, ...] = (
    ("Email", lambda t: t.kind is Kind.MAIL or _says(t, "newsletter", "newsletters", "mailing")),
    ("Affiliates", lambda t: _says(t, "affiliates", "partner", "partners", "partnership", "partnerships")),
    ("SMS", lambda t: t.medium in ("mms", "rcs", "text", "text-message", "text message")),
    ("Audio", lambda t: t.medium in ("podcast", "radio", "streaming-audio")),
    ("Referral", _is_plain_link),
)

# A click that was paid for is never organic, whatever its tags forgot to say.
PAID_TWIN: dict[Channel, Channel] = {
    "Organic Shopping": "Paid Shopping",
    "Organic Social": "Paid Social",
    "Organic Video": "Paid Video",
    "Organic Search": "Paid Search",
    "AI Assistant": "Paid Other",
    "Referral": "Paid Other",
    "Unassigned": "Paid Other",
}


_RULES = (*GA4_RULES, *FURTHER_RULES)
_LONGEST = 300  # of source, medium and campaign together: longer tags are rare, and would fill the cache


def channel_of(traffic: Traffic) -> Channel:
    """The first channel whose rule is met; an ad click that no tag calls paid gets the paid twin."""
    is_short = len(traffic.source) + len(traffic.medium) + len(traffic.campaign) <= _LONGEST
    return _remembered(traffic) if is_short else _first_met(traffic)


def _first_met(traffic: Traffic) -> Channel:
    channel: Channel = "Unassigned"
    for name, is_met_by in _RULES:
        if is_met_by(traffic):
            channel = name
            break
    return PAID_TWIN.get(channel, channel) if traffic.is_ad else channel


_remembered = lru_cache(maxsize=8192)(_first_met)
