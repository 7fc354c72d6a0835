"""What holds for every destination."""

from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints

import pytest

from swapboard.conversions.destinations import installed as registry
from swapboard.conversions.destinations.answers import by_status
from swapboard.conversions.destinations.installed import UnknownDestination, destination_kind, installed, usable
from swapboard.conversions.destinations.request import Answer, Request
from swapboard.conversions.outbox import Outcome
from tests.conversions.people import NOW, a_message, from_visit

_SIGNS_ONLY = {"webhook"}
"""Its secrets sign what is sent, and are not sent."""
_OAUTH = {"client_id": "app", "client_secret": "hush", "refresh_token": "again"}


@pytest.mark.parametrize("name", sorted(set(installed()) - _SIGNS_ONLY))
def test_every_address_that_secrets_go_to_is_known_as_one(name: str) -> None:
    fields = destination_kind(name).fields
    if any(field.secret for field in fields):
        addresses = {each for each in fields if each.name.endswith("url") and not each.secret}
        assert all(each.gets_secrets for each in addresses), name


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "90"}, 90.0),
        (
            {"retry-after": "Wed, 18 Nov 2026 11:08:10 GMT", "date": "Wed, 18 Nov 2026 11:06:40 GMT"},
            90.0,
        ),
        ({"retry-after": "Wed, 18 Nov 2026 11:00:00 GMT", "date": "Wed, 18 Nov 2026 11:06:40 GMT"}, 0.0),
        ({"retry-after": "Wed, 18 Nov 2026 11:08:10 GMT"}, None),
        ({"retry-after": "soon", "date": "Wed, 18 Nov 2026 11:06:40 GMT"}, None),
        ({"retry-after": "9" * 400}, 604_800.0),
        ({"retry-after": "18 Nov 2026 11:08:10 +99999999999999", "date": "Wed, 18 Nov 2026 11:06:40 GMT"}, None),
        ({}, None),
    ],
)
def test_a_platform_s_wish_to_wait_is_kept_in_both_its_forms(
    headers: dict[str, str], seconds: float | None
) -> None:
    assert by_status(Answer(429, headers, b"")).retry_after_seconds == seconds


_OPENED = {
    "google_ads": {"customer_id": "123-456-7890", "conversion_action_id": "5", **_OAUTH},
    "hubspot": {"access_token": "token"},
    "linkedin": {"account_id": "508", "conversion_id": "104012", "access_token": "token"},
    "matomo": {"url": "https://example.com", "site_id": "3"},
    "microsoft_ads": {"customer_id": "1", "account_id": "2", "goal": "Call", "developer_token": "token", **_OAUTH},
    "pipedrive": {"url": "https://brightwater.pipedrive.com", "api_token": "token"},
    "posthog": {"project_key": "phc_0123456789"},
    "salesforce": {"instance_url": "https://brightwater.my.salesforce.com", **_OAUTH},
    "slack": {"url": "https://hooks.slack.com/services/T/B/x"},
    "teams": {"url": "https://example.com/workflows/1?sig=secret"},
    "webhook": {"url": "https://crm.example.com/hook", "secret": "whsec_" + "c2Vj" * 10},
}


@pytest.mark.parametrize("kind", _OPENED)
def test_the_wish_to_wait_is_kept_also_where_a_refusal_may_be_mended(kind: str) -> None:
    def post(request: Request) -> Answer:
        if "token" in request.url:
            return Answer(200, {}, b'{"access_token": "token"}')
        return Answer(403, {"retry-after": "90"}, b"{}")

    message = replace(a_message(from_visit(li_fat_id="click", msclkid="click")), conversion_id="0" * 32)
    (result,) = destination_kind(kind).open(_OPENED[kind]).send([message], NOW, post)
    assert (result.outcome, result.retry_after_seconds) == (Outcome.FAILED, 90.0)


def test_a_package_that_cannot_be_loaded_leaves_the_others_usable(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = next(
        point for point in registry.entry_points(group="swapboard.destinations") if point.name == "webhook"
    )
    theirs = EntryPoint("theirs", "no_such_package:kind", "swapboard.destinations")
    monkeypatch.setattr(registry, "entry_points", lambda **asked: EntryPoints([ours, theirs]).select(**asked))
    monkeypatch.setattr(registry, "installed", registry.installed.__wrapped__)
    assert list(usable()) == ["webhook"]
    with pytest.raises(UnknownDestination, match="its package is broken: ModuleNotFoundError"):
        destination_kind("theirs")
