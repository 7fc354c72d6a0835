"""WordPress's back office, by clicks as an owner makes them."""

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.camera import Camera
from tests.browser.conftest import until_loaded
from tests.browser.wordpress.stack import DATABASE, Stack

TITLE = "Brightwater Plumbing"
USER, PASSWORD = "owner", "correct horse battery staple"
EMAIL = "owner@example.com"
PLUGIN_ROW = "tr[data-slug=swapboard]"


@dataclass(frozen=True, slots=True)
class Office:
    """A browser page in which the administrator is logged in."""

    page: Page
    stack: Stack
    packed: Path
    """The plugin's zip."""
    camera: Camera

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.stack.url}/wp-admin/{path}")
        return self.page

    def has_plugin(self) -> bool:
        """Whether the plugin is there and active, by WordPress's own list."""
        ((active,),) = self.stack.rows("SELECT option_value FROM wp_options WHERE option_name = 'active_plugins'")
        return "swapboard/swapboard.php" in active

    def upload_plugin(self) -> None:
        page = self.open("plugin-install.php")
        page.locator(".upload-view-toggle", has_text="Upload Plugin").click()
        page.locator("input[name=pluginzip]").set_input_files(self.packed)
        self.camera.take(page.locator(".upload-plugin"), "2-upload")
        page.get_by_role("button", name="Install Now").click()
        page.get_by_role("link", name="Activate Plugin").click()
        expect(page.locator(f"{PLUGIN_ROW}.active")).to_be_visible()

    def delete_plugin(self) -> None:
        page = self.open("plugins.php")
        page.locator(PLUGIN_ROW).get_by_role("link", name="Deactivate").click()
        page.once("dialog", lambda dialog: dialog.accept())
        page.locator(PLUGIN_ROW).get_by_role("link", name="Delete").click()
        expect(page.locator(f"{PLUGIN_ROW}.deleted")).to_contain_text("successfully deleted")

    def settings(self) -> Page:
        return self.open("options-general.php?page=swapboard")

    def configure(
        self,
        script: str | None = None,
        number: str | None = None,
        first_party: bool = False,
        path: str = "t",
        skip_admins: bool = True,
    ) -> Page:
        """Set all, save, and empty the page cache."""
        page = self.settings()
        if script is not None:
            page.get_by_label("Your line from Swapboard").fill(script)
        if number is not None:
            page.get_by_label("Your phone number").fill(number)
        page.get_by_label("Load the script through this site").set_checked(first_party)
        page.get_by_label("Administrators see your own number").set_checked(skip_admins)
        page.get_by_label("Its path on this site").fill(path)
        page.get_by_role("button", name="Save Changes").click()
        expect(page.locator("#setting-error-settings_updated, .settings-error").first).to_be_visible()
        self.stack.empty_page_cache()
        return page

    def test_connection(self) -> Locator:
        """The lines of the connection test, once the browser has had its say."""
        page = self.settings()
        page.get_by_role("button", name="Test the connection").click()
        found = page.locator("#swapboard-found")
        expect(found).not_to_contain_text("Asking from this browser")
        return found.locator("li")

    def publish(self, title: str, content: str) -> str:
        """A page of the site, and its address. WordPress's own REST interface takes it, as its editor would."""
        address: str = self.page.evaluate(
            """async ([title, content]) => {
                const nonce = await (await fetch("/wp-admin/admin-ajax.php?action=rest-nonce")).text();
                const made = await fetch("/index.php?rest_route=/wp/v2/pages", {
                    method: "POST",
                    headers: {"Content-Type": "application/json", "X-WP-Nonce": nonce},
                    body: JSON.stringify({title, content, status: "publish"}),
                });
                return (await made.json()).link;
            }""",
            [title, content],
        )
        return address


def install_wordpress(page: Page, stack: Stack) -> None:
    """The famous five minutes, and the log-in."""
    page.goto(stack.url)
    page.get_by_role("link", name=re.compile("s go!")).click()
    page.get_by_label("Database Name").fill(DATABASE)
    page.get_by_label("Username").fill("wordpress")
    page.get_by_label("Password", exact=True).fill("wordpress")
    page.get_by_label("Database Host").fill(f"localhost:{stack.socket}")
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("link", name="Run the installation").click()
    page.get_by_label("Site Title").fill(TITLE)
    page.get_by_label("Username").fill(USER)
    # The meter comes late, and a password that it has not weighed counts as weak.
    page.wait_for_function("() => Boolean(window.zxcvbn)")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Your Email").fill(EMAIL)
    expect(page.locator("#pass-strength-result")).to_have_class(re.compile("strong|good"))
    page.get_by_role("button", name="Install WordPress").click()
    page.get_by_role("link", name="Log In").click()
    log_in(page)


def log_in(page: Page) -> None:
    """By the form that is open."""
    page.get_by_label("Username or Email Address").fill(USER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log In").click()
    expect(page).to_have_url(re.compile(r"/wp-admin/"))
    until_loaded(page)


def choose_permalinks(office: Office, kind: str) -> None:
    """`Post name`, which most sites have, or `Plain`."""
    page = office.open("options-permalink.php")
    page.get_by_label(kind).check()
    page.get_by_role("button", name="Save Changes").click()
    expect(page.locator("#setting-error-settings_updated")).to_be_visible()
