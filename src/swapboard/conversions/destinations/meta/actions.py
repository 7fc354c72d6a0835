"""What Meta's insights call an event: `action_type` of https://developers.facebook.com/docs/marketing-api/insights

Events of the pixel's first years are counted apart by where they came from; younger ones have one sum; all others
are counted together.
"""

import re
from collections.abc import Sequence

_OLD = frozenset(
    (
        *("add_payment_info", "add_to_cart", "add_to_wishlist", "complete_registration", "initiate_checkout"),
        *("lead", "purchase", "search", "view_content"),
    )
)
_YOUNG = frozenset(
    (
        *("contact", "customize_product", "donate", "find_location", "schedule", "start_trial"),
        *("submit_application", "subscribe"),
    )
)


def action_types(event: str) -> Sequence[str]:
    """Those that an event of this name is counted as."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", event).casefold()
    if name in _OLD:
        return (f"offsite_conversion.fb_pixel_{name}", f"offline_conversion.{name}")
    if name in _YOUNG:
        return (f"{name}_total",)
    return ("offsite_conversion.fb_pixel_custom", "offline_conversion.other")
