"""`swapboard user` and `swapboard key`, and what the command says when it cannot."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from swapboard import __version__
from swapboard.accounts import keys, log_ins, people
from swapboard.accounts.audit import Act, Asked, entries_like
from swapboard.accounts.company import Role, User
from swapboard.accounts.passkeys import Passkey, add_passkey, passkeys_of
from swapboard.accounts.people import person_by_email
from swapboard.accounts.secrets import hash_api_key, hash_password, parse_api_key, password_fits
from swapboard.cli.app import app
from swapboard.cli.problems import Problem
from swapboard.clock import system_clock
from swapboard.storage.engine import open_engine, reading, writing

COMPANY = "Brightwater Plumbing"
PASSWORD = "a good long password"


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SWAPBOARD_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("SWAPBOARD_DATABASE_URL", raising=False)
    return tmp_path / "data"


def add_user(email: str = "owner@example.com", password: str = PASSWORD) -> dict[str, str]:
    done = CliRunner().invoke(
        app, ["user", "add", email, "--company", COMPANY, "--password", password, "--json"], catch_exceptions=False
    )
    assert done.exit_code == 0, done.output
    added: dict[str, str] = json.loads(done.output)
    return added


def test_a_person_can_log_in_afterwards(data_dir: Path) -> None:
    added = add_user(" Owner@example.com")

    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with reading(engine) as connection:
        person = person_by_email(connection, "owner@example.com")
    engine.dispose()
    assert person
    assert person.company_id == added["company_id"]
    assert password_fits(PASSWORD, person.password_hash)
    assert not password_fits("another password", person.password_hash)


def test_a_second_person_joins_the_same_company() -> None:
    assert add_user("a@example.com")["company_id"] == add_user("b@example.com")["company_id"]


def test_who_can_log_in_is_listed() -> None:
    first, second = add_user("a@example.com"), add_user("b@example.com")
    words = ["user", "list", "--company", COMPANY]
    assert CliRunner().invoke(app, words).output.splitlines() == [
        "a@example.com  owner  a@example.com",
        "b@example.com  owner  b@example.com",
    ]
    told = json.loads(CliRunner().invoke(app, [*words, "--json"]).output)
    assert [each["user_id"] for each in told] == [first["user_id"], second["user_id"]]
    with pytest.raises(Problem, match="There is no company 'Other'"):
        CliRunner().invoke(app, ["user", "list", "--company", "Other"], catch_exceptions=False)


def test_the_same_person_twice_is_a_problem() -> None:
    add_user()
    with pytest.raises(Problem, match="can log in to Brightwater Plumbing already"):
        add_user()


def test_who_took_an_address_that_was_not_shown_to_be_theirs_does_not_keep_it(data_dir: Path) -> None:
    company_id = add_user()["company_id"]
    taken = User("u-ada", company_id, "ada@example.com", "", Role.AGENT, 1)
    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with writing(engine) as connection:
        people.add_user(connection, taken, hash_password("the taker's own"), is_verified=False)
        person = people.person_by_email(connection, taken.email)
        assert person
        people.set_second_factor(connection, person, "theirs", 1, ())
    words = ["user", "add", taken.email, "--company", "Another", "--password", PASSWORD]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    with reading(engine) as connection:
        person = people.person_by_email(connection, taken.email)
    engine.dispose()
    assert done.output == "ada@example.com can now log in to Another.\n"
    assert person
    assert password_fits(PASSWORD, person.password_hash)
    assert (person.totp, person.verified_at is None) == (None, False)


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [("nobody", PASSWORD, "not an e-mail address"), ("owner@example.com", "short", "at least 10 characters")],
)
def test_wrong_arguments_say_what_is_wrong(email: str, password: str, says: str) -> None:
    command = ["user", "add", email, "--company", COMPANY, "--password", password]
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, command)

    assert done.exit_code == 2
    assert says in done.output


def test_a_websites_role_is_for_keys_only() -> None:
    command = ["user", "add", "a@example.com", "--company", COMPANY, "--password", PASSWORD, "--role", "site"]
    done = CliRunner(env={"COLUMNS": "300"}).invoke(app, command)
    assert (done.exit_code, "for keys" in done.output) == (2, True)

    add_user()
    made = CliRunner().invoke(app, ["key", "add", "website", "--company", COMPANY, "--role", "site"])
    assert made.exit_code == 0, made.output


def test_a_key_is_shown_once_and_only_its_hash_is_kept(data_dir: Path) -> None:
    company_id = add_user()["company_id"]
    done = CliRunner().invoke(app, ["key", "add", "export", "--company", COMPANY, "--role", "analyst", "--json"])
    made = json.loads(done.output)

    assert parse_api_key(made["api_key"]) == (company_id, made["key_id"])
    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with reading(engine) as connection:
        found = keys.key_by_id(connection, company_id, made["key_id"])
    engine.dispose()
    assert found is not None
    assert found[1] == hash_api_key(made["api_key"])
    assert made["api_key"].encode() not in (data_dir / "swapboard.db").read_bytes()


def test_a_key_for_nobody_is_a_problem() -> None:
    add_user()
    with pytest.raises(Problem, match="There is no company 'Nobody'"):
        CliRunner().invoke(app, ["key", "add", "x", "--company", "Nobody"], catch_exceptions=False)


def test_a_database_that_does_not_answer_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWAPBOARD_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Problem, match=r"is SWAPBOARD_DATABASE_URL right\?"):
        CliRunner().invoke(app, ["migrate"], catch_exceptions=False)


def test_the_version_is_shown() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == f"swapboard {__version__}\n"


def test_a_new_password_is_set_by_command(data_dir: Path) -> None:
    add_user()
    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with writing(engine) as connection:
        person = person_by_email(connection, "owner@example.com")
        assert person
        people.set_second_factor(connection, person, "an app's", 1, ())
    words = ["user", "password", " Owner@example.com", "--password", "quite another one"]
    for more, totp in ([], "an app's"), (["--drop-second-step"], None):
        done = CliRunner().invoke(app, [*words, *more], catch_exceptions=False)
        assert "owner@example.com has a new password, and is logged out everywhere." in done.output
        with reading(engine) as connection:
            person = person_by_email(connection, "owner@example.com")
        assert person
        assert password_fits("quite another one", person.password_hash)
        assert person.totp == totp
    engine.dispose()


def test_an_address_that_changes_hands_at_the_single_sign_on_takes_no_passkey_along(data_dir: Path) -> None:
    company_id = add_user()["company_id"]
    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with writing(engine) as connection:
        before = person_by_email(connection, "owner@example.com")
        assert before
        people.bind_subject(connection, before, "https://id.example.com 1", 1)
        add_passkey(connection, Passkey(company_id, before.person_id, "p", "id", "Theirs", b"key", 0, 1))
    words = ["user", "password", "owner@example.com", "--password", PASSWORD, "--drop-single-sign-on"]
    CliRunner().invoke(app, words, catch_exceptions=False)
    with reading(engine) as connection:
        after = person_by_email(connection, "owner@example.com")
        left = passkeys_of(connection, before)
    engine.dispose()
    assert after
    assert (after.subject, list(left)) == (None, [])


def test_a_stolen_device_s_passkeys_are_shut_out_by_command(data_dir: Path) -> None:
    company_id = add_user()["company_id"]
    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with writing(engine) as connection:
        owner = person_by_email(connection, "owner@example.com")
        assert owner
        add_passkey(connection, Passkey(company_id, owner.person_id, "p", "id", "Stolen", b"key", 0, 1))
    words = ["user", "password", "owner@example.com", "--password", PASSWORD]
    for more, left in ([], 1), (["--drop-passkeys"], 0):
        CliRunner().invoke(app, [*words, *more], catch_exceptions=False)
        with reading(engine) as connection:
            assert len(passkeys_of(connection, owner)) == left
    engine.dispose()


def test_a_new_password_for_nobody_or_too_short_is_a_problem() -> None:
    add_user()
    with pytest.raises(Problem, match="Nobody logs in as"):
        CliRunner().invoke(
            app, ["user", "password", "x@example.com", "--password", PASSWORD], catch_exceptions=False
        )
    short = CliRunner().invoke(app, ["user", "password", "owner@example.com", "--password", "short"])
    assert short.exit_code == 2
    assert "at least 10 characters" in short.output


def told(*words: str) -> list[dict[str, str]]:
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: list[dict[str, str]] = json.loads(done.output)
    return found


def said(*words: str) -> str:
    done = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_one_passkey_or_log_in_is_shut_out_and_the_others_stay(data_dir: Path) -> None:
    add_user()
    engine = open_engine(f"sqlite:///{data_dir}/swapboard.db")
    with writing(engine) as connection:
        person = person_by_email(connection, "owner@example.com")
        assert person
        for name in ("phone", "laptop"):
            key = Passkey(person.company_id, person.person_id, f"of{name}", f"c-{name}", name, b"", 0, 1)
            add_passkey(connection, key)
        now = system_clock()
        kept, lost = (log_ins.begin(connection, person, "192.0.2.1", agent, now) for agent in ("kept", "lost"))
    owner = ("owner@example.com",)
    assert [each["name"] for each in told("user", "passkeys", *owner)] == ["laptop", "phone"]
    assert "'laptop' of owner@example.com lets nobody in" in said(
        "user", "passkeys", *owner, "--remove", "oflaptop"
    )
    assert [each["id"] for each in told("user", "passkeys", *owner)] == ["ofphone"]
    assert {each["id"] for each in told("user", "log-ins", *owner)} == {kept, lost}
    assert "logged out" in said("user", "log-ins", *owner, "--end", lost)
    assert [each["browser"] for each in told("user", "log-ins", *owner)] == ["kept"]
    with writing(engine) as connection:
        log_ins.begin(connection, person, "192.0.2.1", "", now)
    assert "  unknown  192.0.2.1  " in said("user", "log-ins", *owner), "a browser that says nothing of itself"
    with reading(engine) as connection:
        deeds = [each.act for each in entries_like(connection, person.company_id, Asked(), 2)]
    engine.dispose()
    assert deeds == [Act.ENDED_LOG_INS, Act.REMOVED_PASSKEY]
    for words in (("passkeys", "--remove"), ("log-ins", "--end")):
        with pytest.raises(Problem, match=f"Leave {words[1]} out to list them"):
            said("user", words[0], *owner, words[1], "nothing")
    with pytest.raises(Problem, match="Nobody logs in as"):
        said("user", "log-ins", "nobody@example.com")


def test_keys_are_listed_and_revoked_one_by_one() -> None:
    add_user()
    company = ("--company", COMPANY)
    assert "has no key" in said("key", "list", *company)
    secret = said("key", "add", "export", *company, "--role", "analyst", "--scope", "read").strip()
    said("key", "add", "deploy", *company)
    first, second = told("key", "list", *company)
    assert (first["name"], first["role"], first["scopes"], second["name"]) == (
        "export",
        "analyst",
        "read",
        "deploy",
    )
    assert secret not in json.dumps([first, second])
    assert "'export' is refused" in said("key", "revoke", first["id"], *company)
    assert [bool(each["revoked_at"]) for each in told("key", "list", *company)] == [True, False]
    with pytest.raises(Problem, match="has no key 'nothing'"):
        said("key", "revoke", "nothing", *company)


READING = (
    ["user", "password", "a@example.com", "--password", PASSWORD],
    ["key", "list", "--company", COMPANY],
    ["export", "--company", COMPANY],
    ["recount", "--company", COMPANY],
    ["recompute", "--company", COMPANY],
)


@pytest.mark.parametrize("command", READING, ids=lambda command: " ".join(command[:2]))
def test_a_wrong_folder_is_told_and_gets_no_empty_database(data_dir: Path, command: list[str]) -> None:
    with pytest.raises(Problem, match=f"There is no database {data_dir}/"):
        CliRunner().invoke(app, command, catch_exceptions=False)
    assert not data_dir.exists()


def test_a_company_needs_a_name(data_dir: Path) -> None:
    done = CliRunner().invoke(app, ["user", "add", "a@example.com", "--company", " ", "--password", PASSWORD])
    assert (done.exit_code, data_dir.exists()) == (2, False)
    assert "write the company's name" in done.output
