"""Accounts at ad platforms that are asked once a day what their ads cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.access.grant import Grant
from swapboard.access.provider import COSTS as READ_COSTS
from swapboard.access.provider import GOOGLE, PROVIDERS
from swapboard.access.store import grant_by_id, grants_of
from swapboard.keywords.google_ads import AdsAccount
from swapboard.keywords.store import (
    GOOGLE_ADS,
    META,
    KeptAccount,
    accounts_of,
    keep_account,
    remove_account,
)
from swapboard.switchboard.signing_in import account_secrets
from swapboard.web.bodies import Refused
from swapboard.web.dashboard.forms import Form, read_form, require_change
from swapboard.web.dashboard.guard import Desk, exchange_of, signed_in
from swapboard.web.dashboard.translation import _

ACCOUNTS = "/costs/accounts"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account, and how it was when it was asked last."""

    platform: str
    account: KeptAccount


def cost_account_routes() -> list[Route]:
    """Every address below /costs/accounts."""
    return [
        Route(ACCOUNTS, signed_in(add_account), methods=["POST"]),
        Route(f"{ACCOUNTS}/remove", signed_in(drop_account), methods=["POST"]),
    ]


async def add_account(request: Request, desk: Desk) -> Response:
    """Keep an account; it is asked within a minute or two, then once a day."""
    require_change(desk)
    form = await read_form(request)
    exchange, is_meta = exchange_of(request), form.one("platform") == META

    def write(connection: Connection) -> None:
        if is_meta:
            account_id, secrets, grant_id = _of_meta(form), {"access_token": form.one("access_token")}, None
        else:
            grant = grant_by_id(connection, desk.company_id, form.one("grant"))
            if grant is None or grant not in cost_grants(connection, desk.company_id):
                raise Refused(422, _("Choose an access that may read costs from Google Ads."))
            secrets = _of_google(form) | account_secrets(grant, exchange.vault)
            account_id, grant_id = _digits(secrets), grant.grant_id
        platform = META if is_meta else GOOGLE_ADS
        sealed = exchange.vault.seal(secrets)
        keep_account(connection, desk.company_id, account_id, sealed, desk.now, platform, grant_id)

    await exchange.change(write)
    return RedirectResponse("/costs#accounts", 303)


async def drop_account(request: Request, desk: Desk) -> Response:
    """Forget an account and its secrets; what it told stays."""
    require_change(desk)
    form = await read_form(request)
    platform, _colon, account_id = form.one("account").partition(":")
    await exchange_of(request).change(
        lambda connection: remove_account(connection, desk.company_id, account_id, platform)
    )
    return RedirectResponse("/costs#accounts", 303)


def account_lines(connection: Connection, company_id: str) -> Sequence[AccountLine]:
    """Every account that is asked."""
    return [
        AccountLine(platform, account)
        for platform in (GOOGLE_ADS, META)
        for account in accounts_of(connection, company_id, platform)
    ]


def cost_grants(connection: Connection, company_id: str) -> Sequence[Grant]:
    """What one signed in for at Google that may read costs."""
    (wanted,) = (use.scopes for use in PROVIDERS[GOOGLE].uses if use.name == READ_COSTS)
    return [
        each
        for each in grants_of(connection, company_id)
        if each.provider == GOOGLE and each.signed_in_at is not None and set(wanted) <= set(each.granted)
    ]


def _of_google(form: Form) -> dict[str, str]:
    return {
        "customer_id": form.one("customer_id"),
        "login_customer_id": form.one("login_customer_id"),
        "developer_token": form.one("developer_token"),
    }


def _digits(secrets: dict[str, str]) -> str:
    try:
        return AdsAccount.of(secrets).customer_id
    except ValueError as error:
        raise Refused(422, str(error)) from None


def _of_meta(form: Form) -> str:
    account_id = form.one("account_id").removeprefix("act_")
    if not (account_id.isascii() and account_id.isdigit() and len(account_id) <= 20 and form.one("access_token")):
        raise Refused(422, _("Write the ad account's ID (digits, as act_1234567890) and an access token."))
    return account_id
