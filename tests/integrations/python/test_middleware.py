"""Pages of real WSGI, ASGI and Django applications get their numbers from a real server."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.validate import validator

import django
import httpx
import jinja2
import pytest
import uvicorn
from django.conf import settings as django_settings
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, StreamingResponse
from starlette.routing import Route

from swapboard.accounts.company import Consent
from swapboard_client import Swapboard, asgi, wsgi
from swapboard_client.jinja import install
from swapboard_client.record import COOKIE
from tests.building import BROWSER, ON_SQLITE, TARGETS, rows_of
from tests.integrations.python.conftest import POOL, Running, on_uvicorn

pytestmark = ON_SQLITE

TARGET = TARGETS[0]
TEMPLATE = (
    '<p>{{ phone(target, "Call 020 7946 0100", class_="big") }} {{ phone_number(target, "020 7946 0100") }}</p>'
)
ORIGINAL = f'<p><a href="tel:{TARGET}" class="big">Call 020 7946 0100</a> 020 7946 0100</p>'
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PERSON = {"User-Agent": BROWSER, "Accept": "text/html,*/*;q=0.8", "Sec-Fetch-Dest": "document"}

environment = jinja2.Environment(autoescape=True)
install(environment)


def render() -> str:
    return environment.from_string(TEMPLATE).render(target=TARGET)


def wsgi_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A small application as Flask would be one: it renders, then answers."""
    page = "<p>About us</p>" if environ["PATH_INFO"] == "/about" else render()
    headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public, max-age=600")]
    headers += [
        ("CDN-Cache-Control", "max-age=600"),
        ("Vary", "Accept-Encoding"),
        ("Content-Length", str(len(page))),
    ]
    start_response("200 OK", headers)
    return [page.encode()]


def _answer(request: Request) -> HTMLResponse:
    headers = {"Cache-Control": "public, max-age=600", "CDN-Cache-Control": "max-age=600"}
    shown = "<p>About us</p>" if request.url.path == "/about" else render()
    return HTMLResponse(shown, headers={**headers, "Vary": "Accept-Encoding"})


async def _page(request: Request) -> HTMLResponse:
    return _answer(request)


def _django(swapboard: Swapboard) -> Any:
    """A Django application with one view; the project's settings are made once."""
    if not django_settings.configured:
        templates = {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"libraries": {"swapboard": "swapboard_client.templatetags.swapboard"}},
        }
        django_settings.configure(
            ALLOWED_HOSTS=["*"], INSTALLED_APPS=["swapboard_client"], TEMPLATES=[templates], ROOT_URLCONF=__name__
        )
        django.setup()
    from django.core.wsgi import get_wsgi_application

    return wsgi.SwapboardMiddleware(get_wsgi_application(), swapboard)


def _django_view(request: Any) -> Any:
    from django.http import HttpResponse
    from django.template import engines

    page = (
        '{% load swapboard %}<p>{% phone target "Call 020 7946 0100" class="big" %}'
        ' {% phone_number target "020 7946 0100" %}</p>'
    )
    shown = (
        "<p>About us</p>"
        if request.path == "/about"
        else engines["django"].from_string(page).render({"target": TARGET})
    )
    headers = {"Cache-Control": "public, max-age=600", "CDN-Cache-Control": "max-age=600"}
    return HttpResponse(shown, headers={**headers, "Vary": "Accept-Encoding"})


def _urls() -> list[Any]:
    from django.urls import re_path

    return [re_path("", _django_view)]


class _Patterns:
    """Django looks for the addresses in this module when it is asked for the first page."""

    def __iter__(self) -> Iterator[Any]:
        return iter(_urls())

    def __reversed__(self) -> Iterator[Any]:
        return reversed(_urls())


urlpatterns = _Patterns()

Client = Callable[[Swapboard], AbstractContextManager[httpx.Client]]


def _in_process(app: Any) -> httpx.Client:
    return httpx.Client(transport=httpx.WSGITransport(app), base_url="http://testserver", headers=PERSON)


@contextmanager
def served(app: Any) -> Iterator[httpx.Client]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="off", ws="none")
    with on_uvicorn(config) as url, httpx.Client(base_url=url, headers=PERSON) as client:
        yield client


def over_wsgi(swapboard: Swapboard) -> httpx.Client:
    """`validator` fails on whatever PEP 3333 forbids."""
    return _in_process(validator(wsgi.SwapboardMiddleware(validator(wsgi_app), swapboard)))


def over_django(swapboard: Swapboard) -> httpx.Client:
    return _in_process(_django(swapboard))


def over_asgi(swapboard: Swapboard) -> AbstractContextManager[httpx.Client]:
    return served(asgi.SwapboardMiddleware(Starlette(routes=[Route("/{path:path}", _page)]), swapboard))


def over_lazy_asgi(swapboard: Swapboard) -> AbstractContextManager[httpx.Client]:
    """Plain functions run on threads, and ask when they render."""

    def page(request: Request) -> HTMLResponse:
        return _answer(request)

    app = Starlette(routes=[Route("/{path:path}", page)])
    return served(asgi.SwapboardMiddleware(app, swapboard, ask_first=False))


EVERYWHERE = pytest.mark.parametrize("over", [over_wsgi, over_django, over_asgi, over_lazy_asgi])
LAZY = pytest.mark.parametrize("over", [over_wsgi, over_django, over_lazy_asgi])


def shown_number(page: str) -> str:
    found = re.search(r"tel:(\+\d+)", page)
    assert found
    return found[1]


@EVERYWHERE
def test_the_page_arrives_with_the_visitors_number(running: Running, over: Client) -> None:
    with over(running.swapboard()) as client:
        answer = client.get("/?gclid=Cj0", headers={"Referer": "https://www.google.com/"})
        number = shown_number(answer.text)
        assert number in POOL
        shown = f"(202) 555-{number[-4:]}"
        assert answer.text == (f'<p><a href="tel:{number}" class="big">Call {shown}</a> {shown}</p>')
        assert answer.headers["cache-control"] == "private, no-store"
        assert "cdn-cache-control" not in answer.headers
        assert answer.headers["vary"] == "Accept-Encoding, Cookie, User-Agent"
        (session,) = running.sessions()
        assert answer.cookies[COOKIE].split("/")[1] == session
        cookie = answer.headers["set-cookie"]
        assert re.fullmatch(rf"{COOKIE}=\w+/\w+/\d+; Path=/; Max-Age=34560000; SameSite=Lax", cookie)


@EVERYWHERE
def test_the_next_page_goes_on_with_the_session(running: Running, over: Client) -> None:
    with over(running.swapboard()) as client:
        first = client.get("/")
        again = client.get("/contact")
        assert shown_number(again.text) == shown_number(first.text)
        assert "set-cookie" not in again.headers
        assert again.headers["cache-control"] == "private, no-store"
        assert len(running.sessions()) == 1


def test_cookies_that_come_in_headers_of_their_own_are_all_read(running: Running) -> None:
    """As Granian passes on what browsers send by HTTP/2."""
    with over_asgi(running.swapboard()) as client:
        kept = client.get("/").cookies[COOKIE]
        client.cookies.clear()
        apart = [*PERSON.items(), ("Cookie", "a=b;"), ("Cookie", f"{COOKIE}={kept};"), ("Cookie", "c=d")]
        again = client.request("GET", "/contact", headers=apart)
        assert "set-cookie" not in again.headers
        assert len(running.sessions()) == 1


@EVERYWHERE
def test_the_script_on_the_page_beats_for_the_same_session(running: Running, over: Client) -> None:
    """What the tracker would send: the ids of the cookie."""
    with over(running.swapboard()) as client, httpx.Client(headers={"User-Agent": BROWSER}) as browser:
        page = client.get("/")
        visitor, session, _ = page.cookies[COOKIE].split("/")
        address = f"{running.url}/t/{running.business.site.site_key}"
        message = {"visitor": visitor, "session": session, "url": "http://testserver/", "targets": [TARGET]}
        visited = browser.post(f"{address}/visit", json=message).json()
        assert visited["session"] == session
        assert visited["swaps"][TARGET]["number"] == shown_number(page.text)
        beat = browser.post(f"{address}/beat", json={"session": session, "state": "visible"})
        assert beat.status_code == 204
        assert running.sessions() == [session]


@EVERYWHERE
def test_crawlers_see_the_original_and_caches_may_keep_it(running: Running, over: Client) -> None:
    with over(running.swapboard()) as client:
        answer = client.get("/", headers={"User-Agent": GOOGLEBOT})
        assert answer.text == ORIGINAL
        assert answer.headers.get("cache-control") == "public, max-age=600"
        assert answer.headers["vary"] == "Accept-Encoding, Cookie, User-Agent"
        assert "set-cookie" not in answer.headers
        assert running.sessions() == []


@LAZY
def test_a_page_without_a_number_takes_none(running: Running, over: Client) -> None:
    with over(running.swapboard()) as client:
        answer = client.get("/about")
        assert answer.text == "<p>About us</p>"
        assert answer.headers["cache-control"] == "public, max-age=600"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert running.sessions() == []


@EVERYWHERE
@pytest.mark.parametrize(
    "request_",
    [
        {"method": "POST"},
        {"method": "HEAD"},
        {"headers": {"Accept": "application/json"}},
        {"headers": {"Sec-Fetch-Dest": "empty"}},
        {"headers": {"Sec-Purpose": "prefetch;prerender"}},
    ],
)
def test_what_nobody_looks_at_takes_no_number(running: Running, over: Client, request_: dict[str, Any]) -> None:
    with over(running.swapboard()) as client:
        answer = client.request(**{"method": "GET", "url": "/", **request_})
        assert answer.text in {ORIGINAL, "", "Method Not Allowed"}
        assert running.sessions() == []


@EVERYWHERE
@pytest.mark.parametrize("running", [Consent.WAIT], indirect=True)
def test_consent_is_asked_for_where_the_site_waits_for_it(running: Running, over: Client) -> None:
    def consent(cookies: Any) -> str | None:
        return "granted" if cookies.get("consent") == "yes" else None

    with over(running.swapboard(consent=consent)) as client:
        assert client.get("/").text == ORIGINAL
        assert running.sessions() == []
        assert shown_number(client.get("/", headers={"Cookie": "consent=yes"}).text) in POOL


@EVERYWHERE
def test_without_a_server_the_page_shows_its_own_number(running: Running, over: Client) -> None:
    for swapboard in (
        running.swapboard(url="http://127.0.0.1:9"),
        running.swapboard(key="sb_wrong"),
        running.swapboard(site_id="nosuchsite"),
    ):
        with over(swapboard) as client:
            answer = client.get("/")
            assert (answer.status_code, answer.text) == (200, ORIGINAL)
            assert answer.headers["cache-control"] == "public, max-age=600"
            assert "set-cookie" not in answer.headers


def test_an_async_endpoint_asks_for_itself(running: Running) -> None:
    async def page(request: Request) -> HTMLResponse:
        await request.state.swapboard.ask()
        return HTMLResponse(render())

    app = Starlette(routes=[Route("/", page)])
    with served(asgi.SwapboardMiddleware(app, running.swapboard(), ask_first=False)) as client:
        assert shown_number(client.get("/").text) in POOL


def test_an_async_endpoint_that_forgets_to_ask_blocks_nobody(
    running: Running, caplog: pytest.LogCaptureFixture
) -> None:
    app = Starlette(routes=[Route("/{path:path}", _page)])
    with served(asgi.SwapboardMiddleware(app, running.swapboard(), ask_first=False)) as client:
        assert client.get("/").text == ORIGINAL
        assert "ask()" in caplog.text
        assert running.sessions() == []


def test_a_streamed_page_is_passed_on_as_it_comes(running: Running) -> None:
    """ASGI: the first part is sent before the second is made."""
    sent: list[bytes] = []
    sent_when_second_was_made: list[int] = []

    async def parts() -> Any:
        yield b"<p>first</p>"
        sent_when_second_was_made.append(len(sent))
        yield render().encode()

    async def page(request: Request) -> StreamingResponse:
        return StreamingResponse(parts(), media_type="text/html")

    app = asgi.SwapboardMiddleware(Starlette(routes=[Route("/", page)]), running.swapboard())

    async def noting(scope: Any, receive: Any, send: Any) -> None:
        async def note(message: Any) -> None:
            if message["type"] == "http.response.body":
                sent.append(message["body"])
            await send(message)

        await app(scope, receive, note)

    with served(noting) as client:
        answer = client.get("/")
    assert sent_when_second_was_made == [1]
    assert answer.headers["cache-control"] == "private, no-store"
    assert shown_number(answer.text) in POOL


def test_what_is_rendered_after_the_headers_shows_the_original(running: Running) -> None:
    """WSGI: the headers cannot say any more that the page is private."""

    def late(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html")])

        def parts() -> Iterator[bytes]:
            yield b"<main>"
            yield render().encode()

        return parts()

    app = wsgi.SwapboardMiddleware(late, running.swapboard())
    with httpx.Client(transport=httpx.WSGITransport(app), base_url="http://testserver", headers=PERSON) as client:
        answer = client.get("/")
    assert answer.text == f"<main>{ORIGINAL}"
    assert "cache-control" not in answer.headers
    assert running.sessions() == []


def test_over_real_sockets(running: Running) -> None:
    """wsgiref's own server, as a browser meets it."""

    class Quiet(WSGIRequestHandler):
        def log_request(self, code: object = "-", size: object = "-") -> None:
            return

    with make_server(
        "127.0.0.1", 0, wsgi.SwapboardMiddleware(wsgi_app, running.swapboard()), handler_class=Quiet
    ) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            answer = httpx.get(
                f"http://127.0.0.1:{server.server_port}/?utm_source=mail&utm_medium=email", headers=PERSON
            )
        finally:
            server.shutdown()
            thread.join()
    assert shown_number(answer.text) in POOL
    (session,) = rows_of(running.engine, "sessions")
    assert (session["channel"], session["device"]) == ("Email", "desktop")
    assert session["landing_page"].endswith("/?utm_source=mail&utm_medium=email")
