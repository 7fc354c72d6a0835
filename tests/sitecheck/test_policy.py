"""Content Security Policy, by the specification's own rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.sitecheck.policy import Load, blocks_connection, blocks_script, parse_header, parse_meta

PAGE = "https://www.example.com/contact"
SCRIPT = "https://calls.example.com/t/0123456789abcdef.js"
VISIT = "https://calls.example.com/t/0123456789abcdef/visit"


@pytest.mark.parametrize(
    "policy",
    [
        "",
        "img-src 'none'",
        "script-src *",
        "script-src https:",
        "script-src http:",
        "script-src calls.example.com",
        "script-src CALLS.example.com",
        "script-src https://calls.example.com",
        "script-src http://calls.example.com",
        "script-src *.example.com",
        "script-src https://*.example.com:443",
        "script-src calls.example.com:*",
        "script-src calls.example.com:80",
        "script-src calls.example.com/t/",
        "script-src calls.example.com/t/0123456789abcdef.js",
        "script-src calls.example.com/",
        "SCRIPT-SRC calls.example.com",
        "default-src 'none'; script-src calls.example.com",
        "script-src 'none'; script-src-elem calls.example.com",
        "script-src calls.example.com; script-src 'none'",
        "default-src calls.example.com",
        "sandbox allow-scripts",
        "script-src 'self' 'unsafe-inline' calls.example.com 'nonce-x'",
    ],
)
def test_the_script_may_load(policy: str) -> None:
    assert blocks_script(parse_header(policy), PAGE, Load(SCRIPT)) is None


@pytest.mark.parametrize(
    ("policy", "directive"),
    [
        ("script-src 'self'", "script-src"),
        ("script-src", "script-src"),
        ("script-src 'none'", "script-src"),
        ("default-src 'self'", "default-src"),
        ("script-src *; script-src-elem 'self'", "script-src-elem"),
        ("script-src example.com", "script-src"),
        ("script-src *.calls.example.com", "script-src"),
        ("script-src calls.example.com:8443", "script-src"),
        ("script-src calls.example.com/other/", "script-src"),
        ("script-src calls.example.com/t", "script-src"),
        ("script-src 'unsafe-inline' 'unsafe-eval'", "script-src"),
        ("script-src 'strict-dynamic' calls.example.com", "script-src"),
        ("script-src 'STRICT-DYNAMIC' 'nonce-abc'", "script-src"),
        ("script-src *, script-src 'self'", "script-src"),
        ("sandbox allow-forms", "sandbox"),
    ],
)
def test_the_script_is_blocked(policy: str, directive: str) -> None:
    block = blocks_script(parse_header(policy), PAGE, Load(SCRIPT))
    assert block is not None
    assert block.directive == directive


def test_a_nonce_lets_the_script_in_whatever_else_is_said() -> None:
    policy = parse_header("script-src 'nonce-abc' 'strict-dynamic'")
    assert blocks_script(policy, PAGE, Load(SCRIPT, nonce="abc")) is None
    assert blocks_script(policy, PAGE, Load(SCRIPT, nonce="ABC")) is not None


def test_strict_dynamic_trusts_what_a_trusted_script_adds() -> None:
    policy = parse_header("script-src 'nonce-abc' 'strict-dynamic'")
    assert blocks_script(policy, PAGE, Load(SCRIPT, is_parser_inserted=False)) is None


def test_a_hash_lets_the_script_in_when_it_has_its_integrity() -> None:
    policy = parse_header("script-src 'sha256-abc='")
    assert blocks_script(policy, PAGE, Load(SCRIPT, integrity="sha256-abc=")) is None
    assert blocks_script(policy, PAGE, Load(SCRIPT, integrity="sha256-abc= sha512-def=")) is not None
    assert blocks_script(policy, PAGE, Load(SCRIPT)) is not None


def test_self_is_the_same_origin() -> None:
    policy = parse_header("script-src 'self'")
    assert blocks_script(policy, PAGE, Load("https://www.example.com/t/0.js")) is None
    assert blocks_script(policy, "http://www.example.com/", Load("https://www.example.com/t/0.js")) is None
    assert blocks_script(policy, PAGE, Load("https://www.example.com:8443/t/0.js")) is not None
    assert blocks_script(policy, PAGE, Load("http://www.example.com/t/0.js")) is not None


@pytest.mark.parametrize("policy", ["", "connect-src *", "default-src 'self'; connect-src calls.example.com"])
def test_the_script_may_talk(policy: str) -> None:
    assert blocks_connection(parse_header(policy), PAGE, VISIT) is None


@pytest.mark.parametrize(
    "policy", ["connect-src 'self'", "default-src 'none'", "script-src *; default-src 'self'"]
)
def test_the_script_may_not_talk(policy: str) -> None:
    assert blocks_connection(parse_header(policy), PAGE, VISIT) is not None


def test_a_meta_element_cannot_sandbox() -> None:
    assert parse_meta("sandbox; frame-ancestors 'none'; report-uri /x") == []
    assert parse_meta("script-src 'self'; sandbox") == [{"script-src": ("'self'",)}]


def test_a_block_tells_the_directive_as_it_stands() -> None:
    block = blocks_script(parse_header("default-src 'self' *.example.org"), PAGE, Load(SCRIPT))
    assert str(block) == "default-src 'self' *.example.org"


@given(st.text(max_size=80))
def test_any_text_is_a_policy(text: str) -> None:
    policies = parse_header(text)
    blocks_script(policies, PAGE, Load(SCRIPT))
    blocks_connection(policies, PAGE, VISIT)


@given(
    st.lists(st.sampled_from(["script-src 'self'", "script-src *", "default-src 'none'", "img-src *"]), max_size=4)
)
def test_another_policy_never_allows_more(policies: list[str]) -> None:
    alone = [blocks_script(parse_header(each), PAGE, Load(SCRIPT)) is not None for each in policies]
    together = blocks_script(parse_header(", ".join(policies)), PAGE, Load(SCRIPT)) is not None
    assert together == any(alone)
