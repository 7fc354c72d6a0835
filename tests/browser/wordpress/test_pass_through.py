"""The pass-through, as an attacker, a wrong server and a server that is down would try it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.browser.wordpress.office import Office
from tests.browser.wordpress.upstream import KEY, Upstream, noting_upstream

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("browser", ["chromium"], indirect=True)]

SCRIPT = b"/* a script */" * 100
SCRIPT_HEADERS = {
    "Content-Type": "text/javascript; charset=utf-8",
    "ETag": 'W/"abc"',
    "Cache-Control": "public, max-age=300",
}


VISIT = (200, {"Content-Type": "application/json"}, b'{"visitor": "v", "session": "s", "swaps": {}, "beat": 20}')


@pytest.fixture(scope="module")
def noting() -> Iterator[Upstream]:
    with noting_upstream() as upstream:
        upstream.answers[".js"] = upstream.answers["/forms.js"] = (200, SCRIPT_HEADERS, SCRIPT)
        yield upstream


@pytest.fixture
def upstream(plugin: Office, noting: Upstream) -> Upstream:
    """The plugin, set to a server that writes down how it was asked."""
    noting.answers["/visit"] = VISIT
    plugin.stack.rows("DELETE FROM wp_options WHERE option_name LIKE '%swapboard_pause'")
    if plugin.settings().get_by_label("Your line from Swapboard").input_value() != noting.script:
        plugin.configure(noting.script, first_party=True)
    return noting


@pytest.fixture
def visitor(plugin: Office) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{plugin.stack.url}/t/{KEY}") as client:
        yield client


def test_the_script_comes_compressed_and_is_kept_for_a_moment(upstream: Upstream, visitor: httpx.Client) -> None:
    asked_before = len(upstream.asked)
    answers = [visitor.get(f"{visitor.base_url}"[:-1] + ".js") for _ in range(2)]

    for answer in answers:
        assert answer.content == SCRIPT
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=300"
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(upstream.asked) - asked_before <= 1

    again = visitor.get(f"{visitor.base_url}"[:-1] + ".js", headers={"If-None-Match": 'W/"abc"'})
    assert again.status_code == 304
    assert again.content == b""
    head = visitor.head(f"{visitor.base_url}"[:-1] + ".js")
    assert (head.status_code, head.content) == (200, b"")


def test_parts_of_the_script_pass(upstream: Upstream, visitor: httpx.Client) -> None:
    answer = visitor.get("/forms.js?v=1")

    assert answer.content == SCRIPT
    assert upstream.asked[-1].path == f"/t/{KEY}/forms.js"


def test_a_visit_passes_with_what_the_server_needs_and_no_more(upstream: Upstream, visitor: httpx.Client) -> None:
    upstream.answers["/visit"] = (
        200,
        {
            "Content-Type": "application/json",
            "Set-Cookie": "_swbv=abc123; Max-Age=1000; Path=/; HttpOnly",
            "X-Secret": "the server's own",
        },
        b"{}",
    )
    sent = {
        "Origin": "http://shop.example.com",
        "User-Agent": "Mozilla/5.0 (a phone)",
        "Sec-GPC": "1",
        "X-Forwarded-For": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "Authorization": "Basic b3duZXI6",
        "Cookie": "wordpress_logged_in_1=secret; _swbv=old; _swbx=no; other=1",
    }
    answer = visitor.post("/visit", content=b'{"url": "x"}', headers=sent)
    asked = upstream.asked[-1]

    assert (asked.method, asked.path, asked.body) == ("POST", f"/t/{KEY}/visit", b'{"url": "x"}')
    assert asked.headers["origin"] == "http://shop.example.com"
    assert asked.headers["user-agent"] == "Mozilla/5.0 (a phone)"
    assert asked.headers["sec-gpc"] == "1"
    assert asked.headers["x-forwarded-for"] == "127.0.0.1"
    assert asked.headers["content-type"].startswith("text/plain")
    assert asked.headers["cookie"] == "_swbv=old"
    assert not {"authorization", "forwarded", "referer"} & set(asked.headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "x-secret" not in answer.headers
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("_swbv=abc123;")
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "path=/", "Max-Age=1000"))


def test_a_cookie_that_ends_is_deleted(upstream: Upstream, visitor: httpx.Client) -> None:
    upstream.answers["/visit"] = (200, {"Set-Cookie": '_swbv=""; Max-Age=0; Path=/; Domain=example.com'}, b"{}")
    cookie = visitor.post("/visit", content=b"{}").headers["set-cookie"]

    assert cookie.startswith("_swbv=deleted;")
    assert "Max-Age=0" in cookie


def test_no_other_cookie_passes(upstream: Upstream, visitor: httpx.Client) -> None:
    upstream.answers["/visit"] = (200, {"Set-Cookie": "wordpress_logged_in_1=stolen; Path=/"}, b"{}")
    assert "set-cookie" not in visitor.post("/visit", content=b"{}").headers


REFUSED = (
    ("GET", "/visit", 405),
    ("PUT", "/beat", 405),
    ("DELETE", ".js", 405),
    ("POST", ".js", 405),
    ("POST", "/forms.js", 405),
    ("POST", "/api/v1/sites", 404),
    ("GET", "/../api/v1/sites", 404),
    ("GET", "/..%2fadmin.js", 404),
    ("GET", "//evil.example.com/x.js", 404),
    ("GET", "/forms.js/x", 404),
    ("GET", "@evil.example.com/x.js", 404),
    ("POST", "/visit/", 404),
    ("POST", "x/visit", 404),
)


def test_nothing_else_passes(plugin: Office, upstream: Upstream, visitor: httpx.Client) -> None:
    before = len(upstream.asked)

    for method, path, status in REFUSED:
        answer = visitor.request(method, f"{plugin.stack.url}/t/{KEY}{path}", follow_redirects=True)
        assert (method, path, answer.status_code) == (method, path, status)
    assert len(upstream.asked) == before


def test_another_sites_key_is_not_passed(plugin: Office, upstream: Upstream) -> None:
    before = len(upstream.asked)
    assert httpx.post(f"{plugin.stack.url}/t/otherkey/visit", content=b"{}").status_code == 404
    assert len(upstream.asked) == before


def test_a_body_has_its_limit(upstream: Upstream, visitor: httpx.Client) -> None:
    before = len(upstream.asked)
    assert visitor.post("/visit", content=b"x" * 8193).status_code == 413
    assert visitor.post("/visit", content=iter([b"x" * 8193])).status_code == 413
    assert len(upstream.asked) == before
    assert visitor.post("/visit", content=b"x" * 8192).status_code == 200


@pytest.mark.parametrize(
    "answer",
    [
        (200, {"Content-Type": "text/javascript"}, b"x" * 200_000),
        (302, {"Location": "http://169.254.169.254/"}, b""),
        (500, {}, b"trace"),
    ],
    ids=["too long", "leads elsewhere", "broken"],
)
def test_a_wrong_answer_does_not_pass_and_the_server_gets_a_pause(
    upstream: Upstream, visitor: httpx.Client, answer: tuple[int, dict[str, str], bytes]
) -> None:
    upstream.answers["/visit"] = answer
    first, asked = visitor.post("/visit", content=b"{}"), len(upstream.asked)
    second = visitor.post("/visit", content=b"{}")

    assert len(upstream.asked) == asked
    for refused in (first, second):
        assert refused.status_code == 503
        assert refused.json() == {"error": "The server does not answer; the page keeps its number."}
        assert refused.headers["retry-after"] == "15"


def test_a_refusal_passes_but_html_never_as_html(upstream: Upstream, visitor: httpx.Client) -> None:
    upstream.answers["/visit"] = (403, {"Content-Type": "text/html"}, b"<script>alert(1)</script>")
    answer = visitor.post("/visit", content=b"{}")

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_nothing_passes_where_it_is_off(plugin: Office, upstream: Upstream, visitor: httpx.Client) -> None:
    plugin.configure(upstream.script, first_party=False)
    before = len(upstream.asked)
    answer = visitor.post("/visit", content=b"{}")
    plugin.configure(upstream.script, first_party=True)

    assert answer.status_code == 404
    assert len(upstream.asked) == before
