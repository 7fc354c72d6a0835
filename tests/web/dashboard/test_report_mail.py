"""A saved report by e-mail: on time, once, readable, ended by its recipient, and said when it cannot be sent."""

import re
from collections.abc import AsyncIterator, Iterator
from email.message import EmailMessage
from pathlib import Path

import anyio
import httpx
import pytest
from sqlalchemy import Connection, text
from starlette.applications import Starlette

from swapboard.accounts.company import Company, Role, User
from swapboard.accounts.people import add_user
from swapboard.clock import DAY, HOUR, MINUTE, Millis, from_iso, iso
from swapboard.reports.report import Report
from swapboard.reports.sheet import Sheet
from swapboard.settings import Settings, read_settings
from swapboard.storage.ids import new_id
from swapboard.storage.writer import Overloaded
from swapboard.switchboard import report_mail
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.report_mail import stop_address
from swapboard.switchboard.sheets import read_sheet
from swapboard.web.app import create_app
from tests.building import rows_of, without_database
from tests.mail_stand_in import MailServer, mail_server
from tests.web.dashboard.shop import BILLBOARD, ORIGIN, PASSWORD_HASH, Browser, Clock, Shop
from tests.web.dashboard.test_pages import words_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def mails() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture
async def exchange(migrated_url: str, tmp_path: Path, clock: Clock, mails: MailServer) -> AsyncIterator[Exchange]:
    exchange = Exchange(_settings(migrated_url, tmp_path, mails), clock)
    await exchange.start()
    yield exchange
    await exchange.stop()


def _settings(url: str, folder: Path, mails: MailServer) -> Settings:
    environment = {
        "SWAPBOARD_DATA_DIR": str(folder),
        "SWAPBOARD_DATABASE_URL": url,
        "SWAPBOARD_PUBLIC_URL": ORIGIN,
        "SWAPBOARD_SMTP_URL": mails.url,
        "SWAPBOARD_MAIL_FROM": "calls@example.com",
        "SWAPBOARD_WORKER_APART": "1",
    }
    return read_settings(environment)


@pytest.fixture
def app(exchange: Exchange) -> Starlette:
    return create_app(exchange)


async def a_saved_report(owner: Browser, shop: Shop, address: str = "/reports?days=7d") -> str:
    await shop.ring(BILLBOARD, "+12125550111", ref="CA1")
    await shop.hang_up("CA1", 63)
    form = {"name": "Größe & Wachstum", "address": address, "shared": "yes"}
    return str((await owner.send_form("/reports/saved", form)).headers["location"])


async def scheduled(owner: Browser, view: str, **more: str) -> httpx.Response:
    form = {"cadence": "daily", "hour": "14", "recipients": "one@example.com, two@example.com", **more}
    return await owner.send_form(f"{view}/schedules", form)


async def test_it_goes_out_once_at_its_hour_though_two_workers_look(
    owner: Browser, shop: Shop, clock: Clock, exchange: Exchange, mails: MailServer, tmp_path: Path
) -> None:
    view = await a_saved_report(owner, shop)
    assert (await scheduled(owner, view)).status_code == 303
    assert "Each day, 2 pm" in words_of((await owner.get(view)).text)
    other = Exchange(exchange.settings, clock)
    other.writer.start()
    chore = next(each for each in exchange.rounds.chores if each.name == "report_mail")

    async def both() -> None:
        """Both have looked before either keeps what it found, as when a chore is done twice."""
        found = [await each.read(lambda c: chore.look(c, shop.company_id, clock())) for each in (exchange, other)]
        for each, ready in zip((exchange, other), found, strict=True):
            written = chore.work(ready)
            await each.change(lambda c, written=written: chore.keep(c, shop.company_id, written, clock()))
        async with anyio.create_task_group() as group:
            group.start_soon(exchange.mailer.look)
            group.start_soon(other.mailer.look)

    try:
        await both()
        assert mails.taken == []
        clock.pass_by(2 * HOUR / 1000)
        await both()
        assert sorted(each["To"] for each in mails.taken) == ["one@example.com", "two@example.com"]
        await both()
        assert len(mails.taken) == 2
        clock.pass_by(3 * DAY / 1000)
        await both()
        # What was missed while nobody worked is sent once, not three times.
        assert len(mails.taken) == 4
    finally:
        await other.stop()
    letter = mails.taken[0]
    assert letter["Subject"] == "Größe & Wachstum: Nov 18 to Nov 24, 2026"
    html = letter.get_body(("html",))
    plain = letter.get_body(("plain",))
    assert html is not None
    assert plain is not None
    assert "Größe &amp; Wachstum" in html.get_content()
    assert "Calls: 1 (none before)" in plain.get_content()
    assert "2125550111" not in re.sub(r"\D", "", plain.get_content())
    (pdf,) = letter.iter_attachments()
    assert pdf.get_content_type() == "application/pdf"
    assert pdf.get_content().startswith(b"%PDF-")
    assert {row["attachment"] for row in rows_of(exchange.engine, "emails")} == {None}


async def test_its_hours_are_those_of_a_clock_also_on_the_day_on_which_it_is_put_on(
    owner: Browser, shop: Shop, clock: Clock
) -> None:
    view = await a_saved_report(owner, shop)
    await scheduled(owner, view, hour="8")
    clock.pass_by((from_iso("2027-03-14T16:00:00Z") - clock()) / 1000)
    await owner.log_in("owner@example.com")
    shown = words_of((await owner.get(view)).text)
    assert "Each day, 8 am" in shown
    assert "12 am 1 am 2 am 3 am" in shown


async def test_a_company_that_moves_gets_it_at_the_same_hour_of_its_new_clocks(
    owner: Browser, shop: Shop, exchange: Exchange
) -> None:
    view = await a_saved_report(owner, shop)
    await scheduled(owner, view, cadence="monthly", hour="0")
    moved = await owner.post(
        "/company",
        data={"name": "Bright", "time_zone": "Europe/Berlin", "country": "DE"},
        files={"none": ("", b"")},
        headers={"Origin": ORIGIN},
    )
    assert moved.status_code == 303
    assert [iso(row["due_at"]) for row in rows_of(exchange.engine, "report_schedules")] == [
        "2026-11-30T23:00:00.000Z"
    ]


async def test_an_analyst_sends_it_to_the_companys_people_only(
    owner: Browser, app: Starlette, shop: Shop, exchange: Exchange
) -> None:
    view = await a_saved_report(owner, shop)
    user = User(new_id(shop.clock()), shop.company_id, "analyst@example.com", "Ann", Role.ANALYST, shop.clock())
    await exchange.change(lambda connection: add_user(connection, user, PASSWORD_HASH))
    async with Browser(transport=httpx.ASGITransport(app), base_url=ORIGIN) as analyst:
        await analyst.log_in("analyst@example.com")
        assert "It goes to people of this company" in words_of((await analyst.get(view)).text)
        refused = await scheduled(analyst, view, recipients="Owner@example.com, one@elsewhere.example.com")
        assert refused.status_code == 403
        assert "one@elsewhere.example.com is nobody of this company" in words_of(refused.text)
        assert rows_of(exchange.engine, "report_schedules") == []
        assert (await scheduled(analyst, view, recipients="Owner@example.com")).status_code == 303
        assert (await scheduled(owner, view, recipients="Analyst@example.com")).status_code == 303
        assert (await analyst.send_form("/companies/leave", {})).status_code == 303
    (left,) = rows_of(exchange.engine, "report_recipients")
    assert left["address"] == "Owner@example.com", "who goes is sent nothing more"
    assert "It goes to people of this company" not in words_of((await owner.get(view)).text)
    assert len(rows_of(exchange.engine, "report_schedules")) == 2


async def test_addresses_with_a_slip_are_there_to_be_corrected(
    owner: Browser, shop: Shop, exchange: Exchange
) -> None:
    view = await a_saved_report(owner, shop)
    answer = await scheduled(owner, view, recipients="one@example.com, boss", hour="17")
    assert answer.status_code == 422
    assert "boss is no e-mail address" in words_of(answer.text)
    assert 'value="one@example.com, boss"' in answer.text
    assert '<option value="daily" selected>' in answer.text
    assert '<option value="17" selected>' in answer.text
    assert rows_of(exchange.engine, "report_schedules") == []


async def test_a_recipient_ends_it_for_themselves(
    owner: Browser, shop: Shop, clock: Clock, exchange: Exchange, mails: MailServer
) -> None:
    view = await a_saved_report(owner, shop)
    await scheduled(owner, view)
    clock.pass_by(2 * HOUR / 1000)
    await exchange.rounds.do_often()
    await exchange.mailer.look()
    letter = next(each for each in mails.taken if each["To"] == "one@example.com")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = _link_of(letter)
    asked = await owner.get(link)
    assert "one@example.com gets this report regularly." in words_of(asked.text)
    assert "default-src 'none'" in asked.headers["content-security-policy"]
    # As a mail program does it, from nowhere in particular.
    done = await owner.post(link, content=b"List-Unsubscribe=One-Click", headers={"Origin": "null"})
    assert "no more" in done.text
    assert (await owner.post(link[:-4])).status_code == 404
    assert "one@example.com wants no more" in words_of((await owner.get(view)).text)
    mails.taken.clear()
    clock.pass_by(DAY / 1000)
    await exchange.rounds.do_often()
    await exchange.mailer.look()
    assert [each["To"] for each in mails.taken] == ["two@example.com"]


async def test_one_at_once_and_what_the_mail_server_said(
    owner: Browser, shop: Shop, clock: Clock, exchange: Exchange, mails: MailServer
) -> None:
    view = await a_saved_report(owner, shop, "/reports/missed?days=7d")
    mails.refusals.append("550 5.1.1 No such mailbox here")
    for _each in range(2):
        assert (await owner.send_form(f"{view}/send", {})).status_code == 303
        clock.pass_by(MINUTE / 1000)
        await exchange.mailer.look()
    shown = words_of((await owner.get(view)).text)
    assert "not sent. Why: 550 5.1.1 No such mailbox here" in shown
    assert [each["To"] for each in mails.taken] == ["owner@example.com"]
    file = await owner.get(f"{view}/report.pdf")
    assert file.content.startswith(b"%PDF-")
    assert file.headers["content-disposition"].endswith("Gr%C3%B6%C3%9Fe---Wachstum.pdf")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"recipients": "nobody"}, "nobody is no e-mail address."),
        ({"recipients": ""}, "at least one"),
        ({"hour": "24"}, "at which hour"),
        ({"hour": "1" * 5000}, "at which hour"),
        ({"cadence": "hourly"}, "Say how often"),
    ],
)
async def test_what_cannot_be_scheduled_is_said(
    owner: Browser, shop: Shop, form: dict[str, str], words: str
) -> None:
    view = await a_saved_report(owner, shop)
    answer = await scheduled(owner, view, **form)
    assert answer.status_code == 422
    assert words in answer.text
    await scheduled(owner, view)
    page = (await owner.get(view)).text
    (schedule_id,) = re.findall(r'name="schedule_id" value="(\w+)"', page)
    await owner.send_form(f"{view}/schedules/remove", {"schedule_id": schedule_id})
    assert "It is sent to nobody yet." in (await owner.get(view)).text
    assert (await owner.send_form(f"{view}/delete", {})).status_code == 303


async def test_who_ends_it_while_it_is_written_gets_no_more(
    owner: Browser, shop: Shop, clock: Clock, exchange: Exchange, mails: MailServer
) -> None:
    view = await a_saved_report(owner, shop)
    await scheduled(owner, view)
    clock.pass_by(2 * HOUR / 1000)
    chore = next(each for each in exchange.rounds.chores if each.name == "report_mail")
    found = await exchange.read(lambda connection: chore.look(connection, shop.company_id, clock()))
    written = chore.work(found)
    stop = {each: link for each, _letter, link in written[0].letters}["one@example.com"].removeprefix(ORIGIN)
    assert (await owner.post(stop)).status_code == 200
    await exchange.change(lambda connection: chore.keep(connection, shop.company_id, written, clock()))
    await exchange.mailer.look()
    assert [each["To"] for each in mails.taken] == ["two@example.com"]
    # With nobody left, nothing is counted and no file is made.
    assert (await owner.post(_link_of(mails.taken[0]))).status_code == 200
    clock.pass_by(DAY / 1000)
    found = await exchange.read(lambda connection: chore.look(connection, shop.company_id, clock()))
    assert [(each.sheet, each.trouble) for each in found] == [(None, None)]
    assert [(each.letters, each.pdf) for each in chore.work(found)] == [((), b"")]


def _link_of(letter: EmailMessage) -> str:
    return str(letter["List-Unsubscribe"]).strip("<>").replace("\n", "").replace(" ", "").removeprefix(ORIGIN)


async def test_one_that_the_database_fails_over_keeps_no_other_waiting(
    owner: Browser,
    shop: Shop,
    clock: Clock,
    exchange: Exchange,
    mails: MailServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("missed", "by/channel"):
        form = {"name": name, "address": f"/reports/{name}?days=7d", "shared": "yes"}
        view = str((await owner.send_form("/reports/saved", form)).headers["location"])
        await scheduled(owner, view, recipients="one@example.com")

    def read(connection: Connection, company: Company, name: str, report: Report, now: Millis) -> Sheet:
        if name == "missed":
            connection.execute(text("SELECT nothing FROM nowhere"))
        return read_sheet(connection, company, name, report, now)

    monkeypatch.setattr(report_mail, "read_sheet", read)
    clock.pass_by(2 * HOUR / 1000)
    await exchange.rounds.do_often()
    await exchange.mailer.look()
    assert [each["Subject"].split(":")[0] for each in mails.taken] == ["by/channel"]
    # It is tried for an hour, and then the next one is waited for.
    clock.pass_by(2 * HOUR / 1000)
    await exchange.rounds.do_often()
    assert [row["trouble"] for row in rows_of(exchange.engine, "report_schedules") if row["trouble"]] == [
        "The database could not count it in time. Choose fewer days, or a narrower filter."
    ]


async def test_who_ends_it_while_the_database_is_away_is_told_to_try_again(
    owner: Browser, shop: Shop, exchange: Exchange, migrated_url: str
) -> None:
    link = stop_address(exchange.vault, "", shop.company_id, "0" * 32, "one@example.com")
    with without_database(migrated_url, exchange.engine):
        answer = await owner.post(link)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Try again in a minute" in answer.text


async def test_who_ends_it_while_much_waits_is_told_to_try_again(
    owner: Browser, shop: Shop, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = stop_address(exchange.vault, "", shop.company_id, "0" * 32, "one@example.com")

    async def busy(*_work: object) -> None:
        raise Overloaded

    monkeypatch.setattr(exchange.writer, "submit", busy)
    answer = await owner.post(link)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
