"""One server and one website for all pages; a new profile for each visit."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.browser.conftest import launched
from tests.browser.gallery.business import Gallery, running_server
from tests.browser.gallery.origin import running_origin
from tests.browser.gallery.visit import EAR, EYE, GOOGLEBOT, Look, look_at


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """The real server, with the businesses of the pages."""
    with running_server(tmp_path_factory.mktemp("gallery")) as running:
        yield running


@pytest.fixture(scope="session")
def origin(gallery: Gallery) -> Iterator[str]:
    """The website that has the pages."""
    with running_origin(gallery) as url:
        yield url


@pytest.fixture(scope="session")
def mirror(browser: Browser) -> Iterator[BrowserContext]:
    """A profile for looking at documents without the tracker; one does for all."""
    context = browser.new_context()
    context.add_init_script(EYE)
    yield context
    context.close()


@pytest.fixture(scope="session")
def looking_glass(mirror: BrowserContext) -> Look:
    """The page in which all of them are opened, for a page of its own takes as long as what is looked at in it."""
    return look_at(mirror)


@pytest.fixture
def reference(looking_glass: Look) -> Look:
    """A page without the tracker, that has heard nothing yet."""
    looking_glass.page.goto("about:blank")
    looking_glass.forget()
    return looking_glass


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes further profiles, watched from the inside: other people, as far as a site can tell."""
    opened: list[BrowserContext] = []

    def fresh(**options: object) -> BrowserContext:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.add_init_script(EYE)
        opened.append(context)
        return context

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def googlebot(playwright: Playwright, browser: Browser) -> Iterator[BrowserContext]:
    """Says it is Google's crawler, with JavaScript on. Firefox says so for all its profiles or none."""
    options = {"user_agent": GOOGLEBOT} if browser.browser_type.name == "chromium" else {}
    settings = {"general.useragent.override": GOOGLEBOT}
    with launched(playwright, browser.browser_type.name, firefox_settings=settings) as running:
        context = running.new_context(**options)  # type: ignore[arg-type]
        context.add_init_script(EYE)
        yield context


@pytest.fixture
def heard(visitor: Callable[..., BrowserContext]) -> BrowserContext:
    """A profile whose pages keep what they ask the server (ear.js)."""
    context = visitor()
    context.add_init_script(EAR)
    return context
