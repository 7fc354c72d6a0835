"""A way through the demo's pages as somebody who is invited to them: what each role sees of them."""

from base64 import b32decode
from collections.abc import Iterator
from time import time

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from playwright.sync_api import Browser, Page

COLLEAGUE, PASSWORD = "ada@example.com", "correct horse battery"
COLLEAGUES = {"Bob": "Read only", "Cleo": "Agent", "Dan": "Analyst"}


def colleagues(browser: Browser, page: Page, home: str) -> Iterator[tuple[str, Page]]:
    """An invitation, and then one person of each lesser role."""
    page.goto(f"{home}/people")
    page.get_by_label("E-mail").fill(COLLEAGUE)
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Invite", exact=True).click()
    yield "people-invited", page
    page.goto(f"{home}/people")
    invitation = page.get_by_role("button", name="Withdraw")
    invitation.first.wait_for()
    for name, role in COLLEAGUES.items():
        yield from _joined(browser, page, home, name, role)
    page.goto(f"{home}/people")
    page.get_by_role("link", name="Remove Bob").click()
    yield "people-remove", page


def _joined(browser: Browser, page: Page, home: str, name: str, role: str) -> Iterator[tuple[str, Page]]:
    """Somebody of this role comes in, looks at the menu, and has a second step from then on."""
    email = f"{name.lower()}@example.com"
    page.goto(f"{home}/people")
    page.get_by_label("E-mail").fill(email)
    page.get_by_role("radio", name=role).check()
    page.get_by_role("button", name="Invite", exact=True).click()
    link = page.locator("#link").inner_text()
    with browser.new_context(reduced_motion="reduce") as context:
        colleague = context.new_page()
        colleague.goto(link)
        if role == "Read only":
            yield "join", colleague
            colleague.goto(link)
        colleague.locator("[name=name]").fill(name)
        for field in ("password", "again"):
            colleague.locator(f"[name={field}]").fill(PASSWORD)
        colleague.get_by_role("button").last.click()
        colleague.goto(f"{home}/calls")
        colleague.locator("details.menu").evaluate("menu => menu.open = true")
        yield f"role-{role.lower().replace(' ', '-')}", colleague
        if role == "Read only":
            colleague.goto(f"{home}/people")
            yield "error-not-yours", colleague
            yield from _second_step(colleague, home, email)


def _second_step(colleague: Page, home: str, email: str) -> Iterator[tuple[str, Page]]:
    colleague.goto(f"{home}/me/second-step")
    secret = b32decode(colleague.locator("pre.code").inner_text().strip())
    code = TOTP(secret, 6, SHA1(), 30).generate(int(time()))  # noqa: S303 what authenticator apps do (RFC 6238)
    colleague.locator("[name=code]").fill(code.decode())
    colleague.locator("[name=now]").fill(PASSWORD)
    colleague.get_by_role("button", name="Switch it on").click()
    yield "me-recovery-codes", colleague
    colleague.context.clear_cookies()
    colleague.goto(f"{home}/login")
    colleague.get_by_label("E-mail").fill(email)
    colleague.get_by_label("Password").fill(PASSWORD)
    colleague.get_by_role("button", name="Log in").click()
    yield "login-code", colleague
