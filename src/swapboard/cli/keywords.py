"""`swapboard keywords`: lets Google Ads tell which keyword a click was for, where its address did not."""

import json
from pathlib import Path
from typing import Annotated

import typer

from swapboard.accounts.secrets import Vault
from swapboard.cli.company import database, named_company
from swapboard.cli.problems import Problem
from swapboard.clock import DAY, system_clock
from swapboard.keywords.click import day_of
from swapboard.keywords.google_ads import AdsAccount, AdsError, GoogleAds
from swapboard.keywords.store import accounts_of, keep_account, remove_account
from swapboard.settings import read_settings
from swapboard.storage.engine import reading, writing
from swapboard.switchboard.click_keywords import ask, questions, write_down

_HELP = """Keywords of ads' clicks, asked of Google Ads.

Example: swapboard keywords fetch --company "Brightwater Plumbing"
"""
keywords_app = typer.Typer(help=_HELP, no_args_is_help=True)

CompanyName = Annotated[str, typer.Option(help="The company's name.")]
CustomerId = Annotated[str, typer.Option(help="The Google Ads account, as in 123-456-7890.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON line.")]


@keywords_app.command("connect")
def connect(
    company: CompanyName,
    customer_id: CustomerId,
    credentials: Annotated[
        Path,
        typer.Option(
            help="A JSON file with client_id, client_secret and refresh_token.", exists=True, dir_okay=False
        ),
    ],
    login_customer_id: Annotated[str, typer.Option(help="The manager account it is reached by, if any.")] = "",
    check: Annotated[bool, typer.Option(help="Ask for yesterday's clicks first.")] = True,
) -> None:
    """Keep a Google Ads account; the server asks it once a day.

    Example: swapboard keywords connect --company "Brightwater" --customer-id 123-456-7890 --credentials ads.json
    """
    told = _read(credentials) | {"customer_id": customer_id, "login_customer_id": login_customer_id}
    try:
        account = AdsAccount.of(told)
    except ValueError as error:
        raise Problem(str(error)) from error
    now = system_clock()
    if check:
        _check(account)
    engine = database()
    sealed = Vault.open(read_settings().secret_file).seal(told)
    with writing(engine) as connection:
        keep_account(connection, named_company(connection, company), account.customer_id, sealed, now)
    typer.echo(f"{company} asks Google Ads account {account.customer_id} for keywords from now on.")


@keywords_app.command("fetch")
def fetch(company: CompanyName, as_json: AsJson = False) -> None:
    """Ask for keywords now.

    Example: swapboard keywords fetch --company "Brightwater Plumbing"
    """
    engine, now = database(), system_clock()
    vault = Vault.open(read_settings().secret_file)
    with reading(engine) as connection:
        company_id = named_company(connection, company)
        if not accounts_of(connection, company_id):
            raise Problem(
                f"{company} has no Google Ads account here yet: see `swapboard keywords connect --help`."
            )
        asked = questions(connection, company_id, now)
    answers = ask(asked, vault)
    with writing(engine) as connection:
        found = write_down(connection, company_id, answers, now)
    troubles = [answer.trouble for answer in answers if answer.trouble]
    wanted = sum(len(question.gclids) for question in asked)
    if as_json:
        typer.echo(json.dumps({"visits_asked": wanted, "keywords_found": found, "troubles": troubles}))
    else:
        typer.echo(f"{found} of {wanted} visits by an ad know their keyword now.")
    if troubles:
        raise Problem(" ".join(troubles))


@keywords_app.command("forget")
def forget(company: CompanyName, customer_id: CustomerId) -> None:
    """Forget a Google Ads account and its credentials; what it told stays.

    Example: swapboard keywords forget --company "Brightwater Plumbing" --customer-id 123-456-7890
    """
    digits = customer_id.replace("-", "")
    with writing(database()) as connection:
        if not remove_account(connection, named_company(connection, company), digits):
            raise Problem(f"{company} has no Google Ads account {customer_id}.")
    typer.echo(f"Google Ads account {digits} is forgotten.")


def _read(credentials: Path) -> dict[str, str]:
    try:
        told = json.loads(credentials.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{credentials} could not be read as JSON: {error}") from error
    if not isinstance(told, dict) or not all(isinstance(value, str) for value in told.values()):
        raise Problem(f"{credentials} must hold one JSON object of texts.")
    return told


def _check(account: AdsAccount) -> None:
    try:
        next(iter(GoogleAds(account).clicks_of(day_of(system_clock() - DAY))), None)
    except AdsError as error:
        raise Problem(f"Google Ads did not answer as it should. {error}") from error
