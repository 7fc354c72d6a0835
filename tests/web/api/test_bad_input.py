"""What cannot be meant: each is answered with a problem that says what to write instead, and changes nothing."""

from collections.abc import Iterator
from threading import current_thread
from typing import Any

import httpx
import pytest
from anyio import create_task_group
from fastapi import FastAPI

from tests.one_server import on_one_server
from tests.web.api.house import House

pytestmark = pytest.mark.anyio

LONG = "x" * 10_000
SQL = "'; DROP TABLE calls; --"
HTML = "<script>alert(1)</script>"

POSTS: dict[str, dict[str, object]] = {
    "/companies": {"name": "x"},
    "/sites": {"name": "x"},
    "/swap-targets": {"number": "+12025550170"},
    "/pools": {"name": "x", "target_id": "{target}"},
    "/numbers": {"number": "+12025550171", "pool_id": "{pool}"},
    "/numbers/bulk": {"numbers": ["+12025550172"], "pool_id": "{pool}"},
    "/rules": {"name": "x", "outcome": "leave"},
    "/rules/order": {"rule_ids": ["{rule}"]},
    "/keys": {"name": "x"},
}

BAD_FIELDS: list[tuple[str, str, object]] = [
    *(("/companies", "name", each) for each in ("", "   ", LONG, "a\0b", None, 5, ["x"], {"x": 1})),
    *(("/companies", "time_zone", each) for each in ("Mars/Olympus", "", "../../etc/passwd", "+01:00", None, 1)),
    *(("/companies", "country", each) for each in ("XX", "USA", "", "1", "💥", None)),
    *(("/companies", "default_destination", each) for each in ("x", "911", "+1", SQL, "1" * 41, "", 12025550100)),
    *(("/companies", "session_seconds", each) for each in (0, 59, 86_401, -1, 2**63, 1.5, "x", None)),
    *(("/companies", "ring_timeout_seconds", each) for each in (0, 4, 601, 10**400, [], "")),
    *(("/sites", "hosts", each) for each in ("x.example.com", [""], ["a b"], ["http://"], [LONG], [None])),
    *(("/sites", "hosts", each) for each in (["x"] * 101, {"x": 1}, None)),
    *(("/sites", "consent", each) for each in ("sometimes", "", None, 1, HTML)),
    *(("/sites", "beat_seconds", each) for each in (0, 4, 301, -(2**70), "fast")),
    *(("/sites", "colour", each) for each in ("red", None)),
    *(("/swap-targets", "number", each) for each in ("x", "", "+1202555", SQL, HTML, None, 5, "+12" * 9)),
    *(("/swap-targets", "destination", each) for each in ("x", "", "12", "\u0660\u0660", [], "+1 (202)")),
    *(("/pools", "target_id", each) for each in ("", "x" * 33, "é", SQL, "0" * 32, None, 7, "a\n")),
    *(("/pools", "overflow", each) for each in ("explode", "", None)),
    *(("/pools", "fallback_number_id", each) for each in ("x", "", SQL, 1)),
    *(("/numbers", "number", each) for each in ("", "x", "+999", None, "+12025550100", {"a": 1})),
    *(("/numbers", "pool_id", each) for each in ("x", "", None, "0" * 32)),
    *(("/numbers", "placement", each) for each in ("Flyer", "", "a\0")),
    *(("/numbers/bulk", "numbers", each) for each in ([], ["x"], ["+12025550172"] * 2, "+12025550172", [None])),
    *(("/numbers/bulk", "numbers", each) for each in (["+12025550172"] * 1_001, [{"number": "x"}], None)),
    *(("/rules", "outcome", each) for each in ("explode", "", None, 1, ["leave"])),
    *(("/rules", "conditions", each) for each in ([], "x", {"x": ["y"]}, {"channel": ["Payed"]})),
    *(("/rules", "conditions", each) for each in ({"source": ["a\0"]}, {"so\0urce": ["a"]}, None)),
    *(("/rules", "conditions", each) for each in ({"source": [""]}, {"source": [LONG]}, {"source": {"a": 1}})),
    *(("/rules/order", "rule_ids", each) for each in ([], ["x"], None, "x", [1], ["0" * 32] * 501)),
    *(("/keys", "role", each) for each in ("god", "", None, "OWNER")),
    *(("/keys", "name", each) for each in ("", None, LONG)),
]  # fmt: skip


@pytest.fixture
async def ids(house: House) -> dict[str, str]:
    made: dict[str, str] = await house.furnish()
    return made


def body_for(path: str, ids: dict[str, str]) -> dict[str, object]:
    def filled(value: object) -> object:
        if isinstance(value, list):
            return [filled(each) for each in value]
        return value.format(**ids) if isinstance(value, str) else value

    return {key: filled(value) for key, value in POSTS[path].items()}


def check_problem(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert {"type", "title", "detail", "code", "errors"} <= set(problem)
    assert problem["detail"].endswith((".", "…"))
    if answer.status_code == 422:
        assert problem["errors"]
        assert all(each["detail"].endswith(".") for each in problem["errors"]), problem


async def test_the_bodies_themselves_are_good(house: House, ids: dict[str, str]) -> None:
    for path in sorted(POSTS, reverse=True):
        answer = await house.ask("POST", path, body_for(path, ids))
        assert answer.status_code == (200 if path == "/rules/order" else 201), (path, answer.text)


async def test_bad_fields_are_named(house: House, ids: dict[str, str]) -> None:
    for path, field, value in BAD_FIELDS:
        body = body_for(path, ids) | {field: value}
        answer = await house.ask("POST", path, body)
        check_problem(answer, 422)
        named = [each["pointer"] for each in answer.json()["errors"]]
        assert all(pointer.startswith(f"#/{field}") for pointer in named), (path, field, value, answer.text)
    assert len((await house.get("/numbers"))["data"]) == 4
    assert len((await house.get("/companies"))["data"]) == 1


BODIES: dict[str, tuple[bytes, int]] = {
    "no JSON": (b"{", 400),
    "words": (b"name=x", 400),
    "not UTF-8": (b'{"name": "\xff\xfe"}', 400),
    "half a surrogate": (b'{"name": "\\ud800"}', 400),
    "NaN": (b'{"session_seconds": NaN}', 400),
    "deep": (b'{"name": ' + b"[" * 5_000 + b"]" * 5_000 + b"}", 400),
    "a list": (b"[]", 422),
    "null": (b"null", 422),
    "a text": (b'"x"', 422),
    "nothing": (b"", 422),
    "NUL": (b'{"name": "a\\u0000b"}', 422),
    "a great number": (b'{"session_seconds": ' + b"9" * 4_000 + b"}", 422),
    "too long": (b'{"name": "' + b"x" * 300_000 + b'"}', 413),
}


@on_one_server("kind", BODIES)
async def test_bad_bodies(house: House, ids: dict[str, str], kind: str) -> None:
    body, status = BODIES[kind]
    doors = [("POST", path) for path in POSTS]
    doors += [("PATCH", f"/{name}/{ids[key]}") for name, key in PATCHED.items()]
    for method, path in doors:
        answer = await house.ask(method, path, content=body, headers={"Content-Type": "application/json"})
        check_problem(answer, status)


PATCHED = {
    "companies": "company",
    "sites": "site",
    "swap-targets": "target",
    "pools": "pool",
    "numbers": "number",
    "rules": "rule",
}


async def test_a_body_that_lies_about_its_length_is_cut_off(house: House) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 65_536
            yield b" " * 65_536

    answer = await house.ask("POST", "/sites", content=endless(), headers={"Content-Type": "application/json"})
    check_problem(answer, 413)
    assert sent <= 400_000


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]
)
async def test_what_does_not_say_it_is_json(house: House, content_type: str) -> None:
    answer = await house.ask("POST", "/sites", content=b'{"name": "x"}', headers={"Content-Type": content_type})
    check_problem(answer, 415)


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "application/vnd.x+json", None])
async def test_what_says_it_is_json(house: House, content_type: str | None) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    answer = await house.ask("POST", "/sites", content=b'{"name": "x"}', headers=headers)
    assert answer.status_code == 201, answer.text


ODD_IDS = [
    "0" * 32,
    "x",
    "%00",
    "%FF",
    "..%2f..",
    "a" * 33,
    "a" * 3_000,
    "%27%3B--",
    "%3Cb%3E",
    "é",
    "%20",
    "-1",
    "null",
]


async def test_ids_that_are_none_are_not_found(house: House, ids: dict[str, str]) -> None:
    for name in (*PATCHED, "calls", "sessions", "keys"):
        for odd in ODD_IDS:
            for method in ("GET", *(["PATCH", "DELETE"] if name in PATCHED else [])):
                if name == "companies" and method == "DELETE":
                    continue
                answer = await house.ask(method, f"/{name}/{odd}", {} if method == "PATCH" else None)
                check_problem(answer, 404)


BAD_QUERIES = [
    *[
        "status=",
        "status=loud",
        "status=answered'--",
        "from=yesterday",
        "from=",
        "from=2026-13-01",
        "to=2026-02-30",
    ],
    *["from=2026-11-24T07:00:00+99:00", "caller=x", "caller=", "caller=" + "1" * 41, "tracking_number=%3Cb%3E"],
    *["session_id=%27", "session_id=" + "a" * 33, "q=" + "x" * 201, "channel=", "channel=" + "x" * 501],
    *["stauts=missed", "limit=5&limit=x", "FROM=2026-11-24", "%3Cb%3E=1"],
]


@on_one_server("query", BAD_QUERIES)
async def test_bad_questions(house: House, query: str) -> None:
    check_problem(await house.ask("GET", f"/calls?{query}"), 422)


@on_one_server("query", ["q=%00", "q=%ff", "channel=%ED%A0%80", "%00=1", "q=a%00b", "q=%80"])
async def test_questions_that_are_no_text(house: House, query: str) -> None:
    request = house.client.build_request("GET", "/api/v1/calls")
    request.url = request.url.copy_with(query=query.encode("latin-1"))
    request.headers["Authorization"] = f"Bearer {house.keys['owner']}"
    check_problem(await house.client.send(request), 400)


@on_one_server("text", [SQL, HTML, "%", "_", "\\", "100%", "((((", "💥", "' OR 1=1", "\u202e", "+", "-"])
async def test_odd_words_are_searched_for_as_they_are(house: House, ids: dict[str, str], text: str) -> None:
    await house.ring(ids["company"], "+12025550120")
    assert (await house.get("/calls", q=text, channel=text, campaign=text))["data"] == []
    assert (await house.get("/sessions", source=text))["data"] == []


def odd_texts() -> Iterator[str]:
    yield from (SQL, HTML, "{{7*7}}", "${7*7}", "%s%n", "\u202e\u0007", "💥" * 200, "\ufeff", "\n")


async def test_odd_names_are_kept_as_they_are(house: House) -> None:
    for text in odd_texts():
        answer = await house.ask("POST", "/sites", {"name": text})
        if not text.strip():
            check_problem(answer, 422)
            continue
        assert answer.json()["name"] == text.strip(), answer.text
        assert answer.headers["content-type"] == "application/json"


@on_one_server(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/sites", "GET, POST"),
        ("PUT", "/rules/0", "DELETE, GET, PATCH"),
        ("GET", "/rules/order/", None),
        ("POST", "/calls", "GET"),
        ("DELETE", "/companies/0", "GET, PATCH"),
        ("PATCH", "/sessions/0", "GET"),
        ("OPTIONS", "/keys", "GET, POST"),
        ("BREW", "/sites", "GET, POST"),
        ("GET", "/nothing", None),
        ("POST", "/", None),
        ("GET", "/sites/", None),
        ("GET", "/sites/0/0", None),
    ],
)
async def test_wrong_methods_and_addresses(house: House, method: str, path: str, allowed: str | None) -> None:
    answer = await house.ask(method, path)
    check_problem(answer, 405 if allowed else 404)
    assert answer.headers.get("allow") == allowed


async def test_the_description_is_open_and_is_31(house: House) -> None:
    answer = await house.ask("GET", "/openapi.json", who="nobody")
    assert answer.status_code == 200
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    ids = [each["operationId"] for path in described["paths"].values() for each in path.values()]
    assert ids
    assert len(ids) == len(set(ids))
    problem = described["paths"]["/api/v1/sites"]["post"]["responses"]["4XX"]["content"]
    assert list(problem) == ["application/problem+json"]


async def test_the_description_is_written_once_and_apart_from_the_loop(
    house: House, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, threads = app.openapi, []

    def openapi() -> dict[str, Any]:
        threads.append(current_thread())
        return written()

    monkeypatch.setattr(app, "openapi", openapi)
    async with create_task_group() as together:
        for _ in range(3):
            together.start_soon(house.ask, "GET", "/openapi.json")
    assert len(threads) == 1
    assert current_thread() not in threads
