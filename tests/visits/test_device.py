"""What a visitor holds, told by the user agent."""

import pytest

from swapboard.visits.device import device_of

_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile/15E148"
_IPAD = "Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) Mobile/15E148"
_ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/124.0 Mobile Safari"
_ANDROID_TABLET = "Mozilla/5.0 (Linux; Android 13; SM-X710) Chrome/124.0 Safari"
_KINDLE = "Mozilla/5.0 (Linux; Android 9; KFMAWI) Silk/120.1 Mobile Safari/537.36"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/124.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (_IPHONE, "phone"),
        (_IPAD, "tablet"),
        (_ANDROID, "phone"),
        (_ANDROID_TABLET, "tablet"),
        (_KINDLE, "tablet"),
        (_WINDOWS, "desktop"),
        ("", "desktop"),
    ],
)
def test_the_user_agent_tells_the_device(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
