"""Which device a user agent is of, by the strings that browsers of each sort send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.visits.device import device_of

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {WEBKIT}"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "kind", "label"),
    [
        (
            f"{IPHONE} Version/18.1 Mobile/15E148 Safari/604.1",
            "phone",
            "Mobile Safari on iOS",
        ),
        (
            f"{IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]",
            "phone",
            "Facebook on iOS",
        ),
        (f"Mozilla/5.0 (Linux; Android 10; K) {BLINK} Mobile Safari/537.36", "phone", "Chrome Mobile on Android"),
        (
            "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0",
            "phone",
            "Firefox Mobile on Android",
        ),
        (
            "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
            "phone",
            "Firefox Mobile on KaiOS",
        ),
        (
            "Opera/9.80 (J2ME/MIDP; Opera Mini/9.80/191.303; U; en) Presto/2.12.423 Version/12.16",
            "phone",
            "Opera Mini",
        ),
        (
            f"Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) {WEBKIT} Version/12.1 Mobile/15E148 Safari/604.1",
            "tablet",
            "Mobile Safari on iOS",
        ),
        (f"Mozilla/5.0 (Linux; Android 13; SM-X700) {BLINK} Safari/537.36", "tablet", "Chrome on Android"),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36 Edg/130.0.0.0",
            "desktop",
            "Edge on Windows",
        ),
        (
            f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/18.1 Safari/605.1.15",
            "desktop",
            "Safari on Mac OS X",
        ),
        ("", "desktop", "an unknown browser"),
    ],
)
def test_a_device(user_agent: str, kind: str, label: str) -> None:
    device = device_of(user_agent)
    assert (device.kind, device.label) == (kind, label)


@given(st.text(max_size=300))
def test_any_text_is_of_some_device(user_agent: str) -> None:
    device = device_of(user_agent)
    assert device.kind in ("phone", "tablet", "desktop")
    assert device.label
