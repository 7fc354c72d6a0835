"""The number behind a link."""

import pytest

from swapboard.sitecheck.links import linked_number


@pytest.mark.parametrize(
    "href",
    [
        "tel:+12025550100",
        "TEL:+1(202)555-0100",
        " tel:202-555-0100",
        "tel:(202)%20555-0100;ext=7",
        "te\nl:+12025550100",
        "tel://2025550100",
        "sms:+12025550100?body=Hello%20123",
        "smsto:+12025550100",
        "callto:+12025550100",
        "facetime:+12025550100",
        "whatsapp://send?phone=12025550100&text=1",
        "viber://chat?number=%2B12025550100",
        "https://wa.me/12025550100",
        "//wa.me/12025550100?text=5",
        "https://api.whatsapp.com/send?phone=12025550100",
    ],
)
def test_a_number(href: str) -> None:
    assert linked_number(href, "US") == "+12025550100"


@pytest.mark.parametrize(
    "href",
    [
        "/contact",
        "https://www.example.com/2025550100",
        "mailto:a@example.com",
        "tel:",
        "https://wa.me/",
        "https://[",
        "",
    ],
)
def test_no_number(href: str) -> None:
    assert linked_number(href, "US") is None
