"""Accounts at ad platforms that are asked once a day what their ads cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from swapboard.access.grant import Grant
from swapboard.access.provider import COSTS as READ_COSTS
from swapboard.access.provider import GOOGLE, PROVIDERS
from swapboard.access.provider import MICROSOFT as AT_MICROSOFT
from swapboard.access.store import grant_by_id, grants_of
from swapboard.keywords.google_ads import AdsAccount
from swapboard.keywords.store import (
    GOOGLE_ADS,
    META,
    MICROSOFT,
    PLATFORMS,
    KeptAccount,
    accounts_of,
    keep_account,
    remove_account,
)
from swapboard.reports.cost_microsoft import MicrosoftAccount
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
    exchange, platform = exchange_of(request), form.one("platform") or GOOGLE_ADS

    def write(connection: Connection) -> None:
        if platform == META:
            account_id, secrets, grant_id = _of_meta(form), {"access_token": form.one("access_token")}, None
        else:
            grant = _chosen(connection, desk.company_id, platform, form.one("grant"))
            lent = account_secrets(grant, exchange.vault)
            of = _of_microsoft if platform == MICROSOFT else _of_google
            account_id, secrets = of(form, grant, lent)
            grant_id = grant.grant_id
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
        for platform in PLATFORMS
        for account in accounts_of(connection, company_id, platform)
    ]


def cost_grants(connection: Connection, company_id: str) -> Mapping[str, Sequence[Grant]]:
    """What one signed in for that may read costs, by where."""
    grants = [each for each in grants_of(connection, company_id) if each.signed_in_at is not None]
    return {
        provider: [each for each in grants if each.provider == provider and _wanted(provider) <= set(each.granted)]
        for provider in _SIGNED_IN_AT.values()
    }


_SIGNED_IN_AT = {GOOGLE_ADS: GOOGLE, MICROSOFT: AT_MICROSOFT}


def _wanted(provider: str) -> set[str]:
    return {scope for use in PROVIDERS[provider].uses if use.name == READ_COSTS for scope in use.scopes}


def _chosen(connection: Connection, company_id: str, platform: str, grant_id: str) -> Grant:
    if platform not in _SIGNED_IN_AT:
        raise Refused(422, _("Costs come from Google Ads, Microsoft Advertising or Meta."))
    grant = grant_by_id(connection, company_id, grant_id)
    if grant is None or grant not in cost_grants(connection, company_id)[_SIGNED_IN_AT[platform]]:
        raise Refused(422, _("Choose an access that may read costs there."))
    return grant


def _of_google(form: Form, _grant: Grant, lent: dict[str, str]) -> tuple[str, dict[str, str]]:
    secrets = {name: form.one(name) for name in ("customer_id", "login_customer_id", "developer_token")} | lent
    try:
        return AdsAccount.of(secrets).customer_id, secrets
    except ValueError as error:
        raise Refused(422, str(error)) from None


def _of_microsoft(form: Form, grant: Grant, lent: dict[str, str]) -> tuple[str, dict[str, str]]:
    secrets = {name: form.one(name) for name in ("customer_id", "account_id", "developer_token")} | lent
    if grant.addresses.get("token"):
        secrets["token_url"] = grant.addresses["token"]
    try:
        return MicrosoftAccount.of(secrets).account_id, secrets
    except ValueError as error:
        raise Refused(422, str(error)) from None


def _of_meta(form: Form) -> str:
    account_id = form.one("account_id").removeprefix("act_")
    if not (account_id.isascii() and account_id.isdigit() and len(account_id) <= 20 and form.one("access_token")):
        raise Refused(422, _("Write the ad account's ID (digits, as act_1234567890) and an access token."))
    return account_id
