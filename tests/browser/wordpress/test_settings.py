"""Settings → Swapboard, the connection test, the language, and what is left after the plugin is deleted."""

import httpx
import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Demo
from tests.browser.wordpress.conftest import OWN, line
from tests.browser.wordpress.office import PLUGIN_ROW, Office

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser", ["chromium"], indirect=True)]

OPTIONS = "SELECT option_name FROM wp_options WHERE option_name LIKE '%swapboard%'"


def test_a_deleted_plugin_leaves_nothing_and_a_new_one_knows_its_server(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN, first_party=True)
    httpx.get(f"{plugin.stack.url}/t/{demo.site_key}.js").raise_for_status()
    assert len(plugin.stack.rows(OPTIONS)) > 1

    plugin.delete_plugin()
    assert plugin.stack.rows(OPTIONS) == []

    plugin.upload_plugin()
    page = plugin.page
    page.locator(PLUGIN_ROW).get_by_role("link", name="Settings").click()
    expect(page.get_by_label("Your line from Swapboard")).to_have_value(script(demo))
    expect(page.get_by_label("Your phone number")).to_have_value(OWN)


def test_the_line_is_kept_as_its_address(plugin: Office, demo: Demo) -> None:
    page = plugin.configure(line(demo), OWN)
    expect(page.get_by_label("Your line from Swapboard")).to_have_value(script(demo))


def test_what_is_no_line_is_refused_and_the_old_one_stays(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN)

    for pasted in (
        "calls.example.com",
        "javascript:alert(1)//abcdef.js",
        "https://owner@calls.example.com/t/abcdef.js",
        "https://calls.example.com/t/../x.php?abcdef.js",
        "<b>\"' onfocus=alert(1) autofocus",
    ):
        page = plugin.configure(pasted)
        expect(page.locator(".notice-error")).to_have_count(1)
        expect(page.locator(".notice-error")).to_contain_text("This is not the line from the set-up page")
        expect(page.get_by_label("Your line from Swapboard")).to_have_value(script(demo))


def test_what_is_no_path_is_refused(plugin: Office, demo: Demo) -> None:
    page = plugin.configure(line(demo), OWN, path="../wp-admin")

    expect(page.locator(".notice-error")).to_contain_text("The path may have small letters")
    expect(page.get_by_label("Its path on this site")).to_have_value("t")


def test_markup_in_the_number_is_text(plugin: Office, demo: Demo) -> None:
    page = plugin.configure(line(demo), '"><img src=x onerror=alert(1)>(202) 555-0100')

    expect(page.get_by_label("Your phone number")).to_have_value('">(202) 555-0100')


def test_the_connection_test_sees_that_all_is_well(plugin: Office, demo: Demo) -> None:
    plugin.camera.take(plugin.configure(line(demo), OWN), "3-settings")
    found = plugin.test_connection()
    plugin.camera.take(plugin.page, "4-test")
    assert plugin_says(found) == [
        "✓ The Swapboard server answers and knows this site.",
        "✓ Visits from this site are accepted.",
        "✓ Browsers get the script from the address that your pages name.",
    ]


def test_the_connection_test_goes_the_first_party_way(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN, first_party=True, path="sb")
    with plugin.page.expect_response(f"{plugin.stack.url}/sb/{demo.site_key}.js") as answer:
        found = plugin_says(plugin.test_connection())

    assert answer.value.status == 200
    assert found[-1] == "✓ Browsers get the script from the address that your pages name."


def test_the_connection_test_knows_a_wrong_key(plugin: Office, demo: Demo) -> None:
    plugin.configure(f"{demo.dashboard}/t/nosuchkey.js")
    assert plugin_says(plugin.test_connection()) == [
        "✗ The server answers, but knows no such site. Copy the line from the set-up page once more."
    ]


def test_the_connection_test_knows_a_dead_server(plugin: Office) -> None:
    plugin.configure("http://127.0.0.1:9/t/abcdef.js")
    (said,) = plugin_says(plugin.test_connection())
    assert said.startswith("✗ The Swapboard server does not answer: ")


def test_the_connection_test_knows_a_site_that_is_not_on_the_list(plugin: Office, demo: Demo) -> None:
    site = {"name": "Elsewhere", "hosts": ["elsewhere.example.com"]}
    with httpx.Client(base_url=demo.dashboard, headers={"Authorization": f"Bearer {demo.api_key}"}) as api:
        made = api.post("/api/v1/sites", json=site).raise_for_status().json()
        plugin.configure(made["snippet"])
        found = plugin_says(plugin.test_connection())
        # Other tests look at the same demo.
        api.delete(f"/api/v1/sites/{made['id']}").raise_for_status()

    assert found[1] == (
        "✗ The server refuses visits from 127.0.0.1. Add this host to the hosts of the site in Swapboard."
    )


def test_the_connection_test_leaves_no_visit(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN)
    before = sessions(demo)
    plugin.test_connection()
    assert sessions(demo) == before


def test_nobody_else_may_see_or_change_the_settings(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN)
    options = f"{plugin.stack.url}/wp-admin/options.php"
    forged = {
        "option_page": "swapboard",
        "action": "update",
        "swapboard[script]": "https://evil.example.com/t/abcdef.js",
    }
    stranger = httpx.post(options, data=forged)
    # The administrator's own browser, but without the form's nonce: a forged request.
    cookies = {each["name"]: each["value"] for each in plugin.page.context.cookies()}
    forgery = httpx.post(options, data=forged, cookies=cookies)
    test = httpx.post(
        f"{plugin.stack.url}/wp-admin/options-general.php?page=swapboard",
        data={"swapboard_run": "1", "swapboard_test": "0123456789"},
        cookies=cookies,
    )

    assert stranger.status_code == 302
    assert forgery.status_code == 403
    assert test.status_code == 200
    assert "swapboard-found" not in test.text.replace("#swapboard-found", "")
    expect(plugin.settings().get_by_label("Your line from Swapboard")).to_have_value(script(demo))


def test_it_speaks_german(plugin: Office, demo: Demo) -> None:
    plugin.configure(line(demo), OWN)
    plugin.stack.rows("REPLACE INTO wp_options (option_name, option_value) VALUES ('WPLANG', 'de_DE')")
    try:
        page = plugin.open("options-general.php?page=swapboard")
        expect(page.get_by_label("Ihre Telefonnummer")).to_have_value(OWN)
        page.get_by_role("button", name="Verbindung testen").click()
        expect(page.locator("#swapboard-browser")).to_contain_text("Browser bekommen das Skript")
    finally:
        plugin.stack.rows("DELETE FROM wp_options WHERE option_name = 'WPLANG'")


def test_the_privacy_guide_has_a_paragraph(plugin: Office) -> None:
    guide = plugin.open("options-privacy.php?tab=policyguide").locator("body")
    expect(guide).to_contain_text("we show each visitor a telephone number of their own")


def plugin_says(found: Locator) -> list[str]:
    return [" ".join(text.split()) for text in found.all_text_contents()]


def sessions(demo: Demo) -> list[str]:
    authorised = {"Authorization": f"Bearer {demo.api_key}"}
    listed = httpx.get(f"{demo.dashboard}/api/v1/sessions?limit=5", headers=authorised).raise_for_status().json()
    return [each["id"] for each in listed["data"]]


def script(demo: Demo) -> str:
    return f"{demo.dashboard}/t/{demo.site_key}.js"
