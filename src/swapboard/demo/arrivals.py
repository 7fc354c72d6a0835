"""The ways in which people arrive at the invented business's site."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrival:
    """A click that ends on the site. `weight` is how common it is, `call_share` how many of them call."""

    name: str
    says: str
    path: str
    referrer: str
    weight: float
    call_share: float
    form_share: float = 0.012
    answered_share: float = 0.9
    """Of those who call by day; fewer at night and at noon."""


ARRIVALS = (
    Arrival(
        "Search ad: emergency",
        "Searched for “emergency plumber near me” and clicked the ad",
        "/emergency?utm_source=google&utm_medium=cpc&utm_campaign=emergency-2026&utm_content=ad-1"
        "&utm_term=emergency+plumber+near+me&adgroupid=Near+me&matchtype=p&network=g&device=m&gclid={click}",
        "https://www.google.com/",
        22,
        0.14,
    ),
    Arrival(
        "Search ad: at night",
        "Searched for “24 hour plumber” and clicked the ad",
        "/emergency?utm_source=google&utm_medium=cpc&utm_campaign=emergency-2026&utm_content=ad-2"
        "&utm_term=24+hour+plumber&adgroupid=Night&matchtype=e&network=g&device=m&gclid={click}",
        "https://www.google.com/",
        6,
        0.15,
    ),
    Arrival(
        "Search ad: drains",
        "Searched for “blocked drain” and clicked the ad",
        "/drains?utm_source=google&utm_medium=cpc&utm_campaign=drains-2026&utm_term=blocked+drain&adgroupid=Drains"
        "&gclid={click}",
        "https://www.google.com/",
        14,
        0.09,
        answered_share=0.55,
    ),
    Arrival(
        "Search ad: Bing",
        "Clicked an ad on another search engine",
        "/?utm_source=bing&utm_medium=cpc&utm_campaign=brand&utm_term=brightwater+plumbing&adgroupid=Brand&msclkid={click}",
        "https://www.bing.com/",
        6,
        0.1,
    ),
    Arrival("Search", "Searched and clicked a free result", "/", "https://www.google.com/", 20, 0.07),
    Arrival("Search: DuckDuckGo", "Searched elsewhere", "/drains", "https://duckduckgo.com/", 4, 0.06),
    Arrival(
        "Social ad",
        "Clicked an ad on a social network",
        "/?utm_source=facebook&utm_medium=paid_social&utm_campaign=spring-check&fbclid={click}",
        "https://l.facebook.com/",
        9,
        0.03,
        form_share=0.06,
    ),
    Arrival("Social post", "Followed a friend's post", "/?fbclid={click}", "https://m.facebook.com/", 6, 0.03),
    Arrival(
        "E-mail",
        "Clicked the newsletter",
        "/contact?utm_source=newsletter&utm_medium=email&utm_campaign=winter-care",
        "",
        6,
        0.06,
    ),
    Arrival("Assistant", "Asked an AI assistant", "/emergency", "https://chatgpt.com/", 3, 0.08),
    Arrival("Directory", "Came from a local directory", "/", "https://directory.example.com/plumbers", 5, 0.08),
    Arrival("Direct", "Typed the address", "/", "", 12, 0.06),
)
