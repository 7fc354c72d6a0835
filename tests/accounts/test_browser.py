"""Which browser somebody logged in with."""

from swapboard.accounts.browser import browser_of


def test_browser_and_system_are_named_as_far_as_they_are_known() -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"
    assert browser_of(firefox) == ("Firefox", "Linux")
    assert browser_of("something else") == ("", "")
