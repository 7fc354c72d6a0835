"""Consent platforms' words, as real ones say them: what is asked for, what is not, and what is stored."""

import pytest

from tests.browser.gallery.test_visitors import OWN, Visitor, arrive, own_number, shown, stored
from tests.browser.gallery.visit import Look, wait_for

pytestmark = pytest.mark.browser

_GTAG = "window.dataLayer = window.dataLayer || []; window.gtag = function () { dataLayer.push(arguments); };"
_STUB = "window.waiting = []; window.__tcfapi = (...asked) => { waiting.push(asked); };"
_PLATFORM = """
  const listeners = [];
  const data = (eventStatus, yes) => ({
    gdprApplies: true, eventStatus, purpose: { consents: yes ? { 1: true, 7: true, 8: true } : {} },
  });
  window.__tcfapi = (command, version, callback) => {
    if (command === 'addEventListener') { listeners.push(callback); callback(data('cmpuishown'), true); }
  };
  window.choose = (yes) => listeners.forEach((each) => each(data('useractioncomplete', yes), true));
  waiting.forEach((asked) => __tcfapi(...asked));
"""


def _speaking(origin: str, visitor: Visitor, words: str) -> Look:
    """The page that waits for consent, where a consent platform has said this before our script came."""
    context = visitor()
    context.add_init_script(words)
    live = arrive(context, origin, "consent-wait.html")
    live.page.wait_for_load_state("networkidle")
    return live


def _is_untouched(live: Look) -> None:
    # The reader looks twice a second: two looks later nothing may have come of it.
    live.page.wait_for_timeout(1100)
    assert live.asked("/visit") + live.asked("/beat") == []
    assert own_number(live) == OWN
    assert not stored(live)


def _is_as_if_never_here(live: Look) -> None:
    wait_for(lambda: own_number(live) == OWN and not stored(live), live)
    live.page.wait_for_timeout(1100)
    assert own_number(live) == OWN
    assert not stored(live)
    assert live.said == []


def test_consent_mode_denied_then_granted_then_revoked(origin: str, visitor: Visitor) -> None:
    live = _speaking(origin, visitor, _GTAG + "gtag('consent', 'default', {analytics_storage: 'denied'});")
    _is_untouched(live)

    live.page.evaluate("gtag('consent', 'update', {analytics_storage: 'granted'})")
    shown(live)
    wait_for(lambda: stored(live), live)
    assert len(live.asked("/visit")) == 1
    live.page.evaluate("gtag('consent', 'update', {analytics_storage: 'denied'}); document.body.click()")
    _is_as_if_never_here(live)


def test_a_region_that_must_be_asked_is_not_taken_for_granted(origin: str, visitor: Visitor) -> None:
    live = _speaking(
        origin,
        visitor,
        _GTAG
        + "gtag('consent', 'default', {analytics_storage: 'denied', region: ['ES']});"
        + "gtag('consent', 'default', {analytics_storage: 'granted'});",
    )
    _is_untouched(live)


def test_a_late_framework_is_heard_and_its_refusal_stays(origin: str, visitor: Visitor) -> None:
    live = _speaking(origin, visitor, _STUB)
    _is_untouched(live)
    live.page.evaluate(_PLATFORM)
    _is_untouched(live)

    live.page.evaluate("choose(true)")
    shown(live)
    wait_for(lambda: stored(live), live)
    live.page.evaluate("choose(false)")
    _is_as_if_never_here(live)


def test_an_old_yes_in_the_data_layer_does_not_undo_a_refusal(origin: str, visitor: Visitor) -> None:
    granted = "gtag('consent', 'default', {analytics_storage: 'granted'});"
    live = _speaking(origin, visitor, _GTAG + granted + _STUB)
    shown(live)
    live.page.evaluate(_PLATFORM + "choose(false);")
    _is_as_if_never_here(live)
