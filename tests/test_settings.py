"""Settings from the environment, and what is said of one that cannot be used."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from swapboard.setting_values import SettingsError
from swapboard.settings import read_settings, unknown_settings


def test_without_any_setting_it_runs_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert settings.data_dir == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path / 'data' / 'swapboard.db'}"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.path_prefix == "/t"
    assert settings.trusted_proxies == ()
    assert settings.headless_visitors is False
    files = {settings.secret_file.name, settings.snapshot_file.name, settings.spool_file.name}
    assert files == {"secret.key", "routes.json", "spool.jsonl"}


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("postgres://u:p@db.example.com/swapboard", "postgresql+psycopg://u:p@db.example.com/swapboard"),
        ("postgresql://db.example.com/swapboard", "postgresql+psycopg://db.example.com/swapboard"),
        ("postgresql+psycopg://db.example.com/x", "postgresql+psycopg://db.example.com/x"),
        ("sqlite:////var/lib/x.db", "sqlite:////var/lib/x.db"),
    ],
)
def test_databases_as_people_write_them(given_url: str, expected: str) -> None:
    assert read_settings({"SWAPBOARD_DATABASE_URL": given_url}).database_url == expected


def test_what_is_set_is_taken() -> None:
    settings = read_settings(
        {
            "SWAPBOARD_PUBLIC_URL": "https://calls.example.com/",
            "SWAPBOARD_PORT": "9000",
            "SWAPBOARD_TRUSTED_PROXIES": "10.0.0.1,10.0.0.2,",
            "SWAPBOARD_PATH_PREFIX": "/x/y",
            "SWAPBOARD_HEADLESS_VISITORS": "1",
            "SWAPBOARD_PLACE_HEADERS": "CF-IPCountry, CF-Region-Code",
            "UNRELATED": "1",
        }
    )
    assert settings.public_url == "https://calls.example.com"
    assert settings.port == 9000
    assert settings.trusted_proxies == ("10.0.0.1", "10.0.0.2")
    assert settings.path_prefix == "/x/y"
    assert settings.headless_visitors is True
    assert settings.place_headers == ("cf-ipcountry", "cf-region-code")
    assert read_settings({"SWAPBOARD_PORT": "9000"}).public_url == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("PORT", "80a"),
        ("MAX_WAITING", "0"),
        ("VISITS_PER_SECOND", "1.5"),
        ("PATH_PREFIX", "t"),
        ("PLACE_HEADERS", "a,b,c"),
        ("PLACE_HEADERS", "X-Country: US"),
        ("PLACE_HEADERS", "cf-ipcountry"),
        ("PATH_PREFIX", "/"),
        ("PATH_PREFIX", "/t/"),
        ("PATH_PREFIX", "//t"),
        ("PATH_PREFIX", "/t/../api"),
        ("PATH_PREFIX", "/{key}"),
        ("PATH_PREFIX", "/t?x"),
        ("PATH_PREFIX", "/static"),
        ("PATH_PREFIX", "/static/parts"),
        ("PUBLIC_URL", "calls.example.com"),
        ("PUBLIC_URL", "ftp://calls.example.com"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://calls.example.com:port"),
        ("PUBLIC_URL", "https://calls.example.com/?a=b"),
        ("PUBLIC_URL", "https://[calls.example.com"),
        ("FALLBACK_URL", "static.example.net"),
        ("FALLBACK_URL", "https://static.example.net/?a=b"),
        ("WRITER_PROCESS", "yes"),
        ("WORKER_APART", "true"),
        ("HEADLESS_VISITORS", "2"),
        ("DATABASE_URL", "postgresql://u:p@db.example.com:port/x"),
        ("DATABASE_URL", "postgresql://u:hu@sh@db.example.com/x"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "mysql://db.example.com/x"),
        ("DATABASE_URL", "swapboard.db"),
    ],
)
def test_what_cannot_be_used_is_named_with_what_to_write(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"SWAPBOARD_{name}"):
        read_settings({f"SWAPBOARD_{name}": value})


def test_an_empty_setting_is_as_good_as_none() -> None:
    names = (
        "DATA_DIR",
        "DATABASE_URL",
        "PUBLIC_URL",
        "HOST",
        "PORT",
        "PATH_PREFIX",
        "WRITER_PROCESS",
        "MAX_WAITING",
        "FALLBACK_DIR",
        "FALLBACK_URL",
    )
    assert read_settings({f"SWAPBOARD_{name}": "" for name in names}) == read_settings({})


def test_a_password_is_not_repeated() -> None:
    with pytest.raises(SettingsError) as raised:
        read_settings({"SWAPBOARD_DATABASE_URL": "postgresql://u:hush@db.example.com:port/x"})
    assert "hush" not in str(raised.value)


def test_what_looks_like_a_setting_but_is_none_is_found() -> None:
    known = {"SWAPBOARD_PORT": "1", "SWAPBOARD_WORKER_APART": "1", "HOME": "/"}
    assert unknown_settings(known | {"SWAPBOARD_PROT": "2"}) == ["SWAPBOARD_PROT"]


@given(value=st.text(min_size=1, max_size=12))
def test_a_port_is_a_whole_number_or_an_error_that_says_so(value: str) -> None:
    if value.isascii() and value.isdigit() and 1 <= int(value) <= 65_535:
        assert read_settings({"SWAPBOARD_PORT": value}).port == int(value)
    else:
        with pytest.raises(SettingsError, match="SWAPBOARD_PORT"):
            read_settings({"SWAPBOARD_PORT": value})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"ISSUER": "http://sso.example.com"}, "OIDC_ISSUER"),
        ({"CLIENT_ID": "x"}, "OIDC_ISSUER"),
        ({"ISSUER": "https://sso.example.com"}, "OIDC_CLIENT_ID is missing"),
        ({"ISSUER": "https://a.example", "CLIENT_ID": "x", "JOIN": "agent"}, "OIDC_COMPANY is missing"),
        (
            {"ISSUER": "https://a.example", "CLIENT_ID": "x", "JOIN": "agent", "COMPANY": "B"},
            "alone lets everybody in",
        ),
        (
            {"ISSUER": "https://a.example", "CLIENT_ID": "x", "COMPANY": "B", "ROLES": "it=boss"},
            "there are: owner",
        ),
        ({"ISSUER": "https://a.example", "CLIENT_ID": "x", "COMPANY": "B", "ROLES": "agent"}, "not of pairs"),
    ],
)
def test_settings_that_open_too_far_or_not_at_all_are_refused(told: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings({f"SWAPBOARD_OIDC_{name}": value for name, value in told.items()})
